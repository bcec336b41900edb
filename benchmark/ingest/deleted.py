"""Posts that their authors deleted become tombstones: text, link and hashtags go, time, kind and counts stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from benchmark.models import Post, Profile
from benchmark.networks.base import Kind


def unseen(
    profile: Profile,
    seen: Collection[str],
    *,
    down_to: datetime | None,
    up_to: datetime,
    expires: Mapping[Kind, timedelta],
    limit: int,
) -> list[str]:
    """The known posts that a list should have shown in the part of it that was read whole, but did not.

    `down_to` is the moment down to which the list was read, None where it was read to its end. A post of that very
    moment may stand on the next page. Nor should it have shown those that `expires` lets the network take down itself:
    they stay as they were last read. Those that were read longest ago come first, so that posts which are there, and
    which the list never shows, do not take the place of those that are gone.
    """
    known = Post.objects.filter(profile=profile, gone_at=None, published_at__lte=up_to)
    if down_to is not None:
        known = known.filter(published_at__gt=down_to)
    for kind, age in expires.items():
        known = known.exclude(kind=kind.value, published_at__lte=up_to - age)
    ids = known.order_by("read_at", "-published_at", "id").values_list("external_id", flat=True)
    return [external_id for external_id in ids if external_id not in seen][:limit]


def mark_missing(profile: Profile, missing: Collection[str], *, now: datetime) -> None:
    """Note posts that were not there. Those that were not there the time before either become tombstones."""
    posts = Post.objects.filter(profile=profile, external_id__in=missing, gone_at=None)
    posts.filter(missed_at__isnull=False).update(gone_at=now, text="", url="", hashtags=[])
    posts.filter(missed_at=None).update(missed_at=now)
