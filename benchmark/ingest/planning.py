"""How long each profile waits between two visits, where a network's budget is too short for all that is wanted.

Worked out for a whole network at once, anew every few minutes; a profile that is not in the plan yet waits as long
as if all were alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import Credential, CredentialState
from accounts.vault import fingerprint
from benchmark import schedule
from benchmark.ingest.keys import limit_of
from benchmark.models import Post, PostReading, Profile, ProfileReading, TrackedProfile
from benchmark.networks.base import COUNTS, Network, server_in
from benchmark.schedule import HOUR, Demand

log = structlog.get_logger(__name__)

FRESH = 600  # seconds; an older plan is good enough while somebody makes a new one
KEPT = 86_400
MAKING = 60  # as long as whoever makes a new plan may take, before somebody else tries
POSTS = 30  # of a profile; the youngest move most, and every visit looks at them
USUAL_CALLS = 3  # of a visit, where only the first one is known


def wait_of(profile: Profile, network: Network, *, calls: int) -> timedelta:
    """How long a profile waits at least until its next visit; nothing where the budget has room for everybody."""
    budget = planned(network)
    if profile.pretend or budget is None:
        return timedelta(0)
    if not budget:
        return schedule.LATEST  # the operator allows nothing: the visit itself says so
    plan = _kept_plan(network)
    if profile.pk in plan:
        return HOUR * plan[profile.pk]
    alike = Profile.objects.fetched().followed().filter(network=network.key, pretend=False)
    if host := server_in(profile.external_id):
        alike = alike.filter(external_id__startswith=f"{host}/")
    return HOUR * (alike.count() * calls / budget)


def planned(network: Network) -> float | None:
    """The calls an hour that visits may make with one key, or at one server; None where nothing limits them."""
    units = limit_of(network, network.quota) if network.quota else None
    return schedule.planned_calls_per_hour(network, units=units)


def demand_of(profile: Profile, network: Network, *, now: datetime) -> dict[str, float]:
    """What the plan needs to know of a profile: how fast its figures move, and how often a visit is of use."""
    readings = ProfileReading.objects.filter(profile=profile, followers__isnull=False).order_by("-read_at")
    latest = readings.values_list("read_at", "followers")[: schedule.READINGS_THAT_COUNT]
    recent = [(read_at, followers) for read_at, followers in latest if followers is not None]
    young = Post.objects.filter(profile=profile, gone_at=None, published_at__gt=now - schedule.MOVING)
    posts = list(young.order_by("-published_at").values_list("pk", "published_at", "read_at", *COUNTS)[:POSTS])
    counted: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    at_checkpoints = PostReading.objects.filter(post__in=[post[0] for post in posts]).order_by("read_at")
    for post, read_at, *counts in at_checkpoints.values_list("post_id", "read_at", *COUNTS):
        _add(counted[post], read_at, _count(network, counts))
    for post, _, read_at, *counts in posts:
        _add(counted[post], read_at, _count(network, counts))
    paces = (schedule.post_pace(published, counted[post]) for post, published, *_ in posts if counted[post])
    wanted = schedule.wanted_interval(now, [published for _, published, *_ in posts])
    return {"pace": schedule.follower_pace(recent[::-1]) + sum(paces), "wanted": wanted / HOUR}


def _add(readings: list[tuple[datetime, int]], read_at: datetime, count: int | None) -> None:
    if count is not None and (not readings or readings[-1][0] < read_at):
        readings.append((read_at, count))


def _count(network: Network, counts: Sequence[int | None]) -> int | None:
    """The count by which a post is seen to move: its views where they are published, else its engagements."""
    known = dict(zip(COUNTS, counts, strict=True))
    if network.views_are_published and known["views"] is not None:
        return known["views"]
    parts = [known[part] for part in network.engagement_parts if known[part] is not None]
    return sum(part for part in parts if part is not None) if parts else None


def _kept_plan(network: Network) -> Mapping[int, float]:
    """The present plan, in hours by profile; empty while the cache is away.

    Whoever finds it too old first makes the next one, and all others go by the old one meanwhile.
    """
    name = f"plan:{network.key}"
    fresh = f"{name}:fresh"
    try:
        plan: Mapping[int, float] | None = cache.get(name)
        if cache.add(fresh, True, MAKING) or plan is None:
            plan = make_plan(network)
            cache.set(name, plan, KEPT)
            cache.set(fresh, True, FRESH)
    except (RedisError, OSError) as error:
        log.warning("the plan of visits cannot be kept", reason=str(error))
        return {}
    return plan


def make_plan(network: Network) -> dict[int, float]:
    """The hours between two visits of each profile of a network, so that every budget is kept and shared fairly.

    A budget belongs to a server where every server counts for itself, and to a key where keys are asked for: those of
    the workspaces that have one of their own, and the installation's for all others.
    """
    budget = planned(network)
    if not budget:
        return {}
    followed = {row[0]: row[1:] for row in _followed(network)}
    keys = _keys(network)
    follows: dict[tuple[str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    reading = TrackedProfile.objects.current().filter(profile__in=followed, paused_at=None)
    for workspace, profile in reading.values_list("workspace_id", "profile_id"):
        of_budget = (server_in(followed[profile][0]), keys.get(workspace, ""))
        follows[of_budget][workspace].append(profile)
    hours: dict[int, float] = {}
    for sharing in follows.values():
        asked = {profile for profiles in sharing.values() for profile in profiles}
        demands = {profile: _demand(*followed[profile][1:]) for profile in asked}
        for profile, wait in schedule.plan(demands, sharing, calls_per_hour=budget).items():
            hours[profile] = min(wait / HOUR, hours.get(profile, wait / HOUR))
    return hours


def _followed(network: Network) -> Iterable[tuple[Any, ...]]:
    profiles = Profile.objects.fetched().followed().filter(network=network.key, pretend=False)
    return profiles.values_list("pk", "external_id", "pace", "wanted", "calls")


def _demand(pace: float | None, wanted: float | None, calls: int | None) -> Demand:
    return Demand(
        pace=pace or schedule.USUAL_PACE,
        calls=calls or USUAL_CALLS,
        wanted=HOUR * wanted if wanted else schedule.SOONEST,
    )


def _keys(network: Network) -> dict[int, str]:
    """By which key each workspace's calls are counted: its own, where it has one that works."""
    if network.key_need is None:
        return {}
    rows = Credential.objects.filter(network=network.key, state=CredentialState.WORKING).order_by("-pk")
    own = {row.workspace_id: row.fingerprint for row in rows if row.workspace_id is not None}
    shared = settings.NETWORK_KEYS.get(network.key, "")
    return defaultdict(lambda: fingerprint(network.key, shared) if shared else "", own)
