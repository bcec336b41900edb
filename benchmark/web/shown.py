"""What a comparison shows beside its table: top posts, freshness, and how each figure was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.metrics.value import Value
from benchmark.networks.base import COUNTS
from benchmark.reports.charts import kind_name, names_of
from benchmark.reports.figures import amount, full, percent, short, with_unit
from benchmark.reports.value import (
    CompetitorSummary,
    Expected,
    Figure,
    Freshness,
    MetricInfo,
    OwnPosition,
    PerformingPost,
    Report,
    Row,
    TopPost,
)
from benchmark.web.words import (
    age_name,
    basis_name,
    count_name,
    growing_name,
    place_name,
    reason_name,
    remedy_name,
    state_name,
    statistic_name,
    verdict_told,
)

EXCERPT = 220  # characters

# What a post was held against.
AGAINST: dict[str, Any] = {
    "same_kind": gettext_lazy("%(actual)s %(count)s, expected %(expected)s by the %(n)d posts of the kind before it"),
    "all_kinds": gettext_lazy(
        "%(actual)s %(count)s, expected %(expected)s by the %(n)d posts before it, of all kinds: too few of its own"
    ),
}
AGAINST_YOUNG: dict[str, Any] = {
    "same_kind": gettext_lazy(
        "%(actual)s %(count)s at the age of %(age)s, expected %(expected)s by the %(n)d posts of the kind before it"
    ),
    "all_kinds": gettext_lazy(
        "%(actual)s %(count)s at the age of %(age)s, expected %(expected)s by the %(n)d posts before it, of all kinds"
    ),
    "curve": gettext_lazy(
        "%(actual)s %(count)s so far, expected %(expected)s by now: what the %(n)d posts before it came to, at its age"
    ),
}


@dataclass(frozen=True, slots=True)
class ShownPost:
    place: int
    post: TopPost
    name: str
    own: bool
    avatar_url: str | None
    kind: str
    excerpt: str
    engagements: str
    rate: str
    counts: tuple[tuple[str, str, str], ...]  # label, short, full
    expected: tuple[str, ...]
    usual: str


@dataclass(frozen=True, slots=True)
class ShownPerformance:
    """A post that did far better or worse than its account's posts usually do, in words."""

    post: PerformingPost
    name: str
    own: bool
    avatar_url: str | None
    kind: str
    excerpt: str
    times: str
    against: str


@dataclass(frozen=True, slots=True)
class ShownFreshness:
    row: Row
    fresh: Freshness
    own: bool
    name: str
    state: str
    remedy: str
    failing: bool

    @property
    def read_at(self) -> datetime | None:
        return self.fresh.read_at


@dataclass(frozen=True, slots=True)
class MadeFigure:
    name: str
    own: bool
    text: str
    interval: str
    n: int
    basis: str
    reason: str
    shrunken: str  # drawn to the middle, and the rank by that
    verdict: str  # how our first account stands against it
    told: str


@dataclass(frozen=True, slots=True)
class Made:
    """How one metric was made: its definition, each row's figure with what it rests on, and what stands beside it."""

    info: MetricInfo
    figures: tuple[MadeFigure, ...]
    shrunken: bool
    against: str  # whose verdicts the figures carry
    industry: tuple[ShownBeside, ...]


@dataclass(frozen=True, slots=True)
class ShownBeside:
    """A figure about an industry beside a metric, with its top quarter where that is known."""

    figure: Figure
    metric: str
    statistic: str
    value: str
    top_quarter: str


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """Where own accounts stand in one metric: for each its name, its figure and its place in words."""

    metric: str
    accounts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownIndustry:
    """The industry's part of the page, for the columns that are shown."""

    cohorts: tuple[str, ...]
    places: tuple[ShownPlace, ...]
    gaps: tuple[str, ...]
    beside: tuple[ShownBeside, ...]
    without: tuple[str, ...]


def top_posts(report: Report) -> list[ShownPost]:
    """The posts that moved most, with the name of who published them."""
    rows = {row.profile.tracked_id: row for row in report.rows}
    names = names_of(report.rows)
    return [
        ShownPost(
            place=place,
            post=post,
            name=names[post.tracked_id],
            own=rows[post.tracked_id].role == "own",
            avatar_url=rows[post.tracked_id].profile.avatar_url,
            kind=kind_name(post.kind),
            excerpt=Truncator(post.text).chars(EXCERPT),
            engagements=short(post.engagements),
            rate="" if post.rate is None else percent(post.rate),
            counts=tuple(
                (count_name(key), short(count), full(count))
                for key in COUNTS
                if (count := getattr(post, key)) is not None
            ),
            expected=tuple(map(_expected, post.expected)),
            usual="" if post.overperformance is None else times_usual(post.overperformance),
        )
        for place, post in enumerate(report.top_posts, start=1)
    ]


def _expected(expected: Expected) -> str:
    """What a young post will come to, or why that cannot be told."""
    if expected.low is None or expected.high is None:
        return reason_name(expected.reason)
    return _("%(count)s now %(now)s, expected %(low)s – %(high)s at %(days)d days") % {  # noqa: RUF001
        "count": growing_name(expected.count),
        "now": short(expected.now),
        "low": short(expected.low),
        "high": short(expected.high),
        "days": expected.settles_at_hours // 24,
    }


def times_usual(score: float) -> str:
    """A score as people say it: three times the usual, or a third of it."""
    if score >= 1:
        return _("%(times)s times the usual") % {"times": amount(score)}
    return _("%(times)s times less than usual") % {"times": amount(1 / score)} if score else _("nothing, unlike usual")


def performing(report: Report) -> list[tuple[str, list[ShownPerformance]]]:
    """The posts that did far better, and far worse, each list with its head; lists without posts are left out."""
    lists = (
        (_("Far better than usual"), report.overperforming or ()),
        (_("Far worse than usual"), report.underperforming or ()),
    )
    rows, names = {row.profile.tracked_id: row for row in report.rows}, names_of(report.rows)
    return [
        (head, [_performance(post, rows[post.tracked_id], names[post.tracked_id]) for post in posts])
        for head, posts in lists
        if posts
    ]


def _performance(post: PerformingPost, row: Row, name: str) -> ShownPerformance:
    form = AGAINST_YOUNG if post.age_hours or post.basis == "curve" else AGAINST
    return ShownPerformance(
        post=post,
        name=name,
        own=row.role == "own",
        avatar_url=row.profile.avatar_url,
        kind=kind_name(post.kind),
        excerpt=Truncator(post.text).chars(EXCERPT),
        times=times_usual(post.score),
        against=str(form[post.basis])
        % {
            "actual": short(post.actual),
            "count": growing_name(post.count).lower(),
            "expected": short(post.expected),
            "n": post.n,
            "age": age_name(post.age_hours),
        },
    )


def freshness(report: Report) -> list[ShownFreshness]:
    """How far each profile's figures reach; those that need something done come first."""
    rows = {row.profile.tracked_id: row for row in report.rows}
    names = names_of(report.rows)
    all_of_them = [
        ShownFreshness(
            row=rows[fresh.tracked_id],
            fresh=fresh,
            own=rows[fresh.tracked_id].role == "own",
            name=names[fresh.tracked_id],
            state=state_name(fresh.state),
            remedy=remedy_name(fresh.remedy),
            failing=fresh.remedy is not None,
        )
        for fresh in report.freshness
    ]
    return sorted(all_of_them, key=lambda one: not one.failing)


def how_made(report: Report, *, columns: tuple[str, ...]) -> list[Made]:
    """For each column: definition, source, and what stands behind every figure of it."""
    infos = {info.key: info for info in report.metrics}
    names = names_of(report.rows)
    return [
        Made(
            info=infos[key],
            figures=tuple(
                _made(row, names[row.profile.tracked_id], row.values[key], infos[key], report.summary[key])
                for row in report.rows
            ),
            shrunken=bool(report.summary[key].shrunken),
            against=names[ours.tracked_id] if (ours := _first_against(report.summary[key])) else "",
            industry=tuple(_beside(report, figure, infos) for figure in report.industry if figure.metric == key),
        )
        for key in columns
        if key in infos
    ]


def industry(report: Report, *, columns: tuple[str, ...]) -> ShownIndustry:
    """Where own accounts stand in their industry, what they lack, what that is held against, and where nothing is."""
    infos = {info.key: info for info in report.metrics if info.key in columns}
    shown = [infos[key] for key in columns if key in infos]
    names = names_of(report.rows)
    own = [row for row in report.rows if row.role == "own"]
    known = [value.percentile for row in own for info in shown if (value := row.values[info.key]).percentile]
    return ShownIndustry(
        cohorts=tuple(dict.fromkeys(place.cohort for place in known)),
        places=tuple(
            ShownPlace(str(info.label), accounts) for info in shown if (accounts := tuple(_places(own, names, info)))
        ),
        gaps=tuple(gap.sentence for gap in report.gaps if gap.metric in infos),
        beside=tuple(
            _beside(report, figure, infos)
            for info in shown
            for figure in report.industry
            if figure.metric == info.key and figure.over_profiles == "median"
        ),
        without=tuple(str(info.label) for info in shown if info.key in report.without_industry),
    )


def _places(own: list[Row], names: dict[int, str], info: MetricInfo) -> Iterator[tuple[str, str, str]]:
    for row in own:
        value = row.values[info.key]
        if value.percentile is not None:
            yield names[row.profile.tracked_id], with_unit(value.value, info.unit), place_name(value.percentile)


def _beside(report: Report, figure: Figure, infos: dict[str, MetricInfo]) -> ShownBeside:
    top = figure.spread.p75 if figure.spread else None
    same = (figure.metric, figure.about, figure.origin)
    for other in report.industry:
        if other.over_profiles == "p75" and (other.metric, other.about, other.origin) == same:
            top = other.value
    return ShownBeside(
        figure=figure,
        metric=str(infos[figure.metric].label),
        statistic=statistic_name(figure.over_profiles),
        value=with_unit(figure.value, figure.unit),
        top_quarter="" if top is None else with_unit(top, figure.unit),
    )


def _first_against(summary: CompetitorSummary) -> OwnPosition | None:
    """The first of our own accounts that is held against competitors."""
    return next((position for position in summary.own if position.against), None)


def _made(row: Row, name: str, value: Value, info: MetricInfo, summary: CompetitorSummary) -> MadeFigure:
    both = value.low is not None and value.high is not None
    tracked_id, ours = row.profile.tracked_id, _first_against(summary)
    drawn = next((each for each in summary.shrunken if each.tracked_id == tracked_id), None)
    held = next((each for each in ours.against if each.tracked_id == tracked_id), None) if ours else None
    return MadeFigure(
        name=name,
        own=row.role == "own",
        text=short(value.value, info.unit),
        interval=f"{short(value.low, info.unit)} – {short(value.high, info.unit)}" if both else "",  # noqa: RUF001
        n=value.n,
        basis=basis_name(value.basis) if value.basis else "",
        reason=reason_name(value.reason) if value.reason else "",
        shrunken=f"{short(drawn.value, info.unit)} ({drawn.rank})" if drawn else "",
        verdict=held.verdict if held else "",
        told=verdict_told(held.verdict, held.chance) if held else "",
    )
