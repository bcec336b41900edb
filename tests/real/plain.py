"""Tables read with nothing but the standard library, for computations that share no line with the product's readers."""

from __future__ import annotations

import csv
import gzip
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)  # of Excel's days


def rows_of(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not; of columns that share a name, the first."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode(encoding)
    header, *rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    return [dict(reversed([*zip(header, row, strict=False)])) for row in rows]


def sheet_of(path: Path) -> list[dict[str, str]]:
    """The rows of a workbook's first sheet, as they stand in its XML."""
    with zipfile.ZipFile(path) as archive:
        tree = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314  a file of our own
    rows = []
    for row in tree.iter(f"{SHEET}row"):
        cells = {}
        for cell in row.iter(f"{SHEET}c"):
            text = "".join(part.text or "" for part in cell.iter() if part.tag in {f"{SHEET}v", f"{SHEET}t"})
            cells[re.sub(r"\d", "", cell.attrib["r"])] = text
        rows.append(cells)
    header, *rest = rows
    return [{name: row.get(letter, "") for letter, name in header.items()} for row in rest]


def excel_day(days: str) -> datetime:
    """The moment that a number of Excel's means, to the second."""
    return FIRST_DAY + timedelta(seconds=round(float(days) * 86_400))


def sunday(year: int, month: int, number: int) -> datetime:
    """The n-th Sunday of a month."""
    first = datetime(year, month, 1)  # noqa: DTZ001  a day of a calendar
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def los_angeles(text: str) -> datetime:
    """A time of Los Angeles in UTC, by the rule of its daylight saving."""
    local = datetime.strptime(text, "%m/%d/%Y %H:%M")  # noqa: DTZ007  its zone is what is computed
    summer = sunday(local.year, 3, 2) + timedelta(hours=2) <= local < sunday(local.year, 11, 1) + timedelta(hours=2)
    return (local + timedelta(hours=7 if summer else 8)).replace(tzinfo=UTC)


def utc(text: str, pattern: str = "%Y-%m-%d %H:%M:%S") -> datetime:
    """A time of UTC."""
    return datetime.strptime(text, pattern).replace(tzinfo=UTC)


def from_id(post_id: str) -> datetime:
    """The second in which X gave out an id."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + 1_288_834_974_657) // 1000, UTC)


def count(text: str | None) -> int | None:
    """A count, where there is one."""
    return int(float(text)) if text and text.strip() not in {"", "-", "--", "NAN", "null"} else None
