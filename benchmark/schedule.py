"""When a profile is due next. Pure: moments in, a moment out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from benchmark.models.post import CHECKPOINTS
from benchmark.networks.base import Network, Remedy

SOONEST = timedelta(hours=1)
LATEST = timedelta(days=1)
MOVING = timedelta(hours=CHECKPOINTS[-1])  # a post's counts still move for 28 days

FIRST_RETRY = timedelta(minutes=2)
LAST_RETRY = timedelta(hours=6)
LONGEST_WAIT = timedelta(days=7)  # however long a network asks us to wait

LOOK_AGAIN_FOR_A_KEY = timedelta(hours=1)  # costs no call: there is no key to call with
LOOK_AGAIN_IF_MENDED = timedelta(days=1)
LOOK_AGAIN_IF_BACK = timedelta(days=7)

# Left to look-ups and first visits, which nobody can plan.
PLANNED_SHARE = 0.8


def next_due(now: datetime, published: Iterable[datetime], *, fair: timedelta = timedelta(0)) -> datetime:
    """When to read a profile again: at the next checkpoint of its youngest posts, between an hour and a day from now.

    `fair` is the time between two visits that the network's budget leaves to each profile; it wins where it is longer.
    """
    moments = (moment for post in published if (moment := next_checkpoint(post, now)) is not None)
    wanted = min(max(min(moments, default=now + LATEST), now + SOONEST), now + LATEST)
    return max(wanted, now + fair)


def next_checkpoint(published: datetime, now: datetime) -> datetime | None:
    """The moment at which a post reaches its next checkpoint; None after the last one."""
    moments = (published + timedelta(hours=hours) for hours in CHECKPOINTS)
    return next((moment for moment in moments if moment > now), None)


def fair_interval(network: Network, *, profiles: int, calls: int) -> timedelta:
    """How long each of so many profiles has to wait between visits of so many calls, to keep to windows and quota."""
    windows = (window for window in network.windows if not window.only_with)  # those for every call
    allowances = [(window.calls, timedelta(seconds=window.seconds)) for window in windows]
    if network.quota:
        allowances.append((network.quota.units, timedelta(days=1)))
    waits = (period * (profiles * calls / (allowed * PLANNED_SHARE)) for allowed, period in allowances)
    return max(waits, default=timedelta(0))


def retry_at(now: datetime, *, failures: int, after: timedelta | None) -> datetime:
    """When to try again what failed so many times in a row: when the network says, else later each time."""
    if after is not None:
        return now + min(max(after, FIRST_RETRY), LONGEST_WAIT)
    return now + min(FIRST_RETRY * float(2 ** min(failures, 16)), LAST_RETRY)


def look_again_at(now: datetime, *, remedy: Remedy, code: str) -> datetime:
    """When to look again at a profile that waits for a person, or that is gone."""
    if remedy is Remedy.GONE:
        return now + LOOK_AGAIN_IF_BACK
    return now + (LOOK_AGAIN_FOR_A_KEY if code.startswith("credential_") else LOOK_AGAIN_IF_MENDED)
