"""Followers as plain CSV: who had how many, when (docs/imports.md)."""

from __future__ import annotations

from benchmark.imports.base import LONGEST_ID, BadRow, Cells, FollowersRow, Format, Holds


def parse(row: Cells) -> FollowersRow:
    """A row of the documented columns becomes a reading. One without followers says nothing."""
    followers = row.count("followers")
    if followers is None:
        raise BadRow("followers is blank")
    return FollowersRow(
        line=row.line,
        profile=row.needed("profile", longest=LONGEST_ID),
        read_at=row.moment("time"),
        followers=followers,
        following=row.count("following"),
        posts=row.count("posts"),
    )


PLAIN_FOLLOWERS = Format(
    key="plain_followers",
    label="Followers as plain CSV",
    holds=Holds.FOLLOWERS,
    needs=frozenset({"profile", "time", "followers"}),
    fields={name: name for name in ("followers", "following", "posts")},
    parse=parse,
    same=lambda row: (row.profile.casefold(), row.read_at),
)
