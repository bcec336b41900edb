"""Intervals of medians, means and ratios, for many groups at once: figures x groups x posts.

A median's holds whatever the posts are like. A mean's is the wider one of two, because posts of real pages have tails
from which neither alone protects: the bootstrap-t on the log scale (Hall 1988), which becomes exact as posts become
many, and the log-normal one by recovered variances (Zou, Huo and Taleban 2009), which knows of the large posts that few
have seen yet. What they cover on resampled pages is measured by `manage.py bench --only accuracy`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import bdtrik, chdtri, ndtri

from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.statistics import nth, sizes, sums

CONFIDENCE = 0.95
SMALLEST = 9  # posts; a median's interval would have to reach for the smallest and the largest one
DRAWS = 199  # (DRAWS + 1) x 2.5 % is a whole number: the ends are the 5th from below and from above
SEED = 20_160_626
CHUNK = 1024  # posts; the weights of a chunk are kept, because every answer needs them
_LEFT_OUT = (1 - CONFIDENCE) / 2
_FROM_END = round((DRAWS + 1) * _LEFT_OUT) - 1
_NORMAL = float(ndtri(1 - _LEFT_OUT))

Ends = tuple[Floats, Floats]


def median_intervals(ascending: Floats, n: Ints) -> Ends:
    """Ends of the median's 95 % interval by order statistics: they hold whatever the distribution.

    The k-th smallest and the k-th largest, for the largest k with which at most 2.5 % of all samples would have the
    median below the one, and as many above the other.
    """
    enough = n >= SMALLEST
    if not enough.any():
        return _none(n)
    below = np.where(enough, orders(n), 0)
    low, high = nth(ascending, below), nth(ascending, np.where(enough, n - 1 - below, 0))
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def orders(n: Ints) -> Ints:
    """How many posts lie below the lower end of the median's interval."""
    return _orders(1 << int(n.max(initial=SMALLEST)).bit_length())[np.maximum(n, SMALLEST)]


@lru_cache(maxsize=4)
def _orders(largest: int) -> Ints:
    """The orders of all groups smaller than this, so that an answer has to look them up only."""
    smallest = np.maximum(np.arange(largest), SMALLEST)
    return np.floor(bdtrik(_LEFT_OUT, smallest, 0.5)).astype(np.int64)


def mean_intervals(figures: Floats) -> Ends:
    """Ends of the means' intervals."""
    n = sizes(figures)
    if not (n >= SMALLEST).any():
        return _none(n)
    there = ~np.isnan(figures)
    known = np.where(there, figures, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = known.sum(axis=-1) / n
        spread = np.sqrt((np.where(there, figures - mean[..., None], 0.0) ** 2).sum(axis=-1) / (n - 1))
        if len(figures) > 1 and (there == there[:1]).all():
            there = there[:1]  # nothing is hidden: all figures are about the same posts
        weights = _weighed(there.astype(np.float64))
        drawn = _weighed(known) / weights
        drawn_spread = np.sqrt(np.maximum(_weighed(known * known) / weights - drawn * drawn, 0.0))
        deviations = np.log(drawn / mean[..., None]) * drawn * np.sqrt(n - 1)[..., None] / drawn_spread
        return _wider(mean, spread / np.sqrt(n), _ordered(deviations), log_normal(figures, n), n)


def ratio_intervals(above: Floats, below: Floats) -> Ends:
    """The same for ratios of sums; both sides are drawn together."""
    there = ~(np.isnan(above) | np.isnan(below))
    n: Ints = there.sum(axis=-1)
    if not (n >= SMALLEST).any():
        return _none(n)
    above, below = np.where(there, above, 0.0), np.where(there, below, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = below.sum(axis=-1) / n
        ratio = above.sum(axis=-1) / below.sum(axis=-1)
        spread = np.sqrt(((above - ratio[..., None] * below) ** 2).sum(axis=-1) / (n - 1)) / usual
        weights, drawn_below = _weighed(there.astype(np.float64)), _weighed(below)
        drawn = _weighed(above) / drawn_below
        squares = _weighed(above * above) - 2 * drawn * _weighed(above * below) + drawn**2 * _weighed(below * below)
        drawn_spread = np.sqrt(np.maximum(squares / weights, 0.0)) / (drawn_below / weights)
        deviations = np.log(drawn / ratio[..., None]) * drawn * np.sqrt(n - 1)[..., None] / drawn_spread
        alone = log_normal(np.where(there, above / usual[..., None], np.nan), n)
        return _wider(ratio, spread / np.sqrt(n), _ordered(deviations), alone, n)


def log_normal(figures: Floats, n: Ints) -> Ends:
    """Ends of the means' intervals if the figures were log-normal; a zero counts as half of the smallest other one."""
    positive = figures > 0
    smallest = np.where(positive, figures, np.inf).min(axis=-1, keepdims=True, initial=np.inf)
    logs = np.where(np.isnan(figures), np.nan, np.log(np.where(positive, figures, smallest / 2)))
    mean = sums(logs) / n
    half = sums((logs - mean[..., None]) ** 2) / (n - 1) / 2  # of the variance
    fewest, most = (table[n] for table in _chi_squares(1 << int(n.max(initial=1)).bit_length()))
    of_mean = _NORMAL**2 * 2 * half / n
    below = np.sqrt(of_mean + (half * (1 - (n - 1) / most)) ** 2)
    above = np.sqrt(of_mean + (half * ((n - 1) / fewest - 1)) ** 2)
    with np.errstate(over="ignore"):  # of two or three posts the end may lie beyond all numbers; they get no interval
        low: Floats = np.exp(mean + half - below)
        high: Floats = np.exp(mean + half + above)
    return low, high


@lru_cache(maxsize=4)
def _chi_squares(largest: int) -> Ends:
    """The quantiles of chi squared between which a variance lies, for all groups smaller than this."""
    degrees = np.maximum(np.arange(largest) - 1, 1).astype(np.float64)
    fewest, most = (np.asarray(chdtri(degrees, part), np.float64) for part in (1 - _LEFT_OUT, _LEFT_OUT))
    return fewest, most


def _wider(value: Floats, error: Floats, deviations: Floats, other: Ends, n: Ints) -> Ends:
    """The bootstrap-t's ends on the log scale, or the other ones where those lie further out.

    None for groups that are too small, and for those of zeros alone, in which nothing is seen to vary.
    """
    relative = error / value
    low = value * np.exp(-deviations[..., DRAWS - 1 - _FROM_END] * relative)
    high = value * np.exp(-deviations[..., _FROM_END] * relative)
    told: Bools = (n >= SMALLEST) & (value > 0)
    return np.where(told, np.fmin(low, other[0]), np.nan), np.where(told, np.fmax(high, other[1]), np.nan)


def _ordered(deviations: Floats) -> Floats:
    """Each group's deviations in the order of size; a draw without spread deviates from nothing."""
    deviations[~np.isfinite(deviations)] = 0.0
    deviations.sort(axis=-1)  # whole: numpy sorts faster than it partitions
    return deviations


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
    """What the posts of one chunk weigh in each draw (Rubin 1981), from one seeded table: posts x draws."""
    return np.random.default_rng((SEED, chunk)).standard_exponential((CHUNK, DRAWS))


def _none(n: Ints) -> Ends:
    nothing = np.full(n.shape, np.nan)
    return nothing, nothing
