"""From the table of a file to records: which rows are good, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic
from zoneinfo import ZoneInfo

from benchmark.imports.base import (
    BadRow,
    FileRefused,
    FollowersRow,
    Format,
    Holds,
    ParsedFile,
    PostRow,
    Problem,
    R,
    shown,
)
from benchmark.imports.cells import Cells, Layout
from benchmark.imports.tables import MOST_ROWS, Row, Table, table_of
from benchmark.imports.times import zone_in_words, zone_named
from benchmark.imports.unusable import Unusable
from benchmark.sentences import Sentence, gettext_noop


@dataclass(slots=True)
class Collected(Generic[R]):
    """Rows read so far, each thing once: of two rows that say the same, the later one was read later and wins."""

    by_identity: dict[Hashable, R] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    duplicates: int = 0
    aside: int = 0  # totals, notes and rows that say nothing


def read_file(
    file: bytes | BinaryIO,
    formats: Sequence[Format[Any]],
    *,
    unusable: Sequence[Unusable] = (),
    zone: str | None = None,
) -> ParsedFile:
    """Everything that a file holds, good rows and bad ones. Raises `FileRefused` where it cannot be read at all."""
    table = table_of(file, formats, unusable)
    clock = clock_of(table.format, zone)
    found = table.format.found(table.names)
    doubled = doubled_columns(table, found)
    found = {word: name for word, name in found.items() if word not in doubled}
    collected = collect(table, layout_of(table, found, clock))
    if not collected.by_identity and not collected.problems:
        raise nothing_in(table, collected.aside)
    rows = [*collected.by_identity.values()]
    written = dict(zip(table.names, table.header, strict=True))
    return ParsedFile(
        format=table.format,
        encoding=table.encoding,
        zone=clock.key,
        posts=tuple(row for row in rows if isinstance(row, PostRow)),
        followers=tuple(row for row in rows if isinstance(row, FollowersRow)),
        problems=tuple(sorted(collected.problems)),
        duplicates=collected.duplicates,
        columns={word: written[name] for word, name in found.items()},
        fields=table.format.brings(found),
        ignored=tuple(written[name] for name in dict.fromkeys(table.names) if name and name not in found.values()),
        warnings=tuple(filter(None, [table.grid.warning, *doubled.values()])),
    )


def clock_of(format: Format[Any], asked: str | None) -> ZoneInfo:  # noqa: A002  the word for it
    """The clock of a file's times: its format's, or the one that somebody names where that is unknown."""
    zone = zone_named(asked or format.zone)
    if zone is None:
        form = gettext_noop("There is no time zone %(zone)s. Europe/Berlin would be one.")
        raise FileRefused("zone_unknown", form, zone=shown(asked or ""))
    if format.zone_known and zone.key != format.zone:
        form = gettext_noop("The times of such files are those of %(zone)s: leave the time zone out.")
        raise FileRefused("zone_is_known", form, zone=zone_in_words(format.zone))
    return zone


def layout_of(table: Table[Any], found: dict[str, str], clock: ZoneInfo) -> Layout:
    """Where the columns stand."""
    place = {word: table.names.index(name) for word, name in found.items()}
    return Layout(
        place=place,
        name={word: table.header[position] for word, position in place.items()},
        zone=clock,
        blank=table.format.blank,
        thousands=table.format.thousands,
    )


def doubled_columns(table: Table[Any], found: dict[str, str]) -> dict[str, Sentence]:
    """Columns that are there twice and do not agree: they could mean either, and neither is guessed.

    What the format cannot do without refuses the file; anything else is left out, with a warning for each.
    """
    places = {
        word: [position for position, each in enumerate(table.names) if each == name] for word, name in found.items()
    }
    places = {word: positions for word, positions in places.items() if len(positions) > 1}
    doubled: dict[str, Sentence] = {}
    for word, positions in places.items():
        if all(_agree(row, positions) for _, row in table.rows()):
            continue
        name = shown(table.header[positions[0]])
        if word in table.format.needs | table.format.needs_one_of:
            form = gettext_noop("The column %(column)s is there twice. Remove or rename one of them.")
            raise FileRefused("column_twice", form, column=name)
        form = gettext_noop("The column %(column)s is there twice and the two do not agree: neither was taken.")
        doubled[word] = Sentence(form, {"column": name})
    return doubled


def _agree(row: Row, positions: list[int]) -> bool:
    if isinstance(row, BadRow) or len(row) <= max(positions):
        return True
    return len({row[position].strip() for position in positions}) == 1


def collect(table: Table[R], layout: Layout) -> Collected[R]:
    """Read every row: the good ones once each, and a reason for each bad one."""
    collected: Collected[R] = Collected()
    for number, (line, values) in enumerate(table.rows(), start=1):
        if number > MOST_ROWS:
            form = gettext_noop("This file has more than %(most)s rows. Split it and import the parts.")
            raise FileRefused("file_too_large", form, most=f"{MOST_ROWS:,}")
        try:
            row = table.format.parse(Cells(checked(values, table, layout), layout, line=line))
            if row is None:
                collected.aside += 1
            else:
                add(row, collected, table.format)
        except BadRow as problem:
            collected.problems.append(Problem(line, problem.said))
    return collected


def checked(values: Row, table: Table[Any], layout: Layout) -> list[str]:
    """A row that has the columns of its header, and nothing that no text may hold."""
    if isinstance(values, BadRow):
        raise values
    width = len(table.header)
    reaches = table.format.cut_short and len(values) > max(layout.place.values())
    if len(values) != width and not (reaches and len(values) < width):
        form = gettext_noop("has %(columns)s columns where the header has %(header)s")
        raise BadRow(form, columns=str(len(values)), header=str(width))
    for value in values:
        if "\0" in value:
            raise BadRow(gettext_noop("holds a NUL character, which no text has"))
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadRow(gettext_noop("holds bytes that are no UTF-8 text"))
    return values


def add(row: R, collected: Collected[R], format: Format[R]) -> None:  # noqa: A002
    """Keep a row, in the place of an earlier one that says the same."""
    identity = format.same(row)
    earlier = collected.by_identity.get(identity)
    if earlier is not None:
        problem = format.disagree(earlier, row)
        if problem is not None:
            raise BadRow(problem.form, **problem.words)
        collected.duplicates += 1
    collected.by_identity[identity] = row


def nothing_in(table: Table[Any], aside: int) -> FileRefused:
    """The refusal of a file without a single record."""
    if not aside:
        form = gettext_noop("This file has a header and no rows: there is nothing to import.")
        return FileRefused("file_empty", form)
    if table.format.holds is Holds.FOLLOWERS:
        form = gettext_noop("This file has rows, but none says how many followed: there is nothing to import.")
    else:
        form = gettext_noop("This file has rows, but none says anything about a post: there is nothing to import.")
    return FileRefused("content_missing", form)
