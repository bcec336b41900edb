"""Files that people have and that cannot be imported: what they are, and what they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmark.imports.base import INSIGHTS, FileRefused, Format, Holds, shown
from benchmark.imports.cells import BECAME_A_DATE, COUNT, numbers_became_dates
from benchmark.networks.base import COUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A kind of file that is known by its columns and never imported, in words: what it is and what it lacks."""

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
        return FileRefused("content_missing", f"This is {self.label}: {self.missing}. There is nothing to import.")


A_DAY = "it has one number a day for the whole account, without the id and time of any post"
NO_TOTAL = "and how many followers were gained, not how many there were"
SUMS = "it has sums over posts, without the id and time of any of them"

UNUSABLE = (
    Unusable(
        label="a daily series of Meta Business Suite",
        needs=frozenset({"date", "primary"}),
        missing=f"{A_DAY}; follows in it are new ones, not how many followers there were",
    ),
    Unusable(
        label="an audience of Meta Business Suite",
        needs=frozenset({"women", "men"}),
        missing="it has shares of an audience, without the id and time of any post, and no follower count with a date",
    ),
    Unusable(
        label="a table of content formats of Meta Business Suite", needs=frozenset({"reels", "photos"}), missing=SUMS
    ),
    Unusable(
        label="an overview of TikTok Studio",
        needs=frozenset({"date", "video views", "profile views"}),
        missing=f"{A_DAY}, often without the year of the day",
    ),
    Unusable(
        label="an overview of a TikTok business account",
        needs=frozenset({"date", "video views", "reached audience", "net growth"}),
        missing=f"{A_DAY}, {NO_TOTAL}",
    ),
    Unusable(
        label="an account overview of X",
        needs=frozenset({"date", "impressions", "new follows", "unfollows"}),
        missing=f"{A_DAY}, {NO_TOTAL}",
    ),
    Unusable(
        label="a table by country of YouTube Studio",
        needs=frozenset({"geography", "views"}),
        missing=SUMS,
    ),
    Unusable(
        label="a chart of YouTube Studio (Totals.csv)",
        needs=frozenset({"date", "views"}),
        missing=A_DAY,
        exactly=True,
    ),
    Unusable(
        label="a list of trending YouTube videos",
        needs=frozenset({"video_id", "date", "views", "comment_total", "thumbnail_link"}),
        missing="it has no time of publishing, because its date is the day on which a video was on the list",
    ),
    Unusable(
        label="a list of follower counts of CHZZK channels",
        needs=frozenset({"date", "member_id", "follower_count", "is_live"}),
        missing="it has no handle or id on a network that Yardstick knows",
    ),
)


# --- files of no known kind ------------------------------------------------------------------------------------------


def unknown_format(headers: Sequence[tuple[str, ...]], formats: Sequence[Format[Any]]) -> FileRefused:
    """Why a file fits no format: what its columns are, and what somebody would have to add to it."""
    header = next((header for header in headers if len([*filter(None, header)]) > 1), headers[0] if headers else ())
    names = [name for name in header if name]
    found = ", ".join(shown(name) for name in names[:12]) + (" and more" if len(names) > 12 else "")
    missing = missing_from(frozenset(map(str.lower, names)), formats)
    lacks = f"It has no column for {' and none for '.join(missing)}. " if missing else ""
    return FileRefused(
        "format_unknown",
        f"No known format has these columns: {found}. {lacks}As plain CSV, posts need id, published_at and a count "
        "such as reactions; followers need profile, time and followers.",
    )


def missing_from(header: frozenset[str], formats: Sequence[Format[Any]]) -> list[str]:
    """What a table of posts, or of followers, would need and does not have by any name that a format knows."""
    holds = Holds.FOLLOWERS if header & known_as("followers", formats) else Holds.POSTS
    of_posts = {
        "the id or link of a post": ("id", "link"),
        "the time of publishing": ("published_at",),
        "any count of a post": (*COUNTS, *INSIGHTS),
    }
    of_followers = {"the profile": ("profile",), "the time of counting": ("time",)}
    wanted = of_followers if holds is Holds.FOLLOWERS else of_posts
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
            return numbers_became_dates(row[0].strip() or "a row without a name", days[0])
    return None
