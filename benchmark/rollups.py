"""Posts and readings become one row per profile and day: always rebuilt whole, never incremented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.db import connection

from benchmark.models import Profile
from benchmark.networks.base import COUNTS


def rebuild_days(profile: Profile, days: Iterable[date]) -> None:
    """Make these days of a profile anew from its posts and readings. Safe to repeat; a day without news stays."""
    wanted = sorted(set(days))
    if not wanted:
        return
    parts = tuple(part for part in profile.on.engagement_parts if part not in profile.lacks)
    with connection.cursor() as cursor:
        cursor.execute(_rebuild(parts), {"profile": profile.pk, "days": wanted})


@cache
def _rebuild(parts: tuple[str, ...]) -> str:
    """The statement that makes days, with the parts that add up to engagements on this profile's network."""
    columns = ("followers", "posts", *COUNTS, "engagements", "engagements_known")
    engagements = " + ".join(f"counts.{part}" for part in parts) or "NULL::bigint"
    return REBUILD_DAYS.format(
        sums=", ".join(f"sum(counts.{count})::bigint AS {count}" for count in COUNTS),
        engagements=engagements,
        # The current counts of a post that was not refreshed in time are gone; its dated readings stay, and so its day.
        counts=", ".join(f"coalesce(post.{count}, kept.{count}) AS {count}" for count in COUNTS),
        columns=", ".join(columns),
        made=", ".join(f"made.{column}" for column in columns),
        updates=", ".join(f"{column} = excluded.{column}" for column in columns),
        before=", ".join(f"stored.{column}" for column in columns),
        after=", ".join(f"excluded.{column}" for column in columns),
    )


REBUILD_DAYS = """
WITH made AS MATERIALIZED (
    SELECT wanted.day, reading.read_at, reading.followers, sums.*
      FROM (SELECT day, day::timestamp AT TIME ZONE 'UTC' AS begins, (day + 1)::timestamp AT TIME ZONE 'UTC' AS ends
              FROM unnest(%(days)s::date[]) AS day) wanted
      LEFT JOIN LATERAL (
           SELECT read_at, followers FROM benchmark_profilereading
            WHERE profile_id = %(profile)s AND read_at >= wanted.begins AND read_at < wanted.ends
            ORDER BY read_at DESC LIMIT 1) reading ON true
     CROSS JOIN LATERAL (
           SELECT count(*) AS posts, {sums},
                  sum({engagements})::bigint AS engagements, count({engagements}) AS engagements_known
             FROM (SELECT {counts} FROM benchmark_post post
                     LEFT JOIN LATERAL (
                          SELECT * FROM benchmark_postreading WHERE post_id = post.id ORDER BY checkpoint DESC LIMIT 1
                          ) kept ON post.dropped_at IS NOT NULL
                    WHERE post.profile_id = %(profile)s
                      AND post.published_at >= wanted.begins AND post.published_at < wanted.ends) counts) sums),
emptied AS (
    DELETE FROM benchmark_profileday stored USING made
     WHERE stored.profile_id = %(profile)s AND stored.day = made.day AND made.posts = 0 AND made.read_at IS NULL)
INSERT INTO benchmark_profileday AS stored (profile_id, day, {columns}, rebuilt_at)
SELECT %(profile)s, made.day, {made}, now() FROM made
 WHERE made.posts > 0 OR made.read_at IS NOT NULL
 ORDER BY made.day
    ON CONFLICT (profile_id, day) DO UPDATE SET {updates}, rebuilt_at = excluded.rebuilt_at
 WHERE ({before}) IS DISTINCT FROM ({after})
"""
