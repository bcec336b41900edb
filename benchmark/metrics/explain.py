"""What each figure rests on, or why there is none."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from benchmark.metrics.audience import elsewhere
from benchmark.metrics.base import FOLLOWERS, Audience, Metric, Statistic
from benchmark.metrics.derived import OF_WORDS
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import Frame
from benchmark.metrics.growth import why_no_growth
from benchmark.metrics.rhythm import FEWEST_WEEKS, WEEK
from benchmark.metrics.totals import unsummed
from benchmark.networks.base import COUNTS

AT_ONE_MOMENT = frozenset({Statistic.AT_END, Statistic.FOR_SIZE})  # what they take of followers is that of the end


class Explain:
    """Puts a basis beside every figure, and a reason where there is none."""

    def __init__(self, frame: Frame) -> None:
        posts = frame.posts
        fewer_parts = np.asarray(posts.lacks.any(axis=1), dtype=np.bool_)
        self.frame = frame
        self.fewer = [
            frozenset(part for source in subject.sources for part in source.lacks) if fewer else frozenset()
            for subject, fewer in zip(frame.subjects, frame.rows_with(fewer_parts), strict=True)
        ]
        self.backfilled = {
            all_posts: frame.rows_with(posts.backfilled & (posts.mature | all_posts)).tolist()
            for all_posts in (False, True)
        }
        self.elsewhere: dict[Audience | None, list[bool]] = {}
        self.dropped = frame.rows_with(posts.dropped).tolist()
        self.published = frame.published[: frame.rows].tolist()
        self.measured_reach = frame.measured_reach.tolist()
        self.leagues: dict[Hashable, list[tuple[str, Hashable]]] = {}
        self.known: dict[str, list[bool]] = {}

    def __call__(self, metric: Metric, figures: Figures) -> None:
        leagues = self.leagues_of(metric)
        figures.leagues = leagues
        figures.bases = [basis for basis, _ in leagues]
        figures.reasons = [None] * self.frame.rows
        for row in np.flatnonzero(np.isnan(figures.value)).tolist():
            figures.bases[row] = None
            figures.reasons[row] = self.reason(metric, row, figures)

    def leagues_of(self, metric: Metric) -> list[tuple[str, Hashable]]:
        """The basis of each row, and with it what else has to be equal for a rank."""
        audience = Audience.AT_END if metric.over_posts in AT_ONE_MOMENT else metric.audience
        by_followers = metric.uses_followers_when_posted
        alike = ("reach" in metric.each.names, audience, metric.uses_engagements, by_followers, metric.all_posts)
        if alike not in self.leagues:
            self.elsewhere.setdefault(audience, elsewhere(self.frame, audience))
            self.leagues[alike] = [self._league(metric, audience, row) for row in range(self.frame.rows)]
        return self.leagues[alike]

    def _league(self, metric: Metric, audience: Audience | None, row: int) -> tuple[str, Hashable]:
        if "reach" in metric.each.names:
            return ("measured" if self.measured_reach[row] else "published_views", None)
        by_followers = metric.uses_followers_when_posted
        backfilled = self.elsewhere[audience][row] or (by_followers and self.backfilled[metric.all_posts][row])
        if metric.uses_engagements and self.fewer[row]:
            return ("fewer_parts", (self.fewer[row], backfilled))
        return ("backfilled" if backfilled else "measured", None)

    def reason(self, metric: Metric, row: int, figures: Figures) -> str:
        """Why there is no figure, the most telling reason first."""
        if metric.of_followers:
            shared = metric.over_posts is Statistic.SHARE_AT_END and self.frame.edges[2][row].reason is None
            return "another_row_lacks_it" if shared else why_no_growth(self.frame, row)
        if outside := self.frame.reasons[row]:
            return outside
        if metric.over_posts is Statistic.SHARE and (whole := self._unshared(metric, row)):
            return whole
        return (
            self._untold(metric, row)
            or self._unfollowed(metric, row)
            or self._unsized(metric, row, figures)
            or self._undivided(metric, figures.n[row])
            or self._few(metric, row, int(figures.n[row]))
        )

    def _unsized(self, metric: Metric, row: int, figures: Figures) -> str | None:
        """The row has posts enough, and still cannot be held against its size."""
        if metric.over_posts is not Statistic.FOR_SIZE or figures.n[row] < metric.at_least:
            return None
        return "not_enough_profiles" if np.isnan(figures.value).all() else "zero_engagements"

    def _undivided(self, metric: Metric, n: int) -> str | None:
        """The posts are enough, and what their sum is divided by is nothing."""
        enough = metric.over_posts is Statistic.RATIO_OF_SUMS and n >= metric.at_least
        return "nothing_to_divide_by" if enough else None

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
        if not (metric.uses_followers_when_posted or metric.audience or metric.over_posts is Statistic.FOR_SIZE):
            return None
        _, before, end = self.frame.edges
        if metric.audience is Audience.MEAN_OF_ENDS and (reason := before[row].reason or end[row].reason):
            return reason
        course = self.frame.followers[row]
        if not len(course.at):
            told = FOLLOWERS.partition("_")[0] in self.frame.network.publishes
            return "followers_not_known" if told else "not_published"
        return None if course.followers.any() else "zero_followers"

    def _few(self, metric: Metric, row: int, n: int) -> str:
        if metric.over_posts is Statistic.SPREAD and self.frame.span.days < FEWEST_WEEKS * WEEK:
            return "period_too_short"
        if not n and self.published[row] and metric.each.names[0] in OF_WORDS:
            return "text_not_known"
        if self.dropped[row]:
            return "kept_no_longer"
        hidden = self.published[row] and not n and not metric.needs_mature_posts
        return "hidden" if hidden else "not_enough_posts"
