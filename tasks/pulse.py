"""Whether anything runs: workers, the schedule, and how much waits in the queue. Quick, also when nobody answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from kombu.exceptions import OperationalError

from tasks.app import BEAT_SEEN, app

ANSWERS_WITHIN = 0.6  # seconds
KEPT_FOR = 10  # seconds
BEAT_SILENT = timedelta(minutes=3)  # it ticks once a minute
KEPT = "pulse"


@dataclass(frozen=True, slots=True)
class Pulse:
    """None: the broker cannot be asked."""

    workers: int | None
    waiting: int | None
    schedule_runs: bool


def pulse(*, now: datetime) -> Pulse:
    """How it stands; asked at most every ten seconds, however many look."""
    kept = cache.get(KEPT)
    if kept is None:
        kept = (workers(), waiting())
        cache.set(KEPT, kept, timeout=KEPT_FOR)
    return Pulse(*kept, schedule_runs=schedule_runs(now=now))


def workers() -> int | None:
    """How many workers answer."""
    try:
        return len(app.control.ping(timeout=ANSWERS_WITHIN))
    except (OperationalError, OSError):
        return None


def waiting() -> int | None:
    """How many tasks wait for a worker."""
    queue = app.conf.task_default_queue
    try:
        with app.connection_for_read(transport_options={"max_retries": 0}) as connection:
            return int(connection.default_channel.queue_declare(queue=queue).message_count)
    except (OperationalError, OSError):
        return None


def schedule_runs(*, now: datetime) -> bool:
    seen = cache.get(BEAT_SEEN)
    return seen is not None and now - datetime.fromisoformat(seen) < BEAT_SILENT
