"""Which key a network is asked with, and what of its day's quota is left. Reserved before the call, never overrun."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import connection
from django.utils.translation import gettext, gettext_noop

from accounts.models import Credential
from accounts.vault import UnreadableSecretError, fingerprint
from benchmark.networks.base import (
    Answer,
    Get,
    NeedsAttention,
    Network,
    NetworkError,
    Params,
    Quota,
    TryLater,
    credential_missing,
)

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

QUOTA_USED_UP = "quota_used_up"


@dataclass(frozen=True, slots=True)
class Key:
    """A network's key in clear, for the call that needs it, and the row it came from unless the environment gave it."""

    secret: str = field(repr=False)
    fingerprint: str
    credential: Credential | None = None


def keys_for(network: Network, *, workspaces: Iterable[int], installation: str) -> list[Key]:
    """The keys that these workspaces may use, each once: their own, then the installation's, its environment's last."""
    rows = Credential.objects.usable(network=network.key, workspaces=workspaces)
    keys = [key for key in map(_opened, rows) if key is not None]
    if installation:
        keys.append(Key(installation, fingerprint(installation)))
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


class Conversation:
    """Asks a network with the first of its keys. A refused one is set aside; one that is used up is passed over."""

    def __init__(self, network: Network, keys: Iterable[Key], *, open_with: Callable[[Key], Get], clock: Clock) -> None:
        self.network = network
        self.keys = list(keys)
        self.open_with = open_with
        self.clock = clock
        self.get: Get | None = None
        self.trouble: NetworkError = credential_missing(network)

    def __call__(self, url: str, params: Params | None = None) -> Answer:
        while self.keys:
            self.get = self.get or self.open_with(self.keys[0])
            try:
                return self.get(url, params)
            except NeedsAttention as error:
                if not error.code.startswith("credential_"):
                    raise
                self._pass_over(error)
                self._set_aside(error)
            except TryLater as error:
                if error.code != QUOTA_USED_UP:
                    raise
                self._pass_over(error)
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
            key.credential.set_aside(reason=error.told(gettext), now=self.clock())


def reserve(network: Network, key: Key, units: int, *, now: datetime) -> None:
    """Take units out of what is left of a key's day, for good. Raises `TryLater` where they are not left."""
    quota = network.quota
    if quota is None:
        return
    today = now.astimezone(ZoneInfo(quota.zone)).date()
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, [network.key, key.fingerprint, today, quota.units, units, quota.units])
        if cursor.fetchone() is None:
            form = gettext_noop(
                "Today's quota of this %(network)s key is used up. It begins anew at midnight in %(zone)s."
            )
            after = until_tomorrow(quota, now)
            raise TryLater(QUOTA_USED_UP, form, after=after, network=network.label, zone=quota.zone)


def until_tomorrow(quota: Quota, now: datetime) -> timedelta:
    """How long until the quota's next day begins, in its own zone."""
    zone = ZoneInfo(quota.zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC) - now


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
