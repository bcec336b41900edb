"""How often intervals hold what they are of: samples of real pages, whose own median and mean are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from bench.accuracy import pages
from benchmark.comparison import Verdict, verdicts
from benchmark.metrics import METRICS, intervals
from benchmark.metrics.columns import Floats
from benchmark.metrics.figures import Figures

TITLE = "Intervals and verdicts: samples of real pages"
SAMPLES = 400  # of each page and size
SIZES = (9, 12, 30, 100)
SEED = 5
HEADS = (
    "  posts  interval of                 held, mean of pages   middle page   worst page"
    "   two samples of one page told apart   of two pages   the wrong way"
)


def lines(folder: Path) -> Iterator[str]:
    """One line for each size of sample and figure."""
    known = [page.engagements for page in pages.read(folder).values()]
    yield f"  {len(known)} pages with {pages.FEWEST} posts or more, {SAMPLES} samples of each"
    yield HEADS
    draws = np.random.default_rng(SEED)
    for posts in SIZES:
        for name, measure in FIGURES.items():
            yield _line(name, measure, known, posts, draws)


def _medians(samples: Floats) -> tuple[Floats, Floats, Floats]:
    ascending = np.sort(samples, axis=1)
    low, high = intervals.median_intervals(ascending, np.full(len(samples), samples.shape[1]))
    return low, np.median(samples, axis=1), high


def _means(samples: Floats) -> tuple[Floats, Floats, Floats]:
    low, high = intervals.mean_intervals(samples[None])
    return low[0], samples.mean(axis=1), high[0]


def _by_percentile(samples: Floats) -> tuple[Floats, Floats, Floats]:
    """The usual bootstrap, as a measure of what ours gains."""
    draws = np.random.default_rng(SEED).integers(0, samples.shape[1], (399, samples.shape[1]))
    means = np.sort(np.stack([samples[:, drawn].mean(axis=1) for drawn in draws], axis=1), axis=1)
    return means[:, 9], samples.mean(axis=1), means[:, 389]


FIGURES: dict[str, Callable[[Floats], tuple[Floats, Floats, Floats]]] = {
    "median": _medians,
    "mean": _means,
    "mean, percentile bootstrap": _by_percentile,
}


def _line(
    name: str,
    measure: Callable[[Floats], tuple[Floats, Floats, Floats]],
    known: list[Floats],
    posts: int,
    draws: np.random.Generator,
) -> str:
    held, false, called, wrong = [], [], [], []
    for place, page in enumerate(known):
        other = known[(place + 1) % len(known)]
        one, again, of_other = (
            measure(each[draws.integers(0, len(each), (SAMPLES, posts))]) for each in (page, page, other)
        )
        true, of_true = (float(np.median(each) if name == "median" else each.mean()) for each in (page, other))
        low, _value, high = one
        told = ~np.isnan(low)  # a sample of nothing but zeros has no interval
        held.append(float(((low <= true) & (true <= high))[told].mean()))
        false.append(sum(verdict in {Verdict.AHEAD, Verdict.BEHIND} for verdict in _said(one, again)) / SAMPLES)
        said = _said(one, of_other)
        right, astray = (Verdict.AHEAD, Verdict.BEHIND) if true > of_true else (Verdict.BEHIND, Verdict.AHEAD)
        called.append(said.count(right) / SAMPLES)
        wrong.append(said.count(astray) / SAMPLES)
    mean = [f"{sum(part) / len(part):10.1%}" for part in (false, called, wrong)]
    return (
        f"  {posts:5}  {name:<28}{sum(held) / len(held):18.1%}{median(held):14.1%}{min(held):13.1%}"
        f"{mean[0]:>37}{mean[1]:>15}{mean[2]:>16}"
    )


def _said(ours: tuple[Floats, Floats, Floats], theirs: tuple[Floats, Floats, Floats]) -> list[Verdict]:
    """The verdicts of the product on pairs of samples, each pair alone."""
    metric = METRICS["engagements_per_post"]
    pairs = [_figures(*pair) for pair in zip(*ours, *theirs, strict=True)]
    return [found[0][0].verdict for found in verdicts([metric] * len(pairs), pairs, [True, False])]


def _figures(*ends: float) -> Figures:
    low, value, high, other_low, other, other_high = ends
    nothing = np.full(2, np.nan)
    return Figures(
        value=np.array([value, other]),
        n=np.array([0, 0]),
        low=np.array([low, other_low]),
        high=np.array([high, other_high]),
        change=nothing,
        percent=nothing,
        change_bases=["latest"] * 2,
        leagues=["measured"] * 2,
    )
