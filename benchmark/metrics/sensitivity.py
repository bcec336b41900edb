"""How much a figure hangs on a few posts, on young posts, and on counts that are hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmark.metrics.ages import SameAge
from benchmark.metrics.base import Metric
from benchmark.metrics.columns import Bools
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import Frame, engagements

TOP_SHARE = 0.05  # of a row's posts, and one post at least


def as_it_is(frame: Frame) -> Frame:
    """The frame of the report."""
    return frame


def without_top_posts(frame: Frame) -> Frame:
    """The same without the twentieth part of each row's posts that brought most engagements, and one at least."""
    posts = frame.posts
    known = np.nan_to_num(posts.columns["engagements"], nan=-1.0)
    order = np.lexsort((posts.id, -known, frame.group))
    group = frame.group[order]
    begins = np.searchsorted(group, np.arange(2 * frame.rows))
    place = np.arange(len(group)) - begins[group]
    left_out = np.maximum(np.ceil(frame.published * TOP_SHARE), 1)
    kept: Bools = np.ones(len(posts), dtype=np.bool_)
    kept[order] = place >= left_out[group]
    return replace(frame, posts=posts.where(kept))


def with_young_posts(frame: Frame) -> Frame:
    """The same with posts that still move."""
    return replace(frame, posts=replace(frame.posts, mature=np.ones(len(frame.posts), dtype=np.bool_)))


def hidden_as_nothing(frame: Frame) -> Frame:
    """The same with hidden parts of engagements counted as none: what they are at least."""
    posts, parts = frame.posts, frame.network.engagement_parts
    filled = {
        name: np.where(np.isnan(column) & ~posts.dropped, 0.0, column)
        for name, column in posts.columns.items()
        if name in parts and name in frame.network.publishes
    }
    columns = {**posts.columns, **filled}
    columns["engagements"] = engagements(frame.network, columns, posts.lacks)
    return replace(frame, posts=replace(posts, columns=columns))


VARIANTS: Mapping[str, Callable[[Frame], Frame]] = {
    "as_it_is": as_it_is,
    "without_top_posts": without_top_posts,
    "with_young_posts": with_young_posts,
    "hidden_as_nothing": hidden_as_nothing,
}


def variants(frame: Frame, metrics: Sequence[Metric]) -> dict[str, dict[str, Figures]]:
    """Each metric's figures in every variant, by the variant's key. Changes are not looked at."""
    return {key: _evaluated(change(frame), metrics) for key, change in VARIANTS.items()}


def _evaluated(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Figures]:
    not_compared = SameAge(np.zeros(frame.rows, dtype=np.bool_), frame.posts.columns)
    return evaluate(frame, metrics, lambda: not_compared)
