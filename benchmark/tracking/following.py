"""Adding, pausing, removing and bringing back what a workspace follows: the rules that all doors share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import Brand, Profile, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.tracking import refusals
from benchmark.tracking.brands import brand_for
from benchmark.tracking.looking_up import Found, look_up, standing
from benchmark.tracking.recognising import recognise
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import free_slots, save_in_free_slot, stand_in_line

MOST_LINES = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LineResult:
    """What came of one pasted line: a followed profile, or the reason why not."""

    line: int
    text: str
    tracked: TrackedProfile | None = None
    refusal: TrackingRefused | None = None


def track(
    workspace: Workspace,
    network: str | None,
    text: str,
    *,
    by: ingest.By,
    door: ingest.Door,
    now: datetime,
    role: str = Role.COMPETITOR,
    brand: Brand | str | None = None,
    industry: str = "",
    group: str = "",
) -> TrackedProfile:
    """Follow the profile that somebody pasted, as a competitor in a free place or as an own account.

    The network is asked outside any transaction; nothing is saved where it or a rule says no (`TrackingRefused`).
    A profile that was removed comes back with its history; one that a file brought goes on in the same row.
    """
    as_role = known_role(role)
    refuse_without_asking(workspace, *recognise(text, network), as_role)
    found = look_up(workspace, network, text, door=door, now=now)
    return follow(workspace, found, role=as_role, by=by, brand=brand, industry=industry, group=group, now=now)


def track_many(
    workspace: Workspace,
    network: str | None,
    lines: Iterable[str],
    *,
    by: ingest.By,
    door: ingest.Door,
    now: datetime,
    role: str = Role.COMPETITOR,
    brand: Brand | str | None = None,
    industry: str = "",
    group: str = "",
) -> list[LineResult]:
    """Follow many at once: one result for each line that says something, whatever becomes of the others."""
    pasted = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(pasted) > MOST_LINES:
        raise refusals.too_many_lines(MOST_LINES)
    results = []
    for number, line in pasted:
        try:
            tracked = track(
                workspace,
                network,
                line,
                by=by,
                door=door,
                now=now,
                role=role,
                brand=brand,
                industry=industry,
                group=group,
            )
            results.append(LineResult(number, line, tracked=tracked))
        except TrackingRefused as refusal:
            results.append(LineResult(number, line, refusal=refusal))
    return results


def known_role(role: str) -> Role:
    """The role of this name. Raises `TrackingRefused` where there is none."""
    if role not in Role.values:
        raise refusals.unknown_role(role)
    return Role(role)


def refuse_without_asking(workspace: Workspace, network: Network, reference: str, role: Role) -> None:
    """Say no where the answer is known already, so that the network is not asked in vain."""
    same = Q(profile__handle=reference) | Q(profile__external_id=reference)
    known = TrackedProfile.objects.of(workspace).filter(same, network=network.key)
    if not network.fetchable:
        tracked = known.current().select_related("profile", "brand").first()
        raise refusals.already_tracked(tracked) if tracked else refusals.not_fetchable(network)
    if role is Role.COMPETITOR and not known.exists() and not free_slots(workspace, network.key):
        raise refusals.limit_reached(network)


@transaction.atomic
def follow(
    workspace: Workspace,
    found: Found,
    *,
    role: Role,
    by: ingest.By,
    now: datetime,
    brand: Brand | str | None = None,
    industry: str = "",
    group: str = "",
) -> TrackedProfile:
    """Follow a profile that was looked up, and keep what the look-up has shown as its first reading."""
    stand_in_line(workspace)
    record = found.record
    tracked = standing(workspace, found.network, ids=[record.external_id], handles=[record.handle])
    if tracked is not None and tracked.removed_at is None and (tracked.role != role or is_fetched(tracked)):
        raise refusals.already_tracked(tracked)
    profile = ingest.store_profile(
        found.network, record, read_at=found.read_at, pretend=found.pretend, picture=found.picture
    )
    known = tracked.brand if tracked is not None and tracked.role == role else None
    tracked = tracked or TrackedProfile(workspace=workspace, network=found.network.key)
    meet(tracked, profile)
    tracked.brand = brand_for(
        workspace, role, wanted=brand or known, named=record.name or record.handle, industry=industry, group=group
    )
    tracked.paused_at = None
    start(tracked, role=role, network=found.network, now=now)
    log.info("profile followed", workspace=workspace.slug, network=found.network.key, profile=profile.pk, by=str(by))
    return tracked


def is_fetched(tracked: TrackedProfile) -> bool:
    """Whether what is followed comes from the network, as against a file."""
    return tracked.profile.workspace_id is None


def meet(tracked: TrackedProfile, profile: Profile) -> None:
    """Let a row follow the fetched profile; a file's profile that it followed until now stays beside it."""
    if not tracked._state.adding and not is_fetched(tracked):
        tracked.file_profile = tracked.profile
        know_by_id(tracked.file_profile, profile.external_id)
    tracked.profile = profile


def know_by_id(file_profile: Profile, external_id: str) -> None:
    """Let a file's profile be known by its network's id from now on, because a handle may change."""
    if file_profile.external_id != external_id:
        file_profile.external_id = external_id
        file_profile.save(update_fields=["external_id"])


def start(tracked: TrackedProfile, *, role: Role, network: Network, now: datetime) -> None:
    """Make a row a current one, and let the worker begin with its profile unless it has been read before."""
    if not tracked._state.adding and tracked.removed_at is None and tracked.role == role:
        tracked.save()
    else:
        tracked.role, tracked.removed_at, tracked.paused_at = role, None, None
        save_in_free_slot(tracked, network)
    if tracked.profile.history_to is None:
        request(tracked, now=now)


@transaction.atomic
def pause(tracked: TrackedProfile, *, now: datetime) -> TrackedProfile:
    """Stop reading a profile for this workspace; its place and its history stay."""
    stand_in_line(tracked.workspace)
    tracked.refresh_from_db()
    if tracked.removed_at is not None:
        raise refusals.removed(tracked)
    if tracked.paused_at is None:
        tracked.paused_at = now
        tracked.save(update_fields=["paused_at", "changed_at"])
    return tracked


@transaction.atomic
def resume(tracked: TrackedProfile, *, now: datetime) -> TrackedProfile:
    """Go on reading a paused profile, beginning now."""
    stand_in_line(tracked.workspace)
    tracked.refresh_from_db()
    if tracked.removed_at is not None:
        raise refusals.removed(tracked)
    if tracked.paused_at is not None:
        tracked.paused_at = None
        tracked.save(update_fields=["paused_at", "changed_at"])
        request(tracked, now=now)
    return tracked


@transaction.atomic
def remove(tracked: TrackedProfile, *, now: datetime) -> TrackedProfile:
    """Hide a profile and free its place; its history stays for the day it is brought back."""
    stand_in_line(tracked.workspace)
    tracked.refresh_from_db()
    if tracked.removed_at is None:
        tracked.removed_at, tracked.slot = now, None
        tracked.save(update_fields=["removed_at", "slot", "changed_at"])
    return tracked


@transaction.atomic
def bring_back(tracked: TrackedProfile, *, now: datetime) -> TrackedProfile:
    """Follow a removed profile again, with its history. A competitor needs a free place."""
    stand_in_line(tracked.workspace)
    tracked.refresh_from_db()
    if tracked.removed_at is not None:
        tracked.removed_at = tracked.paused_at = None
        save_in_free_slot(tracked, NETWORKS[tracked.network])
        request(tracked, now=now)
    return tracked


def fetch_now(tracked: TrackedProfile, *, now: datetime) -> TrackedProfile:
    """Let the worker read a followed profile with its next tick."""
    if tracked.removed_at is not None:
        raise refusals.removed(tracked)
    if not is_fetched(tracked):
        raise refusals.from_a_file(tracked)
    request(tracked, now=now)
    return tracked


def request(tracked: TrackedProfile, *, now: datetime) -> None:
    """Let the worker read a profile soon, where there is a network to read it from."""
    if is_fetched(tracked):
        ingest.request(tracked.profile, now=now)
        tracked.profile.due_at = now
