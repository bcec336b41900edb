"""Means, medians and rates over posts, with intervals, and their changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from benchmark.metrics import intervals, statistics
from benchmark.metrics.ages import SameAge
from benchmark.metrics.base import Column, Metric, Ratio, Statistic
from benchmark.metrics.columns import DAY, Floats, Ints
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame

Each = Column | Ratio


def per_post(
    frame: Frame, metrics: Sequence[Metric], aged: Callable[[], SameAge], *, intervals: bool = True
) -> dict[str, Computed]:
    """The figures of all these metrics; what several of them need of the posts is laid out once.

    `aged` waits for the posts' counts at one age, which only the changes need: it is called last.
    """
    unheard, known = _heard(frame, metrics)
    return unheard | (_of_mature_posts(frame, known, aged, intervals=intervals) if known else {})


def over_all_posts(frame: Frame, metrics: Sequence[Metric], *, intervals: bool = True) -> dict[str, Computed]:
    """The same over all posts of the period as last read, young ones too."""
    unheard, known = _heard(frame, metrics)
    return unheard | (_of_all_posts(frame, known, intervals=intervals) if known else {})


def each_post(frame: Frame, metric: Metric) -> list[Floats]:
    """The figure of every post that a metric counts in the period, row by row."""
    posts = frame.posts
    counted = posts.current & (posts.mature | metric.all_posts) & ~frame.unknown[posts.row]
    figures, row = figures_of(metric, posts.columns)[counted], posts.row[counted]
    ends = np.searchsorted(row, np.arange(frame.rows + 1)).tolist()
    return [figures[begin:end] for begin, end in pairwise(ends)]


def _heard(frame: Frame, metrics: Sequence[Metric]) -> tuple[dict[str, Computed], list[Metric]]:
    """Nothing for every metric, and those of which something is known."""
    nothing = np.full(frame.rows, np.nan)
    unheard = Computed(
        value=nothing, n=np.zeros(frame.rows, np.int64), before=nothing, change_bases=["latest"] * frame.rows
    )
    heard = {name for name, column in frame.posts.columns.items() if not np.isnan(column).all()}
    return {metric.key: unheard for metric in metrics}, [
        metric for metric in metrics if heard.issuperset(metric.each.names)
    ]


def _of_all_posts(frame: Frame, metrics: Sequence[Metric], *, intervals: bool) -> dict[str, Computed]:
    each = list(dict.fromkeys(metric.each for metric in metrics))
    posts, days = frame.posts, frame.span.days
    now, before = (np.flatnonzero(chosen) for chosen in (posts.current, ~posts.current))
    latest = _lay_out(each, posts.columns, now, posts.row[now], groups=frame.rows)
    earlier = _lay_out(each, posts.columns, before, posts.row[before], groups=frame.rows)
    day = posts.published // DAY
    values, values_before = _values(latest, metrics, days, day[now]), _values(earlier, metrics, days, day[before])
    moving = [metric for metric in metrics if metric.moves and intervals]
    ends = dict(zip((metric.key for metric in moving), _ends(latest, moving), strict=True))
    return {
        metric.key: Computed(
            value=np.where(frame.unknown, np.nan, values[metric.key]),
            n=latest.behind(metric),
            before=np.where(frame.unknown_before, np.nan, values_before[metric.key]),
            change_bases=frame.latest_bases if metric.moves else ["all"] * frame.rows,
            low=ends.get(metric.key, (None, None))[0],
            high=ends.get(metric.key, (None, None))[1],
        )
        for metric in metrics
    }


def _of_mature_posts(
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
            n=latest.behind(metric),
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
    divided: dict[Each, tuple[Floats, Floats]] = field(default_factory=dict)

    def sides(self, each: Each) -> tuple[Floats, Floats]:
        """What is above and below, for ratios of sums: of every post on which both are known, zeros too."""
        if each not in self.divided:
            columns = np.array([self.columns[name] for name in each.names])
            usable = ~np.isnan(columns).any(axis=0)
            above, below = statistics.padded(np.where(usable, columns, np.nan), self.at)
            self.divided[each] = (above * (each.times if isinstance(each, Ratio) else 1.0), below)
        return self.divided[each]

    def behind(self, metric: Metric) -> Ints:
        """How many posts are behind a metric's figure."""
        if metric.over_posts is Statistic.RATIO_OF_SUMS:
            return statistics.sizes(self.sides(metric.each)[0])
        n: Ints = self.n[self.place[metric.each]]
        return n


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


def figures_of(metric: Metric, columns: Mapping[str, Floats]) -> Floats:
    """What a metric takes of every post."""
    return _one(metric.each, columns)


def _one(each: Each, columns: Mapping[str, Floats]) -> Floats:
    """The figure of every post: a column, or one column in relation to another where that is above 0."""
    if isinstance(each, Column):
        return columns[each.name] if each.times == 1.0 else columns[each.name] * each.times
    below = np.where(columns[each.below] > 0, columns[each.below], np.nan)
    return columns[each.above] / below * each.times


def _values(laid_out: _LaidOut, metrics: Sequence[Metric], days: int, day: Ints | None = None) -> dict[str, Floats]:
    """Each metric's figure for all groups; none where too few posts are known. `day` is that of every post."""
    n, sums = laid_out.n, statistics.sums(laid_out.figures)
    with np.errstate(invalid="ignore"):
        of: dict[Statistic, Floats] = {
            Statistic.MEDIAN: statistics.medians(laid_out.ascending, n),
            Statistic.MEAN: sums / n,
            Statistic.TOTAL: sums,
            Statistic.PER_DAY: sums / days,
            Statistic.FOR_SIZE: sums / n,  # held against the rows' sizes later
        }
        if day is not None and any(metric.over_posts is Statistic.MEAN_OF_DAYS for metric in metrics):
            of[Statistic.MEAN_OF_DAYS] = statistics.means_of_days(laid_out.figures, _laid_out_days(laid_out, day))
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
    behind = np.array([laid_out.behind(metric) for metric in metrics])
    keys = [metric.key for metric in metrics]
    return dict(zip(keys, np.where(behind >= least[:, None], found, np.nan), strict=True))


def _laid_out_days(laid_out: _LaidOut, day: Ints) -> Floats:
    found: Floats = statistics.padded(day[None].astype(np.float64), laid_out.at)[0]
    return found


def _ratio(above: Floats, below: Floats) -> Floats:
    whole = statistics.sums(below)
    return statistics.sums(above) / np.where(whole > 0, whole, np.nan)


def _ends(laid_out: _LaidOut, metrics: Sequence[Metric]) -> list[tuple[Floats | None, Floats | None]]:
    """Each metric's interval; the medians' are made together, and the means'."""
    lowest, highest = intervals.median_intervals(laid_out.ascending, laid_out.n)
    means = dict.fromkeys(metric.each for metric in metrics if metric.over_posts is Statistic.MEAN)
    drawn = [place for each in means if laid_out.n[place := laid_out.place[each]].any()]
    below, above = intervals.mean_intervals(laid_out.figures[drawn])
    of_means = {place: ends for place, *ends in zip(drawn, below, above, strict=True)}

    def ends(metric: Metric) -> tuple[Floats | None, Floats | None]:
        place = laid_out.place[metric.each]
        if metric.over_posts is Statistic.MEDIAN:
            return lowest[place], highest[place]
        if metric.over_posts is Statistic.MEAN and place in of_means:
            low, high = of_means[place]
            return low, high
        if metric.over_posts is Statistic.RATIO_OF_SUMS:
            return intervals.ratio_intervals(*laid_out.sides(metric.each))
        return None, None

    return [ends(metric) for metric in metrics]


def _bases(frame: Frame, metric: Metric, same_age: SameAge) -> list[str]:
    same = same_age.rows
    if "reach" in metric.each.names:  # what an owner measured has no checkpoints
        same = same & ~frame.measured_reach
    return ["same_age" if each else "mixed_age" for each in same.tolist()]
