"""The rate with its intervals: a dot for each profile, beside the industry's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import altair as alt
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.metrics import BASES
from benchmark.reports.charts.parts import ROW_STEP, Chart, Table, finished, known_number, own_in_bold, when
from benchmark.reports.charts.theme import LIGHT, Spec
from benchmark.reports.charts.words import in_a_sentence, names_of, period_name, unit_name
from benchmark.reports.figures import percent, short
from benchmark.reports.value import Figure, MetricInfo, Report, Row, Value

MEASURED = "measured"
AT_THE_EDGE = alt.XValue("width")  # type: ignore[no-untyped-call]  # the only channel that Altair left untyped


def rates(report: Report, *, metric: str) -> Chart | None:
    """Each profile's rate as a dot on its interval, with the industry's figures of the same definition."""
    info = _info(report, metric)
    rows = [row for row in report.rows if metric in row.values and row.values[metric].value is not None]
    if info is None or not rows:
        return None
    rows.sort(key=lambda row: -known_number(row.values[metric].value))
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
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, **own_in_bold(rows, names)))
    x = alt.Scale(zero=True, nice=False, padding=4)
    scale: Spec = {"scale": x, "title": None, "axis": alt.Axis(tickCount=5, format="~g")}
    colour = alt.ColorValue(**when("datum.own", LIGHT["own"], LIGHT["other"]))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title="%")]
    interval = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        y=y, x=alt.X("low:Q", **scale), x2=alt.X2("high:Q"), color=colour
    )
    dot = base.mark_point(size=70, opacity=1).encode(
        y=y,
        x=alt.X("value:Q", **scale),
        color=colour,
        fill=alt.FillValue(**when("datum.own", LIGHT["own"], LIGHT["other"])),
        fillOpacity=alt.FillOpacityValue(**when("datum.measured", 1, 0)),
        tooltip=tooltip,
    )
    figure = base.mark_text(align="right", dx=44).encode(y=y, x=AT_THE_EDGE, text=alt.Text("figure:N"))
    chart = alt.layer(*_industry_layers(figures), interval, dot, figure)
    return finished(chart, height=ROW_STEP * len(rows))


def _rate_datum(row: Row, names: dict[int, str], value: Value) -> Spec:
    number = known_number(value.value)
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
    """A dashed line per median, and a band from the lower to the upper quartile of a cohort."""
    layers: list[alt.Chart] = []
    spread = next((figure.spread for figure in figures if figure.spread is not None), None)
    if spread is not None:
        band = alt.InlineData(values=[{"from": spread.p25, "to": spread.p75}])
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
    return " ".join(_("Hollow: %(basis)s") % {"basis": in_a_sentence(basis)} for basis in others)


def _industry_caption(figures: tuple[Figure, ...]) -> str:
    """What the dashed lines are, with their sources: a line without its source would be decoration."""
    return " ".join(
        _("Dashed: %(name)s, %(value)s %%. Source: %(source)s.")
        % {"name": _figure_name(figure), "value": percent(figure.value), "source": figure.origin}
        for figure in _medians(figures)
    )


def _figure_name(figure: Figure) -> str:
    return _("%(industry)s, median") % {"industry": figure.about}


def _medians(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.over_profiles == "median"]


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
        words = {"name": names[rows[0].profile.tracked_id], "metric": in_a_sentence(info.label)}
        return _("%(name)s: %(metric)s %(value)s %%") % (
            words | {"value": percent(known_number(rows[0].values[info.key].value))}
        )
    ours = [row for row in rows if row.role == "own"]
    bases = Counter(row.values[info.key].basis for row in ours or rows)
    alike = [row for row in rows if row.values[info.key].basis == bases.most_common(1)[0][0]]
    words = {"leader": names[alike[0].profile.tracked_id], "metric": in_a_sentence(info.label)}
    ranked = [row for row in alike if row.role == "own" and row.values[info.key].rank is not None]
    if len(alike) > 1 and _meet(alike[0].values[info.key], alike[1].values[info.key]):
        words["second"] = names[alike[1].profile.tracked_id]
        return _("Too close to call: %(leader)s and %(second)s have the highest %(metric)s") % words
    if alike[0].role == "own" or not ranked:
        return _("%(leader)s has the highest %(metric)s") % words
    best = ranked[0].values[info.key]
    place = {"own": names[ranked[0].profile.tracked_id], "rank": best.rank, "of": best.of}
    return _("%(leader)s has the highest %(metric)s; %(own)s is number %(rank)d of %(of)d") % (words | place)


def _meet(first: Value, second: Value) -> bool:
    """Whether two intervals meet, so that neither figure can be called the higher one."""
    if first.low is None or second.high is None:
        return False
    return first.low <= second.high


def _info(report: Report, metric: str) -> MetricInfo | None:
    return next((info for info in report.metrics if info.key == metric), None)
