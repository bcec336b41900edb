"""Posts of Facebook Pages out of CrowdTangle (closed in August 2024), each with the followers of its Page then."""

from __future__ import annotations

import re

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import id_needed
from benchmark.imports.times import WITH_ABBREVIATION
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

KINDS = {
    "photo": Kind.PHOTO, "link": Kind.LINK, "status": Kind.TEXT, "native video": Kind.VIDEO, "video": Kind.VIDEO,
    "youtube": Kind.VIDEO, "album": Kind.ALBUM, "live video": Kind.LIVE, "live video complete": Kind.LIVE,
    "live video scheduled": Kind.LIVE, "event": Kind.EVENT, "note": Kind.NOTE,
}  # fmt: skip
REACTIONS = ("likes", "love", "wow", "haha", "sad", "angry", "care")
NO_ID = re.compile(r"0*")


def parse(row: Cells) -> PostRow:
    """A row becomes a record; its reactions are the sum of their kinds, and the id stands in the address."""
    url, text, page = row.address("url"), row.text("text"), row.text("page")
    handle, name = row.text("handle"), row.needed("name")
    return PostRow(
        line=row.line,
        owner=Owner(
            key=page or handle or name, id=None if NO_ID.fullmatch(page) else page, handle=handle or None, name=name
        ),
        post=PostRecord(
            external_id=id_needed(url, column=row.called("url")),
            url=url,
            published_at=row.moment("published_at", WITH_ABBREVIATION, example="2023-05-01 09:30:00 EDT"),
            kind=KINDS.get(row.text("kind").replace("_", " ").lower(), Kind.OTHER),
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.sum_of(*REACTIONS),
            comments=row.count("comments"),
            shares=row.count("shares"),
        ),
        followers=row.count("followers"),
    )


CROWDTANGLE = Format(
    key="crowdtangle",
    label=gettext_noop("CrowdTangle: posts of Facebook Pages"),
    holds=Holds.POSTS,
    network="facebook",
    needs=frozenset({"name", "published_at", "url", "likes", "comments", "shares"}),
    columns={
        "name": ("page name",),
        "handle": ("user name",),
        "page": ("facebook id",),
        "published_at": ("post created",),
        "kind": ("type",),
        "url": ("url",),
        "text": ("message",),
        "followers": ("followers at posting",),
        **{kind: (kind,) for kind in (*REACTIONS, "comments", "shares")},
    },
    fields={"reactions": "likes", "hashtags": "text"},
    thousands=",",
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("Followers at posting become readings of the Page's followers."),),
)
