"""Many profiles asked for in few calls, ahead of their visits, where a network answers about many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
import structlog
from django.db import transaction

from benchmark.ingest.doors import Door
from benchmark.ingest.keys import Clock
from benchmark.ingest.profiles import update_profile
from benchmark.models import Profile
from benchmark.networks.base import NetworkError, ProfileRecord
from benchmark.networks.parsing import in_batches

log = structlog.get_logger(__name__)

Claim = tuple[int, str]  # a profile's id, and the lease on it
FRESH = timedelta(minutes=15)  # visits are an hour apart at least, unless one went wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAhead:
    """What a network said about a profile together with others, when, and how many calls that is to be counted as."""

    record: ProfileRecord
    read_at: datetime
    requests: int

    def packed(self) -> dict[str, Any]:
        """The same as plain values, for a task's message."""
        return {"record": msgspec.to_builtins(asdict(self.record)), "read_at": self.read_at.isoformat()} | {
            "requests": self.requests
        }

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
    """Ask for the profiles of these claims, all of one network, together, and store what they are now.

    What was stored a moment ago, for a visit whose task was lost since, is not asked for, nor paid for, again. Whoever
    is not in the answer, and everybody where the network refuses, is asked for in a visit of their own, which knows
    what to make of it. Claims whose lease has passed on are left alone.
    """
    leases = {pk: lease for pk, lease in claims if Profile.objects.begin(pk, lease, now=clock())}
    profiles = list(Profile.objects.filter(pk__in=leases).order_by("pk"))
    if not profiles:
        return {}
    network = profiles[0].on
    found = {profile.pk: _as_stored(profile) for profile in profiles if _is_fresh(profile, now=clock())}
    missing = [profile for profile in profiles if profile.pk not in found]
    for get, asked, count in door.for_many(missing, network=network, clock=clock) if missing else ():
        by_external_id = {profile.external_id: profile for profile in asked}
        try:
            records = network.profiles(get, list(by_external_id))
        except NetworkError:
            continue
        except Exception:
            log.exception("profiles could not be read together", network=network.key)
            continue
        read_at = clock()
        for record in records:
            profile = by_external_id.pop(record.external_id, None)
            if profile is not None and _store(profile, leases[profile.pk], record, read_at=read_at):
                found[profile.pk] = ReadAhead(record=record, read_at=read_at, requests=count.taken())
    return found


@transaction.atomic
def _store(profile: Profile, lease: str, record: ProfileRecord, *, read_at: datetime) -> bool:
    """Store what was read, unless somebody else may be reading the profile by now."""
    held = Profile.objects.begin(profile.pk, lease, now=read_at)
    if held:
        update_profile(profile, record, read_at=read_at)
    return held


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
