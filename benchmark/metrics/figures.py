"""One metric over all rows: figures, intervals and changes as columns of numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmark.metrics.columns import Floats, Ints, ten_digits

SAME = 1e-13  # of a figure: what two ways of adding up the same numbers may differ by


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What one metric's statistics give, row by row; NaN where they give nothing.

    `before` is the previous period; `now` is what is compared with it where that is not `value` itself.
    """

    value: Floats
    n: Ints
    before: Floats
    change_bases: Sequence[str]
    now: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None


@dataclass(slots=True)
class Figures:
    """The figures of one metric as an answer holds them: with 10 significant digits. NaN: none, `reasons` says why.

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
    leagues: Sequence[Hashable] = ()


def finished(computed: Mapping[str, Computed], rows: int) -> dict[str, Figures]:
    """All metrics' figures with their changes, rounded, in one go."""
    if not computed:
        return {}
    nothing = np.full(rows, np.nan)
    each = list(computed.values())
    value = np.array([one.value for one in each])
    before = np.array([one.before for one in each])
    now = np.array([one.value if one.now is None else one.now for one in each])
    low = np.array([nothing if one.low is None else one.low for one in each])
    high = np.array([nothing if one.high is None else one.high for one in each])
    change = np.where(np.isclose(now, before, rtol=SAME, atol=0), 0.0, now - before)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(before == 0, np.nan, change / np.abs(before) * 100)
    stacked = ten_digits(np.where(np.isnan(value), np.nan, np.array([value, low, high, change, percent])))
    return {
        key: Figures(value, one.n, low, high, change, percent, one.change_bases)
        for (key, one), (value, low, high, change, percent) in zip(
            computed.items(), stacked.transpose(1, 0, 2), strict=True
        )
    }
