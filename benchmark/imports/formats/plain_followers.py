"""Followers as plain CSV: who had how many, when (docs/imports.md)."""

from __future__ import annotations

from benchmark.imports.base import FollowersRow, Format, Holds, Owner, same_reading
from benchmark.imports.cells import LONGEST_ID, Cells
from benchmark.sentences import gettext_noop


def parse(row: Cells) -> FollowersRow:
    """A row of the documented columns becomes a reading. One without followers says nothing."""
    followers = row.count("followers")
    if followers is None:
        raise row.blank("followers")
    profile = row.needed("profile", longest=LONGEST_ID)
    return FollowersRow(
        line=row.line,
        owner=Owner(key=profile.casefold(), handle=profile),
        read_at=row.moment("time"),
        followers=followers,
        following=row.count("following"),
        posts=row.count("posts"),
    )


PLAIN_FOLLOWERS = Format(
    key="plain_followers",
    label=gettext_noop("Followers as plain CSV"),
    holds=Holds.FOLLOWERS,
    needs=frozenset({"profile", "time", "followers"}),
    knows=frozenset({"following", "posts"}),
    parse=parse,
    same=same_reading,
)
