"""Followed profiles with posts and readings, ready to be compared."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Workspace
from benchmark.models import Role, TrackedProfile
from tests.factories.rows import BrandFactory, PostFactory, ProfileFactory, ProfileReadingFactory, TrackedProfileFactory

FOLLOWERS = 1_000


def followed(
    workspace: Workspace, name: str, *reactions: int, now: datetime, role: str = Role.COMPETITOR, **profile: Any
) -> TrackedProfile:
    """A brand's profile, read up to now, with a thousand followers and a mature post a day of these many reactions."""
    brand = BrandFactory.create(workspace=workspace, name=name, role=role)
    history = {"history_from": (now - timedelta(days=400)).date(), "history_to": now, "read_at": now}
    handle = f"{name.lower().replace(' ', '')}.example.org"
    of = ProfileFactory.create(**{"name": name, "handle": handle, "followers": FOLLOWERS, **history, **profile})
    for days in (0, 5, 12, 19, 26, 33, 45):
        ProfileReadingFactory(profile=of, read_at=now - timedelta(days=days), followers=FOLLOWERS)
    for day, count in enumerate(reactions, start=5):
        times = {"published_at": now - timedelta(days=day), "read_at": now}
        PostFactory(profile=of, reactions=count, comments=0, shares=0, text=f"{name} posts {count}", **times)
    return TrackedProfileFactory.create(workspace=workspace, brand=brand, profile=of, role=role)
