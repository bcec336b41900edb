"""How each post did beside what its account's posts usually do at the same age.

The score is actual ÷ expected, as CrowdTangle had it: expected is the mean of the middle half of the account's last 100
posts of the same kind that came before. Mature posts are held against mature ones. A younger post is held against what
those posts had at the checkpoint that it has passed last; where too few of them were read then, against what they came
to in the end, brought to its age by the maturity factors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from benchmark.metrics.ages import READINGS
from benchmark.metrics.asking import array
from benchmark.metrics.columns import Columns, Floats, Ints, ask_columns, count, whole
from benchmark.metrics.factors import HOUR, Curves, counted, counts_that_grow, known_counts
from benchmark.metrics.frame import KINDS, Frame, Posts, ask_earlier
from benchmark.models import CHECKPOINTS
from benchmark.networks.base import COUNTS, Network

OVERPERFORMANCE = "overperformance"  # the column of a frame's posts that holds the scores, for metrics to be made of
LAST = 100  # posts that an expectation is made of, at most
FEWEST = 10  # and at least
LOOKS_BACK = timedelta(days=90)  # before the period, where the frame does not hold as much
NOTHING, SAME_KIND, ALL_KINDS, BY_CURVE = range(4)
TIME_BITS = 50  # of a sorting key: 35 years in microseconds
CHECKPOINT_BITS = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """What was expected of each post of a frame, in its order; NaN where nothing can be.

    `n` is how many posts the expectation was made of, `basis` which ones. `checkpoint` is the age in hours at which
    they are compared, 0 where both sides are mature; after it stands what the post itself had then.
    """

    count: str
    actual: Floats
    expected: Floats
    n: Ints
    checkpoint: Ints
    basis: Ints

    @property
    def score(self) -> Floats:
        """Actual ÷ expected; NaN where nothing was expected."""
        return self.actual / np.where(self.expected > 0, self.expected, np.nan)

    def reason(self, place: int) -> str | None:
        """Why a post has no score: a key of `REASONS`; None where it has one."""
        if self.expected[place] > 0:
            return None
        if self.n[place] < FEWEST:
            return "not_enough_posts"
        return "nothing_expected" if self.expected[place] == 0 else "too_young"

    @classmethod
    def none(cls, count_name: str, actual: Floats) -> Scores:
        """Of as many posts, before anything has been found out."""
        n, checkpoint, basis = np.zeros((3, len(actual)), dtype=np.int64)
        return cls(count_name, actual.copy(), np.full(len(actual), np.nan), n, checkpoint, basis)

    def put(self, places: Ints, **columns: Floats | Ints) -> Scores:
        """Write down what has been found out about some of the posts."""
        for name, found in columns.items():
            getattr(self, name)[places] = found
        return self


def ask_scores(frame: Frame, curves: Callable[[], Curves]) -> Callable[[], Scores]:
    """Score the posts of the period. Of the mature ones the frame knows all; for young ones readings are asked for."""
    name = next(iter(counts_that_grow(frame.network)), "engagements")
    posts, values = frame.posts, frame.posts.columns[name]
    scores = Scores.none(name, values)
    asked = np.flatnonzero(posts.current & ~np.isnan(values) & ~frame.unknown[posts.row])
    if not len(asked):
        return lambda: scores
    earlier = ask_earlier(frame, frame.span.begins - LOOKS_BACK)
    before = _Before.of([posts, earlier()] if earlier else [posts], name)
    young = _Young.of(frame, before, asked[~posts.mature[asked]])
    answer = young.ask() if len(young.places) else None
    mature = asked[posts.mature[asked]]
    expected, n, basis = _of_most_alike(before, posts, mature)
    scores.put(mature, expected=expected, n=n, basis=basis)
    if answer is None:
        return lambda: scores
    return lambda: young.scored(scores, answer(), curves)


# --- the posts before ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """Mature posts in the order of groups and of time. The last value is none, so that place -1 reads as unknown."""

    key: Ints
    value: Floats
    id: Ints
    profile: Ints

    def before(self, group: Ints, published: Ints) -> Ints:
        """The places of the last hundred posts of the group that came before each moment; -1 where there are fewer."""
        end = np.searchsorted(self.key, (group << TIME_BITS) + published)
        begin = np.maximum(np.searchsorted(self.key, group << TIME_BITS), end - LAST)
        width = int((end - begin).max(initial=0))
        at = end[:, None] - 1 - np.arange(width)
        return np.where(at >= begin[:, None], at, -1)


@dataclass(frozen=True, slots=True)
class _Before:
    """The mature posts whose count is known, in line by kind and, apart, whatever their kind."""

    begins: int
    of_kind: _Line
    of_all: _Line

    @classmethod
    def of(cls, parts: list[Posts], name: str) -> _Before:
        columns = []
        for each in parts:
            there = each.mature & ~np.isnan(each.columns[name])
            known = (each.row, each.kind, each.published, each.columns[name], each.id, each.profile)
            columns.append([column[there] for column in known])
        row, kind, published, value, ids, profile = (np.concatenate(column) for column in zip(*columns, strict=True))
        begins = min((int(each.published.min()) for each in parts if len(each)), default=0)
        lines = []
        for group in (row * len(KINDS) + kind, row):
            key = (group << TIME_BITS) + (published - begins)
            order = np.argsort(key, kind="stable")
            lines.append(_Line(key[order], np.append(value[order], np.nan), ids[order], profile[order]))
        return cls(begins, *lines)

    def alike(self, posts: Posts, at: Ints) -> Ints:
        """The posts of the same kind before each of these."""
        return self.of_kind.before(posts.row[at] * len(KINDS) + posts.kind[at], posts.published[at] - self.begins)

    def any_kind(self, posts: Posts, at: Ints) -> Ints:
        return self.of_all.before(posts.row[at], posts.published[at] - self.begins)


def middle_half(values: Floats) -> tuple[Floats, Ints]:
    """The mean of each row without its lowest and its highest quarter (rounded down), and how many are known."""
    known = ~np.isnan(values)
    n: Ints = known.sum(axis=-1)
    ascending = np.sort(values, axis=-1)  # what is not known stands at the end
    place, cut = np.arange(values.shape[-1]), n // 4
    inside = (place >= cut[:, None]) & (place < (n - cut)[:, None])
    total = np.where(inside, ascending, 0.0).sum(axis=-1)
    return total / np.where(n > 0, n - 2 * cut, np.nan), n


def _of_most_alike(before: _Before, posts: Posts, at: Ints) -> tuple[Floats, Ints, Ints]:
    """What is expected of posts by those of their kind, or of all kinds where these are too few."""
    expected, n = middle_half(before.of_kind.value[before.alike(posts, at)])
    basis = np.full(len(at), SAME_KIND)
    few = np.flatnonzero(n < FEWEST)
    expected[few], n[few] = middle_half(before.of_all.value[before.any_kind(posts, at[few])])
    basis[few] = ALL_KINDS
    return _enough(expected, n, basis)


def _enough(expected: Floats, n: Ints, basis: Ints) -> tuple[Floats, Ints, Ints]:
    return np.where(n >= FEWEST, expected, np.nan), n, np.where(n >= FEWEST, basis, NOTHING)


# --- young posts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Young:
    """Young posts of a frame (their places in it), and the posts before them, of the kind and of all kinds."""

    frame: Frame
    before: _Before
    places: Ints
    alike: Ints
    any_kind: Ints
    checkpoint: Ints  # the last one, in hours, that each had passed when it was last read; 0: none

    @classmethod
    def of(cls, frame: Frame, before: _Before, places: Ints) -> _Young:
        posts = frame.posts
        passed = np.searchsorted(_AGES, posts.read[places] - posts.published[places], side="right")
        checkpoint = np.array((0, *CHECKPOINTS))[passed]
        return cls(frame, before, places, before.alike(posts, places), before.any_kind(posts, places), checkpoint)

    def ask(self) -> Callable[[], Columns]:
        """Ask for their readings, and for those of the posts before them, each at the young post's checkpoint."""
        posts = self.frame.posts
        wanted = [(posts.profile[self.places], self.checkpoint, posts.id[self.places])]
        for line, at in ((self.before.of_kind, self.alike), (self.before.of_all, self.any_kind)):
            there = at >= 0
            hours = np.broadcast_to(self.checkpoint[:, None], at.shape)
            wanted.append((line.profile[at[there]], hours[there], line.id[at[there]]))
        profile, hours, ids = (np.concatenate(column) for column in zip(*wanted, strict=True))
        order = np.lexsort((ids, hours, profile))
        profile, hours, ids = profile[order], hours[order], ids[order]
        first = np.flatnonzero((np.diff(profile, prepend=-1) != 0) | (np.diff(hours, prepend=-1) != 0))
        given = {
            "profiles": array(profile[first].tolist()),
            "checkpoints": array(hours[first].tolist()),
            "first": array(ids[first].tolist()),
            "last": array(ids[np.append(first[1:], len(ids)) - 1].tolist()),
        }
        return ask_columns(READING, READINGS, given)

    def scored(self, scores: Scores, found: Columns, curves: Callable[[], Curves]) -> Scores:
        """The scores with theirs: by what was read at their checkpoints, else by the usual growth."""
        read = _Read.of(self.frame.network, found, scores.count)
        actual = read.of_posts(self.frame.posts.id[self.places], self.checkpoint)
        expected, n = middle_half(read.at(self.before.of_kind, self.alike, self.checkpoint))
        basis, few = np.full(len(n), SAME_KIND), n < FEWEST
        expected[few], n[few] = middle_half(read.at(self.before.of_all, self.any_kind[few], self.checkpoint[few]))
        basis[few] = ALL_KINDS
        expected, n, basis = _enough(expected, n, basis)
        unread = np.isnan(expected) | np.isnan(actual)
        if unread.any():
            places = self.places[unread]
            actual[unread] = scores.actual[places]
            expected[unread], n[unread], basis[unread] = self._by_curve(places, scores.count, curves())
        checkpoint = np.where(unread, 0, self.checkpoint)
        return scores.put(self.places, actual=actual, expected=expected, n=n, checkpoint=checkpoint, basis=basis)

    def _by_curve(self, places: Ints, name: str, curves: Curves) -> tuple[Floats, Ints, Ints]:
        """What is expected by what the posts before came to in the end, brought to the young posts' ages."""
        posts = self.frame.posts
        expected, n, _basis = _of_most_alike(self.before, posts, places)
        hours, kinds = (posts.read[places] - posts.published[places]) / HOUR, posts.kind[places]
        for kind in np.unique(kinds).tolist():
            there = kinds == kind
            expected[there] /= curves.of(KINDS[kind], name).at(hours[there]).middle
        return expected, n, np.where(np.isnan(expected), NOTHING, BY_CURVE)


_AGES = np.array(CHECKPOINTS) * HOUR

READING = {
    "post": whole("reading.post_id"),
    "checkpoint": whole("reading.checkpoint"),
    **{name: count(f"reading.{name}") for name in COUNTS},
}


@dataclass(frozen=True, slots=True)
class _Read:
    """One count of posts at checkpoints, found by both."""

    key: Ints
    value: Floats

    @classmethod
    def of(cls, network: Network, found: Columns, name: str) -> _Read:
        key = _reading_key(found["post"], found["checkpoint"])
        order = np.argsort(key)
        return cls(np.append(key[order], -1), np.append(counted(network, known_counts(found), name)[order], np.nan))

    def of_posts(self, ids: Ints, checkpoint: Ints) -> Floats:
        """What the posts had at checkpoints; NaN where they were not read then."""
        key = _reading_key(ids, checkpoint)
        at = np.searchsorted(self.key[:-1], key)
        value: Floats = np.where(self.key[at] == key, self.value[at], np.nan)
        return value

    def at(self, line: _Line, places: Ints, checkpoint: Ints) -> Floats:
        """The same of the posts at these places in line (rows x posts), at the checkpoint of each row."""
        return self.of_posts(np.append(line.id, 0)[places], checkpoint[:, None])


def _reading_key(ids: Ints, checkpoint: Ints) -> Ints:
    place: Ints = np.searchsorted(CHECKPOINTS, checkpoint)
    return (ids << CHECKPOINT_BITS) + place
