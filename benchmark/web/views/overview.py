"""The first page of a workspace: on each network where we stand, how fresh that is, and what needs doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import nan

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark import reports
from benchmark.demo.replay import Progress
from benchmark.demo.replay import progress as replayed
from benchmark.insights import NO_BREAK, verdict
from benchmark.metrics import METRICS, OF_FOLLOWERS_ALONE, RATES, Unit, Value, opening
from benchmark.reports import periods
from benchmark.reports.charts import names_of
from benchmark.reports.figures import short
from benchmark.reports.value import Freshness, OwnPosition, Period, Report
from benchmark.web.frame import Followed, followed_networks
from benchmark.web.rendering import page
from benchmark.web.words import reason_name


@dataclass(frozen=True, slots=True)
class OwnFigure:
    name: str
    value: str
    rank: int | None
    of: int | None
    verdict: str  # "ahead", "behind", "near", "level", or "" where nothing can be said
    reason: str  # why there is no figure, in words


@dataclass(frozen=True, slots=True)
class Card:
    """One network at a glance."""

    followed: Followed
    metric: str  # its name, where it is not the rate that the page's head names
    unit: str
    own: tuple[OwnFigure, ...]
    median: str
    competitors: int
    sentence: str
    oldest: datetime | None
    waiting: int
    failures: tuple[tuple[str, Freshness], ...]


@require_GET
@members
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A card per network, or the three steps that lead to one."""
    now = timezone.now()
    period = periods.parse(now=now)
    networks = followed_networks(membership.workspace)
    cards = [_card(membership, followed, period, now=now) for followed in networks]
    context = {
        "cards": cards,
        "shows_rate": any(not card.metric for card in cards),
        "progress": _progress(membership, networks),
        "now": now,
        "period": period,
        "has_own": any(followed.own for followed in networks),
        "has_competitors": any(followed.competitors for followed in networks),
    }
    return page(request, membership, "web/overview.html", context)


@require_GET
@members
def progress(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How far the demo's ninety days have been read; once they are, the page is loaded anew."""
    standing = replayed(membership.workspace)
    response = page(request, membership, "web/progress.html", {"progress": standing})
    if standing is None:
        response.headers["HX-Refresh"] = "true"
    return response


def _progress(membership: Membership, networks: tuple[Followed, ...]) -> Progress | None:
    """Asked for only where there is pretend data at all."""
    return replayed(membership.workspace) if any(followed.pretend for followed in networks) else None


def _card(membership: Membership, followed: Followed, period: Period, *, now: datetime) -> Card:
    """A network's card: of what the network offers the first, and growth where nobody's posts can be had."""
    metric = opening(followed.network)[0] if followed.network.lists_posts else OF_FOLLOWERS_ALONE[0]
    report = reports.benchmark(membership.workspace, followed.network.key, period, metrics=[metric], now=now)
    return card(followed, report, metric=metric)


def card(followed: Followed, report: Report, *, metric: str) -> Card:
    """What a report says in one glance."""
    unit = METRICS[metric].unit
    names = names_of(report.rows)
    summary = report.summary.get(metric)
    positions = summary.own if summary else ()
    own = tuple(_own(report, position, names[position.tracked_id], metric) for position in positions)
    return Card(
        followed=followed,
        metric="" if metric == RATES[0] else str(METRICS[metric].label),
        unit="%" if unit is Unit.PERCENT else "",
        own=own,
        median=_with_unit(summary.median, unit) if summary and summary.median is not None else "",
        competitors=summary.n if summary else 0,
        sentence=next((sentence.text for sentence in report.sentences if sentence.about == "leads"), ""),
        oldest=min((fresh.read_at for fresh in report.freshness if fresh.read_at), default=None),
        waiting=sum(fresh.state == "waiting" for fresh in report.freshness),
        failures=tuple((names[fresh.tracked_id], fresh) for fresh in report.freshness if fresh.remedy),
    )


def _with_unit(value: float, unit: Unit) -> str:
    return f"{short(value, unit)}{NO_BREAK}%" if unit is Unit.PERCENT else short(value, unit)


def _own(report: Report, position: OwnPosition, name: str, metric: str) -> OwnFigure:
    """One of our accounts, with the same verdict as in the report's sentences."""
    row = next(row for row in report.rows if row.profile.tracked_id == position.tracked_id)
    reason = row.values[metric].reason
    return OwnFigure(
        name=name,
        value=short(position.value, METRICS[metric].unit) if position.value is not None else "",
        rank=position.rank,
        of=position.of,
        verdict=_verdict(metric, row.values[metric], position, report.summary[metric].median),
        reason=reason_name(reason) if reason else "",
    )


def _verdict(metric: str, value: Value, position: OwnPosition, middle: float | None) -> str:
    """Nothing where there is no figure, no median, or one that rests on another basis."""
    if value.value is None or middle is None or position.difference is None:
        return ""
    ends = (nan if value.low is None else value.low, nan if value.high is None else value.high)
    return verdict(METRICS[metric], value.value, ends, middle)
