"""Finished answers, kept in the cache until anything that they are made of has changed.

PostgreSQL knows by which transaction each row was last written. The rows of those who are followed are written with
everything that belongs to them: a visit renews its lease with every page that it stores, and an import writes its
profile last. What is learnt by night says when. So one small question says whether an answer still holds, whoever has
changed what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import structlog
from django.core.cache import cache
from django.utils.translation import get_language
from redis.exceptions import RedisError

from benchmark.metrics import METRICS
from benchmark.metrics.asking import ask
from benchmark.reports.value import Period

log = structlog.get_logger(__name__)

KEPT = 900  # seconds; an answer's `as_of` says when it was made

STATE = """
SELECT md5(concat(
    (SELECT xmin FROM accounts_workspace WHERE id = %(workspace)s),
    (SELECT string_agg(concat_ws('.', tracked.xmin, brand.xmin, profile.xmin, file.xmin), ',' ORDER BY tracked.id)
       FROM benchmark_trackedprofile AS tracked
       JOIN benchmark_brand AS brand ON brand.id = tracked.brand_id
       JOIN benchmark_profile AS profile ON profile.id = tracked.profile_id
       LEFT JOIN benchmark_profile AS file ON file.id = tracked.file_profile_id
      WHERE tracked.workspace_id = %(workspace)s AND tracked.network = %(network)s AND tracked.removed_at IS NULL),
    (SELECT max(id) FROM benchmark_industryfigure), '.', (SELECT count(replaced_at) FROM benchmark_industryfigure), '.',
    (SELECT max(id) FROM benchmark_cohortfigure), '.',
    (SELECT max(computed_at) FROM benchmark_maturityfactor), '.',
    (SELECT fitted_at FROM benchmark_reachmodel
      WHERE workspace_id = %(workspace)s AND network = %(network)s)))"""

_DECLARED = hashlib.sha1(repr(list(METRICS.values())).encode(), usedforsecurity=False).hexdigest()


def name_of(
    workspace_id: int, network_key: str, period: Period, metrics: Sequence[str] | None, *asked_for: object
) -> str:
    """The name of an answer: another one as soon as it would read differently."""
    ((state,),) = ask(STATE, {"workspace": workspace_id, "network": network_key})()
    asked = (workspace_id, network_key, period.key, period.start, period.end, metrics, *asked_for)
    asked += (get_language(), _DECLARED, state)
    return hashlib.sha1(repr(asked).encode(), usedforsecurity=False).hexdigest()


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """The answer of this name, made if it is not there; made always while the cache is away."""
    key = f"report:{name}"
    try:
        found: bytes | None = cache.get(key)
    except (RedisError, OSError) as error:
        log.warning("answers cannot be kept", reason=str(error))
        return make()
    if found is None:
        found = make()
        cache.set(key, found, KEPT)
    return found
