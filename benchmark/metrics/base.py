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
    DAYS = "days"
    CHARACTERS = "characters"
    RATIO = "ratio"
    INDEX = "index"  # 100 is what was to be expected

    @property
    def is_whole(self) -> bool:
        """Whether it counts things: such a figure is shown without decimals where it has none."""
        return self in {Unit.COUNT, Unit.DAYS, Unit.CHARACTERS}


class Group(StrEnum):
    """What a metric is about; pages and documents list metrics by it."""

    AUDIENCE = "audience"
    ACTIVITY = "activity"
    RESPONSE = "response"
    CONTENT = "content"
    STANDING = "standing"
    PEERS = "peers"  # as other tools define it


class Clock(StrEnum):
    """Which moment decides whether something belongs to a period."""

    PUBLISHED = "published"  # posts published in it, with all that they have gathered since
    RECEIVED = "received"  # what came in during it


class Better(StrEnum):
    """Which direction a reader would cheer for; ranks run from the better end, and there are none for neither."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Statistic(StrEnum):
    """What becomes of the posts, or of the follower readings, of one profile."""

    SUM = "sum"  # over all posts of the period, the young ones too
    PER_WEEK = "per_week"  # that sum ÷ days, times 7
    MEAN = "mean"  # over mature posts, like all that follow, unless the metric takes all posts
    MEDIAN = "median"
    RATIO_OF_SUMS = "ratio_of_sums"
    PER_DAY = "per_day"  # the sum ÷ days
    TOTAL = "total"  # the sum
    MEAN_OF_DAYS = "mean_of_days"  # over the days with posts, each with the mean of its posts
    AT_END = "at_end"  # of followers, like all that follow
    SHARE_AT_END = "share_at_end"  # a row's followers ÷ those of all rows
    GROWTH = "growth"
    GROWTH_PER_DAY = "growth_per_day"
    GROWTH_RATE = "growth_rate"
    GROWTH_WEEKLY = "growth_weekly"
    SHARE = "share"  # a row's sum ÷ the sum of all rows
    ACTIVE_DAYS = "active_days"  # days with a post ÷ days
    LONGEST_PAUSE = "longest_pause"  # the most days in a row without a post
    SPREAD = "spread"  # the standard deviation of the posts of whole weeks ÷ their mean
    FOR_SIZE = "for_size"  # the mean ÷ what the rows' own course over their followers says, times 100


OF_FOLLOWERS = frozenset(
    {
        Statistic.AT_END,
        Statistic.SHARE_AT_END,
        Statistic.GROWTH,
        Statistic.GROWTH_PER_DAY,
        Statistic.GROWTH_RATE,
        Statistic.GROWTH_WEEKLY,
    }
)
OF_SUMS = frozenset({Statistic.SUM, Statistic.PER_WEEK, Statistic.SHARE})
OF_SAMPLES = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.RATIO_OF_SUMS})
OF_RHYTHM = frozenset({Statistic.ACTIVE_DAYS, Statistic.LONGEST_PAUSE, Statistic.SPREAD})

MOVING = frozenset({*COUNTS, "engagements", "weighted_engagements", "reach", "measured_reach"})

FOLLOWERS = "followers_when_posted"
FOLLOWERS_THAT_DAY = "followers_that_day"


class Audience(StrEnum):
    """Which followers of a profile a whole figure is divided by, times 100."""

    AT_END = "followers at the end"
    MEAN_OF_ENDS = "the mean of the followers before and at the end"
    AVERAGE = "the followers' average over the period"


@dataclass(frozen=True, slots=True)
class Column:
    """A number that each post has: one of its counts, its engagements, its reach, or 1 for the post itself."""

    name: str
    times: float = 1.0

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


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What another tool calls a figure, and in what it departs from ours, in a sentence where it does."""

    tool: str
    name: str
    differs: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A definition: every column head, tooltip, number format, API reference and test reads this value.

    - A changed formula is a new `version` under the same key.
    - `label`, `answers` and `definition` are sentences that may be translated.
    - `each` is taken of every post, `over_posts` makes one figure of them. With `all_posts` the young ones count too,
      because what is taken does not move, or because another tool counts them.
    - `audience` divides that figure by followers of the profile.
    - `at_least` is the number of posts under which there is no figure but a reason.
    - `source` says where the definition comes from, `known_as` under which names other tools show it.
    """

    key: str
    label: Any
    answers: Any
    definition: Any
    each: Column | Ratio
    over_posts: Statistic
    unit: Unit
    group: Group
    all_posts: bool = False
    audience: Audience | None = None
    source: Any = ""
    known_as: tuple[KnownAs, ...] = ()
    better: Better = Better.HIGHER
    at_least: int = 0
    version: int = 1
    default: bool = True

    @property
    def needs_mature_posts(self) -> bool:
        """Whether posts that are still moving are left out."""
        return not (self.of_followers or self.of_sums or self.of_rhythm or self.all_posts)

    @property
    def of_sums(self) -> bool:
        """Whether it is a sum over all posts of the period, or made of such sums."""
        summed_by_day = self.all_posts and self.over_posts is Statistic.PER_DAY and isinstance(self.each, Column)
        return self.over_posts in OF_SUMS or summed_by_day

    @property
    def of_rhythm(self) -> bool:
        """Whether it is made of the moments of publishing alone."""
        return self.over_posts in OF_RHYTHM

    @property
    def sampled(self) -> bool:
        """Whether the posts stand for others that might have been published, so that the figure has an interval."""
        return self.moves and self.over_posts in OF_SAMPLES

    @property
    def moves(self) -> bool:
        """Whether the posts' figures go on changing after they were published."""
        return not MOVING.isdisjoint(self.each.names)

    @property
    def needs(self) -> tuple[str, ...]:
        """What has to be known of each post, or of the profile."""
        names = () if self.over_posts in OF_RHYTHM else self.each.names
        of_profile = self.audience or self.over_posts is Statistic.FOR_SIZE
        return (*names, "followers") if of_profile else names

    @property
    def clock(self) -> Clock:
        """Which moment decides what belongs to the period."""
        return Clock.RECEIVED if self.of_followers else Clock.PUBLISHED

    @property
    def of_followers(self) -> bool:
        """Whether it is made of follower readings alone, so that the history of posts does not matter."""
        return self.over_posts in OF_FOLLOWERS

    @property
    def uses_followers_when_posted(self) -> bool:
        """Whether each post is divided by the followers of its time."""
        return FOLLOWERS in self.each.names or FOLLOWERS_THAT_DAY in self.each.names

    def offered_by(self, network: Network) -> bool:
        """Whether the network publishes what it is made of; followers and reach may come from files everywhere."""
        if self.uses_engagements and not network.engagement_parts:
            return False
        return all(name in network.publishes for name in self.each.names if name in COUNTS)

    @property
    def uses_engagements(self) -> bool:
        """Whether it needs the parts that the network's engagements are made of."""
        return "engagements" in self.each.names or "weighted_engagements" in self.each.names
