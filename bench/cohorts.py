"""What a night's rebuild of the cohorts costs, beside a columnar engine's bare scan of the same posts.

Ours is all that is done for one month: read posts and follower readings of every followed profile, compute every
public metric of each, group them by industry and size, and store the distributions. DuckDB answers for the same
profiles and month what it answers beside a report (`bench.report`): sums, means and medians of the counts, out of a
Parquet file in the order of publishing. The two take turns; a figure is the median of the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from django.db import connection
from django.utils import timezone

from bench.report import question, take_turns, write_parquet
from bench.rows import NETWORK, empty, fill, follow_all
from benchmark.industry.cohorts import days_of, months, rebuild
from benchmark.metrics.frame import midnight
from benchmark.models import CohortFigure, Post, Profile
from benchmark.networks import NETWORKS

PROFILES = 2_000
OURS, SCAN = "rebuild", "DuckDB"


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians in milliseconds for one size of the installation."""

    posts: int  # of the month
    profiles: int
    metrics: int
    distributions: int
    rebuild: float
    scan: float

    @property
    def ratio(self) -> float:
        return self.rebuild / self.scan


def measure(*, posts: int, profiles: int = PROFILES, rounds: int = 10) -> Cost:
    """Fill an empty database in which everybody is followed, and let both take turns."""
    now = timezone.now()
    empty()
    fill(posts=posts, profiles=profiles, now=now)
    follow_all()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE benchmark_trackedprofile, benchmark_brand")
    month = months(now)[0]
    with TemporaryDirectory() as folder, scanner(month, Path(folder)) as scan:
        times = take_turns({OURS: lambda: rebuild(NETWORKS[NETWORK], month, now), SCAN: scan}, rounds)
    made = CohortFigure.objects.filter(month=month)
    end = midnight(month + timedelta(days=days_of(month)))
    return Cost(
        posts=Post.objects.published_between(midnight(month), end).count(),
        profiles=profiles,
        metrics=made.values("metric").distinct().count(),
        distributions=made.count(),
        rebuild=times[OURS],
        scan=times[SCAN],
    )


@contextmanager
def scanner(month: date, folder: Path) -> Iterator[Callable[[], object]]:
    """DuckDB with a connection that it keeps, ready to scan the month's posts."""
    file = folder / "posts.parquet"
    profiles = list(Profile.objects.order_by("pk").values_list("pk", flat=True))
    asked = question(file, profiles, month, month, month + timedelta(days=days_of(month) - 1))
    with duckdb.connect() as engine:
        write_parquet(engine, file)
        yield lambda: engine.execute(asked).fetchall()
