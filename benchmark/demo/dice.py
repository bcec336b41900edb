"""Chance that falls the same way every time: on every machine, in every version of Python."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
STANDARD = NormalDist()


class Dice:
    """Throws that follow from the words they were made with. Only `random()` is promised to stay the same for ever."""

    def __init__(self, *words: object) -> None:
        self.throw = random.Random("|".join(map(str, words))).random  # noqa: S311 (nothing here is a secret)

    def chance(self, probability: float) -> bool:
        return self.throw() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.throw()

    def whole(self, below: int) -> int:
        """A whole number from 0 up to but not including `below`."""
        return int(self.throw() * below)

    def pick(self, things: Sequence[T]) -> T:
        return things[self.whole(len(things))]

    def some(self, things: Iterable[T], number: int) -> list[T]:
        """So many different things, in the order in which they were thrown."""
        left = list(things)
        return [left.pop(self.whole(len(left))) for _ in range(min(number, len(left)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        at = self.throw() * sum(weights.values())
        for thing, weight in weights.items():
            at -= weight
            if at < 0:
                return thing
        return thing

    def around(self, middle: float, spread: float) -> float:
        """A figure whose logarithm is normal: half of them below the middle, a few far above."""
        return middle * math.exp(spread * STANDARD.inv_cdf(self.between(1e-9, 1 - 1e-9)))

    def times(self, mean: float) -> int:
        """How often something happens that happens `mean` times on average (Poisson)."""
        if mean > 50:  # there the normal curve is close enough, and one throw does
            return max(0, round(mean + math.sqrt(mean) * STANDARD.inv_cdf(self.between(1e-9, 1 - 1e-9))))
        number, product, limit = 0, self.throw(), math.exp(-mean)
        while product > limit:
            number, product = number + 1, product * self.throw()
        return number
