"""What young posts are expected to come to: the final count that the usual growth of such posts leads to, with a range.

A post whose earlier reading is known is judged by its own tempo as well: that halves the error (see `docs/numbers.md`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from benchmark.metrics.asking import array
from benchmark.metrics.columns import Columns, Floats, Ints, ask_columns, count, moment, whole
from benchmark.metrics.factors import HOUR, Curves, ask_curves, counted, counts_that_grow, known_counts
from benchmark.metrics.frame import KINDS, Posts
from benchmark.metrics.maturity import APART, LEAST, Curve
from benchmark.models import Post, Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network


class Expected(msgspec.Struct, frozen=True, gc=False):
    """The count that a young post is expected to have once it has settled, at `settles_at_hours` of age.

    80 % of such posts end from `low` to `high`. `posts` is how many posts that is learnt from; 0: from what is shipped
    with the product. `by_tempo`: the post's own tempo was known. Without a figure, `reason` is a key of `REASONS`.
    """

    count: str  # "engagements" or "views"
    now: int
    value: int | None
    low: int | None
    high: int | None
    settles_at_hours: int
    posts: int
    by_tempo: bool
    basis: str | None = "provisional"
    reason: str | None = None


Expectations = dict[int, tuple[Expected, ...]]


@dataclass(frozen=True, slots=True)
class Young:
    """Posts that were not mature when last read: their ages then, their kinds (places in KINDS) and their counts."""

    id: Ints
    hours: Floats
    kind: Ints
    counts: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.id)

    @classmethod
    def of(cls, network: Network, posts: Posts, at: Ints) -> Young:
        """The posts at these places that are young."""
        young = at[~posts.mature[at]]
        return cls(
            id=posts.id[young],
            hours=(posts.read[young] - posts.published[young]) / HOUR,
            kind=posts.kind[young],
            counts={name: posts.columns[name][young] for name in counts_that_grow(network)},
        )


def expected_of(posts: Sequence[Post]) -> Expectations:
    """What those of the posts that are young will come to, by their ids; few queries, however many posts."""
    profiles = Profile.objects.filter(pk__in={post.profile_id for post in posts})
    networks = dict(profiles.values_list("pk", "network"))
    told: Expectations = {}
    for network in map(NETWORKS.__getitem__, sorted(set(networks.values()))):
        young = [post for post in posts if networks[post.profile_id] == network.key and is_young(post, network)]
        if young:
            told |= ask_expected(_as_young(network, young), ask_curves(network))()
    return told


def is_young(post: Post, network: Network) -> bool:
    """Whether the post was not mature when it was last read."""
    return post.read_at - post.published_at < network.maturity


def _as_young(network: Network, posts: Sequence[Post]) -> Young:
    columns = {name: np.array([getattr(post, name) for post in posts], dtype=np.float64) for name in COUNTS}
    return Young(
        id=np.array([post.pk for post in posts], dtype=np.int64),
        hours=np.array([(post.read_at - post.published_at).total_seconds() / 3600 for post in posts]),
        kind=np.array([KINDS.index(post.kind) for post in posts], dtype=np.int64),
        counts={name: counted(network, columns, name) for name in counts_that_grow(network)},
    )


EARLIER = {
    "post": whole("reading.post_id"),
    "published": moment("post.published_at"),
    "read": moment("reading.read_at"),
    **{name: count(f"reading.{name}") for name in COUNTS},
}
EARLIER_FROM = """benchmark_postreading AS reading JOIN benchmark_post AS post ON post.id = reading.post_id
 WHERE reading.post_id = ANY(%(posts)s::bigint[])"""


def ask_expected(young: Young, curves: Callable[[], Curves]) -> Callable[[], Expectations]:
    """Ask for what is needed in order to tell what young posts will come to: each post's expectations, by its id."""
    if not len(young):
        return dict
    earlier = ask_columns(EARLIER, EARLIER_FROM, {"posts": array(young.id.tolist())})
    return lambda: _expected(curves(), young, earlier())


def _expected(curves: Curves, young: Young, earlier: Columns) -> Expectations:
    told = [_of_count(curves, young, name, earlier) for name in counts_that_grow(curves.network)]
    by_post = {post: each for post, *each in zip(young.id.tolist(), *told, strict=True)}
    return {post: tuple(filter(None, each)) for post, each in by_post.items()}


def _of_count(curves: Curves, young: Young, name: str, earlier: Columns) -> list[Expected | None]:
    """One count's expectation for each post; None where the count itself is hidden."""
    counts = young.counts[name]
    tempo = np.full(len(young), np.nan)
    if curves.know_tempos:
        tempo = _tempo(young, counts, earlier, counted(curves.network, known_counts(earlier), name))
    by_kind = {kind: curves.of(KINDS[kind], name) for kind in set(young.kind.tolist())}
    rows = zip(counts.tolist(), young.hours.tolist(), young.kind.tolist(), tempo.tolist(), strict=True)
    return [
        None if math.isnan(now) else _one(name, by_kind[kind], int(now), hours, its_tempo)
        for now, hours, kind, its_tempo in rows
    ]


def _one(name: str, curve: Curve, now: int, hours: float, tempo: float) -> Expected:
    """The final count: never less than there is already."""
    factors, settles = curve.one(hours, tempo), int(curve.settled)
    if now < LEAST or factors is None:
        reason = "too_few_yet" if now < LEAST else "too_young"
        return Expected(name, now, None, None, None, settles, curve.posts, by_tempo=False, basis=None, reason=reason)
    value, low, high = (round(now * factor) for factor in factors)
    return Expected(name, now, value, low, high, settles, curve.posts, by_tempo=_goes_by(curve, tempo))


def _goes_by(curve: Curve, tempo: float) -> bool:
    """Whether the post's own tempo was known, and of use."""
    return bool(curve.by_tempo) and not math.isnan(tempo)


def _tempo(young: Young, counts: Floats, earlier: Columns, before: Floats) -> Floats:
    """Each post's growth since the latest reading that lies far enough back; NaN where there is none."""
    tempo = np.full(len(young), np.nan)
    in_order = np.argsort(young.id)
    at = in_order[np.searchsorted(young.id[in_order], earlier["post"])]
    hours = (earlier["read"] - earlier["published"]) / HOUR
    usable = (before > 0) & (hours > 0) & (young.hours[at] >= hours * APART) & (counts[at] > 0)
    order = np.flatnonzero(usable)[np.argsort(hours[usable])]  # the latest is put in last
    tempo[at[order]] = np.log(counts[at[order]] / before[order]) / np.log(young.hours[at[order]] / hours[order])
    return tempo
