"""A smooth line through scattered points that few strangers cannot bend: robust regression on landmarks.

The figure is the sum of a level, a straight line in every signal and a bend: how near a post lies to each landmark,
which is one of the posts that the fit has seen. It is fitted three times, to the middle, to a little under the
middle and to where most posts lie; the average of the three is what is kept. A page boosts some of its posts, and those
reach several times as many people with the same signals: such posts pull a line of least squares off all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from benchmark.metrics.columns import Floats

LANDMARKS = 100
NARROWEST = 0.1  # of the widths that are tried: what it cannot tell apart, none can
ROUNDS = 25  # of weighing the posts anew, unless the line has come to rest before
AT_REST = 0.003  # on the log scale
CLOSE = 0.03  # on the log scale: nearer than 3 % is on the line
SPREAD_OF_MOST = 0.4  # on the log scale: how far from the line a post still counts as one of most
UNDER_THE_MIDDLE = 0.42
SMALL = 1e-6
NEGLIGIBLE = 0.02  # of what a post adds to what is told by others
ALONE, ALONE_WITH_ONE = 200_000, 9_000  # multiplications (by a matrix, by one column) that start no threads

Weigh = Callable[[Floats], Floats]  # from how far posts lie over the line to what they weigh


@dataclass(frozen=True, slots=True)
class Shape:
    """How freely the line may bend: `width` 0 keeps it straight; `penalty` pulls all slopes towards the prior's."""

    width: float
    penalty: float

    @property
    def name(self) -> str:
        """In one or two words."""
        if self.width:
            return f"bend {self.width:g}"
        return "line" if self.penalty <= 1 else "level"


@dataclass(frozen=True, slots=True)
class Curve:
    """What was fitted: a line, and for each width what every landmark adds near itself. Numbers only, to be kept."""

    centre: Floats
    spread: Floats
    level: float
    slopes: Floats
    landmarks: Floats  # landmarks x signals
    bends: Mapping[float, Floats]  # by width, narrower ones later

    def __call__(self, signals: Floats) -> Floats:
        """The figure of each post (posts x signals)."""
        scaled = (signals - self.centre) / self.spread
        figures: Floats = self.level + scaled @ self.slopes
        near, last = np.empty(0), 0.0
        for width, bends in self.bends.items():
            # Twice as narrow is the square, which costs a tenth of computing it from the landmarks.
            near = near**2 if width == 2 * last else _nearness(scaled, self.landmarks, width)
            figures, last = figures + _times(near, bends), width
        return figures


def averaged(curves: Sequence[Curve], weights: Sequence[float]) -> Curve:
    """One curve that gives the weighted sum of what these give, which were fitted to the same posts and signals."""
    bends: dict[float, Floats] = {}
    for curve, weight in zip(curves, weights, strict=True):
        for width, each in curve.bends.items():
            bends[width] = bends.get(width, 0.0) + weight * each
    together = list(zip(curves, weights, strict=True))
    landmarks = [curve.landmarks for curve in curves if len(curve.landmarks)] or [curves[0].landmarks]
    return Curve(
        centre=curves[0].centre,
        spread=curves[0].spread,
        level=sum(weight * curve.level for curve, weight in together),
        slopes=np.sum([weight * curve.slopes for curve, weight in together], axis=0),
        landmarks=landmarks[0],
        bends=dict(sorted(bends.items())),
    )


def fit(signals: Floats, figures: Floats, shape: Shape) -> Curve:
    """The curve through these posts (posts x signals), with the figures that it should give."""
    centre, spread = signals.mean(axis=0), signals.std(axis=0)
    spread = np.where(spread < SMALL, 1.0, spread)
    scaled = (signals - centre) / spread
    landmarks = scaled[_unlike(scaled, NARROWEST, LANDMARKS)[0]] if shape.width else scaled[:0]
    apart, roots = _directions(landmarks, shape.width)
    near = _times(_nearness(scaled, landmarks[apart], shape.width), roots)
    basis = np.concatenate([np.ones((len(scaled), 1)), scaled, near], axis=1)
    penalties = np.full(basis.shape[1], shape.penalty)
    penalties[0] = 2.0  # the prior's level weighs about as much as one post
    middle = _weighed(basis, figures, penalties, _to_have(0.5), None)
    under = _weighed(basis, figures, penalties, _to_have(UNDER_THE_MIDDLE), middle)
    most = _weighed(basis, figures, penalties, _of_most, middle)
    weights = (middle + under + most) / 3
    slopes = 1 + signals.shape[1]
    bends = np.zeros(len(landmarks))
    bends[apart] = roots @ weights[slopes:]
    return Curve(
        centre=centre,
        spread=spread,
        level=float(weights[0]),
        slopes=weights[1:slopes],
        landmarks=landmarks,
        bends={shape.width: bends} if len(landmarks) else {},
    )


def _unlike(scaled: Floats, width: float, most: int) -> tuple[list[int], Floats]:
    """Posts of which each is the one least like those before it, until all others are like some (a Cholesky factor).

    The factor (posts x chosen) is what each post has in common with the part of a chosen one that is new.
    """
    chosen: list[int] = []
    factor = np.zeros((len(scaled), min(most, len(scaled))))
    new = np.ones(len(scaled))
    while len(chosen) < factor.shape[1] and new.max() > NEGLIGIBLE:
        best, place = int(new.argmax()), len(chosen)
        common = _nearness(scaled, scaled[best : best + 1], width)[:, 0]
        common = common - _times(factor[:, :place], factor[best, :place])
        factor[:, place] = common / np.sqrt(new[best])
        new = np.maximum(new - factor[:, place] ** 2, 0.0)
        chosen.append(best)
        new[chosen] = 0.0
    return chosen, factor[:, : len(chosen)]


def _directions(landmarks: Floats, width: float) -> tuple[list[int], Floats]:
    """The landmarks that a width can tell apart, and what makes one penalty fit all directions in which they differ."""
    apart, factor = _unlike(landmarks, width, len(landmarks))
    roots: Floats = solve_triangular(factor[apart], np.eye(len(apart)), lower=True).T if apart else np.empty((0, 0))
    return apart, roots


def _nearness(posts: Floats, landmarks: Floats, width: float) -> Floats:
    """From 1 for the same signals down to 0: posts x landmarks."""
    apart = (posts**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2 * _times(posts, landmarks.T)
    nearness: Floats = np.exp(-width * np.maximum(apart, 0.0))
    return nearness


def _to_have(part: float) -> Weigh:
    """Weighs posts so that this part of them comes to lie under the line."""
    return lambda over: 2 * np.where(over > 0, part, 1 - part) / np.maximum(np.abs(over), CLOSE)


def _of_most(over: Floats) -> Floats:
    """Weighs posts so that the line runs where most of them lie; posts far away no longer pull."""
    weights: Floats = np.exp(-0.5 * (over / SPREAD_OF_MOST) ** 2) / SPREAD_OF_MOST
    return weights


def _weighed(basis: Floats, figures: Floats, penalties: Floats, weigh: Weigh, begin: Floats | None) -> Floats:
    """What each direction of the basis weighs, found by least squares over and over."""
    weights = np.zeros(basis.shape[1]) if begin is None else begin
    line = np.full(len(figures), np.median(figures)) if begin is None else _times(basis, begin)
    both = np.concatenate([basis, figures[:, None]], axis=1)
    for _ in range(ROUNDS):
        squares = _squares(both, weigh(figures - line))
        left, right = squares[:-1, :-1] + np.diag(penalties), squares[:-1, -1]
        weights = cho_solve(cho_factor(left, check_finite=False), right, check_finite=False)
        before, line = line, _times(basis, weights)
        if np.abs(line - before).mean() < AT_REST:
            break
    return weights


def _times(rows: Floats, matrix: Floats) -> Floats:
    """A product in slices for which BLAS starts no threads: on a busy machine those cost ten times what they save."""
    at_once = max((ALONE if matrix.ndim > 1 else ALONE_WITH_ONE) // max(matrix.size, 1), 1)
    if len(rows) <= at_once:
        return rows @ matrix
    return np.concatenate([rows[begin : begin + at_once] @ matrix for begin in range(0, len(rows), at_once)])


def _squares(basis: Floats, weights: Floats) -> Floats:
    """The weighed products of all directions of the basis with each other, in slices for the same reason."""
    at_once, total = max(ALONE // basis.shape[1] ** 2, 1), np.zeros((basis.shape[1], basis.shape[1]))
    for begin in range(0, len(basis), at_once):
        part = basis[begin : begin + at_once]
        total += part.T @ (part * weights[begin : begin + at_once, None])
    return total
