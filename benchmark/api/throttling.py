"""How often a key may ask."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

from accounts.models import ApiKey

if TYPE_CHECKING:  # the views module reads the settings, which name this one
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class PerKey(throttling.SimpleRateThrottle):
    """One budget per key, counted for all web processes together, in one step and one round trip."""

    scope = "key"

    def allow_request(self, request: Request, view: APIView) -> bool:
        key = request.auth
        requests, seconds = self.parse_rate(self.get_rate())
        if not isinstance(key, ApiKey) or requests is None or seconds is None:
            return True
        self.budget = RateLimitItemPerSecond(requests, seconds, "yardstick")
        self.asker = f"key:{key.pk}"
        try:
            return counts().hit(self.budget, self.asker)
        except RedisError:
            log.warning("requests of keys are not counted", reason="the cache does not answer")
            return True  # PostgreSQL has what is asked for; a cache that is away shuts nobody out

    def wait(self) -> float:
        """The seconds until the oldest request no longer counts."""
        return max(counts().get_window_stats(self.budget, self.asker).reset_time - time.time(), 0.0)


@lru_cache(maxsize=1)
def counts() -> MovingWindowRateLimiter:
    """What all keys have asked of late; it gives up on a cache that is away as soon as the cache itself does."""
    waits: Any = settings.CACHES["default"]["OPTIONS"]
    return MovingWindowRateLimiter(RedisStorage(settings.REDIS_URL, **waits))
