"""The ledger of imports: every one is in it, those that were refused with their reasons."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Workspace
from benchmark import ingest
from benchmark.imports import FileRefused, Problem
from benchmark.imports.preview import told_problems
from benchmark.models import FetchRun, Outcome, RunKind
from benchmark.tracking.recognising import known_network
from benchmark.tracking.refusals import TrackingRefused

MOST_PROBLEMS = 1_000  # in the ledger; who imports is shown all of them


@contextmanager
def entered(
    workspace: Workspace, network: str, *, source: str, by: ingest.By, now: datetime, run: FetchRun | None = None
) -> Iterator[FetchRun]:
    """A run of the ledger around one transaction: what is stored and that it is done become true together.

    A refusal stores nothing but itself. `run` is one that was opened before, where somebody is waiting for it.
    """
    began = time.monotonic()
    run = run or opened(workspace, network, source=source, by=by, now=now)
    try:
        with transaction.atomic():
            yield run
            ingest.close_run(run, outcome=Outcome.DONE, now=since(now, began))
    except (FileRefused, TrackingRefused) as refusal:
        refuse(run, refusal, now=since(now, began))
        raise


def opened(workspace: Workspace, network: str, *, source: str, by: ingest.By, now: datetime) -> FetchRun:
    """A new run of the ledger, for an import that begins."""
    return ingest.open_run(
        network=known_network(network).key,
        by=by,
        now=now,
        kind=RunKind.IMPORT,
        workspace=workspace,
        source=source.replace("\0", ""),
    )


def refuse(run: FetchRun, refusal: FileRefused | TrackingRefused, *, now: datetime) -> None:
    """Note why a file was not imported, row by row where rows were the reason."""
    problems = refusal.problems if isinstance(refusal, FileRefused) else ()
    note_problems(run, problems)
    run.profile, run.seen, run.new, run.changed = None, 0, 0, 0
    ingest.close_run(run, outcome=Outcome.REFUSED, now=now, code=refusal.code, sentence=refusal.told(_))


def note_problems(run: FetchRun, problems: Sequence[Problem]) -> None:
    """Note which rows of a file were bad, and why."""
    run.refused = len(problems)
    run.problems = told_problems(problems[:MOST_PROBLEMS], _)


def since(now: datetime, began: float) -> datetime:
    """The moment it is, by the clock that was handed in."""
    return now + timedelta(seconds=time.monotonic() - began)
