"""The words in which a file format is declared, and the records that a file becomes.

A format is one value of `Format` in one small file, with a pure `parse` beside it, as a network is. Nothing here knows
rows of the database: what is done with the records is decided above (`benchmark.tracking.files`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from benchmark.networks.base import PostRecord
from benchmark.networks.parsing import LARGEST_COUNT, hashtags

LONGEST_ID = 255
LONGEST_TEXT = 100_000

# Whole numbers only, with the ".0" that spreadsheets and data frames put behind them.
COUNT = re.compile(r"([0-9]{1,40})(?:\.0+)?")
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?P<zone>Z|z| ?UTC|[+-][0-9]{2}:?[0-9]{2})?)?",
)
ROUNDED_ID = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d]\w*)")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Holds(StrEnum):
    """What the rows of a format are."""

    POSTS = "posts"
    FOLLOWERS = "followers"


class FileRefused(Exception):
    """A file that is not imported. `code` is stable, `sentence` is for people, `problems` are its bad rows."""

    def __init__(self, code: str, sentence: str, *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.problems = problems


class BadRow(Exception):
    """A row that cannot be read, with the reason."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A bad row: the line of the file on which it begins, counted from one, and what is wrong with it."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post of a file. `reach` and `impressions` are what only the profile's owner can know."""

    line: int
    post: PostRecord
    owner: str | None = None  # the id of the profile that published it, where the format carries one
    reach: int | None = None
    impressions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowersRow:
    """How many followed a profile at a moment."""

    line: int
    profile: str
    read_at: datetime
    followers: int
    following: int | None = None
    posts: int | None = None


R = TypeVar("R", PostRow, FollowersRow)


class Cells:
    """One row of a file by column name. A value that cannot be read raises `BadRow` with a reason that names it."""

    __slots__ = ("_values", "line")

    def __init__(self, values: Mapping[str, str], *, line: int) -> None:
        self._values = values
        self.line = line

    def text(self, column: str, *, longest: int = LONGEST_TEXT) -> str:
        """The words in a column; empty where the file has none."""
        value = self._values.get(column, "").strip()
        if len(value) > longest:
            raise BadRow(f"{column} is longer than {longest:,} characters")
        return value

    def needed(self, column: str, *, longest: int = LONGEST_TEXT) -> str:
        """The words in a column that no row may leave blank."""
        value = self.text(column, longest=longest)
        if not value:
            raise BadRow(f"{column} is blank")
        return value

    def identity(self, column: str) -> str:
        """An id, which is text: one that a spreadsheet has turned into a number is lost."""
        value = self.needed(column, longest=LONGEST_ID)
        if value.startswith('="') and value.endswith('"'):  # how people keep a spreadsheet from reading a number
            value = value[2:-1].strip()
        if ROUNDED_ID.fullmatch(value):
            raise BadRow(f"{column} {shown(value)} was rounded by a spreadsheet. Export it as text")
        if not value:
            raise BadRow(f"{column} is blank")
        return value

    def count(self, column: str) -> int | None:
        """A count. Blank is None: not known, which is not zero."""
        value = self._values.get(column, "").strip()
        if not value:
            return None
        whole = COUNT.fullmatch(value)
        if whole is None:
            raise BadRow(f"{column} {shown(value)} is not a whole number")
        number = int(whole[1])
        if number > LARGEST_COUNT:
            raise BadRow(f"{column} {shown(value)} is larger than any count can be")
        return number

    def moment(self, column: str, *, clock: timedelta = timedelta(0)) -> datetime:
        """A moment in UTC. `clock` is how far the file's own clock is from UTC; a zone written beside the time wins."""
        value = self.needed(column)
        written = TIME.fullmatch(value)
        if written is None:
            raise BadRow(f"{column} {shown(value)} is not a time such as 2026-03-01T09:30:00Z")
        try:
            moment = datetime.fromisoformat(value.removesuffix("UTC").strip())
            zoned = moment if moment.tzinfo else (moment - clock).replace(tzinfo=UTC)
            result = zoned.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise BadRow(f"{column} {shown(value)} is no day or time that exists") from error
        if result < EARLIEST:
            raise BadRow(f"{column} {shown(value)} lies before 1990")
        return result

    def address(self, column: str) -> str:
        """A web address, or nothing. Any other scheme is refused: people will click on it."""
        value = self.text(column, longest=2_000)
        if value and not value.lower().startswith(("https://", "http://")):
            raise BadRow(f"{column} {shown(value)} does not begin with https://")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Generic[R]):
    """A file format: by which columns it is known, and how a row becomes a record.

    - a file has this format where its header has all of `needs` and, if `needs_one_of` names any, one of those;
      where several fit, the one that needs most is it;
    - `knows` are further columns that it knows; `fields` says in which column each field of a record stands, so that
      what a file does not bring is not taken for empty;
    - `same` tells by what two rows are the same thing; `disagree` says why two such rows cannot both be right.
    """

    key: str
    label: str
    holds: Holds
    needs: frozenset[str]
    parse: Callable[[Cells], R]
    same: Callable[[R], Hashable]
    disagree: Callable[[R, R], str | None] = lambda _first, _second: None
    needs_one_of: frozenset[str] = frozenset()
    knows: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)

    def fits(self, header: frozenset[str]) -> bool:
        """Whether a file with these columns has this format."""
        return self.needs <= header and (not self.needs_one_of or bool(self.needs_one_of & header))

    def unknown(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of a header that this format does not read."""
        known = self.needs | self.needs_one_of | self.knows | set(self.fields.values())
        return tuple(column for column in header if column and column not in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a file holds: records, each with its line, and the rows that could not be read.

    `fields` are those of a record for which the file has a column at all; a duplicate is a row that says again what
    another says.
    """

    format: Format[Any]
    encoding: str
    posts: tuple[PostRow, ...] = ()
    followers: tuple[FollowersRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    duplicates: int = 0
    fields: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()

    @property
    def owner(self) -> str | None:
        """The id of the profile whose posts these are, where the format carries one."""
        return self.posts[0].owner if self.posts else None

    @property
    def rows(self) -> int:
        """Good rows, each counted once."""
        return len(self.posts) + len(self.followers)


def another_time(first: PostRow, second: PostRow) -> str | None:
    """One id at two times is two posts, whose ids a spreadsheet has rounded to the same number."""
    if first.post.published_at == second.post.published_at:
        return None
    return (
        f"the id {shown(second.post.external_id)} stands on line {first.line} with another time: "
        "ids may have been rounded by a spreadsheet"
    )


def hashtags_in(text: str) -> tuple[str, ...]:
    """The hashtags of a text, each once, without the sign; a number alone is none."""
    return hashtags(HASHTAG.findall(text))


def shown(value: str) -> str:
    """A value as a sentence shows it: in quotation marks, and not too much of it."""
    short = value if len(value) <= 40 else f"{value[:37]}…"
    return "“" + "".join(char if char.isprintable() else "�" for char in short) + "”"
