"""Which figures may stand beside a metric: those of the same definition, with what still differs named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.industry.value import Figure
from benchmark.metrics import METRICS, Metric
from benchmark.metrics.asking import array, ask
from benchmark.metrics.base import FOLLOWERS, Ratio
from benchmark.models import INDUSTRIES
from benchmark.networks.base import Network

ALL = "all"

COLUMNS = (
    "metric", "published", "industry", "value", "unit", "source", "source_url", "year", "parts", "denominator",
    "over_posts", "over_profiles", "profiles", "follower_tier", "period_start", "period_end", "computed_at", "note",
)  # fmt: skip

# Of each publisher's figures the latest year.
FIGURES = """
SELECT DISTINCT ON (metric, industry, published, follower_tier, over_profiles) *
  FROM (SELECT metric, computed_at IS NULL AS published, industry, value, unit, source, source_url, year, parts,
               denominator, over_posts, over_profiles, profiles, follower_tier, period_start,
               period_end, computed_at, note
          FROM benchmark_industryfigure
         WHERE network = %(network)s AND metric = ANY(%(metrics)s::text[]) AND industry = ANY(%(industries)s::text[])
           AND (computed_at IS NULL OR follower_tier = ANY(%(tiers)s::text[]))) AS figure
 ORDER BY metric, industry, published, follower_tier, over_profiles, year DESC, source
"""

# Denominators of the family "by follower", and what is to be said about them beside ours.
BY_FOLLOWER: dict[str, Any] = {
    FOLLOWERS: "",
    "followers": gettext_lazy(
        "The source does not say when its followers were counted; here they are those when the post was made."
    ),
    "followers_now": gettext_lazy(
        "The source divides by followers at the end of its period; here they are those when the post was made."
    ),
}


def ask_beside(
    network: Network, *, metrics: Collection[str], industries: Iterable[str], tiers: Iterable[str]
) -> Callable[[], tuple[Figure, ...]]:
    """Ask for published figures, and for cohorts of these tiers, of these industries and of all together."""
    given: dict[str, Any] = {
        "network": network.key,
        "metrics": array(key for key in metrics if key in METRICS),
        "industries": array(sorted({ALL, *filter(None, industries)})),
        "tiers": array(['""', *sorted(set(tiers))]),
    }
    answer = ask(FIGURES, given)
    return lambda: _beside(network, [dict(zip(COLUMNS, row, strict=True)) for row in answer()])


def _beside(network: Network, found: list[dict[str, Any]]) -> tuple[Figure, ...]:
    return tuple(_figure(network, row) for row in found if _comparable(METRICS[row["metric"]], row))


def denominator_of(metric: Metric) -> str:
    """What a metric divides by; empty where it does not divide."""
    return metric.each.below if isinstance(metric.each, Ratio) else ""


def _comparable(metric: Metric, row: dict[str, Any]) -> bool:
    """Never across families: the same statistic over posts, divided by the same thing."""
    ours, theirs = denominator_of(metric), row["denominator"]
    same = theirs in BY_FOLLOWER if ours == FOLLOWERS else theirs == ours
    return same and row["over_posts"] == metric.over_posts.value


def _figure(network: Network, row: dict[str, Any]) -> Figure:
    industry = row["industry"]
    return Figure(
        kind="published" if row.pop("published") else "cohort",
        industry_label=_("All industries") if industry == ALL else INDUSTRIES.get(industry, industry),
        differences=_differences(network, METRICS[row["metric"]], row),
        **row,
    )


def _differences(network: Network, metric: Metric, row: dict[str, Any]) -> tuple[str, ...]:
    """In what a figure's definition departs from the metric's, in sentences."""
    found = []
    if metric.uses_engagements and set(row["parts"].split("+")) != set(network.engagement_parts):
        theirs, ours = row["parts"], ", ".join(network.engagement_parts)
        found.append(_("The source counts “%(theirs)s”; here it is %(ours)s.") % {"theirs": theirs, "ours": ours})
    if sentence := BY_FOLLOWER.get(row["denominator"]):
        found.append(str(sentence))
    return tuple(found)
