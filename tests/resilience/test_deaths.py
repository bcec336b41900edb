"""A killed worker, database or broker loses and doubles nothing: what is left equals an undisturbed run, row by row."""

import random

import pytest

from benchmark.models.profile import LEASE_LASTS
from tests.resilience.installation import Installation, soon
from tests.resilience.lives import FOLLOWED, VISITS, Left, lived_through

pytestmark = [pytest.mark.processes, pytest.mark.worker]

# Of the requests of each visit: the first one reads all that there is to read.
REQUESTS = (50, 14, 14)
LONG = 20.0  # seconds that an answer takes which nobody waits for to its end


def test_the_undisturbed_visits_are_worth_comparing_with(expected: Left):
    posts = expected["posts"]
    assert {profile["history_to"] for profile in expected["profiles"]} == {VISITS[-1].isoformat()}
    assert {profile["state"] for profile in expected["profiles"]} == {"ok"}
    assert len(expected["pictures"]) == len(FOLLOWED)
    assert len(expected["followers"]) == len(FOLLOWED) * len(VISITS)
    assert len(posts) > 1_000
    assert {post["text"] for post in posts if post["gone_at"]} == {""}
    assert len({reading["read_at"] for reading in expected["checkpoints"]}) == len(VISITS)
    assert sum(day["posts"] for day in expected["days"]) == len(posts)


def test_a_worker_killed_in_the_middle_of_each_round_of_visits(installation: Installation, expected: Left):
    moments = random.Random(7)

    def kill_the_worker(installation: Installation, number: int) -> None:
        assert installation.is_asked_and_waits(skip=moments.randrange(REQUESTS[number]), seconds=LONG)
        installation.kill_worker()
        assert left_open(installation)
        installation.start_worker()

    assert lived_through(installation, kill_the_worker) == expected
    assert outcomes(installation) == {"done", "abandoned"}


def test_a_broker_emptied_while_tasks_wait(installation: Installation, expected: Left):
    def empty_the_broker(installation: Installation, _number: int) -> None:
        assert installation.is_asked_and_waits(times=4, seconds=2)  # until visits are queued
        assert soon(lambda: installation.waiting)
        installation.broker.flushall()

    assert lived_through(installation, empty_the_broker) == expected
    assert outcomes(installation) == {"done"}


def test_a_broker_killed_while_tasks_wait(installation: Installation, expected: Left):
    def kill_the_broker(installation: Installation, number: int) -> None:
        if number != 1:
            return
        assert installation.is_asked_and_waits(times=4, seconds=2)  # until visits are queued
        assert soon(lambda: installation.waiting)
        installation.kill_broker()
        assert soon(installation.broker_answers)
        assert installation.waiting == 0
        assert soon(installation.worker_answers)

    assert lived_through(installation, kill_the_broker) == expected
    assert outcomes(installation) == {"done"}


def test_a_database_that_crashes_and_is_back_before_the_page_arrives(installation: Installation, expected: Left):
    def crash_the_database(installation: Installation, number: int) -> None:
        if number == 1:
            return
        assert installation.is_asked_and_waits(match="getAuthorFeed", skip=number, seconds=4)
        installation.crash_database()
        assert soon(installation.database_answers)

    assert lived_through(installation, crash_the_database) == expected
    assert not left_open(installation)


def test_a_database_that_is_away_when_visits_end(installation: Installation, expected: Left):
    def take_the_database_away(installation: Installation, number: int) -> None:
        if number != 0:
            return
        assert installation.is_asked_and_waits(match="getAuthorFeed", skip=1, seconds=1)
        with installation.nobody_restarts_the_engines():
            installation.crash_database()
            assert soon(installation.worker_is_idle)
        assert soon(installation.database_answers)
        assert left_open(installation)

    assert lived_through(installation, take_the_database_away) == expected
    assert "abandoned" in outcomes(installation)


def test_worker_broker_and_database_killed_at_once(installation: Installation, expected: Left):
    def cut_the_power(installation: Installation, number: int) -> None:
        if number != 2:
            return
        assert installation.is_asked_and_waits(skip=6, seconds=LONG)
        installation.kill_worker()
        with installation.nobody_restarts_the_engines():
            installation.kill_broker()
            installation.crash_database()
        assert soon(installation.broker_answers)
        assert soon(installation.database_answers)
        installation.start_worker()

    assert lived_through(installation, cut_the_power) == expected


def test_a_run_whose_worker_died_is_closed_when_its_lease_has_passed_even_if_nobody_comes_again(
    installation: Installation,
):
    assert installation.is_asked_and_waits(match="getAuthorFeed", seconds=LONG)
    installation.kill_worker()
    installation.rows("UPDATE benchmark_trackedprofile SET paused_at = now()")
    installation.start_worker()
    assert soon(installation.worker_is_idle)  # it has done what still stood in the queue
    interrupted = left_open(installation)

    installation.set_clock(VISITS[0] + LEASE_LASTS)
    installation.tick()

    assert soon(lambda: not left_open(installation))
    closed = installation.rows("SELECT * FROM benchmark_fetchrun WHERE code = 'interrupted'")
    assert len(closed) == interrupted > 0
    assert {run["outcome"] for run in closed} == {"abandoned"}
    assert {run["finished_at"] for run in closed} == {VISITS[0] + LEASE_LASTS}


def left_open(installation: Installation) -> int:
    """How many lines of the ledger have no end."""
    return len(installation.rows("SELECT id FROM benchmark_fetchrun WHERE outcome IS NULL"))


def outcomes(installation: Installation) -> set[str]:
    return {row["outcome"] for row in installation.rows("SELECT DISTINCT outcome FROM benchmark_fetchrun")}
