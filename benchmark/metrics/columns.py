"""Rows of the database as columns of numbers, without a Python object for each cell.

PostgreSQL packs every row into eight bytes per column and all rows into one value, which numpy reads where it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmark.metrics.asking import ask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Columns = dict[str, Ints]

NULL = -1  # counts and ids are never negative
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's own, from which moments are counted in microseconds
DAY = 86_400_000_000  # in microseconds


def whole(expression: str) -> str:
    """A whole number that is never null."""
    return f"int8send(({expression})::bigint)"


def count(expression: str) -> str:
    """A count that may be null."""
    return f"int8send(coalesce({expression}, {NULL}))"


def moment(expression: str) -> str:
    """A moment, as microseconds since `EPOCH`."""
    return f"timestamptz_send({expression})"


def ask_columns(columns: Mapping[str, str], source: str, given: Mapping[str, Any]) -> Callable[[], Columns]:
    """Ask for numbers over the rows of `source` (what stands behind FROM), which come in no particular order."""
    packed = " || ".join(columns.values())
    answer = ask(f"SELECT string_agg({packed}, ''::bytea) FROM {source}", given)  # noqa: S608 - our own words only
    return lambda: _unpacked(answer()[0][0] or b"", list(columns))


def _unpacked(packed: bytes, names: Sequence[str]) -> Columns:
    table = np.frombuffer(packed, dtype=">i8").reshape(-1, len(names))
    return dict(zip(names, table.T.astype(np.int64, order="C"), strict=True))


def known(numbers: Ints) -> Floats:
    """The numbers with null as NaN."""
    return np.where(numbers == NULL, np.nan, numbers.astype(np.float64))


def micros(at: datetime) -> int:
    """A moment in the numbers of `moment`."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moments(numbers: Sequence[int]) -> list[datetime]:
    """The way back."""
    return [EPOCH + timedelta(microseconds=number) for number in numbers]


_POWERS = np.array([float(f"1e{power}") for power in range(23)])  # powers of ten that a float holds exactly
_SMALLEST, _LARGEST = 1e-12, 1e22


def ten_digits(numbers: Floats) -> Floats:
    """Rounded to 10 significant digits, so that each prints as the shortest number that says them."""
    size = np.abs(numbers)
    usual = (size > _SMALLEST) & (size < _LARGEST)
    places = 9 - np.floor(np.log10(np.where(usual, size, 1.0))).astype(np.int64)
    up, down = _POWERS[np.maximum(places, 0)], _POWERS[np.maximum(-places, 0)]
    rounded: Floats = np.where(usual, np.rint(np.where(usual, numbers, 0.0) * up / down) / up * down, numbers)
    for at in np.flatnonzero(~usual & np.isfinite(size) & (size > 0)).tolist():
        rounded.flat[at] = float(f"{numbers.flat[at]:.10g}")
    return rounded
