"""What every chart is made of: the Chart and its Table, and the small parts of a specification that several share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import altair as alt
from altair.utils import schemapi

from benchmark.reports.charts.theme import LIGHT, Spec, theme
from benchmark.reports.value import Row

# Altair would check every part against the whole schema when it is made; the tests check the finished charts.
schemapi.disable_debug_mode()

ROW_STEP = 22


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as the chart's, for readers who want them in words and digits."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: `title` states the finding, `subtitle` the metric, its denominator, the period and n."""

    key: str
    title: str
    subtitle: str
    caption: str
    spec: Spec
    table: Table

    @property
    def id(self) -> str:
        """The chart's name in a page."""
        return f"chart-{self.key}"


def finished(chart: alt.LayerChart | alt.FacetChart, *, height: int) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    return spec | {
        "width": "container",
        "height": height,
        "padding": {"left": 0, "top": 4, "bottom": 0, "right": 2},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": theme(),
    }


def when(test: str, then: str | float, otherwise: str | float) -> Spec:
    """A channel's value that depends on the row. Spelled out, because Altair's own spelling is checked at every use."""
    return {"value": otherwise, "condition": {"test": test, "value": then}}


def own_in_bold(rows: Iterable[Row], names: dict[int, str]) -> Spec:
    own = json.dumps([names[row.profile.tracked_id] for row in rows if row.role == "own"])
    test = f"indexof({own}, datum.value) >= 0"
    return {
        "labelFontWeight": {"condition": {"test": test, "value": 600}, "value": 400},
        "labelColor": {"condition": {"test": test, "value": LIGHT["own"]}, "value": LIGHT["ink"]},
    }


def known_number(value: float | None) -> float:
    """A figure that is known to be there."""
    if value is None:
        raise ValueError("a row without a figure is not drawn")
    return float(value)
