"""Bare addresses: they lead to the same page of the workspace used last."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import workspaces
from accounts.models import User

BARE = ("competitors", "files", "metrics", "networks", "industries")


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    return _onward(request, "overview")


@require_GET
@login_required
def compare(request: HttpRequest, network: str) -> HttpResponse:
    return _onward(request, "compare", network=network)


@require_GET
@login_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    return _onward(request, name)


def _onward(request: HttpRequest, name: str, **parts: str) -> HttpResponse:
    """To the page in the workspace used last, with what was asked for; without a workspace, to where one is chosen."""
    workspace = workspaces.last_used(request.user) if isinstance(request.user, User) else None
    if workspace is None:
        return redirect("accounts:workspaces")
    query = request.META.get("QUERY_STRING", "")
    address = reverse(f"web:{name}", kwargs={"slug": workspace.slug, **parts})
    return redirect(f"{address}?{query}" if query else address)
