"""From columns of figures to the values of an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from benchmark.comparison import Standing, rounded
from benchmark.metrics import Change, Metric, Unit, Value
from benchmark.metrics.columns import Floats, ten_digits
from benchmark.metrics.figures import Figures
from benchmark.reports.followed import Followed
from benchmark.reports.value import CompetitorSummary, MetricInfo, OwnPosition

Number = float | int | None


def values(metric: Metric, figures: Figures, standing: Standing) -> list[Value]:
    """Each row's value, as every door shows it."""
    counts = metric.unit is Unit.COUNT
    columns = zip(
        numbers(standing.values, whole=counts),
        numbers(rounded_column(figures.low), whole=counts),
        numbers(rounded_column(figures.high), whole=counts),
        figures.n.tolist(),
        figures.bases,
        figures.reasons,
        standing.ranks,
        standing.of,
        _changes(figures, whole=counts),
        strict=True,
    )
    return [Value(*row) for row in columns]


def _changes(figures: Figures, *, whole: bool) -> list[Change | None]:
    changes = numbers(rounded_column(figures.change), whole=whole)
    percents = numbers(rounded_column(figures.percent), whole=False)
    rows = zip(changes, percents, figures.change_bases, strict=True)
    return [None if value is None else Change(value, percent, basis) for value, percent, basis in rows]


def rounded_column(figures: Floats) -> list[float]:
    """Figures with 10 significant digits."""
    rounded_figures: list[float] = ten_digits(figures).tolist()
    return rounded_figures


def numbers(figures: Iterable[float], *, whole: bool) -> list[Number]:
    """Figures as an answer holds them: None instead of NaN, and counts without a decimal point where they are whole."""
    if not whole:
        return [figure if math.isfinite(figure) else None for figure in figures]
    return [number(figure) for figure in figures]


def number(figure: float | None) -> Number:
    """One count."""
    if figure is None or not math.isfinite(figure):
        return None
    return int(figure) if figure.is_integer() else figure


def summary(
    metric: Metric, figures: Figures, standing: Standing, followed: Sequence[Followed], found: Sequence[Value]
) -> CompetitorSummary:
    """The competitors' middle, and where each own account stands against it."""
    own = tuple(
        _position(each, found[row], standing, comparable=figures.leagues[row] == standing.league)
        for row, each in enumerate(followed)
        if each.own
    )
    counts = metric.unit is Unit.COUNT
    middle, mean = rounded(standing.middle), rounded(standing.mean)
    return CompetitorSummary(
        median=number(middle) if counts else middle,
        mean=number(mean) if counts else mean,
        n=standing.n,
        basis=standing.basis,
        own=own,
    )


def _position(each: Followed, value: Value, standing: Standing, *, comparable: bool) -> OwnPosition:
    middle = standing.middle
    against = middle is not None and comparable and value.value is not None
    return OwnPosition(
        tracked_id=each.tracked_id,
        profile_id=each.profile_id,
        value=value.value,
        rank=value.rank,
        of=value.of,
        difference=rounded(value.value - middle) if against else None,  # type: ignore[operator]
        times=rounded(value.value / middle) if against and middle > 0 else None,  # type: ignore[operator]
    )


def metric_info(metric: Metric) -> MetricInfo:
    """A definition, in the reader's language."""
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
