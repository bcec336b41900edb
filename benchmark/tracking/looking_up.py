"""What is there before anything is saved: the profile as its network shows it, and whether it is followed already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import TrackedProfile
from benchmark.networks.base import Network, NetworkError, ProfileRecord
from benchmark.tracking import refusals
from benchmark.tracking.recognising import recognise


@dataclass(frozen=True, slots=True)
class Found:
    """A profile that its network knows. Nothing about it has been saved.

    `tracked` is the row by which the workspace follows it already, has followed it, or knows it from a file.
    """

    network: Network
    reference: str
    record: ProfileRecord
    read_at: datetime
    picture: bytes | None
    pretend: bool
    tracked: TrackedProfile | None

    @property
    def shown_handle(self) -> str:
        """Its handle as the network writes it."""
        return self.network.shown_handle(self.record.handle)

    @property
    def is_followed(self) -> bool:
        """Whether adding it would be refused: the workspace follows it, and not by a file alone."""
        tracked = self.tracked
        return tracked is not None and tracked.removed_at is None and tracked.profile.workspace_id is None

    @property
    def was_removed(self) -> bool:
        """Whether the workspace has followed it before; its history is still there."""
        return self.tracked is not None and self.tracked.removed_at is not None


def look_up(
    workspace: Workspace, network: str | None, text: str, *, door: ingest.Door, now: datetime, picture: bool = True
) -> Found:
    """Ask the network for the profile that somebody pasted. Raises `TrackingRefused`.

    Saves nothing, except that a profile which a network can no longer be asked for is known by its new handle.
    """
    on, reference = recognise(text, network)
    if not on.fetchable:
        raise refusals.not_fetchable(on)
    pretend = on.is_pretend(reference)
    try:
        record = on.find(door.for_workspace(on, workspace, pretend=pretend), reference)
    except NetworkError as error:
        raise refusals.refused_by(error, on) from error
    ingest.note_rename(on, record, now=now)
    image = door.picture(record.avatar_url, on, pretend=pretend) if picture and record.avatar_url else None
    tracked = standing(workspace, on, ids=[record.external_id], handles=[record.handle])
    return Found(on, reference, record, now, image, pretend, tracked)


def standing(workspace: Workspace, network: Network, *, ids: list[str], handles: list[str]) -> TrackedProfile | None:
    """The row by which a workspace follows or has followed a profile: by its id, or a file's by the handle too.

    A fetched profile is known by its id alone, because a handle may have come to belong to somebody else.
    """
    by_id = Q(profile__external_id__in=ids)
    by_handle = Q(profile__workspace=workspace, profile__handle__in=handles)
    rows = TrackedProfile.objects.of(workspace).filter(by_id | by_handle, network=network.key)
    return min(rows.select_related("profile", "file_profile", "brand"), key=likeness, default=None)


def likeness(tracked: TrackedProfile) -> tuple[bool, bool, int]:
    """Fetched before filed, followed before removed, older before newer."""
    return tracked.profile.workspace_id is not None, tracked.removed_at is not None, tracked.pk
