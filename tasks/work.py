"""Thin tasks: ids in, one call, nothing else. What fails is tried again by the next tick, never by Celery."""

from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction

from benchmark import industry, ingest, reach, tracking
from benchmark.demo import replay
from benchmark.metrics.common_steps import rebuild_common_steps
from benchmark.metrics.factors import rebuild_factors
from benchmark.models import Profile, Trigger
from benchmark.models.profile import CLAIM_LASTS
from benchmark.networks.http import utcnow


@shared_task(ignore_result=True)
def tick() -> None:
    """Queue the profiles that are due. What the queue has lost is due still, and comes with a later tick."""
    ingest.close_interrupted_runs(now=utcnow())
    for claims in ingest.batches(Profile.objects.claim_due(now=utcnow())):
        if len(claims) == 1:
            (profile_id, lease), *_ = claims
            transaction.on_commit(partial(fetch_profile.delay, profile_id=profile_id, lease=lease))
        else:
            transaction.on_commit(partial(fetch_together.delay, claims=claims))
    for upload_id in tracking.left_waiting(now=utcnow()):
        transaction.on_commit(partial(import_upload.delay, upload_id=str(upload_id)))


@shared_task(ignore_result=True, expires=CLAIM_LASTS.total_seconds())
def fetch_together(*, claims: list[tuple[int, str]]) -> None:
    """Ask a network for many profiles at once, and for older posts of theirs, then queue the visit of each."""
    found = ingest.read_ahead([(profile_id, lease) for profile_id, lease in claims], door=ingest.door(), clock=utcnow)
    for profile_id, lease in claims:
        ahead = found[profile_id].packed() if profile_id in found else None
        fetch_profile.delay(profile_id=profile_id, lease=lease, ahead=ahead)


@shared_task(ignore_result=True, expires=CLAIM_LASTS.total_seconds())
def fetch_profile(
    *, profile_id: int, lease: str, trigger: str = Trigger.SCHEDULE, ahead: dict[str, Any] | None = None
) -> None:
    """Read one profile, unless its lease has passed on."""
    read = None if ahead is None else ingest.ReadAhead.unpacked(ahead)
    for profile in Profile.objects.filter(pk=profile_id):
        by = ingest.By(Trigger(trigger))
        ingest.fetch(profile, lease=lease, door=ingest.door(), clock=utcnow, by=by, ahead=read)


@shared_task(ignore_result=True, expires=tracking.ASKED_AGAIN_AFTER.total_seconds())
def import_upload(*, upload_id: str) -> None:
    """Import a file that was sent in on a page, unless somebody has begun with it."""
    tracking.carry_out(upload_id, now=utcnow(), aside=True)


@shared_task(ignore_result=True)
def forget_uploads() -> None:
    """Remove the files that were sent in and never imported."""
    tracking.forget_uploads(now=utcnow())


@shared_task(ignore_result=True)
def drop_unrefreshed() -> None:
    """Let go of counts and texts that may not be kept any longer."""
    ingest.drop_unrefreshed(now=utcnow())


@shared_task(ignore_result=True)
def recompute_cohorts() -> None:
    """Make this installation's own industry figures anew."""
    industry.recompute_cohorts(utcnow())


@shared_task(ignore_result=True)
def wake_with_the_environments_keys() -> None:
    """Read again what waits for a key: those of the environment may be others since the last start."""
    ingest.wake_with_the_environments_keys(now=utcnow())


@shared_task(ignore_result=True)
def learn_from_readings() -> None:
    """Learn anew how counts grow with age, and on which days a network's follower counts stepped."""
    rebuild_factors(utcnow())
    rebuild_common_steps(utcnow())


@shared_task(ignore_result=True)
def fit_reach() -> None:
    """Learn reach where that was not done for a day, or not since a file was imported."""
    reach.fit_due(now=utcnow())


@shared_task(ignore_result=True)
def stand_by_for_the_demo() -> None:
    """Keep the pretend networks running where they are followed, and go on with the replay of their past."""
    replay.stand_by(settings.DATA_DIR, now=utcnow)
