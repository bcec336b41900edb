"""When a profile is due next, and how a budget is shared. Pure: moments, counts and calls in, moments out.

A profile is due when its youngest posts reach their next checkpoint, between an hour and a day from now. Where the
budget of a network is too short for that, profiles wait, and `plan` says how long: every workspace gets the same share
of the calls, and within it those wait least whose figures are expected to move fastest.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from benchmark.models.post import CHECKPOINTS
from benchmark.networks.base import Network, Remedy

HOUR = timedelta(hours=1)
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

# How fast figures move before anything is known of them, and how much of one's own history outweighs that.
# Measured on published series: docs/decisions/0007-when-to-fetch.md.
USUAL_PACE = 2e-5  # followers: relative change per hour, 0.05 % a day
USUAL_PACE_WEIGHS = 24.0  # as much as what was seen in so many hours
USUAL_MOMENTUM = 0.25  # posts: relative change while the age grows 2.7-fold
USUAL_MOMENTUM_WEIGHS = 0.5  # as much as what was seen while the age grew 1.6-fold
READINGS_THAT_COUNT = 14  # the latest; what was before says little of what comes

# Where the budget does not give everybody a visit a day, nobody waits longer than so many times an equal interval.
STRETCH = 2.0


# --- when a profile is due -------------------------------------------------------------------------------------------


def next_due(now: datetime, published: Iterable[datetime], *, fair: timedelta = timedelta(0)) -> datetime:
    """When to read a profile again: at the next checkpoint of its youngest posts, between an hour and a day from now.

    `fair` is the time between two visits that the network's budget leaves to the profile; it wins where it is longer.
    """
    moments = (moment for post in published if (moment := next_checkpoint(post, now)) is not None)
    wanted = min(max(min(moments, default=now + LATEST), now + SOONEST), now + LATEST)
    return max(wanted, now + fair)


def next_checkpoint(published: datetime, now: datetime) -> datetime | None:
    """The moment at which a post reaches its next checkpoint; None after the last one."""
    moments = (published + timedelta(hours=hours) for hours in CHECKPOINTS)
    return next((moment for moment in moments if moment > now), None)


def wanted_interval(now: datetime, published: Collection[datetime]) -> timedelta:
    """The mean time between the visits of the coming day, as far as the posts that are known have a say."""
    visits, moment = 0, now
    while moment < now + LATEST:
        visits, moment = visits + 1, next_due(moment, published)
    return min((moment - now) / visits, LATEST)


# --- how fast figures move -------------------------------------------------------------------------------------------


def follower_pace(readings: Sequence[tuple[datetime, int]]) -> float:
    """The relative change per hour to expect of a count that goes on and on; readings oldest first."""
    recent = readings[-READINGS_THAT_COUNT:]
    hours = (recent[-1][0] - recent[0][0]) / HOUR if recent else 0
    return (USUAL_PACE * USUAL_PACE_WEIGHS + _moved(recent)) / (USUAL_PACE_WEIGHS + hours)


def post_pace(published: datetime, readings: Sequence[tuple[datetime, int]]) -> float:
    """The relative change per hour to expect of a post's count after its last reading; readings oldest first.

    A post slows down with its age: what it gains from its first to its second day, it gains again from its second to
    its fourth. Its momentum is what it gains while its age grows e-fold; its pace is its momentum divided by its age.
    """
    recent = readings[-READINGS_THAT_COUNT:]
    first, last = _age(published, recent[0][0]), _age(published, recent[-1][0])
    momentum = (USUAL_MOMENTUM * USUAL_MOMENTUM_WEIGHS + _moved(recent)) / (
        USUAL_MOMENTUM_WEIGHS + math.log(last / first)
    )
    return momentum / last


def _moved(readings: Sequence[tuple[datetime, int]]) -> float:
    """All changes from one reading to the next, each as a share of the larger count."""
    return sum(abs(after - before) / max(before, after, 1) for (_, before), (_, after) in pairwise(readings))


def _age(published: datetime, moment: datetime) -> float:
    """In hours, and an hour at least."""
    return max((moment - published) / HOUR, 1.0)


# --- how a budget is shared ------------------------------------------------------------------------------------------

Key = TypeVar("Key", bound=Hashable)
Team = TypeVar("Team", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a profile asks of a budget: the paces of its figures, added up, and what a visit costs and when it helps."""

    pace: float  # relative change per hour, more than 0
    calls: float = 1  # of a visit
    wanted: timedelta = SOONEST  # no visit is of use before; a day at most

    @property
    def calls_per_hour(self) -> float:
        """What it costs to visit the profile as often as it is wanted."""
        return self.calls / (self.wanted / HOUR)


def plan(
    demands: Mapping[Key, Demand], follows: Mapping[Team, Collection[Key]], *, calls_per_hour: float
) -> dict[Key, timedelta]:
    """How long each profile waits between visits, so that all together keep to a budget that several workspaces share.

    A profile that several follow is visited once for all of them. Each pays its part of the calls out of its own share
    of the budget, and there are as many visits as they grant in the mean. What nobody follows is not in the answer.
    """
    followers: defaultdict[Key, list[Team]] = defaultdict(list)
    for team, keys in follows.items():
        for key in keys:
            followers[key].append(team)
    parts = {
        team: {key: replace(demands[key], calls=demands[key].calls / len(followers[key])) for key in keys}
        for team, keys in follows.items()
    }
    wanted = {team: sum(demand.calls_per_hour for demand in part.values()) for team, part in parts.items()}
    shares = share(calls_per_hour, wanted)
    waits = {
        team: dict(zip(part, allot(list(part.values()), calls_per_hour=shares[team]), strict=True))
        for team, part in parts.items()
    }
    return {
        key: HOUR * (len(teams) / sum(HOUR / waits[team][key] for team in teams)) for key, teams in followers.items()
    }


def share(budget: float, wanted: Mapping[Team, float]) -> dict[Team, float]:
    """Divide a budget so that nobody gets more than it wants, nor more than somebody else who wants more."""
    shares: dict[Team, float] = {}
    left = budget
    for place, team in enumerate(sorted(wanted, key=wanted.__getitem__)):
        shares[team] = min(wanted[team], left / (len(wanted) - place))
        left -= shares[team]
    return shares


def allot(demands: Sequence[Demand], *, calls_per_hour: float) -> list[timedelta]:
    """How long each profile waits between visits, so that all together keep to the budget.

    The figures shown are least wrong in the mean if the intervals are as the square roots of calls ÷ pace. But nobody
    waits longer than a day or, where the budget is too short for that, than `STRETCH` times an equal interval for all.
    """
    if sum(demand.calls_per_hour for demand in demands) <= calls_per_hour:
        return [demand.wanted for demand in demands]
    equal = HOUR * (sum(demand.calls for demand in demands) / calls_per_hour)
    latest = max(LATEST, STRETCH * equal)
    roots = [math.sqrt(demand.calls / demand.pace) for demand in demands]
    factor = _factor(demands, roots, latest=latest, calls_per_hour=calls_per_hour)
    return [min(max(demand.wanted, HOUR * factor * root), latest) for demand, root in zip(demands, roots, strict=True)]


def _factor(demands: Sequence[Demand], roots: Sequence[float], *, latest: timedelta, calls_per_hour: float) -> float:
    """By what to multiply the roots to have the intervals in hours that just keep to the budget.

    Walks up the factors at which a profile leaves its wanted interval or reaches the latest. In between, the visits
    of those under way become fewer as the factor grows, and the others stay as they are.
    """
    ends = list(zip(demands, roots, strict=True))
    turns = [(demand.wanted / HOUR / root, demand.calls / root, -demand.calls_per_hour) for demand, root in ends]
    turns += [(latest / HOUR / root, -demand.calls / root, demand.calls / (latest / HOUR)) for demand, root in ends]
    under_way, standing, reached = 0.0, sum(demand.calls_per_hour for demand in demands), 0.0
    for factor, joining, staying in sorted(turns):
        if standing + under_way / factor <= calls_per_hour:
            break
        under_way, standing, reached = under_way + joining, standing + staying, factor
    spare = calls_per_hour - standing
    return max(under_way / spare, reached) if spare > 0 else factor


def fair_interval(network: Network, *, profiles: int, calls: int) -> timedelta:
    """How long each of so many profiles has to wait between visits of so many calls, to keep to windows and quota."""
    allowed = planned_calls_per_hour(network)
    return timedelta(0) if allowed is None else HOUR * (profiles * calls / allowed)


def planned_calls_per_hour(network: Network) -> float | None:
    """How many calls an hour a network's windows and quota leave to visits; None where it has no limits."""
    windows = (window for window in network.windows if not window.only_with)  # those for every call
    allowances = [(window.calls, timedelta(seconds=window.seconds)) for window in windows]
    if network.quota:
        allowances.append((network.quota.units, timedelta(days=1)))
    return min((allowed * PLANNED_SHARE / (period / HOUR) for allowed, period in allowances), default=None)


# --- when something stands in the way --------------------------------------------------------------------------------


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
