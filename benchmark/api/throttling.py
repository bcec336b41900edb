"""How often a key may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import throttling
from rest_framework.request import Request

from accounts.models import ApiKey

if TYPE_CHECKING:  # the views module reads the settings, which name this one
    from rest_framework.views import APIView


class PerKey(throttling.SimpleRateThrottle):
    """One budget per key, counted in the shared cache for all web processes together."""

    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        key = request.auth
        return f"throttle:key:{key.pk}" if isinstance(key, ApiKey) else None
