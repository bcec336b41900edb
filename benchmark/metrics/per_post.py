"""Means, medians and rates over mature posts, with intervals, and their change between posts of one age."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics import statistics
from benchmark.metrics.ages import SameAge
from benchmark.metrics.base import Column, Metric, Ratio, Statistic
from benchmark.metrics.columns import Floats, Ints
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame

Each = Column | Ratio


def per_post(
    frame: Frame, metrics: Sequence[Metric], aged: Callable[[], SameAge], *, intervals: bool = True
) -> dict[str, Computed]:
    """The figures of all these metrics; what several of them need of the posts is laid out once.

    `aged` waits for the posts' counts at one age, which only the changes need: it is called last.
    """
    nothing = np.full(frame.rows, np.nan)
    unheard = Computed(
        value=nothing, n=np.zeros(frame.rows, np.int64), before=nothing, change_bases=["latest"] * frame.rows
    )
    heard = [name for name, column in frame.posts.columns.items() if not np.isnan(column).all()]
    known = [metric for metric in metrics if set(metric.each.names) <= set(heard)]
    return {metric.key: unheard for metric in metrics} | (
        _per_post(frame, known, aged, intervals=intervals) if known else {}
    )


def _per_post(
    frame: Frame, metrics: Sequence[Metric], aged: Callable[[], SameAge], *, intervals: bool
) -> dict[str, Computed]:
    each = list(dict.fromkeys(metric.each for metric in metrics))
    posts, rows = frame.posts, frame.rows
    now = np.flatnonzero(posts.mature & posts.current)
    latest = _lay_out(each, posts.columns, now, posts.row[now], groups=rows)
    values = _values(latest, metrics, frame.span.days)
    ends = _ends(latest, metrics) if intervals else [(None, None)] * len(metrics)
    same_age = aged()
    before = np.flatnonzero(posts.mature & ~posts.current)
    again = now[same_age.rows[posts.row[now]]]
    compared = np.concatenate([before, again])
    group = np.concatenate([posts.row[before], posts.row[again] + rows])
    settled = _values(_lay_out(each, same_age.columns, compared, group, groups=2 * rows), metrics, frame.span.days)
    return {
        metric.key: Computed(
            value=np.where(frame.unknown, np.nan, values[metric.key]),
            n=latest.n[latest.place[metric.each]],
            before=np.where(frame.unknown_before, np.nan, settled[metric.key][:rows]),
            now=np.where(same_age.rows, settled[metric.key][rows:], values[metric.key]),
            change_bases=_bases(frame, metric, same_age),
            low=low,
            high=high,
        )
        for metric, (low, high) in zip(metrics, ends, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """One figure of each mature post: each x groups x posts. `ascending` is the same sorted, `n` how many are known."""

    place: Mapping[Each, int]
    figures: Floats
    ascending: Floats
    n: Ints
    columns: Mapping[str, Floats]
    at: Ints

    def sides(self, each: Each) -> tuple[Floats, Floats]:
        """What is above and below, for ratios of sums."""
        usable = ~np.isnan(_one(each, self.columns))
        sides = np.array([np.where(usable, self.columns[name], np.nan) for name in each.names])
        above, below = statistics.padded(sides, self.at)
        return above * (each.times if isinstance(each, Ratio) else 1.0), below


def _lay_out(
    wanted: Sequence[Each], columns: Mapping[str, Floats], posts: Ints, group: Ints, *, groups: int
) -> _LaidOut:
    """The posts' figures by groups, in whose order they stand."""
    at = statistics.places(group, groups)
    chosen = {name: columns[name][posts] for name in dict.fromkeys(name for each in wanted for name in each.names)}
    figures = statistics.padded(np.array([_one(each, chosen) for each in wanted]), at)
    return _LaidOut(
        place={each: place for place, each in enumerate(wanted)},
        figures=figures,
        ascending=np.sort(figures, axis=-1),
        n=statistics.sizes(figures),
        columns=chosen,
        at=at,
    )


def _one(each: Each, columns: Mapping[str, Floats]) -> Floats:
    """The figure of every post: a column, or one column in relation to another where that is above 0."""
    if isinstance(each, Column):
        return columns[each.name]
    below = np.where(columns[each.below] > 0, columns[each.below], np.nan)
    return columns[each.above] / below * each.times


def _values(laid_out: _LaidOut, metrics: Sequence[Metric], days: int) -> dict[str, Floats]:
    """Each metric's figure for all groups; none where too few posts are known."""
    n, sums = laid_out.n, statistics.sums(laid_out.figures)
    with np.errstate(invalid="ignore"):
        of: dict[Statistic, Floats] = {
            Statistic.MEDIAN: statistics.medians(laid_out.ascending, n),
            Statistic.MEAN: sums / n,
            Statistic.TOTAL: sums,
            Statistic.PER_DAY: sums / days,
        }
    places = [laid_out.place[metric.each] for metric in metrics]
    found = np.array(
        [
            _ratio(*laid_out.sides(metric.each))
            if metric.over_posts is Statistic.RATIO_OF_SUMS
            else of[metric.over_posts][place]
            for metric, place in zip(metrics, places, strict=True)
        ]
    )
    least = np.array([max(metric.at_least, 1) for metric in metrics])
    keys = [metric.key for metric in metrics]
    return dict(zip(keys, np.where(n[places] >= least[:, None], found, np.nan), strict=True))


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return statistics.sums(above) / statistics.sums(below)


def _ends(laid_out: _LaidOut, metrics: Sequence[Metric]) -> list[tuple[Floats | None, Floats | None]]:
    """Each metric's interval; the medians' are made together, and the means'."""
    lowest, highest = statistics.median_intervals(laid_out.ascending, laid_out.n)
    means = dict.fromkeys(metric.each for metric in metrics if metric.over_posts is Statistic.MEAN)
    drawn = [place for each in means if laid_out.n[place := laid_out.place[each]].any()]
    below, above = statistics.mean_intervals(laid_out.figures[drawn])
    of_means = {place: ends for place, *ends in zip(drawn, below, above, strict=True)}

    def ends(metric: Metric) -> tuple[Floats | None, Floats | None]:
        place = laid_out.place[metric.each]
        if metric.over_posts is Statistic.MEDIAN:
            return lowest[place], highest[place]
        if metric.over_posts is Statistic.MEAN and place in of_means:
            low, high = of_means[place]
            return low, high
        if metric.over_posts is Statistic.RATIO_OF_SUMS:
            return statistics.ratio_intervals(*laid_out.sides(metric.each))
        return None, None

    return [ends(metric) for metric in metrics]


def _bases(frame: Frame, metric: Metric, same_age: SameAge) -> list[str]:
    same = same_age.rows
    if "reach" in metric.each.names:  # what an owner measured has no checkpoints
        same = same & ~frame.measured_reach
    return ["same_age" if each else "mixed_age" for each in same.tolist()]
