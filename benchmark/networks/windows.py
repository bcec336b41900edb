"""How many calls a network allows in a few minutes, counted for all workers together, and what it says itself is left.

Both stand in Redis or Valkey, where every worker sees them; while that is away each process counts for itself.
A window lasts at most a quarter of an hour, so losing the counts costs little.
"""

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from benchmark.networks.allowance import HOLDS, Allowance
from benchmark.networks.base import Window

T = TypeVar("T")
Store = MemoryStorage | RedisStorage

LONGEST = 900
AWAY = 30.0  # how long a store that failed is left alone
NAMESPACE = "yardstick"

log = logging.getLogger(__name__)


class Windows:
    """Counts calls, in the shared store where one is given and answers, else in this process."""

    def __init__(self, url: str | None = None) -> None:
        self._own: Store = MemoryStorage()
        self._shared: Store | None = None
        self._away_until = 0.0
        if url:
            self._shared = RedisStorage(url, socket_timeout=2, socket_connect_timeout=2)

    def take(self, windows: Iterable[Window], *names: str) -> float:
        """Take one call out of every window. Returns 0, or the seconds to wait where nothing was taken."""
        items = [(RateLimitItemPerSecond(window.calls, window.seconds, NAMESPACE), window) for window in windows]
        return self._ask(lambda store: self._take(store, [item for item, _ in items], names))

    def close(self, seconds: float, *names: str) -> None:
        """Let nobody call before so many seconds are over, because the network said so."""
        whole = min(math.ceil(seconds), LONGEST)
        if whole > 0:
            self._ask(lambda store: store.incr(_closed(names), whole))

    def note(self, allowance: Allowance, *names: str) -> None:
        """Keep what a network said last of each limit that it has, for whoever asks within a quarter of an hour.

        Limits of one size share a place (X has three, of three sizes), so that a server which says another one each
        time fills a few places and no more.
        """
        place = len(f"{allowance.limit or 0:.0f}")

        def keep(store: Store) -> None:
            if isinstance(store, RedisStorage):
                with store.storage.pipeline(transaction=False) as pipeline:
                    pipeline.hset(_said(names), place, msgspec.json.encode(allowance))
                    pipeline.expire(_said(names), HOLDS)
                    pipeline.execute()

        self._ask(keep)

    def noted(self, owners: Sequence[tuple[str, ...]]) -> list[list[Allowance]]:
        """What was said last to each of these, in one round trip; nothing while the shared store is away."""

        def read(store: Store) -> list[list[Allowance]]:
            if not isinstance(store, RedisStorage):
                return [[] for _ in owners]
            with store.storage.pipeline(transaction=False) as pipeline:
                for names in owners:
                    pipeline.hvals(_said(names))
                return [list(_readable(kept)) for kept in pipeline.execute()]

        return self._ask(read)

    def end(self) -> None:
        """Give the connections back."""
        if isinstance(self._shared, RedisStorage):
            with suppress(RedisError, OSError):
                self._shared.storage.close()

    def _take(self, store: Store, items: list[RateLimitItem], names: tuple[str, ...]) -> float:
        now = time.time()
        if store.get(_closed(names)):
            return max(store.get_expiry(_closed(names)) - now, 0.1)
        limiter = MovingWindowRateLimiter(store)
        for item in items:
            # Taking the last one tells whether it has room: one question less for every call.
            if not (limiter.hit if item is items[-1] else limiter.test)(item, *names):
                return max(limiter.get_window_stats(item, *names).reset_time - now, 0.1)
        return 0.0 if all(limiter.hit(item, *names) for item in items[:-1]) else 0.1

    def _ask(self, question: Callable[[Store], T]) -> T:
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                return question(self._shared)
            except (RedisError, OSError) as error:
                self._away_until = time.monotonic() + AWAY
                log.warning("shared windows are away, counting in this process: %s", type(error).__name__)
        return question(self._own)


def _closed(names: tuple[str, ...]) -> str:
    return "/".join((NAMESPACE, "closed", *names))


def _said(names: tuple[str, ...]) -> str:
    return "/".join((NAMESPACE, "said", *names))


def _readable(kept: Iterable[bytes]) -> Iterator[Allowance]:
    for each in kept:
        with suppress(msgspec.DecodeError):  # another version's
            yield msgspec.json.decode(each, type=Allowance)
