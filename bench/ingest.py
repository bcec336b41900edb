"""What a whole visit costs beside its pages' bare statements, and what becomes of four writers on one profile.

A visit is `ingest.fetch` as a worker calls it: lease, ledger, profile, pages, days, what is missing, when to come next.
Only the network is left out: its answers lie ready. Beside it stand the bare statements of `bench.store` for the same
pages, with their records ready.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from threading import Barrier
from typing import Any

import msgspec
from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from psycopg.errors import DeadlockDetected

from bench import store
from benchmark import ingest
from benchmark.models import FetchRun, Outcome, Post, Profile
from benchmark.networks.base import Answer, Get, Network, PostRecord
from benchmark.networks.bluesky import BLUESKY
from benchmark.networks.keys import Params
from benchmark.networks.youtube import YOUTUBE

PAGES = 10
VISITS = 12
WRITERS = 4
WRITES = 60  # pages, by each writer


# --- whole visits ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitCost:
    """Medians in milliseconds for one kind of visit, and the pages of a hundred posts that it stored."""

    visit: str
    pages: int
    bare: float
    whole: float

    @property
    def ratio(self) -> float:
        return self.whole / self.bare


def measure(visits: int = VISITS) -> list[VisitCost]:
    """Visit profiles twice, in turn with the bare statements: for the first time, and a day later."""
    pairs = [(_profile(f"unvisited{number}"), _profile(f"visited{number}")) for number in range(visits)]
    return [
        _compare("first visit", pairs, counts=1, at=store.START),
        _compare("a day later", pairs, counts=2, at=store.START + timedelta(days=1)),
    ]


def _profile(name: str) -> Profile:
    return Profile.objects.create(network="bluesky", external_id=f"did:plc:{name}", handle=f"{name}.example")


def _compare(visit: str, pairs: Sequence[tuple[Profile, Profile]], *, counts: int, at: datetime) -> VisitCost:
    costs = []
    for bare, visited in pairs:
        network = Ready(visited, counts=counts, at=at)
        whole = _timed(lambda: _visit(visited, network, at=at))  # noqa: B023 (called at once)
        pages = [_answer(bare, page, counts=counts, at=at) for page in range(network.asked)]
        records = [store.parsed(page, bare) for page in pages]
        alone = _timed(lambda: _store_bare(bare, pages, records))  # noqa: B023
        costs.append((alone, whole))
    return VisitCost(visit, network.asked, *(median(side) * 1000 for side in zip(*costs, strict=True)))


class Ready:
    """Stands behind the door: the answers about one profile lie ready."""

    def __init__(self, profile: Profile, *, counts: int, at: datetime) -> None:
        shown = {"did": profile.external_id, "handle": profile.handle, "followersCount": 1000 * counts}
        self.profile = Answer("https://public.api.bsky.app/", 200, {}, msgspec.json.encode(shown), at)
        self.pages = [_answer(profile, page, counts=counts, at=at) for page in range(PAGES)]
        self.asked = 0

    def open(self, network: Network, **_how: Any) -> Get:  # noqa: ARG002 (the door's signature)
        return self.get

    def get(self, url: str, params: Params | None = None, *, body: Any = None) -> Answer:  # noqa: ARG002 (nothing is posted)
        if url.endswith("getProfile"):
            return self.profile
        self.asked += 1
        return self.pages[int(str((params or {}).get("cursor", 0)))]

    def picture(self, url: str, **_how: Any) -> None:  # noqa: ARG002
        return None


def _answer(profile: Profile, page: int, *, counts: int, at: datetime) -> Answer:
    return store.a_page(profile, counts=counts, at=at, page=page, pages=PAGES)


def _visit(profile: Profile, network: Ready, *, at: datetime) -> None:
    lease = Profile.objects.lease_one(profile.pk, now=at)
    run = ingest.fetch(profile, lease=lease or "", door=ingest.Door(network, keys={}), clock=lambda: at)
    if run is None or run.outcome != Outcome.DONE:
        raise RuntimeError(f"the visit ended with {run and run.sentence}")


def _store_bare(profile: Profile, pages: Sequence[Answer], records: Sequence[list[PostRecord]]) -> None:
    for page, of_page in zip(pages, records, strict=True):
        store.store_bare(profile, page, of_page)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# --- requests --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Requests:
    """What a round over many profiles costs in requests, alone and asked for together."""

    network: str
    profiles: int
    old: int  # posts of each that no list shows any more and that have to be read again
    alone: int
    together: int


def count_requests() -> list[Requests]:
    """Visit a full batch of profiles one by one, and another one that was asked for together."""
    return [_count(BLUESKY, old=0), _count(YOUTUBE, old=7)]


def _count(network: Network, *, old: int) -> Requests:
    counted = []
    for together in (False, True):
        side = "together" if together else "alone"
        profiles = [_channel(f"{side}{number}", network, old=old) for number in range(network.profiles_size)]
        many = Many(profiles, at=store.START)
        door = ingest.Door(many, keys={network.key: "the bench's"})
        leases = {one.pk: Profile.objects.lease_one(one.pk, now=store.START) or "" for one in profiles}
        ahead = ingest.read_ahead(leases.items(), door=door, clock=many.clock) if together else {}
        for profile in profiles:
            ingest.fetch(profile, lease=leases[profile.pk], door=door, clock=many.clock, ahead=ahead.get(profile.pk))
        counted.append(FetchRun.objects.filter(profile__in=profiles).aggregate(asked=Sum("requests"))["asked"])
    return Requests(network.label, network.profiles_size, old, *counted)


def _channel(name: str, network: Network, *, old: int) -> Profile:
    """A profile that was visited yesterday, and posts of it that were read three weeks ago."""
    profile = Profile.objects.create(
        network=network.key, external_id=f"UC{name:0>22}", handle=name, history_to=store.START - timedelta(days=1)
    )
    moments = {"published_at": _ago(100), "first_read_at": _ago(21), "read_at": _ago(21)}
    Post.objects.bulk_create(Post(profile=profile, external_id=f"{name}old{at}", **moments) for at in range(old))
    return profile


def _ago(days: int) -> datetime:
    return store.START - timedelta(days=days)


class Many:
    """Stands behind the door: many profiles. Bluesky's have no post; YouTube's list goes on below one of last month."""

    def __init__(self, profiles: Sequence[Profile], *, at: datetime) -> None:
        self.shown = {one.external_id: {"did": one.external_id, "handle": one.handle} for one in profiles}
        self.at = at

    def clock(self) -> datetime:
        return self.at

    def open(self, network: Network, *, on_request: Callable[[], None] | None = None, **_how: Any) -> Get:  # noqa: ARG002
        def get(url: str, params: Params | None = None, *, body: Any = None) -> Answer:  # noqa: ARG001
            if on_request is not None:
                on_request()
            answer = self.answers[re.split(r"[./]", url)[-1]](params or {})
            return Answer(url, 200, {}, msgspec.json.encode(answer), self.at)

        return get

    @property
    def answers(self) -> dict[str, Callable[[Any], Any]]:
        """By the last word of the address."""
        return {
            "getProfile": lambda asked: self.shown[asked["actor"]],
            "getProfiles": lambda asked: {"profiles": [self.shown[actor] for actor in asked["actors"]]},
            "getAuthorFeed": lambda _: {"feed": []},
            "channels": lambda asked: {"items": [{"id": one, "snippet": {}} for one in asked["id"].split(",")]},
            "playlistItems": lambda asked: {
                "items": [{"contentDetails": {"videoId": f"{asked['playlistId']}1", "videoPublishedAt": _ago(30)}}],
                "nextPageToken": "more",
            },
            "videos": lambda asked: {
                "items": [{"id": one, "snippet": {"publishedAt": _ago(30)}} for one in asked["id"].split(",")]
            },
        }

    def picture(self, url: str, **_how: Any) -> None:  # noqa: ARG002
        return None


# --- four writers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """What became of several writers who stored pages of one profile at the same time."""

    writers: int
    pages: int
    deadlocks: int
    seconds: float


def write_together() -> Together:
    """Let four writers store overlapping pages, each in an order of its own, every count different each time."""
    profile = _profile("together")
    known = [
        record
        for page in range(3)
        for record in store.parsed(store.a_page(profile, counts=1, at=store.START, page=page), profile)
    ]
    starting = Barrier(WRITERS + 1)
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(_write, profile, known, seed, starting) for seed in range(WRITERS)]
        starting.wait()
        begun = time.perf_counter()
        deadlocks = sum(job.result() for job in jobs)
        seconds = time.perf_counter() - begun
    return Together(WRITERS, WRITERS * WRITES, deadlocks, seconds)


def _write(profile: Profile, known: Sequence[PostRecord], seed: int, starting: Barrier) -> int:
    """Store pages as a visit does, each with its days in one transaction. Returns how many deadlocks there were."""
    chance = random.Random(seed)  # noqa: S311 (nothing is kept secret with it)
    connection.ensure_connection()
    starting.wait()
    try:
        return sum(_store(profile, known, chance, at=number) for number in range(WRITES))
    finally:
        connection.close()


def _store(profile: Profile, known: Sequence[PostRecord], chance: random.Random, *, at: int) -> bool:
    page = [replace(record, reactions=chance.randrange(10_000)) for record in chance.sample(known, store.PAGE)]
    try:
        with transaction.atomic():
            stored = ingest.store_posts(profile, page, read_at=store.START + timedelta(minutes=at))
            ingest.rebuild_days(profile, stored.days)
    except OperationalError as error:
        if isinstance(error.__cause__, DeadlockDetected):
            return True
        raise
    return False
