"""The invitation a visitor has opened, remembered in the session until they have signed up or it has run out."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Invitation

OPENED = "opened_invitation"


def remember(request: HttpRequest, invitation: Invitation) -> None:
    request.session[OPENED] = invitation.token_digest


def opened(request: HttpRequest) -> Invitation | None:
    """The invitation this visitor came with, as long as it can still be accepted."""
    kept = request.session.get(OPENED)
    if kept is None:
        return None
    return Invitation.objects.waiting(now=timezone.now()).select_related("workspace").filter(token_digest=kept).first()


def forget(request: HttpRequest) -> None:
    request.session.pop(OPENED, None)
