"""The local VK server keeps to VK's description, and Yardstick reads it through the real door, key and all."""

import logging
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps

from accounts.models import Credential, CredentialState
from benchmark import ingest
from benchmark.models import FetchRun, Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.http import Door
from benchmark.networks.wire import Patience
from tests.factories.rows import ProfileFactory, TrackedProfileFactory
from tests.networks.official import VkSchema
from tests.servers.answering import Asked
from tests.servers.vk import DrawnPage, DrawnPost, Refused, VkServer

VK = NETWORKS["vk"]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECRET = "vk1.a.never-to-be-seen"
HASTY = Patience(backoff=0.01, pause=0.5)


def bakery(posts=0, **changes):
    drawn = [
        DrawnPost(id=1000 - at, published_at=NOW - timedelta(hours=at + 1), likes=at, views=None if at % 2 else at * 10)
        for at in range(posts)
    ]
    given: dict[str, Any] = {"owner": -7, "name": "bakery", "title": "Bakery", "followers": 12_345, "posts": drawn}
    return DrawnPage(**(given | changes))


def ask(server, do, *, key="a-key", patience=HASTY):
    with Door(base_urls={"vk": server.url}, patience=patience) as door:
        return do(door.open(VK, key=key, clock=lambda: NOW))


@pytest.mark.parametrize("reference", ["bakery", "club7"])
def test_a_community_is_found_in_every_way(reference):
    with VkServer([bakery()]) as server:
        found = ask(server, lambda get: VK.find(get, reference))

    assert (found.external_id, found.handle, found.name, found.followers) == ("-7", "bakery", "Bakery", 12_345)


@pytest.mark.parametrize("reference", ["anna", "id42"])
def test_a_person_is_found_in_every_way(reference):
    with VkServer([DrawnPage(owner=42, name="anna", title="Anna Baker", followers=5)]) as server:
        found = ask(server, lambda get: VK.find(get, reference))

    assert (found.external_id, found.handle, found.name, found.followers) == ("42", "anna", "Anna Baker", 5)


def test_a_wall_comes_newest_first_behind_its_pinned_post_and_without_the_posts_of_others():
    page = bakery(250)
    page.posts[200].pinned = True
    page.posts[3].author = 42
    page.posts[4] = DrawnPost(id=996, published_at=page.posts[4].published_at, text="", repost=True)
    with VkServer([page]) as server:
        pages = ask(server, lambda get: list(VK.posts(get, "-7")))

    posts = [post for page in pages for post in page.posts]
    own = [number for number in range(250) if number not in {3, 4, 200}]
    assert [post.external_id for post in posts] == [f"-7_{1000 - at}" for at in (200, *own)]
    assert [(post.reactions, post.views) for post in posts] == [(at, None if at % 2 else at * 10) for at in (200, *own)]
    assert pages[0].reads_down_to == page.posts[99].published_at


def test_the_key_travels_in_a_header_and_never_in_an_address():
    with VkServer([bakery(1)], key=SECRET) as server:
        ask(server, lambda get: list(VK.posts(get, "-7")), key=SECRET)

    assert [set(asked.params) for asked in server.asked] == [{"owner_id", "filter", "count", "offset", "v"}]


def test_posts_that_are_gone_are_left_out_when_read_again():
    with VkServer([bakery(3)]) as server:
        (page,) = ask(server, lambda get: VK.refresh(get, ["-7_1000", "-7_1", "-7_998"]))

    assert [post.external_id for post in page.posts] == ["-7_1000", "-7_998"]


def test_many_communities_are_read_in_one_call():
    pages = [bakery(owner=-number, name=f"bakery{number}", followers=number) for number in range(1, 501)]
    with VkServer(pages) as server:
        records = ask(server, lambda get: VK.profiles(get, [str(page.owner) for page in pages]))

    assert [record.followers for record in records] == list(range(1, 501))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"closed": True}, NeedsAttention, "profile_private"),
        ({"deactivated": "banned"}, Gone, "profile_suspended"),
        ({"owner": -8, "name": "mill"}, Gone, "profile_not_found"),
    ],
)
def test_a_page_that_cannot_be_compared_is_refused(changes, kind, code):
    with VkServer([bakery(**changes)]) as server, pytest.raises(kind) as caught:
        ask(server, lambda get: VK.find(get, "bakery"))
    assert caught.value.code == code


def test_a_call_that_came_too_fast_is_made_again():
    with VkServer([bakery()]) as server:
        server.refuse = [Refused(6, "Too many requests per second"), Refused(10, "Internal server error")]
        found = ask(server, lambda get: VK.profile(get, "-7"), patience=Patience())

    assert found.followers == 12_345
    assert len(server.asked) == 3


def test_a_used_up_day_is_not_asked_away():
    with VkServer([bakery(1)]) as server:
        server.refuse = [Refused(29, "Rate limit reached")]
        with pytest.raises(TryLater) as caught:
            ask(server, lambda get: list(VK.posts(get, "-7")))

    assert caught.value.code == "quota_used_up"
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [1, 5, 6, 7, 10, 14, 15, 18, 29, 30, 100, 113, 1117, 999_999])
def test_what_an_error_repeats_of_the_question_is_told_to_nobody(code, caplog):
    caplog.set_level(logging.DEBUG)
    with VkServer([bakery()], key=SECRET) as server:
        server.refuse = [Refused(code, "No")] * 3
        with pytest.raises((TryLater, NeedsAttention, Gone)) as caught:
            ask(server, lambda get: VK.profile(get, "-7"), key=SECRET)
        again = Asked("GET", "/method/x", headers={"authorization": f"Bearer {SECRET}"})
        assert SECRET in str(server.body_for(again)), "it is repeated"

    error = caught.value
    assert SECRET not in error.sentence + str(error) + repr(vars(error))
    assert SECRET not in "".join(traceback.format_exception(error))
    assert SECRET not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("code", [5, 10, 14, 15, 100, 999_999])
def test_what_an_error_repeats_of_the_question_comes_into_no_row_and_no_log(code, caplog):
    caplog.set_level(logging.DEBUG)
    profile = ProfileFactory.create(network="vk", external_id="-7", handle="bakery")
    workspace = TrackedProfileFactory.create(profile=profile).workspace
    credential = Credential.objects.keep(network="vk", workspace=workspace, secret=SECRET)
    with VkServer([bakery(1)], key=SECRET) as server, Door(base_urls={"vk": server.url}, patience=HASTY) as outside:
        server.refuse = [Refused(code, "No")] * 3
        lease = Profile.objects.lease_one(profile.pk, now=NOW)
        assert lease is not None
        ingest.fetch(profile, lease=lease, door=ingest.Door(outside, keys={}), clock=lambda: NOW)

    assert FetchRun.objects.get().code
    assert SECRET not in everything_stored()
    assert SECRET not in caplog.text
    credential.refresh_from_db()
    assert credential.state == (CredentialState.SET_ASIDE if code == 5 else CredentialState.WORKING)


def everything_stored() -> str:
    """All values of all rows, as text."""
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values())


@pytest.mark.parametrize(
    ("method", "response", "params"),
    [
        ("utils.resolveScreenName", "utils/utils_resolveScreenName_response", {"screen_name": "bakery"}),
        (
            "groups.getById",
            "groups/groups_getById_object_response",
            {"group_id": "7", "fields": "members_count,verified"},
        ),
        ("users.get", "users/users_get_response", {"user_ids": "42,43"}),
        ("wall.get", "wall/wall_get_response", {"owner_id": "-7", "count": "100", "offset": "0"}),
        ("wall.getById", "wall/wall_getById_response", {"posts": "-7_1000,-7_999"}),
    ],
)
def test_every_answer_keeps_to_the_official_description(shared_data, method, response, params):
    page = bakery(9)
    page.posts[5].pinned = page.posts[6].repost = True
    page.posts[7].photos = 2
    gone = DrawnPage(owner=43, name="gone", deactivated="deleted")
    query = urlencode(params | {"v": "5.199", "access_token": "a-key"})
    with VkServer([page, DrawnPage(owner=42, name="anna", title="Anna Baker"), gone]) as server:
        body = server.body_for(Asked("GET", f"/method/{method}", query))

    assert VkSchema(shared_data / "specs/vk/schema").faults(response, body) == []
