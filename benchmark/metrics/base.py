"""The words in which a metric is declared: what is taken of each post, and which statistic goes over them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmark.networks.base import COUNTS, Network


class Unit(StrEnum):
    """What a figure counts."""

    COUNT = "count"
    PER_WEEK = "per_week"
    PER_THOUSAND = "per_thousand_followers"
    PERCENT = "percent"


class Better(StrEnum):
    """Which direction a reader would cheer for; ranks run from the better end."""

    HIGHER = "higher"
    LOWER = "lower"


class Statistic(StrEnum):
    """What becomes of the posts, or of the follower readings, of one profile."""

    SUM = "sum"  # over all posts of the period, the young ones too
    PER_WEEK = "per_week"  # that sum ÷ days, times 7
    MEAN = "mean"  # over mature posts, like all that follow
    MEDIAN = "median"
    RATIO_OF_SUMS = "ratio_of_sums"
    PER_DAY = "per_day"  # the sum over mature posts ÷ days
    TOTAL = "total"  # the sum over mature posts
    AT_END = "at_end"  # of followers, like all that follow
    GROWTH = "growth"
    GROWTH_RATE = "growth_rate"
    GROWTH_WEEKLY = "growth_weekly"
    SHARE = "share"  # a row's sum ÷ the sum of all rows


OF_FOLLOWERS = frozenset({Statistic.AT_END, Statistic.GROWTH, Statistic.GROWTH_RATE, Statistic.GROWTH_WEEKLY})
OF_ALL_POSTS = frozenset({Statistic.SUM, Statistic.PER_WEEK, Statistic.SHARE})

FOLLOWERS = "followers_when_posted"


@dataclass(frozen=True, slots=True)
class Column:
    """A number that each post has: one of its counts, its engagements, its reach, or 1 for the post itself."""

    name: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One number of a post in relation to another, such as engagements ÷ followers when posted, times 100."""

    above: str
    below: str
    times: float = 100.0

    @property
    def names(self) -> tuple[str, ...]:
        return (self.above, self.below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A definition: every column head, tooltip, number format, API reference and test reads this value.

    A changed formula is a new `version` under the same key. `label`, `answers` and `definition` are sentences that may
    be translated. `at_least` is the number of posts under which there is no figure but a reason.
    """

    key: str
    label: Any
    answers: Any
    definition: Any
    each: Column | Ratio
    over_posts: Statistic
    unit: Unit
    source: Any = ""
    better: Better = Better.HIGHER
    at_least: int = 0
    version: int = 1
    default: bool = True

    @property
    def needs_mature_posts(self) -> bool:
        """Whether posts that are still moving are left out."""
        return not self.of_followers and self.over_posts not in OF_ALL_POSTS

    @property
    def of_followers(self) -> bool:
        """Whether it is made of follower readings alone, so that the history of posts does not matter."""
        return self.over_posts in OF_FOLLOWERS

    @property
    def uses_followers_when_posted(self) -> bool:
        return FOLLOWERS in self.each.names

    def offered_by(self, network: Network) -> bool:
        """Whether the network publishes what it is made of; followers and reach may come from files everywhere."""
        if self.uses_engagements and not network.engagement_parts:
            return False
        return all(name in network.publishes for name in self.each.names if name in COUNTS)

    @property
    def uses_engagements(self) -> bool:
        return "engagements" in self.each.names
