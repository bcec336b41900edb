"""From a workbook to the rows of its sheets, as the text that a CSV of them would hold."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from benchmark.imports.base import FileRefused
from benchmark.imports.encodings import LARGEST, too_large
from benchmark.sentences import gettext_noop

ARCHIVE = b"PK\x03\x04"
MOST_COLUMNS = 1_000
MOST_SHEETS = 20
LOOKED_AT = 20  # rows that tell how wide a sheet is
SURE_DIGITS = 15  # of a number in a spreadsheet; what stands behind them is lost
# All that openpyxl lets out where a workbook is not what it says it is.
BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    EOFError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its rows, each with its number."""

    name: str
    rows: tuple[tuple[int, list[str]], ...]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a workbook as spreadsheets of today save it (.xlsx).

    Raises `FileRefused` where that cannot be told any more: the list of what an archive holds stands at its end.
    """
    if not content.startswith(ARCHIVE):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except BROKEN as error:
        form = gettext_noop("This spreadsheet or archive is damaged or cut short. Save or download it again.")
        raise FileRefused("file_damaged", form) from error


def sheets_of(content: bytes, *, most_rows: int) -> list[Sheet]:
    """The sheets of a workbook. Raises `FileRefused` where it is damaged, locked, or holds too much."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise too_large()
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return [
                Sheet(str(sheet.title), tuple(_rows(sheet, most_rows))) for sheet in workbook.worksheets[:MOST_SHEETS]
            ]
        finally:
            workbook.close()
    except BROKEN as error:
        form = gettext_noop("This spreadsheet is damaged or locked. Save it again without a password, or as CSV.")
        raise FileRefused("file_damaged", form) from error


def _rows(sheet: Any, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything; one more than the most, so that who counts them notices."""
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what a sheet says about its own size is not always true
    width = _width(islice(sheet.iter_rows(max_row=LOOKED_AT, max_col=MOST_COLUMNS, values_only=True), LOOKED_AT))
    if not width:
        return
    for number, values in enumerate(islice(sheet.iter_rows(max_col=width, values_only=True), most_rows * 2), start=1):
        texts = [_text(value) for value in values]
        if any(texts):
            yield number, texts + [""] * (width - len(texts))


def _width(rows: Iterable[tuple[Any, ...]]) -> int:
    """How many columns the first rows fill."""
    return max(
        (place for row in rows for place, value in enumerate(row, start=1) if value not in {None, ""}), default=0
    )


def _text(value: Any) -> str:
    """A cell as text. A number with more digits than a spreadsheet keeps shows that it was rounded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _number(value: float) -> str:
    if abs(value) >= 10**SURE_DIGITS:
        return f"{value:.{SURE_DIGITS - 1}e}"
    return str(int(value)) if value == int(value) else repr(value)
