"""How our accounts compare on one network: who leads, where we stand, and what every figure rests on."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark import reports
from benchmark.exports import csv
from benchmark.metrics import in_groups, rates_of
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.reports import charts, periods
from benchmark.reports.value import Period, Report, to_json
from benchmark.web import bundle, shown
from benchmark.web.asked import PERIODS, Asked
from benchmark.web.rendering import page
from benchmark.web.table import table_of

TOP = 6  # posts that are shown at once
TABLE = "comparison"  # the part of the page that sorting exchanges


@require_GET
@members
def show(request: HttpRequest, membership: Membership, network: str) -> HttpResponse:
    """The whole page; only its table where the table's head was clicked."""
    declared = network_or_404(network)
    asked = Asked.of(request.GET, network=declared)
    only_table = request.headers.get("HX-Target") == TABLE
    now = timezone.now()
    try:
        period, refused = periods.parse(asked.period, start=asked.start, end=asked.end, now=now), None
    except periods.PeriodRefused as refusal:
        period, refused = periods.parse(now=now), refusal
    report = reports.benchmark(
        membership.workspace,
        network,
        period,
        metrics=asked.metrics,
        rate=asked.rate,
        overperformance=not only_table,
        now=now,
    )
    no_posts = _why_no_posts(report, declared)
    asked = asked.without_posts() if no_posts else asked
    context = _table_context(report, declared, asked) | {"no_posts": no_posts}
    if only_table:
        return page(request, membership, "web/compare/table.html", context)
    context |= _page_context(membership, report, declared, asked) | {"refused": refused}
    return page(request, membership, "web/compare/page.html", context, status=400 if refused else 200)


@require_GET
@members
def sensitivity(request: HttpRequest, membership: Membership, network: str) -> HttpResponse:
    """How much the figures hang on a few posts: a part of the page where it was asked for there, else a page."""
    declared = network_or_404(network)
    asked = Asked.of(request.GET, network=declared)
    now = timezone.now()
    period = _period_or_404(asked, now)
    found = reports.sensitivity(membership.workspace, network, period, now=now)
    columns = [
        (info, [(row, [row.values[info.key][variant.key] for variant in found.variants]) for row in found.rows])
        for info in found.metrics
    ]
    context = {"sensitivity": found, "found": columns, "network": declared, "asked": asked}
    part = request.headers.get("HX-Request") == "true"
    template = "web/compare/sensitivity.html" if part else "web/compare/sensitivity_page.html"
    return page(request, membership, template, context)


@require_GET
@members
def as_csv(request: HttpRequest, membership: Membership, network: str) -> HttpResponse:
    """The same report as a table for a spreadsheet."""
    report = _report_or_404(request, membership, network)
    return _download(csv.benchmark(report), report, kind="csv", content_type="text/csv; charset=utf-8")


@require_GET
@members
def as_json(request: HttpRequest, membership: Membership, network: str) -> HttpResponse:
    """The same report, whole."""
    report = _report_or_404(request, membership, network, overperformance=True)
    return _download(to_json(report), report, kind="json", content_type="application/json")


def network_or_404(key: str) -> Network:
    """The declaration of a network by its key."""
    if key not in NETWORKS:
        raise Http404(_("Yardstick does not know this network."))
    return NETWORKS[key]


def _report_or_404(
    request: HttpRequest, membership: Membership, network: str, *, overperformance: bool = False
) -> Report:
    """What the page would show for the same address; a period that is not one has no file."""
    asked = Asked.of(request.GET, network=network_or_404(network))
    now = timezone.now()
    period = _period_or_404(asked, now)
    return reports.benchmark(
        membership.workspace,
        network,
        period,
        metrics=asked.metrics,
        rate=asked.rate,
        overperformance=overperformance,
        now=now,
    )


def _period_or_404(asked: Asked, now: datetime) -> Period:
    try:
        return periods.parse(asked.period, start=asked.start, end=asked.end, now=now)
    except periods.PeriodRefused as refusal:
        raise Http404(refusal.sentence) from refusal


def _download(body: bytes | str, report: Report, *, kind: str, content_type: str) -> HttpResponse:
    name = f"{report.network}-{report.period.start:%Y%m%d}-{report.period.end:%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


def _table_context(report: Report, network: Network, asked: Asked) -> dict[str, Any]:
    table = table_of(report, columns=asked.columns, sort=asked.sort)
    heads = [(head, asked.link(sort=head.sort)) for head in (table.name_head, *table.heads)]
    return {"report": report, "network": network, "table": table, "heads": heads, "table_id": TABLE}


def _why_no_posts(report: Report, network: Network) -> str:
    """Why nothing over posts can be shown where the network lists nobody's and no file has brought any; else empty."""
    missing = not network.lists_posts and all(row.kinds is None for row in report.rows)
    return _(network.not_published_because) if missing else ""


def _page_context(membership: Membership, report: Report, network: Network, asked: Asked) -> dict[str, Any]:
    chosen = report.period.key
    return {
        "asked": asked,
        "period_links": [(key, asked.in_period(key), key == chosen) for key in PERIODS],
        "rate_links": [
            (info, asked.link(rate=info.key, metrics="", sort=""), info.key == asked.rate)
            for info in report.metrics
            if info.key in rates_of(network)
        ],
        "columns": [
            (name, [(metric, metric.key in asked.columns) for metric in metrics if metric.offered_by(network)])
            for name, metrics in in_groups()
        ],
        "own": any(row.role == "own" for row in report.rows),
        "competitors": any(row.role == "competitor" for row in report.rows),
        "last_known": _last_known(report, asked) if network.lists_posts else None,
        "industry": shown.industry(report, columns=asked.columns),
        "charts": _charts(membership, report, network, asked),
        "charts_in_dark": charts.IN_DARK,
        "charts_version": bundle.wheel_version(),
        "top_posts": (posts := shown.top_posts(report))[:TOP],
        "more_posts": posts[TOP:],
        "performing": shown.performing(report),
        "freshness": shown.freshness(report),
        "made": shown.how_made(report, columns=asked.columns),
    }


def _last_known(report: Report, asked: Asked) -> tuple[Period, str] | None:
    """Where no row has figures over posts: the last days of which any profile was read whole, and the way there."""
    ends = [
        (each.history_to.date() - timedelta(days=1), each.history_from) for each in report.freshness if each.history_to
    ]
    if not ends or any(row.kinds is not None for row in report.rows):
        return None
    end, known_from = max(ends, key=itemgetter(0))
    start = end - timedelta(days=report.period.days - 1)
    start = max(start, known_from or start)
    if start > end or end >= report.period.end:
        return None
    return periods.between(start, end, now=report.as_of), asked.link(period="", start=f"{start}", end=f"{end}")


def _charts(membership: Membership, report: Report, network: Network, asked: Asked) -> list[charts.Chart]:
    """The charts that have something to show."""
    if not report.rows:
        return []
    interval, days = _interval(report.period), report.period
    answers = "engagements" if network.engagement_parts else "views"
    posts, answered, followers = (
        reports.series(membership.workspace, report.network, metric, every, period, now=report.as_of)
        for metric, every, period in (
            ("posts", interval, days),
            (answers, interval, days),
            ("followers", "day", periods.with_the_day_before(days)),
        )
    )
    made = (
        charts.rates(report, metric=asked.rate),
        charts.kinds(report),
        charts.growth(followers, report),
        charts.activity(posts),
        charts.activity(answered),
    )
    return [chart for chart in made if chart is not None]


def _interval(period: Period) -> str:
    """Days for up to a month, weeks for up to half a year, months beyond."""
    if period.days <= 31:
        return "day"
    return "week" if period.days <= 184 else "month"
