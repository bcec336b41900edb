"""A figure about an industry, with its full definition."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """A published figure or one of this installation's cohorts, and the metric that it may stand beside.

    `kind` is `published` or `cohort`. `over_posts` is the statistic over a profile's posts, `over_profiles` the one
    over the profiles (`median`, `p25`, `p75`). `differences` names in sentences where the definition departs from the
    metric's own; an empty tuple means that nothing known does.
    """

    metric: str
    kind: str
    industry: str
    industry_label: str
    value: float
    unit: str
    source: str
    source_url: str
    year: int
    parts: str
    denominator: str
    over_posts: str
    over_profiles: str
    profiles: int | None
    follower_tier: str
    period_start: date | None
    period_end: date | None
    computed_at: datetime | None
    note: str
    differences: tuple[str, ...]
