"""Maturity factors as rows: learnt anew from the checkpoint readings of fetched posts, and asked for by reports.

Public counts of fetched posts only: never of pretend profiles, never what a file brought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter

import numpy as np
from django.db import transaction

from benchmark.metrics import maturity
from benchmark.metrics.asking import Rows, ask
from benchmark.metrics.columns import Bools, Columns, Floats, Ints, ask_columns, count, known, moment, whole
from benchmark.metrics.frame import KIND_PLACE, KINDS
from benchmark.metrics.maturity import WORTH_A_PRIOR, WORTH_ALL_KINDS, Curve, Factor
from benchmark.models import CHECKPOINTS, MaturityFactor
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, HalfLife, Network

OF_EACH = 100  # posts of a profile, so that those who post most do not decide alone
MOST = 20_000  # posts of a network
OF_MATURITY = 24  # of it the half-life is taken to be where nobody has published one
ALL_KINDS = ""
HOUR = 3_600_000_000  # in microseconds

# The latest posts of each profile that were read when they had settled, with all their readings until then.
READ = """(
    SELECT settled.post_id
      FROM benchmark_profile AS profile
     CROSS JOIN LATERAL (
           SELECT post_id FROM benchmark_postreading
            WHERE profile_id = profile.id AND checkpoint = %(settled)s
            ORDER BY post_id DESC LIMIT %(of_each)s) AS settled
     WHERE profile.network = %(network)s AND profile.workspace_id IS NULL AND NOT profile.pretend
     ORDER BY settled.post_id DESC LIMIT %(most)s) AS chosen
  JOIN benchmark_post AS post ON post.id = chosen.post_id
  JOIN benchmark_postreading AS reading ON reading.post_id = chosen.post_id AND reading.checkpoint <= %(settled)s"""

READING = {
    "post": whole("post.id"),
    "kind": whole(KIND_PLACE),
    "checkpoint": whole("reading.checkpoint"),
    "published": moment("post.published_at"),
    "read": moment("reading.read_at"),
    **{name: count(f"reading.{name}") for name in COUNTS},
}

FACTORS = """
SELECT kind, count, by_tempo, checkpoint, hours, posts, middle, low, high, tempo, slope
  FROM benchmark_maturityfactor WHERE network = %(network)s
"""


def settled_at(network: Network) -> int:
    """The checkpoint, in hours, at which a post of the network counts as settled: the first one when it is mature."""
    mature = network.maturity.total_seconds() / 3600
    return next((hours for hours in CHECKPOINTS if hours >= mature), CHECKPOINTS[-1])


def shipped_with(network: Network) -> Curve:
    """What the product knows of a network before it has read anything."""
    return _shipped(network.half_life, network.maturity, settled_at(network))


@lru_cache
def _shipped(half_life: HalfLife | None, mature: timedelta, settled: int) -> Curve:
    mature_hours = mature.total_seconds() / 3600
    half = half_life.hours if half_life else mature_hours / OF_MATURITY
    return maturity.prior(CHECKPOINTS, half=half, mature=mature_hours, settled=settled)


def counts_that_grow(network: Network) -> tuple[str, ...]:
    """The counts of which a young post's final one is told."""
    engagements = ("engagements",) if network.engagement_parts else ()
    return (*engagements, "views") if network.views_are_published else engagements


def counted(network: Network, counts: Mapping[str, Floats], name: str) -> Floats:
    """A count by its name; engagements are the sum of the network's parts."""
    names = network.engagement_parts if name == "engagements" else (name,)
    total: Floats = np.sum([counts[part] for part in names], axis=0)
    return total


def known_counts(found: Columns) -> dict[str, Floats]:
    """The counts among columns that were asked for, with null as NaN."""
    return {name: known(found[name]) for name in COUNTS}


# --- learnt ----------------------------------------------------------------------------------------------------------


def rebuild_factors(now: datetime) -> int:
    """Learn all factors anew, in one query for each network. Safe to repeat."""
    factors = [factor for network in NETWORKS.values() for factor in _learnt(network, now)]
    with transaction.atomic():
        MaturityFactor.objects.all().delete()
        MaturityFactor.objects.bulk_create(factors, batch_size=1000)
    return len(factors)


def _learnt(network: Network, now: datetime) -> Iterator[MaturityFactor]:
    settled = settled_at(network)
    given = {"network": network.key, "settled": settled, "of_each": OF_EACH, "most": MOST}
    grown = _grown(network, ask_columns(READING, READ, given)(), settled)
    for count_name in counts_that_grow(network):
        for by_tempo in (False, True):
            for kind, factors in _by_kind(network, grown, count_name, by_tempo=by_tempo).items():
                about = {"network": network.key, "kind": kind, "count": count_name, "by_tempo": by_tempo}
                for checkpoint, factor in zip(CHECKPOINTS, factors, strict=False):
                    if factor is not None:
                        yield MaturityFactor(**about, **asdict(factor), checkpoint=checkpoint, computed_at=now)


@dataclass(frozen=True, slots=True)
class Grown:
    """How counts grew: posts x checkpoints up to settling, NaN where a post was not read."""

    kind: Ints
    hours: Floats
    counts: Mapping[str, Floats]

    def of(self, count_name: str, there: Bools) -> tuple[Floats, Floats, Floats]:
        """Ages and counts before settling, and the settled counts."""
        counts = self.counts[count_name][there]
        return self.hours[there, :-1], counts[:, :-1], counts[:, -1]


def _grown(network: Network, found: Columns, settled: int) -> Grown:
    posts, row = np.unique(found["post"], return_inverse=True)
    column = np.searchsorted(CHECKPOINTS, found["checkpoint"])
    shape = (len(posts), CHECKPOINTS.index(settled) + 1)

    def laid_out(figures: Floats) -> Floats:
        table = np.full(shape, np.nan)
        table[row, column] = figures
        return table

    kind = np.zeros(len(posts), dtype=np.int64)
    kind[row] = found["kind"]
    counts = known_counts(found)
    return Grown(
        kind=kind,
        hours=laid_out((found["read"] - found["published"]) / HOUR),
        counts={name: laid_out(counted(network, counts, name)) for name in counts_that_grow(network)},
    )


def _by_kind(network: Network, grown: Grown, count_name: str, *, by_tempo: bool) -> dict[str, list[Factor | None]]:
    """The factors of all kinds together, drawn towards what is shipped, and of each kind, drawn towards these."""
    learn = maturity.fit_by_tempo if by_tempo else maturity.fit
    of_all = learn(*grown.of(count_name, np.ones(len(grown.kind), dtype=np.bool_)))
    if not by_tempo:
        of_all = _drawn(of_all, shipped_with(network).factors, worth=WORTH_A_PRIOR)
    kinds = {KINDS[kind]: learn(*grown.of(count_name, grown.kind == kind)) for kind in np.unique(grown.kind).tolist()}
    return {ALL_KINDS: of_all} | {
        kind: _drawn(factors, of_all, worth=WORTH_ALL_KINDS) for kind, factors in kinds.items()
    }


def _drawn(factors: Sequence[Factor | None], towards: Sequence[Factor | None], *, worth: int) -> list[Factor | None]:
    """Each factor drawn towards the other one of its age."""
    return [
        None if factor is None or other is None else factor.shrunk(other, worth=worth)
        for factor, other in zip(factors, towards, strict=True)
    ]


# --- asked for -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of a network, by kind and count."""

    network: Network
    learnt: Mapping[tuple[str, str, bool], Mapping[int, Factor]]

    @property
    def know_tempos(self) -> bool:
        """Whether it has been learnt how a post's own tempo goes on."""
        return any(by_tempo for _kind, _count, by_tempo in self.learnt)

    def of(self, kind: str, count_name: str) -> Curve:
        """The factors of a kind; where it has none at an age those of all kinds, and then what is shipped."""
        shipped = shipped_with(self.network)
        if not self.learnt:
            return shipped
        plain, by_tempo = dict(zip(CHECKPOINTS, shipped.factors, strict=False)), dict[int, Factor]()
        for each in (ALL_KINDS, kind):
            plain |= self.learnt.get((each, count_name, False), {})
            by_tempo |= self.learnt.get((each, count_name, True), {})
        return Curve(shipped.settled, _in_order(plain), _in_order(by_tempo))


def ask_curves(network: Network) -> Callable[[], Curves]:
    """Ask for what has been learnt about a network."""
    answer = ask(FACTORS, {"network": network.key})
    return lambda: _curves(network, answer())


def _curves(network: Network, found: Rows) -> Curves:
    learnt: defaultdict[tuple[str, str, bool], dict[int, Factor]] = defaultdict(dict)
    for kind, count_name, by_tempo, checkpoint, *factor in found:
        learnt[kind, count_name, by_tempo][checkpoint] = Factor(*factor)
    return Curves(network, learnt)


def _in_order(factors: Mapping[int, Factor]) -> tuple[Factor, ...]:
    return tuple(sorted(factors.values(), key=attrgetter("hours")))
