"""Posts of many accounts out of a bought data set of X, with lists written as JSON inside the cells."""

from __future__ import annotations

import json
from typing import Any

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import handle_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.networks.parsing import hashtags
from benchmark.sentences import gettext_noop


def parse(row: Cells) -> PostRow:
    """A row becomes a record; whose it is stands in the address, because names are masked."""
    url, text = row.address("url"), row.text("text")
    handle = handle_in(url)
    return PostRow(
        line=row.line,
        owner=Owner(key=handle.casefold(), handle=handle) if handle else None,
        post=PostRecord(
            external_id=row.identity("id"),
            url=url,
            published_at=row.moment("published_at", text=row.needed("published_at").strip('"')),
            kind=kind_of(row),
            text=text,
            hashtags=hashtags(words_in(row.text("hashtags"))) or hashtags_in(text),
            reactions=row.count("reactions"),
            comments=row.count("comments"),
            shares=row.count("shares"),
            quotes=row.count("quotes"),
            saves=row.count("saves"),
            views=row.count("views"),
        ),
    )


def kind_of(row: Cells) -> Kind:
    """What a post is made of, by the lists beside it."""
    quoted = inside(row.text("quoted"))
    photos = inside(row.text("photos"))
    if isinstance(quoted, dict) and quoted.get("post_id"):
        return Kind.QUOTE
    if inside(row.text("videos")):
        return Kind.VIDEO
    if isinstance(photos, list) and photos:
        return Kind.ALBUM if len(photos) > 1 else Kind.PHOTO
    return Kind.LINK if row.text("external") else Kind.TEXT


def words_in(text: str) -> list[str]:
    """The texts of a list."""
    values = inside(text)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def inside(text: str) -> Any:
    """What a cell holds as JSON; None where it holds none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


X_DATASET_POSTS = Format(
    key="x_dataset_posts",
    label=gettext_noop("Data set of X posts"),
    holds=Holds.POSTS,
    network="x",
    needs=frozenset({"id", "published_at", "url", "comments", "shares", "reactions", "views"}),
    columns={
        "id": ("id",),
        "published_at": ("date_posted",),
        "url": ("url",),
        "text": ("description",),
        "hashtags": ("hashtags",),
        "comments": ("replies",),
        "shares": ("reposts",),
        "reactions": ("likes",),
        "quotes": ("quotes",),
        "saves": ("bookmarks",),
        "views": ("views",),
        "photos": ("photos",),
        "videos": ("videos",),
        "quoted": ("quoted_post",),
        "external": ("external_url",),
    },
    fields={"kind": "photos"},
    blank=frozenset({"null"}),
    whole=False,
    parse=parse,
    same=same_post,
    disagree=another_time,
    notes=(
        gettext_noop(
            "It holds some posts of each account, not all. Followers in it are left out: one account has several "
            "counts."
        ),
    ),
)
