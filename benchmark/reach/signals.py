"""From what everybody can see of a post to the numbers that a fit is made of, and the range in which it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.frame import KINDS
from benchmark.networks.base import COUNTS, Network
from benchmark.reach.posts import Measured, Seen
from benchmark.reach.prior import prior_of

KNOWN = 0.9  # a signal that fewer of the posts have is none
FEWEST_OF_A_KIND = 5  # posts, to tell what the kind changes
FURTHER = 0.25  # of what lies between fewest and most followers (as logarithms): so far a growing page is followed
BEYOND = 3.0  # times more or fewer followers or engagements than any post of the fit: there nothing is estimated

HIDDEN, OUTSIDE = "signals_hidden", "outside_training_range"


@dataclass(frozen=True, slots=True)
class Signals:
    """Which signals a fit uses, and between what ends it knows them.

    `parts` are the counts whose sum is the engagements; `kinds` are all kinds that it has seen, `told_apart` those with
    a signal of their own. `followers` and `engagements` are the smallest and the largest of its posts.
    """

    network: str
    counts: tuple[str, ...]
    parts: tuple[str, ...]
    kinds: tuple[int, ...]
    told_apart: tuple[int, ...]
    followers: tuple[float, float] | None
    engagements: tuple[float, float]

    def without_kinds(self) -> Signals:
        """The same, blind to what a post is made of."""
        return replace(self, told_apart=())

    def ending_with(self, seen: Seen) -> Signals:
        """The same, knowing no more followers and engagements than these posts have."""
        followers = None if self.followers is None else _ends(seen.followers)
        return replace(self, followers=followers, engagements=_ends(self.engaged(seen)))

    def table(self, seen: Seen) -> Floats:
        """Posts x signals: logarithms of counts, of their sum and of their relations, of followers; and the kind."""
        logs = [np.log1p(seen.counts[name]) for name in self.counts]
        columns = [*logs, *(log - logs[0] for log in logs[1:])]
        if len(self.parts) > 1:
            columns.append(np.log1p(self.engaged(seen)))
        if self.followers is not None:
            fewest, most = np.log(self.followers)
            further = (most - fewest) * FURTHER
            columns.append(np.clip(np.log(seen.followers), fewest - further, most + further))
        columns.extend((seen.kind == kind).astype(np.float64) for kind in self.told_apart)
        return np.column_stack(columns)

    def engaged(self, seen: Seen) -> Floats:
        """The engagements of each post; NaN where a part is hidden."""
        total: Floats = np.sum([seen.counts[name] for name in self.parts], axis=0)
        return total

    def suggested(self, seen: Seen) -> Floats:
        """What published figures alone would say: the logarithm of each post's reach."""
        followers = seen.followers if self.followers is not None else np.full(len(seen), np.nan)
        return prior_of(self.network)(self.engaged(seen), seen.kind, followers)

    def hidden(self, seen: Seen) -> Bools:
        """Posts of which a signal is not known."""
        unknown = np.isnan(np.array([seen.counts[name] for name in self.counts])).any(axis=0)
        if self.followers is not None:
            unknown = unknown | ~(seen.followers > 0)
        return np.asarray(unknown, dtype=np.bool_)

    def outside(self, seen: Seen) -> Bools:
        """Posts unlike those of the fit: of a kind, a size of audience or a response that it has not seen."""
        engaged, (fewest, most) = self.engaged(seen), self.engagements
        outside = ~np.isin(seen.kind, self.kinds)
        outside |= (engaged + 1 > (most + 1) * BEYOND) | (engaged + 1 < (fewest + 1) / BEYOND)
        if self.followers is not None:
            smallest, largest = self.followers
            outside |= (seen.followers > largest * BEYOND) | (seen.followers < smallest / BEYOND)
        return np.asarray(outside, dtype=np.bool_)

    def packed(self) -> dict[str, Any]:
        """As JSON keeps it; kinds by their names, which outlive their places."""
        return {
            "network": self.network,
            "counts": list(self.counts),
            "parts": list(self.parts),
            "kinds": [KINDS[kind] for kind in self.kinds],
            "told_apart": [KINDS[kind] for kind in self.told_apart],
            "followers": None if self.followers is None else list(self.followers),
            "engagements": list(self.engagements),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> Signals:
        """The way back."""
        followers = packed["followers"]
        return cls(
            network=packed["network"],
            counts=tuple(packed["counts"]),
            parts=tuple(packed["parts"]),
            kinds=tuple(map(KINDS.index, packed["kinds"])),
            told_apart=tuple(map(KINDS.index, packed["told_apart"])),
            followers=None if followers is None else (followers[0], followers[1]),
            engagements=(packed["engagements"][0], packed["engagements"][1]),
        )


def signals_of(posts: Measured, network: Network) -> tuple[Signals, Measured] | None:
    """The signals that everybody can see of such posts on this network, and the posts that have them all.

    None where there is nothing to tell reach from.
    """
    seen = posts.seen
    public = [name for name in COUNTS if name in network.publishes and name != "views"]
    known = [name for name in public if _mostly_known(seen.counts.get(name))]
    parts = tuple(name for name in network.engagement_parts if name in known)
    if not parts:
        return None
    counts = (*parts, *(name for name in known if name not in parts))
    by_followers = _mostly_known(np.where(seen.followers > 0, seen.followers, np.nan))
    usable = ~np.isnan(np.array([seen.counts[name] for name in counts])).any(axis=0)
    if by_followers:
        usable &= seen.followers > 0
    posts = posts.where(usable)
    engaged = np.sum([posts.seen.counts[name] for name in parts], axis=0)
    signals = Signals(
        network=network.key,
        counts=counts,
        parts=parts,
        kinds=tuple(np.unique(posts.seen.kind).tolist()),
        told_apart=_told_apart(posts.seen.kind),
        followers=_ends(posts.seen.followers) if by_followers else None,
        engagements=_ends(engaged),
    )
    return signals, posts


def _mostly_known(column: Floats | None) -> bool:
    return column is not None and len(column) > 0 and float(np.mean(~np.isnan(column))) >= KNOWN


def _told_apart(kind: Ints) -> tuple[int, ...]:
    """The kinds with enough posts, but for the most frequent one, which the others are told apart from."""
    kinds, often = np.unique(kind, return_counts=True)
    in_order: Sequence[int] = kinds[np.argsort(-often, kind="stable")].tolist()
    enough = dict(zip(kinds.tolist(), often.tolist(), strict=True))
    return tuple(each for each in in_order[1:] if enough[each] >= FEWEST_OF_A_KIND)


def _ends(column: Floats) -> tuple[float, float]:
    return float(column.min()), float(column.max())
