"""A crash at any line loses nothing and doubles nothing: later visits bring what an undisturbed one would have."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark import ingest
from benchmark.models import FetchRun, Outcome, Post, Profile
from benchmark.networks.base import PostRecord
from tests.factories.rows import NOON
from tests.ingest.fakes import World, make_world, post
from tests.ingest.snapshot import snapshot

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """The worker's process ends here, and nothing that it would have done afterwards happens."""


@contextmanager
def killed_at(world: World, step: int) -> Iterator[None]:
    """Kill the worker before its so-manieth step: a statement, a question, or a look at the clock."""
    steps = count(1)

    def take_a_step(_what: object = None) -> None:
        if next(steps) == step:
            raise KilledError

    def before_statement(execute, sql, params, many, context):
        if "SAVEPOINT" not in sql:
            take_a_step()
        return execute(sql, params, many, context)

    world.network.before_answer, world.clock.before_look = take_a_step, take_a_step
    try:
        with connection.execute_wrapper(before_statement):
            yield
    finally:
        world.network.before_answer, world.clock.before_look = lambda _question: None, lambda: None


def visit_until_done(world: World, kills: Sequence[int]) -> int:
    """Ticks until nothing is due, the first of them killed at these steps. Returns how many were killed."""
    ingest.request(world.profile, now=world.clock.now)
    killed = 0
    while claimed := Profile.objects.claim_due(now=world.clock.now):
        ((_, lease),) = claimed
        kill = kills[killed] if killed < len(kills) else 0
        try:
            with killed_at(world, kill):
                ingest.fetch(
                    world.profile, lease=lease, door=world.door, clock=world.clock, network=world.network.declared()
                )
        except KilledError:
            killed += 1
            # The dead worker's lease passes. The test's clock stands still meanwhile: all moments stay the same.
            Profile.objects.filter(pk=world.profile.pk, lease=lease).update(lease_until=world.clock.now)
    return killed


def lived_through(rounds: Sequence[tuple[float, Sequence[PostRecord]]], kills: Sequence[Sequence[int]]) -> Any:
    """What is left of a profile that was visited after so many hours, each time with what its network then showed."""
    world = make_world(page_size=2)
    killed = 0
    for (hours, posts), steps in zip(rounds, kills, strict=True):
        world.clock.wait(hours=hours)
        world.network.posts = list(posts)
        killed += visit_until_done(world, steps)
    assert not FetchRun.objects.filter(finished_at=None).exists()
    assert FetchRun.objects.filter(outcome=Outcome.DONE).count() == len(rounds)
    return killed, snapshot(world.profile)


def rolled_back(work: Callable[[], Any]) -> Any:
    """What the work gives, done on rows that are gone afterwards."""
    with transaction.atomic():
        result = work()
        transaction.set_rollback(True)
    return result


YOUNG = post("young", at=NOON - timedelta(hours=3), reactions=3)
WEEK = post("week", at=NOON - timedelta(days=7), reactions=7)
OLD = post("old", at=NOON - timedelta(days=33), reactions=33)
OLDER = post("older", at=NOON - timedelta(days=60), reactions=60)
NEW = post("new", at=NOON + timedelta(hours=20))
ROUNDS = [
    (0, [YOUNG, WEEK, OLD, OLDER]),
    (24, [NEW, replace(YOUNG, reactions=9), OLD, replace(OLDER, text="Edited")]),
    (24, [NEW, replace(YOUNG, reactions=9), OLD, OLDER]),
]


def test_a_worker_killed_at_any_step_of_its_visits_leaves_what_an_undisturbed_one_does():
    _, expected = rolled_back(lambda: lived_through(ROUNDS, [[], [], []]))
    assert [row["external_id"] for row in expected["posts"] if row["gone_at"]] == ["week"]

    for step in count(1):
        killed, found = rolled_back(lambda: lived_through(ROUNDS, [[step]] * 3))  # noqa: B023 (called at once)
        assert found == expected, step
        if killed == 0:
            break

    assert step > 35  # every visit was killed at each of its steps


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[float, list[PostRecord]]]:
    """A few days of a profile: posts appear, collect reactions, vanish and come back."""
    born = [NOON - timedelta(hours=draw(st.integers(0, 900))) for _ in range(draw(st.integers(0, 6)))]
    rounds, hours = [], 0.0
    for _ in range(draw(st.integers(1, 4))):
        hours += (wait := draw(st.sampled_from([0.5, 1, 5, 24, 30, 200])))
        now = NOON + timedelta(hours=hours)
        born += [now - timedelta(minutes=draw(st.integers(1, 90))) for _ in range(draw(st.integers(0, 2)))]
        shown = [
            post(f"post{number}", at=at, reactions=draw(st.integers(0, 3)))
            for number, at in enumerate(born)
            if draw(st.integers(0, 5))
        ]
        rounds.append((wait, shown))
    return rounds


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(life=lives(), data=st.data())
def test_whatever_happens_to_workers_the_rows_are_those_of_an_undisturbed_life(life, data):
    kills = [data.draw(st.lists(st.integers(1, 70), max_size=3)) for _ in life]

    _, expected = rolled_back(lambda: lived_through(life, [[] for _ in life]))
    _, found = rolled_back(lambda: lived_through(life, kills))

    assert found == expected


def test_a_visit_that_is_killed_before_its_end_marks_no_post_as_missing():
    world = make_world(posts=[YOUNG, WEEK])
    world.visit()
    world.network.posts = [YOUNG]

    with pytest.raises(KilledError), killed_at(world, 30):
        world.visit()

    assert not Post.objects.filter(missed_at__isnull=False).exists()
