"""What a page, a card and a terminal open with: of the metrics that a network offers, the most telling first."""

from __future__ import annotations

from benchmark.metrics.definitions import METRICS
from benchmark.networks.base import Network

RATES = ("engagement_rate", "engagement_rate_mean", "engagement_rate_by_views")

ENGAGING = (
    "engagement_rate",
    "engagements_per_post_median",
    "posts_per_week",
    "share_of_voice",
    "follower_growth_rate",
    "followers",
)
# Where nothing that people do is counted, only how many look on.
WATCHED = ("views_per_post_median", "views", "posts_per_week", "share_of_posts", "follower_growth_rate", "followers")
# Where nobody's posts can be had.
OF_FOLLOWERS_ALONE = ("follower_growth_rate", "follower_growth", "follower_growth_weekly", "followers")


def opening(network: Network) -> tuple[str, ...]:
    """The metrics to begin with, none of which is empty for what the network does not publish."""
    keys = ENGAGING if network.engagement_parts else WATCHED
    return tuple(key for key in keys if METRICS[key].offered_by(network))


def rates_of(network: Network) -> tuple[str, ...]:
    """The definitions of an engagement rate that make sense on a network."""
    return tuple(key for key in RATES if METRICS[key].offered_by(network))
