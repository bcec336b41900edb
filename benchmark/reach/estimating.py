"""The reach of a report's rows where nobody tells it. Nothing here fits: the parameters lie ready, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
import numpy as np

from benchmark.metrics.asking import ask
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Bools
from benchmark.metrics.definitions.response import REACH_PER_POST_MEDIAN
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import Frame
from benchmark.metrics.reasons import ESTIMATED
from benchmark.networks.base import COUNTS
from benchmark.reach.estimator import VERSION, Estimates, Estimator
from benchmark.reach.posts import Seen
from benchmark.reach.signals import HIDDEN, OUTSIDE

METRIC = REACH_PER_POST_MEDIAN.key
NOTHING_LEARNT = "no_reach_model"
MOST_OF_THEM = 0.8  # of a row's posts have to be like those of the fit; else the others would shift the median

MODEL = """
SELECT fitted_at, posts, tried, error, coverage, recent, recent_error, drifts, tried_on, parameters::text
  FROM benchmark_reachmodel
 WHERE workspace_id = %(workspace)s AND network = %(network)s
"""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a workspace's own posts have taught of reach on one network, in the order of the query's columns."""

    fitted_at: datetime
    posts: int
    tried: int
    error: float | None
    coverage: float | None
    recent: int
    recent_error: float | None
    drifts: bool
    tried_on: str
    parameters: str

    @property
    def estimator(self) -> Estimator | None:
        """None where there were too few posts, or where another version of this program has kept it."""
        return _estimator(self.parameters)


@lru_cache(maxsize=64)
def _estimator(parameters: str) -> Estimator | None:
    kept = msgspec.json.decode(parameters)
    return Estimator.unpacked(kept) if kept.get("version") == VERSION else None


def ask_learnt(workspace_id: int, network_key: str) -> Callable[[], Learnt | None]:
    """Ask for what the workspace has learnt of reach on a network."""
    answer = ask(MODEL, {"workspace": workspace_id, "network": network_key})

    def learnt() -> Learnt | None:
        rows = answer()
        return Learnt(*rows[0]) if rows else None

    return learnt


def estimate(figures: Mapping[str, Figures], frame: Frame, learnt: Learnt | None) -> None:
    """Put estimates where neither a measurement nor published views are, each with its range; else say why not.

    Estimated rows are of a league of their own, never ranked with what was measured or published.
    """
    if METRIC not in figures:
        return
    theirs = figures[METRIC]
    lacking = np.isnan(theirs.value) & ~frame.unknown & ~frame.measured_reach
    rows = np.flatnonzero(lacking).tolist()
    if not rows:
        return
    estimator = learnt.estimator if learnt else None
    if estimator is None:
        if learnt or frame.measured_reach.any():
            for row in rows:
                theirs.reasons[row] = NOTHING_LEARNT
        return
    asked = lacking[frame.posts.row] & frame.posts.mature & frame.posts.current
    found, row_of = estimator(seen(frame, asked)), frame.posts.row[asked]
    theirs.n = theirs.n.copy()  # metrics that nothing is known of share theirs
    for row in rows:
        _put(theirs, row, found.where(row_of == row), estimator, own=frame.subjects[row].own)


def seen(frame: Frame, posts: Bools) -> Seen:
    """What everybody can see of some of a frame's posts."""
    columns = frame.posts.columns
    counts = {name: columns[name][posts] for name in COUNTS}
    return Seen(counts, frame.posts.kind[posts], columns[FOLLOWERS][posts])


def middle(found: Estimates, estimator: Estimator) -> tuple[float, float, float]:
    """The median of the posts' reach with its 80 % range.

    It is the median of what the posts may have reached, each estimate with the misses of the back-test around it. Its
    range is as wide as a single post's: the misses of one account's posts go the same way, and do not cancel out.
    """
    logs = np.log(found.reach[~np.isnan(found.reach)])
    value = float(np.median(logs[:, None] + estimator.misses))
    usual = float(np.median(logs))
    low, high = min(usual + estimator.low, value), max(usual + estimator.high, value)
    return float(np.exp(value)), float(np.exp(low)), float(np.exp(high))


def _put(theirs: Figures, row: int, found: Estimates, estimator: Estimator, *, own: bool) -> None:
    n, known = len(found.reach), int((~np.isnan(found.reach)).sum())
    if n == 0:
        theirs.reasons[row] = "not_enough_posts"
    elif known < max(MOST_OF_THEM * n, REACH_PER_POST_MEDIAN.at_least):
        theirs.reasons[row] = HIDDEN if found.hidden.sum() >= found.outside.sum() else OUTSIDE
    else:
        ends = middle(found, estimator)
        theirs.value[row], theirs.low[row], theirs.high[row] = np.rint(ends)
        theirs.n[row], theirs.bases[row], theirs.reasons[row] = known, ESTIMATED, None
        theirs.leagues = [*theirs.leagues[:row], (ESTIMATED, own), *theirs.leagues[row + 1 :]]
