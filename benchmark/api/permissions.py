"""What a key may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import permissions
from rest_framework.request import Request

from accounts.models import ApiKey

if TYPE_CHECKING:  # the views module reads the settings, which name this one
    from rest_framework.views import APIView


class KeyScope(permissions.BasePermission):
    """Any key reads; only a key that may write changes anything."""

    code = "key_is_read_only"
    message = "This key may only read. Make one that may write in Settings → Keys."

    def has_permission(self, request: Request, view: APIView) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return False
        return request.method in permissions.SAFE_METHODS or key.can_write
