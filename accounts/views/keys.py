"""Settings → Keys: what opens this workspace to programs, and what it opens networks with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ApiKeyForm, NetworkKeyForm, networks_with_keys
from accounts.models import ApiKey, Credential, Membership, Scope
from accounts.workspaces import owners
from benchmark.networks import NETWORKS


@require_GET
@owners
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _page(request, membership, network_key_form=NetworkKeyForm(network=request.GET.get("network")))


@never_cache
@require_POST
@owners
def create(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a key; the answer shows its token, this once."""
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form=form)
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
    return _back(membership)


@require_POST
@owners
def add_network_key(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = NetworkKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, network_key_form=form)
    Credential.objects.keep(workspace=membership.workspace, **form.key)
    network = NETWORKS[form.cleaned_data["network"]]
    messages.success(request, _("The key for %(network)s is kept, encrypted.") % {"network": network.label})
    return _back(membership)


@require_POST
@owners
def remove_network_key(request: HttpRequest, membership: Membership, credential_id: int) -> HttpResponse:
    credential = get_object_or_404(membership.workspace.credentials, pk=credential_id)
    credential.delete()
    messages.success(request, _("The key “%(name)s” was removed.") % {"name": credential})
    return _back(membership)


def _page(
    request: HttpRequest,
    membership: Membership,
    *,
    form: ApiKeyForm | None = None,
    network_key_form: NetworkKeyForm | None = None,
) -> HttpResponse:
    """The page, with the form that was sent and refused, if there is one."""
    context = {
        "keys": membership.workspace.api_keys.live(now=timezone.now()),
        "network_keys": membership.workspace.credentials.all(),
        "form": form or ApiKeyForm(),
        "network_key_form": network_key_form or NetworkKeyForm(),
        "networks": networks_with_keys(),
    }
    refused = any(sent is not None and sent.is_bound for sent in (form, network_key_form))
    return render(request, "accounts/keys.html", context, status=422 if refused else 200)


def _back(membership: Membership) -> HttpResponse:
    return redirect("accounts:keys", slug=membership.workspace.slug)
