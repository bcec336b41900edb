"""The posts that moved the most people: the best of all, and the best of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection

from benchmark.comparison import rounded
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Ints, moments
from benchmark.metrics.frame import KINDS, Frame
from benchmark.networks.base import COUNTS
from benchmark.reports.followed import Followed
from benchmark.reports.value import TopPost
from benchmark.reports.values import number

OF_ALL = 10
OF_EACH = 5
TEXT = 280  # characters

TEXTS = """
SELECT id, external_id, url, left(text, %(text)s), gone_at IS NOT NULL
  FROM benchmark_post WHERE id = ANY(%(posts)s)
"""


def top_posts(frame: Frame, followed: Sequence[Followed]) -> tuple[TopPost, ...]:
    """By engagements; of equal ones the newest comes first, then the one with the lower id."""
    best = _best(frame)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, {"text": TEXT, "posts": frame.posts.id[best].tolist()})
        words = {row[0]: dict(zip(("external_id", "url", "text", "gone"), row[1:], strict=True)) for row in cursor}
    ids = frame.posts.id[best].tolist()
    return tuple(
        _top_post(frame, followed, at, words[pk]) for at, pk in zip(best.tolist(), ids, strict=True) if pk in words
    )


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


def _top_post(frame: Frame, followed: Sequence[Followed], at: int, words: Mapping[str, Any]) -> TopPost:
    posts = frame.posts
    row = followed[int(posts.row[at])]
    engagements, followers = float(posts.columns["engagements"][at]), float(posts.columns[FOLLOWERS][at])
    published, read = moments([int(posts.published[at]), int(posts.read[at])])
    counts = {name: number(float(posts.columns[name][at])) for name in COUNTS}
    return TopPost(
        id=int(posts.id[at]),
        profile_id=row.profile_id,
        tracked_id=row.tracked_id,
        published_at=published,
        read_at=read,
        kind=KINDS[int(posts.kind[at])],
        engagements=int(engagements),
        rate=rounded(engagements / followers * 100) if followers > 0 else None,
        provisional=not posts.mature[at],
        **words,
        **counts,  # type: ignore[arg-type]  # counts are whole
    )
