"""Learning reach from a workspace's own posts, and nobody else's: every question here begins with the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from benchmark.metrics.columns import Floats, Ints, ask_columns, count, known, moment, moments, whole
from benchmark.metrics.followers import ask_courses
from benchmark.metrics.frame import KINDS
from benchmark.models import ReachModel, RunKind
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Kind, Network
from benchmark.reach.estimator import VERSION, Fitted, fitted
from benchmark.reach.posts import Measured, Seen
from benchmark.reach.trial import Candidate, percent_off

MOST = 1_000  # posts, the latest: older ones tell little of what reach is like now
AGAIN_AFTER = timedelta(days=1)
KEPT = frozenset({"id", "workspace", "network"})
ONE_AT_A_TIME = 7_261_636_800  # an advisory lock's number, of nobody else's

OWN = "tracked.role = 'own' AND tracked.removed_at IS NULL"

# The latest posts of the workspace's own accounts whose reach it knows, read when they had settled, both of them.
POSTS = f"""(
    SELECT tracked.id AS account, post.published_at, post.kind, insight.reach, {", ".join(f"post.{n}" for n in COUNTS)}
      FROM benchmark_trackedprofile AS tracked
      JOIN benchmark_post AS post ON post.profile_id IN (tracked.profile_id, tracked.file_profile_id)
      JOIN benchmark_owninsight AS insight
           ON insight.post_id = post.id AND insight.workspace_id = tracked.workspace_id AND insight.reach IS NOT NULL
     WHERE tracked.workspace_id = %(workspace)s AND tracked.network = %(network)s AND {OWN}
       AND least(post.read_at, insight.read_at) - post.published_at >= %(maturity)s
     ORDER BY post.published_at DESC, post.id LIMIT {MOST}
) AS posts"""  # noqa: S608 - our own words only

KIND = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
COLUMNS = {
    "account": whole("account"),
    "published": moment("published_at"),
    "kind": whole(f"CASE kind {KIND} ELSE {KINDS.index(Kind.OTHER)} END"),
    "reach": whole("reach"),
    **{name: count(name) for name in COUNTS},
}

ACCOUNTS = f"""
SELECT tracked.id, array_remove(ARRAY[tracked.profile_id, tracked.file_profile_id], NULL)
  FROM benchmark_trackedprofile AS tracked
 WHERE tracked.workspace_id = %(workspace)s AND tracked.network = %(network)s AND {OWN}
 ORDER BY tracked.id
"""  # noqa: S608 - our own words only

# Workspaces with networks on which they know the reach of a post of their own.
KNOWN = f"""
SELECT DISTINCT tracked.workspace_id, tracked.network
  FROM benchmark_trackedprofile AS tracked
 WHERE {OWN}
   AND EXISTS (SELECT 1 FROM benchmark_owninsight AS insight JOIN benchmark_post AS post ON post.id = insight.post_id
                WHERE insight.workspace_id = tracked.workspace_id AND insight.reach IS NOT NULL
                  AND post.profile_id IN (tracked.profile_id, tracked.file_profile_id))
"""  # noqa: S608 - our own words only

# Those of them that nothing was learnt of yet, or not for a day, not since a file was imported, or by older code.
DUE = f"""
SELECT known.workspace_id, known.network
  FROM ({KNOWN}) AS known
  LEFT JOIN benchmark_reachmodel AS model
         ON model.workspace_id = known.workspace_id AND model.network = known.network
 WHERE model.id IS NULL OR model.fitted_at <= %(before)s
    OR (model.error IS NOT NULL AND model.parameters->>'version' IS DISTINCT FROM %(version)s)
    OR EXISTS (SELECT 1 FROM benchmark_fetchrun AS run
                WHERE run.workspace_id = known.workspace_id AND run.network = known.network
                  AND run.kind = %(import)s AND run.finished_at > model.fitted_at)
 ORDER BY known.workspace_id, known.network
"""  # noqa: S608 - our own words only

FORGOTTEN = f"""
DELETE FROM benchmark_reachmodel AS model
 WHERE NOT EXISTS (SELECT 1 FROM ({KNOWN}) AS known
                    WHERE known.workspace_id = model.workspace_id AND known.network = model.network)
"""  # noqa: S608 - our own words only


def fit_due(*, now: datetime) -> int:
    """Learn what was not learnt for a day, or not since an import; forget what nobody knows any more."""
    with _alone() as here:
        if not here:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(FORGOTTEN)
            asked: dict[str, Any] = {
                "before": now - AGAIN_AFTER,
                "import": RunKind.IMPORT.value,
                "version": str(VERSION),
            }
            cursor.execute(DUE, asked)
            due = cursor.fetchall()
        for workspace_id, network in due:
            fit(workspace_id, network, now=now)
        return len(due)


def known_to(workspace_id: int) -> list[str]:
    """The networks on which a workspace knows the reach of a post of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN} AND tracked.workspace_id = %(workspace)s", {"workspace": workspace_id})
        found = {network for _workspace, network in cursor.fetchall()}
    return [key for key in NETWORKS if key in found]


def fit(workspace_id: int, network_key: str, *, now: datetime) -> ReachModel:
    """Learn reach on one network from one workspace's own posts, and keep it in place of what was learnt before."""
    network = NETWORKS[network_key]
    posts = measured(workspace_id, network)
    found = fitted(posts, network)
    learnt = {"posts": len(posts.different())} if found is None else _described(found)
    empty = {field.name: field.get_default() for field in ReachModel._meta.concrete_fields if field.name not in KEPT}
    model, _made = ReachModel.objects.update_or_create(
        workspace_id=workspace_id, network=network_key, defaults={**empty, **learnt, "fitted_at": now}
    )
    return model


def measured(workspace_id: int, network: Network) -> Measured:
    """The posts of a workspace's own accounts whose reach it knows."""
    given: dict[str, Any] = {"workspace": workspace_id, "network": network.key}
    found = ask_columns(COLUMNS, POSTS, {**given, "maturity": network.maturity})()
    seen = Seen(
        counts={name: known(found[name]) for name in COUNTS},
        kind=found["kind"],
        followers=_followers(given, network, found["account"], found["published"]),
    )
    return Measured(seen, found["reach"].astype(np.float64), profile=found["account"], published=found["published"])


def _followers(given: dict[str, Any], network: Network, account: Ints, published: Ints) -> Floats:
    """Followers when each post was made; NaN where nobody has counted them."""
    followers = np.full(len(account), np.nan)
    if not len(account):
        return followers
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, given)
        profiles = dict(cursor.fetchall())
    begin, end = moments([int(published.min()), int(published.max())])
    courses = ask_courses([*profiles.values()], begin=begin, end=end, digits=network.significant_digits)()
    for each, course in zip(profiles, courses, strict=True):
        theirs = account == each
        followers[theirs], _elsewhere = course.when(published[theirs])
    return followers


def _described(found: Fitted) -> dict[str, Any]:
    """A fit as its row keeps it."""
    trial, signals = found.trial, found.estimator.signals
    coverage, recent = trial.coverage(), trial.recent()
    return {
        "posts": len(found.posts),
        "profiles": len(np.unique(found.posts.profile)),
        "method": ", ".join(map(_named, trial.candidates, trial.weights.tolist())),
        "tried_on": trial.tried_on,
        "tried": len(trial.misses),
        "error": trial.error(),
        "coverage": None if coverage is None else coverage * 100,
        "recent": 0 if recent is None else len(recent[0]),
        "recent_error": None if recent is None else percent_off(recent[0]),
        "drifts": trial.drifts(),
        "followers_from": None if signals.followers is None else round(signals.followers[0]),
        "followers_to": None if signals.followers is None else round(signals.followers[1]),
        "engagements_from": round(signals.engagements[0]),
        "engagements_to": round(signals.engagements[1]),
        "kinds": [KINDS[kind] for kind in signals.kinds],
        "parameters": found.estimator.packed(),
    }


def _named(candidate: Candidate, weight: float) -> str:
    """A curve with its say, in few words."""
    kinds = " by kind" if candidate.signals.told_apart else ""
    return f"{candidate.shape.name}{kinds} {weight:.0%}"


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is learning at this moment: two at once would only do the same twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        (here,) = cursor.fetchone() or (False,)
        try:
            yield here
        finally:
            if here:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
