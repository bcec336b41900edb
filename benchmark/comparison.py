"""How rows stand against each other in one metric: ranks, the competitors' middle, and where we are."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from benchmark.metrics.base import Better, Metric
from benchmark.metrics.columns import ten_digits
from benchmark.metrics.figures import Figures


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


def compare(metric: Metric, figures: Figures, own: Sequence[bool]) -> Standing:
    """Rank 1, 1, 3 among rows of the same basis; median and mean over the competitors."""
    values = ten_digits(figures.value).tolist()
    ranks, of = _ranks(values, figures.leagues, lower_first=metric.better is Better.LOWER)
    competitors = [row for row, ours in enumerate(own) if not ours and not math.isnan(values[row])]
    league = _most_frequent([figures.leagues[row] for row in competitors])
    peers = [values[row] for row in competitors if figures.leagues[row] == league]
    basis = next((figures.bases[row] for row in competitors if figures.leagues[row] == league), None)
    return Standing(
        values=values,
        ranks=ranks,
        of=of,
        middle=median(peers) if peers else None,
        mean=fmean(peers) if peers else None,
        n=len(peers),
        basis=basis,
        league=league,
    )


def apart(low: float, high: float, other: float) -> bool:
    """Whether a figure lies outside an interval; without an interval nothing can be told apart."""
    return not (math.isnan(low) or math.isnan(high) or low <= other <= high)


def _ranks(
    values: Sequence[float], leagues: Sequence[Hashable], *, lower_first: bool
) -> tuple[list[int | None], list[int | None]]:
    rows_of: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        if not math.isnan(value):
            rows_of[leagues[row]].append(row)
    ranks: list[int | None] = [None] * len(values)
    of: list[int | None] = [None] * len(values)
    for rows in rows_of.values():
        best_first = sorted((values[row] for row in rows), reverse=not lower_first)
        first_place = {value: place for place, value in reversed(list(enumerate(best_first, start=1)))}
        for row in rows:
            ranks[row], of[row] = first_place[values[row]], len(rows)
    return ranks, of


def _most_frequent(leagues: Sequence[Hashable]) -> Hashable:
    """The league with the most rows; of equals the one that comes first."""
    return Counter(leagues).most_common(1)[0][0] if leagues else None


def rounded(value: float | None) -> float | None:
    """One figure with 10 significant digits, like all others."""
    return None if value is None else float(f"{value:.10g}")
