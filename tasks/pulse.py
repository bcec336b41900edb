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
ONE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "socket_connect_timeout": 1}


@dataclass(frozen=True, slots=True)
class Pulse:
    """How many workers answer and tasks wait. None: the broker cannot be asked."""

    workers: int | None
    waiting: int | None
    schedule_runs: bool


def pulse(*, now: datetime) -> Pulse:
    """How it stands; asked at most every ten seconds, however many look."""
    asked = cache.get(KEPT)
    if asked is None:
        asked = ask()
        cache.set(KEPT, asked, timeout=KEPT_FOR)
    workers, waiting = asked
    return Pulse(workers, waiting, schedule_runs(now=now))


def ask(*, within: float = ANSWERS_WITHIN) -> tuple[int | None, int | None]:
    """How many workers answer within so many seconds, and how many tasks wait for one; None where nobody can tell."""
    try:
        with app.connection_for_read(transport_options=ONE_TRY) as connection:
            waiting = connection.default_channel.queue_declare(queue=app.conf.task_default_queue).message_count  # type: ignore[attr-defined]
            answers = app.control.ping(timeout=within, connection=connection)
            return len(answers or ()), waiting
    except (OperationalError, OSError):
        return None, None


def schedule_runs(*, now: datetime) -> bool:
    """Whether beat has given a sign of life of late."""
    seen = cache.get(BEAT_SEEN)
    return seen is not None and now - datetime.fromisoformat(seen) < BEAT_SILENT
