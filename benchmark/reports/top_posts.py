"""The posts that moved the most people: the best of all, and the best of each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

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

Words = tuple[str, str, str, bool]

TEXTS = """
SELECT id, external_id, url, left(text, %(text)s), gone_at IS NOT NULL
  FROM benchmark_post WHERE id = ANY(%(posts)s)
"""


def top_posts(frame: Frame, followed: Sequence[Followed]) -> tuple[TopPost, ...]:
    """By engagements; of equal ones the newest comes first, then the one with the lower id."""
    posts = frame.posts
    best = _best(frame)
    ids = posts.id[best].tolist()
    words = _words(ids)
    columns = (
        ids,
        [followed[row] for row in posts.row[best].tolist()],
        moments(posts.published[best].tolist()),
        moments(posts.read[best].tolist()),
        [KINDS[kind] for kind in posts.kind[best].tolist()],
        zip(*numbers(np.array([posts.columns[name][best] for name in COUNTS]), [True] * len(COUNTS)), strict=True),
        posts.columns["engagements"][best].astype(np.int64).tolist(),
        _rates(posts, best),
        (~posts.mature[best]).tolist(),
    )
    return tuple(_top_post(post, words[post[0]]) for post in zip(*columns, strict=True) if post[0] in words)


def _top_post(post: tuple[Any, ...], words: Words) -> TopPost:
    pk, row, published, read, kind, counts, engagements, rate, provisional = post
    external_id, url, text, gone = words
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
        *counts,
        engagements,
        rate,
        provisional,
        gone,
    )


def _words(ids: Sequence[int]) -> dict[int, Words]:
    """What is only read of posts that are shown: id, address, the beginning of the text, and whether they are gone."""
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, {"text": TEXT, "posts": list(ids)})
        return {pk: (external_id, url, text, gone) for pk, external_id, url, text, gone in cursor.fetchall()}


def _rates(posts: Posts, best: Ints) -> list[float | None]:
    """Engagements by followers when posted, in percent."""
    followers = posts.columns[FOLLOWERS][best]
    rates = posts.columns["engagements"][best] / np.where(followers > 0, followers, np.nan) * 100
    (found,) = numbers(ten_digits(rates)[None], [False])
    return found


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
