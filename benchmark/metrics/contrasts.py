"""What goes with stronger posts: compared within each profile first, then over profiles.

A profile that posts many videos may be strong for other reasons. So each profile's posts that have something are held
against its own other posts, and only these ratios are put together: their median, with an interval by order statistics,
and a sign test, which both hold whatever the posts are like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.special import bdtr, bdtrik

from benchmark.metrics.asking import array
from benchmark.metrics.base import Metric
from benchmark.metrics.columns import DAY, EPOCH, Bools, Columns, Floats, Ints, ask_columns, ten_digits, whole
from benchmark.metrics.derived import FIRST_WEEKDAY, PARTS_OF_A_DAY, WEEKDAYS
from benchmark.metrics.frame import KINDS, Frame
from benchmark.metrics.per_post import figures_of

FEWEST_POSTS = 5  # with it, and as many without it, for a profile to take part
FEWEST_PROFILES = 6  # with fewer, even the smallest and the largest ratio are no 95 % interval
WRONG = 0.05  # of all contrasts that are told, so many may be none
LEFT_OUT = 0.025
SMALLEST = 1.1  # times as much; less is of no use to anybody

TAGGED = {"post": whole("id")}
TAGGED_FROM = """benchmark_post
 WHERE profile_id = ANY(%(profiles)s::bigint[]) AND published_at >= %(begin)s AND published_at < %(end)s
   AND NOT (hashtags = '{}'::varchar[])"""


@dataclass(frozen=True, slots=True)
class Contrast:
    """How many times as much posts of one sort bring, within profiles.

    `ratios` and `shares` (of the posts, from 0 to 1) are row by row, NaN where a profile has too few posts of either
    sort. `low` and `high` are the ends of the median's 95 % interval; `more` of `n` profiles have a ratio above 1.
    """

    sort: str  # "kind", "weekday", "hours" or "hashtags"
    of: str
    ratios: Floats
    shares: Floats
    median: float
    low: float
    high: float
    more: int
    n: int
    chance: float  # of ratios as one-sided as these, if there were no difference

    @property
    def size(self) -> float:
        """How large the difference is, in either direction alike."""
        return abs(float(np.log(self.median)))


def ask_tagged(frame: Frame) -> Callable[[], Columns]:
    """Ask which posts of the period carry hashtags."""
    profiles = array(source.profile_id for subject in frame.subjects for source in subject.sources)
    return ask_columns(TAGGED, TAGGED_FROM, {"profiles": profiles, "begin": frame.span.begins, "end": frame.span.ends})


def contrasts(frame: Frame, metric: Metric, tagged: Columns, *, zone: str) -> list[Contrast]:
    """The differences that stand out from chance, the largest first; hours and weekdays are those of the zone."""
    posts = frame.posts
    counted = np.flatnonzero(posts.current & posts.mature & ~frame.unknown[posts.row])
    figures = figures_of(metric, posts.columns)[counted]
    logs, row = _logs(figures, posts.row[counted], frame.rows), posts.row[counted]
    there = ~np.isnan(logs)
    logs, row, counted = logs[there], row[there], counted[there]
    sorts = _sorts(frame, counted, tagged, zone)
    found = [
        contrast
        for sort, of, having in sorts
        if (contrast := _contrast((sort, of), logs, row, having, frame.rows)) is not None
    ]
    return sorted(_told(found), key=lambda contrast: (-contrast.size, contrast.sort, contrast.of))


def _logs(figures: Floats, row: Ints, rows: int) -> Floats:
    """Logarithms; a zero counts as half of the row's smallest other figure."""
    smallest = np.full(rows, np.inf)
    positive = figures > 0
    np.minimum.at(smallest, row[positive], figures[positive])
    filled = np.where(positive, figures, np.where(np.isnan(figures), np.nan, smallest[row] / 2))
    with np.errstate(invalid="ignore"):
        logs: Floats = np.where(np.isfinite(filled), np.log(filled), np.nan)
    return logs


def _sorts(frame: Frame, posts: Ints, tagged: Columns, zone: str) -> Iterator[tuple[str, str, Bools]]:
    """Every sort of posts, and which of these posts are of it."""
    local = frame.posts.published[posts] + _offsets(frame.posts.published[posts], zone)
    carry = np.zeros(len(frame.posts), dtype=np.bool_)
    at, _there = frame.posts.places(tagged["post"])
    carry[at] = True
    of: Mapping[str, tuple[Sequence[str], Ints]] = {
        "kind": (KINDS, frame.posts.kind[posts]),
        "weekday": (WEEKDAYS, (local // DAY + FIRST_WEEKDAY) % 7),
        "hours": (PARTS_OF_A_DAY, local % DAY // (DAY // len(PARTS_OF_A_DAY))),
    }
    for sort, (names, places) in of.items():
        yield from ((sort, names[place], places == place) for place in np.unique(places).tolist())
    yield "hashtags", "", carry[posts]


def _offsets(published: Ints, zone: str) -> Ints:
    """What the zone's clock is ahead of UTC, day by day, in microseconds."""
    days, which = np.unique(published // DAY, return_inverse=True)
    clock = ZoneInfo(zone)
    ahead = [(EPOCH + timedelta(days=day, hours=12)).astimezone(clock).utcoffset() for day in days.tolist()]
    return np.array([(each or timedelta()) // timedelta(microseconds=1) for each in ahead], dtype=np.int64)[which]


def _contrast(name: tuple[str, str], logs: Floats, row: Ints, having: Bools, rows: int) -> Contrast | None:
    n_with, n_without = (np.bincount(row[chosen], minlength=rows) for chosen in (having, ~having))
    enough = (n_with >= FEWEST_POSTS) & (n_without >= FEWEST_POSTS)
    n = int(enough.sum())
    if n < FEWEST_PROFILES:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_with, mean_without = (
            np.bincount(row[chosen], weights=logs[chosen], minlength=rows) / count
            for chosen, count in ((having, n_with), (~having, n_without))
        )
        ratios = np.where(enough, np.exp(mean_with - mean_without), np.nan)
        shares = n_with / (n_with + n_without)
    ordered = ten_digits(np.sort(ratios[enough]))
    below = int(np.floor(bdtrik(LEFT_OUT, n, 0.5)))
    more, less = int((ordered > 1).sum()), int((ordered < 1).sum())
    return Contrast(
        *name,
        ratios=ratios,
        shares=shares,
        median=float(ten_digits(np.median(ordered, keepdims=True))[0]),
        low=float(ordered[below]),
        high=float(ordered[n - 1 - below]),
        more=more,
        n=n,
        chance=min(1.0, 2 * float(bdtr(min(more, less), more + less, 0.5))) if more + less else 1.0,
    )


def _told(found: Sequence[Contrast]) -> list[Contrast]:
    """Those that stand out from chance, all of them considered (Benjamini and Hochberg 1995), and are of use."""
    ordered = sorted(contrast.chance for contrast in found)
    passing = [chance for place, chance in enumerate(ordered, start=1) if chance <= WRONG * place / len(ordered)]
    limit = max(passing, default=-1.0)
    return [
        each
        for each in found
        if each.chance <= limit and (each.low > 1 or each.high < 1) and each.size >= float(np.log(SMALLEST))
    ]
