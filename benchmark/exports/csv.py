"""The Report as a table for spreadsheets and notebooks: one line per profile."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from benchmark.reports.value import Report, Row, Value

Cell = str | int | float | None

ABOUT = ("network", "period_start", "period_end", "handle", "name", "brand", "industry", "role", "url")
DETAILS = (
    "low", "high", "n", "basis", "reason", "rank", "of", "change", "change_percent", "change_basis",
    "percentile", "cohort", "cohort_profiles",
)  # fmt: skip

# A spreadsheet would take a text that begins so for a formula.
BLANKS = " \u00a0"  # some programs take them off first
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def benchmark(report: Report) -> str:
    """Who a row is, its figures by metric key, its posts by kind, then what stands behind each figure."""
    keys = [metric.key for metric in report.metrics]
    kinds = sorted({kind for row in report.rows for kind in row.kinds or ()})
    heads = [
        *ABOUT,
        *keys,
        *(f"posts_{kind}" for kind in kinds),
        *(f"{key}_{name}" for key in keys for name in DETAILS),
    ]
    lines = [_line(report, row, keys, kinds) for row in report.rows]
    return written(heads, lines)


def written(heads: Sequence[str], lines: Sequence[Sequence[Cell]]) -> str:
    """Lines of CSV as RFC 4180 has them; nothing is there for what is not known."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return file.getvalue()


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before a text that a spreadsheet would calculate."""
    if isinstance(cell, str) and cell.lstrip(BLANKS).startswith(FORMULAS):
        return f"'{cell}"
    return cell


def _line(report: Report, row: Row, keys: Sequence[str], kinds: Sequence[str]) -> list[Cell]:
    counts = row.kinds
    return [
        report.network,
        report.period.start.isoformat(),
        report.period.end.isoformat(),
        row.profile.handle,
        row.profile.name,
        row.brand.name,
        row.brand.industry,
        row.role,
        row.profile.url,
        *(row.values[key].value for key in keys),
        *(None if counts is None else counts.get(kind, 0) for kind in kinds),
        *(cell for key in keys for cell in _details(row.values[key])),
    ]


def _details(value: Value) -> Iterator[Cell]:
    yield from (value.low, value.high, value.n, value.basis, value.reason, value.rank, value.of)
    change = value.change
    yield from (change.value, change.percent, change.basis) if change else (None, None, None)
    place = value.percentile
    yield from (place.value, place.cohort, place.profiles) if place else (None, None, None)
