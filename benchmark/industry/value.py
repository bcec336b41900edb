"""A figure about an industry, with its full definition, and how one profile stands to it."""

from __future__ import annotations

from datetime import date

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from benchmark.industry.tiers import tier_name


class Spread(msgspec.Struct, frozen=True, gc=False):
    """How a cohort's profiles are distributed: a quarter of them lie below `p25`, and so on."""

    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    mean: float


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A published figure or one of this installation's cohorts, and the metric that it may stand beside.

    `kind` is `published` or `cohort`. `over_posts` is the statistic over a profile's posts, `over_profiles` the one
    over the profiles. `published_industry` is what the publisher calls it. `target` says whether it is anything to aim
    at. `differences` names in sentences where the definition departs from the metric's own; an empty tuple means that
    nothing known does. A cohort's `value` is its median, and `spread` the rest of it.
    """

    metric: str
    kind: str
    network: str
    industry: str
    industry_label: str
    published_industry: str
    value: float
    unit: str
    publisher: str
    source: str
    source_url: str
    year: int | None
    edition: str
    measure: str
    parts: str
    denominator: str
    over_posts: str
    over_profiles: str
    profiles: int | None
    follower_tier: str
    post_format: str
    period_start: date | None
    period_end: date | None
    target: bool
    note: str
    differences: tuple[str, ...]
    spread: Spread | None

    @property
    def about(self) -> str:
        """Whom it is about: an industry, and a size where it is about one."""
        return ", ".join(filter(None, (self.industry_label, tier_name(self.follower_tier))))

    @property
    def origin(self) -> str:
        """Where it comes from: the source with its year, or how many profiles of which month."""
        if self.period_start is None:
            when = " ".join(filter(None, (self.edition, "" if self.year is None else str(self.year))))
            return f"{self.source} ({when})" if when else self.source
        words = {"n": self.profiles, "month": date_format(self.period_start, "F Y")}
        return _("%(n)d profiles of this installation, %(month)s") % words


class ListedFigure(Figure, frozen=True, gc=False):
    """A figure in the list of its industry: `metrics` are all it may stand beside, `reason` says why there is none."""

    metrics: tuple[str, ...]
    reason: str


class Industry(msgspec.Struct, frozen=True, gc=False):
    """An industry that a brand may have, or all together, and how many published figures there are about it."""

    key: str
    label: str
    published: int
    networks: tuple[str, ...]


class Gap(msgspec.Struct, frozen=True, gc=False):
    """What an own account lacks to the middle of its industry, and to its top quarter, in a unit that can be acted on.

    `unit` is for example `engagements_per_post`, `posts_per_week` or `followers_per_week`. `to_median` and
    `to_top_quarter` are how many more of them it takes; None where that is reached, or not known. `median` and
    `top_quarter` are the industry's figures in the metric's own unit.
    """

    metric: str
    tracked_id: int
    unit: str
    value: float
    median: float
    top_quarter: float | None
    to_median: float | None
    to_top_quarter: float | None
    profiles: int | None
    kind: str
    industry: str
    sentence: str
