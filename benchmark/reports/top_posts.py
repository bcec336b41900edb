"""The posts that moved the most people: the best of all, and the best of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from benchmark.metrics.asking import array, ask
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Ints, moments, ten_digits
from benchmark.metrics.expectations import Expectations, Expected, Young, ask_expected
from benchmark.metrics.factors import Curves
from benchmark.metrics.frame import KINDS, Frame, Posts
from benchmark.metrics.overperformance import Scores
from benchmark.networks.base import COUNTS
from benchmark.reports.followed import Followed
from benchmark.reports.value import TopPost
from benchmark.reports.values import numbers

Words = dict[int, tuple[Any, ...]]

OF_ALL = 10
OF_EACH = 5
TEXT = 280  # characters

WORDS = """
SELECT id, external_id, url, left(text, %(text)s), gone_at IS NOT NULL
  FROM benchmark_post WHERE id = ANY(%(posts)s::bigint[])
"""


def ask_top_posts(
    frame: Frame, followed: Sequence[Followed], curves: Callable[[], Curves]
) -> Callable[[Scores | None], tuple[TopPost, ...]]:
    """By engagements; of equal ones the newest comes first, then the one with the lower id."""
    best = _best(frame)
    answer = ask_words(frame.posts, best)
    expected = ask_expected(Young.of(frame.network, frame.posts, best), curves)
    return lambda scores: _top_posts(frame, followed, best, answer(), _judged(frame.posts, best, expected(), scores))


def ask_words(posts: Posts, places: Ints) -> Callable[[], Words]:
    """Ask for what posts say and where they stand: external id, address, text and whether they are gone, by id."""
    answer = ask(WORDS, {"text": TEXT, "posts": array(posts.id[places].tolist())})
    return lambda: {row[0]: row[1:] for row in answer()}


Judged = Iterator[tuple[tuple[Expected, ...], float | None, str | None]]


def _judged(posts: Posts, best: Ints, expected: Expectations, scores: Scores | None) -> Judged:
    """What each post will come to, and how it did beside the usual, or why that cannot be told."""
    told = [expected.get(post, ()) for post in posts.id[best].tolist()]
    if scores is None:
        return zip(told, repeat(None), repeat(None))
    figures: list[float | None] = numbers(ten_digits(scores.score[best]), False)
    return zip(told, figures, map(scores.reason, best.tolist()), strict=True)


def _top_posts(
    frame: Frame, followed: Sequence[Followed], best: Ints, words: Words, judged: Judged
) -> tuple[TopPost, ...]:
    posts = frame.posts
    ids = posts.id[best].tolist()
    columns = (
        ids,
        [followed[row] for row in posts.row[best].tolist()],
        moments(posts.published[best].tolist()),
        moments(posts.read[best].tolist()),
        [KINDS[kind] for kind in posts.kind[best].tolist()],
        zip(*numbers(np.array([posts.columns[name][best] for name in COUNTS]), True), strict=True),
        posts.columns["engagements"][best].astype(np.int64).tolist(),
        _rates(posts, best),
        (~posts.mature[best]).tolist(),
        judged,
    )
    return tuple(_top_post(post, words[post[0]]) for post in zip(*columns, strict=True) if post[0] in words)


def _top_post(post: tuple[Any, ...], words: tuple[Any, ...]) -> TopPost:
    pk, row, published, read, kind, counts, engagements, rate, provisional, judged = post
    external_id, url, text, gone = words
    reactions, comments, shares, quotes, saves, views = counts
    return TopPost(
        pk,
        external_id,
        row.profile_id,
        row.tracked_id,
        url,
        published,
        read,
        kind,
        text,
        reactions,
        comments,
        shares,
        quotes,
        saves,
        views,
        engagements,
        rate,
        provisional,
        gone,
        *judged,
    )


def _rates(posts: Posts, best: Ints) -> list[float | None]:
    """Engagements by followers when posted, in percent."""
    followers = posts.columns[FOLLOWERS][best]
    rates = posts.columns["engagements"][best] / np.where(followers > 0, followers, np.nan) * 100
    return numbers(ten_digits(rates), False)


def _best(frame: Frame) -> Ints:
    """Where the best posts stand, best first."""
    posts = frame.posts
    engagements = posts.columns["engagements"]
    usable = np.flatnonzero(posts.current & ~np.isnan(engagements) & ~frame.unknown[posts.row])
    order = usable[np.lexsort((posts.id[usable], -posts.published[usable], -engagements[usable]))]
    place = np.arange(len(order))
    by_row = np.argsort(posts.row[order], kind="stable")
    sizes = np.bincount(posts.row[order], minlength=frame.rows)
    within = np.empty(len(order), dtype=np.int64)
    within[by_row] = place - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[(place < OF_ALL) | (within < OF_EACH)]
