"""What a profile brings, held against what profiles of its size bring in the same comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.metrics.columns import Bools, Floats
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame

FEWEST_ROWS = 5


def for_size(frame: Frame, means: Computed) -> Computed:
    """Each row's mean ÷ the mean that the line through all rows gives for as many followers, times 100."""
    followers = frame.followers_at_end.value
    same_age = set(means.change_bases) == {"same_age"}
    before = np.array([edge.value for edge in frame.edges[1]])
    return replace(
        means,
        value=_index(means.value, followers),
        before=_index(means.before, before),
        now=None if means.now is None else _index(means.now, followers),
        change_bases=["same_age" if same_age else "mixed_age"] * frame.rows,  # the line goes through all rows
        low=None,
        high=None,
    )


def fitted(followers: Floats, means: Floats) -> tuple[float, float] | None:
    """Slope and height of the least-squares line of log means on log followers; None for fewer than five rows.

    None too where all rows have as many followers: there is no line through one point.
    """
    there = usable(followers, means)
    if there.sum() < FEWEST_ROWS:
        return None
    size, bring = np.log(followers[there]), np.log(means[there])
    if np.ptp(size) == 0:
        return None
    centred = size - size.mean()
    slope = float(centred @ bring / (centred @ centred))
    return slope, float(bring.mean() - slope * size.mean())


def usable(followers: Floats, means: Floats) -> Bools:
    """Rows that a logarithm can be taken of."""
    return np.nan_to_num(followers) * np.nan_to_num(means) > 0


def _index(means: Floats, followers: Floats) -> Floats:
    line = fitted(followers, means)
    if line is None:
        return np.full(len(means), np.nan)
    slope, height = line
    there = usable(followers, means)
    size, bring = (np.log(np.where(there, column, 1.0)) for column in (followers, means))
    return np.where(there, np.exp(bring - height - slope * size) * 100, np.nan)
