"""This installation's own figures: what profiles of one network, industry and size are like in one month.

Public metrics of fetched profiles only: never pretend ones, never what a file brought, never what an owner alone knows.
They are made by the same engine as a report's, out of one reading of the month's posts, without intervals and changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, cast

import numpy as np
import psycopg
from django.db import connection, transaction

from benchmark.industry.arrays import ColumnDumper
from benchmark.industry.percentiles import kept, quantiles
from benchmark.industry.tiers import tier_of
from benchmark.metrics import BASES, METRICS, Metric, Statistic
from benchmark.metrics.asking import together
from benchmark.metrics.columns import Floats, Ints, ten_digits
from benchmark.metrics.evaluate import evaluate
from benchmark.metrics.frame import Frame, Source, Span, Subject, ask_frame
from benchmark.models import CohortFigure
from benchmark.models.figure import ALL
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network

FEWEST = 5  # profiles that have a figure; with fewer there is no cohort
AT_ONCE = 250  # profiles
NAMES = tuple(BASES)
STILL_MOVING = timedelta(days=42)  # after its end, a month's posts may still have readings that count
AT = np.array([0.10, 0.25, 0.50, 0.75, 0.90])

Part = tuple[Floats, Ints, list[str]]

# The industry that most workspaces gave the profile's brand.
PROFILES = """
WITH followed AS (
    SELECT tracked.profile_id, brand.industry, count(DISTINCT tracked.workspace_id) AS workspaces
      FROM benchmark_trackedprofile AS tracked JOIN benchmark_brand AS brand ON brand.id = tracked.brand_id
     WHERE tracked.network = %(network)s AND tracked.removed_at IS NULL
     GROUP BY tracked.profile_id, brand.industry)
SELECT DISTINCT ON (profile.id) profile.id, profile.history_from, profile.history_to, followed.industry
  FROM followed JOIN benchmark_profile AS profile ON profile.id = followed.profile_id
 WHERE profile.network = %(network)s AND profile.workspace_id IS NULL AND NOT profile.pretend
 ORDER BY profile.id, followed.industry = '', followed.workspaces DESC, followed.industry
"""

COLUMNS = {
    "network": "varchar", "month": "date", "industry": "varchar", "follower_tier": "varchar", "metric": "varchar",
    "version": "int2", "basis": "varchar", "profiles": "int4", "mean": "float8", "p10": "float8", "p25": "float8",
    "p50": "float8", "p75": "float8", "p90": "float8", "quantiles": "float8[]", "computed_at": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Profiles' figures in every metric (metrics x profiles), their bases, industries and tiers.

    A basis is a place in `NAMES`; -1 where there is no figure.
    """

    metrics: Sequence[Metric]
    values: Floats
    bases: Ints
    industries: Sequence[str]
    tiers: Sequence[str]

    @cached_property
    def found(self) -> list[int]:
        """The bases that there are."""
        return [number for number in np.unique(self.bases).tolist() if number >= 0]


def public_metrics(network: Network) -> list[Metric]:
    """Metrics of one profile by itself that everybody could compute: no shares of a table, nothing an owner knows."""
    return [
        metric
        for metric in METRICS.values()
        if metric.offered_by(network)
        and metric.over_posts is not Statistic.SHARE
        and "measured_reach" not in metric.each.names
    ]


def recompute_cohorts(now: datetime) -> int:
    """Replace the cohorts of the months whose posts may still move; older months stay. Safe to repeat."""
    return sum(rebuild(network, month, now) for network in NETWORKS.values() for month in months(now))


def months(now: datetime) -> list[date]:
    """The first days of the last month that is over, and of those before it whose posts are still read."""
    today = now.astimezone(UTC).date()
    found = [_month_before(today)]
    while today - found[-1] < STILL_MOVING:
        found.append(_month_before(found[-1]))
    return found


def rebuild(network: Network, month: date, now: datetime) -> int:
    """Make all cohorts of a network and month anew. Returns how many distributions there are."""
    table = _table(network, month, now)
    rows = [] if table is None else list(_rows(network, month, table, now))
    with transaction.atomic():
        CohortFigure.objects.filter(network=network.key, month=month).delete()
        _store(rows)
    return len(rows)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def days_of(month: date) -> int:
    """How many days a month has."""
    return ((month + timedelta(days=31)).replace(day=1) - month).days


# --- figures ---------------------------------------------------------------------------------------------------------


def _table(network: Network, month: date, now: datetime) -> Table | None:
    with connection.cursor() as cursor:
        cursor.execute(PROFILES, {"network": network.key})
        profiles = cursor.fetchall()
    if len(profiles) < FEWEST:
        return None
    metrics = public_metrics(network)
    parts = list(_parts(network, profiles, metrics, month, now))
    return Table(
        metrics=metrics,
        values=np.concatenate([values for values, _bases, _tiers in parts], axis=1),
        bases=np.concatenate([bases for _values, bases, _tiers in parts], axis=1),
        industries=[industry for *_, industry in profiles],
        tiers=[tier for _values, _bases, tiers in parts for tier in tiers],
    )


def _parts(
    network: Network, profiles: Sequence[tuple[Any, ...]], metrics: Sequence[Metric], month: date, now: datetime
) -> Iterator[Part]:
    """Some profiles after others; PostgreSQL reads the next ones while these are being computed."""
    end = month + timedelta(days=days_of(month) - 1)
    span = Span(start=month, end=end, previous_start=month)
    subjects = [Subject((Source(pk, history_from, history_to),)) for pk, history_from, history_to, _ in profiles]
    batches = [subjects[begin : begin + AT_ONCE] for begin in range(0, len(subjects), AT_ONCE)]
    with together():
        asked = [ask_frame(network, batch, span=span, now=now) for batch in batches[:1]]
        for ahead in [*batches[1:], None]:
            frame = asked.pop()
            if ahead is not None:
                asked.append(ask_frame(network, ahead, span=span, now=now))
            yield _part(frame(), metrics)


def _part(frame: Frame, metrics: Sequence[Metric]) -> Part:
    """Values, bases and tiers of some profiles."""
    frame = replace(frame, previous_reasons=("not_read_yet",) * frame.rows)  # nothing is compared with a month before
    figures = list(evaluate(frame, metrics, intervals=False).values())
    numbers: dict[int, Ints] = {}
    for each in figures:  # metrics that rest on the same share one list
        if id(each.leagues) not in numbers:
            bases = [cast("tuple[str, Hashable]", league)[0] for league in each.leagues]
            numbers[id(each.leagues)] = np.array([NAMES.index(basis) for basis in bases], dtype=np.int64)
    followers = frame.followers_at_end.value.tolist()
    tiers = ["" if count != count else tier_of(count) for count in followers]  # noqa: PLR0124 - NaN
    values = np.array([each.value for each in figures])
    return values, np.where(np.isnan(values), -1, np.array([numbers[id(each.leagues)] for each in figures])), tiers


# --- distributions ---------------------------------------------------------------------------------------------------


def _rows(network: Network, month: date, table: Table, now: datetime) -> Iterator[tuple[Any, ...]]:
    """A row for each metric of every industry and all together, each in all sizes and by tier."""
    for industry, tier, members in _cells(table):
        alike, bases = _of_one_basis(table, members)
        ascending = np.sort(alike, axis=1)  # what is not known comes last
        sizes = (~np.isnan(ascending)).sum(axis=1)
        enough = np.flatnonzero(sizes >= FEWEST)
        ascending, sizes = ascending[enough], sizes[enough]
        cuts = quantiles(ascending, sizes, AT)
        means = np.nansum(ascending, axis=1, keepdims=True) / sizes[:, None]
        numbers = ten_digits(np.concatenate([means, cuts], axis=1)).tolist()
        for at, size, row, figures in zip(
            enough.tolist(), sizes.tolist(), numbers, kept(ascending, sizes), strict=True
        ):
            metric, basis = table.metrics[at], NAMES[bases[at]]
            about = (network.key, month, industry, tier, metric.key, metric.version, basis)
            yield (*about, size, *row, figures, now)


def _cells(table: Table) -> Iterator[tuple[str, str, Ints]]:
    """Each cohort's industry, its tier (empty: all sizes) and its profiles."""
    industry, tier = np.array(table.industries), np.array(table.tiers)
    for name in (ALL, *sorted({*table.industries} - {""})):
        of_industry = np.ones(len(industry), dtype=np.bool_) if name == ALL else industry == name
        for size in ("", *sorted({*table.tiers} - {""})):
            members = np.flatnonzero(of_industry & ((tier == size) | (size == "")))
            if len(members) >= FEWEST:
                yield name, size, members


def _of_one_basis(table: Table, members: Ints) -> tuple[Floats, Ints]:
    """The members' figures of the most frequent basis in each metric, and which that is: others are not compared."""
    bases = table.bases[:, members]
    counts = [np.zeros(len(bases)), *((bases == number).sum(axis=1) for number in table.found)]
    most = np.array([-1, *table.found])[np.argmax(counts, axis=0)]
    return np.where(bases == most[:, None], table.values[:, members], np.nan), most


def _store(rows: Sequence[tuple[Any, ...]]) -> None:
    columns = ", ".join(COLUMNS)
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.adapters.register_dumper(np.ndarray, ColumnDumper)
        with cursor.copy(f"COPY benchmark_cohortfigure ({columns}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(list(COLUMNS.values()))
            for row in rows:
                copy.write_row(row)
