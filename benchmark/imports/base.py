"""The words in which a file format is declared, and the records that a file becomes.

A format is one value of `Format` in one small file of `formats/`, with a pure `parse` beside it, as a network is.
Nothing here knows rows of the database: what is done with the records is decided above (`benchmark.tracking.files`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from benchmark.networks.base import COUNTS, PostRecord
from benchmark.sentences import Sentence, Told, Translate, Word, gettext_noop

if TYPE_CHECKING:
    from benchmark.imports.cells import Cells

UTC_ZONE = "UTC"
OF_A_POST = ("url", "kind", "text", "hashtags", *COUNTS)
OF_A_READING = ("followers", "following", "posts")
INSIGHTS = ("reach", "impressions", "saves")  # what only the owner of an account can know


class Holds(StrEnum):
    """What the rows of a format are."""

    POSTS = "posts"
    FOLLOWERS = "followers"


class FileRefused(Told):
    """A file that is not imported. `code` is stable, the sentence is for people, `problems` are its bad rows."""

    def __init__(self, code: str, form: str, *, problems: tuple[Problem, ...] = (), **words: Word) -> None:
        super().__init__(form, **words)
        self.code = code
        self.problems = problems


class BadRow(Told):
    """A row that cannot be read, with the reason."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A bad row: the line of the file on which it begins, counted from one, and what is wrong with it."""

    line: int
    reason: Sentence

    def told(self, translate: Translate) -> str:
        """Line and reason, in the language of `translate`."""
        return self._said.told(translate)

    def __str__(self) -> str:
        return str(self._said)

    @property
    def _said(self) -> Sentence:
        return Sentence(gettext_noop("line %(line)s: %(reason)s"), {"line": str(self.line), "reason": self.reason})

    def __lt__(self, other: Problem) -> bool:
        return self.line < other.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a row is, as the file tells profiles apart.

    `id` is the network's own id and `handle` what the network can be asked for (an address does too): both only where
    the file carries them. Some tools write neither, but a name or a number of their own.
    """

    key: str
    id: str | None = None
    handle: str | None = None
    name: str = ""

    def is_called(self, wanted: str) -> bool:
        """Whether somebody means this profile by what they typed."""
        name = wanted.strip().removeprefix("@").casefold()
        return name in {each.casefold() for each in (self.key, self.id, self.handle, self.name) if each}

    def __str__(self) -> str:
        return self.name or self.handle or self.id or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post of a file. `reach` and `impressions` are what only the profile's owner can know.

    `counted_at` is the moment of its counts where the file says so; `followers` are those of its profile at that post.
    """

    line: int
    post: PostRecord
    owner: Owner | None = None
    network: str | None = None
    counted_at: datetime | None = None
    reach: int | None = None
    impressions: int | None = None
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowersRow:
    """How many followed a profile at a moment."""

    line: int
    read_at: datetime
    followers: int
    owner: Owner | None = None
    network: str | None = None
    following: int | None = None
    posts: int | None = None


R = TypeVar("R", PostRow, FollowersRow)


@dataclass(frozen=True, kw_only=True)
class Format(Generic[R]):
    """A file format: by which columns it is known, and how a row becomes a record.

    - `columns` says, for each word that `parse` asks by, under which names the column stands in files (in small
      letters); a word that is missing there stands under its own name;
    - a file has this format where its header has all of `needs` and, if `needs_one_of` names any, one of those;
      where several fit, the one that needs most is it;
    - `knows` are further columns that it reads; `fields` says out of which column a field of the record comes where
      they do not share their name, so that what a file does not bring is not taken for empty; `always` are the fields
      that every row has without a column of their own;
    - `parse` gives None for a line that is neither a record nor an error: totals, notes under the table;
    - `same` tells by what two rows are the same thing; `disagree` says why two such rows cannot both be right;
    - `network` is the one that such files come from; None where they may come from any;
    - `zone` is the clock of times without a zone; where the tool does not say which it is (`zone_known` is false), who
      imports may;
    - `blank` are the words that stand for "not known"; `thousands` the sign that parts thousands, if any does;
    - `encoding` is the one of such files where they are in none of Unicode;
    - `whole`: the file holds every post from its first day on; some tools pick posts;
    - `one_profile`: such files are made for one profile, so that a row of another is a bad row;
    - `cut_short`: the tool leaves out cells at the end of a row that has nothing in them;
    - `notes` are what somebody has to know before importing such a file;
    - `label` and `notes` are marked for translation, and translated by whoever shows them.
    """

    key: str
    label: str
    holds: Holds
    needs: frozenset[str]
    parse: Callable[[Cells], R | None]
    same: Callable[[R], Hashable]
    disagree: Callable[[R, R], Sentence | None] = lambda _first, _second: None
    needs_one_of: frozenset[str] = frozenset()
    knows: frozenset[str] = frozenset()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    network: str | None = None
    zone: str = UTC_ZONE
    zone_known: bool = True
    blank: frozenset[str] = frozenset()
    thousands: str = ""
    encoding: str | None = None
    whole: bool = True
    one_profile: bool = False
    cut_short: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word by which `parse` may ask for a column."""
        return self.needs | self.needs_one_of | self.knows | set(self.columns)

    def names(self, word: str) -> tuple[str, ...]:
        """The names under which a column may stand in a file."""
        return self.columns.get(word, (word,))

    def found(self, header: tuple[str, ...]) -> dict[str, str]:
        """The columns of a header that this format reads: its own word for each, and the name that the file has."""
        there = set(header)
        return {
            word: name
            for word in sorted(self.words)
            if (name := next((each for each in self.names(word) if each in there), None)) is not None
        }

    def fits(self, header: tuple[str, ...]) -> bool:
        """Whether a file with these columns has this format."""
        found = self.found(header).keys()
        return self.needs <= found and (not self.needs_one_of or bool(self.needs_one_of & found))

    def brings(self, found: Mapping[str, str]) -> frozenset[str]:
        """The fields of a record for which a file has a column at all."""
        of_a_record = OF_A_POST if self.holds is Holds.POSTS else OF_A_READING
        own = {word for word in found if word in of_a_record}
        return frozenset(own | self.always | {name for name, word in self.fields.items() if word in found})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a file holds: records, each with its line, and the rows that could not be read.

    `columns` are the format's words with the names that the file has for them; `fields` are those of a record for which
    there is a column at all; a duplicate is a row that says again what another says.
    """

    format: Format[Any]
    encoding: str
    zone: str
    posts: tuple[PostRow, ...] = ()
    followers: tuple[FollowersRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    duplicates: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    warnings: tuple[Sentence, ...] = ()

    @property
    def records(self) -> tuple[PostRow, ...] | tuple[FollowersRow, ...]:
        """The good rows, whatever they are."""
        return self.posts or self.followers

    @property
    def rows(self) -> int:
        """Good rows, each counted once."""
        return len(self.records)

    @property
    def networks(self) -> frozenset[str]:
        """The networks that the format or the rows themselves name; none where the file could be of any."""
        if self.format.network is not None:
            return frozenset({self.format.network})
        return frozenset(row.network for row in self.records if row.network is not None)

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The profiles that the rows belong to, each once, in the order of the file; none where it names nobody."""
        return tuple({row.owner.key: row.owner for row in self.records if row.owner is not None}.values())


def another_time(first: PostRow, second: PostRow) -> Sentence | None:
    """One id at two times is two posts, whose ids a spreadsheet has rounded to the same number."""
    if first.post.published_at == second.post.published_at:
        return None
    form = gettext_noop(
        "the id %(id)s stands on line %(line)s with another time: ids may have been rounded by a spreadsheet"
    )
    return Sentence(form, {"id": shown(second.post.external_id), "line": str(first.line)})


def same_post(row: PostRow) -> Hashable:
    """Two rows are one post where a profile has one id twice."""
    return (row.owner.key if row.owner else None, row.post.external_id)


def same_reading(row: FollowersRow) -> Hashable:
    """Two rows are one reading where a profile was counted twice at one moment."""
    return (row.network, row.owner.key if row.owner else None, row.read_at)


def shown(value: str) -> str:
    """A value as a sentence shows it: in quotation marks, and not too much of it."""
    short = value if len(value) <= 40 else f"{value[:37]}…"
    return "“" + "".join(char if char.isprintable() else "�" for char in short) + "”"
