"""Columns of posts that only some metrics ask for: made of what a frame holds, or read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from benchmark.metrics.asking import array
from benchmark.metrics.base import FOLLOWERS_THAT_DAY, Metric
from benchmark.metrics.columns import DAY, Bools, Floats, Ints, ask_columns, count, known, whole
from benchmark.metrics.frame import KINDS, Frame

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS_OF_A_DAY = ("night", "morning", "afternoon", "evening")  # of six hours each
FIRST_WEEKDAY = 5  # moments are counted from 2000-01-01, a Saturday
WEIGHTS = {"reactions": 1.0, "comments": 2.0, "shares": 3.0, "quotes": 3.0}

# The words of a post that was deleted, or kept too long, are gone: how many they were is not known.
WORDS = {
    "post": whole("id"),
    "hashtags": count("CASE WHEN gone_at IS NULL AND dropped_at IS NULL THEN cardinality(hashtags) END"),
    "text_length": count("CASE WHEN gone_at IS NULL AND dropped_at IS NULL THEN char_length(text) END"),
    "posts_with_links": count(
        "CASE WHEN gone_at IS NULL AND dropped_at IS NULL"
        " THEN (kind = 'link' OR text ~* '(https?://|www\\.)[a-z0-9]')::int END"
    ),
}
WORDS_FROM = "benchmark_post WHERE id = ANY(%(posts)s::bigint[])"
OF_WORDS = ("hashtags", "text_length", "posts_with_links", "posts_with_hashtags")


def derive(frame: Frame, metrics: Iterable[Metric]) -> None:
    """Put the columns that these metrics need, and the frame does not have yet, beside its others."""
    columns = frame.posts.columns
    missing = {name for metric in metrics for name in metric.each.names if name not in columns}
    columns |= {name: DERIVED[name](frame) for name in missing if name in DERIVED}
    if missing.intersection(OF_WORDS):
        columns |= _words(frame)


def _weighted(frame: Frame) -> Floats:
    """Engagements that weigh the more, the more trouble they are; what a file lacks is left out, as in engagements."""
    posts, parts = frame.posts, frame.network.engagement_parts
    weighed = [
        np.where(posts.lacks[:, place], 0.0, posts.columns[part]) * WEIGHTS[part] for place, part in enumerate(parts)
    ]
    total: Floats = np.sum(weighed, axis=0) if weighed else np.full(len(posts), np.nan)
    return np.where(posts.lacks.all(axis=1), np.nan, total)


def _followers_that_day(frame: Frame) -> Floats:
    """Followers at the end of the UTC day on which each post was published."""
    posts = frame.posts
    found = np.full(len(posts), np.nan)
    ends = np.searchsorted(posts.row, np.arange(frame.rows + 1))
    for course, begin, end in zip(frame.followers, ends[:-1], ends[1:], strict=True):
        found[begin:end], _ = course.when((posts.published[begin:end] // DAY + 1) * DAY)
    return found


def _words(frame: Frame) -> Mapping[str, Floats]:
    """What the texts of the posts are like; not known where no text of a profile is, because its source has none."""
    posts = frame.posts
    columns = {name: np.full(len(posts), np.nan) for name in WORDS if name != "post"}
    found = ask_columns(WORDS, WORDS_FROM, {"posts": array(posts.id.tolist())})()
    at, there = posts.places(found["post"])
    for name, column in columns.items():
        column[at] = known(found[name][there])
    written = np.bincount(posts.row, weights=np.nan_to_num(columns["text_length"]), minlength=frame.rows) > 0
    tagged = np.bincount(posts.row, weights=np.nan_to_num(columns["hashtags"]), minlength=frame.rows) > 0
    told = (written | tagged)[posts.row]
    columns = {name: np.where(told, column, np.nan) for name, column in columns.items()}
    tags = columns["hashtags"]
    return columns | {"posts_with_hashtags": np.where(np.isnan(tags), np.nan, tags > 0)}


def _weekdays(frame: Frame) -> Ints:
    return (frame.posts.published // DAY + FIRST_WEEKDAY) % 7


def _parts(frame: Frame) -> Ints:
    return frame.posts.published % DAY // (DAY // len(PARTS_OF_A_DAY))


def _is(of: Callable[[Frame], Ints], place: int) -> Callable[[Frame], Floats]:
    def column(frame: Frame) -> Floats:
        there: Bools = of(frame) == place
        return there.astype(np.float64)

    return column


DERIVED: Mapping[str, Callable[[Frame], Floats]] = {
    "weighted_engagements": _weighted,
    FOLLOWERS_THAT_DAY: _followers_that_day,
    **{f"{kind}_posts": _is(lambda frame: frame.posts.kind, place) for place, kind in enumerate(KINDS)},
    **{f"posts_on_{day}": _is(_weekdays, place) for place, day in enumerate(WEEKDAYS)},
    **{f"posts_in_the_{part}": _is(_parts, place) for place, part in enumerate(PARTS_OF_A_DAY)},
}
