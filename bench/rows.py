"""Rows for the benchmarks: many profiles that publish over a year, stored in the order of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User, Workspace
from benchmark.models import INDUSTRIES, Brand, Profile, Role, TrackedProfile

NETWORK = "bluesky"
FOLLOWED = 21  # one of our own, twenty competitors
DAYS = 365

PROFILES = """
INSERT INTO benchmark_profile (network, external_id, handle, name, url, description, pretend, lacks, followers,
                               state, state_code, state_sentence, lease,
                               history_from, history_to, read_at, changed_at, created_at)
SELECT %(network)s, 'did:plc:bench' || i, 'bench' || i || '.example', 'Bench ' || i, '', '', false, '{}', 1000 + 37 * i,
       'ok', '', '', '', %(start)s::date - 1, %(now)s, %(now)s, %(now)s, %(now)s
  FROM generate_series(1, %(profiles)s) i
RETURNING id
"""

POSTS = """
INSERT INTO benchmark_post (profile_id, external_id, url, published_at, kind, text, hashtags, first_read_at, read_at,
                            reactions, comments, shares, quotes, saves)
SELECT %(first)s + (hashint8(i)::bigint & 2147483647) %% %(profiles)s, 'post' || i,
       'https://bench.example/post/' || i, at,
       (ARRAY['text', 'photo', 'video', 'link'])[1 + i %% 4], 'What a post of ordinary length says, number ' || i, '{}',
       at, least(at + interval '28 days', %(now)s),
       exp(4 + 1.2 * sin(i * 12.9898) + (hashint8(i * 7)::bigint & 1023) / 512.0)::bigint,
       (hashint8(i * 11)::bigint & 63), (hashint8(i * 13)::bigint & 31), (hashint8(i * 17)::bigint & 7),
       (hashint8(i * 19)::bigint & 15)
  FROM (SELECT i, %(start)s::timestamptz + i * %(step)s::interval AS at
          FROM generate_series(%(from)s, %(to)s) i) AS made
"""

FOLLOWERS = """
INSERT INTO benchmark_profilereading (profile_id, read_at, followers)
SELECT profile.id, day + (profile.id %% 1440) * interval '1 minute', profile.followers + 3 * extract(doy FROM day)::int
  FROM generate_series(%(start)s::timestamptz, %(now)s::timestamptz - interval '1 day', interval '1 day') AS day
 CROSS JOIN benchmark_profile AS profile
"""

# One checkpoint of every post, so that readings lie as scattered as a year of fetching leaves them ...
AT_THREE_DAYS = """
INSERT INTO benchmark_postreading (profile_id, post_id, checkpoint, read_at,
                                   reactions, comments, shares, quotes, saves)
SELECT profile_id, id, 72, published_at + interval '72 hours', reactions, comments, shares, quotes, saves
  FROM benchmark_post
 WHERE published_at + interval '72 hours' < read_at AND NOT profile_id = ANY(%(followed)s)
 ORDER BY id
"""

# ... and all that the followed profiles' posts have passed.
CHECKPOINTS = """
INSERT INTO benchmark_postreading (profile_id, post_id, checkpoint, read_at,
                                   reactions, comments, shares, quotes, saves)
SELECT profile_id, post.id, checkpoint, published_at + checkpoint * interval '1 hour',
       reactions, comments, shares, quotes, saves
  FROM benchmark_post AS post CROSS JOIN unnest(ARRAY[1, 3, 6, 12, 24, 48, 72, 168, 336, 672]) AS checkpoint
 WHERE post.profile_id = ANY(%(followed)s) AND published_at + checkpoint * interval '1 hour' < read_at
 ORDER BY published_at + checkpoint * interval '1 hour'
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """An installation made for measuring, and who follows whom in it."""

    workspace: Workspace
    profile_ids: tuple[int, ...]


def empty() -> None:
    """Leave nothing of what an earlier size has left behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE benchmark_profile, accounts_workspace, accounts_user RESTART IDENTITY CASCADE")


def fill(*, posts: int, profiles: int, now: datetime) -> Filled:
    """Fill an empty database with `posts` posts over a year, and let a workspace follow 21 of the profiles."""
    start = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    step = (now - start) / (posts + 1)
    given: dict[str, Any] = {"network": NETWORK, "start": start, "now": now, "profiles": profiles, "step": step}
    with connection.cursor() as cursor:
        cursor.execute(PROFILES, given)
        first = min(row[0] for row in cursor.fetchall())
        for begin in range(1, posts + 1, 100_000):
            cursor.execute(POSTS, given | {"first": first, "from": begin, "to": min(begin + 99_999, posts)})
        cursor.execute(FOLLOWERS, given)
    apart = profiles // FOLLOWED
    followed = tuple(first + place * apart for place in range(FOLLOWED))
    workspace = _follow(followed)
    with connection.cursor() as cursor:
        cursor.execute(AT_THREE_DAYS, {"followed": list(followed)})
        cursor.execute(CHECKPOINTS, {"followed": list(followed)})
        for table in ("profile", "post", "profilereading", "postreading", "trackedprofile", "brand"):
            cursor.execute(f"VACUUM ANALYZE benchmark_{table}")
    return Filled(workspace, followed)


@transaction.atomic
def _follow(profile_ids: tuple[int, ...]) -> Workspace:
    owner = User.objects.create_user(email="bench@example.com", password=None)
    workspace = Workspace.objects.create_with_owner(name="Bench", owner=owner)
    for place, profile in enumerate(Profile.objects.filter(pk__in=profile_ids).order_by("pk")):
        role = Role.COMPETITOR if place else Role.OWN
        brand = Brand.objects.create(workspace=workspace, name=profile.name, role=role, industry="retail")
        TrackedProfile.objects.create(
            workspace=workspace,
            profile=profile,
            network=NETWORK,
            brand=brand,
            role=role,
            slot=place or None,
        )
    return workspace


@transaction.atomic
def follow_all() -> None:
    """Let another workspace follow every profile, for brands of all industries: own accounts, which need no slot."""
    owner = User.objects.create_user(email="everybody@example.com", password=None)
    workspace = Workspace.objects.create_with_owner(name="Everybody", owner=owner)
    brands = [
        Brand.objects.create(workspace=workspace, name=label, role=Role.OWN, industry=key)
        for key, label in INDUSTRIES.items()
    ]
    TrackedProfile.objects.bulk_create(
        TrackedProfile(
            workspace=workspace,
            profile_id=profile,
            network=NETWORK,
            brand=brands[place % len(brands)],
            role=Role.OWN,
        )
        for place, profile in enumerate(Profile.objects.order_by("pk").values_list("pk", flat=True))
    )
