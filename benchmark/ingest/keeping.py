"""Where a network limits how long unrefreshed counts and text may be kept: what to read again, and what to let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from benchmark.models import Post, Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network

# A post is read again after two thirds of the time, so that the last third is left for trouble.
READ_AGAIN_AFTER = 2 / 3
MOST_BATCHES = 10  # per visit
DROPPED_EVERY = timedelta(hours=1)  # so a post is dropped before its time is over, never after

NO_COUNTS = dict.fromkeys(COUNTS)


def to_refresh(profile: Profile, network: Network, *, now: datetime) -> list[str]:
    """The posts that have to be read again by their id, those first that can still be kept."""
    return _first(_due(profile, network, now), network)


def to_refresh_together(profile: Profile, network: Network, *, now: datetime) -> list[str]:
    """Those of the posts to read again that are worth a call shared with other profiles.

    A full call costs the same wherever it is made, and waits for the profile's own visit; what would leave a call half
    empty shares one. So all profiles together take as few calls as their posts fit into, and none holds up the others.
    A post that was not there the last time is the visit's to look for.
    """
    due = _first(_due(profile, network, now).filter(missed_at=None), network)
    return due[: len(due) % network.refresh_size] if due else []


def _due(profile: Profile, network: Network, now: datetime) -> QuerySet[Post]:
    if network.keeps is None:
        return Post.objects.none()
    return Post.objects.filter(profile=profile, gone_at=None, read_at__lt=now - network.keeps * READ_AGAIN_AFTER)


def _first(posts: QuerySet[Post], network: Network) -> list[str]:
    ids = posts.order_by(F("dropped_at").asc(nulls_first=True), "read_at", "id").values_list("external_id", flat=True)
    return list(ids[: MOST_BATCHES * network.refresh_size])


def drop_unrefreshed(*, now: datetime) -> int:
    """Let go of current counts and text that were not refreshed in time. Dated readings and days stay."""
    limits = {network.key: network.keeps for network in NETWORKS.values() if network.keeps is not None}
    return sum(_drop(network, now - keeps + DROPPED_EVERY, now=now) for network, keeps in limits.items())


@transaction.atomic
def _drop(network: str, limit: datetime, *, now: datetime) -> int:
    profiles = Profile.objects.fetched().filter(network=network)
    late = Post.objects.filter(profile__in=profiles, read_at__lt=limit, dropped_at=None)
    touched = list(late.order_by().values_list("profile_id", flat=True).distinct())
    dropped = late.update(**NO_COUNTS, text="", hashtags=[], dropped_at=now)
    profiles.filter(pk__in=touched).update(changed_at=Now())
    current = Q(followers__isnull=False) | Q(following__isnull=False) | Q(posts_published__isnull=False)
    profiles.filter(current | ~Q(description=""), read_at__lt=limit).update(
        followers=None, following=None, posts_published=None, description="", changed_at=Now()
    )
    return dropped
