"""Makes the Report: reads, computes, compares, and puts every figure where all doors find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from benchmark import industry, reach
from benchmark.comparison import Standing, compare
from benchmark.insights import HEADLINES, Comparison, Named, sentences
from benchmark.metrics import DEFAULT, METRICS, Metric
from benchmark.metrics.ages import ask_at_same_age
from benchmark.metrics.asking import together
from benchmark.metrics.columns import Ints
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import KINDS, Frame, Span, read
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.reports.cautions import cautions, freshness
from benchmark.reports.figures import short
from benchmark.reports.followed import Followed, followed
from benchmark.reports.top_posts import ask_top_posts
from benchmark.reports.value import MetricInfo, Period, Report, Row, RowBrand, RowProfile, Value
from benchmark.reports.values import infos, summary, values

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
    now: datetime,
) -> Report:
    """How the workspace's accounts compare with its competitors on a network, in the default metrics or in these.

    `rate` is the definition of the engagement rate that the sentences speak of.
    """
    network, wanted = NETWORKS[network_key], chosen(metrics)
    rows = followed(workspace.pk, network.key)
    with together():
        frame = read(network, [row.subject for row in rows], span=span_of(period), now=now, workspace_id=workspace.pk)
        aged = ask_at_same_age(frame) if any(metric.needs_mature_posts for metric in wanted) else None
        best, beside = ask_top_posts(frame, rows), _ask_industry(network, frame, rows, wanted)
        learnt = _ask_learnt(workspace, frame, wanted)
        figures = evaluate(frame, wanted, aged)
        top_posts, industry_figures, learnt_of_reach = best(), beside(), learnt()
    reach.estimate(figures, frame, learnt_of_reach)
    compared = compare(wanted, list(figures.values()), [row.own for row in rows])
    standings = dict(zip(figures, compared, strict=True))
    found = dict(zip(figures, values(wanted, list(figures.values()), compared), strict=True))
    own = {row: each for row, each in enumerate(rows) if each.own}
    return Report(
        network=network.key,
        period=period,
        rows=_rows(frame, rows, found),
        summary={
            metric.key: summary(metric, figures[metric.key], standings[metric.key], own, found[metric.key])
            for metric in wanted
        },
        industry=industry_figures,
        top_posts=top_posts,
        sentences=sentences(_comparison(rows, figures, standings, rate=rate)),
        freshness=freshness(rows),
        warnings=cautions(frame, rows, figures, learnt_of_reach),
        metrics=infos(wanted),
        as_of=now,
    )


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
    network: Network, frame: Frame, rows: Sequence[Followed], wanted: Sequence[Metric]
) -> Callable[[], tuple[industry.Figure, ...]]:
    """Ask for figures of the industries that the workspace gave its brands, for profiles as large as its own."""
    followers = frame.followers_at_end.value.tolist()
    own = [count for each, count in zip(rows, followers, strict=True) if each.own and not np.isnan(count)]
    return industry.ask_beside(
        network,
        metrics=[metric.key for metric in wanted],
        industries={each.industry for each in rows},
        tiers={industry.tier_of(count) for count in own},
    )


def _ask_learnt(workspace: Workspace, frame: Frame, wanted: Sequence[Metric]) -> Callable[[], reach.Learnt | None]:
    """Ask for what is known of reach, where a row may need it and an own account may have taught it."""
    needed = any(metric.key == reach.METRIC for metric in wanted) and not frame.measured_reach.all()
    if not needed or not any(subject.own for subject in frame.subjects):
        return lambda: None
    return reach.ask_learnt(workspace.pk, frame.network.key)


def _comparison(
    rows: Sequence[Followed], figures: Mapping[str, Figures], standings: Mapping[str, Standing], *, rate: str
) -> Comparison:
    named = [Named(each.tracked_id, each.label, each.own) for each in rows]
    return Comparison(rows=named, figures=figures, standings=standings, write=short, rate=rate)
