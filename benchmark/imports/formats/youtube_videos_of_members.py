"""Videos of the channels of a group, listed by member."""

from __future__ import annotations

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop


def parse(row: Cells) -> PostRow:
    """A row becomes a record. The member's name is the list's own: the channel is not in it."""
    video_id, text, member = row.identity("id"), row.text("text"), row.needed("member")
    return PostRow(
        line=row.line,
        owner=Owner(key=member, name=row.text("name")),
        post=PostRecord(
            external_id=video_id,
            url=f"https://www.youtube.com/watch?v={video_id}",
            published_at=row.moment("published_at"),
            kind=Kind.VIDEO,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            views=row.count("views"),
        ),
    )


YOUTUBE_VIDEOS_OF_MEMBERS = Format(
    key="youtube_videos_of_members",
    label=gettext_noop("YouTube videos of a group, by member"),
    holds=Holds.POSTS,
    network="youtube",
    needs=frozenset({"id", "published_at", "views", "member"}),
    columns={
        "id": ("video_id",),
        "text": ("title",),
        "published_at": ("published_at",),
        "views": ("view_count",),
        "reactions": ("like_count",),
        "member": ("member_id",),
        "name": ("member_name",),
    },
    fields={"url": "id", "hashtags": "text"},
    always=frozenset({"kind"}),
    zone_known=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("It has the day of publishing without a time."),),
)
