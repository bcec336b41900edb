"""Many profiles in one call ahead of their visits; and networks that tell followers only."""

from datetime import timedelta

import pytest

from accounts.models import Credential
from benchmark import ingest
from benchmark.models import Outcome, Post, Profile, ProfileReading
from benchmark.networks import NETWORKS
from benchmark.networks.base import NeedsAttention, ProfileRecord
from benchmark.networks.keys import KeyNeed, KeyPart, in_query
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory
from tests.ingest.fakes import World, make_world, post

pytestmark = pytest.mark.django_db

NEED = KeyNeed(parts=(KeyPart("key", "EXAMPLE_KEY", "Key"),), sign=in_query(key="key"), how="Get one at example.org.")


def record(profile: Profile, followers: int) -> ProfileRecord:
    return ProfileRecord(
        external_id=profile.external_id,
        handle=profile.handle,
        name=f"{profile.name} of today",
        url=f"https://example.org/{profile.handle}",
        followers=followers,
        created_at=NOON - timedelta(days=900),
    )


class Batches:
    """Answers about many: each profile has 100 followers more than the one before; who is left out is not known."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.left_out: set[str] = set()
        self.calls = 1

    def __call__(self, get, external_ids):
        self.asked.append(list(external_ids))
        for _ in range(self.calls):
            get("https://example.org/profiles")
        known = Profile.objects.filter(external_id__in=external_ids).order_by("pk")
        return [record(one, 100 * place) for place, one in enumerate(known) if one.external_id not in self.left_out]


@pytest.fixture
def world():
    return make_world(posts=[post("a")])


@pytest.fixture
def many():
    return Batches()


@pytest.fixture
def declare(world, many, monkeypatch):
    """Declares the world's network as one that answers about so many at once."""

    def declared(size: int = 25, **changes):
        network = world.network.declared(profiles=many, profiles_size=size, **changes)
        monkeypatch.setitem(NETWORKS, "bluesky", network)
        return network

    return declared


def followed(**fields) -> Profile:
    profile = ProfileFactory.create(**fields)
    TrackedProfileFactory.create(profile=profile)
    return profile


def ahead(world: World, *profiles: Profile) -> dict[int, ingest.ReadAhead]:
    leases = {profile.pk: Profile.objects.lease_one(profile.pk, now=world.clock()) for profile in profiles}
    claims = [(pk, lease) for pk, lease in leases.items() if lease]
    return ingest.read_ahead(claims, door=world.door, clock=world.clock)


def test_what_is_due_together_is_asked_in_groups_of_the_networks_size(declare):
    declare(size=3)
    profiles = [followed() for _ in range(7)]
    others = [followed(network="mastodon", external_id=f"social.example/{number}") for number in range(2)]
    pretend = [followed(pretend=True) for _ in range(2)]
    claims = [(profile.pk, f"lease {profile.pk}") for profile in (*profiles, *others, *pretend)]

    groups = [[pk for pk, _ in batch] for batch in ingest.batches(claims)]

    assert sorted(len(group) for group in groups) == [1, 1, 1, 2, 3, 3]
    assert [{profile.pk for profile in pretend}] == [set(group) for group in groups if pretend[0].pk in group]
    assert {pk for group in groups for pk in group} == {pk for pk, _ in claims}


def test_a_claim_on_a_profile_that_was_erased_is_dropped():
    assert list(ingest.batches([(10**9, "lease")])) == []


def test_twenty_five_profiles_cost_one_call(world, many, declare):
    declare()
    profiles = [world.profile, *(followed() for _ in range(24))]

    found = ahead(world, *profiles)

    assert len(many.asked) == 1
    assert {pk: each.record.followers for pk, each in found.items()} == {
        profile.pk: 100 * place for place, profile in enumerate(profiles)
    }
    assert sum(each.requests for each in found.values()) == 1


def test_each_profile_bears_its_part_where_followers_take_a_call_each(world, many, declare):
    declare()
    many.calls = 1 + 3

    found = ahead(world, world.profile, followed(), followed())

    assert [each.requests for each in found.values()] == [2, 1, 1]


def test_a_visit_takes_over_what_was_read_ahead_and_asks_for_posts_only(world, declare):
    network = declare()
    others = [followed() for _ in range(2)]
    found = ahead(world, world.profile, *others)[world.profile.pk]
    world.clock.wait(seconds=30)
    lease = Profile.objects.get(pk=world.profile.pk).lease
    handed_over = ingest.ReadAhead.unpacked(found.packed())

    run = ingest.fetch(
        world.profile, lease=lease, door=world.door, clock=world.clock, network=network, ahead=handed_over
    )

    assert handed_over == found
    assert run is not None
    assert world.network.asked == ["posts from 0"]
    assert (run.outcome, run.requests, run.new) == (Outcome.DONE, 2, 1)  # the call for all three, and the page of posts
    reading = ProfileReading.objects.get(profile=world.profile)
    assert (reading.read_at, reading.followers) == (NOON, 0)
    assert world.profile.name.endswith("of today")
    assert world.profile.opened_at == NOON - timedelta(days=900)


def test_who_is_missing_from_the_answer_is_visited_alone(world, many, declare):
    declare()
    other = followed()
    many.left_out = {other.external_id}

    assert list(ahead(world, world.profile, other)) == [world.profile.pk]


def test_everybody_is_visited_alone_where_the_network_refuses(world, declare):
    declare()

    def refuse(_key, _url):
        raise NeedsAttention("access_refused", "Example refuses to answer.")

    world.outside.refuse = refuse

    assert ahead(world, world.profile, followed()) == {}


def test_a_key_asks_only_about_profiles_that_its_own_team_follows(world, many, declare):
    declare(key_need=NEED)
    theirs = followed()
    ours, other_team = world.profile.tracked.get().workspace, theirs.tracked.get().workspace
    for secret, workspace in (("ours", ours), ("theirs", other_team)):
        Credential.objects.keep(network="bluesky", workspace=workspace, secret=secret)
    shared = followed()
    TrackedProfileFactory.create(profile=shared, workspace=ours)

    ahead(world, world.profile, theirs, shared)

    asked = dict(zip(world.outside.keys, many.asked, strict=True))
    assert set(asked) == {"ours", "theirs"}
    assert world.profile.external_id in asked["ours"]
    assert asked["theirs"] == [theirs.external_id]


def test_the_installations_key_asks_about_all_together(world, many, declare):
    declare(key_need=NEED)
    world.keys = {"bluesky": "the installation's"}

    ahead(world, world.profile, followed(), followed())

    assert [len(asked) for asked in many.asked] == [3]
    assert world.outside.keys == ["the installation's"]


def test_what_was_read_is_stored_even_if_no_visit_comes(world, declare):
    declare()
    other = followed()

    ahead(world, world.profile, other)

    assert {reading.profile_id: reading.followers for reading in ProfileReading.objects.all()} == {
        world.profile.pk: 0,
        other.pk: 100,
    }


def test_what_a_lost_task_had_read_is_not_paid_for_again(world, many, declare):
    declare()
    other = followed()
    Profile.objects.update(history_to=NOON - timedelta(days=1))
    before = ahead(world, world.profile, other)
    Profile.objects.update(lease="", lease_until=None)  # the tasks are lost, and the leases run out
    world.clock.wait(minutes=6)

    again = ahead(world, world.profile, other)

    assert len(many.asked) == 1
    assert {pk: (each.record.followers, each.read_at) for pk, each in again.items()} == {
        pk: (each.record.followers, each.read_at) for pk, each in before.items()
    }
    assert [each.requests for each in again.values()] == [0, 0]


def test_nobody_is_asked_for_whose_lease_has_passed_on(world, many, declare):
    declare()

    assert ingest.read_ahead([(world.profile.pk, "another's")], door=world.door, clock=world.clock) == {}
    assert many.asked == []


def test_everybody_is_visited_alone_where_an_answer_brings_us_down(world, declare):
    declare()

    def refuse(_key, _url):
        raise KeyError("an answer that nobody foresaw")

    world.outside.refuse = refuse

    assert ahead(world, world.profile, followed()) == {}


# --- followers only ---------------------------------------------------------------------------------------------------


def test_where_posts_cannot_be_had_only_the_profile_is_asked_for(world):
    run = world.visit(lists_posts=False, publishes=frozenset({"followers"}), engagement_parts=())

    world.profile.refresh_from_db()
    assert world.network.asked == ["profile"]
    assert (run.outcome, run.requests, run.seen) == (Outcome.DONE, 1, 0)
    assert (world.profile.history_from, world.profile.history_to) == (None, NOON)
    assert not Post.objects.exists()
    assert [reading.followers for reading in ProfileReading.objects.all()] == [1_000]


def test_a_followers_only_profile_is_due_again_within_a_day(world):
    world.visit(lists_posts=False)

    world.profile.refresh_from_db()
    assert timedelta(hours=1) <= world.profile.due_at - NOON <= timedelta(days=1)
