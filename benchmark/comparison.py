"""How rows stand against each other in one metric: ranks, the competitors' middle, and where we are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from benchmark.metrics.base import Better, Metric
from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.figures import Figures
from benchmark.metrics.reasons import ESTIMATED

WRONG = 0.05  # of all differences that are called, so many may be none
CERTAIN = 0.0001  # nothing is called surer than that
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


class Against(NamedTuple):
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
    Where neither more nor less is better there are no verdicts.
    """
    mine = [row for row, ours in enumerate(own) if ours]
    theirs = [row for row, ours in enumerate(own) if not ours]
    if not (metrics and mine and theirs):
        return [{} for _ in metrics]
    leagues = np.array([_numbered(each.leagues) for each in figures], dtype=np.int64)
    columns = np.array([[each.value, each.low, each.high] for each in figures])
    judged = np.array([metric.better is not Better.NEITHER for metric in metrics])
    signs = np.array([-1.0 if metric.better is Better.LOWER else 1.0 for metric in metrics])
    sampled = np.array([metric.sampled for metric in metrics])
    found: list[dict[int, list[Against]]] = [{} for _ in metrics]
    for row in mine:
        beside = (leagues[:, theirs] == leagues[:, [row]]) & judged[:, None]
        beside &= ~np.isnan(columns[:, 0, theirs] + columns[:, 0, [row]])
        codes, chances = _judged(columns[:, :, [row]], columns[:, :, theirs], signs, sampled, beside)
        for place, told in enumerate(zip(codes.tolist(), chances, beside.tolist(), strict=True)):
            found[place][row] = [
                Against(other, _VERDICTS[code], chance)
                for other, code, chance, there in zip(theirs, *told, strict=True)
                if there
            ]
    return found


_VERDICTS = tuple(Verdict)
_AHEAD, _BEHIND, _LEVEL, _TOO_CLOSE, _NOT_ENOUGH_POSTS = range(len(_VERDICTS))


def _judged(ours: Floats, others: Floats, signs: Floats, sampled: Bools, beside: Bools) -> tuple[Ints, list[Any]]:
    """Verdicts (as places in `_VERDICTS`) and chances of one own row: metrics x competitors."""
    (value, low, high), (other, other_low, other_high) = (columns.transpose(1, 0, 2) for columns in (ours, others))
    difference = value - other
    above, below = np.hypot(value - low, other_high - other), np.hypot(high - value, other - other_low)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = difference / np.where(difference > 0, above, below) * WIDTH
    scores = np.where((difference == 0) & ~np.isnan(below), 0.0, scores) * signs[:, None]
    chances = ndtr(scores)
    called = _called(np.where(beside, 2 * ndtr(-np.abs(scores)), np.nan))
    better = np.where(difference * signs[:, None] > 0, _AHEAD, _BEHIND)
    by_sample = np.where(np.isnan(scores), _NOT_ENOUGH_POSTS, np.where(called, better, _TOO_CLOSE))
    rounded_alike = (low <= other_high) & (other_low <= high)
    by_count = np.where(difference == 0, _LEVEL, np.where(rounded_alike, _TOO_CLOSE, better))
    told = np.where(sampled[:, None], np.clip(chances.round(4), CERTAIN, 1 - CERTAIN), np.nan).astype(object)
    told[np.isnan(scores) | ~sampled[:, None]] = None
    return np.where(sampled[:, None], by_sample, by_count), told.tolist()


def _called(chances: Floats) -> Bools:
    """Which two-sided chances of being wrong are small enough, all of a metric considered; NaN is none."""
    known = (~np.isnan(chances)).sum(axis=1, keepdims=True)
    ordered = np.sort(chances, axis=1)
    limits = WRONG * np.arange(1, chances.shape[1] + 1) / np.maximum(known, 1)
    largest = np.where(ordered <= limits, ordered, -1.0).max(axis=1, initial=-1.0, keepdims=True)
    called: Bools = chances <= largest
    return called


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
    # Of estimates there is no middle: it would be a bare number, without a range of its own.
    known = [row for row in competitors if not math.isnan(values[row]) and figures.bases[row] != ESTIMATED]
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
