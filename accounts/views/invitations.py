"""Where an invitation's link leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import admission
from accounts.models import Invitation, User


@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to join; POST joins. A used, withdrawn, replaced, late or invented link gets one same answer."""
    invitation = Invitation.objects.by_token(token, now=timezone.now())
    if invitation is None:
        return _gone(request)
    if request.method == "POST":
        return _join(request, invitation)
    if not request.user.is_authenticated:
        admission.remember(request, invitation)
    return render(request, "accounts/invitation.html", {"invitation": invitation})


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if not isinstance(request.user, User) or request.user.email != invitation.email:
        return redirect(request.path)  # a page that says why; a refusal would put the link into the logs
    membership = invitation.accept(user=request.user, now=timezone.now())
    if membership is None:
        return _gone(request)
    return redirect(f"/w/{membership.workspace.slug}/")


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=404)
