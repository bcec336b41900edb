"""Follower tiers: profiles of about one size."""

from __future__ import annotations

TIERS: tuple[tuple[str, int], ...] = (  # a tier, and the number of followers from which the next one begins
    ("0-1k", 1_000),
    ("1k-10k", 10_000),
    ("10k-100k", 100_000),
    ("100k-1m", 1_000_000),
)
ABOVE = "1m+"


def tier_of(followers: float) -> str:
    """The tier of a profile with so many followers."""
    return next((tier for tier, until in TIERS if followers < until), ABOVE)
