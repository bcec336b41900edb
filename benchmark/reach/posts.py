"""Posts as reach is told from: what everybody can see of them, and of an owner's how many people they reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.metrics.columns import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Seen:
    """What everybody can see: counts by their names, kinds (places in `KINDS`) and followers when posted.

    NaN stands for hidden, and for not known.
    """

    counts: Mapping[str, Floats]
    kind: Ints
    followers: Floats

    def __len__(self) -> int:
        return len(self.kind)

    def where(self, chosen: Bools | Ints) -> Seen:
        """Only these posts."""
        counts = {name: column[chosen] for name, column in self.counts.items()}
        return Seen(counts, self.kind[chosen], self.followers[chosen])


@dataclass(frozen=True, slots=True)
class Measured:
    """Posts whose reach their owner knows. `published` is None where their order in time is not known."""

    seen: Seen
    reach: Floats
    profile: Ints
    published: Ints | None = None

    def __len__(self) -> int:
        return len(self.reach)

    def where(self, chosen: Bools | Ints) -> Measured:
        """Only these posts."""
        published = None if self.published is None else self.published[chosen]
        return Measured(self.seen.where(chosen), self.reach[chosen], self.profile[chosen], published)

    def different(self) -> Measured:
        """Each post once, in the order of time where that is known: one that repeats another exactly says nothing new.

        A post that stood on both sides of a test would make the estimate look better than it is.
        """
        columns = [*self.seen.counts.values(), self.seen.kind, self.reach]
        if self.published is not None:
            columns.insert(0, self.published)
        table = np.nan_to_num(np.array(columns, dtype=np.float64).T, nan=-1.0)
        _rows, first = np.unique(table, axis=0, return_index=True)
        return self.where(first if self.published is not None else np.sort(first))
