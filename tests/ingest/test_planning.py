"""The plan of visits: budgets are kept, shared fairly between workspaces, and belong to keys and servers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.models import Credential
from benchmark.ingest.planning import demand_of, make_plan, wait_of
from benchmark.models import Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network, Window
from benchmark.networks.keys import KeyNeed, KeyPart, Quota, in_query
from benchmark.schedule import USUAL_MOMENTUM, USUAL_PACE
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory
from tests.ingest.fakes import Clock, FakeNetwork, make_world, post

pytestmark = pytest.mark.django_db

PLAN, FRESH = "plan:bluesky", "plan:bluesky:fresh"
NEED = KeyNeed(parts=(KeyPart("key", "EXAMPLE_KEY", "Key"),), sign=in_query(key="key"), how="Get one at example.org.")


@pytest.fixture(autouse=True)
def no_plan():
    """No plan of another test."""
    cache.delete_many([PLAN, FRESH])
    yield
    cache.delete_many([PLAN, FRESH])


def declared(**changes):
    return FakeNetwork(Clock()).declared(**changes)


def follow(workspace, number: int, **fields) -> list[Profile]:
    profiles = [ProfileFactory.create(calls=1, wanted=1.0, **fields) for _ in range(number)]
    for profile in profiles:
        TrackedProfileFactory.create(workspace=workspace, profile=profile)
    return profiles


def hours(profile: Profile, network: Network) -> float:
    """How long a profile waits by the present plan."""
    return round(wait_of(profile, network, calls=1) / timedelta(hours=1), 3)


def test_nothing_is_planned_where_nothing_limits():
    (profile,) = follow(WorkspaceFactory.create(), 1)
    network = declared()

    assert make_plan(network) == {}
    assert wait_of(profile, network, calls=100) == timedelta(0)


def test_all_visits_together_keep_to_the_budget():
    follow(WorkspaceFactory.create(), 20)
    network = declared(quota=Quota(units=240, zone="UTC"))

    waits = make_plan(network)

    assert len(waits) == 20
    assert sum(1 / hours for hours in waits.values()) == pytest.approx(240 * 0.8 / 24)


def test_a_workspace_with_few_profiles_does_not_pay_for_one_with_many():
    network = declared(quota=Quota(units=240, zone="UTC"))
    few, many = follow(WorkspaceFactory.create(), 2), follow(WorkspaceFactory.create(), 18)

    waits = make_plan(network)

    # Eight calls an hour can be planned: the two are read hourly, as they are wanted; the others share what is left.
    assert [waits[profile.pk] for profile in few] == [1.0, 1.0]
    assert sum(1 / waits[profile.pk] for profile in many) == pytest.approx(6)


def test_a_workspaces_own_key_has_a_budget_of_its_own():
    network = declared(quota=Quota(units=240, zone="UTC"), key_need=NEED)
    with_key, without = WorkspaceFactory.create(), WorkspaceFactory.create()
    Credential.objects.keep(network="bluesky", workspace=with_key, secret="theirs")
    theirs, others = follow(with_key, 20), follow(without, 20)

    waits = make_plan(network)

    for profiles in (theirs, others):
        assert sum(1 / waits[profile.pk] for profile in profiles) == pytest.approx(8)


def test_every_server_has_a_budget_of_its_own():
    workspace = WorkspaceFactory.create()
    window = Window(calls=5, seconds=900)  # sixteen an hour that can be planned
    network = declared(windows=(window,))
    large = [follow(workspace, 1, external_id=f"large.example/{at}")[0] for at in range(19)]
    small = follow(workspace, 1, external_id="small.example/1")

    waits = make_plan(network)

    assert sum(1 / waits[profile.pk] for profile in large) == pytest.approx(16)
    assert waits[small[0].pk] == 1.0


def test_who_moves_faster_is_read_more_often():
    network = declared(quota=Quota(units=24, zone="UTC"))
    calm, lively = follow(WorkspaceFactory.create(), 2)
    Profile.objects.filter(pk=calm.pk).update(pace=1e-4)
    Profile.objects.filter(pk=lively.pk).update(pace=4e-4)

    waits = make_plan(network)

    assert waits[calm.pk] == pytest.approx(2 * waits[lively.pk])  # as the square root of the pace


def test_what_an_operator_forbids_to_spend_is_looked_at_daily(settings):
    (profile,) = follow(WorkspaceFactory.create(), 1)
    network = declared(quota=Quota(units=240, zone="UTC", setting="EXAMPLE_LIMIT"))
    settings.NETWORK_LIMITS = {"bluesky": 0}

    assert make_plan(network) == {}
    assert wait_of(profile, network, calls=2) == timedelta(days=1)


def test_a_plan_is_made_once_and_kept(django_assert_num_queries):
    first, second = follow(WorkspaceFactory.create(), 2)
    network = declared(quota=Quota(units=24, zone="UTC"))

    assert hours(first, network) == 2.5  # 0.8 calls an hour for two
    with django_assert_num_queries(0):
        assert hours(second, network) == 2.5


def test_a_plan_that_is_too_old_is_made_anew():
    workspace = WorkspaceFactory.create()
    (first,) = follow(workspace, 1)
    network = declared(quota=Quota(units=24, zone="UTC"))
    before = hours(first, network)
    follow(workspace, 1)

    kept = hours(first, network)
    cache.delete(FRESH)

    assert [before, kept, hours(first, network)] == [1.25, 1.25, 2.5]


@pytest.mark.django_db(transaction=True)
def test_one_makes_the_next_plan_while_all_others_go_by_the_old_one():
    workspace = WorkspaceFactory.create()
    (profile,) = follow(workspace, 1)
    network = declared(quota=Quota(units=24, zone="UTC"))
    assert hours(profile, network) == 1.25
    follow(workspace, 1)
    cache.delete(FRESH)
    begin, other = Barrier(8), Event()

    def asked(_):
        """What a worker is told, and whether it had to ask the database for that."""
        queries = []

        def slowly(execute, *statement):
            queries.append(statement)
            other.wait(timeout=10)  # until somebody has gone by the old plan
            return execute(*statement)

        begin.wait(timeout=30)
        try:
            with connection.execute_wrapper(slowly):
                wait = hours(profile, network)
        finally:
            connection.close()
        if not queries:
            other.set()
        return wait, bool(queries)

    with ThreadPoolExecutor(8) as workers:
        told = sorted(workers.map(asked, range(8)))

    assert told == [*[(1.25, False)] * 7, (2.5, True)]


def test_a_visit_leaves_behind_what_the_next_plan_goes_by():
    world = make_world(posts=[post("a", at=NOON - timedelta(days=2), reactions=8)])
    Profile.objects.update(history_to=NOON - timedelta(days=1))

    world.visit()

    world.profile.refresh_from_db()
    assert world.profile.calls == 2
    assert world.profile.wanted == pytest.approx(24)  # the next checkpoint is a day away
    # Nothing is known yet but how posts and followers usually move; the post is 48 hours old.
    assert world.profile.pace == pytest.approx(USUAL_PACE + USUAL_MOMENTUM / 48)


def test_a_first_visit_says_nothing_of_what_the_others_cost():
    world = make_world(posts=[post("a", at=NOON - timedelta(days=2))])

    world.visit()

    world.profile.refresh_from_db()
    assert (world.profile.calls, world.profile.pace is None) == (None, False)


def test_a_post_that_still_moves_makes_its_profile_worth_more():
    world = make_world(posts=[post("a", at=NOON - timedelta(hours=3), reactions=10)])
    world.visit()
    world.profile.refresh_from_db()
    before = demand_of(world.profile, NETWORKS["bluesky"], now=NOON)["pace"]
    world.network.posts = [post("a", at=NOON - timedelta(hours=3), reactions=1_000)]
    world.clock.wait(hours=3)
    world.visit()

    assert demand_of(world.profile, NETWORKS["bluesky"], now=world.clock())["pace"] > before / 2
