"""Settings → Keys, where it needs the networks: trying a key."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import Membership
from accounts.workspaces import owners
from benchmark import ingest
from benchmark.networks.http import utcnow


@require_POST
@owners
def test(request: HttpRequest, membership: Membership, credential_id: int) -> HttpResponse:
    """Say what a key of this workspace can do, and what is missing."""
    credential = get_object_or_404(membership.workspace.credentials, pk=credential_id)
    trial = ingest.try_key(credential, door=ingest.door(), clock=utcnow)
    (messages.success if trial.works else messages.error)(request, str(trial))
    return redirect("accounts:keys", slug=membership.workspace.slug)
