"""The twenty places that a workspace has for competitors on each network."""

from __future__ import annotations

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import Count

from accounts.models import Workspace
from benchmark.models import COMPETITOR_LIMIT, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.tracking import refusals

PLACE_TAKEN = "one_competitor_per_slot"


def stand_in_line(workspace: Workspace) -> None:
    """Let one at a time change what a workspace follows, until the transaction ends.

    The limit is the database's and holds without this. Standing in line makes every answer the right one: the lowest
    free place is still free when it is taken, and nobody who waited is told of a conflict.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def free_slots(workspace: Workspace, network: str) -> list[int]:
    """The places that are free for competitors on a network, lowest first."""
    rows = TrackedProfile.objects.of(workspace).filter(network=network, slot__isnull=False)
    taken = set(rows.values_list("slot", flat=True))
    return [slot for slot in range(1, COMPETITOR_LIMIT + 1) if slot not in taken]


def slots_in_use(workspace: Workspace) -> dict[str, int]:
    """How many of the twenty places are taken, for every network."""
    rows = TrackedProfile.objects.of(workspace).filter(slot__isnull=False)
    taken = dict(rows.values_list("network").annotate(Count("id")).order_by())
    return {network: taken.get(network, 0) for network in NETWORKS}


def save_in_free_slot(tracked: TrackedProfile, network: Network) -> None:
    """Save a current row: a competitor in the lowest free place, an own account in none.

    Raises `TrackingRefused` where no place is free. A place that somebody took around this code is passed over.
    """
    if tracked.role == Role.OWN:
        tracked.slot = None
        tracked.save()
        return
    for slot in free_slots(tracked.workspace, network.key):
        tracked.slot = slot
        if saved(tracked):
            return
    raise refusals.limit_reached(network)


def saved(tracked: TrackedProfile) -> bool:
    """Save, unless the place has been taken in the meantime."""
    try:
        with transaction.atomic():
            tracked.save()
    except IntegrityError as error:
        if constraint_of(error) != PLACE_TAKEN:
            raise
        return False
    return True


def constraint_of(error: IntegrityError) -> str | None:
    """The rule of the database that a statement broke."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
