"""How wrong the figures shown are for the requests spent: our schedule beside fixed polling, on published series.

A series is what somebody has read of one count at equal steps. A reading costs one request and shows the count as it
stood at that step, until the next reading. Just before each step, what is shown is compared with what that step will
bring: the error is the difference as a share of the true count, in the mean over all steps of all series.

Fixed polling reads each series at its first step and at every so many after it. Ours reads each at its first step
too, and then when `schedule.allot` says, knowing nothing but what it has read so far. Nobody reads between the steps,
and nothing is shown that was not read: only when the same number of requests is spent makes a difference.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import numpy as np

from benchmark import schedule
from benchmark.schedule import HOUR, Demand

EVERY = (1, 2, 3, 6, 12)
FOLLOWERS, POSTS = "followers", "posts that still move"
BEFORE_THE_LIST = timedelta(hours=12)  # how old a post was when it was first read, where nobody has said
HALVINGS = 16  # of a range of budgets or prices
TIGHTEST, AMPLEST = timedelta(days=170), timedelta(minutes=30)  # equal intervals: far too long, and every step
CHEAPEST, DEAREST = 1e-9, 1e3  # of a request, in errors

Places = Sequence[int]  # the steps of one series at which it is read


@dataclass(frozen=True, slots=True)
class Series:
    """One count of one profile or post, as read at every step. No count is 0."""

    of: str
    step: timedelta
    moments: tuple[datetime, ...]
    counts: tuple[int, ...]

    @property
    def end(self) -> int:
        """The last step, which nothing follows that a reading could be wrong about."""
        return len(self.counts) - 1

    def pace(self, read: Places) -> float:
        """What the schedule expects of it after it was read at these steps."""
        readings = [(self.moments[place], self.counts[place]) for place in read[-schedule.READINGS_THAT_COUNT :]]
        if self.of == POSTS:
            return schedule.post_pace(self.moments[0] - BEFORE_THE_LIST, readings)
        return schedule.follower_pace(readings)

    def errors(self, read: Places) -> Iterator[float]:
        """How wrong what is shown is just before each step, if it is read at these."""
        for place, until in pairwise([*read, self.end]):
            yield from (abs(true - self.counts[place]) / true for true in self.counts[place + 1 : until + 1])


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way of reading spends, and how wrong the figures are that it shows."""

    requests: float
    error: float

    @classmethod
    def of(cls, series: Sequence[Series], reads: Sequence[Places]) -> Cost:
        errors = [error for one, places in zip(series, reads, strict=True) for error in one.errors(places)]
        return cls(_requests(reads), float(np.mean(errors)))


def _requests(reads: Iterable[Places]) -> int:
    return sum(map(len, reads))


# --- fixed polling ---------------------------------------------------------------------------------------------------


def at_fixed_steps(series: Sequence[Series], every: int) -> list[Places]:
    """Each series at its first step, and at every so many after it."""
    return [range(0, one.end, every) for one in series]


def from_any_start(series: Sequence[Series], every: int) -> Cost:
    """Fixed polling in the mean over all steps at which its second reading may lie, so that no hour is lucky."""
    starts = range(1, every + 1)
    costs = [Cost.of(series, [[0, *range(start, one.end, every)] for one in series]) for start in starts]
    return Cost(float(np.mean([cost.requests for cost in costs])), float(np.mean([cost.error for cost in costs])))


# --- ours ------------------------------------------------------------------------------------------------------------

Pace = Callable[[Series, Places], float]


def all_alike(_series: Series, _read: Places) -> float:
    """A pace that tells nothing apart: then everybody waits equally long."""
    return 1.0


def ours(series: Sequence[Series], requests: float, *, pace: Pace = Series.pace) -> list[list[int]]:
    """What our schedule reads with the budget that spends as much as it can of so many requests."""
    steps = list(steps_of(series))
    longer, shorter = TIGHTEST, AMPLEST
    best = read_when_due(series, steps, equal=longer, pace=pace)
    for _ in range(HALVINGS):
        equal = HOUR * ((longer / HOUR) * (shorter / HOUR)) ** 0.5
        reads = read_when_due(series, steps, equal=equal, pace=pace)
        if _requests(reads) > requests:
            shorter = equal
        else:
            longer, best = equal, max(best, reads, key=_requests)
    return best


Step = tuple[datetime, list[tuple[int, int]]]  # a moment, and the series and steps that can be read at it


def steps_of(series: Sequence[Series]) -> Iterator[Step]:
    """Every moment at which something can be read, in the order of time."""
    moments = [(moment, number, place) for number, one in enumerate(series) for place, moment in enumerate(one.moments)]
    for moment, together in groupby(sorted(moments), key=itemgetter(0)):
        yield moment, [(number, place) for _, number, place in together]


def read_when_due(
    series: Sequence[Series], steps: Iterable[Step], *, equal: timedelta, pace: Pace = Series.pace
) -> list[list[int]]:
    """Each series when it is due, with a budget that would do for a visit of each every `equal`."""
    reads: list[list[int]] = [[] for _ in series]
    due = [one.moments[0] for one in series]
    demands: dict[int, Demand] = {}  # of the series that have begun and not ended
    for moment, rows in steps:
        for number, place in rows:
            if place == series[number].end:
                demands.pop(number, None)
        visited = [number for number, place in rows if place < series[number].end and due[number] <= moment]
        places = dict(rows)
        for number in visited:
            reads[number].append(places[number])
            demands[number] = Demand(pace(series[number], reads[number]), wanted=series[number].step)
        if visited:
            waits = schedule.allot(list(demands.values()), calls_per_hour=len(demands) / (equal / HOUR))
            wait = dict(zip(demands, waits, strict=True))
            for number in visited:
                due[number] = on_time(due[number], moment, series[number].step) + wait[number]
    return reads


def on_time(due: datetime, moment: datetime, step: timedelta) -> datetime:
    """When a visit would have been made that had to wait for the next step: a worker looks every minute."""
    return due if moment - due < step else moment


# --- the best that there is ------------------------------------------------------------------------------------------


def in_hindsight(series: Sequence[Series], requests: float) -> Cost:
    """The least error that so many requests can buy: what somebody would read who knew each series to its end."""
    low, high = CHEAPEST, DEAREST
    best = _worth(series, price=high)
    for _ in range(2 * HALVINGS):
        price = (low * high) ** 0.5
        cost = _worth(series, price=price)
        if cost.requests > requests:
            low = price
        else:
            high, best = price, cost
    return best


def _worth(series: Sequence[Series], *, price: float) -> Cost:
    """The readings that save more error than they cost."""
    requests, wrong = 0, 0.0
    for one in series:
        counts = np.array(one.counts, dtype=float)
        least, number = np.full(len(counts), np.inf), np.zeros(len(counts), dtype=int)
        least[0] = 0
        for place in range(one.end):
            later = counts[place + 1 :]
            total = least[place] + price + np.cumsum(np.abs(later - counts[place]) / later)
            better = place + 1 + np.flatnonzero(total < least[place + 1 :])
            least[better] = total[better - place - 1]
            number[better] = number[place] + 1
        requests += int(number[-1])
        wrong += float(least[-1] - price * number[-1])
    return Cost(requests, wrong / sum(one.end for one in series))


# --- side by side ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve: fixed polling at every so many steps, and what its requests buy otherwise."""

    every: int
    fixed: Cost
    ours: Cost
    in_hindsight: Cost
    from_any_start: Cost
    ours_beside_any_start: Cost

    @property
    def ratio(self) -> float:
        """Our error beside that of fixed polling."""
        return self.ours.error / self.fixed.error

    @property
    def ratio_to_any_start(self) -> float:
        return self.ours_beside_any_start.error / self.from_any_start.error

    @property
    def least_ratio(self) -> float:
        """That of somebody who knows the future."""
        return self.in_hindsight.error / self.fixed.error


def curve(series: Sequence[Series]) -> Iterator[Point]:
    """A set by itself: whatever requests its own fixed polling spends."""
    for every in EVERY:
        fixed, any_start = Cost.of(series, at_fixed_steps(series, every)), from_any_start(series, every)
        yield Point(
            every,
            fixed,
            Cost.of(series, ours(series, fixed.requests)),
            in_hindsight(series, fixed.requests),
            any_start,
            Cost.of(series, ours(series, any_start.requests)),
        )


@dataclass(frozen=True, slots=True)
class Together:
    """What one budget for everything means for one part of it: a set, or all followers."""

    every: int
    part: str
    fixed: Cost
    all_alike: Cost
    ours: Cost


def curve_together(sets: Mapping[str, Sequence[Series]]) -> Iterator[Together]:
    """All sets out of one budget: what fixed polling of them all spends goes to where counts move.

    Fixed polling goes by the steps of each set; beside it stands a schedule by which all wait equally many hours.
    """
    series = [one for found in sets.values() for one in found]
    numbers = iter(range(len(series)))
    parts = {name: [next(numbers) for _ in found] for name, found in sets.items()}
    parts |= {FOLLOWERS: [number for number, one in enumerate(series) if one.of == FOLLOWERS]}
    for every in EVERY:
        fixed = at_fixed_steps(series, every)
        ways = (fixed, ours(series, _requests(fixed), pace=all_alike), ours(series, _requests(fixed)))
        for part, chosen in parts.items():
            costs = [Cost.of([series[n] for n in chosen], [reads[n] for n in chosen]) for reads in ways]
            yield Together(every, part, *costs)


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
            ({"25": "27"}.get(row["channel_id"], row["channel_id"]), utc(row["datetime"]), row["subs_cnt"])
            for row in rows_of(folder / "subscribers.csv.gz")
        ),
    )


def instagram(folder: Path) -> list[Series]:
    """Followers every hour."""
    rows = rows_of(folder / "followers.csv")
    return _series(
        FOLLOWERS, timedelta(hours=1), ((row["username"], utc(row["timestamp"]), row["followers"]) for row in rows)
    )


def idols(folder: Path) -> list[Series]:
    """Followers every day on four networks."""
    rows = rows_of(folder / "follower_history.csv")
    return _series(
        FOLLOWERS,
        timedelta(days=1),
        ((f"{row['Idol_Name']} {row['Platform']}", utc(row["Date"]), row["Follower_Count"]) for row in rows),
    )


def youtube(folder: Path) -> list[Series]:
    """Subscribers every day, rounded to three digits."""
    rows = rows_of(folder / "daily_snapshots.csv")
    return _series(
        FOLLOWERS, timedelta(days=1), ((row["channel_id"], utc(row["date_utc"]), row["subscribers"]) for row in rows)
    )


def trending(folder: Path) -> list[Series]:
    """Views of videos on each day on which they were on the list. A spreadsheet has made one id of several videos."""
    rows = (row for row in rows_of(folder / "GBvideos.csv.gz") if row["video_id"] != "#NAME?")
    return _series(POSTS, timedelta(days=1), ((row["video_id"], day_of(row["date"]), row["views"]) for row in rows))


SETS: dict[str, Callable[[Path], list[Series]]] = {
    "telegram_channels_2025": telegram,
    "instagram_hourly_followers_2026": instagram,
    "idol_followers_4networks_2026": idols,
    "youtube_tech_channels_2026": youtube,
    "youtube_trending_gb_2017": trending,
}


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with _opened(path) as lines:
        yield from csv.DictReader(lines)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(text: str) -> datetime:
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
