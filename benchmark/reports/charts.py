"""Charts as Vega-Lite specifications, made from the Report's own numbers: each with its finding, subtitle and table.

Nothing is computed here that a reader could not read off the report; only shares of a whole and indexes are drawn from
its figures. One theme serves the page in light and dark, and print: a specification is made in the colours of
`LIGHT`, and `recolour` (here) or the page's script turns it into those of `DARK`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from math import ceil
from statistics import median, quantiles
from typing import Any

import altair as alt
from altair.utils import schemapi
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from benchmark.metrics import BASES
from benchmark.networks.base import Kind
from benchmark.reports.figures import percent, short, signed
from benchmark.reports.value import (
    Bucket,
    Figure,
    Line,
    MetricInfo,
    Period,
    Report,
    Row,
    Series,
    Value,
)

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

# Altair would check every part against the whole schema when it is made; the tests check the finished charts.
schemapi.disable_debug_mode()

MEASURED = "measured"
GROWTH = "follower_growth_rate"
AT_THE_EDGE = alt.XValue("width")  # type: ignore[no-untyped-call]  # the only channel that Altair left untyped
POINTED = "pointed"  # the selection of the line that a reader points at
POINTED_AT: Spec = {"param": POINTED, "empty": False}
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'
HALF_HEIGHT = 264  # beside a width of about 350: 4:3
LINE_HEIGHT = 14
ROUNDED_UP = 1.25  # an axis that ends at round figures is longer than its data, by about this much
ROW_STEP = 22
LABELLED_LINES = 8
FEW = 5  # up to so many, an axis of counts names each number
FEW_DAYS = 8  # and so many days are named each
DRAWN_ONE_BY_ONE = 3  # from more competitors than that on, counts over time show their middle half
SEGMENT_WITH_NAME = 42  # pixels from which a kind's name fits into its part of a bar


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
    }


def recolour(spec: Spec) -> Spec:
    """The same specification in the colours for a dark ground."""
    text = json.dumps(spec)
    for light, dark in IN_DARK.items():
        text = text.replace(light, dark)
    dark_spec: Spec = json.loads(text)
    return dark_spec


# --- the rate with its intervals ------------------------------------------------------------------------------------


def rates(report: Report, *, metric: str) -> Chart | None:
    """Each profile's rate as a dot on its interval, with the industry's figures of the same definition."""
    info = _info(report, metric)
    rows = [row for row in report.rows if metric in row.values and row.values[metric].value is not None]
    if info is None or not rows:
        return None
    rows.sort(key=lambda row: -_number(row.values[metric].value))
    names = names_of(report.rows)
    figures = tuple(figure for figure in report.industry if figure.metric == metric)
    return Chart(
        key="rates",
        title=_leader(rows, names, info),
        subtitle=_rates_subtitle(report, info, rows),
        caption=" ".join(filter(None, (_hollow_caption(rows, metric), _industry_caption(figures)))),
        spec=_rates_spec(rows, names, metric, figures),
        table=_rates_table(rows, names, info),
    )


def _rates_spec(rows: Sequence[Row], names: dict[int, str], metric: str, figures: tuple[Figure, ...]) -> Spec:
    values = [_rate_datum(row, names, row.values[metric]) for row in rows]
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, **_own_in_bold(rows, names)))
    x = alt.Scale(zero=True, nice=False, padding=4)
    scale: Spec = {"scale": x, "title": None, "axis": alt.Axis(tickCount=5, format="~g")}
    colour = alt.ColorValue(**_if("datum.own", LIGHT["own"], LIGHT["other"]))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title="%")]
    interval = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        y=y, x=alt.X("low:Q", **scale), x2=alt.X2("high:Q"), color=colour
    )
    dot = base.mark_point(size=70, opacity=1).encode(
        y=y,
        x=alt.X("value:Q", **scale),
        color=colour,
        fill=alt.FillValue(**_if("datum.own", LIGHT["own"], LIGHT["other"])),
        fillOpacity=alt.FillOpacityValue(**_if("datum.measured", 1, 0)),
        tooltip=tooltip,
    )
    figure = base.mark_text(align="right", dx=44).encode(y=y, x=AT_THE_EDGE, text=alt.Text("figure:N"))
    chart = alt.layer(*_industry_layers(figures), interval, dot, figure)
    return _finished(chart, height=ROW_STEP * len(rows))


def _rate_datum(row: Row, names: dict[int, str], value: Value) -> Spec:
    number = _number(value.value)
    low, high = (number if end is None else end for end in (value.low, value.high))
    told = percent(number)
    if value.low is not None and value.high is not None:
        told = _("%(value)s (%(low)s to %(high)s)") % {
            "value": told,
            "low": percent(value.low),
            "high": percent(value.high),
        }
    return {
        "name": names[row.profile.tracked_id],
        "own": row.role == "own",
        "measured": value.basis == MEASURED,
        "value": number,
        "low": low,
        "high": high,
        "figure": percent(number),
        "told": told,
    }


def _industry_layers(figures: tuple[Figure, ...]) -> list[alt.Chart]:
    """A dashed line per median, and a band from the lower to the upper quartile where a cohort has both."""
    layers: list[alt.Chart] = []
    quartiles = {figure.over_profiles: figure.value for figure in figures if figure.kind == "cohort"}
    if {"p25", "p75"} <= set(quartiles):
        band = alt.InlineData(values=[{"from": quartiles["p25"], "to": quartiles["p75"]}])
        layers.append(alt.Chart(band).mark_rect(color=LIGHT["band"]).encode(x=alt.X("from:Q"), x2=alt.X2("to:Q")))
    lines = [{"value": figure.value, "name": _figure_name(figure)} for figure in _medians(figures)]
    if lines:
        dashed = alt.Chart(alt.InlineData(values=lines))
        layers.append(
            dashed.mark_rule(strokeDash=[4, 3], color=LIGHT["second"]).encode(
                x=alt.X("value:Q"), tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title="%")]
            )
        )
    return layers


def _hollow_caption(rows: Sequence[Row], metric: str) -> str:
    """What the hollow dots rest on: something else than plain measurement."""
    others = sorted({str(BASES[basis]) for row in rows if (basis := row.values[metric].basis) and basis != MEASURED})
    return " ".join(_("Hollow: %(basis)s") % {"basis": _in_a_sentence(basis)} for basis in others)


def _industry_caption(figures: tuple[Figure, ...]) -> str:
    """What the dashed lines are, with their sources: a line without its source would be decoration."""
    return " ".join(
        _("Dashed: %(name)s, %(value)s %%. Source: %(source)s (%(year)s).")
        % {"name": _figure_name(figure), "value": percent(figure.value), "source": figure.source, "year": figure.year}
        for figure in _medians(figures)
    )


def _figure_name(figure: Figure) -> str:
    return _("%(industry)s, median") % {"industry": figure.industry_label}


def _medians(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.over_profiles not in {"p25", "p75"}]


def _rates_subtitle(report: Report, info: MetricInfo, rows: Sequence[Row]) -> str:
    posts = sum(row.values[info.key].n for row in rows)
    without = len(report.rows) - len(rows)
    parts = [
        f"{info.label}, {unit_name(info.unit)}",
        period_name(report.period),
        ngettext("%(n)s post", "%(n)s posts", posts) % {"n": short(posts)},
    ]
    if without:
        parts.append(ngettext("%(n)d profile has no figure", "%(n)d profiles have no figure", without) % {"n": without})
    return " · ".join(parts)


def _rates_table(rows: Sequence[Row], names: dict[int, str], info: MetricInfo) -> Table:
    return Table(
        head=(_("Profile"), info.label, _("From"), _("To"), _("Posts")),
        rows=tuple(
            (names[row.profile.tracked_id], short(value.value, info.unit), short(value.low, info.unit),
             short(value.high, info.unit), str(value.n))
            for row in rows
            for value in [row.values[info.key]]
        ),
    )  # fmt: skip


def _leader(rows: Sequence[Row], names: dict[int, str], info: MetricInfo) -> str:
    """Who has the highest figure and where we stand, among figures of one basis: ours, or the most frequent one."""
    if len(rows) == 1:
        words = {"name": names[rows[0].profile.tracked_id], "metric": _in_a_sentence(info.label)}
        return _("%(name)s: %(metric)s %(value)s %%") % (
            words | {"value": percent(_number(rows[0].values[info.key].value))}
        )
    ours = [row for row in rows if row.role == "own"]
    bases = Counter(row.values[info.key].basis for row in ours or rows)
    alike = [row for row in rows if row.values[info.key].basis == bases.most_common(1)[0][0]]
    words = {"leader": names[alike[0].profile.tracked_id], "metric": _in_a_sentence(info.label)}
    ranked = [row for row in alike if row.role == "own" and row.values[info.key].rank is not None]
    if alike[0].role == "own" or not ranked:
        return _("%(leader)s has the highest %(metric)s") % words
    best = ranked[0].values[info.key]
    place = {"own": names[ranked[0].profile.tracked_id], "rank": best.rank, "of": best.of}
    return _("%(leader)s has the highest %(metric)s; %(own)s is number %(rank)d of %(of)d") % (words | place)


# --- follower growth ------------------------------------------------------------------------------------------------


def growth(series: Series, report: Report) -> Chart | None:
    """Followers of each profile, their count at the end of the series' first day = 100.

    The series begins a day before the report, so that a line's end is the report's own rate of growth.
    """
    names = names_of(series.lines)
    drawn = [(line, index) for line in series.lines if (index := _indexed(line, names)) is not None]
    if not drawn:
        return None
    rates = {row.profile.tracked_id: value for row in report.rows if (value := row.values.get(GROWTH))}
    later = sum(line.points[0].value is None for line, __ in drawn)
    return Chart(
        key="growth",
        title=_fastest([(index.name, rates.get(line.profile.tracked_id)) for line, index in drawn]),
        subtitle=" · ".join(
            (_("Followers, end of %(day)s = 100") % {"day": _day(series.buckets[0].start)}, period_name(report.period))
        ),
        caption=" ".join(filter(None, (_indexed_later(later), _left_out(len(series.lines) - len(drawn))))),
        spec=_lines_spec([index for __, index in drawn], series.buckets, series.metric, zero=False),
        table=Table(
            head=(_("Profile"), _("Followers at the start"), _("Followers at the end"), _("Growth, percent")),
            rows=tuple(_growth_row(line, index, rates.get(line.profile.tracked_id)) for line, index in drawn),
        ),
    )


def _fastest(rates: Sequence[tuple[str, Value | None]]) -> str:
    """Who grew fastest, by the same figure as the table's and the sentences'."""
    known = [(_number(rate.value), name) for name, rate in rates if rate is not None and rate.value is not None]
    if not known:
        return _("Followers since they were first read")
    highest, name = max(known)
    words = {"name": name, "change": signed(highest, "percent")}
    alike = sum(signed(rate, "percent") == words["change"] for rate, __ in known) - 1
    if alike:
        more = {"more": alike}
        return ngettext(
            "%(name)s and %(more)d more lead in growth: %(change)s %%",
            "%(name)s and %(more)d more lead in growth: %(change)s %%",
            alike,
        ) % (words | more)
    if len(known) == 1:
        return _("%(name)s: %(change)s %% followers") % words
    return (
        _("%(name)s grew fastest: %(change)s %%") % words
        if highest > 0
        else _("Nobody grew; %(name)s lost least: %(change)s %%") % words
    )


def _indexed(line: Line, names: dict[int, str]) -> Drawn | None:
    """The line's points relative to its first known one; None where there is no change to show."""
    known = _known(line)
    if len(known) < 2 or not known[0]:
        return None
    index = tuple(None if point.value is None else round(point.value / known[0] * 100, 3) for point in line.points)
    return Drawn(names[line.profile.tracked_id], line.role == "own", index)


def _growth_row(line: Line, index: Drawn, rate: Value | None) -> tuple[str, ...]:
    known = _known(line)
    return index.name, short(known[0]), short(known[-1]), short(rate.value if rate else None, "percent")


def _indexed_later(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)d profile was first read later: its first known day is 100.",
        "%(n)d profiles were first read later: their first known day is 100.",
        count,
    ) % {"n": count}


def _known(line: Line) -> list[float | int]:
    return [point.value for point in line.points if point.value is not None]


# --- what was published, and what it moved, over time ---------------------------------------------------------------


def activity(series: Series) -> Chart | None:
    """One count over time: our own accounts against the middle half of the competitors, or against each of a few."""
    names = names_of(series.lines)
    whole = _whole_buckets(series)
    lines = [
        Drawn(names[line.profile.tracked_id], line.role == "own", tuple(line.points[at].value for at in whole))
        for line in series.lines
    ]
    drawn = [line for line in lines if any(value is not None for value in line.values)]
    if len(whole) < 2 or not drawn:
        return None
    buckets = [series.buckets[at] for at in whole]
    theirs = [line for line in drawn if not line.own]
    middle = _middle_half(theirs) if len(theirs) > DRAWN_ONE_BY_ONE else None
    shown = drawn if middle is None else [line for line in drawn if line.own]
    return Chart(
        key=series.metric.key,
        title=_against_the_median(series.metric, drawn) or _busiest(series.metric, drawn),
        subtitle=" · ".join((_per(series), period_name(series.period))),
        caption=" ".join(filter(None, (_middle_caption(middle, len(theirs)), _left_out(len(lines) - len(drawn))))),
        spec=_lines_spec(shown, buckets, series.metric, zero=True, middle=middle),
        table=Table(
            head=(_("Profile"), *(_day(bucket.start) for bucket in buckets)),
            rows=tuple((line.name, *(short(value) for value in line.values)) for line in drawn),
        ),
    )


@dataclass(frozen=True, slots=True)
class MiddleHalf:
    """Quartiles of the competitors, bucket by bucket; None where fewer than two have a figure."""

    low: tuple[float | None, ...]
    median: tuple[float | None, ...]
    high: tuple[float | None, ...]


def _middle_half(lines: Sequence[Drawn]) -> MiddleHalf:
    known = [[value for value in at if value is not None] for at in zip(*(line.values for line in lines), strict=True)]
    cut = [quantiles(values, n=4, method="inclusive") if len(values) > 1 else (None, None, None) for values in known]
    return MiddleHalf(*zip(*cut, strict=True))


def _middle_caption(middle: MiddleHalf | None, count: int) -> str:
    if middle is None:
        return ""
    return _("Dashed: the median of %(n)d competitors; the band holds the middle half of them.") % {"n": count}


def _against_the_median(metric: MetricInfo, drawn: Sequence[Drawn]) -> str:
    """Our own total beside the middle one of the competitors; empty where there is no such pair."""
    ours = next((line for line in drawn if line.own), None)
    theirs = [_total(line) for line in drawn if not line.own]
    if ours is None or not theirs:
        return ""
    words = {"own": ours.name, "metric": _in_a_sentence(metric.label)}
    figures = {"total": short(_total(ours)), "median": short(median(theirs))}
    return _("%(own)s has %(total)s %(metric)s; the competitors' median is %(median)s") % (words | figures)


def _busiest(metric: MetricInfo, drawn: Sequence[Drawn]) -> str:
    most = max(drawn, key=_total)
    words = {"name": most.name, "total": short(_total(most)), "metric": _in_a_sentence(metric.label)}
    if len(drawn) == 1:
        return _("%(name)s: %(total)s %(metric)s") % words
    return _("%(name)s has the most %(metric)s: %(total)s") % words


def _total(line: Drawn) -> float:
    return sum(value or 0 for value in line.values)


def _per(series: Series) -> str:
    words = {
        "day": _("%(metric)s per day"),
        "week": _("%(metric)s per week"),
        "month": _("%(metric)s per month"),
    }
    return words[series.interval] % {"metric": series.metric.label}


def _whole_buckets(series: Series) -> list[int]:
    """Weeks and months that the period's ends cut would look like a fall: they are left out."""
    if series.interval == "day":
        return list(range(len(series.buckets)))
    whole_from = {"week": 7, "month": 28}[series.interval]
    return [at for at, bucket in enumerate(series.buckets) if (bucket.end - bucket.start).days + 1 >= whole_from]


# --- kinds ----------------------------------------------------------------------------------------------------------


def kinds(report: Report) -> Chart | None:
    """What each profile publishes, as shares of its posts."""
    rows = [(row, row.kinds) for row in report.rows if row.kinds and sum(row.kinds.values())]
    if not rows:
        return None
    names = names_of(report.rows)
    totals: Counter[str] = Counter()
    for __, found in rows:
        totals.update(found)
    order = [kind for kind, n in totals.most_common() if n]
    posts = sum(totals.values())
    return Chart(
        key="kinds",
        title=_("%(share)s %% of all posts are of the kind “%(kind)s”")
        % {"share": percent(totals[order[0]] / posts * 100), "kind": kind_name(order[0])},
        subtitle=" · ".join(
            (_("Share of posts by kind, percent"), period_name(report.period),
             ngettext("%(n)s post", "%(n)s posts", posts) % {"n": short(posts)})
        ),
        caption=_left_out(len(report.rows) - len(rows)),
        spec=_kinds_spec([(row, names[row.profile.tracked_id], found) for row, found in rows], names, order),
        table=Table(
            head=(_("Profile"), *(kind_name(kind) for kind in order)),
            rows=tuple(
                (names[row.profile.tracked_id], *(str(found.get(kind, 0)) for kind in order)) for row, found in rows
            ),
        ),
    )  # fmt: skip


def _kinds_spec(rows: Sequence[tuple[Row, str, dict[str, int]]], names: dict[int, str], order: Sequence[str]) -> Spec:
    segments = [segment for __, name, found in rows for segment in _segments(name, found, order)]
    base = alt.Chart(alt.InlineData(values=segments))
    bold = _own_in_bold([row for row, *__ in rows], names)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, **bold))
    x: Spec = {"scale": alt.Scale(domain=[0, 100]), "title": None, "axis": alt.Axis(tickCount=4, grid=False)}
    labels = [kind_name(kind) for kind in order]
    colours = [LIGHT.get(kind, LIGHT["other_kind"]) if kind != "other" else LIGHT["other_kind"] for kind in order]
    fill = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=labels, range=colours),
        legend=alt.Legend(orient="top", title=None, columns=3, symbolType="square"),
    )
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("kind:N", title=_("Kind")),
        alt.Tooltip("posts:Q", title=_("Posts")),
        alt.Tooltip("share:Q", title="%", format=".1f"),
    ]
    bar = base.mark_bar(height={"band": 0.78})
    bar = bar.encode(y=y, x=alt.X("from:Q", **x), x2=alt.X2("to:Q"), color=fill, tooltip=tooltip)
    fits = f"(datum.to - datum.from) / 100 * width > {SEGMENT_WITH_NAME}"
    label = base.mark_text().encode(
        y=y,
        x=alt.X("middle:Q", **x),
        text=alt.Text("kind:N"),
        opacity=alt.OpacityValue(**_if(fits, 1, 0)),
    )
    return _finished(alt.layer(bar, label), height=ROW_STEP * len(rows))


def _segments(name: str, found: dict[str, int], order: Sequence[str]) -> list[Spec]:
    """The bar of one profile, cut into its kinds in one order for all."""
    total = sum(found.values())
    edges = [0.0]
    for kind in order:
        edges.append(edges[-1] + found.get(kind, 0) / total * 100)
    return [
        {
            "name": name,
            "kind": kind_name(kind),
            "posts": found[kind],
            "share": to - start,
            "from": start,
            "to": to,
            "middle": (start + to) / 2,
        }
        for kind, (start, to) in zip(order, pairwise(edges), strict=True)
        if found.get(kind)
    ]


# --- what lines have in common --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """One profile's line, ready to be drawn: what is not known stays a gap."""

    name: str
    own: bool
    values: tuple[float | None, ...]


def _lines_spec(
    lines: Sequence[Drawn],
    buckets: Sequence[Bucket],
    metric: MetricInfo,
    *,
    zero: bool,
    middle: MiddleHalf | None = None,
) -> Spec:
    """Lines over time: competitors in grey until pointed at, our own thicker and on top, names at the ends."""
    days = [_milliseconds(bucket.start) for bucket in buckets]
    places = _label_places(lines)
    over_time: Spec = {"title": None, "scale": alt.Scale(type="utc"), "axis": _time_axis(buckets)}
    highest = max(_known_values([line.values for line in lines] + ([middle.high] if middle else [])), default=0)
    axis = _count_axis(highest if zero else None)
    size: Spec = {"title": None, "scale": alt.Scale(zero=zero, nice=True), "axis": axis}
    points = alt.Chart().transform_flatten(["day", "value"])
    points = points.encode(x=alt.X("day:T", **over_time), y=alt.Y("value:Q", **size))
    layers: list[alt.Chart] = [*_middle_layers(middle, days, over_time, size)] if middle else []
    if any(not line.own for line in lines):
        layers.append(_their_lines(points))
    if any(line.own for line in lines):
        layers.append(_our_lines(points))
    if lines:
        layers.append(_what_is_pointed_at(points, metric))
    if places:
        layers.append(_names_at_the_ends(over_time, size))
    rows = [_line_row(line, days, places.get(line.name)) for line in lines]
    return _finished(alt.layer(*layers, data=alt.InlineData(values=rows)), height=HALF_HEIGHT)


def _line_row(line: Drawn, days: Sequence[int], place: float | None) -> Spec:
    """One profile; its points are unfolded in the browser, so that its name is sent once."""
    row = {"name": line.name, "own": line.own, "day": days, "value": list(line.values)}
    return row | {"end": days[-1], "place": place}


def _their_lines(points: alt.Chart) -> alt.Chart:
    theirs: alt.Chart = points.transform_filter("!datum.own").mark_line()
    return theirs.encode(
        detail=alt.Detail("name:N"),
        color=alt.ColorValue(LIGHT["other"], condition=POINTED_AT | {"value": LIGHT["pointed"]}),
        strokeWidth=alt.StrokeWidthValue(1.2, condition=POINTED_AT | {"value": 2.5}),
    )


def _our_lines(points: alt.Chart) -> alt.Chart:
    ours: alt.Chart = points.transform_filter("datum.own").mark_line(strokeWidth=3)
    return ours.encode(detail=alt.Detail("name:N"), color=alt.ColorValue(LIGHT["own"]))


def _what_is_pointed_at(points: alt.Chart, metric: MetricInfo) -> alt.Chart:
    """Wide invisible points that tell their figure and bring their line forward."""
    pointed = alt.selection_point(name=POINTED, on="pointerover", clear="pointerout", fields=["name"])
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("day:T", title=_("Day"), format="%Y-%m-%d"),
        alt.Tooltip("value:Q", title=str(metric.label), format=",.4~r"),
    ]
    near: alt.Chart = points.mark_point(size=120, opacity=0)
    return near.encode(tooltip=tooltip).add_params(pointed)


def _names_at_the_ends(over_time: Spec, size: Spec) -> alt.Chart:
    named: alt.Chart = alt.Chart().transform_filter("isValid(datum.place)").mark_text(align="left", dx=8, limit=140)
    return named.encode(
        x=alt.X("end:T", **over_time),
        y=alt.Y("place:Q", **size),
        text=alt.Text("name:N"),
        color=alt.ColorValue(**_if("datum.own", LIGHT["own"], LIGHT["second"])),
    )


def _middle_layers(middle: MiddleHalf, days: Sequence[int], over_time: Spec, size: Spec) -> tuple[alt.Chart, alt.Chart]:
    """The competitors' middle half as a band, and their median dashed through it."""
    values = [
        {"day": day, "low": low, "median": at_median, "high": high}
        for day, low, at_median, high in zip(days, middle.low, middle.median, middle.high, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(x=alt.X("day:T", **over_time))
    band = base.mark_area(color=LIGHT["band"]).encode(y=alt.Y("low:Q", **size), y2=alt.Y2("high:Q"))
    dashed = base.mark_line(color=LIGHT["second"], strokeDash=[4, 3], strokeWidth=1.5)
    return band, dashed.encode(y=alt.Y("median:Q", **size))


def _time_axis(buckets: Sequence[Bucket]) -> alt.Axis:
    """Days with their month, each once; months with their year where the buckets are months."""
    by_month = (buckets[0].end - buckets[0].start).days >= 27
    few = [_milliseconds(bucket.start) for bucket in buckets] if len(buckets) <= FEW_DAYS else alt.Undefined
    written = "%b %Y" if by_month else "%-d %b"
    return alt.Axis(grid=False, tickCount=5, labelOverlap=True, format=written, values=few)


def _count_axis(highest: float | None) -> alt.Axis:
    """Few ticks; where counts are small, one at each whole number and none between them, where there is nothing."""
    each = list(range(ceil(highest) + 1)) if highest is not None and highest <= FEW else alt.Undefined
    return alt.Axis(tickCount=5, labelExpr="format(datum.value, '~s')", values=each)


def _known_values(courses: Iterable[Sequence[float | None]]) -> list[float]:
    return [value for course in courses for value in course if value is not None]


def _milliseconds(day: date) -> int:
    """The beginning of a UTC day as Vega counts time."""
    return int(datetime.combine(day, time.min, UTC).timestamp() * 1000)


def _label_places(lines: Sequence[Drawn]) -> dict[str, float]:
    """Where names stand at the lines' ends, moved apart where they would cover each other.

    Up to eight lines all have theirs; beyond that our own alone.
    """
    named = [line for line in lines if line.own or len(lines) <= LABELLED_LINES]
    ends = {line.name: line.values[-1] for line in named if line.values[-1] is not None}
    known = _known_values(line.values for line in lines)
    if not ends:
        return {}
    low, high = min(known), max(known)
    gap = ((high - low) or 1) * ROUNDED_UP * LINE_HEIGHT / HALF_HEIGHT
    return dict(zip(ends, moved_apart(list(ends.values()), gap=gap, low=low, high=high), strict=True))


def moved_apart(values: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """The values, each at least `gap` from its neighbours, in their order, and within the ends where there is room."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    places = [0.0] * len(values)
    floor = low - gap
    for at in order:
        floor = places[at] = max(values[at], floor + gap)
    ceiling = max(high, low + gap * (len(values) - 1)) + gap
    for at in reversed(order):
        ceiling = places[at] = min(places[at], ceiling - gap)
    return places


def _finished(chart: alt.LayerChart | alt.FacetChart, *, height: int) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    return spec | {
        "width": "container",
        "height": height,
        "padding": {"left": 0, "top": 4, "bottom": 0, "right": 2},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": theme(),
    }


def _if(test: str, then: str | float, otherwise: str | float) -> Spec:
    """A channel's value that depends on the row. Spelled out, because Altair's own spelling is checked at every use."""
    return {"value": otherwise, "condition": {"test": test, "value": then}}


def _own_in_bold(rows: Iterable[Row], names: dict[int, str]) -> Spec:
    own = json.dumps([names[row.profile.tracked_id] for row in rows if row.role == "own"])
    test = f"indexof({own}, datum.value) >= 0"
    return {
        "labelFontWeight": {"condition": {"test": test, "value": 600}, "value": 400},
        "labelColor": {"condition": {"test": test, "value": LIGHT["own"]}, "value": LIGHT["ink"]},
    }


# --- words ----------------------------------------------------------------------------------------------------------


def names_of(rows: Iterable[Row | Line]) -> dict[int, str]:
    """One name per row for labels: the brand's, with the handle where a brand has several profiles."""
    rows = tuple(rows)
    taken = Counter(row.brand.name for row in rows)
    return {
        row.profile.tracked_id: row.brand.name
        if taken[row.brand.name] == 1
        else f"{row.brand.name} (@{row.profile.handle})"
        for row in rows
    }


def kind_name(kind: str) -> str:
    """What readers call a kind of post."""
    names = {
        Kind.TEXT: pgettext("kind of post", "Text"),
        Kind.PHOTO: pgettext("kind of post", "Photo"),
        Kind.ALBUM: pgettext("kind of post", "Album"),
        Kind.VIDEO: pgettext("kind of post", "Video"),
        Kind.LIVE: pgettext("kind of post", "Live"),
        Kind.AUDIO: pgettext("kind of post", "Audio"),
        Kind.LINK: pgettext("kind of post", "Link"),
        Kind.POLL: pgettext("kind of post", "Poll"),
        Kind.QUOTE: pgettext("kind of post", "Quote"),
        Kind.EVENT: pgettext("kind of post", "Event"),
        Kind.NOTE: pgettext("kind of post", "Note"),
        Kind.OTHER: pgettext("kind of post", "Other"),
    }
    return names[Kind(kind)]


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]


def unit_name(unit: str) -> str:
    """A unit as a column's head names it."""
    return _("percent") if unit == "percent" else _("count")


def period_name(period: Period) -> str:
    """The days a report is about, as people write them."""
    return f"{_day(period.start)} – {_day(period.end)}"  # noqa: RUF001  # from, to


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def _left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)d profile is not drawn: it has no figures for these days.",
        "%(n)d profiles are not drawn: they have no figures for these days.",
        count,
    ) % {"n": count}


def _info(report: Report, metric: str) -> MetricInfo | None:
    return next((info for info in report.metrics if info.key == metric), None)


def _number(value: float | None) -> float:
    """A figure that is known to be there."""
    if value is None:
        raise ValueError("a row without a figure is not drawn")
    return float(value)
