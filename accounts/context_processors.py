from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import workspaces


def workspace(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page needs: the current membership, and the workspaces to switch to, if it shows them."""
    return {
        "membership": getattr(request, "membership", None),
        "signup_is_open": settings.SIGNUP == "open",
        "workspaces": SimpleLazyObject(lambda: list(workspaces.for_user(request.user))),
    }
