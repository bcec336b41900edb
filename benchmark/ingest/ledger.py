"""The ledger of runs: who asked, how much was read, and how it ended. No run stays without an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from benchmark.models import FetchRun, Outcome, Profile, RunKind, Trigger
from benchmark.models.profile import LEASE_LASTS

if TYPE_CHECKING:
    from accounts.models import ApiKey, User, Workspace

INTERRUPTED = gettext_noop("The run was interrupted. The next one goes on from what was stored.")
IMPORT_INTERRUPTED = gettext_noop("The import was interrupted, and nothing was stored. Import the file again.")


@dataclass(frozen=True, slots=True)
class By:
    """By whom a run was asked for."""

    trigger: Trigger
    user: User | None = None
    api_key: ApiKey | None = None

    @classmethod
    def schedule(cls) -> Self:
        """The clock: a profile was due."""
        return cls(Trigger.SCHEDULE)

    @classmethod
    def person(cls, user: User) -> Self:
        """Somebody who is signed in."""
        return cls(Trigger.PERSON, user=user)

    @classmethod
    def key(cls, api_key: ApiKey) -> Self:
        """A program, by the key of its workspace."""
        return cls(Trigger.API_KEY, api_key=api_key)

    @classmethod
    def command(cls) -> Self:
        """An operator at the command line."""
        return cls(Trigger.COMMAND)

    def __str__(self) -> str:
        return self.trigger.value


def open_run(
    *,
    network: str,
    by: By,
    now: datetime,
    profile: Profile | None = None,
    kind: RunKind = RunKind.FETCH,
    workspace: Workspace | None = None,
    source: str = "",
    backfill: bool = False,
) -> FetchRun:
    """Begin a line of the ledger. Close it with `close_run`, whatever happens."""
    return FetchRun.objects.create(
        kind=kind,
        network=network,
        profile=profile,
        workspace=workspace,
        trigger=by.trigger,
        user=by.user,
        api_key=by.api_key,
        source=source[:255],
        started_at=now,
        backfill=backfill,
    )


def close_run(run: FetchRun, *, outcome: Outcome, now: datetime, code: str = "", sentence: str = "") -> None:
    """Write a run's counts and how it ended. One that was closed as interrupted meanwhile stays so."""
    run.outcome, run.code, run.sentence, run.finished_at = outcome, code, sentence, now
    FetchRun.objects.filter(pk=run.pk, finished_at=None).update(
        profile=run.profile,
        requests=run.requests,
        seen=run.seen,
        new=run.new,
        changed=run.changed,
        refused=run.refused,
        problems=run.problems,
        outcome=outcome,
        code=code,
        sentence=sentence,
        finished_at=now,
    )


def close_interrupted_runs(*, now: datetime, profile: Profile | None = None) -> int:
    """Close the runs whose worker died. With a profile: whoever holds its lease says that no other run of it lives."""
    open_runs = FetchRun.objects.filter(finished_at=None)
    ended = {"outcome": Outcome.ABANDONED, "code": "interrupted", "finished_at": now}
    if profile:
        theirs = open_runs.filter(profile=profile, kind=RunKind.FETCH)
        return theirs.update(sentence=_(INTERRUPTED), **ended)
    dead = _left_behind(open_runs, now)
    imports = dead.filter(kind=RunKind.IMPORT).update(sentence=_(IMPORT_INTERRUPTED), seen=0, **ended)
    return imports + dead.update(sentence=_(INTERRUPTED), **ended)


def _left_behind(open_runs: QuerySet[FetchRun], now: datetime) -> QuerySet[FetchRun]:
    """Fetches whose lease has passed, and imports that have been open for longer than any file takes."""
    lease_passed = Q(profile__lease_until=None) | Q(profile__lease_until__lte=now) | Q(profile=None)
    fetches = Q(kind=RunKind.FETCH, started_at__lte=now - LEASE_LASTS) & lease_passed
    imports = Q(kind=RunKind.IMPORT, started_at__lte=now - timedelta(hours=1))
    return open_runs.filter(pk__in=open_runs.filter(fetches | imports).values("pk"))


def failures_in_a_row(profile: Profile) -> int:
    """How many runs of a profile have ended with "try later" since one ended otherwise."""
    recent = FetchRun.objects.filter(profile=profile, kind=RunKind.FETCH, finished_at__isnull=False)
    outcomes = list(recent.order_by(F("id").desc()).values_list("outcome", flat=True)[:10])
    others = (at for at, outcome in enumerate(outcomes) if outcome not in {Outcome.TRY_LATER, Outcome.ABANDONED})
    return next(others, len(outcomes))
