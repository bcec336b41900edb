"""The posts that did far better, and far worse, than their accounts' posts usually do at the same age."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmark.metrics.columns import Bools, Floats, Ints, moments
from benchmark.metrics.frame import KINDS, Frame
from benchmark.metrics.overperformance import ALL_KINDS, BY_CURVE, OVERPERFORMANCE, SAME_KIND, Scores
from benchmark.reports.followed import Followed
from benchmark.reports.top_posts import Words, ask_words
from benchmark.reports.value import PerformingPost

FEW = 5  # posts in each list
FAR = 2.0  # times as many as expected, or as few
LEAST = 20  # what came or what was expected has to reach it: below, chance alone doubles a count
BASES = {SAME_KIND: "same_kind", ALL_KINDS: "all_kinds", BY_CURVE: "curve"}

Lists = tuple[tuple[PerformingPost, ...] | None, tuple[PerformingPost, ...] | None]


def nobody_asked() -> Lists:
    """No lists, as against empty ones."""
    return None, None


def ask_performing(frame: Frame, scores: Scores, followed: Sequence[Followed]) -> Callable[[], Lists]:
    """The list of those that did better, the best first, and of those that did worse, the worst first.

    The scores become a column of the frame's posts, so that metrics can be made of them.
    """
    score = frame.posts.columns[OVERPERFORMANCE] = scores.score
    with np.errstate(invalid="ignore"):
        better = _first(frame, -score, (score >= FAR) & (scores.actual >= LEAST))
        worse = _first(frame, score, (score <= 1 / FAR) & (scores.expected >= LEAST))
    both = np.concatenate([better, worse])
    if not len(both):
        return lambda: ((), ())
    answer = ask_words(frame.posts, both)
    return lambda: _lists(frame, scores, followed, (better, worse), answer())


def _first(frame: Frame, by: Floats, there: Bools) -> Ints:
    """Where the first few stand; of equal ones the newest, then the one with the lower id."""
    posts, usable = frame.posts, np.flatnonzero(there)
    order = np.lexsort((posts.id[usable], -posts.published[usable], by[usable]))
    return usable[order[:FEW]]


def _lists(frame: Frame, scores: Scores, followed: Sequence[Followed], lists: tuple[Ints, Ints], words: Words) -> Lists:
    better, worse = (
        tuple(_post(frame, scores, followed, place, words) for place in places if int(frame.posts.id[place]) in words)
        for places in (each.tolist() for each in lists)
    )
    return better, worse


def _post(frame: Frame, scores: Scores, followed: Sequence[Followed], place: int, words: Words) -> PerformingPost:
    posts, row = frame.posts, followed[int(frame.posts.row[place])]
    external_id, url, text, gone = words[int(posts.id[place])]
    published, read = moments([int(posts.published[place]), int(posts.read[place])])
    actual, expected = float(scores.actual[place]), float(scores.expected[place])
    times = None if not actual else actual / expected if actual >= expected else -expected / actual
    return PerformingPost(
        id=int(posts.id[place]),
        external_id=external_id,
        profile_id=row.profile_id,
        tracked_id=row.tracked_id,
        url=url,
        published_at=published,
        read_at=read,
        kind=KINDS[posts.kind[place]],
        text=text,
        count=scores.count,
        actual=int(actual),
        expected=_ten_digits(expected),
        score=_ten_digits(actual / expected),
        times=None if times is None else _ten_digits(times),
        n=int(scores.n[place]),
        basis=BASES[int(scores.basis[place])],
        age_hours=int(scores.checkpoint[place]) or None,
        provisional=not posts.mature[place],
        gone=gone,
    )


def _ten_digits(figure: float) -> float:
    return float(f"{figure:.10g}")
