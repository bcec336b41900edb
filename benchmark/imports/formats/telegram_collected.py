"""Telegram channels as one collector wrote them: subscribers, posts, and how people reacted to the posts.

It knows channels by numbers of its own and by their names: a table is imported for one handle at a time. Its posts have
numbers of its own too, which the two tables of posts share.
"""

from __future__ import annotations

from benchmark.imports.base import (
    FollowersRow,
    Format,
    Holds,
    Owner,
    PostRow,
    another_time,
    same_post,
    same_reading,
)
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop


def owner_of(row: Cells) -> Owner:
    """The channel of a row, by its name: the number is not in every table."""
    name = row.needed("name")
    return Owner(key=name, name=name)


def post(row: Cells) -> PostRow:
    """A post with its words, and without any count."""
    text = row.text("text")
    return PostRow(
        line=row.line,
        owner=owner_of(row),
        post=PostRecord(
            external_id=row.identity("id"),
            url="",
            published_at=row.moment("published_at"),
            kind=Kind.OTHER,
            text=text,
            hashtags=hashtags_in(text),
        ),
    )


def reaction(row: Cells) -> PostRow:
    """One kind of reaction to a post, with the sum of all kinds on each: the post once, with that sum."""
    return PostRow(
        line=row.line,
        owner=owner_of(row),
        counted_at=row.moment("counted_at"),
        post=PostRecord(
            external_id=row.identity("id"),
            url="",
            published_at=row.moment("published_at"),
            kind=Kind.OTHER,
            reactions=row.count("reactions"),
            views=row.count("views"),
        ),
    )


def subscribers(row: Cells) -> FollowersRow:
    """How many subscribed to a channel at a moment."""
    followers = row.count("followers")
    if followers is None:
        raise row.blank("followers")
    return FollowersRow(line=row.line, owner=owner_of(row), read_at=row.moment("time"), followers=followers)


TELEGRAM_POSTS = Format(
    key="telegram_posts",
    label=gettext_noop("Telegram posts, by a collector"),
    holds=Holds.POSTS,
    network="telegram",
    needs=frozenset({"id", "message_id", "name", "published_at", "text"}),
    columns={"name": ("channel_name",), "published_at": ("datetime",)},
    fields={"hashtags": "text"},
    zone_known=False,
    parse=post,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("It has no counts: those are in the table of reactions."),),
)

TELEGRAM_REACTIONS = Format(
    key="telegram_reactions",
    label=gettext_noop("Reactions to Telegram posts, by a collector"),
    holds=Holds.POSTS,
    network="telegram",
    needs=frozenset({"id", "name", "published_at", "views", "reactions", "counted_at"}),
    columns={
        "id": ("post_id",),
        "name": ("channel_name",),
        "published_at": ("post_datetime",),
        "views": ("current_views",),
        "reactions": ("react_cnt_sum",),
        "counted_at": ("datetime_format",),
    },
    zone_known=False,
    whole=False,
    parse=reaction,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("It has a row for each kind of reaction, and only posts that anybody reacted to."),),
)

TELEGRAM_SUBSCRIBERS = Format(
    key="telegram_subscribers",
    label=gettext_noop("Telegram subscribers, by a collector"),
    holds=Holds.FOLLOWERS,
    network="telegram",
    needs=frozenset({"time", "name", "followers"}),
    columns={"time": ("datetime",), "name": ("channel_name",), "followers": ("subs_cnt",)},
    zone_known=False,
    parse=subscribers,
    same=same_reading,
)
