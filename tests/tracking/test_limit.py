"""Twenty competitors and no more: with two hundred at once, and around the code."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from benchmark import tracking
from benchmark.models import Brand, Profile, Role, TrackedProfile
from benchmark.tracking import TrackingRefused
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, BrandFactory, ProfileFactory, TrackedProfileFactory

ATTEMPTS = 200
AT_ONCE = 25  # connections; the others wait their turn, as they do before a server


def at_once(act, inputs, *, threads=AT_ONCE):
    """Call `act` with each input, as many as possible at one moment, each thread on a connection of its own."""
    starting = threading.Barrier(threads)
    begun = threading.local()

    def one(given):
        if not getattr(begun, "yes", False):
            begun.yes = True
            starting.wait(timeout=30)
        return act(given)

    def leave():
        connection.close()

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(one, inputs))
        leaving = threading.Barrier(threads)
        list(pool.map(lambda _: (leaving.wait(timeout=30), leave()), range(threads)))
    return results


def outcome_of(act) -> str:
    try:
        act()
    except TrackingRefused as refused:
        return refused.code
    return "followed"


def follow(workspace, outside, handle, **how):
    return tracking.track(workspace, "bluesky", handle, door=outside.door(), by=tracking.By.command(), now=NOON, **how)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_attempts_at_once_leave_exactly_twenty_and_every_refusal_is_the_clear_one(outside):
    workspace = WorkspaceFactory.create()
    handles = [f"rival{number}.example.org" for number in range(ATTEMPTS)]
    for handle in handles:
        outside.has(handle)

    outcomes = at_once(lambda handle: outcome_of(lambda: follow(workspace, outside, handle)), handles)

    assert Counter(outcomes) == {"followed": 20, "competitor_limit_reached": 180}
    assert {*TrackedProfile.objects.values_list("slot", flat=True)} == {*range(1, 21)}
    assert Brand.objects.count() == 20  # a refusal leaves nothing behind
    assert Profile.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_one_profile_added_by_many_at_once_is_followed_once_and_by_many_teams_is_one_row(outside):
    ours = WorkspaceFactory.create()
    teams = [ours] * 12 + [WorkspaceFactory.create() for _ in range(12)]
    random.Random(5).shuffle(teams)

    outcomes = at_once(
        lambda team: outcome_of(lambda: follow(team, outside, "anna.example.org", brand="Anna")), teams, threads=12
    )

    assert Counter(outcomes) == {"followed": 13, "already_tracked": 11}
    assert Profile.objects.count() == 1
    assert Brand.objects.filter(workspace=ours).count() == 1


@pytest.mark.django_db(transaction=True)
def test_adding_removing_and_bringing_back_at_once_never_ends_with_more_than_twenty_or_a_deadlock(outside):
    workspace = WorkspaceFactory.create()
    rows = [TrackedProfileFactory.create(workspace=workspace) for _ in range(20)]
    for number in range(60):
        outside.has(f"rival{number}.example.org")
    acts = [lambda row=row: tracking.remove(row, now=NOON) for row in rows]
    acts += [lambda row=row: tracking.bring_back(row, now=NOON) for row in rows]
    acts += [lambda number=number: follow(workspace, outside, f"rival{number}.example.org") for number in range(60)]
    random.Random(7).shuffle(acts)

    outcomes = at_once(outcome_of, acts)

    assert set(outcomes) <= {"followed", "competitor_limit_reached"}
    current = TrackedProfile.objects.current()
    slots = [*current.values_list("slot", flat=True)]
    assert len(slots) == len(set(slots)) <= 20
    assert current.filter(slot=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_place_that_somebody_takes_around_the_code_in_the_meantime_is_passed_over(outside):
    workspace = WorkspaceFactory.create()

    def take_the_first_place():
        TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory.create(), slot=1)

    outside.before_answer = take_the_first_place

    assert follow(workspace, outside, "anna.example.org").slot == 2


# --- around the code -------------------------------------------------------------------------------------------------

INSERT = """
INSERT INTO benchmark_trackedprofile
       (workspace_id, profile_id, network, brand_id, role, slot, removed_at, added_at, changed_at)
VALUES (%(workspace)s, %(profile)s, %(network)s, %(brand)s, %(role)s, %(slot)s, %(removed_at)s, now(), now())
"""


@contextmanager
def committed():
    """A statement with everything that the database checks at commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def insert(**columns) -> None:
    with committed() as cursor:
        cursor.execute(INSERT, columns)


@pytest.fixture
def row(workspace):
    """What a correct insert would say."""
    for _ in range(19):
        TrackedProfileFactory.create(workspace=workspace)
    return {
        "workspace": workspace.pk,
        "profile": ProfileFactory.create().pk,
        "network": "bluesky",
        "brand": BrandFactory.create(workspace=workspace).pk,
        "role": "competitor",
        "slot": 20,
        "removed_at": None,
    }


def test_the_database_takes_the_twentieth(row):
    insert(**row)

    assert TrackedProfile.objects.current().filter(role=Role.COMPETITOR).count() == 20


@pytest.mark.parametrize(
    "lie",
    [
        {"slot": 21},
        {"slot": 0},
        {"slot": 19},
        {"slot": None},
        {"network": "mastodon"},
        {"role": "own"},
        {"role": "own", "slot": None},
        {"removed_at": NOON},
    ],
)
def test_the_database_refuses_every_way_to_a_21st(row, lie):
    with pytest.raises(IntegrityError):
        insert(**row | lie)


def test_the_database_refuses_to_turn_own_accounts_into_more_competitors(row, workspace):
    own = TrackedProfileFactory.create(workspace=workspace, role=Role.OWN)

    rows, brands = TrackedProfile.objects.filter(pk=own.pk), Brand.objects.filter(pk=own.brand_id)
    for change in ({"role": "competitor"}, {"role": "competitor", "slot": 20}):
        with pytest.raises(IntegrityError), committed():
            rows.update(**change)
    with pytest.raises(IntegrityError), committed():
        brands.update(role="competitor")


def test_the_database_refuses_another_workspaces_brand_and_another_workspaces_file(row):
    for lie in (
        {"brand": BrandFactory.create().pk},
        {"profile": ProfileFactory.create(workspace=WorkspaceFactory.create()).pk},
    ):
        with pytest.raises(IntegrityError):
            insert(**row | lie)
