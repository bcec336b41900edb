"""Steps in follower counts that ordinary growth does not explain: they are marked, and nothing is taken away.

A step between two readings is held against the profile's own days: the robust z-score of log growth, by their median
and their median absolute deviation. A far one that is taken back within days is a *reading error*, one that stays a
*jump*. Many profiles of a network that step on one day the same way make a *purge*, or where they rise a *common step*.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from benchmark.metrics.columns import DAY, EPOCH, Bools, Floats, Ints
from benchmark.metrics.followers import Course
from benchmark.metrics.statistics import medians, padded, places

FAR = 6.0  # robust z-score from which a step is no ordinary growth ...
LARGE = 0.05  # ... if it is a relative change of as much
FAR_TOGETHER = 3.5  # of each profile where many step at once ...
LARGE_TOGETHER = 0.005
MANY, SHARE = 5, 0.2  # ... which are so many at least, and such a part of those that were read
FEWEST = 6  # days of growth, without which nothing is ordinary
BACK_WITHIN = 3 * DAY
ALIKE = 0.25  # what is left of a step that was taken back, at most
QUIETEST = 0.0005  # a day's log growth is never taken for steadier
NEAR = 7 * DAY  # readings further apart make no step
ERROR, JUMP, PURGE, COMMON = "reading_error", "jump", "purge", "common_step"


@dataclass(frozen=True, slots=True)
class Mark:
    """One step: of which row, when the reading was taken that shows it, what was read before and then.

    `until` is when it was taken back, for a reading error.
    """

    row: int
    kind: str
    at: datetime
    before: int
    after: int
    z: float
    until: datetime | None = None

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def change(self) -> float:
        """In percent of what was there before."""
        return (self.after / self.before - 1) * 100


@dataclass(frozen=True, slots=True)
class Steps:
    """Every step of several profiles from one reading to the next, in their order."""

    row: Ints
    at: Ints
    before: Floats
    after: Floats
    change: Floats  # relative
    beyond: Floats  # log growth beyond the profile's usual
    z: Floats

    @classmethod
    def of(cls, row: Ints, at: Ints, followers: Floats, *, rows: int, digits: int | None) -> Steps:
        """Of readings in the order of rows and time; those of nobody are left out."""
        counted = followers > 0
        row, at, followers = row[counted], at[counted], followers[counted]
        joined = np.flatnonzero((np.diff(row) == 0) & (np.diff(at) <= NEAR))
        before, after, of = followers[joined], followers[joined + 1], row[joined]
        change = after / before - 1
        if not (np.abs(change) >= LARGE_TOGETHER).any():  # then none can be marked, and the usual need not be known
            beyond = z = np.zeros(len(of))
        else:
            growth, noise = _usual(row, at, followers, rows=rows)
            days = (at[joined + 1] - at[joined]) / DAY
            beyond = np.log1p(change) - growth[of] * days
            z = beyond / (np.maximum(noise[of], _grain(before, digits)) * np.sqrt(np.maximum(days, 1.0)))
        return cls(of, at[joined + 1], before, after, change, beyond, z)


def _usual(row: Ints, at: Ints, followers: Floats, *, rows: int) -> tuple[Floats, Floats]:
    """Each row's log growth a day and its noise, by medians; NaN where there are too few days."""
    day = at // DAY
    last = np.flatnonzero(np.append((np.diff(row) != 0) | (np.diff(day) != 0), True))
    row, day, followers = row[last], day[last], followers[last]
    joined = np.flatnonzero((np.diff(row) == 0) & (np.diff(day) <= NEAR // DAY))
    of, days, size = row[joined], np.diff(day)[joined], followers[joined]
    daily = np.log(followers[joined + 1] / size) / days
    flow = np.abs(np.diff(followers)[joined]) / days
    at_rows = places(of, rows)
    n = np.bincount(of, minlength=rows)
    growth, usual_flow, usual_size = _medians(np.array([daily, flow, size]), at_rows, n)
    (apart,) = _medians(np.abs(daily - growth[of])[None] * np.sqrt(days), at_rows, n)
    with np.errstate(invalid="ignore"):
        chance = np.sqrt(np.maximum(usual_flow, 1.0)) / usual_size
    noise = np.maximum(np.maximum(1.4826 * apart, chance), QUIETEST)
    return growth, np.where(n >= FEWEST, noise, np.nan)


def _medians(figures: Floats, at: Ints, n: Ints) -> Floats:
    """The median of each row's figures; NaN where it has none."""
    return medians(np.sort(padded(figures, at), axis=-1), np.broadcast_to(n, (len(figures), len(n))))


def _grain(followers: Floats, digits: int | None) -> Floats:
    """What one step of rounding is of a count; 0 where the network does not round."""
    if digits is None:
        return np.zeros(len(followers))
    size = np.floor(np.log10(followers)) + 1
    grain: Floats = np.where(size > digits, 10.0 ** (size - digits), 0.0) / followers
    return grain


def marks(steps: Steps, *, known_days: Collection[date] = ()) -> list[Mark]:
    """What ordinary growth does not explain. `known_days`: on which the whole network is known to have stepped."""
    together = _together(steps, known_days)
    with np.errstate(invalid="ignore"):
        far = (np.abs(steps.z) >= FAR) & (np.abs(steps.change) >= LARGE)
    found: list[Mark] = []
    taken_back = -1  # the place of the step that has ended an error
    for place in np.flatnonzero(far | together).tolist():
        if place == taken_back:
            continue
        taken_back = -1 if together[place] else _back(steps, place)
        found.append(_mark(steps, place, together=bool(together[place]), back=taken_back))
    return found


def _together(steps: Steps, known_days: Collection[date]) -> Bools:
    """Steps that many profiles made on the same day, the same way."""
    with np.errstate(invalid="ignore"):
        clear = (np.abs(steps.z) >= FAR_TOGETHER) & (np.abs(steps.change) >= LARGE_TOGETHER)
    together = np.zeros(len(steps.z), dtype=np.bool_)
    days = steps.at // DAY
    known = {(day - EPOCH.date()).days for day in known_days}
    for day in np.unique(days[clear]).tolist():
        on_day = days == day
        read = len(np.unique(steps.row[on_day]))
        for there in (clear & on_day & (steps.beyond < 0), clear & on_day & (steps.beyond > 0)):
            many = len(np.unique(steps.row[there]))
            if day in known or (many >= MANY and many >= SHARE * read):
                together |= there
    return together


def _back(steps: Steps, place: int) -> int:
    """The place of the step after which the count is again what it was before this one; -1: it has stayed."""
    left = float(steps.beyond[place])
    for later in range(place + 1, len(steps.z)):
        if steps.row[later] != steps.row[place] or steps.at[later] - steps.at[place] > BACK_WITHIN:
            return -1
        left += float(steps.beyond[later])
        if abs(left) <= ALIKE * abs(float(steps.beyond[place])):
            return later
    return -1


def _mark(steps: Steps, place: int, *, together: bool, back: int) -> Mark:
    risen = bool(steps.beyond[place] > 0)
    kind = (COMMON if risen else PURGE) if together else JUMP if back < 0 else ERROR
    return Mark(
        row=int(steps.row[place]),
        kind=kind,
        at=_moment(steps.at[place]),
        before=int(steps.before[place]),
        after=int(steps.after[place]),
        z=float(steps.z[place]),
        until=None if back < 0 or together else _moment(steps.at[back]),
    )


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(micros))


def steps_of(courses: Sequence[Course]) -> Steps:
    """The steps of rows' follower readings."""
    row = np.repeat(np.arange(len(courses)), [len(course.at) for course in courses])
    if not len(row):
        return Steps.of(np.zeros(0, int), np.zeros(0, int), np.zeros(0), rows=len(courses), digits=None)
    at = np.concatenate([course.at for course in courses])
    followers = np.concatenate([course.followers for course in courses])
    return Steps.of(row, at, followers, rows=len(courses), digits=courses[0].digits)
