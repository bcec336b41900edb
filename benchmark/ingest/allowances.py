"""What networks themselves said last is left of the calls that they allow, in sentences for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from benchmark.moments import ago, clock
from benchmark.networks.allowance import Allowance, scarcest
from benchmark.networks.base import Network
from benchmark.networks.windows import Windows

CALLS = gettext_noop("%(network)s said %(ago)s: %(left)s of %(limit)s calls are left.")
CALLS_UNTIL = gettext_noop("%(network)s said %(ago)s: %(left)s of %(limit)s calls are left until %(until)s.")
PART = gettext_noop("%(network)s said %(ago)s: %(left)s %% of what it allows is left.")
PART_UNTIL = gettext_noop("%(network)s said %(ago)s: %(left)s %% of what it allows is left until %(until)s.")


def said(keys: Sequence[tuple[Network, str]], *, servers: Mapping[str, Sequence[str]], now: datetime) -> list[str]:
    """For each key, known by its fingerprint, a sentence; empty where its network said nothing of late.

    `servers` are looked at, by network, where each speaks for itself; of several the one counts that leaves least.
    One round trip, however many keys and servers there are.
    """
    hosts = {network.key: [network.host] if network.host else servers.get(network.key, ()) for network, _key in keys}
    owners = [[(network.key, host, key) for host in hosts[network.key]] for network, key in keys]
    noted = iter(_windows(settings.REDIS_URL).noted(list(chain.from_iterable(owners))))
    told = [{host: next(noted) for _network, host, _key in owned} for owned in owners]
    return [_said(network, by_host, now) for (network, _key), by_host in zip(keys, told, strict=True)]


@cache
def _windows(url: str) -> Windows:
    """This process's connections to what is noted there, shared by its threads."""
    return Windows(url)


def _said(network: Network, by_host: Mapping[str, Sequence[Allowance]], now: datetime) -> str:
    holding = {allowance: host for host, noted in by_host.items() for allowance in noted}
    least = scarcest(holding, now=now)
    return _sentence(least, network.label if network.host else holding[least], now) if least else ""


def _sentence(allowance: Allowance, network: str, now: datetime) -> str:
    until = allowance.until and clock(allowance.until, now)
    form = (PART_UNTIL if until else PART) if allowance.in_percent else (CALLS_UNTIL if until else CALLS)
    words = {"left": _whole(allowance.left), "limit": _whole(allowance.limit)}
    return _(form) % {**words, "network": network, "ago": ago(allowance.said_at, now), "until": until}


def _whole(number: float | None) -> str:
    return f"{math.floor(number or 0):,}"
