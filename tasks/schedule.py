"""When things run: one table, a sentence per line. What waited too long is dropped; the next one does its work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A task and how often it runs. `why` is for the operator who wonders what the worker is doing."""

    task: str
    every: timedelta
    expires: timedelta
    why: str


TABLE = (
    Line(
        "tasks.work.tick",
        every=timedelta(minutes=1),
        expires=timedelta(seconds=50),
        why="Queues the profiles that are due, and closes the runs of workers that died.",
    ),
    Line(
        "tasks.work.forget_uploads",
        every=timedelta(minutes=15),
        expires=timedelta(minutes=10),
        why="Removes files that somebody has sent in and not imported within an hour.",
    ),
    Line(
        "tasks.work.drop_unrefreshed",
        every=timedelta(hours=1),
        expires=timedelta(minutes=50),
        why="Lets go of counts and texts that a network does not allow to be kept any longer.",
    ),
    Line(
        "tasks.work.recompute_cohorts",
        every=timedelta(days=1),
        expires=timedelta(hours=20),
        why="Compares the profiles of each network, industry and size, from five up, over the last whole month.",
    ),
    Line(
        "tasks.work.learn_from_readings",
        every=timedelta(hours=24),
        expires=timedelta(hours=12),
        why="Learns how counts grow with the age of posts, and marks days on which all followers of a network stepped.",
    ),
    Line(
        "tasks.work.fit_reach",
        every=timedelta(minutes=5),
        expires=timedelta(minutes=4),
        why="Learns reach from each team's own posts, once a day and after an import; most of the time nothing is due.",
    ),
    Line(
        "tasks.work.stand_by_for_the_demo",
        every=timedelta(minutes=1),
        expires=timedelta(seconds=50),
        why="Keeps the pretend networks running where somebody follows them, and replays the demo's past.",
    ),
)


def beat_schedule(table: Iterable[Line] = TABLE) -> dict[str, dict[str, Any]]:
    """The table in the words of Celery's beat."""
    return {
        line.task.rpartition(".")[2]: {
            "task": line.task,
            "schedule": line.every,
            "options": {"expires": line.expires.total_seconds()},
        }
        for line in table
    }
