"""Where a figure lies among others: how many percent of them lie below."""

from __future__ import annotations

import numpy as np

from benchmark.metrics.base import Statistic
from benchmark.metrics.columns import Floats, Ints

POINTS = 51  # of a large cohort's distribution: a figure at each two percent

# Of a figure that grows with the length of its period, what a day brings is compared.
GROWS_WITH_DAYS = frozenset({Statistic.SUM, Statistic.TOTAL, Statistic.GROWTH})


def quantiles(ascending: Floats, sizes: Ints, parts: Floats) -> Floats:
    """The figures at these parts (0 to 1) of the way from the lowest to the highest, linear between two of them.

    Of each distribution (a row) the first of its size are known.
    """
    places = (sizes[:, None] - 1) * parts
    low = np.floor(places).astype(np.int64)
    left, right = (np.take_along_axis(ascending, at, axis=1) for at in (low, np.minimum(low + 1, sizes[:, None] - 1)))
    found: Floats = left + (right - left) * (places - low)
    return found


def kept(ascending: Floats, sizes: Ints) -> list[Floats]:
    """Distributions as they are stored: all their figures, or of many so many at equal steps."""
    short = quantiles(ascending, sizes, np.linspace(0, 1, POINTS))
    return [
        figures[:size] if size <= POINTS else steps
        for figures, size, steps in zip(ascending, sizes.tolist(), short, strict=True)
    ]


def padded(distributions: list[Floats]) -> tuple[Floats, Ints]:
    """Several of them as one array, filled up with infinity, and how many figures each has."""
    sizes = np.array([len(each) for each in distributions], dtype=np.int64)
    filled = np.full((len(distributions), int(sizes.max(initial=1))), np.inf)
    for row, each in zip(filled, distributions, strict=True):
        row[: len(each)] = each
    return filled, sizes


def percentiles(ascending: Floats, sizes: Ints, figures: Floats) -> Floats:
    """How many percent of each distribution (… x points, filled up with infinity) lie below each figure (…).

    Linear between two figures of the distribution; of several equal ones, the middle; 0 below the lowest and 100 above
    the highest. So its median is at 50, and whoever is in its top quarter is at 75 or above. NaN has none.
    """
    below = (ascending < figures[..., None]).sum(axis=-1)
    not_above = (ascending <= figures[..., None]).sum(axis=-1)
    left = np.take_along_axis(ascending, np.clip(below - 1, 0, None)[..., None], axis=-1)[..., 0]
    right = np.take_along_axis(ascending, np.minimum(below, sizes - 1)[..., None], axis=-1)[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below - 1 + (figures - left) / (right - left)
    place = np.where(not_above > below, (below + not_above - 1) / 2, between)
    place = np.where(below == 0, np.where(not_above > 0, place, 0.0), np.where(below >= sizes, sizes - 1.0, place))
    return np.where(np.isnan(figures), np.nan, place / np.maximum(sizes - 1, 1) * 100)


def over_days(figures: Floats, statistic: Statistic, *, days: int, instead_of: int) -> Floats:
    """Figures of a period as they would be for one of so many days, if each day brought the same."""
    if statistic in GROWS_WITH_DAYS:
        return figures * (days / instead_of)
    if statistic is Statistic.GROWTH_RATE:
        with np.errstate(invalid="ignore"):
            grown: Floats = ((1 + figures / 100) ** (days / instead_of) - 1) * 100
        return grown
    return figures
