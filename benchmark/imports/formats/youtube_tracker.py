"""Videos and daily counts of many YouTube channels, as a tracker of the public API writes them."""

from __future__ import annotations

from benchmark.imports.base import (
    FollowersRow,
    Format,
    Holds,
    Owner,
    PostRow,
    another_time,
    same_post,
    same_reading,
)
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop


def owner_of(row: Cells) -> Owner:
    """The channel of a row; titles change, ids do not."""
    channel = row.identity("channel")
    return Owner(key=channel, id=channel, name=row.text("name"))


def video(row: Cells) -> PostRow:
    """A row becomes a record, with the moment at which it was counted."""
    video_id, text = row.identity("id"), row.text("text")
    return PostRow(
        line=row.line,
        owner=owner_of(row),
        counted_at=row.moment("counted_at"),
        post=PostRecord(
            external_id=video_id,
            url=f"https://www.youtube.com/watch?v={video_id}",
            published_at=row.moment("published_at"),
            kind=Kind.VIDEO,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            views=row.count("views"),
        ),
    )


def day(row: Cells) -> FollowersRow:
    """A channel's day becomes a reading."""
    followers = row.count("followers")
    if followers is None:
        raise row.blank("followers")
    return FollowersRow(
        line=row.line,
        owner=owner_of(row),
        read_at=row.moment("time"),
        followers=followers,
        posts=row.count("posts"),
    )


YOUTUBE_TRACKER_VIDEOS = Format(
    key="youtube_tracker_videos",
    label=gettext_noop("Videos of many YouTube channels, by a tracker"),
    holds=Holds.POSTS,
    network="youtube",
    needs=frozenset({"counted_at", "channel", "id", "published_at", "views"}),
    columns={
        "counted_at": ("snapshot_utc",),
        "channel": ("channel_id",),
        "name": ("channel_title",),
        "id": ("video_id",),
        "published_at": ("published_at",),
        "text": ("title",),
        "views": ("view_count",),
        "reactions": ("like_count",),
        "comments": ("comment_count",),
    },
    fields={"url": "id", "hashtags": "text"},
    always=frozenset({"kind"}),
    whole=False,
    parse=video,
    same=same_post,
    disagree=another_time,
    notes=(
        gettext_noop(
            "It holds the latest and the most viewed videos of each channel: averages over all of them are too high."
        ),
    ),
)

YOUTUBE_TRACKER_DAYS = Format(
    key="youtube_tracker_days",
    label=gettext_noop("Subscribers of many YouTube channels by day, by a tracker"),
    holds=Holds.FOLLOWERS,
    network="youtube",
    needs=frozenset({"time", "channel", "followers"}),
    columns={
        "time": ("date_utc",),
        "channel": ("channel_id",),
        "name": ("channel_title",),
        "followers": ("subscribers",),
        "posts": ("videos",),
    },
    parse=day,
    same=same_reading,
)
