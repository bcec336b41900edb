"""What readers are told where the report has a code: states, remedies, marks and names of counts."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import pgettext_lazy as named

from benchmark.comparison import Verdict
from benchmark.metrics import BASES, CHANGE_BASES, REASONS, Percentile, Unit
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


# How a published figure puts profiles together.
STATISTICS: dict[str, Any] = {
    "median": gettext_lazy("median"),
    "mean": gettext_lazy("mean"),
    "p10": gettext_lazy("a tenth lies below"),
    "p25": gettext_lazy("a quarter lies below"),
    "p75": gettext_lazy("a quarter lies above"),
    "p90": gettext_lazy("a tenth lies above"),
    "share": gettext_lazy("share of profiles"),
    "assumption": gettext_lazy("a rule of thumb"),
    "not_stated": gettext_lazy("not said how"),
}


UNITS: dict[str, Any] = {
    "per_week": gettext_lazy("per week"),
    "per_day": gettext_lazy("per day"),
    "per_month": gettext_lazy("per month"),
    "per_1000_impressions": gettext_lazy("per 1,000 impressions"),
    "per_thousand_followers": gettext_lazy("per 1,000 followers"),
    "percent_as_printed": gettext_lazy("% as printed"),
    "percent_change": gettext_lazy("% against the year before"),
    "percent_per_month": gettext_lazy("% a month"),
    "percent_per_year": gettext_lazy("% a year"),
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


def place_name(place: Percentile) -> str:
    """Where a figure lies in its cohort, as a person would say it."""
    words = {"n": place.profiles, "percent": number_format(round(place.value))}
    if place.value >= 100:
        return _("the highest of %(n)d profiles") % words
    if place.value <= 0:
        return _("the lowest of %(n)d profiles") % words
    return _("higher than %(percent)s %% of %(n)d profiles") % words


def statistic_name(over_profiles: str) -> str:
    return str(STATISTICS.get(over_profiles, over_profiles))


def unit_name(unit: str) -> str:
    """What a published figure counts, where its sign does not say it."""
    return str(UNITS.get(unit, ""))


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
