"""Where a profile stands among those it is compared with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import Column, Group, KnownAs, Metric, Statistic, Unit

SHARE_OF_VOICE = Metric(
    key="share_of_voice",
    label=_("Share of voice"),
    answers=_("Which part of all engagements in this comparison is theirs?"),
    definition=_("Engagements ÷ the engagements of all rows, own included, in percent."),
    each=Column("engagements"),
    over_posts=Statistic.SHARE,
    unit=Unit.PERCENT,
    group=Group.STANDING,
)

SHARE_OF_POSTS = Metric(
    key="share_of_posts",
    label=_("Share of posts"),
    answers=_("Which part of all posts in this comparison is theirs?"),
    definition=_("Posts ÷ the posts of all rows, own included, in percent."),
    each=Column("posts"),
    over_posts=Statistic.SHARE,
    unit=Unit.PERCENT,
    group=Group.STANDING,
    known_as=(KnownAs("Brandwatch", "Share of voice"),),
)

SHARE_OF_AUDIENCE = Metric(
    key="share_of_audience",
    label=_("Share of audience"),
    answers=_("Which part of all followers in this comparison is theirs?"),
    definition=_("Followers at the end ÷ the followers of all rows, own included, in percent."),
    each=Column("followers"),
    over_posts=Statistic.SHARE_AT_END,
    unit=Unit.PERCENT,
    group=Group.STANDING,
    default=False,
)

SIZE_ADJUSTED = Metric(
    key="size_adjusted_index",
    label=_("Size-adjusted index"),
    answers=_("Do posts bring more than is usual for so many followers? 100: just as much."),
    definition=_(
        "Engagements per post (the mean over mature posts) ÷ what the line through all rows says for as many followers,"
        " times 100. The line is drawn by least squares on the logarithms of both; at least five rows."
    ),
    each=Column("engagements"),
    over_posts=Statistic.FOR_SIZE,
    unit=Unit.INDEX,
    group=Group.STANDING,
    at_least=5,
    default=False,
    source=_(
        "Engagements do not grow in proportion to followers: small profiles have higher rates without being better."
    ),
)
