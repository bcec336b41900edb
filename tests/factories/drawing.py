"""Posts and readings drawn as small tables, so that a test's input can be read like its expectation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.models import Workspace
from benchmark import reports
from benchmark.models import Post, Profile, ProfileReading, Role, TrackedProfile
from benchmark.networks.base import COUNTS
from benchmark.reports import periods
from benchmark.reports.value import Report, Value
from tests.factories.rows import PostFactory, ProfileFactory, ProfileReadingFactory, TrackedProfileFactory

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
MARCH = {"start": "2025-03-01", "end": "2025-03-31"}


def moment(text: str) -> datetime:
    """`2025-03-01` is noon of that day; `2025-03-01T06:30` says more."""
    parsed = datetime.fromisoformat(text)
    return (datetime.combine(parsed, time(12)) if len(text) == 10 else parsed).replace(tzinfo=UTC)


def lines_of(table: str) -> list[dict[str, str]]:
    """The lines of a drawn table under its heads."""
    heads, *lines = (line.split() for line in table.strip().splitlines())
    return [dict(zip(heads, line, strict=True)) for line in lines]


def profile(network: str = "bluesky", **fields: Any) -> Profile:
    """A profile whose posts of 2024 and 2025 have been read whole."""
    known = {"history_from": date(2024, 1, 1), "history_to": NOW, "read_at": NOW}
    return ProfileFactory.create(network=network, **known | fields)


def drawn(table: str, of: Profile, **fields: Any) -> list[Post]:
    """Posts of a profile. `-` is a hidden count; `followers` draws a reading at the moment of the post."""
    posts = []
    for line in lines_of(table):
        posted = moment(line.pop("posted"))
        followers = line.pop("followers", None)
        read = line.pop("read", None)
        kind = {"kind": line.pop("kind")} if "kind" in line else {}
        counts = {name: None if line.get(name, "-") == "-" else int(line[name]) for name in COUNTS}
        assert set(line) <= set(COUNTS)
        read_at = moment(read) if read else posted + timedelta(days=30)
        posts.append(PostFactory.create(profile=of, published_at=posted, read_at=read_at, **counts, **kind, **fields))
        if followers is not None:
            reading(of, posted, int(followers))
    return posts


def reading(of: Profile, at: datetime, followers: int | None) -> None:
    """A follower reading, once per moment."""
    if not ProfileReading.objects.filter(profile=of, read_at=at).exists():
        ProfileReadingFactory.create(profile=of, read_at=at, followers=followers)


def readings(table: str, of: Profile) -> None:
    """Follower readings of a profile."""
    for line in lines_of(table):
        reading(of, moment(line["at"]), int(line["followers"]))


def follow(workspace: Workspace, of: Profile, *, own: bool = False, **fields: Any) -> TrackedProfile:
    return TrackedProfileFactory.create(
        workspace=workspace, profile=of, role=Role.OWN if own else Role.COMPETITOR, **fields
    )


def report(
    workspace: Workspace,
    network: str = "bluesky",
    *,
    metrics: list[str] | None = None,
    now: datetime = NOW,
    start: str = MARCH["start"],
    end: str = MARCH["end"],
) -> Report:
    """The report of a workspace, over March unless other days are given."""
    period = periods.parse(start=start, end=end, now=now)
    return reports.benchmark(workspace, network, period, metrics=metrics, now=now)


def values_of(found: Report, of: Profile | TrackedProfile) -> dict[str, Value]:
    """One row's values."""
    profile_id = of.profile_id if isinstance(of, TrackedProfile) else of.pk
    return next(row.values for row in found.rows if row.profile.id == profile_id)
