"""Days on which a whole network's follower counts stepped, found among all fetched profiles, and who steps on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import transaction

from benchmark.metrics.asking import ask
from benchmark.metrics.columns import DAY, EPOCH, ask_columns, known, whole
from benchmark.metrics.followers import Course, ask_courses
from benchmark.metrics.steps import COMMON, PURGE, Mark, Steps, marks, steps_of
from benchmark.models import CommonStep, Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network

DAYS = 60  # that are looked at again every night
BEFORE, AFTER = timedelta(days=60), timedelta(days=4)  # what is read around some readings in order to judge them

DAY_ROW = {
    "profile": whole("day.profile_id"),
    "day": whole(f"day.day - date '{EPOCH.date()}'"),
    "followers": whole("day.followers"),
}
DAY_ROWS = """benchmark_profileday AS day JOIN benchmark_profile AS profile ON profile.id = day.profile_id
 WHERE profile.network = %(network)s AND profile.workspace_id IS NULL AND NOT profile.pretend
   AND day.day >= %(since)s AND day.followers IS NOT NULL"""

KNOWN = "SELECT day FROM benchmark_commonstep WHERE network = %(network)s AND day BETWEEN %(begin)s AND %(end)s"


def rebuild_common_steps(now: datetime) -> int:
    """Look for them anew in the last sixty days, in one query for each network. Safe to repeat; older ones stay."""
    since = now.astimezone(UTC).date() - timedelta(days=DAYS)
    found = [step for network in NETWORKS.values() for step in _found(network, since, now)]
    with transaction.atomic():
        CommonStep.objects.filter(day__gt=since).delete()
        CommonStep.objects.bulk_create(found)
    return len(found)


def _found(network: Network, since: date, now: datetime) -> list[CommonStep]:
    days = ask_columns(DAY_ROW, DAY_ROWS, {"network": network.key, "since": since})()
    order = np.lexsort((days["day"], days["profile"]))
    profiles, row = np.unique(days["profile"][order], return_inverse=True)
    at, followers = days["day"][order] * DAY, known(days["followers"][order])
    steps = Steps.of(row, at, followers, rows=len(profiles), digits=network.significant_digits)
    by_day: dict[date, list[Mark]] = {}
    for mark in marks(steps):
        if mark.kind in {PURGE, COMMON} and mark.day > since:
            by_day.setdefault(mark.day, []).append(mark)
    return [
        CommonStep(
            network=network.key,
            day=day,
            profiles=len(stepped),
            of=int((steps.at // DAY == (day - EPOCH.date()).days).sum()),
            change=float(np.median([mark.change for mark in stepped])),
            computed_at=now,
        )
        for day, stepped in by_day.items()
    ]


def ask_known_days(network: Network, begin: date, end: date) -> Callable[[], set[date]]:
    """Ask on which days of a period the whole network has stepped."""
    answer = ask(KNOWN, {"network": network.key, "begin": begin, "end": end})
    return lambda: {day for (day,) in answer()}


def marks_between(courses: Sequence[Course], begin: date, end: date, known_days: set[date]) -> list[Mark]:
    """The marks of these days, both included; what was read before and after them helps to judge."""
    return [mark for mark in marks(steps_of(courses), known_days=known_days) if begin <= mark.day <= end]


def marks_of(profile: Profile, first: datetime, last: datetime) -> list[Mark]:
    """The marks of one profile's readings between two moments."""
    begin, end = first - BEFORE, last + AFTER
    known_days = ask_known_days(profile.on, begin.date(), end.date())()
    courses = ask_courses([[profile.pk]], begin=begin, end=end, digits=profile.on.significant_digits)()
    found = marks(steps_of(courses), known_days=known_days)
    return [mark for mark in found if mark.at <= last and first <= (mark.until or mark.at)]
