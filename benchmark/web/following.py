"""What a workspace follows on one network, as its page shows it: twenty places, own accounts, and those removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import Workspace
from benchmark.models import COMPETITOR_LIMIT, Avatar, Role, TrackedProfile
from benchmark.models.standing import standing_of
from benchmark.networks.base import Network
from benchmark.web.words import remedy_name, state_name


@dataclass(frozen=True, slots=True)
class Shown:
    """A followed or removed profile, how reading it stands, and what may be done with it."""

    tracked: TrackedProfile
    avatar_url: str | None
    state: str
    state_name: str
    sentence: str
    remedy: str
    actions: tuple[str, ...]

    @property
    def failing(self) -> bool:
        return bool(self.remedy)

    @property
    def next_at(self) -> datetime | None:
        """When it is read next; None for what nobody reads."""
        return None if self.state in {"removed", "paused", "file"} else self.tracked.profile.due_at


@dataclass(frozen=True, slots=True)
class Following:
    own: tuple[Shown, ...]
    places: tuple[tuple[int, Shown | None], ...]
    removed: tuple[Shown, ...]

    @property
    def competitors(self) -> tuple[Shown, ...]:
        return tuple(shown for __, shown in self.places if shown is not None)

    @property
    def free(self) -> int:
        return sum(shown is None for __, shown in self.places)


def following(workspace: Workspace, network: Network) -> Following:
    """Everything followed, or once followed, on the network; two queries however many there are."""
    rows = TrackedProfile.objects.of(workspace).filter(network=network.key).select_related("profile", "brand")
    pictured = Avatar.objects.filter(profile__tracked__workspace=workspace, profile__network=network.key)
    with_avatar = set(pictured.values_list("pk", flat=True))
    shown = [
        shown_profile(tracked, has_avatar=tracked.profile_id in with_avatar) for tracked in rows.order_by("slot", "id")
    ]
    by_slot = {one.tracked.slot: one for one in shown if one.tracked.slot is not None}
    return Following(
        own=_with(shown, role=Role.OWN, removed=False),
        places=tuple((slot, by_slot.get(slot)) for slot in range(1, COMPETITOR_LIMIT + 1)),
        removed=tuple(one for one in shown if one.tracked.removed_at is not None),
    )


def _with(shown: Sequence[Shown], *, role: Role, removed: bool) -> tuple[Shown, ...]:
    return tuple(one for one in shown if one.tracked.role == role and (one.tracked.removed_at is not None) == removed)


def shown_profile(tracked: TrackedProfile, *, has_avatar: bool) -> Shown:
    """One row; its state is the workspace's own (removed, paused) before the profile's."""
    state = state_of(tracked)
    remedy = remedy_name(state)
    return Shown(
        tracked=tracked,
        avatar_url=reverse("web:avatar", args=[tracked.profile_id]) if has_avatar else None,
        state=state,
        state_name=state_name(state),
        sentence=tracked.profile.state_sentence if remedy else "",
        remedy=remedy,
        actions=_actions(tracked),
    )


def state_of(tracked: TrackedProfile) -> str:
    """How reading it stands, as a key of `standing.NAMES`."""
    return standing_of(
        removed_at=tracked.removed_at,
        paused_at=tracked.paused_at,
        from_file=tracked.profile.workspace_id is not None,
        history_to=tracked.profile.history_to,
        state=tracked.profile.state,
    )


def _actions(tracked: TrackedProfile) -> tuple[str, ...]:
    if tracked.removed_at is not None:
        return ("bring-back",)
    if tracked.profile.workspace_id is not None:
        return ("remove",)
    if tracked.paused_at is not None:
        return ("resume", "remove")
    return ("fetch-now", "pause", "remove")
