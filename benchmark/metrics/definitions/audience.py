"""Who follows, and how that changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import Column, Group, KnownAs, Metric, Statistic, Unit

FOLLOWERS_AT_END = Metric(
    key="followers",
    label=_("Followers"),
    answers=_("How many people follow?"),
    definition=_("Followers at the end of the period's last day, linear between readings."),
    each=Column("followers"),
    over_posts=Statistic.AT_END,
    unit=Unit.COUNT,
    group=Group.AUDIENCE,
    known_as=(KnownAs("Sprout Social", "Followers"),),
)

FOLLOWER_GROWTH = Metric(
    key="follower_growth",
    label=_("Follower growth"),
    answers=_("How many followers were won, less those lost?"),
    definition=_(
        "Followers at the end of the last day, less those at the end of the day before the first;"
        " linear between readings at most 7 days apart."
    ),
    each=Column("followers"),
    over_posts=Statistic.GROWTH,
    unit=Unit.COUNT,
    group=Group.AUDIENCE,
    known_as=(KnownAs("Hootsuite", "Net new followers"),),
)

FOLLOWER_GROWTH_RATE = Metric(
    key="follower_growth_rate",
    label=_("Follower growth rate"),
    answers=_("How fast does the audience grow?"),
    definition=_("Follower growth ÷ followers at the end of the day before the first, in percent."),
    each=Column("followers"),
    over_posts=Statistic.GROWTH_RATE,
    unit=Unit.PERCENT,
    group=Group.AUDIENCE,
    known_as=(KnownAs("Brandwatch", "Fan growth"),),
)

FOLLOWER_GROWTH_WEEKLY = Metric(
    key="follower_growth_weekly",
    label=_("Follower growth per week"),
    answers=_("How fast does the audience grow, comparable between periods of any length?"),
    definition=_(
        "(Followers at the end ÷ followers before the first day) to the power of 7 ÷ days, minus 1, in percent."
    ),
    each=Column("followers"),
    over_posts=Statistic.GROWTH_WEEKLY,
    unit=Unit.PERCENT,
    group=Group.AUDIENCE,
    known_as=(KnownAs("Fanpage Karma", "Growth"),),
)

FOLLOWER_GROWTH_PER_DAY = Metric(
    key="follower_growth_per_day",
    label=_("Follower growth per day"),
    answers=_("How many followers does a day bring?"),
    definition=_("Follower growth ÷ days of the period."),
    each=Column("followers"),
    over_posts=Statistic.GROWTH_PER_DAY,
    unit=Unit.COUNT,
    group=Group.AUDIENCE,
    default=False,
)
