"""Whether profiles drawn to the middle tell the next month better than their own few posts do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.accuracy import pages
from bench.accuracy.pages import PublishedPage
from benchmark.metrics.columns import Floats
from benchmark.metrics.shrinkage import shrunken

TITLE = "Few posts of many pages: the next month told from a few posts of this one"
SAMPLES = 60  # of each month
SIZES = (3, 5, 8, 12, 20)
MONTHS = (3, 4, 5)
SEED = 11
SETS: Mapping[str, Sequence[str]] = {
    "news": ("cnn", "foxnews", "nytimes", "bbcnews", "huffingtonpost", "usatoday", "time", "npr", "theguardian"),
    "leagues and teams": ("cavs", "goldenstatewarriors", "nba", "nfl", "mlb"),
}
HEADS = "  pages                posts   raw mean   raw median   drawn to the middle   ÷ raw mean"


def lines(folder: Path) -> Iterator[str]:
    """Root mean squares of the error of log engagements per post against the month after, between pages."""
    known = pages.read(folder, fewest=100)
    sets = {f"all {len(known)}": tuple(known), **SETS}
    yield HEADS
    for name, members in sets.items():
        of_set = [known[member] for member in members if member in known]
        for posts in SIZES:
            yield _line(name, of_set, posts)


def _line(name: str, of_set: Sequence[PublishedPage], posts: int) -> str:
    draws = np.random.default_rng(SEED)
    errors: dict[str, list[float]] = {"mean": [], "median": [], "drawn": []}
    for month in MONTHS:
        for _ in range(SAMPLES):
            drawn = [found for page in of_set if (found := _months(page, month, posts, draws)) is not None]
            together = shrunken([sample for sample, _next in drawn])
            if together is None:
                continue
            then = _centred(np.array([_typical(later) for _sample, later in drawn]))
            now = {
                "mean": np.array([np.log(sample.mean()) for sample, _next in drawn]),
                "median": np.array([np.log(np.median(sample)) for sample, _next in drawn]),
                "drawn": np.log(together.value),
            }
            for key, told in now.items():
                errors[key].append(float(((_centred(told) - then) ** 2).mean()))
    mean, middle, drawn_together = (float(np.sqrt(np.mean(errors[key]))) for key in ("mean", "median", "drawn"))
    return f"  {name:<20}{posts:6}{mean:11.3f}{middle:13.3f}{drawn_together:22.3f}{drawn_together / mean:13.2f}"


def _months(page: PublishedPage, month: int, posts: int, draws: np.random.Generator) -> tuple[Floats, Floats] | None:
    """A few posts of a month, and all of the next one; zeros count as half of the smallest other figure."""
    now, later = (page.engagements[page.month == each] for each in (month, month + 1))
    if len(now) < posts or len(later) < 5:
        return None
    sample = draws.choice(now, posts, replace=False)
    return None if not sample.any() else (_filled(sample), _filled(later))


def _filled(figures: Floats) -> Floats:
    return np.where(figures > 0, figures, figures[figures > 0].min() / 2)


def _typical(figures: Floats) -> float:
    return float(np.log(figures).mean())


def _centred(figures: Floats) -> Floats:
    """Pages against each other: how strong all of them are together is not asked for."""
    centred: Floats = figures - figures.mean()
    return centred
