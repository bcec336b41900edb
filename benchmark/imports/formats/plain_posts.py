"""Posts as plain CSV: the format that we document, for everything that has no format of its own (docs/imports.md)."""

from __future__ import annotations

import re

from benchmark.imports.base import Format, Holds, PostRow, another_time, same_post
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.networks.base import COUNTS, Kind, PostRecord
from benchmark.networks.parsing import hashtags
from benchmark.sentences import gettext_noop

BETWEEN_HASHTAGS = re.compile(r"[\s,;|]+")


def parse(row: Cells) -> PostRow:
    """A row of the documented columns becomes a record."""
    return PostRow(
        line=row.line,
        post=PostRecord(
            external_id=row.identity("id"),
            url=row.address("url"),
            published_at=row.moment("published_at"),
            kind=kind_of(row),
            text=row.text("text"),
            hashtags=hashtags_of(row),
            **{count: row.count(count) for count in COUNTS},
        ),
        reach=row.count("reach"),
        impressions=row.count("impressions"),
    )


def kind_of(row: Cells) -> Kind:
    """The kind that a row names; one that names none is of another kind."""
    word = row.text("kind").lower()
    if not word:
        return Kind.OTHER
    try:
        return Kind(word)
    except ValueError as error:
        form = gettext_noop("%(column)s %(value)s is none of: %(kinds)s")
        raise row.unfit("kind", word, form, kinds=", ".join(Kind)) from error


def hashtags_of(row: Cells) -> tuple[str, ...]:
    """The hashtags that a row names, with or without their sign; those in its text where it names none."""
    return hashtags(BETWEEN_HASHTAGS.split(row.text("hashtags"))) or hashtags_in(row.text("text"))


PLAIN_POSTS = Format(
    key="plain_posts",
    label=gettext_noop("Posts as plain CSV"),
    holds=Holds.POSTS,
    needs=frozenset({"id", "published_at"}),
    needs_one_of=frozenset(COUNTS),
    knows=frozenset({"url", "kind", "text", "hashtags", "reach", "impressions"}),
    parse=parse,
    same=same_post,
    disagree=another_time,
)
