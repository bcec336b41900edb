"""How reading a followed profile stands for its workspace, in one word, with what to do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.utils.translation import gettext_lazy as _

from benchmark.models.profile import State

NAMES: dict[str, Any] = {
    "ok": _("Up to date"),
    "waiting": _("Waiting for its first reading"),
    "paused": _("Paused"),
    "file": _("From a file"),
    "try_later": _("Will be tried again"),
    "needs_attention": _("Needs attention"),
    "gone": _("Gone"),
    "removed": _("Removed"),
}

REMEDIES: dict[str, Any] = {
    "try_later": _("Nothing to do: it is tried again by itself."),
    "needs_attention": _("Somebody has to do this; then press “Fetch now”."),
    "gone": _("Its history stays. Remove it to free its place."),
}


def standing_of(
    *,
    removed_at: datetime | None,
    paused_at: datetime | None,
    from_file: bool,
    history_to: datetime | None,
    state: str,
) -> str:
    """The key of `NAMES` for one followed profile: the workspace's own state goes before the profile's."""
    if removed_at is not None:
        return "removed"
    if paused_at is not None:
        return "paused"
    if from_file:
        return "file"
    return "waiting" if state == State.OK and history_to is None else state


def standing() -> Case:
    """The same rule in the database, for each row of `TrackedProfile`."""
    return Case(
        When(removed_at__isnull=False, then=Value("removed")),
        When(paused_at__isnull=False, then=Value("paused")),
        When(profile__workspace__isnull=False, then=Value("file")),
        When(profile__state=State.OK, profile__history_to=None, then=Value("waiting")),
        default=F("profile__state"),
        output_field=CharField(),
    )
