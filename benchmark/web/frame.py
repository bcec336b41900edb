"""What stands around a page of a workspace: the rail with its networks and slots, and the ribbon of pretend data.

And what the page of keys shows beside them, which rests on more than accounts know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership, Workspace
from benchmark.ingest.keys import left_of
from benchmark.models import COMPETITOR_LIMIT, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network


@dataclass(frozen=True, slots=True)
class Followed:
    """A network as the rail shows it: how many competitors and own accounts are followed there."""

    network: Network
    competitors: int
    own: int
    pretend: bool
    url: str
    limit: int = COMPETITOR_LIMIT

    @property
    def free(self) -> int:
        return self.limit - self.competitors


@dataclass(frozen=True, slots=True)
class Frame:
    """The rail of one workspace."""

    workspace: Workspace
    networks: tuple[Followed, ...]

    @property
    def pretend(self) -> bool:
        """Whether anything on these pages is made up for the demo."""
        return any(followed.pretend for followed in self.networks)


def followed_networks(workspace: Workspace, *, kept: str = "") -> tuple[Followed, ...]:
    """The networks on which the workspace follows somebody, in the order of their declarations; one query."""
    counted = (
        TrackedProfile.objects.of(workspace)
        .current()
        .order_by()
        .values("network")
        .annotate(
            competitors=Count("id", filter=Q(role=Role.COMPETITOR)),
            own=Count("id", filter=Q(role=Role.OWN)),
            pretend=Count("id", filter=Q(profile__pretend=True)),
        )
    )
    rows = {row["network"]: row for row in counted}
    return tuple(
        Followed(
            network=network,
            competitors=rows[key]["competitors"],
            own=rows[key]["own"],
            pretend=bool(rows[key]["pretend"]),
            url=reverse("web:compare", args=[workspace.slug, key]) + kept,
        )
        for key, network in NETWORKS.items()
        if key in rows
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """For templates: the frame of the current workspace, asked for when it is shown, or None outside of one."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {"frame": None}
    workspace = membership.workspace
    return {
        "frame": SimpleLazyObject(lambda: _frame(request, workspace)),
        "left_of_keys": SimpleLazyObject(lambda: left_of_keys(workspace, now=timezone.now())),
    }


def left_of_keys(workspace: Workspace, *, now: datetime) -> dict[int, str]:
    """What is left to each network key of the workspace, in sentences by its row."""
    keys = [key for key in workspace.credentials.all() if key.network in NETWORKS]
    left = left_of([(NETWORKS[key.network], key.fingerprint) for key in keys], now=now)
    return {key.pk: told for key, told in zip(keys, left, strict=True)}


def _frame(request: HttpRequest, workspace: Workspace) -> Frame:
    return Frame(workspace=workspace, networks=followed_networks(workspace, kept=_kept(request)))


def _kept(request: HttpRequest) -> str:
    """The period and the definition stay when the page changes."""
    kept = request.GET.copy()
    for name in set(kept) - {"period", "start", "end", "rate"}:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
