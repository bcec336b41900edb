"""Rows of a workspace that knows the reach of its own posts, and of competitors of whom nobody does."""

from datetime import datetime, timedelta

from accounts.models import Workspace
from benchmark.models import Post, TrackedProfile
from tests.factories.drawing import NOW, follow, profile
from tests.factories.rows import OwnInsightFactory, PostFactory, ProfileReadingFactory
from tests.reach.drawing import between

FOLLOWERS = 1_000
MARCH = datetime(2025, 3, 31, 12, tzinfo=NOW.tzinfo)  # the last noon of the month that reports are about


def account(
    workspace: Workspace, reactions, *, own=False, network="facebook", followers=FOLLOWERS, **fields
) -> TrackedProfile:
    """A followed profile with a post for each number of reactions, a quarter of a day apart, the last one in March."""
    found = profile(network, **fields)
    ProfileReadingFactory.create(profile=found, read_at=datetime(2024, 12, 1, tzinfo=NOW.tzinfo), followers=followers)
    ProfileReadingFactory.create(profile=found, read_at=NOW, followers=followers)
    for back, count in enumerate(reactions):
        published = MARCH - timedelta(hours=6) * back
        counts = {"reactions": count, "comments": 0, "shares": 0, "quotes": None, "saves": None}
        PostFactory.create(profile=found, published_at=published, read_at=NOW, kind="photo", **counts)
    return follow(workspace, found, own=own)


def posts_of(tracked: TrackedProfile) -> list[Post]:
    """The latest first."""
    return [*tracked.profile.posts.order_by("-published_at")]


def with_reach(tracked: TrackedProfile, times: float, *, of: Workspace | None = None, read_at=NOW) -> TrackedProfile:
    """Let a workspace know that each post reached so many people per reaction."""
    for post in posts_of(tracked):
        OwnInsightFactory.create(
            workspace=of or tracked.workspace, post=post, reach=round(times * (post.reactions or 0)), read_at=read_at
        )
    return tracked


def own_page(workspace: Workspace, times: float = 3, n: int = 40, **fields) -> TrackedProfile:
    """An own page that reaches so many people per reaction."""
    return with_reach(account(workspace, between(n=n).astype(int).tolist(), own=True, **fields), times)
