"""The door to the networks, told everything it must be told: keys, quota, windows and replaced addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Protocol

from django.conf import settings

from accounts.models import Workspace
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
        return self._open(network, lambda: [workspace.pk], pretend=pretend, on_request=None, clock=clock)

    def for_profile(
        self, profile: Profile, *, network: Network, on_request: Callable[[], None], clock: Clock = http.utcnow
    ) -> Get:
        """The `get` for reading a profile for everybody who follows it, with the key of any of them."""
        followers = TrackedProfile.objects.current().filter(profile=profile, paused_at=None).order_by("workspace_id")
        return self._open(
            network,
            lambda: followers.values_list("workspace_id", flat=True),
            pretend=profile.pretend,
            on_request=on_request,
            clock=clock,
        )

    def picture(self, url: str, network: Network, *, pretend: bool = False) -> bytes | None:
        """The picture at an address, small and made anew; None where there is none to be had."""
        found = self.outside.picture(url, network=network, pretend=pretend)
        return small_picture(found) if found else None

    def _open(
        self,
        network: Network,
        workspaces: Callable[[], Iterable[int]],
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

        keys = keys_for(network, workspaces=workspaces(), installation=self.keys.get(network.key, ""))
        return Conversation(network, keys, open_with=open_with, clock=clock)


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
