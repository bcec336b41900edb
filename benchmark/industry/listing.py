"""All that is known about industries, for those who look it up: published figures and the latest cohorts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import F, Max

from benchmark.industry.beside import (
    COHORT,
    PUBLISHED,
    PUBLISHED_COLUMNS,
    Distribution,
    cohort_figure,
    industry_name,
    published_figure,
)
from benchmark.industry.definition import definition_in, differences, metrics_of, why_beside_none
from benchmark.industry.value import Figure, Industry, ListedFigure, Spread
from benchmark.metrics import METRICS
from benchmark.models import INDUSTRIES, CohortFigure, IndustryFigure
from benchmark.models.figure import ALL
from benchmark.networks import NETWORKS

KINDS = (PUBLISHED, COHORT)


def industries() -> tuple[Industry, ...]:
    """Every industry that a brand may have, after all of them together."""
    published = Counter[str]()
    networks = defaultdict[str, set[str]](set)
    for industry, network in IndustryFigure.objects.current().values_list("industry", "network"):
        published[industry] += 1
        networks[industry].add(network)
    for industry, network in CohortFigure.objects.values_list("industry", "network").distinct():
        networks[industry].add(network)
    return tuple(
        Industry(key=key, label=industry_name(key), published=published[key], networks=tuple(sorted(networks[key])))
        for key in (ALL, *INDUSTRIES)
    )


def figures_of(
    industry: str, *, network: str | None = None, year: int | None = None, kind: str | None = None
) -> tuple[ListedFigure, ...]:
    """The figures of an industry: published ones that nothing has replaced, and its cohorts in their latest month.

    With a year, figures about that year, and the cohorts in its last month.
    """
    found: list[ListedFigure] = []
    if kind in {None, PUBLISHED}:
        found += _published(industry, network, year)
    if kind in {None, COHORT}:
        found += _cohorts(industry, network, year)
    return tuple(found)


def _published(industry: str, network: str | None, year: int | None) -> Iterator[ListedFigure]:
    rows = IndustryFigure.objects.current().filter(industry=industry)
    if network is not None:
        rows = rows.about(network)
    if year is not None:
        rows = rows.filter(year=year)
    in_order = rows.order_by("network", "measure", "follower_tier", F("year").desc(nulls_last=True), "source", "pk")
    for row in in_order:
        yield listed({name: getattr(row, name) for name in PUBLISHED_COLUMNS})


def listed(cells: dict[str, object]) -> ListedFigure:
    """A published figure with all metrics that it may stand beside, or the reason why there is none."""
    definition = definition_in(*(str(cells[name]) for name in ("parts", "denominator", "over_posts", "unit")))
    reason = why_beside_none(str(cells["network"]), definition, str(cells["post_format"]))
    network = NETWORKS.get(str(cells["network"]))
    metrics = [] if reason or network is None else [each for each in metrics_of(definition) if each.offered_by(network)]
    if network is None or not metrics:
        return _listed(published_figure("", (), cells), (), reason)
    named = differences(network, metrics[0], parts=str(cells["parts"]), denominator=str(cells["denominator"]))
    return _listed(published_figure(metrics[0].key, named, cells), tuple(metric.key for metric in metrics), "")


def _cohorts(industry: str, network: str | None, year: int | None) -> Iterator[ListedFigure]:
    rows = CohortFigure.objects.filter(metric__in=METRICS)
    if network is not None:
        rows = rows.filter(network=network)
    if year is not None:
        rows = rows.filter(month__year=year)
    latest = dict(rows.values_list("network").annotate(Max("month")))
    for key, month in sorted(latest.items()):
        if key not in NETWORKS:
            continue
        of_month = rows.filter(network=key, month=month, industry=industry).defer("quantiles")
        for row in of_month.order_by("metric", "follower_tier"):
            yield _listed(cohort_figure(NETWORKS[key], _distribution(row)), (row.metric,), "")


def _distribution(row: CohortFigure) -> Distribution:
    return Distribution(
        metric=row.metric,
        month=row.month,
        industry=row.industry,
        follower_tier=row.follower_tier,
        basis=row.basis,
        profiles=row.profiles,
        spread=Spread(row.p10, row.p25, row.p50, row.p75, row.p90, row.mean),
    )


def _listed(figure: Figure, metrics: tuple[str, ...], reason: str) -> ListedFigure:
    cells = {name: getattr(figure, name) for name in figure.__struct_fields__}
    return ListedFigure(**cells, metrics=metrics, reason=reason)
