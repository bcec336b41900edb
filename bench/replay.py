"""How wrong the figures shown are for the requests spent: our schedule beside fixed polling, on published series.

A series is what somebody has read of one count at equal steps. A reading costs one request, and shows the count as it
stood at that step; it is shown until the next reading. Just before each step, what is shown is compared with what the
step will bring: the error is the difference as a share of the true count, the mean over all steps of all series.

Fixed polling reads each series at its first step and at every so many after it. Ours reads each at its first step
too, and then when `schedule.allot` says, knowing only what it has read so far. Nothing is read between the steps, and
nothing is shown that was not read: only *when* the same number of requests is spent differs.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np

from benchmark import schedule
from benchmark.schedule import Demand

EVERY = (1, 2, 3, 6, 12)
FOLLOWERS, POSTS = "followers", "posts that still move"
HALVINGS = 16  # of the range in which the budget lies that costs as much as fixed polling
LONGEST = 4096.0  # hours between visits: a budget that leaves the first readings alone

BEFORE_THE_LIST = timedelta(hours=12)  # how old a post is when it is first seen, where that is not said


@dataclass(frozen=True, slots=True)
class Series:
    """One count of one profile or post, as read at every step. No count is 0."""

    of: str
    step: timedelta
    moments: tuple[datetime, ...]
    counts: tuple[int, ...]

    def pace(self, read: Sequence[int]) -> float:
        """What the schedule expects of it after the readings at these places."""
        readings = [(self.moments[place], self.counts[place]) for place in read[-schedule.READINGS_THAT_COUNT :]]
        if self.of == POSTS:
            return schedule.post_pace(self.moments[0] - BEFORE_THE_LIST, readings)
        return schedule.follower_pace(readings)

    def errors(self, read: Iterable[int]) -> Iterator[float]:
        """What was wrong just before each step, if it was read at these places."""
        for place, until in pairwise([*read, len(self.counts) - 1]):
            yield from (abs(true - self.counts[place]) / true for true in self.counts[place + 1 : until + 1])


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way of reading costs, and how wrong the figures are that it shows: the mean over all steps."""

    requests: float
    error: float

    @classmethod
    def of(cls, series: Sequence[Series], reads: Iterable[Sequence[int]]) -> Cost:
        read = list(reads)
        errors = [error for one, places in zip(series, read, strict=True) for error in one.errors(places)]
        return cls(sum(map(len, read)), float(np.mean(errors)))


# --- three ways of reading -------------------------------------------------------------------------------------------


def read_at_fixed_steps(series: Sequence[Series], every: int) -> list[Sequence[int]]:
    """Each series at its first step, and at every so many after it."""
    return [range(0, len(one.counts) - 1, every) for one in series]


def fixed(series: Sequence[Series], every: int) -> Cost:
    """What fixed polling costs."""
    return Cost.of(series, read_at_fixed_steps(series, every))


def fixed_from_any_start(series: Sequence[Series], every: int) -> Cost:
    """The same in the mean over all steps at which the second reading may lie: the luck of the hour averaged out."""
    costs = [
        Cost.of(series, [[0, *range(start, len(one.counts) - 1, every)] for one in series])
        for start in range(1, every + 1)
    ]
    return Cost(float(np.mean([cost.requests for cost in costs])), float(np.mean([cost.error for cost in costs])))


def read_when_due(series: Sequence[Series], equal: float) -> list[list[int]]:
    """Each series when it is due, with a budget that leaves each a visit every `equal` hours if all waited equally."""
    read: list[list[int]] = [[] for _ in series]
    due = [one.moments[0] for one in series]
    demands: dict[int, Demand] = {}
    for moment, rows in steps_of(series):
        visited = [(number, place) for number, place in rows if due[number] <= moment]
        for number, place in rows:
            if place == len(series[number].counts) - 1:
                demands.pop(number, None)  # no longer in the set
        for number, place in visited:
            one = series[number]
            if place < len(one.counts) - 1:
                read[number].append(place)
                demands[number] = Demand(one.pace(read[number]), wanted=one.step)
        waits = dict(
            zip(demands, schedule.allot(list(demands.values()), calls_per_hour=len(demands) / equal), strict=True)
            if visited
            else ()
        )
        for number, _ in visited:
            if number in waits:  # due between two steps, it was read late: that is not added to the next wait
                late = moment - due[number]
                due[number] = moment + waits[number] - (late if late < series[number].step else timedelta(0))
    return read


def steps_of(series: Sequence[Series]) -> Iterator[tuple[datetime, list[tuple[int, int]]]]:
    """Every moment at which something can be read: which series, and which of its steps that is."""
    rows = sorted(
        (moment, number, place) for number, one in enumerate(series) for place, moment in enumerate(one.moments)
    )
    for moment, together in groupby(rows, key=itemgetter(0)):
        yield moment, [(number, place) for _, number, place in together]


def ours(series: Sequence[Series], requests: float) -> list[list[int]]:
    """What our schedule reads with the budget that spends as much as it can of so many requests."""
    few, many = LONGEST, 0.5
    best = read_when_due(series, few)
    for _ in range(HALVINGS):
        equal = (few * many) ** 0.5
        read = read_when_due(series, equal)
        if sum(map(len, read)) > requests:
            many = equal
        else:
            few, best = equal, max(best, read, key=lambda reads: sum(map(len, reads)))
    return best


def in_hindsight(series: Sequence[Series], requests: float) -> float:
    """The least error that so many requests can buy: what somebody would do who knew each series to its end."""
    low, high = 1e-9, 1e3  # the price of a request, in errors
    best = _bought(series, high)
    for _ in range(2 * HALVINGS):
        price = (low * high) ** 0.5
        cost = _bought(series, price)
        if cost.requests > requests:
            low = price
        else:
            high, best = price, cost
    return best.error


def _bought(series: Sequence[Series], price: float) -> Cost:
    """The readings that are worth their price in hindsight."""
    requests, wrong, steps = 0, 0.0, 0
    for one in series:
        counts = np.array(one.counts, dtype=float)
        total = np.full(len(counts), np.inf)
        total[0] = 0
        number = np.zeros(len(counts), dtype=int)
        for place in range(len(counts) - 1):
            until = total[place] + price + np.cumsum(np.abs(counts[place + 1 :] - counts[place]) / counts[place + 1 :])
            better = place + 1 + np.flatnonzero(until < total[place + 1 :])
            total[better] = until[better - place - 1]
            number[better] = number[place] + 1
        requests += int(number[-1])
        wrong += float(total[-1] - price * number[-1])
        steps += len(counts) - 1
    return Cost(requests, wrong / steps)


# --- the published series --------------------------------------------------------------------------------------------


def data_folder() -> Path | None:
    """Where the published series are: in SHARED_DATA, else in the folder `shared` beside the checkout."""
    folder = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[2] / "shared") / "data"
    return folder if folder.is_dir() else None


def load(folder: Path) -> dict[str, list[Series]]:
    """Every set, by its name."""
    return {name: read(folder / name) for name, read in SETS.items()}


def telegram(folder: Path) -> list[Series]:
    """Subscribers every four hours. A channel that was renamed goes on under another id."""
    return _series(
        FOLLOWERS,
        timedelta(hours=4),
        (
            ({"25": "27"}.get(row["channel_id"], row["channel_id"]), _utc(row["datetime"]), row["subs_cnt"])
            for row in _rows(folder / "subscribers.csv.gz")
        ),
    )


def instagram(folder: Path) -> list[Series]:
    """Followers every hour."""
    rows = _rows(folder / "followers.csv")
    return _series(
        FOLLOWERS, timedelta(hours=1), ((row["username"], _utc(row["timestamp"]), row["followers"]) for row in rows)
    )


def idols(folder: Path) -> list[Series]:
    """Followers every day on four networks."""
    rows = _rows(folder / "follower_history.csv")
    return _series(
        FOLLOWERS,
        timedelta(days=1),
        ((f"{row['Idol_Name']} {row['Platform']}", _utc(row["Date"]), row["Follower_Count"]) for row in rows),
    )


def youtube(folder: Path) -> list[Series]:
    """Subscribers every day, rounded to three digits."""
    rows = _rows(folder / "daily_snapshots.csv")
    return _series(
        FOLLOWERS, timedelta(days=1), ((row["channel_id"], _utc(row["date_utc"]), row["subscribers"]) for row in rows)
    )


def trending(folder: Path) -> list[Series]:
    """Views of videos on each day on which they were on the list. A spreadsheet has made one id of several videos."""
    rows = (row for row in _rows(folder / "GBvideos.csv.gz") if row["video_id"] != "#NAME?")
    return _series(POSTS, timedelta(days=1), ((row["video_id"], _day_of(row["date"]), row["views"]) for row in rows))


SETS: dict[str, Callable[[Path], list[Series]]] = {
    "telegram_channels_2025": telegram,
    "instagram_hourly_followers_2026": instagram,
    "idol_followers_4networks_2026": idols,
    "youtube_tech_channels_2026": youtube,
    "youtube_trending_gb_2017": trending,
}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else path.open(newline="")
    with opened as lines:
        yield from csv.DictReader(lines)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day_of(text: str) -> datetime:
    """A day of September or October 2017, written as a number: `13.09`, but `1.1` is 1 October and `10.1` the 10th."""
    found = re.match(r"(\d+)\.(\d\d?)", text)
    if found is None:
        raise ValueError(f"{text} is no day of this set.")
    return datetime(2017, 9 if found[2] == "09" else 10, int(found[1]), tzinfo=UTC)


def _series(of: str, step: timedelta, rows: Iterable[tuple[str, datetime, str]]) -> list[Series]:
    """One series per key, in the order of time; of two readings within half a step the first, and no zeros."""
    readings: defaultdict[str, dict[int, int]] = defaultdict(dict)
    start = datetime(2000, 1, 1, tzinfo=UTC)
    for key, moment, count in rows:
        if int(count):
            readings[key].setdefault(round((moment - start) / step), int(count))
    found = (sorted(places.items()) for places in readings.values())
    return [
        Series(of, step, tuple(start + place * step for place, _ in places), tuple(count for _, count in places))
        for places in found
        if len(places) > 1
    ]
