"""This installation's own figures: what profiles of one network, industry and size are like.

Public metrics of fetched profiles only: never pretend ones, never what a file brought, never what an owner alone knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from benchmark.industry.beside import ALL, denominator_of
from benchmark.industry.tiers import tier_of
from benchmark.metrics import METRICS, Metric
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.frame import Source, Span, Subject, read
from benchmark.models import IndustryFigure
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "This installation"
DAYS = 90
FEWEST = 5  # profiles that have a figure; with fewer there is no cohort
AT_ONCE = 200  # profiles
KEYS = (
    "engagement_rate",
    "engagement_rate_mean",
    "posts_per_week",
    "engagements_per_post_median",
    "follower_growth_weekly",
)
QUANTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75}

# The industry that most workspaces gave the profile's brand.
PROFILES = """
SELECT profile.id, profile.history_from, profile.history_to, coalesce(named.industry, '')
  FROM benchmark_profile AS profile
  LEFT JOIN LATERAL (
       SELECT brand.industry
         FROM benchmark_trackedprofile AS tracked JOIN benchmark_brand AS brand ON brand.id = tracked.brand_id
        WHERE tracked.profile_id = profile.id AND tracked.removed_at IS NULL AND brand.industry <> ''
        GROUP BY brand.industry
        ORDER BY count(DISTINCT tracked.workspace_id) DESC, brand.industry LIMIT 1) AS named ON true
 WHERE profile.network = %(network)s AND profile.workspace_id IS NULL AND NOT profile.pretend
   AND EXISTS (SELECT 1 FROM benchmark_trackedprofile AS tracked
                WHERE tracked.profile_id = profile.id AND tracked.removed_at IS NULL)
 ORDER BY profile.id
"""


def recompute_cohorts(now: datetime) -> int:
    """Replace all cohorts by those of the 90 days that ended yesterday. Safe to repeat."""
    figures = [figure for network in NETWORKS.values() for figure in _cohorts(network, now)]
    with transaction.atomic():
        IndustryFigure.objects.filter(computed_at__isnull=False).delete()
        IndustryFigure.objects.bulk_create(figures, batch_size=1000)
    return len(figures)


def _cohorts(network: Network, now: datetime) -> Iterator[IndustryFigure]:
    import pandas as pd  # slow to import, and only the task that recomputes needs it

    end = now.astimezone(UTC).date() - timedelta(days=1)
    start = end - timedelta(days=DAYS - 1)
    span = Span(start=start, end=end, previous_start=start - timedelta(days=DAYS))
    with connection.cursor() as cursor:
        cursor.execute(PROFILES, {"network": network.key})
        profiles = cursor.fetchall()
    tables = [_table(network, part, span, now) for part in _batches(profiles)]
    if not tables:
        return
    table = pd.concat(tables, ignore_index=True)
    for industry, tier, part in _groups(table):
        for key in KEYS:
            about = {"network": network.key, "industry": industry, "follower_tier": tier, "computed_at": now}
            yield from _figures(network, METRICS[key], part[key].dropna(), span=span, about=about)


def _table(network: Network, profiles: Sequence[tuple[Any, ...]], span: Span, now: datetime) -> pd.DataFrame:
    """One line per profile: its industry, its tier and its figures."""
    import pandas as pd

    subjects = [Subject((Source(pk, history_from, history_to),)) for pk, history_from, history_to, _ in profiles]
    frame = read(network, subjects, span=span, now=now)
    figures = evaluate(frame, [METRICS[key] for key in KEYS])
    followers = frame.followers_at_end.value
    return pd.DataFrame(
        {
            "industry": [industry for *_, industry in profiles],
            "tier": [tier_of(count) if count == count else None for count in followers.tolist()],  # noqa: PLR0124 - NaN
            **{key: figures[key].value for key in KEYS},
        }
    )


def _groups(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Every industry and all together, each in all sizes and by tier."""
    industries = [(ALL, table), *((str(name), part) for name, part in table.groupby("industry") if name)]
    for industry, part in industries:
        yield industry, "", part
        for tier, same_size in part.groupby("tier"):
            yield industry, str(tier), same_size


def _figures(
    network: Network, metric: Metric, values: pd.Series[float], *, span: Span, about: dict[str, Any]
) -> Iterator[IndustryFigure]:
    if len(values) < FEWEST:
        return
    for name, quantile in QUANTILES.items():
        yield IndustryFigure(
            **about,
            source=SOURCE,
            year=span.end.year,
            metric=metric.key,
            parts="+".join(network.engagement_parts) if metric.uses_engagements else "",
            denominator=denominator_of(metric),
            over_posts=metric.over_posts.value,
            over_profiles=name,
            value=float(f"{values.quantile(quantile):.10g}"),
            unit=metric.unit.value,
            profiles=len(values),
            period_start=span.start,
            period_end=span.end,
        )


def _batches(profiles: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    return (profiles[begin : begin + AT_ONCE] for begin in range(0, len(profiles), AT_ONCE))
