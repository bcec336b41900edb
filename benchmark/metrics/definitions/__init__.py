"""Every metric, declared once. The order is the order of columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import Group, KnownAs, Metric
from benchmark.metrics.definitions import activity, audience, content, peers, response, standing

METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        response.ENGAGEMENT_RATE,
        response.ENGAGEMENT_RATE_MEAN,
        response.ENGAGEMENT_RATE_BY_VIEWS,
        audience.FOLLOWERS_AT_END,
        audience.FOLLOWER_GROWTH,
        audience.FOLLOWER_GROWTH_RATE,
        audience.FOLLOWER_GROWTH_WEEKLY,
        activity.POSTS,
        activity.POSTS_PER_WEEK,
        response.ENGAGEMENTS,
        response.ENGAGEMENTS_PER_POST,
        response.ENGAGEMENTS_PER_POST_MEDIAN,
        *(metric for name in response.COUNT_LABELS for metric in response.of_count(name)),
        response.REACH_PER_POST_MEDIAN,
        standing.SHARE_OF_VOICE,
        standing.SHARE_OF_POSTS,
        # Those that come when they are asked for.
        response.ENGAGEMENT_RATE_OF_SUMS,
        response.ENGAGEMENT_RATE_PER_DAY,
        response.ENGAGEMENTS_PER_THOUSAND,
        response.ENGAGEMENT_RATE_BY_REACH,
        response.APPLAUSE_RATE,
        response.CONVERSATION_RATE,
        response.AMPLIFICATION_RATE,
        response.VIEW_RATE,
        response.REACH_RATE,
        response.COMMENTS_PER_REACTION,
        response.SHARES_PER_REACTION,
        response.ENGAGEMENTS_PER_DAY,
        response.WEIGHTED_ENGAGEMENTS,
        response.WEIGHTED_ENGAGEMENTS_PER_POST,
        audience.FOLLOWER_GROWTH_PER_DAY,
        activity.ACTIVE_DAYS,
        activity.LONGEST_PAUSE,
        activity.POSTING_SPREAD,
        *activity.BY_WEEKDAY,
        *activity.BY_HOURS,
        *content.BY_KIND,
        content.WITH_LINKS,
        content.WITH_HASHTAGS,
        content.HASHTAGS_PER_POST,
        content.TEXT_LENGTH,
        standing.SHARE_OF_AUDIENCE,
        standing.SIZE_ADJUSTED,
        peers.RATE_OVER_ALL_POSTS,
        peers.ENGAGEMENTS_PER_POST_OVER_ALL,
        peers.RATE_WEIGHTED_BY_AUDIENCE,
        peers.QUINTLY_INTERACTION_RATE,
        peers.CROWDTANGLE_INTERACTION_RATE,
        peers.ORLO_ENGAGEMENT_RATE,
        peers.POPSTERS_RATE_PER_DAY,
        peers.POPSTERS_RATE_BY_VIEWS,
        peers.FANPAGE_KARMA_ENGAGEMENT,
        peers.FANPAGE_KARMA_POST_INTERACTION,
    )
}

DEFAULT: tuple[Metric, ...] = tuple(metric for metric in METRICS.values() if metric.default)
"""What a report shows unless other metrics are asked for."""


GROUPS: dict[Group, Any] = {
    Group.AUDIENCE: _("Audience"),
    Group.ACTIVITY: _("Activity"),
    Group.RESPONSE: _("Response"),
    Group.CONTENT: _("Content"),
    Group.STANDING: _("Standing"),
    Group.PEERS: _("As other tools show it"),
}


def in_groups() -> list[tuple[Any, list[Metric]]]:
    """All metrics by what they are about, under the groups' names."""
    return [(name, [metric for metric in METRICS.values() if metric.group is group]) for group, name in GROUPS.items()]


def by_tool() -> list[tuple[KnownAs, Metric]]:
    """What other tools call our metrics, in the order of tools."""
    known = [(known, metric) for metric in METRICS.values() for known in metric.known_as]
    return sorted(known, key=lambda each: each[0].tool)
