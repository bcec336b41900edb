"""The figures of every row in every metric that is asked for, with their bases, or the reasons why there are none."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from benchmark.metrics.base import FOLLOWERS, Metric, Statistic
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import Frame
from benchmark.metrics.growth import followers_at_end, growth, why_no_growth
from benchmark.metrics.per_post import per_post
from benchmark.metrics.totals import shares, totals
from benchmark.networks.base import COUNTS


def evaluate(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Figures]:
    """Each metric's figures, by its key."""
    found = growth(frame, [metric for metric in metrics if metric.of_followers])
    found |= per_post(frame, [metric for metric in metrics if metric.needs_mature_posts])
    for metric in metrics:
        if metric.over_posts is Statistic.SHARE:
            found[metric.key] = shares(frame, metric)
        elif metric.key not in found:
            found[metric.key] = totals(frame, metric)
    explain = _Explain(frame)
    for metric in metrics:
        explain(metric, found[metric.key])
    return {metric.key: found[metric.key] for metric in metrics}


class _Explain:
    """Puts a basis beside every figure, and a reason where there is none."""

    def __init__(self, frame: Frame) -> None:
        posts = frame.posts
        fewer_parts = np.asarray(posts.lacks.any(axis=1), dtype=np.bool_)
        self.frame = frame
        self.fewer = [
            frozenset(part for source in subject.sources for part in source.lacks) if fewer else frozenset()
            for subject, fewer in zip(frame.subjects, frame.rows_with(fewer_parts), strict=True)
        ]
        self.backfilled = frame.rows_with(posts.backfilled & posts.mature).tolist()
        self.elsewhere = followers_at_end(frame)[1].tolist()
        self.dropped = frame.rows_with(posts.dropped).tolist()
        self.published = np.bincount(posts.row[posts.current], minlength=frame.rows).tolist()
        self.measured_reach = frame.measured_reach.tolist()

    def __call__(self, metric: Metric, figures: Figures) -> None:
        nothing, n = np.isnan(figures.value).tolist(), figures.n.tolist()
        rows = range(self.frame.rows)
        figures.reasons = [self.reason(metric, row, n[row]) if nothing[row] else None for row in rows]
        bases = [self.basis(metric, row) for row in rows]
        figures.bases = [None if nothing[row] else bases[row][0] for row in rows]
        figures.leagues = [bases[row] for row in rows]

    def basis(self, metric: Metric, row: int) -> tuple[str, Hashable]:
        """The basis of a figure, and with it what else has to be equal for a rank."""
        if "reach" in metric.each.names:
            return ("measured" if self.measured_reach[row] else "published_views", None)
        if metric.over_posts is Statistic.AT_END:
            return ("backfilled" if self.elsewhere[row] else "measured", None)
        fewer = self.fewer[row] if metric.uses_engagements else frozenset()
        backfilled = metric.uses_followers_when_posted and self.backfilled[row]
        if fewer:
            return ("fewer_parts", (fewer, backfilled))
        return ("backfilled" if backfilled else "measured", None)

    def reason(self, metric: Metric, row: int, n: int) -> str:
        """Why there is no figure, the most telling reason first."""
        if metric.of_followers:
            return why_no_growth(self.frame, row)
        if known := self.frame.reasons[row]:
            return known
        if metric.over_posts is Statistic.SHARE and (whole := self._unshared(metric, row)):
            return whole
        return self._untold(metric, row) or self._unfollowed(metric, row) or self._few(metric, row, n)

    def _unshared(self, metric: Metric, row: int) -> str | None:
        """A share is missing although the row's own sum is known."""
        lacking = np.isnan(totals(self.frame, metric).value)
        if lacking[row]:
            return None
        return "another_row_lacks_it" if lacking.any() else "nothing_to_share"

    def _untold(self, metric: Metric, row: int) -> str | None:
        """A part of it is published by nobody, or its file does not have it."""
        frame = self.frame
        if "reach" in metric.each.names and not self.measured_reach[row] and "views" not in frame.network.publishes:
            return "not_available"
        if "measured_reach" in metric.each.names and not self.measured_reach[row]:
            return "not_available"
        untold = [
            name
            for name in metric.each.names
            if name in COUNTS and np.isnan(frame.posts.columns[name][frame.posts.row == row]).all()
        ]
        if any(name not in frame.network.publishes for name in untold):
            return "not_published"
        lacks = frozenset.intersection(*(source.lacks for source in frame.subjects[row].sources))
        return "not_in_file" if lacks.intersection(untold) else None

    def _unfollowed(self, metric: Metric, row: int) -> str | None:
        if not metric.uses_followers_when_posted:
            return None
        course = self.frame.followers[row]
        if not len(course.at):
            told = FOLLOWERS.partition("_")[0] in self.frame.network.publishes
            return "followers_not_known" if told else "not_published"
        return None if course.followers.any() else "zero_followers"

    def _few(self, metric: Metric, row: int, n: int) -> str:
        if self.dropped[row]:
            return "kept_no_longer"
        hidden = self.published[row] and not n and not metric.needs_mature_posts
        return "hidden" if hidden else "not_enough_posts"
