"""One figure of one profile, with everything that a reader needs in order to trust it or not."""

from __future__ import annotations

import msgspec


class Change(msgspec.Struct, frozen=True, gc=False):
    """How a figure stands against the previous period of the same length.

    `value` is the difference in the metric's own unit (points for percentages), `percent` the same relative to the
    previous figure (None where that was 0). `basis` is a key of `CHANGE_BASES`.
    """

    value: float | int | None
    percent: float | None
    basis: str


class Percentile(msgspec.Struct, frozen=True, gc=False):
    """Where a figure lies in a cohort: `value` percent of its profiles lie below. `cohort` names it in words."""

    value: float
    profiles: int
    cohort: str


class Value(msgspec.Struct, frozen=True, gc=False):
    """A figure with its interval, the posts or readings behind it, its basis, or the reason why there is none.

    `low` and `high` are the interval's ends (None: none was made). `n` counts the posts behind the figure (readings,
    for followers and growth). `basis` is a key of `BASES`, `reason` a key of `REASONS`; exactly one of them is set.
    `rank` is 1, 1, 3 among the rows of the same basis; `of` says how many were ranked. `percentile` is the place among
    profiles of the same industry and size that this installation follows (None: too few, or of another basis).
    """

    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    n: int = 0
    basis: str | None = None
    reason: str | None = None
    rank: int | None = None
    of: int | None = None
    change: Change | None = None
    percentile: Percentile | None = None
