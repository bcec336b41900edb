"""How steadily something is published: made of the days on which posts came, young ones too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.columns import DAY, Floats, Ints, micros
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame, midnight

WEEK = 7
FEWEST_WEEKS = 4


def rhythm(frame: Frame, metrics: Sequence[Metric]) -> dict[str, Computed]:
    """The figures of all these metrics."""
    if not metrics:
        return {}
    span, posts = frame.span, frame.posts
    days = (span.start - span.previous_start).days
    now = _by_day(frame, posts.current, span.start, span.days)
    before = _by_day(frame, ~posts.current, span.previous_start, days)
    n: Ints = now.sum(axis=1).astype(np.int64)
    return {
        metric.key: Computed(
            value=np.where(frame.unknown, np.nan, _FORMULAS[metric.over_posts](now)),
            n=n,
            before=np.where(frame.unknown_before, np.nan, _FORMULAS[metric.over_posts](before)),
            change_bases=["all"] * frame.rows,
        )
        for metric in metrics
    }


def _by_day(frame: Frame, chosen: np.ndarray, start: date, days: int) -> Floats:
    """How many of the chosen posts each row has on each day: rows x days."""
    day = (frame.posts.published[chosen] - micros(midnight(start))) // DAY
    counted: Floats = np.bincount(frame.posts.row[chosen] * days + day, minlength=frame.rows * days).astype(np.float64)
    return counted.reshape(frame.rows, days)


def _active(by_day: Floats) -> Floats:
    days = by_day.shape[1]
    share: Floats = (by_day > 0).sum(axis=1) / days * 100 if days else np.full(len(by_day), np.nan)
    return share


def _longest_pause(by_day: Floats) -> Floats:
    """The longest run of days without a post, in days."""
    longest, running = np.zeros(len(by_day)), np.zeros(len(by_day))
    for day in by_day.T:
        running = np.where(day > 0, 0.0, running + 1)
        longest = np.maximum(longest, running)
    return longest if by_day.shape[1] else np.full(len(by_day), np.nan)


def _spread(by_day: Floats) -> Floats:
    """The standard deviation (of a sample) of the posts of whole weeks ÷ their mean; weeks end with the period."""
    weeks = by_day.shape[1] // WEEK
    if weeks < FEWEST_WEEKS:
        return np.full(len(by_day), np.nan)
    by_week = by_day[:, by_day.shape[1] - weeks * WEEK :].reshape(len(by_day), weeks, WEEK).sum(axis=2)
    mean = by_week.mean(axis=1)
    spread: Floats = by_week.std(axis=1, ddof=1) / np.where(mean > 0, mean, np.nan)
    return spread


_FORMULAS: dict[Statistic, Callable[[Floats], Floats]] = {
    Statistic.ACTIVE_DAYS: _active,
    Statistic.LONGEST_PAUSE: _longest_pause,
    Statistic.SPREAD: _spread,
}
