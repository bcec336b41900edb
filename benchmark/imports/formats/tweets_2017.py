"""Tweets of one account as they were collected for a comparison of answers with likes, in 2017."""

from __future__ import annotations

from html import unescape

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import id_needed
from benchmark.imports.times import MONTH_DAY_YEAR
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop


def parse(row: Cells) -> PostRow:
    """A row becomes a record; the id is the last part of the address."""
    url, handle, text = row.address("url"), row.needed("handle"), unescape(row.text("text"))
    return PostRow(
        line=row.line,
        owner=Owner(key=handle.casefold(), handle=handle),
        post=PostRecord(
            external_id=id_needed(url, column=row.called("url")),
            url=url,
            published_at=row.moment("published_at", MONTH_DAY_YEAR, example="10/16/17 22:59"),
            kind=Kind.OTHER,
            text=text,
            hashtags=hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
        ),
    )


TWEETS_2017 = Format(
    key="tweets_2017",
    label=gettext_noop("Tweets of one account, collected in 2017"),
    holds=Holds.POSTS,
    network="x",
    needs=frozenset({"published_at", "url", "handle", "comments", "shares", "reactions"}),
    columns={
        "published_at": ("created_at",),
        "text": ("text",),
        "url": ("url",),
        "handle": ("user",),
        "comments": ("replies",),
        "shares": ("retweets",),
        "reactions": ("favorites",),
    },
    fields={"hashtags": "text"},
    encoding="latin-1",
    parse=parse,
    same=same_post,
    disagree=another_time,
)
