"""What readers are told where the report has a code: states, remedies, marks and names of counts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import pgettext_lazy as named

from benchmark.comparison import Verdict
from benchmark.metrics import BASES, CHANGE_BASES, REASONS, Unit
from benchmark.models import standing
from benchmark.reports.figures import percent

# A figure that was simply measured carries no mark.
MARKS = {"published_views": "v", "backfilled": "b", "fewer_parts": "p", "estimated": "e"}

ACTIONS: dict[str, Any] = {
    "fetch-now": gettext_lazy("Fetch now"),
    "pause": gettext_lazy("Pause"),
    "resume": gettext_lazy("Resume"),
    "remove": gettext_lazy("Remove"),
    "bring-back": gettext_lazy("Bring back"),
}

VERDICTS: dict[str, Any] = {
    Verdict.AHEAD: gettext_lazy("ahead"),
    Verdict.BEHIND: gettext_lazy("behind"),
    Verdict.LEVEL: gettext_lazy("level"),
    Verdict.TOO_CLOSE: gettext_lazy("too close to call"),
    Verdict.NOT_ENOUGH_POSTS: gettext_lazy("not enough posts"),
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


def verdict_told(verdict: str, chance: float | None) -> str:
    """A verdict with how sure it is: the chance that ours is truly the better figure."""
    name = str(VERDICTS[verdict])
    if chance is None:
        return name
    text = percent(100 * chance) if 0.001 <= chance <= 0.999 else "0.1" if chance < 0.5 else "99.9"
    sign = "" if 0.001 <= chance <= 0.999 else "<" if chance < 0.5 else ">"
    return _("%(verdict)s (%(sign)s%(chance)s\N{NO-BREAK SPACE}%%)") % {"verdict": name, "sign": sign, "chance": text}


def count_name(key: str) -> str:
    return str(COUNT_NAMES[key])


def unit_head(unit: str) -> str:
    """The unit as a column's head shows it; plain counts need none."""
    return "%" if unit == Unit.PERCENT else ""


def growing_name(key: str) -> str:
    """A count of which a young post's final one is told."""
    return _("Engagements") if key == "engagements" else count_name(key)


def age_name(hours: int | None) -> str:
    """The age of a post at a checkpoint."""
    if hours is None:
        return ""
    if hours < 72:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}
