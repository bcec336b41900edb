"""Every metric, declared once. The order is the order of columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import FOLLOWERS, Column, Metric, Ratio, Statistic, Unit

POSTS = Metric(
    key="posts",
    label=_("Posts"),
    answers=_("How much is published?"),
    definition=_(
        "Own posts published in the period; replies and reposts are left out, deleted posts that were seen stay in."
    ),
    each=Column("posts"),
    over_posts=Statistic.SUM,
    unit=Unit.COUNT,
)

POSTS_PER_WEEK = Metric(
    key="posts_per_week",
    label=_("Posts per week"),
    answers=_("How often is something published?"),
    definition=_("Posts ÷ days of the period, times 7."),
    each=Column("posts"),
    over_posts=Statistic.PER_WEEK,
    unit=Unit.PER_WEEK,
)

ENGAGEMENT_RATE = Metric(
    key="engagement_rate",
    label=_("Engagement rate"),
    answers=_("How strongly does a typical post move the people who follow?"),
    definition=_("The median, over mature posts, of engagements ÷ followers when posted, in percent."),
    each=Ratio("engagements", FOLLOWERS),  # one figure per mature post
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    at_least=5,
    source=_("Rival IQ divides by followers at posting time; a median instead of their mean."),
)

ENGAGEMENT_RATE_MEAN = Metric(
    key="engagement_rate_mean",
    label=_("Engagement rate, mean"),
    answers=_("How strongly do posts move the people who follow, great successes included?"),
    definition=_("The mean, over mature posts, of engagements ÷ followers when posted, in percent."),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    at_least=5,
    source=_("Rival IQ and Emplifi: the mean of the posts' rates. Published industry figures stand beside this one."),
)

ENGAGEMENT_RATE_BY_VIEWS = Metric(
    key="engagement_rate_by_views",
    label=_("Engagement rate by views"),
    answers=_("How many of those who were shown a post did something?"),
    definition=_("The median, over mature posts, of engagements ÷ views, in percent."),
    each=Ratio("engagements", "views"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    at_least=5,
    source=_("Popsters (ERview), as a median."),
)

ENGAGEMENTS = Metric(
    key="engagements",
    label=_("Engagements"),
    answers=_("How much did people do in all?"),
    definition=_("The sum of the network's engagement parts over all posts of the period, as last read."),
    each=Column("engagements"),
    over_posts=Statistic.SUM,
    unit=Unit.COUNT,
)

ENGAGEMENTS_PER_POST = Metric(
    key="engagements_per_post",
    label=_("Engagements per post"),
    answers=_("How much does a post bring on average?"),
    definition=_("The mean of engagements over mature posts."),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.COUNT,
    at_least=1,
)

ENGAGEMENTS_PER_POST_MEDIAN = Metric(
    key="engagements_per_post_median",
    label=_("Engagements per post, median"),
    answers=_("How much does a typical post bring?"),
    definition=_("The median of engagements over mature posts."),
    each=Column("engagements"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.COUNT,
    at_least=1,
)

FOLLOWERS_AT_END = Metric(
    key="followers",
    label=_("Followers"),
    answers=_("How many people follow?"),
    definition=_("Followers at the end of the period's last day, linear between readings."),
    each=Column("followers"),
    over_posts=Statistic.AT_END,
    unit=Unit.COUNT,
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
)

FOLLOWER_GROWTH_RATE = Metric(
    key="follower_growth_rate",
    label=_("Follower growth rate"),
    answers=_("How fast does the audience grow?"),
    definition=_("Follower growth ÷ followers at the end of the day before the first, in percent."),
    each=Column("followers"),
    over_posts=Statistic.GROWTH_RATE,
    unit=Unit.PERCENT,
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
    source=_("Fanpage Karma: average weekly compound rate."),
)

REACH_PER_POST_MEDIAN = Metric(
    key="reach_per_post_median",
    label=_("Reach per post, median"),
    answers=_("How many people does a typical post reach?"),
    definition=_(
        "The median, over mature posts, of the reach that the owner measured; published views where the network"
        " shows them; else an estimate with its 80 % range. The three are never ranked together, and reach is never"
        " added up over posts."
    ),
    each=Column("reach"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.COUNT,
    at_least=1,
)

SHARE_OF_VOICE = Metric(
    key="share_of_voice",
    label=_("Share of voice"),
    answers=_("Which part of all engagements in this comparison is theirs?"),
    definition=_("Engagements ÷ the engagements of all rows, own included, in percent."),
    each=Column("engagements"),
    over_posts=Statistic.SHARE,
    unit=Unit.PERCENT,
)

SHARE_OF_POSTS = Metric(
    key="share_of_posts",
    label=_("Share of posts"),
    answers=_("Which part of all posts in this comparison is theirs?"),
    definition=_("Posts ÷ the posts of all rows, own included, in percent."),
    each=Column("posts"),
    over_posts=Statistic.SHARE,
    unit=Unit.PERCENT,
    source=_("Brandwatch calls it share of voice."),
)

ENGAGEMENT_RATE_OF_SUMS = Metric(
    key="engagement_rate_of_sums",
    label=_("Engagement rate, ratio of sums"),
    answers=_("How many engagements come for a hundred followers, all posts taken together?"),
    definition=_("The sum of engagements ÷ the sum of followers when posted, over mature posts, in percent."),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.RATIO_OF_SUMS,
    unit=Unit.PERCENT,
    at_least=5,
    default=False,
)

ENGAGEMENT_RATE_PER_DAY = Metric(
    key="engagement_rate_per_day",
    label=_("Engagement rate per day"),
    answers=_("How much do people do on a day, for a hundred followers? Rises with every post."),
    definition=_(
        "The sum, over mature posts, of engagements ÷ followers when posted, ÷ days of the period, in percent."
    ),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.PER_DAY,
    unit=Unit.PERCENT,
    at_least=5,
    default=False,
    source=_("Popsters (ERday)."),
)

ENGAGEMENTS_PER_THOUSAND = Metric(
    key="engagements_per_1000_followers",
    label=_("Engagements per 1,000 followers"),
    answers=_("How much did people do in the whole period, for a thousand followers?"),
    definition=_("The sum, over mature posts, of engagements ÷ followers when posted, times 1,000."),
    each=Ratio("engagements", FOLLOWERS, times=1000.0),
    over_posts=Statistic.TOTAL,
    unit=Unit.PER_THOUSAND,
    at_least=5,
    default=False,
    source=_("Emplifi: interactions per 1k followers."),
)

ENGAGEMENT_RATE_BY_REACH = Metric(
    key="engagement_rate_by_reach",
    label=_("Engagement rate by reach"),
    answers=_("How many of the people reached did something? Own accounts only."),
    definition=_("The median, over mature posts, of engagements ÷ the reach that the owner measured, in percent."),
    each=Ratio("engagements", "measured_reach"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    at_least=5,
    default=False,
)

COUNT_LABELS = {
    "reactions": (_("Reactions"), _("Reactions per post"), _("Reactions per post, median")),
    "comments": (_("Comments"), _("Comments per post"), _("Comments per post, median")),
    "shares": (_("Shares"), _("Shares per post"), _("Shares per post, median")),
    "quotes": (_("Quotes"), _("Quotes per post"), _("Quotes per post, median")),
    "saves": (_("Saves"), _("Saves per post"), _("Saves per post, median")),
    "views": (_("Views"), _("Views per post"), _("Views per post, median")),
}


def _of_count(name: str) -> tuple[Metric, Metric, Metric]:
    """The sum of one count, its mean and its median per post."""
    in_all, per_post, median = COUNT_LABELS[name]
    return (
        Metric(
            key=name,
            label=in_all,
            answers=_("How many in all?"),
            definition=_("The sum over all posts of the period, as last read."),
            each=Column(name),
            over_posts=Statistic.SUM,
            unit=Unit.COUNT,
        ),
        Metric(
            key=f"{name}_per_post",
            label=per_post,
            answers=_("How many does a post bring on average?"),
            definition=_("The mean over mature posts."),
            each=Column(name),
            over_posts=Statistic.MEAN,
            unit=Unit.COUNT,
            at_least=1,
        ),
        Metric(
            key=f"{name}_per_post_median",
            label=median,
            answers=_("How many does a typical post bring?"),
            definition=_("The median over mature posts."),
            each=Column(name),
            over_posts=Statistic.MEDIAN,
            unit=Unit.COUNT,
            at_least=1,
        ),
    )


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        ENGAGEMENT_RATE,
        ENGAGEMENT_RATE_MEAN,
        ENGAGEMENT_RATE_BY_VIEWS,
        FOLLOWERS_AT_END,
        FOLLOWER_GROWTH,
        FOLLOWER_GROWTH_RATE,
        FOLLOWER_GROWTH_WEEKLY,
        POSTS,
        POSTS_PER_WEEK,
        ENGAGEMENTS,
        ENGAGEMENTS_PER_POST,
        ENGAGEMENTS_PER_POST_MEDIAN,
        *(metric for name in COUNT_LABELS for metric in _of_count(name)),
        REACH_PER_POST_MEDIAN,
        SHARE_OF_VOICE,
        SHARE_OF_POSTS,
        ENGAGEMENT_RATE_OF_SUMS,
        ENGAGEMENT_RATE_PER_DAY,
        ENGAGEMENTS_PER_THOUSAND,
        ENGAGEMENT_RATE_BY_REACH,
    )
}

DEFAULT: tuple[Metric, ...] = tuple(metric for metric in METRICS.values() if metric.default)
