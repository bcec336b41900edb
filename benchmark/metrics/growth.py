"""Followers at the end of a period, and how they grew in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.columns import Bools, Floats, Ints, micros
from benchmark.metrics.figures import Figures, figures
from benchmark.metrics.followers import Edge
from benchmark.metrics.frame import Frame


@dataclass(frozen=True, slots=True)
class Ends:
    """Followers of every row before the period and at its end, and where the true figures may lie at most."""

    before: Floats
    before_highest: Floats
    end: Floats
    end_highest: Floats


def growth(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Figures]:
    """The figures of all these metrics of followers."""
    if not metrics:
        return {}
    span = frame.span
    moments = [micros(moment) for moment in (span.previous_begins, span.begins, span.ends)]
    earlier, before, end = ([course.edge(moment) for course in frame.followers] for moment in moments)
    now, then = _ends(before, end), _ends(earlier, before)
    n = np.array([course.readings_between(moments[1], moments[2]) for course in frame.followers], dtype=np.int64)
    return {metric.key: _figures(frame, metric, now, then, n) for metric in metrics}


def why_no_growth(frame: Frame, row: int) -> str:
    """Why a row's followers cannot be told at the beginning or at the end."""
    course = frame.followers[row]
    edges = (course.edge(micros(frame.span.begins)), course.edge(micros(frame.span.ends)))
    return next((edge.reason for edge in edges if edge.reason), "zero_followers")


def followers_at_end(frame: Frame) -> tuple[Floats, Bools]:
    """Followers at the period's end, and in which rows the count is of another time."""
    end = micros(frame.span.ends)
    value, elsewhere = np.full(frame.rows, np.nan), np.zeros(frame.rows, dtype=np.bool_)
    for row, course in enumerate(frame.followers):
        found, of_another_time = course.when(np.array([end]))
        value[row], elsewhere[row] = found[0], of_another_time[0] and course.edge(end).reason is not None
    return value, elsewhere


def _ends(before: Sequence[Edge], end: Sequence[Edge]) -> Ends:
    return Ends(
        before=np.array([edge.value for edge in before]),
        before_highest=np.array([edge.highest for edge in before]),
        end=np.array([edge.value for edge in end]),
        end_highest=np.array([edge.highest for edge in end]),
    )


def _figures(frame: Frame, metric: Metric, now: Ends, then: Ends, n: Ints) -> Figures:
    bases = ["all"] * frame.rows
    if metric.over_posts is Statistic.AT_END:
        value, _ = followers_at_end(frame)
        highest = np.array([course.highest(each) for course, each in zip(frame.followers, value, strict=True)])
        ends = (value, highest) if frame.network.significant_digits else None
        return figures(value, n, now=now.end, before=now.before, change_bases=bases, ends=ends)
    formula = _FORMULAS[metric.over_posts]
    days = frame.span.days
    ends = None
    if frame.network.significant_digits:
        ends = formula(now.before_highest, now.end, days), formula(now.before, now.end_highest, days)
    value = formula(now.before, now.end, days)
    return figures(value, n, before=formula(then.before, then.end, days), change_bases=bases, ends=ends)


def _times(before: Floats, end: Floats) -> Floats:
    """How many times as many at the end; NaN where there were none before."""
    return end / np.where(before > 0, before, np.nan)


_FORMULAS: dict[Statistic, Callable[[Floats, Floats, int], Floats]] = {
    Statistic.GROWTH: lambda before, end, _days: end - before,
    Statistic.GROWTH_RATE: lambda before, end, _days: (_times(before, end) - 1) * 100,
    Statistic.GROWTH_WEEKLY: lambda before, end, days: (_times(before, end) ** (7 / days) - 1) * 100,
}
