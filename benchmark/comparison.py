"""How rows stand against each other in one metric: ranks, the competitors' middle, and where we are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.base import Better, Metric
from benchmark.metrics.columns import Floats, Ints
from benchmark.metrics.figures import Figures
from benchmark.metrics.reasons import ESTIMATED


@dataclass(frozen=True, slots=True)
class Standing:
    """One metric's comparison, row by row. Only rows of one league are compared with each other.

    `middle`, `mean` and `n` are about the competitors of the most frequent league, `basis` is theirs; `league` says
    which rows may be held against them.
    """

    values: list[float]
    ranks: list[int | None]
    of: list[int | None]
    middle: float | None
    mean: float | None
    n: int
    basis: str | None
    league: Hashable

    def known(self, row: int) -> bool:
        return not math.isnan(self.values[row])


def compare(metrics: Sequence[Metric], figures: Sequence[Figures], own: Sequence[bool]) -> list[Standing]:
    """Each metric's standing. Rank 1, 1, 3 among rows of the same basis; median and mean over the competitors."""
    if not metrics:
        return []
    signs = np.array([-1.0 if metric.better is Better.LOWER else 1.0 for metric in metrics])
    values = np.array([each.value for each in figures])
    leagues = np.array([_numbered(each.leagues) for each in figures], dtype=np.int64)
    ranks, of = _ranks(values * signs[:, None], leagues)
    competitors = [row for row, ours in enumerate(own) if not ours]
    return [
        _standing(*row, competitors)
        for row in zip(figures, values.tolist(), _known(ranks, values), _known(of, values), strict=True)
    ]


def apart(low: float, high: float, other: float) -> bool:
    """Whether a figure lies outside an interval; without an interval nothing can be told apart."""
    return not (math.isnan(low) or math.isnan(high) or low <= other <= high)


def rounded(value: float | None) -> float | None:
    """One figure with 10 significant digits, like all others."""
    return None if value is None else float(f"{value:.10g}")


def _ranks(values: Floats, leagues: Ints) -> tuple[Ints, Ints]:
    """One more than how many of the same league are better, and how large the league is: metrics x rows."""
    mates = (leagues[:, :, None] == leagues[:, None, :]) & ~np.isnan(values)[:, None, :]
    better = mates & (values[:, None, :] > values[:, :, None])
    return better.sum(axis=2) + 1, mates.sum(axis=2)


def _known(numbers: Ints, values: Floats) -> list[list[int | None]]:
    known = numbers.astype(object)
    known[np.isnan(values)] = None
    listed: list[list[int | None]] = known.tolist()
    return listed


def _numbered(leagues: Sequence[Hashable]) -> list[int]:
    numbers = {league: number for number, league in enumerate(dict.fromkeys(leagues))}
    return [numbers[league] for league in leagues]


def _standing(
    figures: Figures,
    values: list[float],
    ranks: list[int | None],
    of: list[int | None],
    competitors: Sequence[int],
) -> Standing:
    # Of estimates there is no middle: it would be a bare number, without a range of its own.
    ranked = [row for row in competitors if ranks[row] is not None and figures.bases[row] != ESTIMATED]
    league = _most_frequent([figures.leagues[row] for row in ranked])
    peers = [row for row in ranked if figures.leagues[row] == league]
    theirs = sorted(values[row] for row in peers)
    return Standing(
        values=values,
        ranks=ranks,
        of=of,
        middle=(theirs[(len(theirs) - 1) // 2] + theirs[len(theirs) // 2]) / 2 if theirs else None,
        mean=math.fsum(theirs) / len(theirs) if theirs else None,
        n=len(peers),
        basis=figures.bases[peers[0]] if peers else None,
        league=league,
    )


def _most_frequent(leagues: Sequence[Hashable]) -> Hashable:
    """The league with the most rows; of equals the one that comes first."""
    if len(set(leagues)) < 2:
        return leagues[0] if leagues else None
    return Counter(leagues).most_common(1)[0][0]
