"""Videos of a Facebook Page out of Meta Business Suite, with hundreds of columns about how long people watched."""

from __future__ import annotations

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.formats.meta_posts import CLOCK, EXAMPLE, NOTES, refuse_days
from benchmark.imports.times import MONTH_DAY_YEAR
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop


def parse(row: Cells) -> PostRow:
    """A row becomes a record. How often a video was shown is not in it, only how often for three seconds or more."""
    refuse_days(row)
    page, text = row.identity("page"), row.text("text")
    return PostRow(
        line=row.line,
        owner=Owner(key=page, id=page, name=row.text("page_name")),
        post=PostRecord(
            external_id=row.identity("id"),
            url="",
            published_at=row.moment("published_at", MONTH_DAY_YEAR, example=EXAMPLE),
            kind=Kind.VIDEO,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
        ),
        reach=row.count("reach"),
    )


META_FACEBOOK_VIDEOS = Format(
    key="meta_facebook_videos",
    label=gettext_noop("Meta Business Suite: Facebook videos"),
    holds=Holds.POSTS,
    network="facebook",
    needs=frozenset({"id", "page", "published_at", "reactions"}),
    columns={
        "id": ("video asset id",),
        "page": ("page id",),
        "page_name": ("page name",),
        "published_at": ("publish time",),
        "text": ("title",),
        "period": ("date",),
        "reach": ("reach",),
        "reactions": ("reactions",),
        "comments": ("comments",),
        "shares": ("shares",),
    },
    fields={"hashtags": "text"},
    always=frozenset({"kind"}),
    zone=CLOCK,
    cut_short=True,
    whole=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(
        *NOTES,
        gettext_noop("It holds the videos alone: posts of other kinds are in the export of posts, under other ids."),
    ),
)
