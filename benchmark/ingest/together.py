"""Many profiles asked for in few calls, ahead of their visits, where a network answers about many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from benchmark.ingest.doors import Door
from benchmark.ingest.keys import Clock
from benchmark.models import Profile
from benchmark.networks.base import NetworkError, ProfileRecord
from benchmark.networks.parsing import in_batches

Claim = tuple[int, str]  # a profile's id, and the lease on it


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


def read_ahead(profile_ids: Iterable[int], *, door: Door, clock: Clock) -> dict[int, ReadAhead]:
    """Ask for these profiles of one network together.

    Whoever is not in the answer, and everybody where the network refuses, is asked for again in a visit of their own,
    which knows what to make of it.
    """
    profiles = list(Profile.objects.filter(pk__in=profile_ids).order_by("pk"))
    if not profiles:
        return {}
    network, found = profiles[0].on, {}
    for get, asked, count in door.for_many(profiles, network=network, clock=clock):
        by_external_id = {profile.external_id: profile.pk for profile in asked}
        try:
            records = network.profiles(get, list(by_external_id))
        except NetworkError:
            continue
        read_at = clock()
        for record in records:
            if (pk := by_external_id.get(record.external_id)) is not None and pk not in found:
                found[pk] = ReadAhead(record=record, read_at=read_at, requests=count.taken())
    return found
