"""Which key a network is asked with, and what is left to it. Its quota is reserved before the call, never overrun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Credential, CredentialState, Workspace
from accounts.vault import UnreadableSecretError, fingerprint
from benchmark.ingest.allowances import said
from benchmark.models import Spend, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import (
    Answer,
    Get,
    NeedsAttention,
    Network,
    NetworkError,
    TryLater,
    credential_missing,
    server_in,
)
from benchmark.networks.keys import Params, Quota

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

QUOTA_USED_UP = "quota_used_up"
USED_UP_TODAY = gettext_noop(
    "Today's quota of this %(network)s key is used up. It begins anew at midnight in %(zone)s."
)
USED_UP_THIS_MONTH = gettext_noop(
    "This month's budget of this %(network)s key is used up. It begins anew with the next month."
)
A_MONTH = timedelta(days=32)  # and a day: no quota's present month has begun earlier
A_MOMENT = timedelta(minutes=1)  # between an answer and what is made of it
# What a key may not read, another may; and this one may read other profiles.
NOT_PERMITTED = "credential_not_permitted"


class NotLeft(TryLater):
    """Our own count says that the units are not left; the network was not asked."""


@dataclass(frozen=True, slots=True)
class Key:
    """A network's key in clear, for the call that needs it, and the row it came from unless the environment gave it."""

    secret: str = field(repr=False)
    fingerprint: str
    credential: Credential | None = None


def keys_for(network: Network, *, workspaces: Iterable[int], installation: str, now: datetime) -> list[Key]:
    """The keys that these workspaces may use, each once: their own, then the installation's, its environment's last.

    Of several workspaces' own keys the one that has spent least comes first, so that all who follow a profile pay.
    """
    rows = Credential.objects.usable(network=network.key, workspaces=workspaces)
    keys = [key for key in map(_opened, rows) if key is not None]
    own = [key for key in keys if key.credential is not None and key.credential.workspace_id is not None]
    if network.quota is not None and len(own) > 1:
        window = window_of(network.quota, now)
        spends = Spend.objects.filter(
            network=network.key, window=window, fingerprint__in=[key.fingerprint for key in own]
        )
        used = dict(spends.values_list("fingerprint", "used"))
        keys = [*sorted(own, key=lambda key: used.get(key.fingerprint, 0)), *keys[len(own) :]]
    if installation:
        keys.append(Key(installation, fingerprint(network.key, installation)))
    first: dict[str, Key] = {}
    for key in keys:
        first.setdefault(key.fingerprint, key)
    return list(first.values())


def _opened(credential: Credential) -> Key | None:
    try:
        return Key(credential.reveal(), credential.fingerprint, credential)
    except UnreadableSecretError as error:
        log.warning("a stored key cannot be opened", credential=credential.pk, reason=str(error))
        return None


class Provided(StrEnum):
    """Whose key a workspace asks a network with."""

    NOT_NEEDED = "not_needed"
    OWN = "own"
    INSTALLATION = "installation"
    REFUSED = "refused"  # there are keys, and the network refuses them
    MISSING = "missing"


def provided(
    workspace: Workspace, *, installation: Mapping[str, str], now: datetime
) -> dict[str, tuple[Provided, str]]:
    """Whose key each network is asked with, and what is left of its budget or why it was refused, in sentences.

    Three queries, however many networks and keys there are.
    """
    rows = Credential.objects.filter(Q(workspace=workspace) | Q(workspace=None)).order_by(
        F("workspace").asc(nulls_last=True), "pk"
    )
    by_network: dict[str, list[Credential]] = {}
    for row in rows:
        by_network.setdefault(row.network, []).append(row)
    stands = {
        key: _provided(network, by_network.get(key, []), installation.get(key, "")) for key, network in NETWORKS.items()
    }
    asked = [key for key, (how, _what) in stands.items() if how not in {Provided.REFUSED, Provided.MISSING}]
    left = left_of([(NETWORKS[key], stands[key][1]) for key in asked], servers=servers_of(workspace), now=now)
    sentences = dict(zip(asked, left, strict=True))
    return {key: (how, sentences.get(key, what)) for key, (how, what) in stands.items()}


def _provided(network: Network, rows: Sequence[Credential], installation: str) -> tuple[Provided, str]:
    """Whose key it is, and its fingerprint, or why it was refused."""
    if network.key_need is None:
        return Provided.NOT_NEEDED, ""
    working = next((row for row in rows if row.state == CredentialState.WORKING), None)
    if working is not None:
        return (Provided.INSTALLATION if working.workspace_id is None else Provided.OWN), working.fingerprint
    if installation:
        return Provided.INSTALLATION, fingerprint(network.key, installation)
    return (Provided.REFUSED, rows[0].reason) if rows else (Provided.MISSING, "")


class Conversation:
    """Asks a network with the first of its keys.

    A refused one is set aside; one that is used up, or that may not read what is asked for, is passed over.
    """

    def __init__(self, network: Network, keys: Iterable[Key], *, open_with: Callable[[Key], Get], clock: Clock) -> None:
        self.network = network
        self.keys = list(keys)
        self.open_with = open_with
        self.clock = clock
        self.get: Get | None = None
        self.trouble: NetworkError = credential_missing(network)

    def __call__(self, url: str, params: Params | None = None, *, body: Any = None) -> Answer:
        while self.keys:
            self.get = self.get or self.open_with(self.keys[0])
            asked_at = self.clock()
            try:
                return self.get(url, params, body=body)
            except NeedsAttention as error:
                if not error.code.startswith("credential_"):
                    raise
                self._pass_over(error)
                if error.code != NOT_PERMITTED:
                    self._set_aside(error)
            except TryLater as error:
                if error.code != QUOTA_USED_UP:
                    raise
                self._pass_over(error)
                if not isinstance(error, NotLeft):
                    note_used_up(self.network, self.keys[0], error, asked_at=asked_at, now=self.clock())
            self.keys.pop(0)
            self.get = None
        raise self.trouble

    def _pass_over(self, error: NetworkError) -> None:
        """Remember what to say when no key is left: a quota comes back by itself, so it goes before a refused key."""
        if not isinstance(self.trouble, TryLater):
            self.trouble = error

    def _set_aside(self, error: NeedsAttention) -> None:
        key = self.keys[0]
        log.warning("a key was refused", network=self.network.key, fingerprint=key.fingerprint, reason=error.sentence)
        if key.credential is not None:
            key.credential.set_aside(reason=error.told(_), now=self.clock())


class Purse:
    """What one conversation takes out of a key's quota. What it gives back goes to the day or month it came from."""

    def __init__(self, network: Network, key: Key, *, clock: Clock) -> None:
        self.network = network
        self.key = key
        self.clock = clock
        self.taken_at = clock()

    def __call__(self, units: int) -> None:
        """Take units; below zero, give back what the last call left."""
        if units > 0:
            self.taken_at = self.clock()
        reserve(self.network, self.key, units, now=self.taken_at)


def reserve(network: Network, key: Key, units: int, *, now: datetime) -> None:
    """Take units out of what is left of a key's day or month. Raises `TryLater` where they are not left.

    Below zero they are given back: an answer was cheaper than it might have been.
    """
    quota = network.quota
    if quota is None:
        return
    limit = limit_of(network, quota)
    with connection.cursor() as cursor:
        if units < 0:
            cursor.execute(GIVE_BACK, [-units, network.key, key.fingerprint, window_of(quota, now)])
            return
        cursor.execute(RESERVE, [network.key, key.fingerprint, window_of(quota, now), limit, units, limit])
        if cursor.fetchone() is None:
            form = USED_UP_THIS_MONTH if quota.monthly else USED_UP_TODAY
            after = until_next(quota, now)
            raise NotLeft(QUOTA_USED_UP, form, after=after, network=network.label, zone=quota.zone)


def note_used_up(network: Network, key: Key, error: TryLater, *, asked_at: datetime, now: datetime) -> None:
    """Count a key's whole day or month as spent, because its network says so: others may spend from the same key.

    Not where the network may answer sooner than the window ends, as after credits were bought.
    """
    quota = network.quota
    if quota is None or error.after is None:
        return
    window = window_of(quota, asked_at)
    if window_of(quota, now + error.after + A_MOMENT) == window:
        return
    with connection.cursor() as cursor:
        cursor.execute(USE_UP, [network.key, key.fingerprint, window, *[limit_of(network, quota)] * 2])


def limit_of(network: Network, quota: Quota) -> int:
    """The units that a key may spend: the operator's limit, else the network's own."""
    set_by_operator = settings.NETWORK_LIMITS.get(network.key)
    return quota.units if set_by_operator is None else set_by_operator * quota.shown_per


def left_of(
    keys: Sequence[tuple[Network, str]], *, now: datetime, servers: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """What each key, known by its fingerprint, has left: of its quota, and as its network said last. In sentences.

    Empty where nothing is counted. One query and one look into the shared store, however many keys there are.
    """
    counted = [key for network, key in keys if network.quota]
    begun = Spend.objects.filter(fingerprint__in=counted, window__gte=(now - A_MONTH).date())
    used = {(row.network, row.fingerprint, row.window): row.used for row in begun}
    told = said(keys, servers=servers or {}, now=now)
    return [
        " ".join(filter(None, [_left(network, key, used, now), by_network]))
        for (network, key), by_network in zip(keys, told, strict=True)
    ]


def _left(network: Network, key: str, used: Mapping[tuple[str, str, date], int], now: datetime) -> str:
    quota = network.quota
    if quota is None:
        return ""
    limit = limit_of(network, quota)
    left = max(limit - used.get((network.key, key, window_of(quota, now)), 0), 0)
    words = {"left": f"{left / quota.shown_per:,.10g}", "limit": f"{limit / quota.shown_per:,.10g}"}
    if quota.monthly:
        return _("%(left)s of %(limit)s %(unit)s are left this month.") % {**words, "unit": _(quota.unit)}
    return _("%(left)s of %(limit)s %(unit)s are left today.") % {**words, "unit": _(quota.unit)}


def servers_of(workspace: Workspace) -> dict[str, list[str]]:
    """The servers on which a workspace follows somebody, by network, where each of them speaks for itself."""
    own = [key for key, network in NETWORKS.items() if not network.host]
    followed = TrackedProfile.objects.of(workspace).current().filter(network__in=own)
    servers: dict[str, set[str]] = {}
    for key, external_id in followed.values_list("network", "profile__external_id"):
        servers.setdefault(key, set()).add(server_in(external_id))
    return {key: sorted(found) for key, found in servers.items()}


def window_of(quota: Quota, now: datetime) -> date:
    """The first day of the quota's present day or month, in its own zone."""
    today = now.astimezone(ZoneInfo(quota.zone)).date()
    return today.replace(day=1) if quota.monthly else today


def until_next(quota: Quota, now: datetime) -> timedelta:
    """How long until the quota begins anew, in its own zone."""
    begins = window_of(quota, now)
    ends = (begins + timedelta(days=31)).replace(day=1) if quota.monthly else begins + timedelta(days=1)
    return datetime.combine(ends, time.min, ZoneInfo(quota.zone)).astimezone(UTC) - now


# The row of the day may not exist yet, and sixteen threads may want to make it at once. One statement, no lock of ours.
RESERVE = """
INSERT INTO benchmark_spend AS spend (network, fingerprint, "window", "limit", used)
SELECT network, fingerprint, "window", "limit", units
  FROM (VALUES (%s, %s, %s::date, %s::integer, %s::integer)) AS wanted (network, fingerprint, "window", "limit", units)
 WHERE units <= %s
    ON CONFLICT (network, fingerprint, "window") DO UPDATE
   SET used = spend.used + excluded.used, "limit" = excluded."limit"
 WHERE spend.used + excluded.used <= excluded."limit"
RETURNING used
"""

GIVE_BACK = """
UPDATE benchmark_spend SET used = greatest(used - %s, 0)
 WHERE network = %s AND fingerprint = %s AND "window" = %s
"""

USE_UP = """
INSERT INTO benchmark_spend AS spend (network, fingerprint, "window", "limit", used)
VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (network, fingerprint, "window") DO UPDATE
   SET used = excluded.used, "limit" = excluded."limit"
 WHERE spend.used < excluded.used
"""
