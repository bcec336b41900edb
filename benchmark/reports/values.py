"""From columns of figures to the values of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from django.utils.translation import get_language

from benchmark.comparison import Against as Held
from benchmark.comparison import Standing, rounded
from benchmark.metrics import METRICS, Change, Metric, Percentile, Value
from benchmark.metrics.columns import Bools, Floats
from benchmark.metrics.figures import Figures
from benchmark.metrics.formula import formula
from benchmark.reports.followed import Followed
from benchmark.reports.value import Against, CompetitorSummary, MetricInfo, OwnPosition, Shrunken

Number = float | int | None


def values(
    metrics: Sequence[Metric],
    figures: Sequence[Figures],
    standings: Sequence[Standing],
    percentiles: Sequence[Sequence[Percentile | None]],
) -> list[list[Value]]:
    """Each metric's values, row by row, as every door shows them."""
    if not metrics:
        return []
    columns = [[each.value, each.low, each.high, each.change, each.percent] for each in figures]
    counts = [[metric.unit.is_whole] * 4 + [False] for metric in metrics]  # a percentage is never whole
    found = numbers(np.array(columns), np.array(counts))
    return [_of_metric(*row) for row in zip(figures, standings, found, percentiles, strict=True)]


def _of_metric(
    figures: Figures, standing: Standing, columns: list[list[Number]], percentiles: Sequence[Percentile | None]
) -> list[Value]:
    value, low, high, change, percent = columns
    changes = [
        None if by is None else Change(by, part, basis)
        for by, part, basis in zip(change, percent, figures.change_bases, strict=True)
    ]
    known = (value, low, high, figures.n.tolist(), figures.bases, figures.reasons, standing.ranks, standing.of)
    rows = (*known, changes, percentiles)
    return [Value(*row) for row in zip(*rows, strict=True)]


def numbers(figures: Floats, counts: bool | Bools) -> list[Any]:
    """Figures (… x rows) as an answer holds them: None for NaN, whole counts without a decimal point."""
    finite = np.isfinite(figures)
    whole = np.asarray(counts)[..., None] & finite & (figures == np.rint(figures))
    found = figures.astype(object)
    found[whole] = figures[whole].astype(np.int64)
    found[~finite] = None
    listed: list[Any] = found.tolist()
    return listed


def number(figure: float | None) -> Number:
    """One count."""
    return int(figure) if figure is not None and figure.is_integer() else figure


def summary(
    metric: Metric,
    figures: Figures,
    standing: Standing,
    rows: Sequence[Followed],
    found: Sequence[Value],
    *,
    held: Mapping[int, Sequence[Held]],
    shrunken: tuple[Shrunken, ...] = (),
) -> CompetitorSummary:
    """The competitors' middle, and where each own account stands against it and against every one of them."""
    positions = tuple(
        _position(
            each,
            found[row],
            standing,
            comparable=figures.leagues[row] == standing.league,
            against=tuple(Against(rows[one.row].tracked_id, one.verdict, one.chance) for one in held.get(row, ())),
        )
        for row, each in enumerate(rows)
        if each.own
    )
    middle, mean = rounded(standing.middle), rounded(standing.mean)
    if metric.unit.is_whole:
        middle, mean = number(middle), number(mean)
    return CompetitorSummary(
        median=middle, mean=mean, n=standing.n, basis=standing.basis, own=positions, shrunken=shrunken
    )


def _position(
    each: Followed, value: Value, standing: Standing, *, comparable: bool, against: tuple[Against, ...]
) -> OwnPosition:
    difference = times = None
    if comparable and value.value is not None and standing.middle is not None:
        difference = rounded(value.value - standing.middle)
        times = rounded(value.value / standing.middle) if standing.middle > 0 else None
    return OwnPosition(
        tracked_id=each.tracked_id,
        profile_id=each.profile_id,
        value=value.value,
        rank=value.rank,
        of=value.of,
        difference=difference,
        times=times,
        against=against,
        percentile=value.percentile,
    )


def infos(metrics: Sequence[Metric]) -> tuple[MetricInfo, ...]:
    """Definitions, in the reader's language."""
    language = get_language()
    return tuple(_metric_info(metric.key, language) for metric in metrics)


@lru_cache(maxsize=1024)  # by metric and language: a few dozen, made once
def _metric_info(key: str, _language: str | None) -> MetricInfo:
    metric = METRICS[key]
    return MetricInfo(
        key=metric.key,
        label=str(metric.label),
        unit=metric.unit.value,
        better=metric.better.value,
        definition=str(metric.definition),
        answers=str(metric.answers),
        source=str(metric.source),
        version=metric.version,
        at_least=metric.at_least,
        group=metric.group.value,
        clock=metric.clock.value,
        formula=formula(metric),
        needs=metric.needs,
        known_as=tuple(f"{other.tool}: {other.name}" for other in metric.known_as),
    )
