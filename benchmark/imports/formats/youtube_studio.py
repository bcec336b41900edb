"""Videos out of YouTube Studio (Advanced mode, Export: “Table data.csv”), with the columns that were picked."""

from __future__ import annotations

import re

from benchmark.imports.base import Format, Holds, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.times import NAMED_MONTH
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)
TOTAL = "total"
CUT = re.compile(r"Showing top [0-9,]+ results", re.IGNORECASE)


def parse(row: Cells) -> PostRow | None:
    """A row becomes a record; the total above and the remark below the table are none."""
    if row.text("id").lower() == TOTAL or CUT.fullmatch(row.text("id")):
        return None
    video = row.identity("id")
    if VIDEO_ID.fullmatch(video) is None:
        raise row.unfit("id", video, gettext_noop("%(column)s %(value)s is no id of a video"))
    text = row.text("text")
    return PostRow(
        line=row.line,
        post=PostRecord(
            external_id=video,
            url=f"https://www.youtube.com/watch?v={video}",
            published_at=row.moment("published_at", NAMED_MONTH, example="May 8, 2020"),
            kind=Kind.VIDEO,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
            views=row.count("views"),
        ),
        impressions=row.count("impressions"),
    )


YOUTUBE_STUDIO = Format(
    key="youtube_studio",
    label=gettext_noop("YouTube Studio: content"),
    holds=Holds.POSTS,
    network="youtube",
    needs=frozenset({"id", "text", "published_at", "views"}),
    columns={
        "id": ("content", "video"),
        "text": ("video title",),
        "published_at": ("video publish time",),
        "reactions": ("likes",),
        "comments": ("comments added", "comments"),
        "shares": ("shares",),
        "views": ("views",),
        "impressions": ("impressions",),
    },
    fields={"url": "id", "hashtags": "text"},
    always=frozenset({"kind"}),
    zone_known=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(
        gettext_noop(
            "Its counts are those of the period that was chosen in Studio: choose Lifetime, or posts look too small."
        ),
        gettext_noop("It has the day of publishing without a time, and at most 500 videos."),
        gettext_noop("Impressions there are showings of the thumbnail."),
    ),
)
