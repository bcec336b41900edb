"""The first page: whom the workspace follows, what went wrong and what to do about it, and whether the machine runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin_site import Seat, seat_of
from accounts.models import Credential, Workspace
from accounts.vault import fingerprint
from benchmark.admin.ledger import remedy_of
from benchmark.ingest.allowances import said
from benchmark.ingest.keys import A_MONTH, window_of
from benchmark.models import COMPETITOR_LIMIT, FetchRun, Outcome, Profile, Role, Spend, State, TrackedProfile
from benchmark.networks import NETWORKS, Network
from tasks.pulse import pulse

A_DAY = timedelta(days=1)
LATE = timedelta(minutes=15)
MOST_FAILURES = 8
LOOKED_AT = 400
NEEDING = Q(profile__state__in=[State.NEEDS_ATTENTION, State.GONE], paused_at=None)


@dataclass(frozen=True, slots=True)
class FollowedOn:
    """How many are followed on a network."""

    network: Network
    competitors: int
    own: int
    needing: int
    url: str
    requests: float | None  # of a profile and day, over the last week
    limit: int = COMPETITOR_LIMIT


@dataclass(frozen=True, slots=True)
class Failure:
    """The newest of the runs that failed alike, and how many they are."""

    run: FetchRun
    remedy: Any
    times: int
    url: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What a key has used of its day or month."""

    network: Network
    whose: str
    used: int
    limit: int

    @property
    def percent(self) -> int:
        return round(100 * self.used / self.limit) if self.limit else 100

    @property
    def shown(self) -> dict[str, Any]:
        """The same as people count it: cents, where they are counted in parts of a cent."""
        quota = self.network.quota
        per, unit = (quota.shown_per, _(quota.unit)) if quota else (1, "")
        return {"used": self.used / per, "limit": self.limit / per, "unit": unit}


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Everything that the first page shows, in a number of queries that does not grow."""
    seat, now = seat_of(request), timezone.now()
    if seat is None or seat.workspace is None:
        return context
    return context | {
        "title": seat.workspace.name,
        "pulse": pulse(now=now),
        "followed": followed_on(seat.workspace, now=now),
        "due": due(seat.workspace, now=now),
        "overdue_everywhere": overdue_everywhere(now=now) if seat.user.is_superuser else None,
        "failures": failures(seat.workspace, now=now),
        "spent": spent(seat, now=now),
        "said": said_to_keys(seat, now=now),
        "now": now,
    }


def followed_on(workspace: Workspace, *, now: datetime) -> list[FollowedOn]:
    """Every network with who is followed there, and what reading them costs."""
    counts = {"competitors": Q(role=Role.COMPETITOR), "own": Q(role=Role.OWN), "needing": NEEDING}
    rows = TrackedProfile.objects.of(workspace).current().order_by().values("network")
    counted = rows.annotate(**{name: Count("id", filter=which) for name, which in counts.items()})
    by_network: dict[str, dict[str, Any]] = {row["network"]: dict(row) for row in counted}
    url = reverse("admin:benchmark_competitor_changelist")
    theirs = Profile.objects.filter(tracked__in=TrackedProfile.objects.of(workspace).current())
    requests = FetchRun.objects.requests_a_day(theirs, now=now)
    return [
        FollowedOn(
            network=network,
            url=f"{url}?network={key}",
            requests=requests.get(key),
            **{name: by_network.get(key, {}).get(name, 0) for name in counts},
        )
        for key, network in NETWORKS.items()
    ]


def due(workspace: Workspace, *, now: datetime) -> int:
    """How many of the workspace's profiles wait to be read."""
    followed = TrackedProfile.objects.of(workspace).filter(removed_at=None, paused_at=None)
    return followed.filter(profile__workspace=None, profile__due_at__lte=now).count()


def overdue_everywhere(*, now: datetime) -> int:
    """How many profiles of the whole installation have waited longer than they should."""
    return Profile.objects.fetched().followed().filter(due_at__lt=now - LATE).count()


def failures(workspace: Workspace, *, now: datetime) -> list[Failure]:
    """What went wrong within a day, the same trouble of the same profile once."""
    runs = FetchRun.objects.visible_to(workspace).filter(finished_at__gt=now - A_DAY).exclude(outcome=Outcome.DONE)
    alike: dict[tuple[int | None, str, str], list[FetchRun]] = {}
    for run in runs.select_related("profile")[:LOOKED_AT]:
        alike.setdefault((run.profile_id, run.code, run.source), []).append(run)
    return [
        Failure(
            run=runs[0],
            remedy=remedy_of(runs[0]),
            times=len(runs),
            url=reverse("admin:benchmark_fetchrun_change", args=[runs[0].pk]),
        )
        for runs in list(alike.values())[:MOST_FAILURES]
    ]


def spent(seat: Seat, *, now: datetime) -> list[Spent]:
    """What keys have used of their day or month: the workspace's, and the installation's for whoever runs it."""
    names = {key: name for _network, key, name in named_keys(seat)}
    rows = Spend.objects.filter(fingerprint__in=names, window__gte=(now - A_MONTH).date()).order_by("network", "pk")
    return [
        Spent(network, names[row.fingerprint], used=row.used, limit=row.limit)
        for row in rows
        if (network := NETWORKS.get(row.network))
        and network.quota is not None
        and row.window == window_of(network.quota, now)
    ]


def said_to_keys(seat: Seat, *, now: datetime) -> list[tuple[str, str]]:
    """What networks themselves said last is left: the name of a key, and the sentence."""
    names = {(network, key): name for network, key, name in named_keys(seat) if network in NETWORKS}
    told = said([(NETWORKS[network], key) for network, key in names], servers={}, now=now)
    return [(name, sentence) for name, sentence in zip(names.values(), told, strict=True) if sentence]


def named_keys(seat: Seat) -> Iterable[tuple[str, str, str]]:
    """The keys that somebody may know of: network, fingerprint and name."""
    shared = Q(workspace=None) if seat.user.is_superuser else Q(pk=None)
    for key in Credential.objects.filter(Q(workspace=seat.workspace) | shared).select_related("workspace"):
        yield key.network, key.fingerprint, key.name or (key.workspace.name if key.workspace else "")
    if seat.user.is_superuser:
        yield from (
            (network, fingerprint(network, secret), "") for network, secret in settings.NETWORK_KEYS.items() if secret
        )
