"""Many profiles asked for in few calls, ahead of their visits, where a network answers about many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby, product
from typing import Any, TypeVar

import msgspec
import structlog
from django.db import transaction

from benchmark.ingest.doors import Count, Door
from benchmark.ingest.keeping import to_refresh_together
from benchmark.ingest.keys import Clock
from benchmark.ingest.posts import store_page
from benchmark.ingest.profiles import update_profile
from benchmark.models import Profile
from benchmark.networks.base import Get, Network, NetworkError, Page, ProfileRecord
from benchmark.networks.parsing import in_batches

log = structlog.get_logger(__name__)

T = TypeVar("T")
Claim = tuple[int, str]  # a profile's id, and the lease on it
FRESH = timedelta(minutes=15)  # visits are an hour apart at least, unless one went wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAhead:
    """What a network said about a profile together with others, and when.

    `requests` are its part of the calls that this took; `seen` and `changed` count its posts that were read again.
    """

    record: ProfileRecord
    read_at: datetime
    requests: int
    seen: int = 0
    changed: int = 0

    def packed(self) -> dict[str, Any]:
        """The same as plain values, for a task's message."""
        plain: dict[str, Any] = msgspec.to_builtins(asdict(self))
        return plain

    @classmethod
    def unpacked(cls, message: Mapping[str, Any]) -> ReadAhead:
        """What was packed."""
        return msgspec.convert(message, cls, strict=False)


def batches(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """The claims in the groups in which their networks can be asked; alone where a network takes one at a time."""
    by_id = Profile.objects.in_bulk([pk for pk, _ in claims])
    known = [(pk, lease) for pk, lease in claims if pk in by_id]
    for (_, size), together in groupby(sorted(known, key=lambda claim: _kind(by_id[claim[0]])), _sized(by_id)):
        for batch in in_batches(list(together), max(size, 1)):
            yield list(batch)


def _kind(profile: Profile) -> tuple[str, bool]:
    return profile.network, profile.pretend


def _sized(by_id: Mapping[int, Profile]) -> Any:
    return lambda claim: (_kind(by_id[claim[0]]), by_id[claim[0]].on.profiles_size)


def read_ahead(claims: Iterable[Claim], *, door: Door, clock: Clock) -> dict[int, ReadAhead]:
    """Ask for the profiles of these claims, all of one network, together, and store what they and older posts are now.

    What was stored a moment ago, for a visit whose task was lost since, is not asked for, nor paid for, again. Whoever
    is not in the answer, and everybody where the network refuses, is asked for in a visit of their own, which knows
    what to make of it. Claims whose lease has passed on are left alone.
    """
    leases = {pk: lease for pk, lease in claims if Profile.objects.begin(pk, lease, now=clock())}
    profiles = list(Profile.objects.filter(pk__in=leases).order_by("pk"))
    if not profiles:
        return {}
    network = profiles[0].on
    found: dict[int, ReadAhead] = {}
    for get, asked, count in door.for_many(profiles, network=network, clock=clock):
        group = Group(network=network, profiles=asked, leases=leases, get=get, count=count, clock=clock)
        if group.read_profiles():
            group.refresh_posts()
        found |= group.found
    return found


@dataclass(slots=True, kw_only=True)
class Group:
    """Profiles of one network that one key may ask about together, and what was found out about them."""

    network: Network
    profiles: Sequence[Profile]
    leases: Mapping[int, str]
    get: Get
    count: Count
    clock: Clock
    found: dict[int, ReadAhead] = field(default_factory=dict)

    def ask(self, question: Callable[[], T]) -> T | None:
        """The answer; None where the network refuses, or where its answer brings us down."""
        try:
            return question()
        except NetworkError:
            return None
        except Exception:
            log.exception("profiles could not be read together", network=self.network.key)
            return None

    def read_profiles(self) -> bool:
        """Store what the profiles are now. Whether the network has answered."""
        now = self.clock()
        self.found = {profile.pk: _as_stored(profile) for profile in self.profiles if _is_fresh(profile, now=now)}
        missing = {profile.external_id: profile for profile in self.profiles if profile.pk not in self.found}
        records = self.ask(lambda: self.network.profiles(self.get, list(missing))) if missing else ()
        read_at = self.clock()
        shown = [(profile, one) for one in records or () if (profile := missing.pop(one.external_id, None)) is not None]
        held = [(profile, one) for profile, one in shown if self.store(profile, one, read_at=read_at)]
        for (profile, one), calls in zip(held, _spread(self.count.taken(), over=len(held)), strict=True):
            self.found[profile.pk] = ReadAhead(record=one, read_at=read_at, requests=calls)
        return records is not None

    @transaction.atomic
    def store(self, profile: Profile, record: ProfileRecord, *, read_at: datetime) -> bool:
        """Store what was read, unless somebody else may be reading the profile by now."""
        held = self.still_holds(profile, now=read_at)
        if held:
            update_profile(profile, record, read_at=read_at)
        return held

    def still_holds(self, profile: Profile, *, now: datetime) -> bool:
        """Whether the profile is still ours; then for another five minutes."""
        return Profile.objects.begin(profile.pk, self.leases[profile.pk], now=now)

    def refresh_posts(self) -> None:
        """Read older posts of the profiles that were found again by their id, in calls that these share."""
        known = (profile for profile in self.profiles if profile.pk in self.found)
        due = [(one, post) for one in known for post in to_refresh_together(one, self.network, now=self.clock())]
        for batch in in_batches(due, self.network.refresh_size):
            if not self.refresh(batch):
                break

    def refresh(self, batch: Sequence[tuple[Profile, str]]) -> bool:
        """Read these posts again in one call, and store them with the moment of the answer. Whether there was one.

        Those that the network leaves out are due still, so that each profile's own visit sees what became of them.
        """
        due: defaultdict[Profile, set[str]] = defaultdict(set)
        for profile, external_id in batch:
            due[profile].add(external_id)
        held = {profile: ids for profile, ids in due.items() if self.still_holds(profile, now=self.clock())}
        if not held:
            return True
        pages = self.ask(lambda: self.network.refresh(self.get, sorted(set().union(*held.values()))))
        self.add(next(iter(held)), requests=self.count.taken())
        for page, (profile, ids) in product(pages or (), held.items()):
            theirs = tuple(post for post in page.posts if post.external_id in ids)
            lease = self.leases[profile.pk]
            stored = store_page(profile, Page(theirs, page.read_at, None), lease=lease, now=self.clock())
            if stored is not None:
                self.add(profile, seen=stored.seen, changed=stored.changed)
        return pages is not None

    def add(self, profile: Profile, **counts: int) -> None:
        """Add to what the ledger will say of a profile."""
        known = self.found[profile.pk]
        self.found[profile.pk] = replace(known, **{name: getattr(known, name) + more for name, more in counts.items()})


def _spread(calls: int, *, over: int) -> list[int]:
    """Calls as whole numbers for so many, nobody with two more than another: followers may take a call for each."""
    return [calls // over + (place < calls % over) for place in range(over)]


def _is_fresh(profile: Profile, *, now: datetime) -> bool:
    return profile.read_at is not None and now - FRESH < profile.read_at <= now and profile.history_to is not None


def _as_stored(profile: Profile) -> ReadAhead:
    """What was read of a profile a moment ago, out of its row."""
    record = ProfileRecord(
        external_id=profile.external_id,
        handle=profile.handle,
        name=profile.name,
        url=profile.url,
        description=profile.description,
        followers=profile.followers,
        following=profile.following,
        posts=profile.posts_published,
        verified=profile.verified,
        created_at=profile.opened_at,
    )
    return ReadAhead(record=record, read_at=profile.read_at or profile.created_at, requests=0)
