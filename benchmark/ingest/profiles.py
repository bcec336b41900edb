"""What is said about profiles becomes rows: the profile as last read, and its followers with the moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from benchmark.ingest.pictures import keep_picture
from benchmark.ingest.posts import storable
from benchmark.models import Profile
from benchmark.networks.base import Network, ProfileRecord
from benchmark.rollups import rebuild_days

LONGEST_NAME = 255
LONGEST_URL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many followed a profile at a moment. None: not published, or hidden."""

    read_at: datetime
    followers: int | None
    following: int | None = None
    posts: int | None = None


@transaction.atomic
def store_profile(
    network: Network, record: ProfileRecord, *, read_at: datetime, pretend: bool = False, picture: bytes | None = None
) -> Profile:
    """The one row of a fetched profile, made or brought up to date, with its followers at this moment as a reading."""
    named = {"network": network.key, "external_id": record.external_id, "workspace": None}
    Profile.objects.bulk_create([Profile(**named, pretend=pretend)], ignore_conflicts=True)
    profile = Profile.objects.select_for_update(no_key=True).get(**named)
    update_profile(profile, record, read_at=read_at)
    keep_picture(profile, record.avatar_url, picture, now=read_at)
    profile.refresh_from_db()
    return profile


def update_profile(profile: Profile, record: ProfileRecord, *, read_at: datetime) -> None:
    """Show a profile as its network does now, and keep its followers with the moment. The handle follows the id."""
    Profile.objects.filter(pk=profile.pk).update(**_facts(record), read_at=read_at)
    store_reading(profile, followers=record.followers, following=record.following, posts=record.posts, read_at=read_at)


def note_rename(network: Network, record: ProfileRecord, *, now: datetime) -> None:
    """Let a profile that is asked by its handle go on under the one that its id has now, beginning with a visit."""
    if network.asks_by_handle:
        named = Profile.objects.fetched().filter(network=network.key, external_id=record.external_id)
        named.exclude(handle=record.handle).update(handle=record.handle[:LONGEST_NAME], due_at=now)


def _facts(record: ProfileRecord) -> dict[str, Any]:
    handle, name, url, description = storable([record.handle, record.name, record.url, record.description])
    facts: dict[str, Any] = {
        "handle": handle[:LONGEST_NAME],
        "name": name[:LONGEST_NAME],
        "description": description,
        "verified": record.verified,
    }
    if len(url) <= LONGEST_URL:
        facts["url"] = url
    if record.created_at is not None:
        facts["opened_at"] = record.created_at
    return facts


def store_reading(
    profile: Profile,
    *,
    followers: int | None,
    following: int | None = None,
    posts: int | None = None,
    read_at: datetime,
) -> frozenset[date]:
    """Store one reading of a profile. Returns the day that it changed, rebuilt already."""
    reading = Reading(followers=followers, following=following, posts=posts, read_at=read_at)
    return store_readings(profile, [reading])


@transaction.atomic
def store_readings(profile: Profile, readings: Iterable[Reading]) -> frozenset[date]:
    """Store readings, one per moment; the profile shows the latest. Returns the days that changed, rebuilt already."""
    by_moment = sorted({reading.read_at: reading for reading in readings}.items())
    if not by_moment:
        return frozenset()
    with connection.cursor() as cursor:
        columns = zip(*((moment, row.followers, row.following, row.posts) for moment, row in by_moment), strict=True)
        moments, *counts = map(list, columns)
        cursor.execute(STORE_READINGS, [profile.pk, moments, *counts])
        days = frozenset(moment.astimezone(UTC).date() for (moment,) in cursor.fetchall())
        cursor.execute(SHOW_THE_LATEST, [profile.pk])
    rebuild_days(profile, days)
    return days


STORE_READINGS = """
INSERT INTO benchmark_profilereading AS reading (profile_id, read_at, followers, following, posts_published)
SELECT %s, * FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[])
    ON CONFLICT (profile_id, read_at) DO UPDATE
   SET followers = excluded.followers, following = excluded.following, posts_published = excluded.posts_published
 WHERE (reading.followers, reading.following, reading.posts_published)
       IS DISTINCT FROM (excluded.followers, excluded.following, excluded.posts_published)
RETURNING read_at
"""

SHOW_THE_LATEST = """
UPDATE benchmark_profile profile
   SET followers = latest.followers, following = latest.following, posts_published = latest.posts_published
  FROM (SELECT * FROM benchmark_profilereading WHERE profile_id = %s ORDER BY read_at DESC LIMIT 1) latest
 WHERE profile.id = latest.profile_id
"""
