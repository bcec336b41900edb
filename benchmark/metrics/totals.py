"""Sums over all posts of the period, the young ones too, and each row's share of them."""

from __future__ import annotations

import numpy as np

from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.columns import Floats, Ints
from benchmark.metrics.figures import Figures, figures
from benchmark.metrics.frame import Frame
from benchmark.networks.base import COUNTS


def totals(frame: Frame, metric: Metric) -> Figures:
    """The sum of a column over the posts on which it is known; none where there are posts and it is known of none."""
    (name,) = metric.each.names
    value, n = _sums(frame, name)
    value[np.concatenate([frame.unknown, frame.unknown | frame.unknown_before])] = np.nan
    if metric.over_posts is Statistic.PER_WEEK:
        value = value / frame.span.days * 7
    now, before = np.split(value, 2)
    return figures(now, n[: frame.rows], before=before, change_bases=_bases(frame, name))


def shares(frame: Frame, metric: Metric) -> Figures:
    """Each row's part of the whole, in percent; none for anybody while one row's sum is not known."""
    sums = totals(frame, metric)
    bases = "mixed_age" if "mixed_age" in sums.change_bases else next(iter(sums.change_bases), "all")
    return figures(
        _parts(sums.value),
        sums.n,
        before=_parts(sums.value - sums.change),
        change_bases=[bases] * frame.rows,
    )


def _sums(frame: Frame, name: str) -> tuple[Floats, Ints]:
    """The sum and the number of posts on which it is known, for each row now and each row before."""
    posts, groups = frame.posts, 2 * frame.rows
    group = posts.row + np.where(posts.current, 0, frame.rows)
    column = posts.columns[name]
    there = ~np.isnan(column)
    n = np.bincount(group[there], minlength=groups)
    value = np.bincount(group[there], weights=column[there], minlength=groups)
    told = name not in COUNTS or name in frame.network.publishes
    missing = (n == 0) & ((np.bincount(group, minlength=groups) > 0) | (not told))
    return np.where(missing, np.nan, value), n


def _bases(frame: Frame, name: str) -> list[str]:
    if name == "posts":
        return ["all"] * frame.rows
    return ["mixed_age" if young else "latest" for young in frame.young.tolist()]


def _parts(sums: Floats) -> Floats:
    whole = sums.sum()
    return sums / whole * 100 if whole > 0 else np.full(len(sums), np.nan)
