"""Followers at the end of a period, and how they grew in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.columns import Floats, Ints, micros
from benchmark.metrics.figures import Computed
from benchmark.metrics.followers import Edge
from benchmark.metrics.frame import Frame
from benchmark.metrics.totals import parts


@dataclass(frozen=True, slots=True)
class Ends:
    """Followers of every row before the period and at its end, and where the true figures may lie at most."""

    before: Floats
    before_highest: Floats
    end: Floats
    end_highest: Floats
    won: Floats  # the growth from one to the other


def growth(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Computed]:
    """The figures of all these metrics of followers."""
    if not metrics:
        return {}
    earlier, before, end = frame.edges
    now, then = _ends(before, end), _ends(earlier, before)
    begins, ends = micros(frame.span.begins), micros(frame.span.ends)
    n = np.array([course.readings_between(begins, ends) for course in frame.followers], dtype=np.int64)
    return {metric.key: _computed(frame, metric, now, then, n) for metric in metrics}


def why_no_growth(frame: Frame, row: int) -> str:
    """Why a row's followers cannot be told at the beginning or at the end."""
    _, before, end = frame.edges
    return before[row].reason or end[row].reason or "zero_followers"


def _ends(before: Sequence[Edge], end: Sequence[Edge]) -> Ends:
    return Ends(
        before=np.array([edge.value for edge in before]),
        before_highest=np.array([edge.highest for edge in before]),
        end=np.array([edge.value for edge in end]),
        end_highest=np.array([edge.highest for edge in end]),
        won=np.array([last.since(first) for first, last in zip(before, end, strict=True)]),
    )


def _computed(frame: Frame, metric: Metric, now: Ends, then: Ends, n: Ints) -> Computed:
    bases, days, rounds = ["all"] * frame.rows, frame.span.days, frame.network.significant_digits is not None
    if metric.over_posts is Statistic.AT_END:
        value = frame.followers_at_end.value
        pairs = zip(frame.followers, value.tolist(), strict=True)
        alone = np.array([course.highest(followers) for course, followers in pairs]) if rounds else None
        high = None if alone is None else np.where(np.isnan(now.end_highest), alone, now.end_highest)
        return Computed(
            value=value,
            n=n,
            now=now.end,
            before=now.before,
            change_bases=bases,
            low=value if rounds else None,
            high=high,
        )
    if metric.over_posts is Statistic.SHARE_AT_END:
        low, high = _share(now.end, now.end_highest), _share(now.end_highest, now.end)
        ends = {"low": low, "high": high} if rounds else {}
        return Computed(value=parts(now.end), n=n, before=parts(now.before), change_bases=bases, **ends)
    formula = _FORMULAS[metric.over_posts]
    return Computed(
        value=formula(now.before, now.won, days),
        n=n,
        before=formula(then.before, then.won, days),
        change_bases=bases,
        low=formula(now.before_highest, now.end - now.before_highest, days) if rounds else None,
        high=formula(now.before, now.end_highest - now.before, days) if rounds else None,
    )


def _share(own: Floats, others: Floats) -> Floats:
    """Each row's part in percent where all others have what is given for them."""
    whole = own + others.sum() - others
    share: Floats = own / np.where(whole > 0, whole, np.nan) * 100
    return share


def _rate(before: Floats, won: Floats) -> Floats:
    """The growth for each follower that there was before; NaN where there were none."""
    return won / np.where(before > 0, before, np.nan)


def _weekly(before: Floats, won: Floats, days: int) -> Floats:
    """The rate that, compounded week by week, comes to the same."""
    with np.errstate(divide="ignore"):  # where nobody is left, all are lost each week
        return np.expm1(np.log1p(_rate(before, won)) * 7 / days)


_FORMULAS: dict[Statistic, Callable[[Floats, Floats, int], Floats]] = {
    Statistic.GROWTH: lambda _before, won, _days: won,
    Statistic.GROWTH_PER_DAY: lambda _before, won, days: won / days,
    Statistic.GROWTH_RATE: lambda before, won, _days: _rate(before, won) * 100,
    Statistic.GROWTH_WEEKLY: lambda before, won, days: _weekly(before, won, days) * 100,
}
