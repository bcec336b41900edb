"""Followers at any moment, out of the readings that there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from benchmark.metrics.asking import array
from benchmark.metrics.columns import DAY, Bools, Columns, Floats, Ints, ask_columns, count, moment, whole

STANDS = DAY  # a first or last reading stands for a day before and after it
NEAR = 7 * DAY  # growth is measured between readings at most this far apart

COLUMNS = {"profile": whole("profile_id"), "at": moment("read_at"), "followers": count("followers")}

# The readings of the period and a margin, and the ones next to it on either side, however far away they are.
READINGS = """(
    SELECT profile_id, read_at, followers FROM benchmark_profilereading
     WHERE profile_id = ANY(%(profiles)s::bigint[]) AND read_at BETWEEN %(begin)s AND %(end)s AND followers IS NOT NULL
    UNION ALL
    SELECT asked.id, before.read_at, before.followers FROM unnest(%(profiles)s::bigint[]) AS asked (id)
     CROSS JOIN LATERAL
           (SELECT read_at, followers FROM benchmark_profilereading
             WHERE profile_id = asked.id AND read_at < %(begin)s AND followers IS NOT NULL
             ORDER BY read_at DESC LIMIT 1) AS before
    UNION ALL
    SELECT asked.id, after.read_at, after.followers FROM unnest(%(profiles)s::bigint[]) AS asked (id)
     CROSS JOIN LATERAL
           (SELECT read_at, followers FROM benchmark_profilereading
             WHERE profile_id = asked.id AND read_at > %(end)s AND followers IS NOT NULL
             ORDER BY read_at LIMIT 1) AS after
) AS readings"""


@dataclass(frozen=True, slots=True)
class Edge:
    """Followers at one moment, strictly: between what ends they lie, or the reason why they cannot be told."""

    value: float = float("nan")
    highest: float = float("nan")  # the true count where the network rounds down; else the same
    reason: str | None = None
    reading: float = float("nan")  # the count last read, and what the value has beyond it
    beyond: float = float("nan")

    def since(self, earlier: Edge) -> float:
        """How many more than at an earlier one: a part of a follower among millions keeps all its digits."""
        return (self.reading - earlier.reading) + (self.beyond - earlier.beyond)


@dataclass(frozen=True, slots=True)
class Course:
    """One row's follower readings in the order of time."""

    at: Ints
    followers: Floats
    digits: int | None = None  # significant digits to which the network rounds down

    def when(self, moments: Ints) -> tuple[Floats, Bools]:
        """Followers at moments, and which of them are of another time.

        Linear between readings, however far apart; before the first reading the earliest known, after the last one
        the last known. Of another time: before the first, or more than seven days after the last.
        """
        if not len(self.at):
            return np.full(len(moments), np.nan), np.zeros(len(moments), dtype=np.bool_)
        followers = np.interp(moments, self.at, self.followers)
        return followers, (moments < self.at[0]) | (moments > self.at[-1] + NEAR)

    def edge(self, moment: int) -> Edge:
        """Followers at the beginning or the end of a period, as growth needs them."""
        if not len(self.at):
            return Edge(reason="followers_not_known")
        after = int(self.at.searchsorted(moment))  # the first reading at this moment or later
        before = after - 1
        if after < len(self.at) and (self.at[after] == moment or (after == 0 and self.at[0] - moment <= STANDS)):
            return self._edge(after, after, 0.0)
        if after == len(self.at) and moment - self.at[before] <= STANDS:
            return self._edge(before, before, 0.0)
        if after in {0, len(self.at)}:
            return Edge(reason="followers_not_read_then")
        gap = int(self.at[after] - self.at[before])
        if gap > NEAR:
            return Edge(reason="readings_too_far_apart")
        return self._edge(before, after, (moment - int(self.at[before])) / gap)

    def readings_between(self, begin: int, end: int) -> int:
        """How many readings were taken from one moment to another."""
        return int(self.at.searchsorted(end, side="right") - self.at.searchsorted(begin))

    def highest(self, followers: float) -> float:
        """The largest true count behind a number that was rounded down."""
        if self.digits is None or not followers >= 10**self.digits:
            return followers
        step = 10 ** (len(str(int(followers))) - self.digits)
        return float(followers // step * step + step - 1) if followers % step == 0 else followers

    def _edge(self, before: int, after: int, part: float) -> Edge:
        first, last = float(self.followers[before]), float(self.followers[after])
        top_first, top_last = self.highest(first), self.highest(last)
        beyond = (last - first) * part
        return Edge(first + beyond, top_first + (top_last - top_first) * part, reading=first, beyond=beyond)


def ask_courses(
    sources: Sequence[Sequence[int]], *, begin: datetime, end: datetime, digits: int | None
) -> Callable[[], list[Course]]:
    """Ask for the readings of each row, whose profiles are given."""
    profiles = [profile for row in sources for profile in row]
    answer = ask_columns(COLUMNS, READINGS, {"profiles": array(profiles), "begin": begin, "end": end})
    return lambda: _courses(sources, answer(), digits)


def _courses(sources: Sequence[Sequence[int]], found: Columns, digits: int | None) -> list[Course]:
    """Each row's readings; where two were taken at one moment, the one of the first profile."""
    rows = {profile: (row, place) for row, profiles in enumerate(sources) for place, profile in enumerate(profiles)}
    profiles = np.array(sorted(rows), dtype=np.int64)
    belongs = np.array([rows[profile] for profile in profiles.tolist()], dtype=np.int64).reshape(-1, 2)
    row, place = belongs[np.searchsorted(profiles, found["profile"])].T
    order = np.lexsort((place, found["at"], row))
    row, at = row[order], found["at"][order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (row[1:] != row[:-1]) | (at[1:] != at[:-1])
    row, at, followers = row[first], at[first], found["followers"][order][first].astype(np.float64)
    ends = np.searchsorted(row, np.arange(len(sources) + 1))
    return [Course(at[begin:end], followers[begin:end], digits) for begin, end in pairwise(ends.tolist())]
