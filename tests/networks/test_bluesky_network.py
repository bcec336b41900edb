"""Bluesky against the real thing: its own server software, with people who post, like, repost, answer and leave.

It runs where Node and the package can be had; `BLUESKY_SERVER` names a folder in which it is installed, or will be.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from benchmark import ingest, tracking
from benchmark.environment import data_dir
from benchmark.models import FetchRun, Outcome, Post, Profile, Role
from benchmark.networks import NETWORKS
from benchmark.networks.base import Get, Gone, Kind, NeedsAttention, PostRecord
from benchmark.networks.http import Door, utcnow
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.servers.bluesky_network import Town, bluesky_network, node_with_the_package
from tests.servers.reached import in_place_of

pytestmark = [pytest.mark.processes, pytest.mark.timeout(700)]

BLUESKY = NETWORKS["bluesky"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    node = node_with_the_package(Path(os.environ.get("BLUESKY_SERVER") or data_dir().parent / "bluesky-server"))
    with bluesky_network(node, tmp_path_factory.mktemp("bluesky")) as town:
        yield town


@pytest.fixture
def get(town: Town) -> Iterator[Get]:
    with Door(base_urls={"bluesky": town.address}) as door:
        yield door.open(BLUESKY)


def posts_of(get: Get, did: str) -> list[PostRecord]:
    return [post for page in BLUESKY.posts(get, did) for post in page.posts]


@pytest.mark.parametrize("pasted", ["anna.test", "@Anna.test", "https://bsky.app/profile/anna.test"])
def test_a_profile_is_found_by_what_people_paste(pasted: str, town: Town, get: Get):
    reference = BLUESKY.recognise(pasted)
    assert reference is not None

    found = BLUESKY.find(get, reference)

    assert (found.external_id, found.handle, found.name) == (town.people["anna"], "anna.test", "Anna")
    assert (found.followers, found.following, found.description) == (2, 1, "Coffee from a cart.")
    assert BLUESKY.profile(get, found.external_id).external_id == found.external_id


def test_the_list_holds_every_own_post_once_and_nothing_else(town: Town, get: Get):
    found = posts_of(get, town.people["anna"])

    assert sorted(post.external_id for post in found) == sorted(post.uri for post in town.posts)
    by_id = {post.external_id: post for post in found}
    for seeded in town.posts:
        post = by_id[seeded.uri]
        assert (post.text, post.published_at) == (seeded.text, seeded.created_at)
        assert post.hashtags == (("coffee",) if "#coffee" in seeded.text else ())
    assert by_id[town.picture].kind is Kind.PHOTO
    assert by_id[town.newest].kind is Kind.TEXT


def test_pages_come_newest_first_and_a_pinned_post_says_nothing_of_how_far_they_reach(town: Town, get: Get):
    pages = list(BLUESKY.posts(get, town.people["anna"]))

    assert len(pages) > 1
    reached = [page.reads_down_to for page in pages if page.reads_down_to]
    assert reached == sorted(reached, reverse=True)
    oldest = town.posts[-1]
    listed = [post.published_at for page in pages for post in page.posts if post.external_id != oldest.uri]
    assert listed == sorted(listed, reverse=True)


def test_likes_reposts_quotes_and_replies_are_counted_as_the_server_counts_them(town: Town, get: Get):
    found = {post.external_id: post for post in posts_of(get, town.people["anna"])}

    newest, picture = found[town.newest], found[town.picture]
    assert (newest.reactions, newest.comments, newest.shares, newest.quotes) == (2, 1, 1, 1)
    assert (picture.reactions, picture.comments, picture.shares, picture.quotes) == (0, 0, 0, 0)
    assert newest.views is None


def test_known_posts_are_read_again_by_their_id_and_a_deleted_one_is_left_out(town: Town, get: Get):
    ids = [post.uri for post in town.posts[:30]]

    pages = BLUESKY.refresh(get, [*ids, town.deleted])

    found = {post.external_id: post for page in pages for post in page.posts}
    assert set(found) == set(ids)
    assert found[town.newest].reactions == 2


def test_who_is_not_there_or_wants_not_to_be_shown_is_refused_with_the_reason(town: Town, get: Get):
    refused = {}
    for name in ("nobody.test", "dora.test", "carla.test"):
        with pytest.raises((Gone, NeedsAttention)) as refusal:
            BLUESKY.find(get, name)
        refused[name] = refusal.value.code

    assert refused == {
        "nobody.test": "profile_not_found",
        "dora.test": "profile_deactivated",
        "carla.test": "profile_hidden_from_logged_out",
    }


@pytest.mark.django_db
def test_what_the_server_shows_comes_out_at_every_door(town: Town):
    workspace = WorkspaceFactory.create(name="Harbour")
    with in_place_of("bluesky", town.address):
        for handle, role in (("anna.test", Role.OWN), ("ben.test", Role.COMPETITOR)):
            by = tracking.By.command()
            tracking.track(workspace, "bluesky", handle, role=role, by=by, door=ingest.door(), now=timezone.now())
        for profile in Profile.objects.all():
            lease = Profile.objects.lease_one(profile.pk, now=utcnow())
            assert lease is not None
            ingest.fetch(profile, lease=lease, door=ingest.door(), clock=utcnow)

    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {Outcome.DONE}
    assert Post.objects.filter(profile__handle="anna.test").count() == len(town.posts)
    found = Doors(workspace).agree("bluesky", "30d")
    expected = figures("bluesky", shown(town), 2, now=datetime.now(UTC))
    assert {name: found["anna.test"][name] for name in expected} == expected
    assert found["ben.test"]["followers"] == 1


def shown(town: Town) -> list[Shown]:
    """Anna's posts with what was done to them."""
    moved = {town.newest: (2, 1, 1, 1)}
    return [Shown(post.created_at, *moved.get(post.uri, (0, 0, 0, 0))) for post in town.posts]
