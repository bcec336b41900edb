"""How a post's counts grow with its age: what will become of a young post's count, and within which range.

Counts grow multiplicatively: log(final ÷ count at an age) is spread alike for small posts and for large ones (Szabo and
Huberman 2008). So a factor for each checkpoint age says what a count has to be multiplied by, its spread says how
surely, and between checkpoints it runs straight over the logarithm of the age. Arithmetic only; rows are elsewhere.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from operator import attrgetter

import numpy as np

from benchmark.metrics.columns import Bools, Floats

COVERS = 0.8  # of the posts end within the range
LEAST = 10  # a smaller count says too little about what is still to come
FEWEST_BY_TEMPO = 30  # posts from which it is learnt how the tempo of a post's growth goes on
WORTH_A_PRIOR = 10  # posts of a network that weigh as much as what is shipped
WORTH_ALL_KINDS = 20  # posts of a kind that weigh as much as all kinds together
FASTEST = 3.0  # times the usual tempo: nothing faster has been seen often enough to go by
APART = 1.2  # an earlier reading tells a tempo if the post was at least so many times older at the later one
OF_PRIOR = (1 / 3, 2.0, 0.1)  # its range: the log factor divided by three, and doubled with a tenth added


@dataclass(frozen=True, slots=True)
class Factor:
    """What a count at one age is multiplied by until it settles, as logarithms: in the middle, and the range's ends.

    With a `slope` it depends on the post's tempo (`tempos`): a tempo above the usual one adds slope x difference.
    """

    hours: float
    posts: int
    middle: float
    low: float
    high: float
    tempo: float = 0.0
    slope: float = 0.0

    def shrunk(self, towards: Factor, *, worth: int) -> Factor:
        """The mean of the two, where the other weighs as much as `worth` posts."""
        weight = self.posts / (self.posts + worth)
        middle, low, high, tempo, slope = (
            weight * ours + (1 - weight) * theirs
            for ours, theirs in (
                (self.middle, towards.middle),
                (self.low, towards.low),
                (self.high, towards.high),
                (self.tempo, towards.tempo),
                (self.slope, towards.slope),
            )
        )
        return replace(self, middle=middle, low=low, high=high, tempo=tempo, slope=slope)


Ends = tuple[float, float, float]  # what a count is multiplied by: in the middle, and the ends of the range


@dataclass(frozen=True, slots=True)
class Range:
    """The same for many counts; NaN where it cannot be told."""

    middle: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """Factors by age, up to the age at which a count has settled. `by_tempo` are those that know the post's tempo."""

    settled: float  # hours
    factors: tuple[Factor, ...]
    by_tempo: tuple[Factor, ...] = ()

    def at(self, hours: Floats, tempo: Floats | None = None) -> Range:
        """The factors at these ages; none before the first age that is known, and 1 from settling on."""
        tempos = repeat(math.nan) if tempo is None else tempo.tolist()
        ends = [self.one(age, its) or (math.nan,) * 3 for age, its in zip(hours.tolist(), tempos, strict=False)]
        return Range(*np.array(ends, dtype=np.float64).reshape(-1, 3).T)

    def one(self, hours: float, tempo: float = math.nan) -> Ends | None:
        """The factors of one post, by its tempo where it is known."""
        by_tempo = None if math.isnan(tempo) else _between(self.by_tempo, self.settled, hours, tempo)
        return by_tempo or _between(self.factors, self.settled, hours, 0.0)

    @property
    def posts(self) -> int:
        """How many posts it was learnt from, at the age at which most are known."""
        return max((factor.posts for factor in self.factors), default=0)


def _between(factors: Sequence[Factor], settled: float, hours: float, tempo: float) -> Ends | None:
    """Straight lines over the logarithm of the age."""
    place = bisect_right(factors, hours, key=attrgetter("hours"))
    if not place or math.isnan(hours):
        return None
    if hours >= settled:
        return 1.0, 1.0, 1.0
    before, after = factors[place - 1], factors[place] if place < len(factors) else None
    if after is None or after.hours >= settled:
        after = Factor(settled, 0, 0.0, 0.0, 0.0)
    part = math.log(hours / before.hours) / math.log(after.hours / before.hours)
    usual = before.tempo + (after.tempo - before.tempo) * part
    slope = before.slope + (after.slope - before.slope) * part
    faster = slope * (min(max(tempo, 0.0), FASTEST * usual) - usual)
    middle, low, high = (
        math.exp(max(start + (end - start) * part + faster, 0.0))
        for start, end in ((before.middle, after.middle), (before.low, after.low), (before.high, after.high))
    )
    return middle, low, high


def prior(ages: Sequence[float], *, half: float, mature: float, settled: float) -> Curve:
    """What is taken for true without history: half of the count at the half-life, 95 % when mature (ages in hours).

    Between the two and beyond, the odds of a count's share of its final grow with a power of the age: so did they in
    the half and three-quarter lives that were published for Facebook and Twitter, and on YouTube.
    """
    power = math.log(0.95 / 0.05) / math.log(mature / half)
    whole = _log_share(settled, half, power)
    factors = []
    for hours in ages:
        middle = whole - _log_share(hours, half, power)
        divided, times, more = OF_PRIOR
        factors.append(Factor(hours, 0, middle, middle * divided, middle * times + more))
    return Curve(settled, tuple(factor for factor in factors if factor.hours < settled))


def _log_share(hours: float, half: float, power: float) -> float:
    return -math.log1p((hours / half) ** -power)


def fit(hours: Floats, counts: Floats, final: Floats) -> list[Factor | None]:
    """The factor at each checkpoint (posts x checkpoints; NaN: not read) out of posts whose final count is known.

    Its age is the middle of the ages at which the posts were truly read. Counts below ten are left out.
    """
    left = _left(counts, final)
    factors: list[Factor | None] = []
    for column in range(counts.shape[1]):
        there = ~np.isnan(left[:, column])
        factors.append(_factor(hours[there, column], left[there, column]) if there.any() else None)
    return factors


def fit_by_tempo(hours: Floats, counts: Floats, final: Floats) -> list[Factor | None]:
    """The same for posts that were read before: how the tempo between the two readings goes on."""
    left, tempo = _left(counts, final), tempos(hours, counts)
    factors: list[Factor | None] = []
    for column in range(counts.shape[1]):
        there = ~np.isnan(left[:, column] + tempo[:, column])
        enough = int(there.sum()) >= FEWEST_BY_TEMPO
        factors.append(_by_tempo(hours[there, column], left[there, column], tempo[there, column]) if enough else None)
    return factors


def tempos(hours: Floats, counts: Floats) -> Floats:
    """How fast each count grew since the reading before: log of the counts' ratio ÷ log of the ages' ratio."""
    tempo = np.full(counts.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ages, sizes = np.log(hours), np.where(counts > 0, np.log(counts), np.nan)
        before, size_before = ages[:, 0].copy(), sizes[:, 0].copy()
        for column in range(1, counts.shape[1]):
            apart = ages[:, column] - before
            tempo[:, column] = np.where(apart >= math.log(APART), (sizes[:, column] - size_before) / apart, np.nan)
            read = ~np.isnan(sizes[:, column])
            before, size_before = _newer(before, ages[:, column], read), _newer(size_before, sizes[:, column], read)
    return tempo


def _newer(before: Floats, now: Floats, read: Bools) -> Floats:
    newer: Floats = np.where(read, now, before)
    return newer


def _left(counts: Floats, final: Floats) -> Floats:
    """log(final ÷ count); NaN where the count is too small or the final one is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = (counts >= LEAST) & (final[:, None] > 0)
        left: Floats = np.where(usable, np.log(final[:, None] / counts), np.nan)
    return left


def _factor(hours: Floats, left: Floats) -> Factor:
    low, middle, high = np.quantile(left, _ENDS, method="weibull")
    return Factor(float(np.median(hours)), len(left), float(middle), float(low), float(high))


_ENDS = ((1 - COVERS) / 2, 0.5, (1 + COVERS) / 2)


def _by_tempo(hours: Floats, left: Floats, tempo: Floats) -> Factor:
    usual = float(np.median(tempo))
    slope = max(_slope(tempo, left), 0.0)
    without = _factor(hours, left - slope * (tempo - usual))
    return replace(without, tempo=usual, slope=slope)


def _slope(tempo: Floats, left: Floats) -> float:
    """The slope of the line of least absolute deviations, by a few rounds of weighted squares."""
    sides = np.column_stack([np.ones(len(tempo)), tempo])
    line = np.linalg.lstsq(sides, left, rcond=None)[0]
    for _ in range(30):
        weight = 1 / np.sqrt(np.maximum(np.abs(left - sides @ line), 1e-4))
        line = np.linalg.lstsq(sides * weight[:, None], left * weight, rcond=None)[0]
    return float(line[1])
