"""From the bytes of a file to its table: its rows, the one that names the columns, and the format that this is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Generic, TypeVar

from benchmark.imports.base import BadRow, FileRefused, Format, R
from benchmark.imports.encodings import content_of, decoded
from benchmark.imports.spreadsheets import is_workbook, sheets_of
from benchmark.imports.unusable import Unusable, became_dates, no_table, unknown_format
from benchmark.sentences import Sentence, gettext_noop

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 250_000  # years of posts, or twenty profiles counted every hour of a year
MOST_LINES_BEFORE_THE_HEADER = 5
LOOKED_AT = 200  # rows that tell what sort of file it is
DAMAGED = re.compile("[\ud800-\udfff]")  # bytes of a UTF-8 file that are none
SOFT_HYPHEN = "\u00ad"  # stands inside the header words of some exports
HINT = re.compile(r"\ufeff?sep=(.?)[\r\n]")  # the line in which some programs name the sign between the columns
WRAPPED = re.compile(r'\ufeff?"[^\r\n]*"[\r\n]')  # only tried where nothing else fits
SPREADSHEET = "xlsx"
UNICODE = ("utf", SPREADSHEET)
UNWRAPPED = Sentence(
    gettext_noop("A spreadsheet had saved every line as one cell; the lines were read as they were before.")
)

Kind = TypeVar("Kind", Format[Any], Unusable)
Row = list[str] | BadRow
Rows = Iterator[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class Grid:
    """One way to read a file: its rows, each with its line, as often as they are asked for."""

    rows: Callable[[], Rows]
    warning: Sentence | None = None

    def first_rows(self) -> list[list[str]]:
        """Enough rows to tell what sort of file this is."""
        return [row for _, row in islice(self.rows(), LOOKED_AT) if not isinstance(row, BadRow)]


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A file whose columns are understood: its format, its header, and the rows below."""

    format: Format[R]
    header: tuple[str, ...]
    header_line: int
    grid: Grid
    encoding: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns as formats know them."""
        return tuple(map(str.lower, self.header))

    def rows(self) -> Rows:
        """The rows below the header, each with the line on which it begins."""
        return ((line, row) for line, row in self.grid.rows() if line > self.header_line)


def table_of(
    file: bytes | BinaryIO,
    formats: Sequence[Format[Any]],
    unusable: Sequence[Unusable] = (),
    *,
    as_encoding: str | None = None,
) -> Table[Any]:
    """The table that a file is, by the most demanding format that a header among its first lines fits.

    Raises `FileRefused` for a file that is no table, of no known format, or known not to hold what is needed.
    """
    content = content_of(file)
    grids, encoding = grids_of(content, as_encoding)
    for grid in grids:
        for line, header in headers_of(grid):
            names = tuple(map(str.lower, header))
            best = most_demanding(formats, names)
            if best is not None and best.encoding is not None and not encoding.startswith((*UNICODE, best.encoding)):
                return table_of(content, [best], as_encoding=best.encoding)
            if best is not None:
                return Table(best, header, line, grid, encoding)
            known = most_demanding(unusable, names)
            if known is not None:
                raise became_dates(grid.first_rows()) or known.refusal()
    if not any(True for grid in grids for _ in islice(grid.rows(), 1)):
        raise FileRefused("file_empty", gettext_noop("This file is empty: there is nothing to import."))
    if encoding != SPREADSHEET and (refusal := no_table(decoded(content)[0])) is not None:
        raise refusal
    widest = max(grids, key=lambda grid: max((len(header) for _, header in headers_of(grid)), default=0))
    raise became_dates(widest.first_rows()) or unknown_format([header for _, header in headers_of(widest)], formats)


def most_demanding(kinds: Sequence[Kind], names: tuple[str, ...]) -> Kind | None:
    """The kind of file that such columns are: of several, the one that needs most of them."""
    return max((each for each in kinds if each.fits(names)), key=lambda each: len(each.needs), default=None)


def headers_of(grid: Grid) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows that may name the columns, without what programs put around the names."""
    for line, row in islice(grid.rows(), MOST_LINES_BEFORE_THE_HEADER + 1):
        if not isinstance(row, BadRow):
            yield line, tuple(tidied(name) for name in row)


def tidied(name: str) -> str:
    """The name of a column as people read it; what is damaged in it shows as such."""
    return " ".join(DAMAGED.sub("�", name.replace(SOFT_HYPHEN, "")).strip("\ufeff \t\r\n").split())


# --- ways to read a file ---------------------------------------------------------------------------------------------


def grids_of(content: bytes, as_encoding: str | None) -> tuple[list[Grid], str]:
    """Every way in which the rows of a file may be read, and the encoding that it is in."""
    if is_workbook(content):
        return [Grid(partial(iter, sheet.rows)) for sheet in sheets_of(content, most_rows=MOST_ROWS)], SPREADSHEET
    text, encoding = decoded(content) if as_encoding is None else (content.decode(as_encoding, "replace"), as_encoding)
    hint = HINT.match(text)
    delimiters = dict.fromkeys([*([hint[1]] if hint and hint[1] else ()), *DELIMITERS])
    grids = [Grid(partial(rows_of, text, delimiter)) for delimiter in delimiters]
    if WRAPPED.match(text):
        plain = unwrapped(text)
        grids += [Grid(partial(rows_of, plain, delimiter), UNWRAPPED) for delimiter in delimiters]
    return grids, encoding


def rows_of(text: str, delimiter: str) -> Rows:
    """The rows of a text, each with the line on which it begins: a quoted text may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, BadRow(gettext_noop("is not well-formed CSV (%(error)s)"), error=str(error))
            continue
        if any(value.strip("\ufeff \t\r\n") for value in values):
            yield begins, values


def unwrapped(text: str) -> str:
    """The text that a spreadsheet was given, where it took each line for one cell and saved it in quotation marks."""
    return "".join(map(_unwrapped, text.removeprefix("\ufeff").splitlines(keepends=True)))


def _unwrapped(line: str) -> str:
    inside = line.rstrip("\r\n")
    if len(inside) < 2 or not (inside.startswith('"') and inside.endswith('"')):
        return line
    return inside[1:-1].replace('""', '"') + line[len(inside) :]
