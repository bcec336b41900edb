"""What a benchmark should say, worked out from what a server shows: plain sums, none of the product's code."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

MATURE = {
    **dict.fromkeys(("bluesky", "facebook", "mastodon", "ok", "reddit", "twitch", "vk", "x"), timedelta(days=3)),
    **dict.fromkeys(("instagram", "tiktok"), timedelta(days=7)),
    "youtube": timedelta(days=14),
}


@dataclass(frozen=True)
class Shown:
    """A post as its network shows it: when it was published, and its engagements with their parts."""

    at: datetime
    reactions: int
    comments: int
    shares: int = 0
    quotes: int = 0

    @property
    def engagements(self) -> int:
        return self.reactions + self.comments + self.shares + self.quotes


def thirty_days_before(now: datetime) -> tuple[datetime, datetime]:
    """The thirty whole UTC days that ended yesterday."""
    today = datetime.combine(now.date(), time(), tzinfo=UTC)
    return today - timedelta(days=30), today


def figures(network: str, posts: Sequence[Shown], followers: int, *, now: datetime) -> dict[str, float | None]:
    """The figures of thirty days of a profile that was read once, just now."""
    start, end = thirty_days_before(now)
    inside = [post for post in posts if start <= post.at < end]
    mature = [post.engagements for post in inside if now - post.at >= MATURE[network]]
    enough = len(mature) >= 5
    rates = [engagements / followers * 100 for engagements in mature]
    return {
        "posts": len(inside),
        "posts_per_week": rounded(len(inside) / 30 * 7),
        "engagements": sum(post.engagements for post in inside),
        "reactions": sum(post.reactions for post in inside),
        "comments": sum(post.comments for post in inside),
        "followers": followers,
        "engagements_per_post": rounded(statistics.mean(mature)) if enough else None,
        "engagements_per_post_median": rounded(statistics.median(mature)) if enough else None,
        "engagement_rate": rounded(statistics.median(rates)) if enough else None,
        "engagement_rate_mean": rounded(statistics.mean(rates)) if enough else None,
    }


def rounded(figure: float) -> float:
    """Ten significant digits, as answers give them."""
    return float(f"{figure:.10g}")
