"""Posts of two periods compared at one age: their counts at the oldest checkpoint that all of them have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from benchmark.metrics.asking import array
from benchmark.metrics.columns import DAY, Bools, Columns, Floats, Ints, ask_columns, count, known, whole
from benchmark.metrics.frame import Frame, Posts, engagements, reach_or_views
from benchmark.models import CHECKPOINTS
from benchmark.networks.base import COUNTS

HOUR = DAY // 24

HAS = {"post": whole("post_id"), "checkpoint": whole("checkpoint")}
HAS_FROM = "benchmark_postreading WHERE post_id = ANY(%(posts)s::bigint[])"

# Read out of the covering index alone. Ids grow with time, so that the period's posts lie close together in it.
READINGS = """unnest(%(profiles)s::bigint[], %(checkpoints)s::int[], %(first)s::bigint[], %(last)s::bigint[])
       AS asked (profile_id, checkpoint, first, last)
  JOIN benchmark_postreading AS reading ON reading.profile_id = asked.profile_id
       AND reading.checkpoint = asked.checkpoint AND reading.post_id BETWEEN asked.first AND asked.last"""


@dataclass(frozen=True, slots=True)
class SameAge:
    """Rows whose mature posts of both periods all have a reading at one checkpoint, and the posts' columns there.

    Of the other rows the columns hold the latest counts.
    """

    rows: Bools
    columns: Mapping[str, Floats]


def ask_at_same_age(frame: Frame) -> Callable[[], SameAge]:
    """Ask for counts at the oldest common checkpoint of each row."""
    posts = frame.posts
    comparable = [not (now or then) for now, then in zip(frame.reasons, frame.previous_reasons, strict=True)]
    mature = np.flatnonzero(posts.mature & np.array(comparable, dtype=np.bool_)[posts.row])
    if not len(mature):
        return lambda: SameAge(np.zeros(frame.rows, dtype=np.bool_), posts.columns)
    likely = _passed_by_all(posts, mature, frame.rows)
    answer = _ask_readings(frame, mature, likely)
    return lambda: _same_age(frame, mature, likely, answer())


def _same_age(frame: Frame, mature: Ints, likely: Ints, found: Columns | None) -> SameAge:
    """The counts at the checkpoint that all posts have passed, or at an older one where a reading is missing there."""
    posts = frame.posts
    counts, complete = _readings(frame, mature, likely, found)
    short = mature[~complete[posts.row[mature]]]
    if len(short):  # the youngest and the oldest post are cheap to ask, and mostly say that nothing is shared
        shared = _common(posts, _youngest_and_oldest(posts, short), frame.rows)
        short = short[shared[posts.row[short]] > 0]
    if len(short):
        common = _common(posts, short, frame.rows)
        more, mended = _readings(frame, short, common, _ask_readings(frame, short, common)())
        counts = {name: np.where(mended[posts.row], more[name], column) for name, column in counts.items()}
        complete |= mended
    return SameAge(complete, _columns(frame, counts, complete[posts.row] & posts.mature))


def _passed_by_all(posts: Posts, mature: Ints, rows: int) -> Ints:
    """The last checkpoint, in hours, that even the youngest mature post of each row had passed when last read."""
    youngest = np.full(rows, -1)
    row, age = posts.row[mature], (posts.read - posts.published)[mature]
    first = np.flatnonzero(np.diff(row, prepend=-1))  # posts stand in the order of rows
    youngest[row[first]] = np.minimum.reduceat(age, first)
    passed = np.searchsorted(np.array(CHECKPOINTS) * HOUR, youngest, side="right")
    return np.array((0, *CHECKPOINTS))[passed]


def _youngest_and_oldest(posts: Posts, mature: Ints) -> Ints:
    """Of each row the mature post that was youngest when last read, and the one published first."""
    age = posts.read[mature] - posts.published[mature]
    by_age = mature[np.lexsort((age, posts.row[mature]))]
    first = np.ones(len(mature), dtype=np.bool_)
    first[1:] = np.diff(posts.row[mature]) != 0  # posts stand in the order of rows and of time
    return np.unique(np.concatenate([mature[first], by_age[first]]))


def _common(posts: Posts, asked: Ints, rows: int) -> Ints:
    """The oldest checkpoint, in hours, that all the asked posts of each row have; 0 where there is none."""
    found = ask_columns(HAS, HAS_FROM, {"posts": array(posts.id[asked].tolist())})()
    at, _ = posts.places(found["post"])
    having = np.zeros((rows, len(CHECKPOINTS)), dtype=np.int64)
    np.add.at(having, (posts.row[at], np.searchsorted(CHECKPOINTS, found["checkpoint"])), 1)
    wanted = np.bincount(posts.row[asked], minlength=rows)
    all_have = (having == wanted[:, None]) & (wanted[:, None] > 0)
    hours: Ints = np.where(all_have, np.array(CHECKPOINTS), 0).max(axis=1)
    return hours


def _ask_readings(frame: Frame, mature: Ints, checkpoints: Ints) -> Callable[[], Columns | None]:
    """Ask for the mature posts' counts at their row's checkpoint (0: none)."""
    posts = frame.posts
    hours = checkpoints[posts.row[mature]]
    asked, hours = mature[hours > 0], hours[hours > 0]
    if not len(asked):
        return lambda: None
    order = np.lexsort((posts.id[asked], posts.profile[asked]))
    profile, ids, hours = posts.profile[asked][order], posts.id[asked][order], hours[order]
    first = np.flatnonzero(np.diff(profile, prepend=-1))
    given = {
        "profiles": array(profile[first].tolist()),
        "checkpoints": array(hours[first].tolist()),
        "first": array(ids[first].tolist()),
        "last": array(ids[np.append(first[1:], len(ids)) - 1].tolist()),
    }
    published = tuple(name for name in COUNTS if name in frame.network.publishes)
    return ask_columns(_reading(published), READINGS, given)


@lru_cache
def _reading(counts: tuple[str, ...]) -> dict[str, str]:
    return {"post": whole("reading.post_id"), **{name: count(f"reading.{name}") for name in counts}}


def _readings(frame: Frame, mature: Ints, checkpoints: Ints, found: Columns | None) -> tuple[dict[str, Floats], Bools]:
    """The counts as columns of posts, and the rows that miss none."""
    posts = frame.posts
    counts = {name: np.full(len(posts), np.nan) for name in COUNTS if name in frame.network.publishes}
    if found is None:
        return counts, np.zeros(frame.rows, dtype=np.bool_)
    at, there = posts.places(found["post"])
    for name, column in counts.items():
        column[at] = known(found[name][there])
    wanted = np.zeros(len(posts), dtype=np.bool_)
    wanted[mature] = True
    read = np.bincount(posts.row[at[wanted[at]]], minlength=frame.rows)
    return counts, (checkpoints > 0) & (read == np.bincount(posts.row[mature], minlength=frame.rows))


def _columns(frame: Frame, found: Mapping[str, Floats], there: Bools) -> Mapping[str, Floats]:
    posts = frame.posts
    columns = {**posts.columns, **{name: np.where(there, found[name], posts.columns[name]) for name in found}}
    columns["engagements"] = engagements(frame.network, columns, posts.lacks)
    columns["reach"] = reach_or_views(frame.network, columns, frame.measured_reach[posts.row])
    return columns
