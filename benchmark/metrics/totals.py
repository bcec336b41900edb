"""Sums over all posts of the period, the young ones too, and each row's share of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame
from benchmark.networks.base import COUNTS, Network


def totals(frame: Frame, metrics: list[Metric]) -> dict[str, Computed]:
    """Sums of columns, sums per week and per day, and shares of sums."""
    sums = {name: _sums(frame, name) for name in dict.fromkeys(metric.each.names[0] for metric in metrics)}
    return {metric.key: _computed(frame, metric, sums) for metric in metrics}


def unsummed(frame: Frame, name: str) -> Bools:
    """Rows whose sum of a column is not known."""
    return np.isnan(_sums(frame, name)[0][: frame.rows])


def _computed(frame: Frame, metric: Metric, sums: Mapping[str, tuple[Floats, Ints]]) -> Computed:
    (name,) = metric.each.names
    value, n = sums[name]
    now, before = np.split(value, 2)
    bases = _bases(frame, name)
    if metric.over_posts is Statistic.PER_WEEK:
        now, before = now / frame.span.days * 7, before / frame.span.days * 7
    elif metric.over_posts is Statistic.PER_DAY:
        now, before = now / frame.span.days, before / frame.span.days
    elif metric.over_posts is Statistic.SHARE:
        now, before = parts(now), parts(before)
        bases = ["mixed_age" if "mixed_age" in bases else bases[0]] * frame.rows if bases else []
    return Computed(value=now, n=n[: frame.rows], before=before, change_bases=bases)


def _sums(frame: Frame, name: str) -> tuple[Floats, Ints]:
    """The sum and the number of posts on which it is known, for each row now and each row before.

    None outside a row's history, and none where there are posts and the column is known of none.
    """
    column, groups = frame.posts.columns[name], 2 * frame.rows
    there = ~np.isnan(column)
    group = frame.group[there]
    n = np.bincount(group, minlength=groups)
    value = np.bincount(group, weights=column[there], minlength=groups)
    missing = (n == 0) & (frame.published > 0) if _is_told(frame.network, name) else n == 0
    unknown = np.concatenate([frame.unknown, frame.unknown | frame.unknown_before])
    return np.where(missing | unknown, np.nan, value), n


def _is_told(network: Network, name: str) -> bool:
    """Whether the network tells it of posts, so that over no posts it is zero."""
    if name in COUNTS:
        return name in network.publishes
    return name == "posts" or bool(network.engagement_parts)


def _bases(frame: Frame, name: str) -> list[str]:
    return ["all"] * frame.rows if name == "posts" else frame.latest_bases


def parts(sums: Floats) -> Floats:
    """Each part of the whole, in percent; none for anybody while one row's sum is not known."""
    whole = sums.sum()
    return sums / whole * 100 if whole > 0 else np.full(len(sums), np.nan)
