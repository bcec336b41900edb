"""Means, medians and rates over mature posts, with intervals, and their change between posts of one age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics import statistics
from benchmark.metrics.ages import at_same_age
from benchmark.metrics.base import Column, Metric, Ratio, Statistic
from benchmark.metrics.columns import Floats, Ints
from benchmark.metrics.figures import Figures, figures
from benchmark.metrics.frame import Frame

Each = Column | Ratio


def per_post(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Figures]:
    """The figures of all these metrics; what several of them need of the posts is laid out once."""
    if not metrics:
        return {}
    laid_out = _lay_out(frame, dict.fromkeys(metric.each for metric in metrics))
    intervals = _mean_intervals(laid_out, metrics)
    return {metric.key: _figures(frame, metric, laid_out, intervals) for metric in metrics}


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """One figure of each mature post, in three thirds of groups: rows now, rows before, rows now at the same age.

    `figures` is each x groups x posts, `ascending` the same sorted, `n` each x groups.
    """

    each: Mapping[Each, int]
    figures: Floats
    ascending: Floats
    n: Ints
    sides: Mapping[Each, tuple[Floats, Floats]]  # what is above and below, for ratios of sums
    same_age: Sequence[bool]


def _lay_out(frame: Frame, wanted: Mapping[Each, None]) -> _LaidOut:
    posts, rows = frame.posts, frame.rows
    aged = at_same_age(frame)
    now = np.flatnonzero(posts.mature & posts.current)
    before = np.flatnonzero(posts.mature & ~posts.current)
    at_age = now[aged.rows[posts.row[now]]]
    group = np.concatenate([posts.row[now], posts.row[before] + rows, posts.row[at_age] + 2 * rows])
    at = statistics.places(group, 3 * rows)

    def column(name: str) -> Floats:
        latest, settled = posts.columns[name], aged.columns[name]
        return np.concatenate([latest[now], settled[before], settled[at_age]])

    columns = {name: column(name) for each in wanted for name in each.names}
    laid_out = statistics.padded(np.array([_one(each, columns) for each in wanted]), at)
    ratios = [each for each in wanted if isinstance(each, Ratio)]
    return _LaidOut(
        each={each: place for place, each in enumerate(wanted)},
        figures=laid_out,
        ascending=np.sort(laid_out, axis=-1),
        n=statistics.sizes(laid_out),
        sides={each: _sides(each, columns, at) for each in ratios},
        same_age=aged.rows.tolist(),
    )


def _one(each: Each, columns: Mapping[str, Floats]) -> Floats:
    """The figure of every post: a column, or one column in relation to another where that is above 0."""
    if isinstance(each, Column):
        return columns[each.name]
    below = np.where(columns[each.below] > 0, columns[each.below], np.nan)
    return columns[each.above] / below * each.times


def _sides(each: Ratio, columns: Mapping[str, Floats], at: Ints) -> tuple[Floats, Floats]:
    usable = ~np.isnan(_one(each, columns))
    sides = np.array([np.where(usable, columns[name], np.nan) for name in each.names])
    above, below = statistics.padded(sides, at)
    return above * each.times, below


def _mean_intervals(laid_out: _LaidOut, metrics: Sequence[Metric]) -> Mapping[Each, tuple[Floats, Floats]]:
    """The intervals of all means of the rows now, drawn together."""
    rows = len(laid_out.same_age)
    asked = dict.fromkeys(metric.each for metric in metrics if metric.over_posts is Statistic.MEAN)
    some = [each for each in asked if laid_out.n[laid_out.each[each], :rows].any()]
    if not some:
        return {}
    low, high = statistics.mean_intervals(laid_out.figures[[laid_out.each[each] for each in some], :rows])
    return {each: (low[place], high[place]) for place, each in enumerate(some)}


def _figures(
    frame: Frame, metric: Metric, laid_out: _LaidOut, intervals: Mapping[Each, tuple[Floats, Floats]]
) -> Figures:
    rows = frame.rows
    n = laid_out.n[laid_out.each[metric.each]]
    value = np.where(n >= max(metric.at_least, 1), _statistic(metric, laid_out, frame.span.days), np.nan)
    now, before, at_age = value.reshape(3, rows)
    now = np.where(frame.unknown, np.nan, now)
    same_age = laid_out.same_age if metric.each.names != ("reach",) else _without(laid_out, frame)
    return figures(
        now,
        n[:rows],
        before=np.where(frame.unknown_before, np.nan, before),
        now=np.where(laid_out.same_age, at_age, now),
        change_bases=["same_age" if same else "mixed_age" for same in same_age],
        ends=_ends(metric, laid_out, intervals, rows),
    )


def _without(laid_out: _LaidOut, frame: Frame) -> list[bool]:
    """Reach that an owner measured has no checkpoints."""
    measured = frame.measured_reach.tolist()
    return [same and not reach for same, reach in zip(laid_out.same_age, measured, strict=True)]


def _statistic(metric: Metric, laid_out: _LaidOut, days: int) -> Floats:
    place = laid_out.each[metric.each]
    figures_of, n = laid_out.figures[place], laid_out.n[place]
    match metric.over_posts:
        case Statistic.MEDIAN:
            return statistics.medians(laid_out.ascending[place], n)
        case Statistic.MEAN:
            return statistics.means(figures_of)
        case Statistic.TOTAL:
            return statistics.sums(figures_of)
        case Statistic.PER_DAY:
            return statistics.sums(figures_of) / days
        case Statistic.RATIO_OF_SUMS if isinstance(metric.each, Ratio):
            above, below = laid_out.sides[metric.each]
            with np.errstate(invalid="ignore", divide="ignore"):
                return statistics.sums(above) / statistics.sums(below)
        case other:
            raise ValueError(other)


def _ends(
    metric: Metric, laid_out: _LaidOut, intervals: Mapping[Each, tuple[Floats, Floats]], rows: int
) -> tuple[Floats, Floats] | None:
    place = laid_out.each[metric.each]
    match metric.over_posts:
        case Statistic.MEDIAN:
            return statistics.median_intervals(laid_out.ascending[place, :rows], laid_out.n[place, :rows])
        case Statistic.MEAN:
            return intervals.get(metric.each)
        case Statistic.RATIO_OF_SUMS if isinstance(metric.each, Ratio):
            above, below = laid_out.sides[metric.each]
            low, high = statistics.ratio_intervals(above[None, :rows], below[None, :rows])
            return low[0], high[0]
        case _:
            return None
