"""What readers are told where the report has a code: states, remedies, marks and names of counts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as named

from benchmark.metrics import BASES, CHANGE_BASES, REASONS, Unit
from benchmark.models import standing

# A figure that was simply measured carries no mark.
MARKS = {"published_views": "v", "backfilled": "b", "fewer_parts": "p", "estimated": "e"}

ACTIONS: dict[str, Any] = {
    "fetch-now": gettext_lazy("Fetch now"),
    "pause": gettext_lazy("Pause"),
    "resume": gettext_lazy("Resume"),
    "remove": gettext_lazy("Remove"),
    "bring-back": gettext_lazy("Bring back"),
}

COUNT_NAMES: dict[str, Any] = {
    "reactions": named("of a post", "Reactions"),
    "comments": named("of a post", "Comments"),
    "shares": named("of a post", "Shares"),
    "quotes": named("of a post", "Quotes"),
    "saves": named("of a post", "Saves"),
    "views": named("of a post", "Views"),
}

PUBLISHED_NAMES = COUNT_NAMES | {
    "followers": named("of a profile", "Followers"),
    "following": named("of a profile", "Following"),
    "posts": named("of a profile", "Number of posts"),
}


def state_name(state: str) -> str:
    return str(standing.NAMES.get(state, state))


def remedy_name(remedy: str | None) -> str:
    return str(standing.REMEDIES.get(remedy or "", ""))


def action_name(action: str) -> str:
    return str(ACTIONS[action])


def reason_name(reason: str | None) -> str:
    return str(REASONS.get(reason or "", _("Not available.")))


def basis_name(basis: str) -> str:
    return str(BASES.get(basis, basis))


def basis_mark(basis: str | None) -> str:
    return MARKS.get(basis or "", "")


def change_basis(basis: str) -> str:
    return str(CHANGE_BASES.get(basis, basis))


def count_name(key: str) -> str:
    return str(COUNT_NAMES[key])


def unit_head(unit: str) -> str:
    """The unit as a column's head shows it; plain counts need none."""
    return "%" if unit == Unit.PERCENT else ""
