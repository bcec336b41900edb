"""Medians, means and their intervals for many groups at once, on padded arrays: figures x groups x posts.

NaN stands for "not known" and sorts to the end; a group's row is filled up with it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import bdtrik

from benchmark.metrics.columns import Floats, Ints

CONFIDENCE = 0.95
SMALLEST_FOR_MEDIAN = 9  # below, the interval would have to reach for the smallest and the largest post
DRAWS = 399  # (DRAWS + 1) x 2.5 % is a whole number: the ends are the 10th from below and from above
SEED = 20_160_626
CHUNK = 1024  # posts; the weights of a chunk are kept, because every answer needs them
_FROM_END = round((DRAWS + 1) * (1 - CONFIDENCE) / 2) - 1


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
    low = _take(ascending, np.maximum(n - 1, 0) // 2)
    return np.where(n > 0, (low + _take(ascending, np.minimum(n // 2, ascending.shape[-1] - 1))) / 2, np.nan)


def median_intervals(ascending: Floats, n: Ints) -> tuple[Floats, Floats]:
    """Ends of the median's 95 % interval by order statistics: they hold whatever the distribution.

    The k-th smallest and the k-th largest, for the largest k with which at most 2.5 % of all samples would have the
    median below the one, and as many above the other.
    """
    enough = n >= SMALLEST_FOR_MEDIAN
    if not enough.any():
        nothing = np.full(n.shape, np.nan)
        return nothing, nothing
    below = np.where(enough, orders(n), 0)
    low, high = _take(ascending, below), _take(ascending, np.where(enough, n - 1 - below, 0))
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def orders(n: Ints) -> Ints:
    """How many posts lie below the lower end of the median's interval."""
    return _orders(1 << int(n.max(initial=SMALLEST_FOR_MEDIAN)).bit_length())[np.maximum(n, SMALLEST_FOR_MEDIAN)]


@lru_cache(maxsize=4)
def _orders(sizes: int) -> Ints:
    """The orders of all groups smaller than this, so that an answer has to look them up only."""
    smallest = np.maximum(np.arange(sizes), SMALLEST_FOR_MEDIAN)
    return np.floor(bdtrik((1 - CONFIDENCE) / 2, smallest, 0.5)).astype(np.int64)


def mean_intervals(figures: Floats) -> tuple[Floats, Floats]:
    """Ends of the mean's 95 % interval by the Bayesian bootstrap: each draw weighs the posts anew (Rubin 1981).

    The weights come from one seeded table, so that the same posts always give the same interval.
    """
    there = ~np.isnan(figures)
    above = _weighed(np.where(there, figures, 0.0))
    if len(figures) > 1 and (there == there[:1]).all():
        there = there[:1]  # nothing is hidden: all figures are about the same posts
    return _ends(above, _weighed(there.astype(np.float64)))


def ratio_intervals(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """The same for a ratio of sums; both sides are drawn together."""
    there = ~(np.isnan(above) | np.isnan(below))
    return _ends(_weighed(np.where(there, above, 0.0)), _weighed(np.where(there, below, 0.0)))


def _weighed(figures: Floats) -> Floats:
    """The sums over the posts, once for each draw."""
    posts = figures.shape[-1]
    total = np.zeros((*figures.shape[:-1], DRAWS))
    for chunk, begin in enumerate(range(0, posts, CHUNK)):
        part = figures[..., begin : begin + CHUNK]
        total += part @ _weights(chunk)[: part.shape[-1]]
    return total


@lru_cache(maxsize=8)
def _weights(chunk: int) -> Floats:
    """What the posts of one chunk weigh in each draw: posts x draws."""
    return np.random.default_rng((SEED, chunk)).standard_exponential((CHUNK, DRAWS))


def _ends(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = above / below
    drawn.sort(axis=-1)  # whole: numpy sorts faster than it partitions
    return drawn[..., _FROM_END], drawn[..., DRAWS - 1 - _FROM_END]


def _take(ascending: Floats, at: Ints) -> Floats:
    return np.take_along_axis(ascending, at[..., None], axis=-1)[..., 0]
