"""The ledger: every run ends with an outcome, also that of a worker that died."""

from datetime import timedelta

import pytest

from benchmark import ingest
from benchmark.ingest.ledger import failures_in_a_row
from benchmark.models import FetchRun, Outcome, Profile, RunKind, Trigger
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, FetchRunFactory, ProfileFactory

pytestmark = pytest.mark.django_db


def left_open(**fields) -> FetchRun:
    return FetchRunFactory.create(**{"finished_at": None, "outcome": None, **fields})


def test_a_run_is_opened_and_closed_with_its_counts():
    workspace = WorkspaceFactory.create()
    profile = ProfileFactory.create()
    run = ingest.open_run(
        network="facebook",
        by=ingest.By.command(),
        now=NOON,
        kind=RunKind.IMPORT,
        workspace=workspace,
        source="x" * 300,
    )
    run.seen, run.new, run.refused, run.problems = 5, 3, 1, [{"line": 7, "reason": "No date."}]
    run.profile = profile

    ingest.close_run(run, outcome=Outcome.REFUSED, now=NOON + timedelta(minutes=1), code="bad_rows", sentence="One.")

    stored = FetchRun.objects.get()
    assert (stored.kind, stored.trigger, stored.workspace, stored.profile) == (
        RunKind.IMPORT,
        Trigger.COMMAND,
        workspace,
        profile,
    )
    assert (stored.outcome, stored.code, stored.sentence) == (Outcome.REFUSED, "bad_rows", "One.")
    assert (stored.seen, stored.new, stored.refused, stored.problems) == (5, 3, 1, [{"line": 7, "reason": "No date."}])
    assert (stored.finished_at, len(stored.source)) == (NOON + timedelta(minutes=1), 255)


def test_a_run_that_was_closed_as_interrupted_stays_so():
    run = left_open()
    ingest.close_interrupted_runs(profile=run.profile, now=NOON)

    ingest.close_run(run, outcome=Outcome.DONE, now=NOON)

    assert FetchRun.objects.get().outcome == Outcome.ABANDONED


@pytest.mark.parametrize(
    ("kind", "lease_in", "started_ago", "dead"),
    [
        (RunKind.FETCH, timedelta(minutes=1), timedelta(minutes=20), False),  # renewed with every page
        (RunKind.FETCH, timedelta(minutes=-1), timedelta(minutes=20), True),
        (RunKind.FETCH, None, timedelta(minutes=20), True),
        (RunKind.FETCH, None, timedelta(minutes=1), False),  # may be about to end
        (RunKind.IMPORT, None, timedelta(minutes=20), False),
        (RunKind.IMPORT, None, timedelta(hours=2), True),
    ],
)
def test_a_run_is_dead_when_its_lease_has_passed(kind, lease_in, started_ago, dead):
    lease_until = NOON + lease_in if lease_in is not None else None
    run = left_open(
        profile=ProfileFactory.create(lease="a", lease_until=lease_until), kind=kind, started_at=NOON - started_ago
    )

    closed = ingest.close_interrupted_runs(now=NOON)

    run.refresh_from_db()
    assert (closed, run.outcome) == ((1, Outcome.ABANDONED) if dead else (0, None))


def test_runs_that_ended_are_left_alone():
    FetchRunFactory.create(started_at=NOON - timedelta(days=1))

    assert ingest.close_interrupted_runs(now=NOON) == 0


@pytest.mark.parametrize(
    ("outcomes", "failures"),
    [
        ("", 0),
        ("done", 0),
        ("try_later", 1),
        ("done try_later try_later", 2),
        ("try_later done try_later", 1),
        ("done try_later abandoned try_later", 3),
        ("try_later try_later gone", 0),
    ],
)
def test_failures_are_counted_since_the_last_good_answer(outcomes, failures):
    profile = ProfileFactory.create()
    for outcome in outcomes.split():
        FetchRunFactory.create(profile=profile, outcome=outcome)

    assert failures_in_a_row(profile) == failures


def test_who_asked_is_one_value(django_user_model):
    person = django_user_model(email="anna@example.org")

    assert (ingest.By.person(person).user, str(ingest.By.person(person))) == (person, "person")
    assert str(ingest.By.schedule()) == "schedule"
    assert Profile.objects.count() == 0  # it is a value, not a row
