"""How well a fit does on posts that it has not seen: what is shown as its error, and what its range is made of.

Where an order in time is known, the past is fitted and what came next is estimated; where there are several accounts,
each is estimated by a fit of the others; else a fifth of the posts by the other four. How much each shape of curve has
to say is decided anew for every part, by the parts that are not being estimated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.models import TriedOn
from benchmark.reach import regression
from benchmark.reach.posts import Measured
from benchmark.reach.regression import Curve, Shape
from benchmark.reach.signals import Signals

PARTS = 5
COVERED = 0.8  # what the range aims to hold
FEWEST_FOR_A_RANGE = 9  # below, an end of the range would lie beyond the smallest or largest error that was seen
ACCOUNTS, POSTS_OF_EACH = 5, 5  # from so many accounts with so many posts on, accounts are what is left out
FAR = 1.0  # on the log scale; a worse miss counts no more in weighing shapes
WORSE = 0.05  # a shape that is so much worse than the best has a third of its say
HEARD = 0.08  # a shape that has less of a say is left out
SMALLEST = 0.001  # an error that is as good as none
BY_CHANCE = 0.01
SEED = 20_160_626

# From the stiffest to the most supple; each with and without an eye for kinds.
SHAPES = (Shape(0.0, 100.0), Shape(0.0, 1.0), Shape(0.025, 0.4), Shape(0.05, 0.4), Shape(0.1, 0.4))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to fit."""

    shape: Shape
    signals: Signals

    def fit(self, posts: Measured) -> Curve:
        """The curve of the logarithm of reach, beside what published figures suggest."""
        figures = logs(posts.reach) - self.signals.suggested(posts.seen)
        return regression.fit(self.signals.table(posts.seen), figures, self.shape)

    def estimated(self, known: Measured, asked: Measured) -> Floats:
        """The logarithm of the reach that a fit of the known posts expects of others."""
        candidate = Candidate(self.shape, self.signals.ending_with(known.seen))
        return candidate.signals.suggested(asked.seen) + candidate.fit(known)(candidate.signals.table(asked.seen))


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `misses` are logarithms of true ÷ estimated reach, part after part.

    `candidates` have the say of `weights`, by how they did on all posts; those without any are left out.
    """

    tried_on: TriedOn
    misses: Floats
    part: Ints
    candidates: tuple[Candidate, ...]
    weights: Floats

    def error(self) -> float:
        """The median of the relative errors, in percent."""
        return percent_off(self.misses)

    def range(self) -> tuple[float, float] | None:
        """Between which factors (as logarithms) reach lies around its estimate; None where too few were tried."""
        return self.around(self.misses)

    def around(self, misses: Floats) -> tuple[float, float] | None:
        """The same of some of the misses. What comes next is never quite like what was, so that its range is wider."""
        return ends(misses, outward=self.tried_on is TriedOn.TIME)

    def coverage(self) -> float | None:
        """The part of posts inside the range that other parts give (earlier ones, where there is an order in time)."""
        inside = [
            np.asarray((ends_there[0] <= theirs) & (theirs <= ends_there[1]))
            for part in range(int(self.part.max(initial=0)) + 1)
            if (ends_there := self.around(self.misses[_others(self.tried_on, self.part, part)])) is not None
            and len(theirs := self.misses[self.part == part])
        ]
        return float(np.mean(np.concatenate(inside))) if inside else None

    def recent(self) -> tuple[Floats, Floats] | None:
        """The misses of the latest posts, and of those before; None where there is no order, or there are too few."""
        last = self.part >= self.part.max(initial=0) - 1
        if self.tried_on is not TriedOn.TIME or min(last.sum(), (~last).sum()) < FEWEST_FOR_A_RANGE:
            return None
        return self.misses[last], self.misses[~last]

    def drifts(self) -> bool:
        """Whether more of the latest posts fall outside the range of those before than chance explains."""
        both = self.recent()
        if both is None or (known := ends(both[1])) is None:
            return False
        low, high = known
        outside = int(((both[0] < low) | (both[0] > high)).sum())
        return outside > 0 and bool(bdtrc(outside - 1, len(both[0]), 1 - COVERED) < BY_CHANCE)


def logs(reach: Floats) -> Floats:
    """Logarithms; a post that reached nobody counts as one that reached somebody."""
    return np.log(np.maximum(reach, 1.0))


def percent_off(misses: Floats) -> float:
    """The median of |estimated - true| ÷ true, in percent."""
    return float(np.median(np.abs(np.exp(-misses) - 1)) * 100)


def ends(misses: Floats, *, outward: bool = False) -> tuple[float, float] | None:
    """Ends between which a next miss falls in 80 of 100 cases, if it is drawn like these: the conformal ones.

    Of n misses, the ends stand at (n + 1) x 10 % and (n + 1) x 90 % of the way; between two of them where need be, or
    at the outer one, so that it is at least 80 of 100 cases.
    """
    n = len(misses)
    if n < FEWEST_FOR_A_RANGE:
        return None
    aside = (n + 1) * (1 - COVERED) / 2
    place = np.floor(aside + SMALLEST) if outward else aside
    low, high = np.interp([place, n + 1 - place], np.arange(1, n + 1), np.sort(misses)).tolist()
    return low, high


def tried(posts: Measured, signals: Signals, tried_on: TriedOn | None = None) -> Trial:
    """Try all shapes on posts that they have not seen. Where an order in time is known, posts stand in it."""
    candidates = _candidates(signals)
    tried_on = tried_on or _tried_on(posts)
    part = _parts(posts, tried_on)
    tested = np.flatnonzero(part >= 0)
    estimates = np.full((len(candidates), len(posts)), np.nan)
    for number in range(int(part.max(initial=-1)) + 1):
        there = part == number
        known = (part < number) if tried_on is TriedOn.TIME else ~there
        for place, candidate in enumerate(candidates):
            estimates[place, there] = candidate.estimated(posts.where(known), posts.where(there))
    misses, part = (logs(posts.reach) - estimates)[:, tested], part[tested]
    in_order = np.argsort(part, kind="stable")
    misses, part = misses[:, in_order], part[in_order]
    said = [_weights(misses[:, _others(tried_on, part, number)]) for number in range(int(part.max(initial=-1)) + 1)]
    overall = _weights(misses)
    return Trial(
        tried_on=tried_on,
        misses=np.einsum("ij,ji->i", np.array(said).reshape(-1, len(candidates))[part], misses),
        part=part,
        candidates=tuple(candidate for candidate, weight in zip(candidates, overall, strict=True) if weight),
        weights=overall[overall > 0],
    )


def _candidates(signals: Signals) -> list[Candidate]:
    """From the stiffest on; blind to kinds first."""
    blind = signals.without_kinds()
    both = [blind, signals] if signals.told_apart else [blind]
    return [Candidate(shape, each) for each in both for shape in SHAPES]


def _tried_on(posts: Measured) -> TriedOn:
    _profiles, often = np.unique(posts.profile, return_counts=True)
    if (often >= POSTS_OF_EACH).sum() >= ACCOUNTS:
        return TriedOn.ACCOUNTS
    return TriedOn.PARTS if posts.published is None else TriedOn.TIME


def _parts(posts: Measured, tried_on: TriedOn) -> Ints:
    """In which part each post is estimated; -1: it is only fitted."""
    n = len(posts)
    if tried_on is TriedOn.TIME:
        known = max(min(n // 2, n - FEWEST_FOR_A_RANGE), 3)
        return np.maximum((np.arange(n) - known) * PARTS // max(n - known, 1), -1)
    if tried_on is TriedOn.ACCOUNTS:
        return _by_account(posts.profile)
    return np.random.default_rng(SEED).permutation(n) % PARTS


def _by_account(profile: Ints) -> Ints:
    """Whole accounts, the largest first, each into the smallest part."""
    profiles, of, often = np.unique(profile, return_inverse=True, return_counts=True)
    sizes, into = np.zeros(PARTS), np.zeros(len(profiles), dtype=np.int64)
    for place in np.argsort(-often, kind="stable"):
        into[place] = sizes.argmin()
        sizes[into[place]] += often[place]
    parts: Ints = into[of]
    return parts


def _others(tried_on: TriedOn, part: Ints, number: int) -> Bools:
    """The posts that say something about a part without being of it."""
    others: Bools = (part < number) if tried_on is TriedOn.TIME else (part != number)
    return others


def _weights(misses: Floats) -> Floats:
    """How much each candidate has to say (candidates x posts): the more, the nearer it comes to the best."""
    if misses.shape[1] == 0:
        return np.full(len(misses), 1 / len(misses))
    off = np.minimum(np.abs(misses), FAR).mean(axis=1)
    say = np.exp((1 - off / max(off.min(), SMALLEST)) / WORSE)
    heard: Floats = np.where(say / say.sum() < min(HEARD, say.max() / say.sum()), 0.0, say)
    heard /= heard.sum()
    return heard
