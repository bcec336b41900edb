"""What storing a page of posts costs, beside the bare upsert of the same rows.

The bare side has its records ready and speaks to psycopg alone: an upsert of the posts, and an insert of their readings
at checkpoints. Ours does the same by `ingest.store_posts`, which also finds out what is new, what has changed and which
days that touches; and, measured apart, the whole way from the network's answer to the closed ledger, a run per page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from statistics import median

import msgspec
import psycopg
from django.db import connection

from benchmark import ingest
from benchmark.models import Outcome, Profile, checkpoint_at
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Answer, PostRecord

PAGE = 100
ROUNDS = 60
BLUESKY = NETWORKS["bluesky"]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)

COLUMNS = ("external_id", "url", "published_at", "kind", "text", "hashtags", *COUNTS)
CONTENT = COLUMNS[1:]
counts_of = attrgetter(*COUNTS)
values_of = attrgetter("external_id", "url", "published_at", "kind.value", "text", *COUNTS)
BARE_UPSERT = f"""
INSERT INTO benchmark_post AS post (profile_id, {", ".join(COLUMNS)}, first_read_at, read_at)
SELECT %s, external_id, url, published_at, kind, text, string_to_array(hashtags, ' '), {", ".join(COUNTS)}, %s, %s
  FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
              {", ".join("%s::bigint[]" for _ in COUNTS)}) AS page ({", ".join(COLUMNS)})
 ORDER BY external_id
    ON CONFLICT (profile_id, external_id) DO UPDATE
   SET {", ".join(f"{column} = excluded.{column}" for column in (*CONTENT, "read_at"))}
 WHERE ({", ".join(f"post.{column}" for column in CONTENT)})
       IS DISTINCT FROM ({", ".join(f"excluded.{column}" for column in CONTENT)})
"""  # noqa: S608 - the names are our own


BARE_READINGS = f"""
INSERT INTO benchmark_postreading (profile_id, post_id, checkpoint, read_at, {", ".join(COUNTS)})
SELECT post.profile_id, post.id, page.checkpoint, %s, {", ".join(f"page.{count}" for count in COUNTS)}
  FROM unnest(%s::text[], %s::smallint[], {", ".join("%s::bigint[]" for _ in COUNTS)})
    AS page (external_id, checkpoint, {", ".join(COUNTS)})
  JOIN benchmark_post post ON post.profile_id = %s AND post.external_id = page.external_id
 ORDER BY page.external_id
    ON CONFLICT (post_id, checkpoint) DO NOTHING
"""  # noqa: S608


Work = Callable[[Profile, Answer, list[PostRecord]], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians in milliseconds for one kind of page."""

    page: str
    upsert: float
    bare: float
    storing: float
    whole_way: float

    @property
    def ratio(self) -> float:
        """Storing beside the bare statements: the promise is 1.4 at most."""
        return self.storing / self.bare

    @property
    def upsert_ratio(self) -> float:
        """Storing posts and readings beside the bare upsert of the posts alone."""
        return self.storing / self.upsert

    @property
    def whole_ratio(self) -> float:
        """The same with decoding the answer, making records and keeping the ledger."""
        return self.whole_way / self.bare


def measure(rounds: int = ROUNDS) -> list[Cost]:
    """Store pages of a hundred posts on all sides in turn: new ones, ones whose counts moved, ones without news."""
    sides = [_profiles(name, rounds) for name in ("upsert", "bare", "storing", "whole")]
    return [
        _compare("new posts", sides, counts=1, at=START),
        _compare("every count moved", sides, counts=2, at=START + timedelta(hours=1)),
        _compare("no news", sides, counts=2, at=START + timedelta(hours=2)),
    ]


def _profiles(name: str, number: int) -> list[Profile]:
    return Profile.objects.bulk_create(
        Profile(network="bluesky", external_id=f"did:plc:{name}{place}", handle=f"{name}{place}.example")
        for place in range(number)
    )


def _compare(page: str, sides: list[list[Profile]], *, counts: int, at: datetime) -> Cost:
    works = (upsert_bare, store_bare, _store_ours, _whole_way)
    costs = [
        [_timed(work, profile, a_page(profile, counts=counts, at=at)) for work, profile in zip(works, row, strict=True)]
        for row in zip(*sides, strict=True)
    ]
    return Cost(page, *(median(side) * 1000 for side in zip(*costs, strict=True)))


def _timed(work: Work, profile: Profile, answer: Answer) -> float:
    records = parsed(answer, profile)
    begun = time.perf_counter()
    work(profile, answer, records)
    return time.perf_counter() - begun


def upsert_bare(profile: Profile, answer: Answer, records: list[PostRecord]) -> None:
    """The posts alone, by one statement."""
    at = answer.received_at
    columns = [list(values) for values in zip(*map(values_of, records), strict=True)]
    hashtags = [" ".join(record.hashtags) for record in records]
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(BARE_UPSERT, [profile.pk, at, at, *columns[:5], hashtags, *columns[5:]])


def store_bare(profile: Profile, answer: Answer, records: list[PostRecord]) -> None:
    """The posts, and their readings at checkpoints, by two statements."""
    at = answer.received_at
    marked = [(record, checkpoint_at(at - record.published_at)) for record in records]
    due = [(record.external_id, mark, *counts_of(record)) for record, mark in marked if mark is not None]
    with connection.connection.transaction(), psycopg.Cursor(connection.connection) as cursor:
        upsert_bare(profile, answer, records)
        if due:
            cursor.execute(BARE_READINGS, [at, *map(list, zip(*due, strict=True)), profile.pk])


def _store_ours(profile: Profile, answer: Answer, records: list[PostRecord]) -> None:
    ingest.store_posts(profile, records, read_at=answer.received_at)


def _whole_way(profile: Profile, answer: Answer, _: list[PostRecord]) -> None:
    at = answer.received_at
    run = ingest.open_run(network="bluesky", profile=profile, by=ingest.By.schedule(), now=at)
    stored = ingest.store_posts(profile, parsed(answer, profile), read_at=at)
    run.seen, run.new, run.changed = stored.seen, stored.new, stored.changed
    ingest.close_run(run, outcome=Outcome.DONE, now=at)


def a_page(profile: Profile, *, counts: int, at: datetime, page: int = 0, pages: int = 1) -> Answer:
    """A page of the network's list, as it comes over the wire."""
    places = range(page * PAGE, (page + 1) * PAGE)
    body: dict[str, object] = {"feed": [{"post": _post(profile.external_id, place, counts=counts)} for place in places]}
    body |= {"cursor": str(page + 1)} if page + 1 < pages else {}
    return Answer("https://public.api.bsky.app/", 200, {}, msgspec.json.encode(body), at)


def _post(did: str, place: int, *, counts: int) -> dict[str, object]:
    moment = (START - timedelta(hours=1 + 7 * place)).isoformat()
    return {
        "uri": f"at://{did}/app.bsky.feed.post/3k{place:08}",
        "cid": f"bafyrei{place:052}",
        "author": {"did": did, "handle": "bench.example", "displayName": "Bench"},
        "record": {
            "$type": "app.bsky.feed.post",
            "text": f"What a post of ordinary length says to those who read it, number {place}. " * 2,
            "createdAt": moment,
            "langs": ["en"],
            "facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "bench"}]}],
        },
        "embed": {"$type": "app.bsky.embed.images#view", "images": [{"alt": "", "fullsize": "", "thumb": ""}]},
        "indexedAt": moment,
        **dict.fromkeys(("likeCount", "replyCount", "repostCount", "quoteCount", "bookmarkCount"), place * counts),
    }


def parsed(answer: Answer, profile: Profile) -> list[PostRecord]:
    page = next(iter(BLUESKY.posts(lambda *_, **__: answer, profile.external_id)))
    return list(page.posts)
