"""Figures as other tools define them, so that whoever comes from one finds it here.

They count posts that still move, which our own rates leave out.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import (
    FOLLOWERS,
    FOLLOWERS_THAT_DAY,
    Audience,
    Column,
    Group,
    KnownAs,
    Metric,
    Ratio,
    Statistic,
    Unit,
)

RATE_OVER_ALL_POSTS = Metric(
    key="engagement_rate_mean_all_posts",
    label=_("Engagement rate, mean of all posts"),
    answers=_("How strongly do posts move the people who follow, as most tools show it?"),
    definition=_(
        "The mean, over all posts, of engagements ÷ followers when posted, in percent. Posts that still move are in it."
    ),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(
        KnownAs("Rival IQ", "Engagement rate by follower"),
        KnownAs("Emplifi", "Engagement rate"),
        KnownAs("Quintly", "Post interaction rate"),
        KnownAs("CrowdTangle", "Interaction rate of a post"),
    ),
)

ENGAGEMENTS_PER_POST_OVER_ALL = Metric(
    key="engagements_per_post_all_posts",
    label=_("Engagements per post, all posts"),
    answers=_("How much does a post bring on average, as most tools show it?"),
    definition=_("The mean of engagements over all posts. Posts that still move are in it."),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.COUNT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(
        KnownAs("Sprout Social", "Public engagements per post"),
        KnownAs("Brandwatch", "Average engagement per post"),
        KnownAs("Rival IQ", "Engagement per post"),
    ),
)

QUINTLY_INTERACTION_RATE = Metric(
    key="quintly_interaction_rate",
    label=_("Interaction rate (Quintly)"),
    answers=_("How much does a post bring for a hundred followers of the period?"),
    definition=_(
        "The mean of engagements over all posts ÷ the mean of followers before the period and at its end, in percent."
    ),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    audience=Audience.MEAN_OF_ENDS,
    at_least=1,
    default=False,
    known_as=(
        KnownAs(
            "Quintly", "Interaction rate", _("Quintly shows 0 where nothing was published; here there is no figure.")
        ),
    ),
)

CROWDTANGLE_INTERACTION_RATE = Metric(
    key="crowdtangle_interaction_rate",
    label=_("Interaction rate (CrowdTangle)"),
    answers=_("How much does a post bring for a hundred followers of an average day?"),
    definition=_("The mean of engagements over all posts ÷ the followers' average over the period, in percent."),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    audience=Audience.AVERAGE,
    at_least=1,
    default=False,
    known_as=(KnownAs("CrowdTangle", "Interaction rate of an account"),),
)

ORLO_ENGAGEMENT_RATE = Metric(
    key="orlo_average_engagement_rate",
    label=_("Average engagement rate (Orlo, Popsters)"),
    answers=_("How much does a post bring for a hundred of today's followers?"),
    definition=_("The mean of engagements over all posts ÷ followers at the end of the last day, in percent."),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    audience=Audience.AT_END,
    at_least=1,
    default=False,
    known_as=(
        KnownAs("Orlo", "Average engagement rate"),
        KnownAs("Popsters", "ERpost"),
    ),
)

POPSTERS_RATE_PER_DAY = Metric(
    key="popsters_er_day",
    label=_("ERday (Popsters)"),
    answers=_("How much do people do on a day, for a hundred of today's followers?"),
    definition=_("The sum of engagements over all posts ÷ days ÷ followers at the end of the last day, in percent."),
    each=Column("engagements"),
    over_posts=Statistic.PER_DAY,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    audience=Audience.AT_END,
    at_least=0,
    default=False,
    known_as=(KnownAs("Popsters", "ERday"),),
)

POPSTERS_RATE_BY_VIEWS = Metric(
    key="popsters_er_view",
    label=_("ERview (Popsters)"),
    answers=_("How many of those who were shown a post did something, on average?"),
    definition=_("The mean, over all posts, of engagements ÷ views, in percent."),
    each=Ratio("engagements", "views"),
    over_posts=Statistic.MEAN,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(
        KnownAs("Popsters", "ERview"),
        KnownAs("Rival IQ", "Engagement rate (TikTok)", _("Rival IQ does so on TikTok alone.")),
    ),
)

FANPAGE_KARMA_ENGAGEMENT = Metric(
    key="fanpage_karma_engagement",
    label=_("Engagement (Fanpage Karma)"),
    answers=_("How much do people do on a day, for a hundred followers of that day?"),
    definition=_(
        "The sum, over all posts, of engagements ÷ followers at the end of that day, ÷ days of the period, in percent."
    ),
    each=Ratio("engagements", FOLLOWERS_THAT_DAY),
    over_posts=Statistic.PER_DAY,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(KnownAs("Fanpage Karma", "Engagement"),),
)

FANPAGE_KARMA_POST_INTERACTION = Metric(
    key="fanpage_karma_post_interaction",
    label=_("Post interaction (Fanpage Karma)"),
    answers=_("How much does a post bring for a hundred followers, days alike?"),
    definition=_(
        "The mean, over the days with posts, of the mean of engagements ÷ followers at the end of that day, in percent."
    ),
    each=Ratio("engagements", FOLLOWERS_THAT_DAY),
    over_posts=Statistic.MEAN_OF_DAYS,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(KnownAs("Fanpage Karma", "Post interaction"),),
)

RATE_WEIGHTED_BY_AUDIENCE = Metric(
    key="rival_iq_engagement_rate_per_post",
    label=_("Engagement rate per post, weighted by audience (Rival IQ)"),
    answers=_("How many engagements come for a hundred followers, posts with a large audience weighing more?"),
    definition=_("The sum of engagements ÷ the sum of followers when posted, over all posts, in percent."),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.RATIO_OF_SUMS,
    unit=Unit.PERCENT,
    group=Group.PEERS,
    all_posts=True,
    at_least=1,
    default=False,
    known_as=(KnownAs("Rival IQ", "Engagement rate / post (cross-channel)"),),
)
