"""The Report: one frozen value that pages, JSON, CSV and the command line all show.

Figures are rounded to 10 significant digits when they are put in here, so that every door prints the same digits.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from benchmark.industry.value import Figure, Gap
from benchmark.insights import Sentence
from benchmark.metrics.expectations import Expected
from benchmark.metrics.value import Change, Percentile, Value

__all__ = [
    "Against",
    "Bucket",
    "Caution",
    "Change",
    "CompetitorSummary",
    "Expected",
    "Figure",
    "Freshness",
    "Gap",
    "Line",
    "MetricInfo",
    "OwnPosition",
    "Percentile",
    "PerformingPost",
    "Period",
    "Point",
    "Report",
    "Row",
    "RowBrand",
    "RowProfile",
    "Sensitivity",
    "SensitivityRow",
    "Sentence",
    "Series",
    "Shrunken",
    "StepMark",
    "TopPost",
    "Value",
    "Variant",
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
    group: str  # what it is about: a value of metrics.Group
    clock: str  # "published": posts of the period, with all they gathered since; "received": what came in during it
    formula: str
    needs: tuple[str, ...]  # what a post or profile must show
    known_as: tuple[str, ...]  # the same figure in other tools, each with its name there


class RowProfile(msgspec.Struct, frozen=True, gc=False):
    id: int
    tracked_id: int
    handle: str
    shown_handle: str  # as the network writes it: `@anna`, `r/tea`
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


class Against(msgspec.Struct, frozen=True, gc=False):
    """How an own account stands against one competitor in one metric, over the same basis.

    `verdict` is `ahead`, `behind`, `too_close_to_call`, `not_enough_posts`, or `level` for equal counts. `chance` is
    the probability that the true figure of the own account is the better one; None where counts are what they are.
    """

    tracked_id: int
    verdict: str
    chance: float | None


class Shrunken(msgspec.Struct, frozen=True, gc=False):
    """A profile's typical rate drawn towards the middle of all, as far as its few posts leave it unsure.

    `weight` says how much its own posts count in it, from 0 to 1; `rank` is the place by these figures.
    """

    tracked_id: int
    value: float
    rank: int
    weight: float


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
    against: tuple[Against, ...] = ()
    # Among the profiles of its industry and size.
    percentile: Percentile | None = None


class CompetitorSummary(msgspec.Struct, frozen=True, gc=False):
    """The competitors' middle in one metric, over those of the most frequent basis."""

    median: float | int | None
    mean: float | int | None
    n: int
    basis: str | None
    own: tuple[OwnPosition, ...]
    shrunken: tuple[Shrunken, ...] = ()  # beside the rates, where some profile has few posts


class TopPost(msgspec.Struct, frozen=True, gc=False):
    """A post of the period. `rate` is its engagements ÷ followers when posted, in percent.

    `expected` is what a provisional post will come to, for each count that grows; empty where it has settled.
    `overperformance` is actual ÷ expected at the same age beside the account's own posts. Where there is none,
    `overperformance_reason` is a key of `REASONS`; both are None where nobody asked.
    """

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
    expected: tuple[Expected, ...] = ()
    overperformance: float | None = None
    overperformance_reason: str | None = None


class PerformingPost(msgspec.Struct, frozen=True, gc=False):
    """A post that did far better, or far worse, than its account's posts usually do at the same age.

    `score` is `actual` ÷ `expected`; `times` says the same in CrowdTangle's way: below 1 it is -expected ÷ actual, and
    None where nothing came. `expected` is the mean of the middle half of `n` posts before it, at most 100. `basis`:
    "same_kind", "all_kinds" where those of its kind are too few, "curve" where too few were read at its age, so that
    their final counts were brought to it. `age_hours` is the checkpoint at which all were compared; None: mature ones,
    or by the curve.
    """

    id: int
    external_id: str
    profile_id: int
    tracked_id: int
    url: str
    published_at: datetime
    read_at: datetime
    kind: str
    text: str
    count: str  # "engagements", or "views" where a network has none
    actual: int
    expected: float
    score: float
    times: float | None
    n: int
    basis: str
    age_hours: int | None
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
    # The best first, and the worst first; None where nobody asked for them.
    overperforming: tuple[PerformingPost, ...] | None = None
    underperforming: tuple[PerformingPost, ...] | None = None


class Bucket(msgspec.Struct, frozen=True, gc=False):
    """A day, a week from Monday to Sunday, or a month; cut at the period's ends."""

    start: date
    end: date


class Point(msgspec.Struct, frozen=True, gc=False):
    value: float | int | None
    n: int
    reason: str | None


class StepMark(msgspec.Struct, frozen=True, gc=False):
    """A step in a follower count that ordinary growth does not explain. Nothing is taken away because of it.

    `kind` is "reading_error" (back `until` then), "jump" (it stayed), "purge" or "common_step" (many profiles of the
    network stepped on that day). `z` is the step against the profile's own days, `change` in percent.
    """

    kind: str
    at: datetime
    before: int
    after: int
    change: float
    z: float
    until: datetime | None


class Line(msgspec.Struct, frozen=True, gc=False):
    """One profile's course; `points` stand in the order of the buckets. `marks` are those of a metric of followers."""

    profile: RowProfile
    brand: RowBrand
    role: str
    points: tuple[Point, ...]
    marks: tuple[StepMark, ...] = ()


class Series(msgspec.Struct, frozen=True, gc=False):
    """One metric of all followed profiles over time."""

    network: str
    metric: MetricInfo
    interval: str  # "day", "week" or "month"
    period: Period
    buckets: tuple[Bucket, ...]
    lines: tuple[Line, ...]
    as_of: datetime


class Variant(msgspec.Struct, frozen=True, gc=False):
    """One way of taking the posts."""

    key: str
    label: str
    definition: str


class SensitivityRow(msgspec.Struct, frozen=True, gc=False):
    """One profile's figures by metric and variant."""

    profile: RowProfile
    brand: RowBrand
    role: str
    values: dict[str, dict[str, Point]]


class Sensitivity(msgspec.Struct, frozen=True, gc=False):
    """How much the figures of all followed profiles hang on a few posts, on young posts and on hidden counts."""

    network: str
    period: Period
    metrics: tuple[MetricInfo, ...]
    variants: tuple[Variant, ...]
    rows: tuple[SensitivityRow, ...]
    as_of: datetime


def to_json(value: Report | Series | Sensitivity) -> bytes:
    """The value as JSON. What is not a number (NaN, infinity) is null."""
    return msgspec.json.encode(value)
