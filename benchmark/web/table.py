"""The comparison as a table: a Report's figures, written, sorted and placed on their columns' scales.

Templates do no sums: what a cell shows, says to a screen reader and draws is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from benchmark.metrics.reasons import ESTIMATED
from benchmark.metrics.value import Change, Value
from benchmark.reports.figures import estimated, full, short, signed
from benchmark.reports.value import Freshness, MetricInfo, Report, Row
from benchmark.web.words import basis_mark, basis_name, change_basis, reason_name, unit_head

BY_NAME = "name"
SCALE_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the rows stand, and in which direction."""

    key: str
    descending: bool

    @classmethod
    def parse(cls, text: str, *, columns: tuple[str, ...]) -> Order:
        """`engagement_rate`, `-engagement_rate` (largest first) or `name`; anything else is the first column's."""
        key = text.removeprefix("-")
        if key == BY_NAME or key in columns:
            return cls(key, text.startswith("-"))
        return cls(columns[0], descending=True) if columns else cls(BY_NAME, descending=False)

    def turned_to(self, key: str) -> str:
        """What a click on a column's head asks for: largest first, then the other way round."""
        if key == self.key:
            return key if self.descending else f"-{key}"
        return key if key == BY_NAME else f"-{key}"


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its name, its unit, and how it is sorted."""

    key: str
    label: str
    unit: str
    definition: str
    sort: str
    direction: str  # "ascending", "descending", or "" where the rows stand in another order


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure's interval on the scale of its column, from 0 to 100."""

    low: float
    high: float
    at: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class ShownChange:
    text: str
    arrow: str
    judgement: str  # "ahead", "behind" or ""
    told: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it is shown; `told` is everything that the sign language of the cell says, in words."""

    head: Head
    text: str
    full: str
    copied: str
    told: str
    mark: str
    basis: str
    missing: bool
    rank: str
    interval: Interval | None
    change: ShownChange | None


@dataclass(frozen=True, slots=True)
class TableRow:
    row: Row
    own: bool
    cells: tuple[Cell, ...]
    freshness: Freshness | None


@dataclass(frozen=True, slots=True)
class FootRow:
    """What the rows are held against: a name, where it comes from, and a figure for the columns that have one."""

    name: str
    source: str
    texts: tuple[tuple[Head, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[Head, ...]
    name_head: Head
    rows: tuple[TableRow, ...]
    foot: tuple[FootRow, ...]
    marks: tuple[tuple[str, str], ...]  # the marks that are used, each with its meaning


def table_of(report: Report, *, columns: tuple[str, ...], sort: str) -> Table:
    """The report's rows with the chosen columns, in the chosen order; rows without a figure come last."""
    infos = {info.key: info for info in report.metrics}
    shown = tuple(key for key in columns if key in infos)
    order = Order.parse(sort, columns=shown)
    heads = tuple(_head(infos[key], order) for key in shown)
    scales = {key: _scale(report.rows, key) for key in shown}
    freshness = {fresh.tracked_id: fresh for fresh in report.freshness}
    rows = tuple(
        TableRow(
            row=row,
            own=row.role == "own",
            cells=tuple(_cell(head, infos[head.key], row.values[head.key], scales[head.key]) for head in heads),
            freshness=freshness.get(row.profile.tracked_id),
        )
        for row in in_order(report.rows, order)
    )
    used = {cell.mark: cell.basis for row in rows for cell in row.cells if cell.mark}
    name = Head(BY_NAME, _("Profile"), "", "", order.turned_to(BY_NAME), _direction(order, BY_NAME))
    foot = tuple(_foot(report, heads, infos))
    return Table(heads=heads, name_head=name, rows=rows, foot=foot, marks=tuple(sorted(used.items())))


def _foot(report: Report, heads: tuple[Head, ...], infos: dict[str, MetricInfo]) -> Iterator[FootRow]:
    """The competitors' median, and the industry's where a column has a figure of the same definition."""
    medians = {key: summary.median for key, summary in report.summary.items() if summary.n > 1}
    if any(medians.get(head.key) is not None for head in heads):
        texts = ((head, _told_if_known(medians.get(head.key), infos[head.key])) for head in heads)
        yield FootRow(_("Competitors' median"), "", tuple(texts))
    shown = {head.key for head in heads}
    medians_of: dict[tuple[str, str], dict[str, str]] = {}
    for figure in report.industry:
        if figure.metric in shown and figure.over_profiles == "median":
            of_source = medians_of.setdefault((figure.about, figure.origin), {})
            of_source[figure.metric] = short(figure.value, figure.unit)
    for (about, origin), figures in medians_of.items():
        line = tuple((head, figures.get(head.key, "")) for head in heads)
        yield FootRow(_("%(industry)s, median") % {"industry": about}, origin, line)


def _told_if_known(value: float | None, info: MetricInfo) -> str:
    return "" if value is None else short(value, info.unit)


def in_order(rows: tuple[Row, ...], order: Order) -> list[Row]:
    """Sorted as asked; equal figures by name, and what has no figure after everything that has one."""
    by_name = sorted(rows, key=lambda row: (row.brand.name.casefold(), row.profile.handle))
    if order.key == BY_NAME:
        return by_name[::-1] if order.descending else by_name
    known = [row for row in by_name if row.values[order.key].value is not None]
    unknown = [row for row in by_name if row.values[order.key].value is None]
    known.sort(key=lambda row: row.values[order.key].value or 0, reverse=order.descending)
    return known + unknown


def _head(info: MetricInfo, order: Order) -> Head:
    return Head(
        key=info.key,
        label=info.label,
        unit=unit_head(info.unit),
        definition=info.definition,
        sort=order.turned_to(info.key),
        direction=_direction(order, info.key),
    )


def _direction(order: Order, key: str) -> str:
    if key != order.key:
        return ""
    return "descending" if order.descending else "ascending"


def _scale(rows: tuple[Row, ...], key: str) -> tuple[float, float]:
    """The column's common scale: from 0 (or the lowest end below it) to the highest end."""
    ends = [end for row in rows for end in _ends(row.values[key])]
    return min([0.0, *ends]), max([0.0, *ends])


def _ends(value: Value) -> list[float]:
    return [float(end) for end in (value.low, value.value, value.high) if end is not None]


def _cell(head: Head, info: MetricInfo, value: Value, scale: tuple[float, float]) -> Cell:
    missing = value.value is None
    return Cell(
        head=head,
        text=_text(value, info.unit),
        full=full(value.value, info.unit),
        copied="" if value.value is None else str(value.value),
        told=reason_name(value.reason) if missing else _told(info, value),
        mark="" if missing else basis_mark(value.basis),
        basis=basis_name(value.basis) if value.basis else "",
        missing=missing,
        rank=f"{value.rank}/{value.of}" if _among_others(value) else "",
        interval=_interval(value, scale),
        change=_change(value.change, info) if value.change is not None and not missing else None,
    )


def _text(value: Value, unit: str) -> str:
    if value.basis == ESTIMATED:
        return estimated(value.value, value.low, value.high, unit)
    return short(value.value, unit)


def _told(info: MetricInfo, value: Value) -> str:
    """The figure in words: in full, its interval, its posts, its basis."""
    parts = [full(value.value, info.unit)]
    if value.low is not None and value.high is not None:
        parts.append(
            _("%(low)s to %(high)s") % {"low": short(value.low, info.unit), "high": short(value.high, info.unit)}
        )
    if _among_others(value):
        parts.append(_("number %(rank)d of %(of)d") % {"rank": value.rank, "of": value.of})
    parts.append(_("n = %(n)d") % {"n": value.n})
    if value.basis:
        parts.append(basis_name(value.basis))
    return ", ".join(parts)


def _among_others(value: Value) -> bool:
    """A rank says something where there are at least two."""
    return value.rank is not None and value.of is not None and value.of > 1


def _interval(value: Value, scale: tuple[float, float]) -> Interval | None:
    low, high = scale
    if value.value is None or value.low is None or value.high is None or high == low:
        return None
    placed = [(end - low) / (high - low) * SCALE_WIDTH for end in (value.low, value.high, value.value)]
    return Interval(*(round(place, 2) for place in placed))


def _change(change: Change, info: MetricInfo) -> ShownChange | None:
    """The change in percent of the figure before; in points where that is a percentage itself, or was 0."""
    if change.value is None:
        return None
    in_points = info.unit == "percent" or change.percent is None
    text = signed(change.value, info.unit) if in_points else f"{signed(change.percent or 0, 'percent')} %"
    if info.unit == "percent":
        text = _("%(change)s points") % {"change": text}
    told = _("%(change)s against the period before, %(basis)s") % {
        "change": signed(change.value, info.unit),
        "basis": change_basis(change.basis),
    }
    return ShownChange(
        text=text,
        arrow="" if change.value == 0 else "↑" if change.value > 0 else "↓",
        judgement=_judgement(change.value, info.better),
        told=told,
    )


def _judgement(value: float, better: str) -> str:
    if value == 0 or better not in {"higher", "lower"}:
        return ""
    return "ahead" if (value > 0) == (better == "higher") else "behind"
