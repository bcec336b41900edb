"""Makes the Report: reads, computes, compares, and puts every figure where all doors find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from benchmark import industry, reach
from benchmark.comparison import compare, verdicts
from benchmark.insights import HEADLINES, Comparison, Named, sentences
from benchmark.metrics import DEFAULT, METRICS, Metric
from benchmark.metrics.ages import ask_at_same_age
from benchmark.metrics.asking import together
from benchmark.metrics.columns import Ints
from benchmark.metrics.common_steps import ask_known_days, marks_between
from benchmark.metrics.contrasts import ask_tagged, contrasts
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.factors import Curves, ask_curves
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import KINDS, Frame, Span, read
from benchmark.metrics.overperformance import ask_scores
from benchmark.metrics.per_post import each_post
from benchmark.metrics.shrinkage import FEWEST_POSTS, shrunken
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.reports.cautions import cautions, freshness
from benchmark.reports.figures import short
from benchmark.reports.followed import Followed, followed
from benchmark.reports.performing import ask_performing, nobody_asked
from benchmark.reports.top_posts import ask_top_posts
from benchmark.reports.value import Gap, MetricInfo, Period, Report, Row, RowBrand, RowProfile, Shrunken, Value
from benchmark.reports.values import infos, summary, values

FEW_POSTS = 30  # with so many of each, drawing profiles together changes little

if TYPE_CHECKING:
    from accounts.models import Workspace


class MetricRefused(ValueError):
    """What was asked for is not a metric, or not an interval. `code` is stable, `sentence` is for people."""

    def __init__(self, code: str, sentence: str, *, field: str = "metrics") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field


def benchmark(
    workspace: Workspace,
    network_key: str,
    period: Period,
    *,
    metrics: Sequence[str] | None = None,
    rate: str = HEADLINES[0],
    overperformance: bool = False,
    now: datetime,
) -> Report:
    """How the workspace's accounts compare with its competitors on a network, in the default metrics or in these.

    `rate` is the definition of the engagement rate that the sentences speak of. `overperformance` adds the posts that
    did far better or worse than usual: it holds every post of the period against a hundred others.
    """
    network, wanted = NETWORKS[network_key], chosen(metrics)
    rows = followed(workspace.pk, network.key)
    with together():
        frame = read(network, [row.subject for row in rows], span=span_of(period), now=now, workspace_id=workspace.pk)
        aged = ask_at_same_age(frame) if any(metric.needs_mature_posts for metric in wanted) else None
        curves = _ask_curves(frame)
        scored = ask_scores(frame, curves) if overperformance else None
        stepped = ask_known_days(network, period.start, period.end)
        best, beside = ask_top_posts(frame, rows, curves), _ask_industry(network, frame, rows, wanted, until=period.end)
        tagged = ask_tagged(frame) if any(metric.key == rate for metric in wanted) else None
        learnt = _ask_learnt(workspace, frame, wanted)
        scores = scored() if scored else None
        performing = ask_performing(frame, scores, rows) if scores else nobody_asked
        figures = evaluate(frame, wanted, aged)
        marked = marks_between(frame.followers, period.start, period.end, stepped())
        top_posts, our_industry, (overperforming, underperforming) = best(scores), beside(), performing()
        stronger = contrasts(frame, METRICS[rate], tagged(), zone=workspace.timezone) if tagged else []
        learnt_of_reach = learnt()
    reach.estimate(figures, frame, learnt_of_reach)
    compared = compare(wanted, list(figures.values()), [row.own for row in rows])
    standings = dict(zip(figures, compared, strict=True))
    percentiles = our_industry.percentiles(list(figures.values()), days=period.days)
    found = dict(zip(figures, values(wanted, list(figures.values()), compared, percentiles), strict=True))
    held = verdicts(wanted, list(figures.values()), [row.own for row in rows])
    return Report(
        network=network.key,
        period=period,
        rows=_rows(frame, rows, found),
        summary={
            metric.key: summary(
                metric,
                figures[metric.key],
                standings[metric.key],
                rows,
                found[metric.key],
                held=against,
                shrunken=_shrunken(frame, metric, figures[metric.key], rows) if metric.key == rate else (),
            )
            for metric, against in zip(wanted, held, strict=True)
        },
        industry=our_industry.figures,
        gaps=_gaps(our_industry, frame, rows, figures),
        without_industry=our_industry.without,
        top_posts=top_posts,
        sentences=sentences(
            Comparison(
                rows=[Named(each.tracked_id, each.label, each.own) for each in rows],
                figures=figures,
                standings=standings,
                write=short,
                rate=rate,
                verdicts=dict(zip(figures, held, strict=True)),
                contrasts=stronger,
                zone=workspace.timezone,
            )
        ),
        freshness=freshness(rows),
        warnings=cautions(frame, rows, figures, marked, learnt_of_reach),
        metrics=infos(wanted),
        as_of=now,
        overperforming=overperforming,
        underperforming=underperforming,
    )


def _shrunken(frame: Frame, metric: Metric, figures: Figures, rows: Sequence[Followed]) -> tuple[Shrunken, ...]:
    """The rate of every row of the most frequent basis, drawn to the middle, where some of them have few posts."""
    known = [league for league, value in zip(figures.leagues, figures.value, strict=True) if not np.isnan(value)]
    usual = max(known, key=known.count, default=None)
    rates = [
        each if league == usual else each[:0]
        for each, league in zip(each_post(frame, metric), figures.leagues, strict=True)
    ]
    if not any(FEWEST_POSTS <= len(each) < FEW_POSTS for each in rates):
        return ()
    found = shrunken(rates)
    if found is None:
        return ()
    told = sorted(np.flatnonzero(~np.isnan(found.value)).tolist(), key=lambda row: -found.value[row])
    return tuple(
        Shrunken(rows[row].tracked_id, float(f"{found.value[row]:.10g}"), rank, float(f"{found.weight[row]:.4g}"))
        for rank, row in enumerate(told, start=1)
    )


def _ask_curves(frame: Frame) -> Callable[[], Curves]:
    """Ask for what is known of how counts grow, where a post of the period is still growing."""
    if not (frame.posts.current & ~frame.posts.mature).any():
        return lambda: Curves(frame.network, {})
    return cache(ask_curves(frame.network))


def metric_infos(network: Network | None = None) -> tuple[MetricInfo, ...]:
    """The definitions of all metrics, or of those that a network offers."""
    return infos([metric for metric in METRICS.values() if network is None or metric.offered_by(network)])


def chosen(keys: Sequence[str] | None) -> tuple[Metric, ...]:
    """The metrics with these keys in the order asked for, or the default ones. Raises `MetricRefused`."""
    if keys is None:
        return DEFAULT
    unknown = [key for key in keys if key not in METRICS]
    if unknown:
        sentence = _("There is no metric “%(key)s”.") % {"key": unknown[0][:40]}
        raise MetricRefused("metric_unknown", sentence)
    return tuple(METRICS[key] for key in dict.fromkeys(keys))


def span_of(period: Period) -> Span:
    """The same days, as metrics know them."""
    return Span(start=period.start, end=period.end, previous_start=period.previous_start)


def row_profile(each: Followed) -> RowProfile:
    return RowProfile(
        id=each.profile_id,
        tracked_id=each.tracked_id,
        handle=each.handle,
        shown_handle=each.shown_handle,
        name=each.name,
        url=each.url,
        avatar_url=f"/avatars/{each.profile_id}.webp" if each.has_avatar else None,
        pretend=each.pretend,
    )


def row_brand(each: Followed) -> RowBrand:
    return RowBrand(id=each.brand_id, name=each.brand, colour=each.colour, industry=each.industry)


def _rows(frame: Frame, rows: Sequence[Followed], found: Mapping[str, Sequence[Value]]) -> tuple[Row, ...]:
    values = zip(*found.values(), strict=True) if found else [()] * len(rows)
    columns = zip(rows, values, frame.reasons, _kinds(frame), strict=True)
    return tuple(
        Row(
            profile=row_profile(each),
            brand=row_brand(each),
            role=each.role,
            values=dict(zip(found, row, strict=True)),
            kinds=None if unknown else kinds,
        )
        for each, row, unknown, kinds in columns
    )


def _kinds(frame: Frame) -> list[dict[str, int]]:
    """How many posts of each kind every row has in the period, the most frequent first."""
    posts = frame.posts
    both = posts.row[posts.current] * len(KINDS) + posts.kind[posts.current]
    table: Ints = np.bincount(both, minlength=frame.rows * len(KINDS)).reshape(frame.rows, len(KINDS))
    return [
        {
            KINDS[kind]: counts[kind]
            for kind in sorted(range(len(KINDS)), key=lambda kind: -counts[kind])
            if counts[kind]
        }
        for counts in table.tolist()
    ]


def _ask_industry(
    network: Network, frame: Frame, rows: Sequence[Followed], wanted: Sequence[Metric], *, until: date
) -> Callable[[], industry.Found]:
    """Ask for figures of the industries that the workspace gave its brands, and for profiles as large as these."""
    followers = frame.followers_at_end.value.tolist()
    members = [
        industry.Member(each.industry, count, own=each.own, pretend=each.pretend)
        for each, count in zip(rows, followers, strict=True)
    ]
    return industry.ask_beside(network, wanted, members, until=until)


def _gaps(
    found: industry.Found, frame: Frame, rows: Sequence[Followed], figures: Mapping[str, Figures]
) -> tuple[Gap, ...]:
    """What each own account lacks to the middle of its industry, metric by metric."""
    followers = frame.followers_at_end.value.tolist()
    accounts = [
        industry.Account(row, each.tracked_id, each.label, followers[row]) for row, each in enumerate(rows) if each.own
    ]
    asked = (
        industry.gap_of(
            found,
            account,
            metric,
            float(of_it.value[account.row]),
            of_it.bases[account.row],
            days=frame.span.days,
            write=short,
        )
        for account in accounts
        for metric, of_it in zip(found.metrics, figures.values(), strict=True)
    )
    return tuple(gap for gap in asked if gap is not None)


def _ask_learnt(workspace: Workspace, frame: Frame, wanted: Sequence[Metric]) -> Callable[[], reach.Learnt | None]:
    """Ask for what is known of reach, where a row may need it and an own account may have taught it."""
    needed = any(metric.key == reach.METRIC for metric in wanted) and not frame.measured_reach.all()
    if not needed or not any(subject.own for subject in frame.subjects):
        return lambda: None
    return reach.ask_learnt(workspace.pk, frame.network.key)
