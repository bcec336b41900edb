"""A page of post records becomes rows in one round trip. Safe to repeat: rows know their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import psycopg
from django.db import connection, transaction

from benchmark.models import Profile, checkpoint_at
from benchmark.networks.base import COUNTS, Page, PostRecord
from benchmark.rollups import rebuild_days

LONGEST_ID = 255  # of an external id and of a hashtag

values_of = attrgetter("external_id", "url", "published_at", "kind.value", "text", *COUNTS)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing records came to. `days` are those whose posts are new or changed: they have to be rebuilt."""

    seen: int
    new: int
    changed: int
    days: frozenset[date]


@transaction.atomic
def store_page(profile: Profile, page: Page, *, lease: str, now: datetime) -> Stored | None:
    """Store a page of posts together with their days. None where the lease has passed on: nothing was stored."""
    if not Profile.objects.begin(profile.pk, lease, now=now):
        return None
    stored = store_posts(profile, page.posts, read_at=page.read_at)
    rebuild_days(profile, stored.days)
    return stored


def store_posts(profile: Profile, records: Sequence[PostRecord], *, read_at: datetime) -> Stored:
    """Store how posts looked at a moment: each as last read, and its counts at the checkpoint of its age.

    The first reading at a checkpoint is kept, and an older moment never replaces a newer one. While a post is too young
    to be compared, every reading moves its `read_at`; later only one that brings news, or that comes a day after.
    """
    records = _in_order(records)
    if not records:
        return Stored(0, 0, 0, frozenset())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(STORE_PAGE, _parameters(profile, records, read_at))
        touched = cursor.fetchall()
    new = sum(is_new for is_new, _day, _before in touched)
    days = frozenset(day for _new, *both in touched for day in both if day)
    return Stored(len(records), new, len(touched) - new, days)


def _in_order(records: Sequence[PostRecord]) -> list[PostRecord]:
    """Each post once, by external id: two writers that take rows in one order never wait for each other in a ring."""
    return [record for _id, record in sorted({record.external_id: record for record in records}.items())]


def _parameters(profile: Profile, records: list[PostRecord], read_at: datetime) -> dict[str, Any]:
    ids, urls, published, kinds, texts, *counts = zip(*map(values_of, records), strict=True)
    return {
        "profile": profile.pk,
        "read_at": read_at,
        "maturity": profile.on.maturity,
        "external_id": [text[:LONGEST_ID] for text in storable(ids)],
        "url": storable(urls),
        "published_at": list(published),
        "kind": list(kinds),
        "text": storable(texts),
        "hashtags": storable(_joined(record.hashtags) for record in records),
        "checkpoint": _numbers([checkpoint_at(read_at - moment) for moment in published]),
        **{name: _numbers(values) for name, values in zip(COUNTS, counts, strict=True)},
    }


def _numbers(values: Sequence[int | None]) -> str:
    """Numbers as the text of an array, which PostgreSQL reads faster than psycopg writes it."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _joined(hashtags: tuple[str, ...]) -> str:
    """Hashtags in one text, a line each: an array of arrays would have to be a rectangle."""
    return "\n".join([tag.replace("\n", " ")[:LONGEST_ID] for tag in hashtags])


def storable(texts: Iterable[str]) -> list[str]:
    """Texts as PostgreSQL takes them: it knows no null character."""
    return [text.replace("\x00", "") for text in texts]


CONTENT = ("url", "published_at", "kind", "text", "hashtags", *COUNTS)

STORE_PAGE = """
WITH page AS MATERIALIZED (
    SELECT external_id, url, published_at, kind, text, string_to_array(tags, E'\\n')::varchar[] AS hashtags, {counts},
           checkpoint
      FROM unnest(%(external_id)b::text[], %(url)b::text[], %(published_at)b::timestamptz[], %(kind)b::text[],
                  %(text)b::text[], %(hashtags)b::text[], {count_arrays}, %(checkpoint)s::smallint[])
        AS page (external_id, url, published_at, kind, text, tags, {counts}, checkpoint)),
stored AS (
    INSERT INTO benchmark_post AS post (profile_id, external_id, {content}, first_read_at, read_at)
    SELECT %(profile)s, external_id, {content}, %(read_at)s, %(read_at)s FROM page ORDER BY external_id COLLATE "C"
        ON CONFLICT (profile_id, external_id) DO UPDATE
       SET {updates}, read_at = excluded.read_at, missed_at = NULL, gone_at = NULL, dropped_at = NULL
     WHERE excluded.read_at >= post.read_at
       AND (({post_content}) IS DISTINCT FROM ({excluded_content})
            OR num_nonnulls(post.missed_at, post.gone_at, post.dropped_at) > 0
            OR excluded.read_at > post.read_at AND (post.read_at < post.published_at + %(maturity)s
                                                    OR post.read_at <= excluded.read_at - interval '1 day'))
    RETURNING id, external_id, xmax = 0 AS new),
readings AS (
    INSERT INTO benchmark_postreading (profile_id, post_id, checkpoint, read_at, {counts})
    SELECT %(profile)s, post_id, checkpoint, %(read_at)s, {counts}
      FROM (SELECT page.*, coalesce(stored.id, (SELECT id FROM benchmark_post post  -- one that the upsert left alone
                                                 WHERE post.profile_id = %(profile)s
                                                   AND post.external_id = page.external_id)) AS post_id
              FROM page LEFT JOIN stored USING (external_id) WHERE checkpoint IS NOT NULL OFFSET 0) reading
     WHERE post_id IS NOT NULL
     ORDER BY external_id COLLATE "C"
        ON CONFLICT (post_id, checkpoint) DO NOTHING)
SELECT stored.new, (page.published_at AT TIME ZONE 'UTC')::date, (known.published_at AT TIME ZONE 'UTC')::date
  FROM stored JOIN page USING (external_id)
  LEFT JOIN benchmark_post known ON known.id = stored.id  -- as it was before this statement
 WHERE stored.new OR ({known_content}) IS DISTINCT FROM ({page_content})
""".format(  # noqa: S608 - the names are our own
    content=", ".join(CONTENT),
    counts=", ".join(COUNTS),
    count_arrays=", ".join(f"%({count})s::bigint[]" for count in COUNTS),
    updates=", ".join(f"{column} = excluded.{column}" for column in CONTENT),
    post_content=", ".join(f"post.{column}" for column in CONTENT),
    excluded_content=", ".join(f"excluded.{column}" for column in CONTENT),
    known_content=", ".join(f"known.{column}" for column in CONTENT),
    page_content=", ".join(f"page.{column}" for column in CONTENT),
)
