"""One metric over all rows: figures, intervals and changes as columns of numbers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmark.metrics.columns import Floats, Ints


@dataclass(slots=True)
class Figures:
    """The figures of one metric, row by row. NaN: there is none, and `reasons` says why.

    `bases` are keys of `BASES`; only rows of one league may be ranked together, because a basis may hide several ways
    of counting. `change` is in the metric's own unit, `percent` relative to the previous figure.
    """

    value: Floats
    n: Ints
    low: Floats
    high: Floats
    change: Floats
    percent: Floats
    change_bases: Sequence[str]
    reasons: list[str | None] = field(default_factory=list)
    bases: list[str | None] = field(default_factory=list)
    leagues: list[Hashable] = field(default_factory=list)


def figures(
    value: Floats,
    n: Ints,
    *,
    before: Floats,
    change_bases: Sequence[str],
    now: Floats | None = None,
    ends: tuple[Floats, Floats] | None = None,
) -> Figures:
    """Figures with their change since `before`; `now` is what is compared with it where that is not `value` itself."""
    change, percent = difference(value if now is None else now, before)
    nothing = np.isnan(value)
    low, high = ends if ends is not None else (np.full(len(value), np.nan), np.full(len(value), np.nan))
    return Figures(
        value=value,
        n=n,
        low=np.where(nothing, np.nan, low),
        high=np.where(nothing, np.nan, high),
        change=np.where(nothing, np.nan, change),
        percent=np.where(nothing, np.nan, percent),
        change_bases=change_bases,
    )


def difference(now: Floats, before: Floats) -> tuple[Floats, Floats]:
    """By how much a figure has changed, and by how many percent (NaN where it was 0)."""
    change = now - before
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(before == 0, np.nan, change / np.abs(before) * 100)
    return change, percent
