"""An answer is made once, and made anew as soon as anything in it has changed."""

import copy
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache

from accounts.models import ApiKey, Scope
from benchmark.ingest.posts import store_page
from benchmark.models import Brand, OwnInsight, Profile, Role, TrackedProfile
from benchmark.networks.base import Kind, Page, PostRecord
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import (
    OwnInsightFactory,
    PostFactory,
    ProfileFactory,
    ReachModelFactory,
    TrackedProfileFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ADDRESS = "/api/v1/benchmarks/bluesky/?period=30d"


@pytest.fixture(autouse=True)
def _an_empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def workspace():
    return WorkspaceFactory.create()


@pytest.fixture
def tracked(workspace):
    history = {"history_from": date(2026, 1, 1), "history_to": NOW, "read_at": NOW}
    found = TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory.create(**history), role=Role.OWN)
    PostFactory.create(profile=found.profile, published_at=NOW - timedelta(days=10), read_at=NOW, reactions=7)
    return found


@pytest.fixture
def ask(client, workspace):
    _key, token = ApiKey.objects.issue(workspace=workspace, name="notebook")

    def asked(minute=0, address=ADDRESS, **headers):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            return client.get(address, headers={"Authorization": f"Bearer {token}", **headers})

    return asked


def store_a_post(tracked):
    """As a visit does: the lease is renewed with every page."""
    profile = tracked.profile
    Profile.objects.filter(pk=profile.pk).update(lease="ours", lease_until=NOW + timedelta(minutes=5))
    profile.refresh_from_db()
    post = PostRecord(
        external_id="new", url="", published_at=NOW - timedelta(days=9), kind=Kind.TEXT, reactions=1, comments=0,
        shares=0, quotes=0,
    )  # fmt: skip
    store_page(profile, Page((post,), NOW, None), lease="ours", now=NOW)


def rename(tracked):
    Brand.objects.filter(pk=tracked.brand_id).update(name="Another name")


def remove(tracked):
    TrackedProfile.objects.filter(pk=tracked.pk).update(removed_at=NOW, slot=None)


def follow_another(tracked):
    TrackedProfileFactory.create(workspace=tracked.workspace)


def learn_reach_anew(tracked):
    ReachModelFactory.create(workspace=tracked.workspace, network="bluesky", fitted_at=NOW, parameters={}, error=None)


def test_asked_again_the_same_bytes_are_answered(ask, tracked):
    first, again = ask(), ask(minute=5)

    assert again.content == first.content
    assert again.json()["as_of"] == "2026-03-31T12:00:00Z"
    assert (first.headers["ETag"], first.headers["Cache-Control"]) == (again.headers["ETag"], "private, no-cache")


def test_whoever_has_the_answer_already_is_told_so(ask, tracked):
    tag = ask().headers["ETag"]

    answer = ask(minute=5, **{"If-None-Match": f'"other", {tag}'})

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert ask(**{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("change", [store_a_post, rename, remove, follow_another, learn_reach_anew])
def test_a_change_makes_the_answer_anew(ask, tracked, change):
    before = ask()
    change(tracked)
    after = ask(minute=5)

    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json()["as_of"] == "2026-03-31T12:05:00Z"
    assert ask(minute=6, **{"If-None-Match": before.headers["ETag"]}).status_code == 200


def test_an_import_of_reach_makes_the_answer_anew(ask, client, tracked):
    _key, token = ApiKey.objects.issue(workspace=tracked.workspace, name="upload", scope=Scope.WRITE)
    before = ask()
    post = tracked.profile.posts.get()
    lines = f"id,published_at,reactions,reach\n{post.external_id},{post.published_at:%Y-%m-%dT%H:%M:%SZ},7,500\n"
    file = BytesIO(lines.encode())
    file.name = "posts.csv"
    sent = {"network": "bluesky", "profile": tracked.profile.handle, "file": file, "own": "true"}

    with time_machine.travel(NOW, tick=False):
        answer = client.post("/api/v1/imports/", sent, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code in {200, 201}, answer.content
    assert OwnInsight.objects.get().reach == 500
    assert ask(minute=1).headers["ETag"] != before.headers["ETag"]


def test_other_questions_have_answers_of_their_own(ask, tracked):
    tags = [
        ask(address=f"/api/v1/benchmarks/bluesky/{query}").headers["ETag"]
        for query in ("?period=30d", "?period=7d", "?period=30d&metrics=posts", "?start=2026-03-01&end=2026-03-30")
    ]
    tags.append(ask(**{"Accept-Language": "de"}).headers["ETag"])
    tags.append(ask(minute=24 * 60).headers["ETag"])

    assert len(set(tags[:3])) == 3
    assert tags[5] not in tags[:5]


def test_another_team_never_gets_it(ask, client, tracked):
    other = WorkspaceFactory.create()
    TrackedProfileFactory.create(workspace=other, profile=tracked.profile)
    OwnInsightFactory.create(workspace=tracked.workspace, post=tracked.profile.posts.get(), reach=99)
    _key, token = ApiKey.objects.issue(workspace=other, name="theirs")
    ours = ask()

    with time_machine.travel(NOW, tick=False):
        theirs = client.get(ADDRESS, headers={"Authorization": f"Bearer {token}"})

    assert theirs.headers["ETag"] != ours.headers["ETag"]
    assert theirs.json()["rows"][0]["values"]["reach_per_post_median"]["value"] is None
    assert ours.json()["rows"][0]["values"]["reach_per_post_median"]["value"] == 99


def test_without_the_cache_every_answer_is_made(ask, tracked, settings):
    kept = copy.deepcopy(settings.CACHES)
    kept["default"]["LOCATION"] = "redis://127.0.0.1:1/0"
    settings.CACHES = kept

    first, again = ask(), ask(minute=5)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["as_of"] == "2026-03-31T12:05:00Z"
