"""Posts with a known reach, drawn so that what a fit should find can be worked out by hand."""

import numpy as np

from benchmark.metrics.frame import KINDS
from benchmark.reach.posts import Measured, Seen

FEW, MANY = 10, 1_000  # reactions of the posts that nobody minds, and of those that everybody likes


def seen(reactions, *, comments=None, shares=None, followers=np.nan, kind="photo"):
    """Facebook posts as everybody sees them."""
    reactions = np.asarray(reactions, dtype=float)
    nothing = np.zeros(len(reactions))
    counts = {
        "reactions": reactions,
        "comments": nothing if comments is None else np.asarray(comments, dtype=float),
        "shares": nothing if shares is None else np.asarray(shares, dtype=float),
    }
    kinds = [kind] * len(reactions) if isinstance(kind, str) else kind
    places = np.array([KINDS.index(each) for each in kinds], dtype=np.int64)
    return Seen(counts, places, np.broadcast_to(np.asarray(followers, dtype=float), len(reactions)).copy())


def measured(reactions, reach, *, published="in order", profile=0, **drawn):
    """The same with their reach, the oldest first unless their order is not known (`None`)."""
    n = len(reactions)
    return Measured(
        seen(reactions, **drawn),
        reach=np.asarray(reach, dtype=float),
        profile=np.broadcast_to(np.asarray(profile, dtype=np.int64), n).copy(),
        published=None if published is None else np.arange(n) if isinstance(published, str) else published,
    )


def between(few=FEW, many=MANY, *, n=60, seed=1):
    """Numbers of reactions, spread evenly on a scale of multiples and in no order."""
    spread = np.geomspace(few, many, n).round()
    return np.random.default_rng(seed).permutation(spread)
