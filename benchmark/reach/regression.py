"""A smooth line through scattered points that few strangers cannot bend: robust regression on landmarks.

The figure is the sum of a level, a straight line in every signal and a bend: how near a post lies to each landmark,
which is one of the posts that the fit has seen. It is fitted three times, to the middle, to a little under the
middle and to where most posts lie; the average of the three is what is kept. A page boosts some of its posts, and those
reach several times as many people with the same signals: such posts pull a line of least squares off all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.metrics.columns import Floats

LANDMARKS = 100
ROUNDS = 25  # of weighing the posts anew
CLOSE = 0.03  # on the log scale: nearer than 3 % is on the line
SPREAD_OF_MOST = 0.4  # on the log scale: how far from the line a post still counts as one of most
UNDER_THE_MIDDLE = 0.42
SMALL = 1e-6
SEED = 20_160_626


@dataclass(frozen=True, slots=True)
class Shape:
    """How freely the line may bend: `width` 0 keeps it straight; `penalty` pulls all slopes towards the prior's."""

    width: float
    penalty: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What was fitted. Numbers only, so that it can be kept as JSON."""

    centre: Floats
    spread: Floats
    level: float
    slopes: Floats
    width: float
    landmarks: Floats  # landmarks x signals
    bends: Floats

    def __call__(self, signals: Floats) -> Floats:
        """The figure of each post (posts x signals)."""
        scaled = (signals - self.centre) / self.spread
        along = self.level + scaled @ self.slopes
        return along + _nearness(scaled, self.landmarks, self.width) @ self.bends if len(self.bends) else along


def fit(signals: Floats, figures: Floats, shape: Shape) -> Curve:
    """The curve through these posts (posts x signals), with the figures that it should give."""
    centre, spread = signals.mean(axis=0), signals.std(axis=0)
    spread = np.where(spread < SMALL, 1.0, spread)
    scaled = (signals - centre) / spread
    landmarks = _landmarks(scaled) if shape.width else scaled[:0]
    roots = _roots(_nearness(landmarks, landmarks, shape.width))
    basis = np.concatenate(
        [np.ones((len(scaled), 1)), scaled, _nearness(scaled, landmarks, shape.width) @ roots], axis=1
    )
    penalties = np.full(basis.shape[1], shape.penalty)
    penalties[0] = 2.0  # the prior's level weighs about as much as one post
    weights = np.mean(
        [
            _middle(basis, figures, penalties, 0.5),
            _middle(basis, figures, penalties, UNDER_THE_MIDDLE),
            _most(basis, figures, penalties),
        ],
        axis=0,
    )
    slopes = 1 + signals.shape[1]
    return Curve(
        centre=centre,
        spread=spread,
        level=float(weights[0]),
        slopes=weights[1:slopes],
        width=shape.width,
        landmarks=landmarks,
        bends=roots @ weights[slopes:],
    )


def _landmarks(scaled: Floats) -> Floats:
    """All different posts, or as many of them as are affordable, drawn with a seed."""
    different = np.unique(scaled, axis=0)
    if len(different) <= LANDMARKS:
        return different
    return different[np.sort(np.random.default_rng(SEED).choice(len(different), LANDMARKS, replace=False))]


def _nearness(posts: Floats, landmarks: Floats, width: float) -> Floats:
    """From 1 for the same signals down to 0: posts x landmarks."""
    apart = (posts**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2 * posts @ landmarks.T
    return np.exp(-width * np.maximum(apart, 0.0))


def _roots(nearness: Floats) -> Floats:
    """What makes one penalty fit all directions in which the landmarks differ."""
    sizes, directions = np.linalg.eigh(nearness)
    kept = sizes > SMALL
    return directions[:, kept] / np.sqrt(sizes[kept])


def _middle(basis: Floats, figures: Floats, penalties: Floats, part: float) -> Floats:
    """Weights with which this part of the posts lies under the line."""

    def weigh(over: Floats) -> Floats:
        return 2 * np.where(over > 0, part, 1 - part) / np.maximum(np.abs(over), CLOSE)

    return _weighed(basis, figures, penalties, [weigh] * ROUNDS)


def _most(basis: Floats, figures: Floats, penalties: Floats) -> Floats:
    """Weights with which the line runs where most posts lie; posts far away no longer pull."""

    def near(over: Floats) -> Floats:
        return 1 / np.maximum(np.abs(over), CLOSE)

    def of_most(over: Floats) -> Floats:
        return np.exp(-0.5 * (over / SPREAD_OF_MOST) ** 2) / SPREAD_OF_MOST

    return _weighed(basis, figures, penalties, [near] * 12 + [of_most] * ROUNDS)


def _weighed(basis, figures, penalties, rounds) -> Floats:
    weights = np.zeros(basis.shape[1])
    weights[0] = np.median(figures)
    for weigh in rounds:
        each = weigh(figures - basis @ weights)
        left = basis.T @ (basis * each[:, None])
        left[np.diag_indices_from(left)] += penalties
        weights = np.linalg.solve(left, basis.T @ (each * figures))
    return weights
