"""Posts of Facebook Pages as they were collected for a check of their facts, in September 2016."""

from __future__ import annotations

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells
from benchmark.imports.links import handle_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

KINDS = {"link": Kind.LINK, "video": Kind.VIDEO, "photo": Kind.PHOTO, "text": Kind.TEXT}


def parse(row: Cells) -> PostRow:
    """A row becomes a record. A blank count was not reported."""
    url, page = row.address("url"), row.identity("page")
    return PostRow(
        line=row.line,
        owner=Owner(key=page, id=page, handle=handle_in(url), name=row.text("name")),
        post=PostRecord(
            external_id=row.identity("id"),
            url=url,
            published_at=row.moment("published_at"),
            kind=KINDS.get(row.text("kind").lower(), Kind.OTHER),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
        ),
    )


FACEBOOK_FACT_CHECK_2016 = Format(
    key="facebook_fact_check_2016",
    label=gettext_noop("Facebook page posts, collected for a fact check in 2016"),
    holds=Holds.POSTS,
    network="facebook",
    needs=frozenset({"page", "id", "published_at", "reactions", "comments", "shares"}),
    columns={
        "page": ("account_id",),
        "id": ("post_id",),
        "name": ("page",),
        "url": ("post url",),
        "published_at": ("date published",),
        "kind": ("post type",),
        "reactions": ("reaction_count",),
        "comments": ("comment_count",),
        "shares": ("share_count",),
    },
    zone_known=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("It has the day of publishing without a time."),),
)
