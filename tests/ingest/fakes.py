"""A network that lives in a test: a profile and posts as plain values, listed page by page like any other network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from benchmark.ingest import Door
from benchmark.models import Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Answer, Get, Kind, Network, Page, PostRecord, ProfileRecord
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory


def post(name: str = "a", *, at: datetime = NOON - timedelta(days=10), **fields: Any) -> PostRecord:
    """A post of the test's network: one reaction, no comment, nothing else said."""
    values = {
        "url": f"https://example.org/{name}",
        "kind": Kind.TEXT,
        "text": f"Post {name}",
        "reactions": 1,
        "comments": 0,
        "shares": 0,
        "quotes": 0,
    }
    return PostRecord(external_id=name, published_at=at, **{**values, **fields})


class Clock:
    """The moment that the test says it is."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.before_look: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        self.before_look()
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class FakeNetwork:
    """What the network would say just now. Tests change it between visits."""

    clock: Clock
    posts: list[PostRecord] = field(default_factory=list)
    followers: int | None = 1_000
    external_id: str = "did:plc:fake"
    handle: str = "anna.example.org"
    name: str = "Anna"
    avatar_url: str | None = None
    opened_at: datetime | None = None
    moved_to: str | None = None
    page_size: int = 3
    asked: list[str] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)
    before_answer: Callable[[str], None] = lambda _question: None

    def answer(self, get: Get, question: str) -> None:
        """Ask through the conversation that the door gave, as a real network does."""
        self.asked.append(question)
        self.before_answer(question)
        get(f"https://example.org/{question}")

    def profile(self, get: Get, reference: str) -> ProfileRecord:
        self.asked_by.append(reference)
        self.answer(get, "profile")
        return ProfileRecord(
            external_id=self.external_id,
            handle=self.handle,
            name=self.name,
            url=f"https://example.org/{self.handle}",
            followers=self.followers,
            following=10,
            posts=len(self.posts),
            avatar_url=self.avatar_url,
            created_at=self.opened_at,
            moved_to=self.moved_to,
        )

    def list(self, get: Get, reference: str) -> Iterator[Page]:
        self.asked_by.append(reference)
        shown = sorted(self.posts, key=lambda post: post.published_at, reverse=True)
        for start in range(0, max(len(shown), 1), self.page_size):
            self.answer(get, f"posts from {start}")
            page = tuple(shown[start : start + self.page_size])
            yield Page(page, self.clock(), page[-1].published_at if page else None)

    def refresh(self, get: Get, external_ids: Any) -> tuple[Page, ...]:
        self.answer(get, f"refresh {len(external_ids)}")
        found = tuple(post for post in self.posts if post.external_id in external_ids)
        return (Page(found, self.clock(), None),)

    def declared(self, **changes: Any) -> Network:
        """The network as a declaration; it cannot read single posts unless the test gives it a `refresh_size`."""
        plain = {"windows": (), "quota": None, "key_need": None, "keeps": None, "refresh_size": 0, "posts": self.list}
        return replace(NETWORKS["bluesky"], profile=self.profile, refresh=self.refresh, **{**plain, **changes})


class Outside:
    """Stands behind the door in a test: every question has an empty answer, unless the test refuses it."""

    def __init__(self, clock: Clock, *, picture: bytes | None = None) -> None:
        self.clock = clock
        self.image = picture
        self.keys: list[str | None] = []
        self.pretend: list[bool] = []
        self.refuse: Callable[[str | None, str], None] = lambda _key, _url: None

    def open(self, _network, *, key=None, pretend=False, reserve=None, on_request=None, clock=None) -> Get:  # noqa: ARG002 (the door's signature)
        self.keys.append(key)
        self.pretend.append(pretend)

        def get(url, params=None, *, body=None) -> Answer:
            if reserve is not None:
                reserve(1)
            if on_request is not None:
                on_request()
            self.refuse(key, url)
            return Answer(url, 200, {}, b"{}", self.clock())

        return get

    def picture(self, _url, *, network, pretend=False) -> bytes | None:  # noqa: ARG002 (the door's signature)
        return self.image


@dataclass
class World:
    """A profile that is followed, its network, and the door between them."""

    clock: Clock
    network: FakeNetwork
    outside: Outside
    profile: Profile
    keys: dict[str, str] = field(default_factory=dict)  # the installation's, from its environment

    def visit(self, **changes: Any):
        """Read the profile once, now."""
        from benchmark import ingest

        lease = Profile.objects.lease_one(self.profile.pk, now=self.clock())
        assert lease is not None
        return ingest.fetch(
            self.profile, lease=lease, door=self.door, clock=self.clock, network=self.network.declared(**changes)
        )

    @property
    def door(self) -> Door:
        return Door(self.outside, keys=self.keys)


def make_world(**fields: Any) -> World:
    clock = Clock()
    network = FakeNetwork(clock, **fields)
    profile = ProfileFactory.create(external_id=network.external_id, handle=network.handle)
    TrackedProfileFactory.create(profile=profile)
    return World(clock, network, Outside(clock), profile)
