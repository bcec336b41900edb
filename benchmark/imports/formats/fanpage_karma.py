"""Posts of one or many profiles out of Fanpage Karma, as CSV or as a spreadsheet."""

from __future__ import annotations

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import id_needed
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

NETWORKS = {
    "instagram": "instagram", "facebook": "facebook", "twitter": "x", "x": "x", "youtube": "youtube",
    "tiktok": "tiktok", "linkedin": "linkedin", "threads": "threads", "bluesky": "bluesky",
}  # fmt: skip
KINDS = {"/reel/": Kind.VIDEO, "/reels/": Kind.VIDEO, "/tv/": Kind.VIDEO}


def parse(row: Cells) -> PostRow:
    """A row becomes a record. Its own id went through a number and is rounded: the one in the link is whole."""
    named = row.needed("network")
    network = NETWORKS.get(named.lower())
    if network is None:
        raise row.unfit("network", named, gettext_noop("%(column)s %(value)s is no network that Yardstick knows"))
    link, text = row.address("link"), row.text("text")
    name = row.needed("profile")  # the number beside it is that of the profile that was asked for, on shared posts too
    return PostRow(
        line=row.line,
        network=network,
        owner=Owner(key=name, name=name),
        post=PostRecord(
            external_id=id_needed(link, column=row.called("link")),
            url=link,
            published_at=row.moment("published_at"),
            kind=kind_of(network, link),
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
        ),
    )


def kind_of(network: str, link: str) -> Kind:
    """What the link tells about a post: films have addresses of their own."""
    if network in {"youtube", "tiktok"}:
        return Kind.VIDEO
    return next((kind for part, kind in KINDS.items() if part in link), Kind.OTHER)


FANPAGE_KARMA = Format(
    key="fanpage_karma",
    label=gettext_noop("Fanpage Karma: posts"),
    holds=Holds.POSTS,
    needs=frozenset({"published_at", "profile", "network", "link", "reactions", "comments"}),
    columns={
        "published_at": ("date",),
        "text": ("message",),
        "profile": ("profile",),
        "network": ("network",),
        "reactions": ("likes per post", "number of likes"),
        "comments": ("comments per post", "number of comments"),
        "link": ("link",),
    },
    fields={"url": "link", "kind": "link", "hashtags": "text"},
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("Its column Message-ID is rounded: posts are known by the id in their link."),),
)
