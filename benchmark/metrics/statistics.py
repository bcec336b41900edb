"""Medians and means for many groups at once, on padded arrays: figures x groups x posts.

NaN stands for "not known" and sorts to the end; a group's row is filled up with it.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.columns import Floats, Ints


def places(group: Ints, groups: int) -> Ints:
    """Where each group's posts stand: groups x the longest group, filled up with the number of posts.

    `group` is sorted. What is not there reads as NaN once a column of NaN has been put behind the posts (`padded`).
    """
    sizes = np.bincount(group, minlength=groups)
    longest = int(sizes.max(initial=0))
    begins = np.cumsum(sizes) - sizes
    steps = np.arange(longest)
    return np.where(steps < sizes[:, None], begins[:, None] + steps, len(group))


def padded(figures: Floats, at: Ints) -> Floats:
    """Figures (k x posts) laid out as k x groups x posts."""
    nothing = np.full((len(figures), 1), np.nan)
    return np.concatenate([figures, nothing], axis=1)[:, at]


def sizes(figures: Floats) -> Ints:
    """How many are known, per figure and group."""
    n: Ints = (~np.isnan(figures)).sum(axis=-1)
    return n


def sums(figures: Floats) -> Floats:
    """The sum of the known ones; 0 where there is none."""
    total: Floats = np.where(np.isnan(figures), 0.0, figures).sum(axis=-1)
    return total


def means_of_days(figures: Floats, day: Floats) -> Floats:
    """The mean over days of the mean of each day's posts: figures x groups. `day` (groups x posts) says which it is."""
    groups = figures.shape[1]
    found = np.full(figures.shape[:2], np.nan)
    for place, figure in enumerate(figures):
        group, post = np.nonzero(~np.isnan(figure))
        days, which = np.unique(np.stack([group, day[group, post].astype(np.int64)]), axis=1, return_inverse=True)
        of_days = np.bincount(which, weights=figure[group, post]) / np.bincount(which)
        n = np.bincount(days[0], minlength=groups)
        found[place] = np.bincount(days[0], weights=of_days, minlength=groups) / np.where(n > 0, n, np.nan)
    return found


def medians(ascending: Floats, n: Ints) -> Floats:
    """The median of the first `n` of each row; the mean of the two in the middle where `n` is even."""
    if ascending.shape[-1] == 0:
        return np.full(ascending.shape[:-1], np.nan)
    low = nth(ascending, np.maximum(n - 1, 0) // 2)
    return np.where(n > 0, (low + nth(ascending, np.minimum(n // 2, ascending.shape[-1] - 1))) / 2, np.nan)


def nth(ascending: Floats, at: Ints) -> Floats:
    """The figure at one place of each row."""
    return np.take_along_axis(ascending, at[..., None], axis=-1)[..., 0]
