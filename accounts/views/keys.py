"""Settings → Keys: the workspace's API keys."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ApiKeyForm
from accounts.models import ApiKey, Membership, Scope
from accounts.workspaces import owners


@require_GET
@owners
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _page(request, membership, ApiKeyForm())


@never_cache
@require_POST
@owners
def create(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a key; the answer shows its token, this once."""
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    key, token = ApiKey.objects.issue(
        workspace=membership.workspace,
        name=form.cleaned_data["name"],
        scope=Scope(form.cleaned_data["scope"]),
        expires_at=form.expires_at,
        created_by=membership.user,
    )
    return render(request, "accounts/key_created.html", {"key": key, "token": token})


@require_POST
@owners
def revoke(request: HttpRequest, membership: Membership, key_id: int) -> HttpResponse:
    key = get_object_or_404(membership.workspace.api_keys, pk=key_id)
    membership.workspace.api_keys.filter(pk=key.pk).revoke(now=timezone.now())
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("accounts:keys", slug=membership.workspace.slug)


def _page(request: HttpRequest, membership: Membership, form: ApiKeyForm, *, status: int = 200) -> HttpResponse:
    context = {"keys": membership.workspace.api_keys.live(now=timezone.now()), "form": form}
    return render(request, "accounts/keys.html", context, status=status)
