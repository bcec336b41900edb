"""How reading a followed profile stands for its workspace, in one word, with what to do about it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.utils.translation import gettext_lazy as _

from benchmark.models import State

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


def standing() -> Case:
    """The key of `NAMES` for each row of `TrackedProfile`: the workspace's own state goes before the profile's."""
    return Case(
        When(removed_at__isnull=False, then=Value("removed")),
        When(paused_at__isnull=False, then=Value("paused")),
        When(profile__workspace__isnull=False, then=Value("file")),
        When(profile__state=State.OK, profile__history_to=None, then=Value("waiting")),
        default=F("profile__state"),
        output_field=CharField(),
    )
