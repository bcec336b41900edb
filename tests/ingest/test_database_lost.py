"""PostgreSQL goes away in the middle of a visit: the run ends all the same, and the next visit brings the rest."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from benchmark.models import FetchRun, Outcome, Post
from tests.factories.rows import NOON
from tests.ingest.fakes import make_world, post

pytestmark = pytest.mark.django_db(transaction=True)


def cut_the_connection(*_: object) -> None:
    """What a restart of the server does to every connection."""
    assert connection.connection is not None
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_connection_that_breaks_between_two_pages_ends_the_run_and_the_next_visit_brings_the_rest():
    world = make_world(posts=[post(f"day{day}", at=NOON - timedelta(days=day)) for day in range(6)], page_size=2)
    world.network.before_answer = lambda question: cut_the_connection() if question == "posts from 4" else None

    run = world.visit()

    assert (run.outcome, run.code, Post.objects.count()) == (Outcome.TRY_LATER, "internal_error", 4)
    assert world.profile.due_at == NOON + timedelta(minutes=2)

    world.network.before_answer = lambda _question: None
    world.clock.wait(minutes=2)
    run = world.visit()

    assert (run.outcome, Post.objects.count()) == (Outcome.DONE, 6)
    assert not FetchRun.objects.filter(finished_at=None).exists()


def test_a_connection_that_breaks_before_anything_is_stored_loses_nothing():
    world = make_world(posts=[post("a")])
    world.network.before_answer = lambda question: cut_the_connection() if question == "profile" else None

    run = world.visit()

    assert (run.outcome, world.profile.history_to) == (Outcome.TRY_LATER, None)
