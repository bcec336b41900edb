"""Keys of networks: whose turn it is, when one is set aside, and that a day's quota is never overrun."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import override_settings

from accounts.models import Credential, CredentialState
from accounts.vault import fingerprint
from benchmark.ingest.keys import Key, reserve
from benchmark.models import Outcome, Profile, Spend, State
from benchmark.networks.base import NeedsAttention, TryLater
from benchmark.networks.keys import KeyNeed, KeyPart, Quota, in_query
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, TrackedProfileFactory
from tests.ingest.fakes import Clock, FakeNetwork, make_world, post

pytestmark = pytest.mark.django_db

NEED = KeyNeed(parts=(KeyPart("key", "EXAMPLE_KEY", "Key"),), sign=in_query(key="key"), how="Get one at example.org.")
REFUSED = NeedsAttention("credential_refused", "Example refuses the key.")


def keep(secret: str, *, workspace=None) -> Credential:
    return Credential.objects.keep(network="bluesky", workspace=workspace, secret=secret)


@pytest.fixture
def world():
    return make_world(posts=[post("a")])


@pytest.fixture
def follower(world):
    return world.profile.tracked.get().workspace


def refuse(world, *bad: str, error: Exception = REFUSED) -> None:
    def refusing(key, url):
        if key in bad:
            raise error

    world.outside.refuse = refusing


def test_a_network_without_keys_is_asked_without_one(world, follower):
    keep("a key that nobody needs", workspace=follower)

    run = world.visit()

    assert (run.outcome, world.outside.keys) == (Outcome.DONE, [None])


def test_the_key_of_a_follower_goes_before_the_installations(world, follower):
    keep("the installation's")
    keep("the follower's", workspace=follower)

    world.visit(key_need=NEED)

    assert world.outside.keys == ["the follower's"]


def test_another_teams_key_is_never_used(world):
    keep("a stranger's", workspace=WorkspaceFactory.create())

    run = world.visit(key_need=NEED)

    assert world.outside.keys == []
    assert (run.outcome, run.code) == (Outcome.NEEDS_ATTENTION, "credential_missing")
    assert world.profile.state_sentence == "Bluesky asks for a key. Get one at example.org."


@pytest.mark.parametrize("change", ["paused_at", "removed_at"])
def test_who_has_paused_or_removed_a_profile_does_not_pay_for_it(world, follower, change):
    keep("the follower's", workspace=follower)
    keep("the other's", workspace=TrackedProfileFactory.create(profile=world.profile).workspace)
    slot = {"slot": None} if change == "removed_at" else {}
    world.profile.tracked.filter(workspace=follower).update(**{change: NOON}, **slot)

    world.visit(key_need=NEED)

    assert world.outside.keys == ["the other's"]


def test_the_environments_key_comes_last(world, follower):
    keep("the installation's")
    refuse(world, "the installation's")
    world.keys = {"bluesky": "the environment's"}

    run = world.visit(key_need=NEED)

    assert (run.outcome, world.outside.keys) == (Outcome.DONE, ["the installation's", "the environment's"])


def test_a_refused_key_is_set_aside_and_the_next_one_takes_over_in_the_same_visit(world, follower):
    bad = keep("revoked", workspace=follower)
    keep("the installation's")
    refuse(world, "revoked")

    run = world.visit(key_need=NEED)

    bad.refresh_from_db()
    assert (run.outcome, world.profile.state) == (Outcome.DONE, State.OK)
    assert (bad.state, bad.reason, bad.set_aside_at) == (CredentialState.SET_ASIDE, "Example refuses the key.", NOON)


def test_with_no_key_left_the_profile_waits_with_the_sentence(world, follower):
    keep("revoked", workspace=follower)
    refuse(world, "revoked")

    run = world.visit(key_need=NEED)

    assert (run.outcome, run.code) == (Outcome.NEEDS_ATTENTION, "credential_refused")
    assert world.profile.state_sentence == "Example refuses the key."
    assert world.profile.due_at == NOON + timedelta(hours=1)


def test_a_new_key_brings_the_profile_back(world, follower):
    keep("revoked", workspace=follower)
    refuse(world, "revoked")
    world.visit(key_need=NEED)
    keep("fresh", workspace=follower)
    world.clock.wait(hours=1)

    run = world.visit(key_need=NEED)

    assert (run.outcome, world.profile.state) == (Outcome.DONE, State.OK)


def test_what_is_wrong_with_the_profile_says_nothing_about_the_key(world, follower):
    good = keep("good", workspace=follower)
    refuse(world, "good", error=NeedsAttention("profile_private", "Friends only."))

    world.visit(key_need=NEED)

    good.refresh_from_db()
    assert good.state == CredentialState.WORKING


def test_a_key_that_may_not_read_a_profile_is_passed_over_but_stays(world, follower):
    narrow = keep("narrow", workspace=follower)
    keep("the installation's")
    refuse(world, "narrow", error=NeedsAttention("credential_not_permitted", "Ask for the permission."))

    run = world.visit(key_need=NEED)

    narrow.refresh_from_db()
    assert (run.outcome, narrow.state) == (Outcome.DONE, CredentialState.WORKING)


def test_a_secret_that_was_replaced_meanwhile_is_not_set_aside(world, follower):
    row = keep("old", workspace=follower)

    def replaced_while_asking(key, url):
        row.replace_secret("new")
        row.save()
        raise REFUSED

    world.outside.refuse = replaced_while_asking

    world.visit(key_need=NEED)

    row.refresh_from_db()
    assert (row.state, row.fingerprint) == (CredentialState.WORKING, fingerprint("bluesky", "new"))


def test_a_key_that_cannot_be_opened_is_passed_over(world, follower):
    keep("sealed with a lost key", workspace=follower)
    with override_settings(ENCRYPTION_KEYS=["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]):
        keep("the installation's")
        world.visit(key_need=NEED)

    assert world.outside.keys == ["the installation's"]


def test_a_used_up_key_is_passed_over_but_stays(world, follower):
    empty = keep("empty", workspace=follower)
    keep("full")
    Spend.objects.create(network="bluesky", fingerprint=empty.fingerprint, window=NOON.date(), used=10, limit=10)

    run = world.visit(key_need=NEED, quota=Quota(units=10, zone="UTC"))

    empty.refresh_from_db()
    assert (run.outcome, empty.state) == (Outcome.DONE, CredentialState.WORKING)
    assert Spend.objects.get(fingerprint=fingerprint("bluesky", "full")).used == 2


def test_when_all_keys_are_used_up_it_is_looked_for_another_key_or_limit_every_hour(world, follower):
    keep("small", workspace=follower)

    run = world.visit(key_need=NEED, quota=Quota(units=1, zone="America/Los_Angeles"))

    assert (run.outcome, run.code) == (Outcome.TRY_LATER, "quota_used_up")
    assert world.profile.due_at == NOON + timedelta(hours=1)  # and not only at midnight in California
    assert Spend.objects.get().used == 1


def test_whoever_follows_a_profile_pays_in_turn(world, follower):
    other = TrackedProfileFactory.create(profile=world.profile).workspace
    keep("the first", workspace=follower)
    keep("the second", workspace=other)
    quota = Quota(units=10, zone="UTC")

    for _ in range(4):
        world.visit(key_need=NEED, quota=quota)

    assert world.outside.keys == ["the first", "the second", "the first", "the second"]
    assert sorted(Spend.objects.values_list("used", flat=True)) == [4, 4]


def test_pretend_profiles_need_no_key_and_spend_nothing(world):
    Profile.objects.update(pretend=True)

    run = world.visit(key_need=NEED, quota=Quota(units=1, zone="UTC"))

    assert (run.outcome, world.outside.keys, world.outside.pretend) == (Outcome.DONE, [None], [True])
    assert not Spend.objects.exists()


def test_a_workspace_looks_up_with_its_own_key(world, follower):
    keep("the follower's", workspace=follower)
    keep("a stranger's", workspace=WorkspaceFactory.create())
    network = world.network.declared(key_need=NEED)

    get = world.door.for_workspace(network, follower, clock=world.clock)
    get("https://example.org/profile")

    assert world.outside.keys == ["the follower's"]


def test_a_key_is_shown_nowhere():
    assert "hush" not in repr(Key("hush", fingerprint("bluesky", "hush")))


# --- the day's quota -------------------------------------------------------------------------------------------------

KEY = Key("secret", fingerprint("bluesky", "secret"))
NETWORK = FakeNetwork(Clock()).declared(quota=Quota(units=100, zone="America/Los_Angeles"))


def test_units_are_taken_from_the_day_of_the_quotas_own_zone():
    reserve(NETWORK, KEY, 3, now=datetime(2026, 3, 2, 7, 59, tzinfo=UTC))
    reserve(NETWORK, KEY, 4, now=datetime(2026, 3, 2, 8, tzinfo=UTC))

    spent = Spend.objects.order_by("window").values_list("window", "used", "limit", "fingerprint")
    assert list(spent) == [
        (date(2026, 3, 1), 3, 100, fingerprint("bluesky", "secret")),
        (date(2026, 3, 2), 4, 100, fingerprint("bluesky", "secret")),
    ]


def test_what_is_not_left_is_not_taken():
    reserve(NETWORK, KEY, 99, now=NOON)

    with pytest.raises(TryLater) as refused:
        reserve(NETWORK, KEY, 2, now=NOON)

    assert (refused.value.code, refused.value.after) == ("quota_used_up", timedelta(hours=20))
    assert Spend.objects.get().used == 99


def test_more_than_a_whole_day_is_never_taken():
    with pytest.raises(TryLater):
        reserve(NETWORK, KEY, 101, now=NOON)

    assert not Spend.objects.exists()


def test_a_quota_that_was_made_smaller_counts_at_once():
    reserve(NETWORK, KEY, 60, now=NOON)

    with pytest.raises(TryLater):
        reserve(replace(NETWORK, quota=Quota(units=50, zone="America/Los_Angeles")), KEY, 1, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_never_overrun_a_quota():
    together = Barrier(16)

    def spend(number: int) -> int:
        taken = 0
        together.wait(20)
        try:
            for _ in range(20):
                try:
                    reserve(NETWORK, KEY, 1, now=NOON)
                    taken += 1
                except TryLater:
                    continue
        finally:
            connections.close_all()
        return taken

    with ThreadPoolExecutor(16) as threads:
        taken = sum(threads.map(spend, range(16)))

    assert taken == 100
    assert Spend.objects.get().used == 100


def test_a_request_that_never_left_is_not_counted(world, follower):
    keep("small", workspace=follower)

    run = world.visit(key_need=NEED, quota=Quota(units=1, zone="UTC"))

    assert run.requests == 1
