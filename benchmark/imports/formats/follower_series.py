"""Followers as small programs write them that look every hour or every day, for one profile or many."""

from __future__ import annotations

from benchmark.imports.base import FollowersRow, Format, Holds, Owner, same_reading
from benchmark.imports.cells import LONGEST_ID, Cells
from benchmark.sentences import gettext_noop

NETWORKS = {
    "facebook": "facebook", "instagram": "instagram", "tiktok": "tiktok", "x": "x", "twitter": "x",
    "youtube": "youtube", "threads": "threads", "bluesky": "bluesky", "mastodon": "mastodon", "telegram": "telegram",
    "twitch": "twitch", "linkedin": "linkedin", "vk": "vk", "reddit": "reddit",
}  # fmt: skip


def of_one_network(row: Cells) -> FollowersRow:
    """A row becomes a reading: of the profile that it names, or of the one that the file is imported for."""
    handle = row.text("profile", longest=LONGEST_ID)
    return FollowersRow(
        line=row.line,
        owner=Owner(key=handle.casefold(), handle=handle) if handle else None,
        read_at=row.moment("time"),
        followers=followers_of(row),
        following=row.count("following"),
        posts=row.count("posts"),
    )


def of_many_networks(row: Cells) -> FollowersRow:
    """A row of a table that has every network in it."""
    named = row.needed("network")
    network = NETWORKS.get(named.lower())
    if network is None:
        raise row.unfit("network", named, gettext_noop("%(column)s %(value)s is no network that Yardstick knows"))
    handle = row.needed("profile", longest=LONGEST_ID)
    if network == "facebook" and handle.startswith("profile.php"):  # a part of an address, for people without a name
        handle = f"https://www.facebook.com/{handle}"
    return FollowersRow(
        line=row.line,
        network=network,
        owner=Owner(key=handle.casefold(), handle=handle, name=row.text("name")),
        read_at=row.moment("time", text=f"{row.needed('time')} {row.text('clock')}".strip()),
        followers=followers_of(row),
    )


def followers_of(row: Cells) -> int:
    """How many followed. A row that does not say so says nothing."""
    followers = row.count("followers")
    if followers is None:
        raise row.blank("followers")
    return followers


FOLLOWER_SERIES = Format(
    key="follower_series",
    label=gettext_noop("Followers by time"),
    holds=Holds.FOLLOWERS,
    needs=frozenset({"time", "followers"}),
    knows=frozenset({"following", "posts"}),
    columns={"time": ("timestamp",), "profile": ("username",)},
    zone_known=False,
    parse=of_one_network,
    same=same_reading,
)

FOLLOWERS_BY_NETWORK = Format(
    key="followers_by_network",
    label=gettext_noop("Followers by day, profile and network"),
    holds=Holds.FOLLOWERS,
    needs=frozenset({"time", "network", "profile", "followers"}),
    columns={
        "time": ("date",),
        "clock": ("timestamp",),
        "network": ("platform",),
        "profile": ("username",),
        "name": ("idol_name", "name"),
        "followers": ("follower_count",),
    },
    zone_known=False,
    parse=of_many_networks,
    same=same_reading,
)
