"""Why engagement rates differ: every definition side by side, on the posts of one followed profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark import reports
from benchmark.metrics import METRICS, Metric, Statistic, Unit
from benchmark.metrics.base import FOLLOWERS, FOLLOWERS_THAT_DAY, Audience, Ratio
from benchmark.networks.base import Network
from benchmark.reports import periods
from benchmark.reports.figures import short
from benchmark.reports.value import Row
from benchmark.web.frame import followed_networks
from benchmark.web.rendering import page
from benchmark.web.words import reason_name


@dataclass(frozen=True, slots=True)
class Rate:
    """One definition, what it gives for the profile, and the three choices by which it differs from the others."""

    metric: Metric
    text: str
    why: str  # there is no figure
    n: int
    posts: str
    statistic: str
    divided_by: str
    tools: str


@require_GET
@members
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every definition of an engagement rate on the last 30 days of one profile, the lowest figure first."""
    networks = [each.network for each in followed_networks(membership.workspace) if each.network.engagement_parts]
    asked = {network.key: network for network in networks}.get(request.GET.get("network", ""))
    network = asked or next(iter(networks), None)
    context: dict[str, Any] = {"networks": networks, "network": network}
    if network is not None:
        now = timezone.now()
        period = periods.parse(request.GET.get("period"), now=now) if _is_named(request) else periods.parse(now=now)
        keys = [metric.key for metric in definitions(network)]
        report = reports.benchmark(membership.workspace, network.key, period, metrics=keys, now=now)
        row = _chosen(report.rows, request.GET.get("profile", ""))
        found = sorted(_rates(row, network), key=lambda rate: row.values[rate.metric.key].value or 0) if row else []
        known = [value.value for value in row.values.values() if value.value] if row else []
        reasons = {rate.why for rate in found}
        context |= {"report": report, "row": row, "rates": found}
        context |= {"missing": reasons.pop()} if len(reasons) == 1 else {}
        context |= {"apart": short(max(known) / min(known))} if len(known) > 1 else {}
    return page(request, membership, "web/rates.html", context)


def definitions(network: Network) -> list[Metric]:
    """The metrics that set a profile's engagements in relation to its audience, in percent."""
    return [
        metric
        for metric in METRICS.values()
        if metric.uses_engagements
        and metric.unit is Unit.PERCENT
        and metric.over_posts is not Statistic.SHARE
        and metric.offered_by(network)
    ]


def _is_named(request: HttpRequest) -> bool:
    return request.GET.get("period") in periods.NAMED


def _chosen(rows: tuple[Row, ...], tracked_id: str) -> Row | None:
    """The profile that was asked for, else the first of our own, else the first."""
    asked = next((row for row in rows if str(row.profile.tracked_id) == tracked_id), None)
    return asked or next((row for row in rows if row.role == "own"), next(iter(rows), None))


def _rates(row: Row, network: Network) -> Iterator[Rate]:
    statistics = {
        Statistic.MEDIAN: _("the middle post"),
        Statistic.MEAN: _("the mean of posts"),
        Statistic.RATIO_OF_SUMS: _("all posts taken together"),
        Statistic.PER_DAY: _("the sum for each day"),
        Statistic.MEAN_OF_DAYS: _("the mean of days with posts"),
    }
    audiences = {
        Audience.AT_END: _("followers at the end"),
        Audience.MEAN_OF_ENDS: _("the mean of followers before and after"),
        Audience.AVERAGE: _("followers on an average day"),
    }
    below = {
        FOLLOWERS: _("followers when posted"),
        FOLLOWERS_THAT_DAY: _("followers that day"),
        "views": _("views"),
        "measured_reach": _("the people reached"),
    }
    for metric in definitions(network):
        value = row.values[metric.key]
        if metric.audience:
            divided_by = audiences[metric.audience]
        else:
            divided_by = below[metric.each.below] if isinstance(metric.each, Ratio) else ""
        yield Rate(
            metric=metric,
            text=f"{short(value.value, 'percent')} %",
            why=reason_name(value.reason) if value.reason else "",
            n=value.n,
            posts=_("old enough") if metric.needs_mature_posts else _("all"),
            statistic=statistics[metric.over_posts],
            divided_by=divided_by,
            tools=", ".join(f"{known.tool}: {known.name}" for known in metric.known_as),
        )
