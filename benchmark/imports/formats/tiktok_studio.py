"""Videos and followers out of TikTok: the business account's exports of content and of its audience."""

from __future__ import annotations

from benchmark.imports.base import FollowersRow, Format, Holds, Owner, PostRow, another_time, same_post, same_reading
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import handle_in, id_needed
from benchmark.imports.times import YEAR_MONTH_DAY
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

NOT_KNOWN = frozenset({"nan", "--"})


def video(row: Cells) -> PostRow:
    """A row of the content becomes a record; the id and the account stand in the link."""
    link, text = row.address("link"), row.text("text")
    post_id = id_needed(link, column=row.called("link"))
    handle = handle_in(link)
    return PostRow(
        line=row.line,
        owner=Owner(key=handle.casefold(), handle=handle) if handle else None,
        post=PostRecord(
            external_id=post_id,
            url=link,
            published_at=row.moment("published_at", YEAR_MONTH_DAY, example="2025/10/31 18:19:10"),
            kind=Kind.PHOTO if "/photo/" in link else Kind.VIDEO,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
            saves=row.count("saves"),
            views=row.count("views"),
        ),
    )


def day(row: Cells) -> FollowersRow | None:
    """A day of the audience becomes a reading; where TikTok shows no total, there is none."""
    followers = row.count("followers")
    if followers is None:
        return None
    return FollowersRow(
        line=row.line, read_at=row.moment("time", YEAR_MONTH_DAY, example="2025/10/31"), followers=followers
    )


TIKTOK_VIDEOS = Format(
    key="tiktok_videos",
    label=gettext_noop("TikTok Studio: content"),
    holds=Holds.POSTS,
    network="tiktok",
    needs=frozenset({"link", "published_at", "views"}),
    columns={
        "text": ("video title",),
        "link": ("video link",),
        "published_at": ("post time",),
        "views": ("video views", "total views"),
        "reactions": ("likes", "total likes"),
        "comments": ("comments", "total comments"),
        "shares": ("shares", "total shares"),
        "saves": ("add to favorites",),
    },
    fields={"url": "link", "kind": "link", "hashtags": "text"},
    blank=NOT_KNOWN,
    parse=video,
    same=same_post,
    disagree=another_time,
)

TIKTOK_AUDIENCE = Format(
    key="tiktok_audience",
    label=gettext_noop("TikTok Studio: audience by day"),
    holds=Holds.FOLLOWERS,
    network="tiktok",
    needs=frozenset({"time", "followers", "new followers"}),
    columns={"time": ("date",), "followers": ("total followers",)},
    blank=NOT_KNOWN,
    parse=day,
    same=same_reading,
)
