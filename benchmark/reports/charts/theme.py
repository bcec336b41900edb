"""The colours, the type and the quiet axes that every chart shares, on a light and on a dark ground."""

from __future__ import annotations

import json
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format

Spec = dict[str, Any]

# The same roles on both grounds. Every colour stands for one role only, so that one may be exchanged for the other.
LIGHT = {
    "own": "#2353c4",
    "other": "#a5abb8",
    "pointed": "#454c5c",
    "ink": "#20242c",
    "second": "#5b6272",
    "grid": "#e7e9ee",
    "band": "#e9ebf0",
    "text": "#c3d3f7",
    "photo": "#f6d9a8",
    "album": "#fbe9c6",
    "video": "#bfe3dc",
    "live": "#9fd0c6",
    "audio": "#d9cdf0",
    "link": "#f3c9c0",
    "poll": "#e0e6b8",
    "quote": "#dbe6fc",
    "event": "#ead1e2",
    "note": "#d6dae2",
    "other_kind": "#e4e6eb",
}
DARK = {
    "own": "#8fb4ff",
    "other": "#5f6677",
    "pointed": "#c9cedb",
    "ink": "#eceef2",
    "second": "#a9b0bf",
    "grid": "#2c313c",
    "band": "#272c36",
    "text": "#2c4373",
    "photo": "#6b4d1f",
    "album": "#564322",
    "video": "#1f5a51",
    "live": "#2b6d62",
    "audio": "#4b3f6e",
    "link": "#6e3b32",
    "poll": "#4d5425",
    "quote": "#35466b",
    "event": "#5c3a52",
    "note": "#434957",
    "other_kind": "#383d49",
}
IN_DARK = {LIGHT[role]: DARK[role] for role in LIGHT}

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'


def theme() -> Spec:
    """Vega-Lite's configuration for every chart: quiet axes, no frame, no legend boxes."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": LIGHT["second"], "titleColor": LIGHT["second"]}
    axis = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": LIGHT["grid"]}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": text | axis | {"domain": False, "ticks": False, "labelPadding": 6, "titlePadding": 8},
        "legend": text | {"labelFontSize": 12, "symbolSize": 90},
        "text": {"font": FONT, "fontSize": 12, "fill": LIGHT["ink"]},
        "line": {"strokeCap": "round", "strokeJoin": "round", "invalid": "break-paths-show-domains"},
        "locale": {"number": _numbers(), "time": _times()},
    }


def _numbers() -> Spec:
    """How the reader's language writes numbers, in the words of D3."""
    separators = {"decimal": get_format("DECIMAL_SEPARATOR"), "thousands": get_format("THOUSAND_SEPARATOR")}
    return separators | {"grouping": [3], "currency": ["", ""]}


def _times() -> Spec:
    """How the reader's language calls months and days, in the words of D3, whose week begins on Sunday."""
    week = (6, *range(6))
    return {
        "dateTime": "%-d %b %Y, %H:%M",
        "date": "%-d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": [str(WEEKDAYS[day]) for day in week],
        "shortDays": [str(WEEKDAYS_ABBR[day]) for day in week],
        "months": [str(name) for name in MONTHS.values()],
        "shortMonths": [str(name).title() for name in MONTHS_3.values()],
    }


def recolour(spec: Spec) -> Spec:
    """The same specification in the colours for a dark ground."""
    text = json.dumps(spec)
    for light, dark in IN_DARK.items():
        text = text.replace(light, dark)
    dark_spec: Spec = json.loads(text)
    return dark_spec
