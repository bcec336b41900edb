"""The growth of followers: each profile's line, its first day = 100."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.reports.charts.lines import Drawn, lines_spec
from benchmark.reports.charts.parts import Chart, Table, known_number
from benchmark.reports.charts.words import day_name, left_out, names_of, period_name
from benchmark.reports.figures import short, signed
from benchmark.reports.value import Line, Report, Series, Value

GROWTH = "follower_growth_rate"


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
            (
                _("Followers, end of %(day)s = 100") % {"day": day_name(series.buckets[0].start)},
                period_name(report.period),
            )
        ),
        caption=" ".join(filter(None, (_indexed_later(later), left_out(len(series.lines) - len(drawn))))),
        spec=lines_spec([index for __, index in drawn], series.buckets, series.metric, zero=False),
        table=Table(
            head=(_("Profile"), _("Followers at the start"), _("Followers at the end"), _("Growth, percent")),
            rows=tuple(_growth_row(line, index, rates.get(line.profile.tracked_id)) for line, index in drawn),
        ),
    )


def _fastest(rates: Sequence[tuple[str, Value | None]]) -> str:
    """Who grew fastest, by the same figure as the table's and the sentences'."""
    known = [(known_number(rate.value), name) for name, rate in rates if rate is not None and rate.value is not None]
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
