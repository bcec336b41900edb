"""Reports for tests of what is shown: drawn by hand, without rows or a network."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from benchmark.industry.value import Figure, Gap, Spread
from benchmark.insights import Sentence
from benchmark.metrics import METRICS
from benchmark.metrics.value import Change, Value
from benchmark.reports.value import (
    Bucket,
    Caution,
    CompetitorSummary,
    Freshness,
    Line,
    MetricInfo,
    OwnPosition,
    Period,
    Point,
    Report,
    Row,
    RowBrand,
    RowProfile,
    Series,
    TopPost,
)
from benchmark.reports.values import infos

AS_OF = datetime(2026, 3, 31, 9, tzinfo=UTC)
PERIOD = Period(
    start=date(2026, 3, 1),
    end=date(2026, 3, 30),
    days=30,
    key="30d",
    previous_start=date(2026, 1, 30),
    previous_end=date(2026, 2, 28),
)
ids = count(1)


def info(key: str) -> MetricInfo:
    """A metric's definition as a report carries it."""
    (found,) = infos([METRICS[key]])
    return found


def value(figure: float | None = None, **parts: Any) -> Value:
    """A measured figure; without a number, one that is missing for a reason."""
    known = {"value": figure, "n": 20, "basis": "measured"}
    missing = {"reason": "not_enough_posts"}
    return Value(**{**(missing if figure is None else known), **parts})


def change(by: float, percent: float | None = None, basis: str = "same_age") -> Change:
    return Change(value=by, percent=percent, basis=basis)


def row(
    name: str,
    role: str = "competitor",
    *,
    kinds: dict[str, int] | None = None,
    handle: str = "",
    **values: Value | float,
) -> Row:
    """A followed profile with the figures given; plain numbers are measured ones."""
    number = next(ids)
    figures = {key: given if isinstance(given, Value) else value(given) for key, given in values.items()}
    handle = handle or f"{name.lower().replace(' ', '')}.example.org"
    return Row(
        profile=RowProfile(
            id=number,
            tracked_id=number,
            handle=handle,
            shown_handle=f"@{handle}",
            name=name,
            url=f"https://bsky.app/profile/{handle}",
            avatar_url=None,
            pretend=False,
        ),
        brand=RowBrand(id=number, name=name, colour="", industry=""),
        role=role,
        values=figures,
        kinds=kinds,
    )


def report(
    *rows: Row,
    industry: tuple[Figure, ...] = (),
    gaps: tuple[Gap, ...] = (),
    without_industry: tuple[str, ...] = (),
    top_posts: tuple[TopPost, ...] = (),
    sentences: tuple[str, ...] = (),
    freshness: tuple[Freshness, ...] | None = None,
    warnings: tuple[str, ...] = (),
    period: Period = PERIOD,
) -> Report:
    """A report of these rows; a figure that only some of them have is missing on the others."""
    keys = [key for key in METRICS if any(key in one.values for one in rows)]
    filled = tuple(
        Row(
            profile=one.profile,
            brand=one.brand,
            role=one.role,
            values={key: one.values.get(key, value()) for key in keys},
            kinds=one.kinds,
        )
        for one in rows
    )
    return Report(
        network="bluesky",
        period=period,
        rows=filled,
        summary={key: summary(filled, key) for key in keys},
        industry=industry,
        gaps=gaps,
        without_industry=without_industry,
        top_posts=top_posts,
        sentences=tuple(Sentence(about="leads", code="leads", text=text) for text in sentences),
        freshness=tuple(fresh(one) for one in filled) if freshness is None else freshness,
        warnings=tuple(Caution(code="drawn", sentence=text, metric=None, tracked_ids=(), n=0) for text in warnings),
        metrics=tuple(info(key) for key in keys),
        as_of=AS_OF,
    )


def summary(rows: tuple[Row, ...], key: str) -> CompetitorSummary:
    """Own positions with the ranks that the rows were given; the middle is the middle row's."""
    theirs = sorted(one.values[key].value or 0 for one in rows if one.role == "competitor" and one.values[key].value)
    return CompetitorSummary(
        median=theirs[len(theirs) // 2] if theirs else None,
        mean=sum(theirs) / len(theirs) if theirs else None,
        n=len(theirs),
        basis="measured" if theirs else None,
        own=tuple(
            OwnPosition(
                tracked_id=one.profile.tracked_id,
                profile_id=one.profile.id,
                value=one.values[key].value,
                rank=one.values[key].rank,
                of=one.values[key].of,
                difference=None,
                times=None,
            )
            for one in rows
            if one.role == "own"
        ),
    )


def fresh(one: Row, *, state: str = "ok", sentence: str = "", remedy: str | None = None) -> Freshness:
    return Freshness(
        tracked_id=one.profile.tracked_id,
        profile_id=one.profile.id,
        read_at=AS_OF - timedelta(hours=2),
        history_from=date(2025, 3, 1),
        history_to=AS_OF - timedelta(hours=2),
        state=state,
        code="",
        sentence=sentence,
        remedy=remedy,
    )


def figure(
    metric: str,
    number: float,
    *,
    over_profiles: str = "median",
    kind: str = "published",
    spread: Spread | None = None,
    **parts: Any,
) -> Figure:
    """A published figure of an industry, beside the metric of its definition."""
    return Figure(
        **{
            "metric": metric,
            "kind": kind,
            "network": "bluesky",
            "industry": "retail",
            "industry_label": "Retail",
            "published_industry": "Retail",
            "value": number,
            "unit": "percent",
            "publisher": "A publisher",
            "source": "A yearly report",
            "source_url": "https://example.org/report",
            "year": 2025,
            "edition": "",
            "measure": "Engagement rate",
            "parts": "reactions+comments+shares",
            "denominator": "followers_when_posted",
            "over_posts": "mean",
            "over_profiles": over_profiles,
            "profiles": 150,
            "follower_tier": "",
            "post_format": "",
            "period_start": None,
            "period_end": None,
            "target": True,
            "note": "",
            "differences": (),
            "spread": spread,
            **parts,
        }
    )


def post(of: Row, *, engagements: int, text: str = "A post", **parts: Any) -> TopPost:
    number = next(ids)
    return TopPost(
        **{
            "id": number,
            "external_id": str(number),
            "profile_id": of.profile.id,
            "tracked_id": of.profile.tracked_id,
            "url": f"https://example.org/posts/{number}",
            "published_at": datetime(2026, 3, 12, 8, 30, tzinfo=UTC),
            "read_at": AS_OF,
            "kind": "photo",
            "text": text,
            "reactions": engagements,
            "comments": None,
            "shares": None,
            "quotes": None,
            "saves": None,
            "views": None,
            "engagements": engagements,
            "rate": None,
            "provisional": False,
            "gone": False,
            **parts,
        }
    )


def series(
    metric: str,
    lines: Sequence[tuple[Row, Sequence[float | None]]],
    *,
    interval: str = "day",
    first: date = PERIOD.start,
) -> Series:
    """One metric over time: a list of points for each row, all of the same length."""
    step = {"day": 1, "week": 7, "month": 31}[interval]
    length = len(lines[0][1])
    starts = [first + timedelta(days=step * at) for at in range(length)]
    return Series(
        network="bluesky",
        metric=info(metric),
        interval=interval,
        period=PERIOD,
        buckets=tuple(Bucket(start=start, end=start + timedelta(days=step - 1)) for start in starts),
        lines=tuple(
            Line(
                profile=one.profile,
                brand=one.brand,
                role=one.role,
                points=tuple(
                    Point(value=point, n=1, reason=None if point is not None else "not_published") for point in points
                ),
            )
            for one, points in lines
        ),
        as_of=AS_OF,
    )
