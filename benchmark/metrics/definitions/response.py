"""What people do with what is published."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import FOLLOWERS, Column, Group, KnownAs, Metric, Ratio, Statistic, Unit

ENGAGEMENT_RATE = Metric(
    key="engagement_rate",
    label=_("Engagement rate"),
    answers=_("How strongly does a typical post move the people who follow?"),
    definition=_("The median, over mature posts, of engagements ÷ followers when posted, in percent."),
    each=Ratio("engagements", FOLLOWERS),  # one figure per mature post
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
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
    group=Group.RESPONSE,
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
    group=Group.RESPONSE,
    at_least=5,
    source=_("Popsters divides by views too, and takes the mean."),
)

ENGAGEMENTS = Metric(
    key="engagements",
    label=_("Engagements"),
    answers=_("How much did people do in all?"),
    definition=_("The sum of the network's engagement parts over all posts of the period, as last read."),
    each=Column("engagements"),
    over_posts=Statistic.SUM,
    unit=Unit.COUNT,
    group=Group.RESPONSE,
    known_as=(
        KnownAs("Hootsuite", "Post key interactions"),
        KnownAs("Brandwatch", "Total engagement"),
    ),
)

ENGAGEMENTS_PER_POST = Metric(
    key="engagements_per_post",
    label=_("Engagements per post"),
    answers=_("How much does a post bring on average?"),
    definition=_("The mean of engagements over mature posts."),
    each=Column("engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.COUNT,
    group=Group.RESPONSE,
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
    group=Group.RESPONSE,
    at_least=1,
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
    group=Group.RESPONSE,
    at_least=1,
)

ENGAGEMENT_RATE_OF_SUMS = Metric(
    key="engagement_rate_of_sums",
    label=_("Engagement rate, ratio of sums"),
    answers=_("How many engagements come for a hundred followers, all posts taken together?"),
    definition=_("The sum of engagements ÷ the sum of followers when posted, over mature posts, in percent."),
    each=Ratio("engagements", FOLLOWERS),
    over_posts=Statistic.RATIO_OF_SUMS,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
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
    group=Group.RESPONSE,
    at_least=5,
    default=False,
    source=_("Fanpage Karma and Popsters show a rate per day, with young posts in it."),
)

ENGAGEMENTS_PER_THOUSAND = Metric(
    key="engagements_per_1000_followers",
    label=_("Engagements per 1,000 followers"),
    answers=_("How much did people do in the whole period, for a thousand followers?"),
    definition=_("The sum, over mature posts, of engagements ÷ followers when posted, times 1,000."),
    each=Ratio("engagements", FOLLOWERS, times=1000.0),
    over_posts=Statistic.TOTAL,
    unit=Unit.PER_THOUSAND,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
    known_as=(KnownAs("Emplifi", "Interactions per 1k followers", _("Emplifi counts posts that still move, too.")),),
)

ENGAGEMENT_RATE_BY_REACH = Metric(
    key="engagement_rate_by_reach",
    label=_("Engagement rate by reach"),
    answers=_("How many of the people reached did something? Own accounts only."),
    definition=_("The median, over mature posts, of engagements ÷ the reach that the owner measured, in percent."),
    each=Ratio("engagements", "measured_reach"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
)

APPLAUSE_RATE = Metric(
    key="applause_rate",
    label=_("Applause rate"),
    answers=_("How many of the followers react to a typical post?"),
    definition=_("The median, over mature posts, of reactions ÷ followers when posted, in percent."),
    each=Ratio("reactions", FOLLOWERS),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
    source=_("Avinash Kaushik: applause per post; here for a hundred followers."),
)

CONVERSATION_RATE = Metric(
    key="conversation_rate",
    label=_("Conversation rate"),
    answers=_("How many of the followers answer a typical post?"),
    definition=_("The median, over mature posts, of comments ÷ followers when posted, in percent."),
    each=Ratio("comments", FOLLOWERS),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
    source=_("Avinash Kaushik: conversation per post; here for a hundred followers."),
)

AMPLIFICATION_RATE = Metric(
    key="amplification_rate",
    label=_("Amplification rate"),
    answers=_("How many of the followers pass a typical post on?"),
    definition=_("The median, over mature posts, of shares ÷ followers when posted, in percent."),
    each=Ratio("shares", FOLLOWERS),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
    source=_("Avinash Kaushik: amplification per post; here for a hundred followers."),
)

VIEW_RATE = Metric(
    key="view_rate",
    label=_("Views per follower"),
    answers=_("How often is a typical post shown, for a hundred followers?"),
    definition=_("The median, over mature posts, of views ÷ followers when posted, in percent."),
    each=Ratio("views", FOLLOWERS),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
)

REACH_RATE = Metric(
    key="reach_rate",
    label=_("Reach rate"),
    answers=_("Which part of the followers does a typical post reach? Own accounts only."),
    definition=_(
        "The median, over mature posts, of the reach that the owner measured ÷ followers when posted, in percent."
    ),
    each=Ratio("measured_reach", FOLLOWERS),
    over_posts=Statistic.MEDIAN,
    unit=Unit.PERCENT,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
)

COMMENTS_PER_REACTION = Metric(
    key="comments_per_100_reactions",
    label=_("Comments per 100 reactions"),
    answers=_("How much is said for every hundred that only react?"),
    definition=_("The sum of comments ÷ the sum of reactions, over mature posts, times 100."),
    each=Ratio("comments", "reactions"),
    over_posts=Statistic.RATIO_OF_SUMS,
    unit=Unit.RATIO,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
)

SHARES_PER_REACTION = Metric(
    key="shares_per_100_reactions",
    label=_("Shares per 100 reactions"),
    answers=_("How much is passed on for every hundred that only react?"),
    definition=_("The sum of shares ÷ the sum of reactions, over mature posts, times 100."),
    each=Ratio("shares", "reactions"),
    over_posts=Statistic.RATIO_OF_SUMS,
    unit=Unit.RATIO,
    group=Group.RESPONSE,
    at_least=5,
    default=False,
)

WEIGHTED_ENGAGEMENTS = Metric(
    key="weighted_engagements",
    label=_("Weighted engagements"),
    answers=_("How much did people do in all, if words count twice and sharing three times?"),
    definition=_("The sum, over all posts, of reactions, twice the comments and three times the shares and quotes."),
    each=Column("weighted_engagements"),
    over_posts=Statistic.SUM,
    unit=Unit.COUNT,
    group=Group.RESPONSE,
    default=False,
    known_as=(KnownAs("Fanpage Karma", "Weighted engagement"),),
)

WEIGHTED_ENGAGEMENTS_PER_POST = Metric(
    key="weighted_engagements_per_post",
    label=_("Weighted engagements per post"),
    answers=_("How much does a post bring, if words count twice and sharing three times?"),
    definition=_("The mean, over all posts, of reactions, twice the comments and three times the shares and quotes."),
    each=Column("weighted_engagements"),
    over_posts=Statistic.MEAN,
    unit=Unit.COUNT,
    group=Group.RESPONSE,
    all_posts=True,
    at_least=1,
    default=False,
)

ENGAGEMENTS_PER_DAY = Metric(
    key="engagements_per_day",
    label=_("Engagements per day"),
    answers=_("How much do people do for what a day's posts offer? Rises with every post."),
    definition=_("The sum of engagements over all posts of the period ÷ its days."),
    each=Column("engagements"),
    over_posts=Statistic.PER_DAY,
    unit=Unit.COUNT,
    group=Group.RESPONSE,
    all_posts=True,
    default=False,
)

OVER_ALL = _("There posts that still move count, too.")

COUNT_LABELS = {
    "reactions": (_("Reactions"), _("Reactions per post"), _("Reactions per post, median")),
    "comments": (_("Comments"), _("Comments per post"), _("Comments per post, median")),
    "shares": (_("Shares"), _("Shares per post"), _("Shares per post, median")),
    "quotes": (_("Quotes"), _("Quotes per post"), _("Quotes per post, median")),
    "saves": (_("Saves"), _("Saves per post"), _("Saves per post, median")),
    "views": (_("Views"), _("Views per post"), _("Views per post, median")),
}


KNOWN = {
    "reactions": (KnownAs("TrueSocialMetrics", "Applause rate", OVER_ALL),),
    "comments": (KnownAs("TrueSocialMetrics", "Conversation rate", OVER_ALL),),
    "shares": (KnownAs("TrueSocialMetrics", "Amplification rate", OVER_ALL),),
}


def of_count(name: str) -> tuple[Metric, Metric, Metric]:
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
            group=Group.RESPONSE,
        ),
        Metric(
            key=f"{name}_per_post",
            label=per_post,
            answers=_("How many does a post bring on average?"),
            definition=_("The mean over mature posts."),
            each=Column(name),
            over_posts=Statistic.MEAN,
            unit=Unit.COUNT,
            group=Group.RESPONSE,
            known_as=KNOWN.get(name, ()),
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
            group=Group.RESPONSE,
            at_least=1,
        ),
    )
