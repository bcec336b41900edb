"""The door to the networks, told everything it must be told: keys, quota, windows and replaced addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Protocol

from django.conf import settings

from accounts.models import Credential, Workspace
from benchmark.environment import pretend_url
from benchmark.ingest.keys import Clock, Conversation, Key, Purse, keys_for
from benchmark.ingest.pictures import small_picture
from benchmark.models import Profile, TrackedProfile
from benchmark.networks import http
from benchmark.networks.base import Get, Network


class Outside(Protocol):
    """What lies behind our door: `benchmark.networks.http.Door`, or a test's own."""

    def open(
        self,
        network: Network,
        *,
        key: str | None = None,
        pretend: bool = False,
        reserve: Callable[[int], None] | None = None,
        on_request: Callable[[], None] | None = None,
        clock: Clock = http.utcnow,
    ) -> Get: ...

    def picture(self, url: str, *, network: Network, pretend: bool = False) -> bytes | None: ...


class Door:
    """Opens conversations with networks: picks the key, reserves what it spends, sends the demo to the demo."""

    def __init__(self, outside: Outside, *, keys: Mapping[str, str]) -> None:
        self.outside = outside
        self.keys = keys  # the installation's own, from its environment

    def for_workspace(
        self, network: Network, workspace: Workspace, *, pretend: bool = False, clock: Clock = http.utcnow
    ) -> Get:
        """The `get` for something that one workspace wants to know, with its keys or the installation's."""
        keys = [] if pretend else self._keys(network, [workspace.pk], clock)
        return self._open(network, keys, pretend=pretend, on_request=None, clock=clock)

    def for_profile(
        self, profile: Profile, *, network: Network, on_request: Callable[[], None], clock: Clock = http.utcnow
    ) -> Get:
        """The `get` for reading a profile for everybody who follows it, with the key of any of them."""
        ((keys, _),) = self._by_followers([profile], network, clock)
        return self._open(network, keys, pretend=profile.pretend, on_request=on_request, clock=clock)

    def for_many(
        self, profiles: Sequence[Profile], *, network: Network, clock: Clock = http.utcnow
    ) -> Iterator[tuple[Get, list[Profile], Count]]:
        """The `get`s for asking about several profiles at once, each with those that its key may be used for.

        A key serves only profiles that its own workspace follows, so that nobody pays for another's.
        """
        sharing_key: dict[str, tuple[list[Key], list[Profile]]] = {}
        for keys, sharing in self._by_followers(profiles, network, clock):
            first = keys[:1]
            sharing_key.setdefault(first[0].fingerprint if first else "", (first, []))[1].extend(sharing)
        for keys, sharing in sharing_key.values():
            count = Count()
            yield (
                self._open(network, keys, pretend=profiles[0].pretend, on_request=count, clock=clock),
                sharing,
                count,
            )

    def with_key(self, network: Network, credential: Credential, *, clock: Clock = http.utcnow) -> Get:
        """The `get` with this very key, whatever stands of it. Raises `UnreadableSecretError`."""
        key = Key(credential.reveal(), credential.fingerprint, credential)
        return self._open(network, [key], pretend=False, on_request=None, clock=clock)

    def picture(self, url: str, network: Network, *, pretend: bool = False) -> bytes | None:
        """The picture at an address, small and made anew; None where there is none to be had."""
        found = self.outside.picture(url, network=network, pretend=pretend)
        return small_picture(found) if found else None

    def _by_followers(
        self, profiles: Sequence[Profile], network: Network, clock: Clock
    ) -> Iterator[tuple[list[Key], list[Profile]]]:
        """The profiles that the same workspaces read, with the keys that these may be read with."""
        followers: dict[int, list[int]] = {profile.pk: [] for profile in profiles}
        reading = TrackedProfile.objects.current().filter(profile__in=profiles, paused_at=None).order_by("workspace_id")
        for profile_id, workspace_id in reading.values_list("profile_id", "workspace_id"):
            followers[profile_id].append(workspace_id)
        together: dict[tuple[int, ...], list[Profile]] = {}
        for profile in profiles:
            together.setdefault(tuple(followers[profile.pk]), []).append(profile)
        for workspaces, sharing in together.items():
            yield [] if sharing[0].pretend else self._keys(network, workspaces, clock), sharing

    def _keys(self, network: Network, workspaces: Iterable[int], clock: Clock) -> list[Key]:
        if network.key_need is None:
            return []
        installation = self.keys.get(network.key, "")
        return keys_for(network, workspaces=workspaces, installation=installation, now=clock())

    def _open(
        self,
        network: Network,
        keys: Sequence[Key],
        *,
        pretend: bool,
        on_request: Callable[[], None] | None,
        clock: Clock,
    ) -> Get:
        if pretend or network.key_need is None:
            return self.outside.open(network, pretend=pretend, on_request=on_request, clock=clock)

        def open_with(key: Key) -> Get:
            return self.outside.open(
                network,
                key=key.secret,
                reserve=Purse(network, key, clock=clock),
                on_request=on_request,
                clock=clock,
            )

        return Conversation(network, keys, open_with=open_with, clock=clock)


class Count:
    """Counts the requests that leave; whoever takes them counts them as their own."""

    def __init__(self) -> None:
        self._left = 0

    def __call__(self) -> None:
        self._left += 1

    def taken(self) -> int:
        """The requests since somebody took them last."""
        taken, self._left = self._left, 0
        return taken


@cache
def door() -> Door:
    """This process's door, with its connections: made at the first call and shared by all threads."""
    outside = http.Door(
        user_agent=f"Yardstick (+{settings.SITE_URL})",
        windows_url=settings.REDIS_URL,
        base_urls=settings.NETWORK_BASE_URLS,
        pretend_url=pretend_url,
    )
    return Door(outside, keys=settings.NETWORK_KEYS)
