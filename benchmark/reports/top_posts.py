"""The posts that moved the most people: the best of all, and the best of each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmark.metrics.asking import Rows, array, ask
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Ints, moments, ten_digits
from benchmark.metrics.frame import KINDS, Frame, Posts
from benchmark.networks.base import COUNTS
from benchmark.reports.followed import Followed
from benchmark.reports.value import TopPost
from benchmark.reports.values import numbers

OF_ALL = 10
OF_EACH = 5
TEXT = 280  # characters

WORDS = """
SELECT id, external_id, url, left(text, %(text)s), gone_at IS NOT NULL
  FROM benchmark_post WHERE id = ANY(%(posts)s::bigint[])
"""


def ask_top_posts(frame: Frame, followed: Sequence[Followed]) -> Callable[[], tuple[TopPost, ...]]:
    """By engagements; of equal ones the newest comes first, then the one with the lower id."""
    best = _best(frame)
    answer = ask(WORDS, {"text": TEXT, "posts": array(frame.posts.id[best].tolist())})
    return lambda: _top_posts(frame, followed, best, answer())


def _top_posts(frame: Frame, followed: Sequence[Followed], best: Ints, found: Rows) -> tuple[TopPost, ...]:
    posts = frame.posts
    words = {row[0]: row[1:] for row in found}
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
    )
    return tuple(_top_post(post, words[post[0]]) for post in zip(*columns, strict=True) if post[0] in words)


def _top_post(post: tuple[Any, ...], words: tuple[Any, ...]) -> TopPost:
    pk, row, published, read, kind, counts, engagements, rate, provisional = post
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
