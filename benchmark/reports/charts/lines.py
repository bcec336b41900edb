"""Lines over time, as growth and activity draw them: competitors behind, our own on top, names at the ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import ceil

import altair as alt
from django.utils.translation import gettext as _

from benchmark.reports.charts.parts import finished, when
from benchmark.reports.charts.theme import LIGHT, Spec
from benchmark.reports.value import Bucket, MetricInfo

POINTED = "pointed"  # the selection of the line that a reader points at
POINTED_AT: Spec = {"param": POINTED, "empty": False}
HALF_HEIGHT = 264  # beside a width of about 350: 4:3
LINE_HEIGHT = 14
ROUNDED_UP = 1.25  # an axis that ends at round figures is longer than its data, by about this much
LABELLED_LINES = 8
FEW = 5  # up to so many, an axis of counts names each number
FEW_DAYS = 8  # and so many days are named each


@dataclass(frozen=True, slots=True)
class Drawn:
    """One profile's line, ready to be drawn: what is not known stays a gap."""

    name: str
    own: bool
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MiddleHalf:
    """Quartiles of the competitors, bucket by bucket; None where fewer than two have a figure."""

    low: tuple[float | None, ...]
    median: tuple[float | None, ...]
    high: tuple[float | None, ...]


def lines_spec(
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
    return finished(alt.layer(*layers, data=alt.InlineData(values=rows)), height=HALF_HEIGHT)


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
        color=alt.ColorValue(**when("datum.own", LIGHT["own"], LIGHT["second"])),
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
