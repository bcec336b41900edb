"""The Report: one frozen value that pages, JSON, CSV and the command line all show.

Figures are rounded to 10 significant digits when they are put in here, so that every door prints the same digits.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from benchmark.industry.value import Figure, Gap
from benchmark.insights import Sentence
from benchmark.metrics.value import Change, Percentile, Value

__all__ = [
    "Bucket",
    "Caution",
    "Change",
    "CompetitorSummary",
    "Figure",
    "Freshness",
    "Gap",
    "Line",
    "MetricInfo",
    "OwnPosition",
    "Percentile",
    "Period",
    "Point",
    "Report",
    "Row",
    "RowBrand",
    "RowProfile",
    "Sentence",
    "Series",
    "TopPost",
    "Value",
    "to_json",
]


class Period(msgspec.Struct, frozen=True, gc=False):
    """Whole UTC days from `start` to `end`, both included, and the days before them that changes refer to."""

    start: date
    end: date
    days: int
    key: str  # "30d", or "2016-03-01..2016-05-31"
    previous_start: date
    previous_end: date


class MetricInfo(msgspec.Struct, frozen=True, gc=False):
    """The definition behind a column, so that an answer explains itself."""

    key: str
    label: str
    unit: str
    better: str
    definition: str
    answers: str
    source: str
    version: int
    at_least: int


class RowProfile(msgspec.Struct, frozen=True, gc=False):
    id: int
    tracked_id: int
    handle: str
    name: str
    url: str
    avatar_url: str | None
    pretend: bool


class RowBrand(msgspec.Struct, frozen=True, gc=False):
    id: int
    name: str
    colour: str
    industry: str


class Row(msgspec.Struct, frozen=True, gc=False):
    """One followed profile: who it is, its figures by metric key, and its posts by kind (None: see `posts`' reason)."""

    profile: RowProfile
    brand: RowBrand
    role: str  # "own" or "competitor"
    values: dict[str, Value]
    kinds: dict[str, int] | None


class OwnPosition(msgspec.Struct, frozen=True, gc=False):
    """Where one own account stands in one metric."""

    tracked_id: int
    profile_id: int
    value: float | int | None
    rank: int | None
    of: int | None
    # Against the competitors' median, and None where the bases differ.
    difference: float | int | None
    times: float | None
    # Among the profiles of its industry and size.
    percentile: Percentile | None = None


class CompetitorSummary(msgspec.Struct, frozen=True, gc=False):
    """The competitors' middle in one metric, over those of the most frequent basis."""

    median: float | int | None
    mean: float | int | None
    n: int
    basis: str | None
    own: tuple[OwnPosition, ...]


class TopPost(msgspec.Struct, frozen=True, gc=False):
    """A post of the period. `rate` is its engagements ÷ followers when posted, in percent."""

    id: int
    external_id: str
    profile_id: int
    tracked_id: int
    url: str
    published_at: datetime
    read_at: datetime
    kind: str
    text: str
    reactions: int | None
    comments: int | None
    shares: int | None
    quotes: int | None
    saves: int | None
    views: int | None
    engagements: int
    rate: float | None
    provisional: bool
    gone: bool


class Freshness(msgspec.Struct, frozen=True, gc=False):
    """How far a profile's figures reach, and what is wrong with reading it, if anything."""

    tracked_id: int
    profile_id: int
    read_at: datetime | None
    history_from: date | None
    history_to: datetime | None
    state: str  # a value of models.State, or "paused", "waiting" (not read whole yet), "file"
    code: str
    sentence: str
    remedy: str | None


class Caution(msgspec.Struct, frozen=True, gc=False):
    """Something that a reader should know before drawing a conclusion."""

    code: str
    sentence: str
    metric: str | None
    tracked_ids: tuple[int, ...]
    n: int


class Report(msgspec.Struct, frozen=True, gc=False):
    """How a workspace's accounts compare with its competitors on one network, over one period.

    `gaps` say what own accounts lack to the middle of their industry; `without_industry` names the metrics beside which
    no figure of the same definition is known.
    """

    network: str
    period: Period
    rows: tuple[Row, ...]
    summary: dict[str, CompetitorSummary]
    industry: tuple[Figure, ...]
    gaps: tuple[Gap, ...]
    without_industry: tuple[str, ...]
    top_posts: tuple[TopPost, ...]
    sentences: tuple[Sentence, ...]
    freshness: tuple[Freshness, ...]
    warnings: tuple[Caution, ...]
    metrics: tuple[MetricInfo, ...]
    as_of: datetime


class Bucket(msgspec.Struct, frozen=True, gc=False):
    """A day, a week from Monday to Sunday, or a month; cut at the period's ends."""

    start: date
    end: date


class Point(msgspec.Struct, frozen=True, gc=False):
    value: float | int | None
    n: int
    reason: str | None


class Line(msgspec.Struct, frozen=True, gc=False):
    """One profile's course; `points` stand in the order of the buckets."""

    profile: RowProfile
    brand: RowBrand
    role: str
    points: tuple[Point, ...]


class Series(msgspec.Struct, frozen=True, gc=False):
    """One metric of all followed profiles over time."""

    network: str
    metric: MetricInfo
    interval: str  # "day", "week" or "month"
    period: Period
    buckets: tuple[Bucket, ...]
    lines: tuple[Line, ...]
    as_of: datetime


def to_json(value: Report | Series) -> bytes:
    """The value as JSON. What is not a number (NaN, infinity) is null."""
    return msgspec.json.encode(value)
