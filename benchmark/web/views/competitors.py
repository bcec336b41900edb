"""Whom a workspace follows: twenty places per network, adding by pasting anything, and what may be done with each."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Membership
from accounts.workspaces import editors, members
from benchmark import ingest, tracking
from benchmark.ingest.keys import provided
from benchmark.models import INDUSTRIES, Brand, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.web.following import following
from benchmark.web.rendering import page
from benchmark.web.views.compare import network_or_404

PREVIEW = "preview"  # the part of the page that a look-up fills


def fetch_now(tracked: TrackedProfile, **when: Any) -> str:
    tracking.fetch_now(tracked, **when)
    return _("%(profile)s is read within a minute or two.") % {"profile": tracked.profile}


def pause(tracked: TrackedProfile, **when: Any) -> str:
    tracking.pause(tracked, **when)
    return _("%(profile)s is paused. It keeps its place and its history.") % {"profile": tracked.profile}


def resume(tracked: TrackedProfile, **when: Any) -> str:
    tracking.resume(tracked, **when)
    return _("%(profile)s is read again.") % {"profile": tracked.profile}


def remove(tracked: TrackedProfile, **when: Any) -> str:
    tracking.remove(tracked, **when)
    return _("%(profile)s is removed. Its history stays: bring it back whenever you like.") % {
        "profile": tracked.profile
    }


def bring_back(tracked: TrackedProfile, **when: Any) -> str:
    tracking.bring_back(tracked, **when)
    return _("%(profile)s is back, with its history.") % {"profile": tracked.profile}


ACTIONS: dict[str, Callable[..., str]] = {
    "fetch-now": fetch_now,
    "pause": pause,
    "resume": resume,
    "remove": remove,
    "bring-back": bring_back,
}


@require_GET
@members
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One network's places, and what is followed there."""
    return _page(request, membership, _network(request.GET.get("network"), membership))


@require_POST
@editors
def look_up(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show who it is before anything is saved; with htmx only the preview comes back."""
    network = network_or_404(request.POST.get("network", ""))
    extra = _looked_up(membership, network, request) | {"given": request.POST}
    if request.headers.get("HX-Target") == PREVIEW:
        return page(request, membership, "web/competitors/preview.html", _choices(membership, network) | extra)
    return _page(request, membership, network, extra, status=422 if extra.get("refusal") else 200)


@require_POST
@editors
def add(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Follow the profile that was looked up."""
    network = network_or_404(request.POST.get("network", ""))
    given = request.POST
    try:
        tracked = tracking.track(
            membership.workspace,
            network.key,
            given.get("handle", ""),
            role=given.get("role", Role.COMPETITOR),
            brand=given.get("brand", "").strip() or None,
            industry=given.get("industry", ""),
            group=given.get("group", ""),
            by=tracking.By.person(membership.user),
            door=ingest.door(),
            now=timezone.now(),
        )
    except tracking.TrackingRefused as refusal:
        return _page(request, membership, network, {"refusal": refusal, "given": given}, status=422)
    messages.success(
        request, _("%(profile)s is followed. Its posts arrive within minutes.") % {"profile": tracked.profile}
    )
    return redirect(_address(membership, network))


@require_POST
@editors
def add_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Follow everything that was pasted, line by line; the answer has a result for each."""
    network = network_or_404(request.POST.get("network", ""))
    try:
        results = tracking.track_many(
            membership.workspace,
            network.key,
            request.POST.get("lines", "").splitlines(),
            role=request.POST.get("role", Role.COMPETITOR),
            by=tracking.By.person(membership.user),
            door=ingest.door(),
            now=timezone.now(),
        )
    except tracking.TrackingRefused as refusal:
        return _page(request, membership, network, {"bulk_refusal": refusal, "given": request.POST}, status=422)
    return _page(request, membership, network, {"results": results, "given": request.POST})


@require_POST
@editors
def act(request: HttpRequest, membership: Membership, tracked_id: int, action: str) -> HttpResponse:
    """Fetch now, pause, resume, remove or bring back one of the workspace's rows."""
    if action not in ACTIONS:
        raise Http404(_("There is nothing like that to be done."))
    rows = TrackedProfile.objects.of(membership.workspace).select_related("profile", "brand", "workspace")
    tracked = get_object_or_404(rows, pk=tracked_id)
    try:
        messages.success(request, ACTIONS[action](tracked, now=timezone.now()))
    except tracking.TrackingRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_address(membership, tracked.on))


def _looked_up(membership: Membership, network: Network, request: HttpRequest) -> dict[str, Any]:
    """What the network says about the pasted text, or why it says nothing."""
    text = request.POST.get("handle", "")
    try:
        found = tracking.look_up(membership.workspace, network.key, text, door=ingest.door(), now=timezone.now())
    except tracking.TrackingRefused as refusal:
        return {"refusal": refusal}
    return {"found": found, "picture": _inline(found.picture)}


def _inline(picture: bytes | None) -> str:
    """The picture inside the page: nothing is stored yet, and no browser asks a network for it."""
    return f"data:image/webp;base64,{b64encode(picture).decode()}" if picture else ""


def _network(key: str | None, membership: Membership) -> Network:
    """The network that was asked for, else the first on which somebody is followed, else the first declared."""
    if key:
        return network_or_404(key)
    followed = set(
        TrackedProfile.objects.of(membership.workspace).current().values_list("network", flat=True).distinct()
    )
    return next((network for network in NETWORKS.values() if network.key in followed), next(iter(NETWORKS.values())))


def _page(
    request: HttpRequest,
    membership: Membership,
    network: Network,
    extra: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    taken = tracking.slots_in_use(membership.workspace)
    keys = provided(membership.workspace, installation=settings.NETWORK_KEYS, now=timezone.now())
    context = _choices(membership, network) | {
        "following": following(membership.workspace, network),
        "tabs": [(other, _address(membership, other), taken[other.key]) for other in NETWORKS.values()],
        "role": request.GET.get("role", Role.COMPETITOR),
        "preview_id": PREVIEW,
        "silent": GIVE_NOTHING.values(),
        "key": keys[network.key][0].value,
        "key_sentence": keys[network.key][1],
    }
    return page(request, membership, "web/competitors/page.html", context | (extra or {}), status=status)


def _choices(membership: Membership, network: Network) -> dict[str, Any]:
    """What the form for saving offers."""
    return {
        "network": network,
        "industries": INDUSTRIES.items(),
        "brands": sorted(set(Brand.objects.of(membership.workspace).values_list("name", flat=True))),
        "roles": Role.choices,
    }


def _address(membership: Membership, network: Network) -> str:
    return f"{reverse('web:competitors', args=[membership.workspace.slug])}?network={network.key}"
