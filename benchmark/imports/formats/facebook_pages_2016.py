"""Posts of public Facebook pages as they were collected in 2016, one file a page (`<page>_facebook_statuses.csv`)."""

from __future__ import annotations

import re

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

CLOCK = "Etc/GMT+5"  # five hours behind UTC all year: the collector's clock knew no daylight saving
STATUS_ID = re.compile(r"([0-9]{1,40})_([0-9]{1,40})")
KINDS = {
    "link": Kind.LINK,
    "photo": Kind.PHOTO,
    "video": Kind.VIDEO,
    "status": Kind.TEXT,
    "event": Kind.EVENT,
    "note": Kind.NOTE,
}
COUNTS = {"reactions": "num_reactions", "comments": "num_comments", "shares": "num_shares"}


def parse(row: Cells) -> PostRow:
    """A row becomes a record. `num_reactions` is trusted: the kinds beside it miss one that existed for a few days."""
    status_id = row.identity("status_id")
    parts = STATUS_ID.fullmatch(status_id)
    if parts is None:
        form = gettext_noop("%(column)s %(value)s is not a page's id, an underscore and a post's id")
        raise row.unfit("status_id", status_id, form)
    page, post = parts.groups()
    text = row.text("status_message")
    return PostRow(
        line=row.line,
        owner=Owner(key=page, id=page),
        post=PostRecord(
            external_id=status_id,
            url=f"https://www.facebook.com/{page}/posts/{post}",
            published_at=row.moment("status_published"),
            kind=KINDS.get(row.text("status_type").lower(), Kind.OTHER),
            text=text,
            hashtags=hashtags_in(text),
            **{count: row.count(column) for count, column in COUNTS.items()},
        ),
    )


FACEBOOK_PAGES_2016 = Format(
    key="facebook_pages_2016",
    label=gettext_noop("Facebook page posts, collected in 2016"),
    holds=Holds.POSTS,
    needs=frozenset({"status_id", "status_type", "status_published", *COUNTS.values()}),
    knows=frozenset(
        {"link_name", "status_link", "status_message"}
        | {f"num_{kind}" for kind in ("likes", "loves", "wows", "hahas", "sads", "angrys")}
    ),
    fields=COUNTS | {"url": "status_id", "kind": "status_type", "text": "status_message", "hashtags": "status_message"},
    network="facebook",
    zone=CLOCK,
    one_profile=True,
    parse=parse,
    same=same_post,
    disagree=another_time,
)
