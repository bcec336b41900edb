"""Means, medians and rates over mature posts, with intervals, and their change between posts of one age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics import statistics
from benchmark.metrics.ages import at_same_age
from benchmark.metrics.base import Column, Metric, Ratio, Statistic
from benchmark.metrics.columns import Floats, Ints
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame

Each = Column | Ratio
Ends = tuple[Floats, Floats]


def per_post(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Computed]:
    """The figures of all these metrics; what several of them need of the posts is laid out once."""
    if not metrics:
        return {}
    laid_out = _lay_out(frame, list(dict.fromkeys(metric.each for metric in metrics)))
    values = _values(laid_out, metrics, frame.span.days)
    ends = _ends(laid_out, metrics)
    return {
        metric.key: _computed(frame, metric, laid_out, value, ends.get(metric))
        for metric, value in zip(metrics, values, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """One figure of each mature post, in three thirds of groups: rows now, rows before, rows now at the same age.

    `figures` is each x groups x posts, `ascending` the same sorted, `n` each x groups.
    """

    place: Mapping[Each, int]
    figures: Floats
    ascending: Floats
    n: Ints
    sides: Mapping[Each, Ends]  # what is above and below, for ratios of sums
    same_age: Sequence[bool]

    def of_rows_now(self, places: Sequence[int]) -> tuple[Floats, Floats, Ints]:
        rows = len(self.same_age)
        return self.figures[places, :rows], self.ascending[places, :rows], self.n[places, :rows]


def _lay_out(frame: Frame, wanted: Sequence[Each]) -> _LaidOut:
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

    columns = {name: column(name) for name in dict.fromkeys(name for each in wanted for name in each.names)}
    figures = np.array([_one(each, columns) for each in wanted])
    laid_out = statistics.padded(figures, at)
    return _LaidOut(
        place={each: place for place, each in enumerate(wanted)},
        figures=laid_out,
        ascending=np.sort(laid_out, axis=-1),
        n=statistics.sizes(laid_out),
        sides={each: _sides(each, columns, at) for each in wanted if isinstance(each, Ratio)},
        same_age=aged.rows.tolist(),
    )


def _one(each: Each, columns: Mapping[str, Floats]) -> Floats:
    """The figure of every post: a column, or one column in relation to another where that is above 0."""
    if isinstance(each, Column):
        return columns[each.name]
    below = np.where(columns[each.below] > 0, columns[each.below], np.nan)
    return columns[each.above] / below * each.times


def _sides(each: Ratio, columns: Mapping[str, Floats], at: Ints) -> Ends:
    usable = ~np.isnan(_one(each, columns))
    above, below = statistics.padded(np.array([np.where(usable, columns[name], np.nan) for name in each.names]), at)
    return above * each.times, below


def _values(laid_out: _LaidOut, metrics: Sequence[Metric], days: int) -> list[Floats]:
    """Each metric's figure for all three thirds of groups."""
    sums = statistics.sums(laid_out.figures)
    n = laid_out.n
    with np.errstate(invalid="ignore"):
        of: dict[Statistic, Floats] = {
            Statistic.MEDIAN: statistics.medians(laid_out.ascending, n),
            Statistic.MEAN: sums / n,
            Statistic.TOTAL: sums,
            Statistic.PER_DAY: sums / days,
        }
    return [
        _ratio(*laid_out.sides[metric.each])
        if metric.over_posts is Statistic.RATIO_OF_SUMS
        else of[metric.over_posts][laid_out.place[metric.each]]
        for metric in metrics
    ]


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return statistics.sums(above) / statistics.sums(below)


def _ends(laid_out: _LaidOut, metrics: Sequence[Metric]) -> dict[Metric, Ends]:
    """The intervals of the rows now; those of one kind are made together."""
    found: dict[Metric, Ends] = {}
    medians = [metric for metric in metrics if metric.over_posts is Statistic.MEDIAN]
    _, ascending, n = laid_out.of_rows_now([laid_out.place[metric.each] for metric in medians])
    if medians and ascending.shape[-1]:
        found |= _paired(medians, statistics.median_intervals(ascending, n))
    known = np.asarray(laid_out.n[:, : len(laid_out.same_age)].any(axis=1))
    means = [metric for metric in metrics if metric.over_posts is Statistic.MEAN and known[laid_out.place[metric.each]]]
    if means:
        figures, _, _ = laid_out.of_rows_now([laid_out.place[metric.each] for metric in means])
        found |= _paired(means, statistics.mean_intervals(figures))
    ratios = [metric for metric in metrics if metric.over_posts is Statistic.RATIO_OF_SUMS]
    for metric in ratios:
        above, below = (side[: len(laid_out.same_age)] for side in laid_out.sides[metric.each])
        found[metric] = statistics.ratio_intervals(above, below)
    return found


def _paired(metrics: Sequence[Metric], ends: Ends) -> dict[Metric, Ends]:
    return {metric: (low, high) for metric, low, high in zip(metrics, *ends, strict=True)}


def _computed(frame: Frame, metric: Metric, laid_out: _LaidOut, value: Floats, ends: Ends | None) -> Computed:
    n = laid_out.n[laid_out.place[metric.each]]
    now, before, at_age = np.where(n >= max(metric.at_least, 1), value, np.nan).reshape(3, frame.rows)
    now = np.where(frame.unknown, np.nan, now)
    same_age: Sequence[bool] = laid_out.same_age
    if "reach" in metric.each.names:  # what an owner measured has no checkpoints
        measured = frame.measured_reach.tolist()
        same_age = [same and not reach for same, reach in zip(same_age, measured, strict=True)]
    low, high = ends or (None, None)
    return Computed(
        value=now,
        n=n[: frame.rows],
        before=np.where(frame.unknown_before, np.nan, before),
        now=np.where(laid_out.same_age, at_age, now),
        change_bases=["same_age" if same else "mixed_age" for same in same_age],
        low=low,
        high=high,
    )
