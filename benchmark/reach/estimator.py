"""A fit with everything that makes its estimates trustworthy: range, back-test, limits. Kept as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmark.metrics.columns import Bools, Floats
from benchmark.models import TriedOn
from benchmark.networks.base import Network
from benchmark.reach.posts import Measured, Seen
from benchmark.reach.regression import Curve, averaged
from benchmark.reach.signals import Signals, signals_of
from benchmark.reach.trial import Trial, tried

FEWEST = 12  # posts with a known reach; with fewer nothing is fitted
STEPS = 20  # in which the misses are kept, for the median of several posts
VERSION = 1  # of what is kept: a row of another one is fitted anew before it is read
DIGITS = 9  # significant, in the kept numbers


@dataclass(frozen=True, slots=True)
class Estimates:
    """Reach per post with its 80 % range; NaN where `outside` or `hidden` says why there is none."""

    reach: Floats
    low: Floats
    high: Floats
    hidden: Bools
    outside: Bools

    def where(self, chosen: Bools) -> Estimates:
        """Only those of these posts."""
        return Estimates(
            self.reach[chosen], self.low[chosen], self.high[chosen], self.hidden[chosen], self.outside[chosen]
        )


@dataclass(frozen=True, slots=True)
class Estimator:
    """What estimates the reach of posts from what everybody can see of them.

    `low` and `high` are logarithms of the factors around an estimate; `misses` are how true reach is spread around it.
    """

    signals: Signals
    curves: tuple[Curve, ...]  # added up; each sees the first signals, as many as it knows: kinds come last
    low: float
    high: float
    misses: Floats

    def __call__(self, seen: Seen) -> Estimates:
        """An estimate for each post, unless it is unlike all that the fit has seen."""
        hidden = self.signals.hidden(seen)
        outside = ~hidden & self.signals.outside(seen)
        known = ~(hidden | outside)
        middle = np.full(len(seen), np.nan)
        if known.any():
            middle[known] = self._logs(seen.where(known))
        reach, low, high = (np.exp(middle + by) for by in (0.0, self.low, self.high))
        return Estimates(reach, low, high, hidden, outside)

    def _logs(self, seen: Seen) -> Floats:
        table = self.signals.table(seen)
        logs = self.signals.suggested(seen)
        for curve in self.curves:
            logs = logs + curve(table[:, : len(curve.slopes)])
        return logs

    def packed(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "version": VERSION,
            "signals": self.signals.packed(),
            "curves": [_packed(curve) for curve in self.curves],
            "low": self.low,
            "high": self.high,
            "misses": _kept(self.misses),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> Estimator:
        """The way back."""
        return cls(
            signals=Signals.unpacked(packed["signals"]),
            curves=tuple(map(_unpacked, packed["curves"])),
            low=packed["low"],
            high=packed["high"],
            misses=np.array(packed["misses"], dtype=np.float64),
        )


def _packed(curve: Curve) -> dict[str, Any]:
    return {
        "centre": _kept(curve.centre),
        "spread": _kept(curve.spread),
        "level": curve.level,
        "slopes": _kept(curve.slopes),
        "landmarks": [_kept(landmark) for landmark in curve.landmarks],
        "bends": [[width, _kept(bends)] for width, bends in curve.bends.items()],
    }


def _unpacked(packed: Mapping[str, Any]) -> Curve:
    slopes = np.array(packed["slopes"], dtype=np.float64)
    return Curve(
        centre=np.array(packed["centre"], dtype=np.float64),
        spread=np.array(packed["spread"], dtype=np.float64),
        level=packed["level"],
        slopes=slopes,
        landmarks=np.array(packed["landmarks"], dtype=np.float64).reshape(-1, len(slopes)),
        bends={width: np.array(bends, dtype=np.float64) for width, bends in packed["bends"]},
    )


def _kept(numbers: Floats) -> list[float]:
    return [float(f"{number:.{DIGITS}g}") for number in numbers.tolist()]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit of these posts, and how it did on posts that it had not seen."""

    estimator: Estimator
    trial: Trial
    posts: Measured


def fitted(posts: Measured, network: Network, tried_on: TriedOn | None = None) -> Fitted | None:
    """The best fit that these posts allow; None where they are too few, or nothing is public to tell reach from."""
    found = signals_of(posts.different(), network)
    if found is None:
        return None
    signals, usable = found
    if len(usable) < FEWEST:
        return None
    trial = tried(usable, signals, tried_on)
    around = _around(trial)
    if around is None:
        return None
    parts = (np.arange(STEPS) + 0.5) / STEPS
    misses = np.quantile(trial.misses, parts)
    return Fitted(Estimator(signals, tuple(_curves(trial, usable)), *around, misses), trial, usable)


def _curves(trial: Trial, posts: Measured) -> Iterator[Curve]:
    """The candidates' curves, weighed: one for those that are blind to kinds, one for those that see them."""
    weighed = list(zip(trial.candidates, trial.weights.tolist(), strict=True))
    for sees_kinds in (False, True):
        alike = [(each.fit(posts), weight) for each, weight in weighed if bool(each.signals.told_apart) is sees_kinds]
        if alike:
            yield averaged(*zip(*alike, strict=True))


def _around(trial: Trial) -> tuple[float, float] | None:
    """The range; where reach drifts, wide enough for the latest posts as well."""
    usual, recent = trial.range(), trial.recent()
    lately = trial.around(recent[0]) if recent is not None and trial.drifts() else None
    if usual is None or lately is None:
        return usual
    return min(usual[0], lately[0]), max(usual[1], lately[1])
