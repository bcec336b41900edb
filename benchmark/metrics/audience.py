"""Followers of a whole period, by which other tools divide what its posts brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from benchmark.metrics.base import Audience
from benchmark.metrics.columns import DAY, Floats, Ints, micros
from benchmark.metrics.figures import Computed
from benchmark.metrics.frame import Frame, midnight


def divided(frame: Frame, audience: Audience, computed: Computed) -> Computed:
    """The same figures for a hundred followers."""
    now, before = (100 / np.where(found > 0, found, np.nan) for found in audiences(frame, audience))
    return replace(
        computed,
        value=computed.value * now,
        before=computed.before * before,
        now=None if computed.now is None else computed.now * now,
        low=None if computed.low is None else computed.low * now,
        high=None if computed.high is None else computed.high * now,
    )


def audiences(frame: Frame, audience: Audience) -> tuple[Floats, Floats]:
    """Each row's followers in this period, and in the one before; NaN where they cannot be told."""
    earlier, before, end = (np.array([edge.value for edge in edges]) for edges in frame.edges)
    if audience is Audience.AT_END:
        return frame.followers_at_end.value, before
    if audience is Audience.MEAN_OF_ENDS:
        return (before + end) / 2, (earlier + before) / 2
    span = frame.span
    return _average(frame, span.start, span.end), _average(frame, span.previous_start, span.start - timedelta(days=1))


def elsewhere(frame: Frame, audience: Audience | None) -> list[bool]:
    """Rows of which some of these followers are of another time."""
    if audience is Audience.AT_END:
        at_end: list[bool] = frame.followers_at_end.elsewhere.tolist()
        return at_end
    if audience is Audience.AVERAGE:
        ends = _ends_of_days(frame.span.start, frame.span.end)
        return [bool(course.when(ends)[1].any()) for course in frame.followers]
    return [False] * frame.rows


def _average(frame: Frame, start: date, end: date) -> Floats:
    """The mean of the followers at the end of every day."""
    ends = _ends_of_days(start, end)
    if not len(ends):
        return np.full(frame.rows, np.nan)
    return np.array([course.when(ends)[0].mean() for course in frame.followers])


def _ends_of_days(start: date, end: date) -> Ints:
    return np.arange(micros(midnight(start)), micros(midnight(end)) + DAY, DAY) + DAY
