"""The figures of every row in every metric that is asked for, with their bases, or the reasons why there are none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from benchmark.metrics.ages import SameAge, ask_at_same_age
from benchmark.metrics.base import FOLLOWERS, Metric, Statistic
from benchmark.metrics.figures import Figures, finished
from benchmark.metrics.frame import Frame
from benchmark.metrics.growth import growth, why_no_growth
from benchmark.metrics.per_post import per_post
from benchmark.metrics.totals import totals, unsummed
from benchmark.networks.base import COUNTS


def evaluate(
    frame: Frame, metrics: Sequence[Metric], aged: Callable[[], SameAge] | None = None, *, intervals: bool = True
) -> dict[str, Figures]:
    """Each metric's figures, by its key. `aged` is what `ask_at_same_age` gave, where it was asked for already.

    Without `intervals` those over posts are left out: they cost more than all the figures.
    """
    of_followers = [metric for metric in metrics if metric.of_followers]
    of_mature_posts = [metric for metric in metrics if metric.needs_mature_posts]
    of_all_posts = [metric for metric in metrics if metric not in of_followers and metric not in of_mature_posts]
    computed = growth(frame, of_followers) | totals(frame, of_all_posts)
    if of_mature_posts:
        computed |= per_post(frame, of_mature_posts, aged or ask_at_same_age(frame), intervals=intervals)
    figures = finished({metric.key: computed[metric.key] for metric in metrics}, frame.rows)
    explain = _Explain(frame)
    for metric in metrics:
        explain(metric, figures[metric.key])
    return figures


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
        self.elsewhere = frame.followers_at_end.elsewhere.tolist()
        self.dropped = frame.rows_with(posts.dropped).tolist()
        self.published = frame.published[: frame.rows].tolist()
        self.measured_reach = frame.measured_reach.tolist()
        self.leagues: dict[tuple[bool, ...], list[tuple[str, Hashable]]] = {}
        self.known: dict[str, list[bool]] = {}

    def __call__(self, metric: Metric, figures: Figures) -> None:
        leagues = self.leagues_of(metric)
        figures.leagues = leagues
        figures.bases = [basis for basis, _ in leagues]
        figures.reasons = [None] * self.frame.rows
        for row in np.flatnonzero(np.isnan(figures.value)).tolist():
            figures.bases[row] = None
            figures.reasons[row] = self.reason(metric, row, int(figures.n[row]))

    def leagues_of(self, metric: Metric) -> list[tuple[str, Hashable]]:
        """The basis of each row, and with it what else has to be equal for a rank."""
        about_reach, at_end = "reach" in metric.each.names, metric.over_posts is Statistic.AT_END
        kind = (about_reach, at_end, metric.uses_engagements, metric.uses_followers_when_posted)
        if kind not in self.leagues:
            self.leagues[kind] = [self._league(*kind, row) for row in range(self.frame.rows)]
        return self.leagues[kind]

    def _league(
        self, about_reach: bool, at_end: bool, of_engagements: bool, by_followers: bool, row: int
    ) -> tuple[str, Hashable]:
        if about_reach:
            return ("measured" if self.measured_reach[row] else "published_views", None)
        if at_end:
            return ("backfilled" if self.elsewhere[row] else "measured", None)
        backfilled = by_followers and self.backfilled[row]
        if of_engagements and self.fewer[row]:
            return ("fewer_parts", (self.fewer[row], backfilled))
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
        lacking = unsummed(self.frame, metric.each.names[0])
        if lacking[row]:
            return None
        return "another_row_lacks_it" if lacking.any() else "nothing_to_share"

    def _untold(self, metric: Metric, row: int) -> str | None:
        """A part of it is published by nobody, or its file does not have it."""
        publishes = self.frame.network.publishes
        if metric.uses_engagements and not self.frame.network.engagement_parts:
            return "not_published"
        if "reach" in metric.each.names and not self.measured_reach[row] and "views" not in publishes:
            return "not_available"
        if "measured_reach" in metric.each.names and not self.measured_reach[row]:
            return "not_available"
        untold = [name for name in metric.each.names if name in COUNTS and not self._is_known(name)[row]]
        if any(name not in publishes for name in untold):
            return "not_published"
        lacks = frozenset.intersection(*(source.lacks for source in self.frame.subjects[row].sources))
        return "not_in_file" if lacks.intersection(untold) else None

    def _is_known(self, name: str) -> list[bool]:
        """Rows of which at least one post has this count."""
        if name not in self.known:
            posts = self.frame.posts
            there = posts.row[~np.isnan(posts.columns[name])]
            self.known[name] = (np.bincount(there, minlength=self.frame.rows) > 0).tolist()
        return self.known[name]

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
