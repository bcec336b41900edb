"""What few posts of many profiles tell together: each profile drawn towards the middle, as far as its posts are unsure.

Empirical Bayes on the logarithms of the posts' rates: the profiles' own means vary around a common one with a variance
that is estimated from all of them (DerSimonian and Laird 1986), and the pull is held back by (k - 3) / (k - 1) for k
profiles (Efron and Morris 1973), without which few profiles are pulled too far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.columns import Floats

FEWEST_PROFILES = 5
FEWEST_POSTS = 3
POOLED_WEIGHS = 8  # as many posts of its own does a profile's variance need to count as much as the common one


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Each profile's typical rate (the geometric mean), drawn to the middle; NaN where there are too few posts.

    `weight` is how much a profile's own posts count in it, from 0 to 1.
    """

    value: Floats
    weight: Floats


def shrunken(rates: Sequence[Floats]) -> Shrunken | None:
    """The rates of each profile's posts, drawn together; None where fewer than five profiles have three posts.

    A post without any engagement counts as half of the profile's smallest other one.
    """
    logs = [_logs(figures) for figures in rates]
    told = np.array([len(each) >= FEWEST_POSTS for each in logs], dtype=np.bool_)
    k = int(told.sum())
    if k < FEWEST_PROFILES:
        return None
    used = [each for each in logs if len(each) >= FEWEST_POSTS]
    n = np.array([len(each) for each in used], dtype=np.float64)
    means = np.array([each.mean() for each in used])
    squares = np.array([((each - each.mean()) ** 2).sum() for each in used])
    pooled = squares.sum() / (n - 1).sum()
    unsure = (squares + POOLED_WEIGHS * pooled) / (n - 1 + POOLED_WEIGHS) / n
    if not unsure.all():
        return None  # all posts of all profiles are alike: there is nothing to be unsure of
    between = _between(means, unsure)
    weights = 1 / (unsure + between)
    middle = (weights * means).sum() / weights.sum()
    own = 1 - unsure / (unsure + between) * (k - 3) / (k - 1)
    value, weight = np.full(len(logs), np.nan), np.full(len(logs), np.nan)
    value[told], weight[told] = np.exp(middle + own * (means - middle)), own
    return Shrunken(value, weight)


def _logs(figures: Floats) -> Floats:
    known = figures[~np.isnan(figures)]
    positive = known[known > 0]
    if not len(positive):
        return positive
    logs: Floats = np.log(np.where(known > 0, known, positive.min() / 2))
    return logs


def _between(means: Floats, unsure: Floats) -> float:
    """The variance of the profiles' true means, by the method of moments."""
    weights = 1 / unsure
    middle = (weights * means).sum() / weights.sum()
    heterogeneity = (weights * (means - middle) ** 2).sum()
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    return float(max(0.0, (heterogeneity - (len(means) - 1)) / scale))
