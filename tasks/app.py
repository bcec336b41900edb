"""The Celery application: what a worker and beat are started with (`celery --app tasks …`)."""

import os
from datetime import UTC, datetime

from celery import Celery
from celery.signals import beat_init, before_task_publish, setup_logging, worker_ready

from tasks.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmark.settings")

BEAT_SEEN = "beat-seen"  # in the cache: when beat last did something

app = Celery("yardstick")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks"], related_name="work")
app.conf.beat_schedule = beat_schedule()


@setup_logging.connect
def log_like_the_rest(**_: object) -> None:
    """Keep Celery from replacing the logging that Django's settings have set up."""


@beat_init.connect
def beat_tells_that_it_lives(**_: object) -> None:
    """Note each tick of the schedule, in beat's process alone, so that `doctor` can say whether it runs."""
    note_beat()
    before_task_publish.connect(note_beat, weak=False)


def note_beat(**_: object) -> None:
    from django.core.cache import cache  # Celery reads this module before Django is set up

    cache.set(BEAT_SEEN, datetime.now(UTC).isoformat(), timeout=None)


@worker_ready.connect
def begin_with_the_demo(**_: object) -> None:
    """Start the pretend networks with the worker that asks them, not a minute later."""
    app.send_task("tasks.work.stand_by_for_the_demo", expires=50)


@worker_ready.connect
def begin_with_the_keys(**_: object) -> None:
    """Let no profile wait for a key that this start has brought."""
    app.send_task("tasks.work.wake_with_the_environments_keys", expires=50)
