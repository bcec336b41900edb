"""Files that people have and that cannot be imported: what they are, and what they are missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from benchmark.imports.base import INSIGHTS, FileRefused, Format, shown
from benchmark.imports.cells import BECAME_A_DATE, COUNT, numbers_became_dates
from benchmark.networks.base import COUNTS
from benchmark.sentences import Sentence, Word, gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A kind of file that is known by its columns and never imported, in marked words: what it is and what it lacks."""

    label: str
    needs: frozenset[str]
    missing: str
    exactly: bool = False

    def fits(self, header: tuple[str, ...]) -> bool:
        """Whether a file with these columns is one of them."""
        there = frozenset(filter(None, header))
        return there == self.needs if self.exactly else self.needs <= there

    def refusal(self) -> FileRefused:
        """Why it is not imported."""
        form = gettext_noop("This is %(what)s: %(missing)s. There is nothing to import.")
        return FileRefused("content_missing", form, what=Sentence(self.label), missing=Sentence(self.missing))


A_DAY = gettext_noop("it has one number a day for the whole account, without the id and time of any post")
GAINED = gettext_noop(
    "it has one number a day for the whole account, without the id and time of any post, and how many followers were "
    "gained, not how many there were"
)
SUMS = gettext_noop("it has sums over posts, without the id and time of any of them")

UNUSABLE = (
    Unusable(
        label=gettext_noop("a daily series of Meta Business Suite"),
        needs=frozenset({"date", "primary"}),
        missing=gettext_noop(
            "it has one number a day for the whole account, without the id and time of any post; follows in it are new "
            "ones, not how many followers there were"
        ),
    ),
    Unusable(
        label=gettext_noop("an audience of Meta Business Suite"),
        needs=frozenset({"women", "men"}),
        missing=gettext_noop(
            "it has shares of an audience, without the id and time of any post, and no follower count with a date"
        ),
    ),
    Unusable(
        label=gettext_noop("a table of content formats of Meta Business Suite"),
        needs=frozenset({"reels", "photos"}),
        missing=SUMS,
    ),
    Unusable(
        label=gettext_noop("an overview of TikTok Studio"),
        needs=frozenset({"date", "video views", "profile views"}),
        missing=gettext_noop(
            "it has one number a day for the whole account, without the id and time of any post, often without the "
            "year of the day"
        ),
    ),
    Unusable(
        label=gettext_noop("an overview of a TikTok business account"),
        needs=frozenset({"date", "video views", "reached audience", "net growth"}),
        missing=GAINED,
    ),
    Unusable(
        label=gettext_noop("an account overview of X"),
        needs=frozenset({"date", "impressions", "new follows", "unfollows"}),
        missing=GAINED,
    ),
    Unusable(
        label=gettext_noop("a table by country of YouTube Studio"),
        needs=frozenset({"geography", "views"}),
        missing=SUMS,
    ),
    Unusable(
        label=gettext_noop("a chart of YouTube Studio (Totals.csv)"),
        needs=frozenset({"date", "views"}),
        missing=A_DAY,
        exactly=True,
    ),
    Unusable(
        label=gettext_noop("a list of trending YouTube videos"),
        needs=frozenset({"video_id", "date", "views", "comment_total", "thumbnail_link"}),
        missing=gettext_noop(
            "it has no time of publishing, because its date is the day on which a video was on the list"
        ),
    ),
    Unusable(
        label=gettext_noop("a list of follower counts of CHZZK channels"),
        needs=frozenset({"date", "member_id", "follower_count", "is_live"}),
        missing=gettext_noop("it has no handle or id on a network that Yardstick knows"),
    ),
)


# --- files of no known kind ------------------------------------------------------------------------------------------

MOST_COLUMNS = 12  # in a sentence
AS_PLAIN_CSV = gettext_noop(
    "As plain CSV, posts need id, published_at and a count such as reactions; followers need profile, time and "
    "followers."
)
# What a table needs, and the words by which formats know it.
OF_POSTS = {
    gettext_noop("the id or link of a post"): ("id", "link"),
    gettext_noop("the time of publishing"): ("published_at",),
    gettext_noop("any count of a post"): (*COUNTS, *INSIGHTS),
}
OF_FOLLOWERS = {gettext_noop("the profile"): ("profile",), gettext_noop("the time of counting"): ("time",)}

LOOKED_AT = 4_096  # characters that tell whether this is text
NO_LETTERS = frozenset({"Cc", "Cn", "Co", "Cs"})  # control characters, and what has no meaning in Unicode
NO_TABLES = {"{": "JSON", "[": "JSON", "<": "HTML"}  # by the character with which it begins


def no_table(text: str) -> FileRefused | None:
    """The refusal of a file that has no columns which could be named."""
    begins = text[:LOOKED_AT].lstrip("\ufeff \t\r\n")
    if sum(map(is_no_letter, begins)) * 20 > len(begins):
        form = gettext_noop("This file is not text. Save it as CSV or as a spreadsheet (.xlsx) and import that.")
        return FileRefused("file_not_text", form)
    kind = NO_TABLES.get(begins[:1])
    if kind is None:
        return None
    form = gettext_noop("This file is %(kind)s, not a table. Save it as CSV or as a spreadsheet (.xlsx). %(advice)s")
    return FileRefused("format_unknown", form, kind=kind, advice=Sentence(AS_PLAIN_CSV))


def is_no_letter(char: str) -> bool:
    """Whether a character stands in no text that people write."""
    return char == "\ufffd" or (unicodedata.category(char) in NO_LETTERS and not char.isspace())


def unknown_format(headers: Sequence[tuple[str, ...]], formats: Sequence[Format[Any]]) -> FileRefused:
    """Why a file fits no format: what its columns are, and what somebody would have to add to it."""
    header = next((header for header in headers if len([*filter(None, header)]) > 1), headers[0] if headers else ())
    names = [name for name in header if name]
    missing = missing_from(frozenset(map(str.lower, names)), formats)
    columns, advice = columns_found(names), Sentence(AS_PLAIN_CSV)
    if not missing:
        form = gettext_noop("No known format has these columns: %(columns)s. %(advice)s")
        return FileRefused("format_unknown", form, columns=columns, advice=advice)
    form = gettext_noop("No known format has these columns: %(columns)s. It has no column for %(missing)s. %(advice)s")
    return FileRefused("format_unknown", form, columns=columns, missing=all_of(missing), advice=advice)


def columns_found(names: Sequence[str]) -> Word:
    """The columns that a file has, as many of them as a sentence can show."""
    listed = ", ".join(map(shown, names[:MOST_COLUMNS]))
    if len(names) <= MOST_COLUMNS:
        return listed
    return Sentence(gettext_noop("%(columns)s and more"), {"columns": listed})


def all_of(missing: Sequence[str]) -> Sentence:
    """What is missing, one thing after the other."""
    first, *others = map(Sentence, missing)
    both = gettext_noop("%(this)s and none for %(that)s")
    return reduce(lambda this, that: Sentence(both, {"this": this, "that": that}), others, first)


def missing_from(header: frozenset[str], formats: Sequence[Format[Any]]) -> list[str]:
    """What a table of posts, or of followers, would need and does not have by any name that a format knows."""
    wanted = OF_FOLLOWERS if header & known_as("followers", formats) else OF_POSTS
    return [what for what, words in wanted.items() if not any(header & known_as(word, formats) for word in words)]


def known_as(word: str, formats: Sequence[Format[Any]]) -> frozenset[str]:
    """Every name that a format knows for a column."""
    return frozenset(name for each in formats if word in each.words for name in each.names(word))


def became_dates(rows: Sequence[Sequence[str]]) -> FileRefused | None:
    """The refusal of a table in which a spreadsheet has turned decimals into dates: days among plain numbers."""
    for row in rows:
        values = [value.strip() for value in row[1:] if value.strip()]
        days = [value for value in values if BECAME_A_DATE.fullmatch(value) and not value[:4].isdigit()]
        if days and all(value in days or COUNT.fullmatch(value.replace(".", "", 1)) for value in values):
            return numbers_became_dates(row[0].strip(), days[0])
    return None
