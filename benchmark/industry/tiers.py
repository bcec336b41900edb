"""Follower tiers: profiles of about one size."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TIERS: tuple[tuple[str, int], ...] = (  # a tier, and the number of followers from which the next one begins
    ("0-1k", 1_000),
    ("1k-10k", 10_000),
    ("10k-100k", 100_000),
    ("100k-1m", 1_000_000),
)
ABOVE = "1m+"

IN_NUMBERS = re.compile(r"(\d+)([km]?)(?:-(\d+)([km]?)|(\+))")
TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


def tier_of(followers: float) -> str:
    """The tier of a profile with so many followers."""
    return next((tier for tier, until in TIERS if followers < until), ABOVE)


def holds(tier: str, followers: float) -> bool:
    """Whether a profile of this size belongs to a tier, ours or a publisher's; nobody does where it has no numbers."""
    ends = _ends(tier)
    return ends is not None and ends[0] <= followers < ends[1]


def tier_name(tier: str) -> str:
    """`10,000 to 50,000 followers`; what is no range of numbers stays as its publisher wrote it."""
    return _tier_name(tier, get_language())


@lru_cache(maxsize=1024)  # by tier and language: a report asks for few of them, and often
def _tier_name(tier: str, _language: str | None) -> str:
    ends = _ends(tier)
    if ends is None:
        return tier
    low, high = (number_format(end, decimal_pos=0, force_grouping=True) for end in ends)
    if ends[1] == float("inf"):
        return _("%(low)s followers or more") % {"low": low}
    if ends[0] == 0:
        return _("fewer than %(high)s followers") % {"high": high}
    return _("%(low)s to %(high)s followers") % {"low": low, "high": high}


def _ends(tier: str) -> tuple[float, float] | None:
    """Where a tier begins, and where the next one does."""
    found = IN_NUMBERS.fullmatch(tier)
    if found is None:
        return None
    low, low_times, high, high_times, open_end = found.groups()
    top = float("inf") if open_end else int(high) * TIMES[high_times]
    return float(int(low) * TIMES[low_times]), float(top)
