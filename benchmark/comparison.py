"""How rows stand against each other in one metric: ranks, the competitors' middle, and where we are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtr

from benchmark.metrics.base import Better, Metric
from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.figures import Figures

WRONG = 0.05  # of all differences that are called, so many may be none
WIDTH = 1.959964  # standard errors between a figure and an end of its interval


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
    """Each metric's standing. Rank 1, 1, 3 among rows of the same basis; median and mean over the competitors.

    There are no ranks where neither more nor less is better.
    """
    if not metrics:
        return []
    signs = np.array([-1.0 if metric.better is Better.LOWER else 1.0 for metric in metrics])
    values = np.array([each.value for each in figures])
    leagues = np.array([_numbered(each.leagues) for each in figures], dtype=np.int64)
    ranks, of = _ranks(values * signs[:, None], leagues)
    competitors = [row for row, ours in enumerate(own) if not ours]
    ranked = ~np.isnan(values) & np.array([[metric.better is not Better.NEITHER] for metric in metrics])
    return [
        _standing(*row, competitors)
        for row in zip(figures, values.tolist(), _where(ranked, ranks), _where(ranked, of), strict=True)
    ]


class Verdict(StrEnum):
    """How one row's figure stands against another's."""

    AHEAD = "ahead"
    BEHIND = "behind"
    LEVEL = "level"  # the same count
    TOO_CLOSE = "too_close_to_call"
    NOT_ENOUGH_POSTS = "not_enough_posts"


@dataclass(frozen=True, slots=True)
class Against:
    """One row held against another. `chance` is that of its true figure being the better one; None for plain counts."""

    row: int
    verdict: Verdict
    chance: float | None


def verdicts(
    metrics: Sequence[Metric], figures: Sequence[Figures], own: Sequence[bool]
) -> list[dict[int, list[Against]]]:
    """For each metric and own row, how it stands against every competitor whose figure rests on the same basis.

    Differences have intervals made of the two figures' own (recovered variances: Zou and Donner 2008), which asks
    nothing more of the posts than those do. Many competitors are many chances to be wrong: of all differences that are
    called, at most 5 % are expected to be none (Benjamini and Hochberg 1995, over the competitors of one metric).
    """
    mine = [row for row, ours in enumerate(own) if ours]
    theirs = [row for row, ours in enumerate(own) if not ours]
    if not (metrics and mine and theirs):
        return [{} for _ in metrics]
    values, low, high = (np.array([getattr(each, name) for each in figures]) for name in ("value", "low", "high"))
    return [
        {row: _against(metric, each, row, theirs, scores[place]) for place, row in enumerate(mine)}
        for metric, each, scores in zip(metrics, figures, _scores(values, low, high, mine, theirs), strict=True)
    ]


def _scores(values: Floats, low: Floats, high: Floats, mine: Sequence[int], theirs: Sequence[int]) -> Floats:
    """Differences in units of their standard error: metrics x own rows x competitors."""
    ours, others = np.ix_(range(len(values)), mine), np.ix_(range(len(values)), theirs)
    difference = values[ours][:, :, None] - values[others][:, None, :]
    if_above = np.hypot((values - low)[ours][:, :, None], (high - values)[others][:, None, :])
    if_below = np.hypot((high - values)[ours][:, :, None], (values - low)[others][:, None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        scores: Floats = difference / np.where(difference > 0, if_above, if_below) * WIDTH
    return np.where((difference == 0) & ~np.isnan(if_below), 0.0, scores)


def _against(metric: Metric, figures: Figures, row: int, theirs: Sequence[int], scores: Floats) -> list[Against]:
    """One own row against the competitors that it can be compared with."""
    if metric.better is Better.NEITHER or np.isnan(figures.value[row]):
        return []
    sign = -1.0 if metric.better is Better.LOWER else 1.0
    peers = [
        place
        for place, other in enumerate(theirs)
        if figures.leagues[other] == figures.leagues[row] and not np.isnan(figures.value[other])
    ]
    if not metric.sampled:
        return [_counted(figures, row, theirs[place], sign) for place in peers]
    chances = ndtr(scores * sign)
    called = _called([min(chances[place], 1 - chances[place]) * 2 for place in peers])
    return [
        Against(theirs[place], Verdict.NOT_ENOUGH_POSTS, None)
        if np.isnan(chances[place])
        else Against(theirs[place], _verdict(chances[place], sure=sure), float(f"{chances[place]:.4g}"))
        for place, sure in zip(peers, called, strict=True)
    ]


def _counted(figures: Figures, row: int, other: int, sign: float) -> Against:
    """Counts are what they are, unless the network rounds them."""
    difference = (figures.value[row] - figures.value[other]) * sign
    if difference == 0:
        return Against(other, Verdict.LEVEL, None)
    ends = [figures.low[row], figures.high[row], figures.low[other], figures.high[other]]
    if not np.isnan(ends).any() and ends[0] <= ends[3] and ends[2] <= ends[1]:
        return Against(other, Verdict.TOO_CLOSE, None)
    return Against(other, Verdict.AHEAD if difference > 0 else Verdict.BEHIND, None)


def _verdict(chance: float, *, sure: bool) -> Verdict:
    if not sure:
        return Verdict.TOO_CLOSE
    return Verdict.AHEAD if chance > 0.5 else Verdict.BEHIND


def _called(chances: Sequence[float]) -> list[bool]:
    """Which of these two-sided chances of being wrong are small enough, all of them considered."""
    known = sorted(chance for chance in chances if not math.isnan(chance))
    passing = [chance for place, chance in enumerate(known, start=1) if chance <= WRONG * place / len(known)]
    limit = max(passing, default=-1.0)
    return [chance <= limit for chance in chances]


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


def _where(ranked: Bools, numbers: Ints) -> list[list[int | None]]:
    found = numbers.astype(object)
    found[~ranked] = None
    listed: list[list[int | None]] = found.tolist()
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
    known = [row for row in competitors if not math.isnan(values[row])]
    league = _most_frequent([figures.leagues[row] for row in known])
    peers = [row for row in known if figures.leagues[row] == league]
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
