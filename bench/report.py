"""What a benchmark of 21 profiles over 90 days costs, beside a columnar engine's bare scan of the same posts.

Ours is the whole REST answer of every default metric with its interval, change, verdicts, rank, industry, top posts
and sentences, with nothing kept from the time before; the same asked again, and with all metrics. The others only add
up, average and take medians of the counts of the same profiles over the same two periods: DuckDB and Polars out of a
Parquet file in the order of publishing, pandas in memory. All take turns; a figure is the median of the rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey
from bench.rows import NETWORK, Filled, empty, fill
from benchmark import reports
from benchmark.industry import recompute_cohorts
from benchmark.metrics import METRICS
from benchmark.metrics.frame import midnight
from benchmark.models import Post
from benchmark.reports import periods
from benchmark.reports.value import Period, to_json

PERIOD = "90d"
AGAIN = "REST, asked again"
COUNTS = ("reactions", "comments", "shares", "quotes", "saves")
KINDS = ("text", "photo", "video", "link")


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians in milliseconds for one size of the installation, by contestant."""

    posts: int
    profiles: int
    answered: int  # posts that the answer is about, both periods
    milliseconds: dict[str, float]

    def times(self, contestant: str, *, beside: str = "DuckDB") -> float:
        return self.milliseconds[contestant] / self.milliseconds[beside]


def measure(*, posts: int, profiles: int, rounds: int = 30) -> Cost:
    """Fill an empty database, and let everybody answer in turn."""
    now = timezone.now()
    empty()
    filled = fill(posts=posts, profiles=profiles, now=now)
    recompute_cohorts(now)
    period = periods.parse(PERIOD, now=now)
    with TemporaryDirectory() as folder, contestants(filled, period, Path(folder), now) as asked:
        return Cost(posts, profiles, answered(filled, period), take_turns(asked, rounds))


def take_turns(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Each contestant's median, after a few rounds to warm up.

    The order changes from round to round, so that nobody always follows the one that leaves the caches cold.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 3):
        order = Random(turn).sample(list(contestants.items()), len(contestants))  # noqa: S311 - the same in every run
        for name, answer in order:
            cache.clear()  # nothing is kept from the time before
            if name == AGAIN:
                answer()
            begun = time.perf_counter()
            answer()
            if turn >= 3:
                times[name].append((time.perf_counter() - begun) * 1000)
    return {name: median(found) for name, found in times.items()}


@contextmanager
def contestants(
    filled: Filled, period: Period, folder: Path, now: datetime
) -> Iterator[dict[str, Callable[[], object]]]:
    """Everybody who answers, ready to."""
    file = folder / "posts.parquet"
    with duckdb.connect() as engine:
        write_parquet(engine, file)
        frame = pl.read_parquet(file).to_pandas()
        yield {
            "REST answer": _rest(filled),
            AGAIN: _rest(filled),
            "report and JSON": lambda: to_json(reports.benchmark(filled.workspace, NETWORK, period, now=now)),
            "all metrics": lambda: to_json(
                reports.benchmark(filled.workspace, NETWORK, period, metrics=list(METRICS), now=now)
            ),
            "DuckDB": lambda: engine.execute(_asked(filled, period, file)).fetchall(),
            "Polars": lambda: _polars(filled, period, file),
            "pandas in memory": lambda: _pandas(frame, filled, period),
        }


def answered(filled: Filled, period: Period) -> int:
    """How many posts the answer is about."""
    first, last = midnight(period.previous_start), midnight(period.end + timedelta(days=1))
    return Post.objects.filter(profile__in=filled.profile_ids).published_between(first, last).count()


def _rest(filled: Filled) -> Callable[[], object]:
    """The address that an analyst asks, through the whole of Django."""
    _key, token = ApiKey.objects.issue(workspace=filled.workspace, name="bench")
    client = Client(SERVER_NAME="localhost")
    address, headers = f"/api/v1/benchmarks/{NETWORK}/?period={PERIOD}", {"Authorization": f"Bearer {token}"}

    def ask() -> bytes:
        answer = client.get(address, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(answer.content.decode())
        return bytes(answer.content)

    return ask


# --- the others ------------------------------------------------------------------------------------------------------


def write_parquet(engine: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The posts in the order of publishing, written by DuckDB itself with the row groups it likes."""
    lines = file.with_suffix(".csv")
    counts = ", ".join(COUNTS)
    copy = f"""
        COPY (SELECT profile_id, id, external_id, published_at AT TIME ZONE 'UTC' AS published_at, kind, text, {counts}
                FROM benchmark_post ORDER BY id) TO STDOUT (FORMAT CSV, HEADER)"""  # noqa: S608
    with connection.cursor() as cursor, lines.open("wb") as out, cursor.copy(copy) as rows:
        for part in rows:
            out.write(part)
    engine.execute(f"COPY (SELECT * FROM read_csv('{lines}')) TO '{file}' (FORMAT PARQUET)")  # noqa: S608
    lines.unlink()


def _asked(filled: Filled, period: Period, file: Path) -> str:
    return question(file, filled.profile_ids, period.previous_start, period.start, period.end)


def question(file: Path, profile_ids: Sequence[int], first: date, since: date, last: date) -> str:
    """Twenty-five figures of each profile, of the days before and since."""
    engagements = "reactions + comments + shares + quotes"
    figures = [
        f"{statistic}({expression})" for expression in (*COUNTS, engagements) for statistic in ("sum", "avg", "median")
    ]
    kinds = [f"count(*) FILTER (kind = '{kind}')" for kind in KINDS]
    return f"""
        SELECT profile_id, published_at >= TIMESTAMP '{since}' AS now,
               count(*), {", ".join(figures)}, {", ".join(kinds)}, max({engagements}), max(published_at)
          FROM '{file}'
         WHERE profile_id IN ({", ".join(map(str, profile_ids))})
           AND published_at >= TIMESTAMP '{first}'
           AND published_at < TIMESTAMP '{last + timedelta(days=1)}'
         GROUP BY ALL"""  # noqa: S608


def _polars(filled: Filled, period: Period, file: Path) -> pl.DataFrame:
    engagements = pl.sum_horizontal("reactions", "comments", "shares", "quotes").alias("engagements")
    counts = (*COUNTS, "engagements")
    return (
        pl.scan_parquet(file)
        .filter(
            pl.col("profile_id").is_in(filled.profile_ids),
            pl.col("published_at") >= pl.lit(period.previous_start).cast(pl.Datetime),
            pl.col("published_at") < pl.lit(period.end + timedelta(days=1)).cast(pl.Datetime),
        )
        .with_columns(engagements, (pl.col("published_at") >= pl.lit(period.start).cast(pl.Datetime)).alias("now"))
        .group_by("profile_id", "now")
        .agg(
            pl.len(),
            pl.sum(*counts).name.suffix("_sum"),
            pl.mean(*counts).name.suffix("_mean"),
            pl.median(*counts).name.suffix("_median"),
            *((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS),
            pl.max("engagements", "published_at").name.suffix("_max"),
        )
        .collect()
    )


def _pandas(frame: object, filled: Filled, period: Period) -> object:
    import pandas as pd

    posts: pd.DataFrame = frame  # type: ignore[assignment]
    start, end = (pd.Timestamp(day) for day in (period.previous_start, period.end + timedelta(days=1)))
    asked = (
        posts["profile_id"].isin(filled.profile_ids) & (posts["published_at"] >= start) & (posts["published_at"] < end)
    )
    chosen = posts[asked]
    chosen = chosen.assign(
        engagements=chosen["reactions"] + chosen["comments"] + chosen["shares"] + chosen["quotes"],
        now=chosen["published_at"] >= pd.Timestamp(period.start),
    )
    groups = chosen.groupby(["profile_id", "now"])
    return groups[[*COUNTS, "engagements"]].agg(["sum", "mean", "median"]), groups["kind"].value_counts()
