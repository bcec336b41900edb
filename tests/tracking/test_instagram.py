"""An Instagram account that takes another name: Instagram is asked by name, and the history hangs on the id."""

from datetime import timedelta

import pytest

from benchmark import ingest, tracking
from benchmark.models import Profile, State, TrackedProfile
from benchmark.networks import NETWORKS, http
from benchmark.tracking import TrackingRefused
from tests.factories.rows import NOON
from tests.servers.meta import ACCOUNT, TOKEN, DrawnPost, DrawnProfile, MetaServer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


@pytest.fixture
def instagram():
    """Instagram with one account, which has one post."""
    post = DrawnPost(id="9", at=NOON - timedelta(days=3), reactions=5)
    with MetaServer([DrawnProfile(id="777", handle="bakery", followers=100, posts=[post])]) as server:
        yield server


@pytest.fixture
def door(instagram):
    need = NETWORKS["instagram"].key_need
    assert need is not None
    key = need.pack({"access_token": TOKEN, "account": ACCOUNT})
    with http.Door(base_urls={"instagram": instagram.url}) as outside:
        yield ingest.Door(outside, keys={"instagram": key})


@pytest.fixture
def follow(workspace, door):
    return lambda name, now: tracking.track(workspace, "instagram", name, by=tracking.By.command(), door=door, now=now)


def visit(door, now):
    profile = Profile.objects.get()
    lease = Profile.objects.lease_one(profile.pk, now=now)
    assert lease is not None
    return ingest.fetch(profile, lease=lease, door=door, clock=lambda: now)


def test_under_its_new_name_an_account_keeps_its_row_and_its_history(instagram, door, follow):
    follow("bakery", NOON)
    visit(door, NOON)
    instagram.profiles[0].handle = "the.bakery"
    assert visit(door, LATER).code == "profile_not_found"

    with pytest.raises(TrackingRefused) as refused:
        follow("the.bakery", LATER)
    visit(door, LATER)

    profile = Profile.objects.get()
    assert refused.value.code == "already_tracked"
    assert (profile.handle, profile.external_id, profile.state) == ("the.bakery", "777", State.OK)
    assert [post.external_id for post in profile.posts.all()] == ["9"]
    assert profile.readings.count() == 2
    assert TrackedProfile.objects.count() == 1


def test_a_name_that_somebody_else_took_brings_nobody_elses_numbers(instagram, door, follow):
    follow("bakery", NOON)
    visit(door, NOON)
    instagram.profiles[0].handle = "the.bakery"
    instagram.profiles.append(DrawnProfile(id="888", handle="bakery", followers=9_000_000))

    run = visit(door, LATER)

    assert (run.code, run.sentence) == (
        "profile_not_found",
        "Instagram shows somebody else's profile in this one's place.",
    )
    assert Profile.objects.get().followers == 100
