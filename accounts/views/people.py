"""Settings → People: who is in the workspace, as what, and who is invited."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import people
from accounts.forms import InviteForm, RoleForm
from accounts.models import Membership, Role
from accounts.workspaces import owners

NEEDS_AN_OWNER = gettext_lazy("A workspace needs an owner. Make somebody else an owner first.")


@require_GET
@owners
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _page(request, membership, InviteForm(workspace=membership.workspace))


@never_cache
@require_POST
@owners
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Invite an address. Without e-mail the answer shows the link, this once."""
    form = InviteForm(request.POST, workspace=membership.workspace)
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    invitation, link = people.invite(
        workspace=membership.workspace,
        email=form.cleaned_data["email"],
        role=form.cleaned_data["role"],
        invited_by=membership.user,
        now=timezone.now(),
    )
    if not settings.SENDS_EMAIL:
        return render(request, "accounts/invited.html", {"invitation": invitation, "link": link})
    messages.success(request, _("%(email)s was sent an invitation.") % {"email": invitation.email})
    return _back(membership)


@require_POST
@owners
def withdraw(request: HttpRequest, membership: Membership, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(membership.workspace.invitations, pk=invitation_id, accepted_at=None)
    invitation.delete()
    messages.success(request, _("The invitation of %(email)s was withdrawn.") % {"email": invitation.email})
    return _back(membership)


@require_POST
@owners
def change_role(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    member = get_object_or_404(membership.workspace.memberships.select_related("user"), pk=member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, InviteForm(workspace=membership.workspace), status=422)
    try:
        people.change_role(member, role=form.cleaned_data["role"])
    except people.LastOwnerError:
        messages.error(request, NEEDS_AN_OWNER)
    else:
        words = {"person": member.user, "role": member.get_role_display()}
        messages.success(request, _("%(person)s is now: %(role)s.") % words)
    return _back(membership)


@require_POST
@owners
def remove(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    member = get_object_or_404(membership.workspace.memberships.select_related("user"), pk=member_id)
    try:
        people.remove(member)
    except people.LastOwnerError:
        messages.error(request, NEEDS_AN_OWNER)
        return _back(membership)
    messages.success(request, _("%(person)s left the workspace.") % {"person": member.user})
    return redirect("accounts:workspaces") if member.user == membership.user else _back(membership)


def _page(request: HttpRequest, membership: Membership, form: InviteForm, *, status: int = 200) -> HttpResponse:
    workspace = membership.workspace
    context = {
        "members": workspace.memberships.select_related("user"),
        "invitations": workspace.invitations.waiting(now=timezone.now()).select_related("invited_by"),
        "form": form,
        "roles": Role.choices,
    }
    return render(request, "accounts/people.html", context, status=status)


def _back(membership: Membership) -> HttpResponse:
    return redirect("accounts:people", slug=membership.workspace.slug)
