"""The last ninety days of the demo, read through the real connectors and the real ingest with the clock handed in.

What there is to do follows from the rows alone. A demo profile is followed as of ninety days before the row was made,
and paused as of then, so that the scheduler leaves it alone; its last complete reading says how far the replay has
come. One that was broken off goes on where it stopped. At its end the profile is resumed, and lives on by the ordinary
schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import connection
from django.db.models import F

from accounts.models import Workspace
from benchmark import ingest, tracking
from benchmark.demo import running
from benchmark.models import Outcome, Profile, TrackedProfile
from benchmark.networks import http

# From so long before the end, until so long before it, a visit every so often: often enough that every post is read at
# three days of its life and at later checkpoints, and towards the end at earlier ones too.
STRIDES = (
    (timedelta(days=90), timedelta(days=30), timedelta(days=2)),
    (timedelta(days=30), timedelta(days=3), timedelta(days=1)),
    (timedelta(days=3), timedelta(0), timedelta(hours=8)),
)
AT_ONCE = 3  # profiles; more of them wait for each other on two cores
LOCK = 7_305_122_641  # any number that nobody else locks in this database

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the visits of a replay have been made."""

    done: int
    total: int


def begins(now: datetime) -> datetime:
    """The moment at which a replay that ends now begins."""
    return now - STRIDES[0][0]


def visits(end: datetime) -> list[datetime]:
    """When the ninety days up to this moment are looked at: ever more often, and at last at the end."""
    moments = [end - before + at * every for before, until, every in STRIDES for at in range((before - until) // every)]
    return [*moments, end]


def being_replayed(workspace: Workspace | None = None) -> list[TrackedProfile]:
    """The profiles whose past is still being read: their pause lies before the moment at which they were followed."""
    rows = TrackedProfile.objects.current().filter(profile__pretend=True, paused_at__lt=F("added_at"))
    of_one = rows.filter(workspace=workspace) if workspace else rows
    return list(of_one.select_related("profile", "workspace").order_by("role", "id"))


def progress(workspace: Workspace) -> Progress | None:
    """How far the replay of a workspace's pretend profiles has come; None where there is nothing left to replay."""
    rows = TrackedProfile.objects.of(workspace).current().filter(profile__pretend=True)
    ends = [(added, paused, read) for added, paused, read in rows.values_list(*STANDING)]
    if not any(is_replaying(added, paused) for added, paused, _ in ends):
        return None
    whole = [len(visits(added)) for added, _, _ in ends]
    left = [len(left_of(added, read)) if is_replaying(added, paused) else 0 for added, paused, read in ends]
    return Progress(done=sum(whole) - sum(left), total=sum(whole))


STANDING = ("added_at", "paused_at", "profile__history_to")


def is_replaying(added_at: datetime, paused_at: datetime | None) -> bool:
    return paused_at is not None and paused_at < added_at


def left_of(end: datetime, read_to: datetime | None) -> list[datetime]:
    """The visits that are still to be made."""
    return [visit for visit in visits(end) if read_to is None or visit > read_to]


def stand_by(data_dir: Path, *, now: Clock) -> None:
    """Keep the pretend networks running while anybody follows them, and go on with what is still to be replayed."""
    if TrackedProfile.objects.current().filter(profile__pretend=True).exists():
        address = running.keep(data_dir)
        replay(being_replayed(), address=address, now=now)


def replay(
    rows: Iterable[TrackedProfile], *, address: str, now: Clock, each: Callable[[], None] = lambda: None
) -> None:
    """Replay these profiles, a few at a time, and hand them over to the ordinary schedule. `each` hears of every visit.

    Two of these at once would get in each other's way: the second does nothing.
    """
    rows = list(rows)
    if not rows:
        return
    with alone() as first, ThreadPoolExecutor(AT_ONCE, "replay") as pool:
        if first:
            list(pool.map(partial(replay_one, address=address, now=now, each=each), rows))


def replay_one(tracked: TrackedProfile, *, address: str, now: Clock, each: Callable[[], None]) -> None:
    """Make every visit to one profile that is still to be made; one that fails is left to the next attempt."""
    clock = Then(begins(tracked.added_at))
    with connection.cursor() as cursor:  # what a crash of the machine would cost is read again
        cursor.execute("SET synchronous_commit TO off")
    try:
        with door_at(address, clock) as door:
            for clock.moment in left_of(tracked.added_at, tracked.profile.history_to):
                if not visit(tracked.profile, door=door, clock=clock):
                    return
                each()
        tracking.resume(tracked, now=now())
    finally:
        connection.close()


def visit(profile: Profile, *, door: ingest.Door, clock: Clock) -> bool:
    """Read a profile as it was at the clock's moment. Whether that was done."""
    lease = Profile.objects.lease_one(profile.pk, now=clock())
    run = ingest.fetch(profile, lease=lease, door=door, clock=clock) if lease else None
    return run is not None and run.outcome == Outcome.DONE


@dataclass
class Then:
    """A clock that stands at a moment until it is set to another."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@contextmanager
def door_at(address: str, clock: Clock) -> Iterator[ingest.Door]:
    """A door behind which it is as late as the clock says."""
    with http.Door(pretend_url=lambda: f"{address}/at/{clock().isoformat()}") as outside:
        yield ingest.Door(outside, keys={})


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this process is the only one that replays; true until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (first,) = cursor.fetchone()
        try:
            yield bool(first)
        finally:
            if first:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
