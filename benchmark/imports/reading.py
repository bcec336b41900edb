"""From the text of a file to records: which format it has, which rows are good, and what is wrong with the others."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic

from benchmark.imports.base import (
    BadRow,
    Cells,
    FileRefused,
    FollowersRow,
    Format,
    ParsedFile,
    PostRow,
    Problem,
    R,
    shown,
)
from benchmark.imports.encodings import text_of

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 250_000  # years of posts, or twenty profiles counted every hour of a year
SOFT_HYPHEN = "\u00ad"  # stands inside the header words of some exports


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A file whose columns are understood: its format, its header, and its rows by the line on which each begins."""

    format: Format[R]
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str] | BadRow]]


@dataclass(slots=True)
class Collected(Generic[R]):
    """Rows read so far, each thing once: of two rows that say the same, the later one was read later and wins."""

    by_identity: dict[Hashable, R] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    duplicates: int = 0


def read_file(file: bytes | BinaryIO, formats: Sequence[Format[Any]]) -> ParsedFile:
    """Everything that a file holds, good rows and bad ones. Raises `FileRefused` where it cannot be read at all."""
    text, encoding = text_of(file)
    table = opened(text, formats)
    collected = collect(table)
    if not collected.by_identity and not collected.problems:
        raise FileRefused("file_empty", "This file has a header and no rows: there is nothing to import.")
    rows, strangers = of_one_profile(list(collected.by_identity.values()))
    return ParsedFile(
        format=table.format,
        encoding=encoding,
        posts=tuple(row for row in rows if isinstance(row, PostRow)),
        followers=tuple(row for row in rows if isinstance(row, FollowersRow)),
        problems=tuple(sorted([*collected.problems, *strangers])),
        duplicates=collected.duplicates,
        fields=frozenset(name for name, column in table.format.fields.items() if column in table.header),
        ignored=table.format.unknown(table.header),
    )


def opened(text: str, formats: Sequence[Format[Any]]) -> Table[Any]:
    """The table that a text is, by the first delimiter and the most demanding format that its header fits."""
    if not text.strip("\ufeff \t\r\n"):
        raise FileRefused("file_empty", "This file is empty: there is nothing to import.")
    headers: list[tuple[str, ...]] = []
    for delimiter in DELIMITERS:
        rows = rows_of(text, delimiter)
        header = header_of(rows)
        fitting = [each for each in formats if each.fits(frozenset(header))]
        if fitting:
            refuse_doubled(header)
            return Table(max(fitting, key=lambda each: len(each.needs)), header, rows)
        headers.append(header)
    raise unknown_format(max(headers, key=len), formats)


def header_of(rows: Iterator[tuple[int, list[str] | BadRow]]) -> tuple[str, ...]:
    """The names of the columns, without what programs put around them."""
    _, first = next(rows, (0, []))
    if isinstance(first, BadRow):
        return ()
    return tuple(name.replace(SOFT_HYPHEN, "").strip("\ufeff \t").lower() for name in first)


def rows_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | BadRow]]:
    """The rows of a text, each with the line on which it begins: a quoted text may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, BadRow(f"is not well-formed CSV ({error})")
            continue
        if any(value.strip() for value in values):
            yield begins, values


def collect(table: Table[R]) -> Collected[R]:
    """Read every row: the good ones once each, and a reason for each bad one."""
    collected: Collected[R] = Collected()
    for number, (line, values) in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            raise FileRefused(
                "file_too_large", f"This file has more than {MOST_ROWS:,} rows. Split it and import the parts."
            )
        try:
            row = table.format.parse(cells(values, table.header, line))
            add(row, collected, table.format)
        except BadRow as problem:
            collected.problems.append(Problem(line, str(problem)))
    return collected


def cells(values: list[str] | BadRow, header: tuple[str, ...], line: int) -> Cells:
    """A row by column name."""
    if isinstance(values, BadRow):
        raise values
    if len(values) != len(header):
        raise BadRow(f"has {len(values)} columns where the header has {len(header)}")
    for value in values:
        if "\0" in value:
            raise BadRow("holds a NUL character, which no text has")
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadRow("holds bytes that are no UTF-8 text")
    return Cells(dict(zip(header, values, strict=True)), line=line)


def add(row: R, collected: Collected[R], format: Format[R]) -> None:  # noqa: A002  the word for it
    """Keep a row, in the place of an earlier one that says the same."""
    identity = format.same(row)
    earlier = collected.by_identity.get(identity)
    if earlier is not None:
        problem = format.disagree(earlier, row)
        if problem is not None:
            raise BadRow(problem)
        collected.duplicates += 1
    collected.by_identity[identity] = row


def of_one_profile(rows: list[Any]) -> tuple[list[Any], list[Problem]]:
    """The rows of the profile that most of them belong to, and a problem for each that belongs to another."""
    owners = Counter(row.owner for row in rows if isinstance(row, PostRow))
    if len(owners) < 2:
        return rows, []
    owner = owners.most_common(1)[0][0]
    strangers = [row for row in rows if row.owner != owner]
    reason = "belongs to the profile {}, while the other posts of this file belong to {}"
    problems = [Problem(row.line, reason.format(row.owner, owner)) for row in strangers]
    return [row for row in rows if row.owner == owner], problems


def refuse_doubled(header: tuple[str, ...]) -> None:
    """A column that is there twice could mean either: neither is guessed."""
    doubled = [name for name, times in Counter(name for name in header if name).items() if times > 1]
    if doubled:
        raise FileRefused(
            "column_twice", f"The column {shown(doubled[0])} is there twice. Remove or rename one of them."
        )


def unknown_format(header: tuple[str, ...], formats: Sequence[Format[Any]]) -> FileRefused:
    """The refusal of a file whose columns fit no format: what was found, and what would have fitted."""
    found = ", ".join(shown(name) for name in header[:12]) + (" and more" if len(header) > 12 else "")
    wanted = "; or ".join(needs_of(each) for each in formats)
    return FileRefused("format_unknown", f"No known format has these columns: {found}. Needed are {wanted}.")


def needs_of(format: Format[Any]) -> str:  # noqa: A002
    """What a format needs, in words."""
    one_of = f" and one of {', '.join(sorted(format.needs_one_of))}" if format.needs_one_of else ""
    return f"{', '.join(sorted(format.needs))}{one_of} ({format.label})"
