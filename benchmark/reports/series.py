"""One metric of all followed profiles over time, by day, week or month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark.metrics import Metric, Statistic
from benchmark.metrics.common_steps import ask_known_days, marks_between
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.frame import Frame, Span, read
from benchmark.metrics.steps import Mark
from benchmark.networks import NETWORKS
from benchmark.reports.build import MetricRefused, chosen, row_brand, row_profile
from benchmark.reports.followed import followed
from benchmark.reports.value import Bucket, Line, Period, Point, Series, StepMark
from benchmark.reports.values import infos, numbers

if TYPE_CHECKING:
    from accounts.models import Workspace

INTERVALS = ("day", "week", "month")


def series(
    workspace: Workspace, network_key: str, metric_key: str, interval: str, period: Period, *, now: datetime
) -> Series:
    """The metric of every row in each bucket of the period, by the same definitions as in a report.

    A bucket that lies outside a profile's history has no figure, and a share is one of the bucket's own sum.
    """
    (metric,) = chosen([metric_key])
    if interval not in INTERVALS:
        raise MetricRefused("interval_unknown", _("An interval is day, week or month."), field="interval")
    rows = followed(workspace.pk, network_key)
    span = Span(start=period.start, end=period.end, previous_start=period.start)
    subjects = [row.subject for row in rows]
    frame = read(NETWORKS[network_key], subjects, span=span, now=now, workspace_id=workspace.pk)
    buckets = _buckets(period, interval)
    marks = _marks(frame) if metric.of_followers else {}
    columns = [_points(metric, frame.only(bucket.start, bucket.end)) for bucket in buckets]
    return Series(
        network=network_key,
        metric=infos([metric])[0],
        interval=interval,
        period=period,
        buckets=tuple(buckets),
        lines=tuple(
            Line(
                profile=row_profile(row),
                brand=row_brand(row),
                role=row.role,
                points=tuple(column[place] for column in columns),
                marks=tuple(marks.get(place, ())),
            )
            for place, row in enumerate(rows)
        ),
        as_of=now,
    )


def _marks(frame: Frame) -> dict[int, list[StepMark]]:
    """The steps of each row's followers on the period's days."""
    start, end = frame.span.start, frame.span.end
    marks: dict[int, list[StepMark]] = {}
    for mark in marks_between(frame.followers, start, end, ask_known_days(frame.network, start, end)()):
        marks.setdefault(mark.row, []).append(step_mark(mark))
    return marks


def step_mark(mark: Mark) -> StepMark:
    """A mark as answers hold it."""
    change, z = (float(f"{figure:.10g}") for figure in (mark.change, mark.z))
    return StepMark(mark.kind, mark.at, mark.before, mark.after, change, z, mark.until)


def _points(metric: Metric, frame: Frame) -> list[Point]:
    """One bucket of every row. Followers that are of another time are left open: a gap stays a gap."""
    figures = evaluate(frame, [metric])[metric.key]
    values = numbers(figures.value, metric.unit.is_whole)
    points = [Point(*point) for point in zip(values, figures.n.tolist(), figures.reasons, strict=True)]
    if metric.over_posts is not Statistic.AT_END:
        return points
    gap = Point(None, 0, "followers_not_read_then")
    return [gap if basis == "backfilled" else point for point, basis in zip(points, figures.bases, strict=True)]


def _buckets(period: Period, interval: str) -> Sequence[Bucket]:
    """Days, weeks from Monday to Sunday, or months; the first and the last are cut at the period's ends."""
    buckets = []
    start = period.start
    while start <= period.end:
        end = min(_last_day(start, interval), period.end)
        buckets.append(Bucket(start, end))
        start = end + timedelta(days=1)
    return buckets


def _last_day(day: date, interval: str) -> date:
    if interval == "week":
        return day + timedelta(days=6 - day.weekday())
    if interval == "month":
        in_next = day.replace(day=28) + timedelta(days=4)
        return in_next - timedelta(days=in_next.day)
    return day
