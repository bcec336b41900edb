"""What was published, and what it moved, over time: our own accounts against the competitors."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

from django.utils.translation import gettext as _

from benchmark.reports.charts.lines import Drawn, MiddleHalf, lines_spec
from benchmark.reports.charts.parts import Chart, Table
from benchmark.reports.charts.words import day_name, in_a_sentence, left_out, names_of, period_name
from benchmark.reports.figures import short
from benchmark.reports.value import MetricInfo, Series

DRAWN_ONE_BY_ONE = 3  # from more competitors than that on, counts over time show their middle half


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
        caption=" ".join(filter(None, (_middle_caption(middle, len(theirs)), left_out(len(lines) - len(drawn))))),
        spec=lines_spec(shown, buckets, series.metric, zero=True, middle=middle),
        table=Table(
            head=(_("Profile"), *(day_name(bucket.start) for bucket in buckets)),
            rows=tuple((line.name, *(short(value) for value in line.values)) for line in drawn),
        ),
    )


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
    words = {"own": ours.name, "metric": in_a_sentence(metric.label)}
    figures = {"total": short(_total(ours)), "median": short(median(theirs))}
    return _("%(own)s has %(total)s %(metric)s; the competitors' median is %(median)s") % (words | figures)


def _busiest(metric: MetricInfo, drawn: Sequence[Drawn]) -> str:
    most = max(drawn, key=_total)
    words = {"name": most.name, "total": short(_total(most)), "metric": in_a_sentence(metric.label)}
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
