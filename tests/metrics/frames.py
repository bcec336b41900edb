"""Comparisons made of drawn posts and readings, without a database, and the figures of all metrics in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from benchmark.metrics import METRICS
from benchmark.metrics.ages import SameAge
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Floats, micros
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.followers import Course
from benchmark.metrics.frame import KINDS, Frame, Posts, Source, Span, Subject, engagements, reach_or_views
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network

NETWORK = NETWORKS["x"]  # which publishes every count
START, END = date(2025, 3, 3), date(2025, 3, 30)  # four whole weeks
SPAN = Span(start=START, end=END, previous_start=START - (END - START) - timedelta(days=1))
NOW = datetime(2025, 6, 1, tzinfo=UTC)
MATURE = timedelta(days=20)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A post as it was last read."""

    at: datetime
    counts: Mapping[str, int | None]
    reach: int | None = None
    kind: str = "text"
    hashtags: int | None = 0
    length: int | None = 0
    links: bool | None = False
    read_after: timedelta = MATURE


@dataclass(frozen=True)
class DrawnRow:
    """A profile with its posts and its followers by moments."""

    posts: Sequence[Drawn] = ()
    readings: Mapping[datetime, int] = field(default_factory=dict)

    def having(self, *posts: Drawn) -> DrawnRow:
        """The same with other posts."""
        return replace(self, posts=posts)


@dataclass(frozen=True)
class Figure:
    """What an answer says of one row in one metric."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None


def frame_of(rows: Sequence[DrawnRow], network: Network = NETWORK) -> Frame:
    """The rows as metrics see them."""
    source = Source(profile_id=1, history_from=date(2024, 1, 1), history_to=NOW)
    courses = tuple(_course(row.readings) for row in rows)
    posts = _posts(rows, network)
    measured = np.zeros(len(rows), dtype=np.bool_)
    measured[posts.row[~np.isnan(posts.columns["measured_reach"])]] = True
    posts.columns["reach"] = reach_or_views(network, posts.columns, measured[posts.row])
    when = [courses[row].when(np.array([at])) for row, at in zip(posts.row, posts.published, strict=True)]
    posts.columns[FOLLOWERS] = np.array([followers[0] for followers, _ in when], dtype=np.float64)
    return Frame(
        network=network,
        subjects=tuple(replace(Subject((source,)), own=not number) for number, _ in enumerate(rows)),
        span=SPAN,
        now=NOW,
        posts=replace(posts, backfilled=np.array([elsewhere[0] for _, elsewhere in when], dtype=np.bool_)),
        followers=courses,
        reasons=(None,) * len(rows),
        previous_reasons=(None,) * len(rows),
        measured_reach=measured,
    )


def figures_of(rows: Sequence[DrawnRow] | Frame) -> list[dict[str, Figure]]:
    """All metrics of every row."""
    frame = rows if isinstance(rows, Frame) else frame_of(rows)
    not_compared = SameAge(np.zeros(frame.rows, dtype=np.bool_), frame.posts.columns)
    found = evaluate(frame, [*METRICS.values()], lambda: not_compared)
    return [
        {
            key: Figure(
                _number(figures.value[row]),
                _number(figures.low[row]),
                _number(figures.high[row]),
                int(figures.n[row]),
                figures.reasons[row],
            )
            for key, figures in found.items()
        }
        for row in range(frame.rows)
    ]


def _posts(rows: Sequence[DrawnRow], network: Network) -> Posts:
    both = [(row, post) for row, drawn in enumerate(rows) for post in sorted(drawn.posts, key=lambda post: post.at)]
    posts = [post for _, post in both]
    columns = {name: _column([post.counts.get(name) for post in posts]) for name in COUNTS}
    lacks = np.zeros((len(posts), len(network.engagement_parts)), dtype=np.bool_)
    columns["engagements"] = engagements(network, columns, lacks)
    columns["posts"] = np.ones(len(posts))
    columns["measured_reach"] = _column([post.reach for post in posts])
    columns["hashtags"] = _column([post.hashtags for post in posts])
    columns["posts_with_hashtags"] = _column([None if post.hashtags is None else post.hashtags > 0 for post in posts])
    columns["text_length"] = _column([post.length for post in posts])
    columns["posts_with_links"] = _column([post.links for post in posts])
    published = np.array([micros(post.at) for post in posts], dtype=np.int64)
    return Posts(
        row=np.array([row for row, _ in both], dtype=np.int64),
        profile=np.array([row for row, _ in both], dtype=np.int64),
        id=np.arange(len(posts), dtype=np.int64),
        published=published,
        read=np.array([micros(post.at + post.read_after) for post in posts], dtype=np.int64),
        kind=np.array([KINDS.index(post.kind) for post in posts], dtype=np.int64),
        current=published >= micros(SPAN.begins),
        mature=np.array([post.read_after >= network.maturity for post in posts], dtype=np.bool_),
        dropped=np.zeros(len(posts), dtype=np.bool_),
        lacks=lacks,
        backfilled=np.zeros(len(posts), dtype=np.bool_),
        columns=columns,
    )


def _course(readings: Mapping[datetime, int]) -> Course:
    at = np.array([micros(at) for at in sorted(readings)], dtype=np.int64)
    return Course(at, np.array([readings[moment] for moment in sorted(readings)], dtype=np.float64))


def _column(numbers: Sequence[float | None]) -> Floats:
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)


def _number(figure: Any) -> float | None:
    return None if np.isnan(figure) else float(figure)
