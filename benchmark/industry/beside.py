"""What stands beside the metrics of a report: published figures of the same definition, and our own cohorts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from benchmark.industry.arrays import unpacked
from benchmark.industry.cohorts import days_of
from benchmark.industry.definition import definition_in, denominator_of, differences, metrics_of, parts_of
from benchmark.industry.percentiles import over_days, padded, percentiles
from benchmark.industry.tiers import holds, tier_name, tier_of
from benchmark.industry.value import Figure, Spread
from benchmark.metrics import METRICS, Metric, Percentile
from benchmark.metrics.asking import array, ask
from benchmark.metrics.columns import Floats, ten_digits
from benchmark.metrics.figures import Figures
from benchmark.models import INDUSTRIES
from benchmark.models.figure import ALL
from benchmark.networks.base import Network

COHORT, PUBLISHED = "cohort", "published"
SOURCE = "This installation"

# Each place is an industry and a tier; in each metric the narrowest cohort that has five profiles stands for it.
COHORTS = """
SELECT DISTINCT ON (asked.place, cohort.metric)
       asked.place, cohort.metric, cohort.version, cohort.month, cohort.industry, cohort.follower_tier, cohort.basis,
       cohort.profiles, cohort.mean, cohort.p10, cohort.p25, cohort.p50, cohort.p75, cohort.p90,
       array_send(cohort.quantiles)
  FROM unnest(%(industries)s::text[], %(tiers)s::text[]) WITH ORDINALITY AS asked (industry, tier, place)
  JOIN benchmark_cohortfigure AS cohort
    ON cohort.network = %(network)s AND cohort.metric = ANY(%(metrics)s::text[])
   AND cohort.month = (SELECT max(month) FROM benchmark_cohortfigure
                        WHERE network = %(network)s AND month <= %(until)s)
   AND cohort.industry IN (asked.industry, 'all') AND cohort.follower_tier IN (asked.tier, '')
 ORDER BY asked.place, cohort.metric,
          cohort.industry = asked.industry DESC, cohort.follower_tier = asked.tier DESC
"""

PUBLISHED_COLUMNS = (
    "network", "industry", "published_industry", "value", "unit", "publisher", "source", "source_url", "year",
    "edition", "measure", "parts", "denominator", "over_posts", "over_profiles", "profiles", "follower_tier",
    "post_format", "target", "note",
)  # fmt: skip

FIGURES = f"""
SELECT {", ".join(PUBLISHED_COLUMNS)}
  FROM benchmark_industryfigure
 WHERE network = %(network)s AND industry = ANY(%(industries)s::text[]) AND replaced_at IS NULL AND post_format = ''
   AND 'not_stated' NOT IN (denominator, over_posts)
 ORDER BY industry, follower_tier, over_profiles, year DESC NULLS LAST, edition DESC, source, measure
"""  # noqa: S608 - our own words only

OF_ONE_SERIES = ("publisher", "published_industry", "follower_tier", "over_profiles")


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a report, as far as its industry and its size go."""

    industry: str
    followers: float  # NaN where they are not known
    own: bool = False
    pretend: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Its industry and its tier."""
        return self.industry or ALL, tier_of(self.followers) if self.followers == self.followers else ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """One metric over one cohort."""

    metric: str
    month: date
    industry: str
    follower_tier: str
    basis: str
    profiles: int
    spread: Spread
    ascending: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def name(self) -> str:
        """Which profiles these are, in words, and of which month."""
        return _cohort_name(self.industry, self.follower_tier, self.month, get_language())


Place = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """The industry's part of a report, for rows that are members of it."""

    network: Network
    metrics: Sequence[Metric]
    members: Sequence[Member]
    distributions: dict[tuple[Place, str], Distribution]
    published: tuple[Figure, ...]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """What is shown: published figures, and the cohorts of own accounts; without such, of the rows' industries."""
        return self.published + tuple(cohort_figure(self.network, each) for each in self._shown())

    @property
    def without(self) -> tuple[str, ...]:
        """Metrics beside which nothing stands."""
        known = {figure.metric for figure in self.figures}
        return tuple(metric.key for metric in self.metrics if metric.key not in known)

    def distribution(self, row: int, metric: str) -> Distribution | None:
        """The cohort that a row is held against in a metric; none for invented accounts."""
        member = self.members[row]
        return None if member.pretend else self.distributions.get((member.place, metric))

    def percentiles(self, figures: Sequence[Figures], *, days: int) -> list[list[Percentile | None]]:
        """Where each row's figure lies in its cohort, metric by metric; only figures of the cohort's basis."""
        nothing: list[Percentile | None] = [None] * len(self.members)
        if not self.distributions:
            return [nothing for _figures in figures]
        known = list(self.distributions.values())
        numbers = {key: number for number, key in enumerate(self.distributions)}
        places = [None if member.pretend else member.place for member in self.members]
        at = np.array(
            [
                [
                    _of_its_basis(numbers.get((place, metric.key)) if place else None, basis, known)
                    for place, basis in zip(places, each.bases, strict=True)
                ]
                for metric, each in zip(self.metrics, figures, strict=True)
            ]
        ).reshape(len(figures), len(places))
        month = days_of(known[0].month)
        values = np.array(
            [
                over_days(each.value, metric.over_posts, days=month, instead_of=days)
                for metric, each in zip(self.metrics, figures, strict=True)
            ]
        ).reshape(at.shape)
        ascending, sizes = padded([each.ascending for each in known])
        found = ten_digits(percentiles(ascending[at], sizes[at], np.where(at < 0, np.nan, values)))
        names = [(each.profiles, each.name) for each in known]
        return [
            [None if value != value else Percentile(value, *names[number]) for value, number in zip(*row, strict=True)]  # noqa: PLR0124 - NaN
            for row in zip(found.tolist(), at.tolist(), strict=True)
        ]

    def _shown(self) -> list[Distribution]:
        asked = _shown_places(self.members)
        shown = {
            (each.metric, each.industry, each.follower_tier): each
            for (place, _metric), each in self.distributions.items()
            if place in asked
        }
        order = {metric.key: number for number, metric in enumerate(self.metrics)}
        return sorted(shown.values(), key=lambda each: (order[each.metric], each.industry != ALL, each.industry))


def ask_beside(
    network: Network, metrics: Sequence[Metric], members: Sequence[Member], *, until: date
) -> Callable[[], Found]:
    """Ask for what is known of the members' industries; of cohorts, in the latest month that begins before a day."""
    places = sorted({*(member.place for member in members), *_shown_places(members)})
    given: dict[str, Any] = {
        "network": network.key,
        "metrics": array(metric.key for metric in metrics),
        "until": until,
        "industries": [industry for industry, _tier in places],
        "tiers": [tier for _industry, tier in places],
    }
    everything = sorted({ALL, *(industry for industry, _tier in places)})
    cohorts, published = ask(COHORTS, given), ask(FIGURES, {"network": network.key, "industries": everything})

    def answer() -> Found:
        return Found(
            network=network,
            metrics=metrics,
            members=members,
            distributions={
                (places[place - 1], row[0]): _distribution(row) for place, *row in _of_this_version(cohorts())
            },
            published=tuple(_published(network, metrics, members, published())),
        )

    return answer


def _shown_places(members: Sequence[Member]) -> set[Place]:
    """Whose cohorts are shown: those of own accounts; without such, of the rows' industries in all sizes."""
    own = {member.place for member in members if member.own and not member.pretend}
    return own or {(member.industry or ALL, "") for member in members}


def industry_name(key: str) -> str:
    return _("All industries") if key == ALL else INDUSTRIES.get(key, key)


@lru_cache(maxsize=1024)  # a report asks for few of them, once for each figure
def _cohort_name(industry: str, tier: str, month: date, _language: str | None) -> str:
    parts = (industry_name(industry), tier_name(tier), date_format(month, "F Y"))
    return ", ".join(filter(None, parts))


# --- cohorts ---------------------------------------------------------------------------------------------------------


def _of_this_version(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """Without those that were made with an older formula."""
    return ((place, metric, *rest) for place, metric, version, *rest in rows if METRICS[metric].version == version)


def _distribution(row: Sequence[Any]) -> Distribution:
    """A row of `COHORTS`, without its place and its version."""
    metric, month, industry, tier, basis, profiles, mean, p10, p25, p50, p75, p90, packed = row
    spread = Spread(p10, p25, p50, p75, p90, mean)
    return Distribution(metric, month, industry, tier, basis, profiles, spread, unpacked(packed))


def _of_its_basis(number: int | None, basis: str | None, known: Sequence[Distribution]) -> int:
    """The distribution's number; -1 where there is none, or one of another basis."""
    return -1 if number is None or known[number].basis != basis else number


def cohort_figure(network: Network, of: Distribution) -> Figure:
    """A cohort beside its metric."""
    metric = METRICS[of.metric]
    return Figure(
        metric=of.metric,
        kind=COHORT,
        network=network.key,
        industry=of.industry,
        industry_label=industry_name(of.industry),
        published_industry="",
        value=of.spread.p50,
        unit=metric.unit.value,
        publisher=SOURCE,
        source=SOURCE,
        source_url="",
        year=of.month.year,
        edition="",
        measure=str(metric.label),
        parts=parts_of(metric, network),
        denominator=denominator_of(metric),
        over_posts=metric.over_posts.value,
        over_profiles="median",
        profiles=of.profiles,
        follower_tier=of.follower_tier,
        post_format="",
        period_start=of.month,
        period_end=of.month + timedelta(days=days_of(of.month) - 1),
        target=True,
        note="",
        differences=(),
        spread=of.spread,
    )


# --- published figures -----------------------------------------------------------------------------------------------


def _published(
    network: Network, metrics: Sequence[Metric], members: Sequence[Member], rows: Iterable[tuple[Any, ...]]
) -> list[Figure]:
    """Of each publisher's figures the latest year, of all sizes and of own accounts' sizes."""
    order = {metric.key: number for number, metric in enumerate(metrics)}
    sizes = [member.followers for member in members if member.own]
    latest: dict[tuple[str, ...], Figure] = {}
    for row in rows:
        cells = dict(zip(PUBLISHED_COLUMNS, row, strict=True))
        tier = cells["follower_tier"]
        if tier and not any(holds(tier, followers) for followers in sizes):
            continue
        for metric in metrics_of(
            definition_in(*(cells[name] for name in ("parts", "denominator", "over_posts", "unit")))
        ):
            key = (metric.key, *(cells[name] for name in OF_ONE_SERIES))
            if metric.key in order and key not in latest:
                named = differences(network, metric, parts=cells["parts"], denominator=cells["denominator"])
                latest[key] = published_figure(metric.key, named, cells)
    return sorted(
        latest.values(),
        key=lambda each: (order[each.metric], each.industry != ALL, each.industry, each.over_profiles != "median"),
    )


def published_figure(metric: str, named: tuple[str, ...], cells: dict[str, Any]) -> Figure:
    """A published figure beside a metric (empty: beside none), and in what they still differ."""
    return Figure(
        metric=metric,
        kind=PUBLISHED,
        industry_label=industry_name(cells["industry"]),
        period_start=None,
        period_end=None,
        differences=named,
        spread=None,
        **cells,
    )
