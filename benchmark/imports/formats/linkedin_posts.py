"""Posts of a company page out of LinkedIn (Analytics, Content, Export), once its workbook was saved as .xlsx or CSV."""

from __future__ import annotations

from benchmark.imports.base import Format, Holds, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import id_needed
from benchmark.imports.times import MONTH_DAY_YEAR
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

KINDS = {"video": Kind.VIDEO, "image": Kind.PHOTO, "article": Kind.LINK, "poll": Kind.POLL, "document": Kind.OTHER}


def parse(row: Cells) -> PostRow:
    """A row of the sheet “All posts” becomes a record; the id stands in the link."""
    link, text = row.address("link"), row.text("text")
    return PostRow(
        line=row.line,
        post=PostRecord(
            external_id=id_needed(link, column=row.called("link")),
            url=link,
            published_at=row.moment("published_at", MONTH_DAY_YEAR, example="03/18/2025"),
            kind=KINDS.get(row.text("kind").lower(), Kind.OTHER),
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
            views=row.count("views"),
        ),
        impressions=row.count("impressions"),
    )


LINKEDIN_POSTS = Format(
    key="linkedin_posts",
    label=gettext_noop("LinkedIn page analytics: posts"),
    holds=Holds.POSTS,
    network="linkedin",
    needs=frozenset({"link", "published_at", "impressions", "reactions"}),
    columns={
        "text": ("post title",),
        "link": ("post link",),
        "published_at": ("created date",),
        "kind": ("content type",),
        "impressions": ("impressions",),
        "views": ("views (excluding offsite video views)", "views"),
        "reactions": ("likes",),
        "comments": ("comments",),
        "shares": ("reposts",),
    },
    fields={"url": "link", "hashtags": "text"},
    zone_known=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("It has the day of publishing without a time."),),
)
