"""Posts of two periods compared at one age: their counts at the oldest checkpoint that all of them have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.columns import Bools, Floats, Ints, count, fetch, known, whole
from benchmark.metrics.frame import Frame, Posts, engagements, reach_or_views
from benchmark.models import CHECKPOINTS
from benchmark.networks.base import COUNTS

HAS = {"post": whole("post_id"), "checkpoint": whole("checkpoint")}
HAS_FROM = "benchmark_postreading WHERE post_id = ANY(%(posts)s)"

READING = {"post": whole("reading.post_id"), **{name: count(f"reading.{name}") for name in COUNTS}}
READING_FROM = """unnest(%(posts)s::bigint[], %(checkpoints)s::int[]) AS asked (post_id, checkpoint)
  JOIN benchmark_postreading AS reading ON reading.post_id = asked.post_id AND reading.checkpoint = asked.checkpoint"""


@dataclass(frozen=True, slots=True)
class SameAge:
    """Rows whose mature posts of both periods all have a reading at one checkpoint, and the posts' columns there.

    Of the other rows the columns hold the latest counts.
    """

    rows: Bools
    columns: Mapping[str, Floats]


def at_same_age(frame: Frame) -> SameAge:
    """Counts at the oldest common checkpoint of each row."""
    posts = frame.posts
    comparable = [not (now or then) for now, then in zip(frame.reasons, frame.previous_reasons, strict=True)]
    mature = np.flatnonzero(posts.mature & np.array(comparable, dtype=np.bool_)[posts.row])
    if not len(mature):
        return SameAge(np.zeros(frame.rows, dtype=np.bool_), posts.columns)
    # What the youngest and the oldest post have in common is nearly always what all have, and cheap to ask.
    likely = _common(posts, _youngest_and_oldest(posts, mature), frame.rows)
    counts, complete = _readings(posts, mature, likely)
    short = (likely > 0) & ~complete
    if short.any():  # a reading in between is missing
        common = np.where(short, _common(posts, mature[short[posts.row[mature]]], frame.rows), 0)
        more, mended = _readings(posts, mature, common)
        counts, complete = np.where(mended[posts.row], more, counts), complete | mended
    return SameAge(
        complete, _columns(frame, dict(zip(COUNTS, counts, strict=True)), complete[posts.row] & posts.mature)
    )


def _youngest_and_oldest(posts: Posts, mature: Ints) -> Ints:
    """Of each row the mature post that was youngest when last read, and the one published first."""
    age = posts.read[mature] - posts.published[mature]
    by_age = mature[np.lexsort((age, posts.row[mature]))]
    first = np.ones(len(mature), dtype=np.bool_)
    first[1:] = np.diff(posts.row[mature]) != 0  # posts stand in the order of rows and of time
    return np.unique(np.concatenate([mature[first], by_age[first]]))


def _common(posts: Posts, asked: Ints, rows: int) -> Ints:
    """The oldest checkpoint, in hours, that all the asked posts of each row have; 0 where there is none."""
    found = fetch(HAS, HAS_FROM, {"posts": posts.id[asked].tolist()})
    row = posts.row[_places(posts, found["post"])]
    having = np.zeros((rows, len(CHECKPOINTS)), dtype=np.int64)
    np.add.at(having, (row, np.searchsorted(CHECKPOINTS, found["checkpoint"])), 1)
    wanted = np.bincount(posts.row[asked], minlength=rows)
    all_have = (having == wanted[:, None]) & (wanted[:, None] > 0)
    hours: Ints = np.where(all_have, np.array(CHECKPOINTS), 0).max(axis=1)
    return hours


def _readings(posts: Posts, mature: Ints, checkpoints: Ints) -> tuple[Floats, Bools]:
    """Counts of the mature posts at their row's checkpoint (0: not asked for), and the rows that miss none."""
    hours = checkpoints[posts.row[mature]]
    asked = mature[hours > 0]
    counts = np.full((len(COUNTS), len(posts)), np.nan)
    if not len(asked):
        return counts, np.zeros(len(checkpoints), dtype=np.bool_)
    given = {"posts": posts.id[asked].tolist(), "checkpoints": checkpoints[posts.row[asked]].tolist()}
    found = fetch(READING, READING_FROM, given)
    at = _places(posts, found["post"])
    for place, name in enumerate(COUNTS):
        counts[place, at] = known(found[name])
    wanted = np.bincount(posts.row[asked], minlength=len(checkpoints))
    return counts, (checkpoints > 0) & (np.bincount(posts.row[at], minlength=len(checkpoints)) == wanted)


def _columns(frame: Frame, found: Mapping[str, Floats], there: Bools) -> Mapping[str, Floats]:
    posts = frame.posts
    published = [name for name in COUNTS if name in frame.network.publishes]
    counts = {name: np.where(there, found[name], posts.columns[name]) for name in published}
    columns = {**posts.columns, **counts}
    columns["engagements"] = engagements(frame.network, columns, posts.lacks)
    columns["reach"] = reach_or_views(columns, frame.measured_reach[posts.row])
    return columns


def _places(posts: Posts, ids: Ints) -> Ints:
    """Where the posts with these ids stand."""
    by_id = np.argsort(posts.id)
    return by_id[np.searchsorted(posts.id[by_id], ids)]
