"""From columns of figures to the values of an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.utils.translation import get_language

from benchmark.comparison import Standing, rounded
from benchmark.metrics import METRICS, Change, Metric, Unit, Value
from benchmark.metrics.columns import Floats
from benchmark.metrics.figures import Figures
from benchmark.reports.followed import Followed
from benchmark.reports.value import CompetitorSummary, MetricInfo, OwnPosition

Number = float | int | None


def values(metrics: Sequence[Metric], figures: Sequence[Figures], standings: Sequence[Standing]) -> list[list[Value]]:
    """Each metric's values, row by row, as every door shows them."""
    counts = [metric.unit is Unit.COUNT for metric in metrics]
    value, low, high, change = (
        numbers(np.array([getattr(each, name) for each in figures]), counts)
        for name in ("value", "low", "high", "change")
    )
    percent = numbers(np.array([each.percent for each in figures]), [False] * len(metrics))
    columns = zip(value, low, high, change, percent, strict=True)
    return [_of_metric(*row) for row in zip(figures, standings, columns, strict=True)]


def _of_metric(figures: Figures, standing: Standing, columns: Sequence[list[Number]]) -> list[Value]:
    value, low, high, change, percent = columns
    changes = [
        None if by is None else Change(by, part, basis)
        for by, part, basis in zip(change, percent, figures.change_bases, strict=True)
    ]
    rows = (value, low, high, figures.n.tolist(), figures.bases, figures.reasons, standing.ranks, standing.of, changes)
    return [Value(*row) for row in zip(*rows, strict=True)]


def numbers(figures: Floats, counts: Sequence[bool]) -> list[list[Number]]:
    """Figures (metrics x rows) as an answer holds them: None for NaN, whole counts without a decimal point."""
    finite = np.isfinite(figures)
    whole = np.array(counts, dtype=np.bool_)[:, None] & finite & (figures == np.rint(figures))
    found = figures.astype(object)
    found[whole] = figures[whole].astype(np.int64)
    found[~finite] = None
    listed: list[list[Number]] = found.tolist()
    return listed


def number(figure: float | None) -> Number:
    """One count."""
    return int(figure) if figure is not None and figure.is_integer() else figure


def summary(
    metric: Metric, figures: Figures, standing: Standing, followed: Sequence[Followed], found: Sequence[Value]
) -> CompetitorSummary:
    """The competitors' middle, and where each own account stands against it."""
    own = tuple(
        _position(each, found[row], standing, comparable=figures.leagues[row] == standing.league)
        for row, each in enumerate(followed)
        if each.own
    )
    middle, mean = rounded(standing.middle), rounded(standing.mean)
    if metric.unit is Unit.COUNT:
        middle, mean = number(middle), number(mean)
    return CompetitorSummary(median=middle, mean=mean, n=standing.n, basis=standing.basis, own=own)


def _position(each: Followed, value: Value, standing: Standing, *, comparable: bool) -> OwnPosition:
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
    )


_INFOS: dict[tuple[str, str | None], MetricInfo] = {}  # by metric and language: two dozen, made once


def metric_info(metric: Metric) -> MetricInfo:
    """A definition, in the reader's language."""
    about = (metric.key, get_language())
    if about not in _INFOS:
        _INFOS[about] = _metric_info(METRICS[metric.key])
    return _INFOS[about]


def _metric_info(metric: Metric) -> MetricInfo:
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
    )
