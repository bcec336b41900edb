"""Who imports a file that was sent in: whoever asked, or a worker where that would take long."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.models import Workspace
from benchmark import tracking
from benchmark.models import FetchRun, Upload
from tasks.pulse import pulse
from tasks.work import import_upload


def import_kept(upload: Upload, *, now: datetime) -> FetchRun:
    """Import a kept file now, or let a worker begin with it where it has many rows and one answers.

    The run of the ledger that comes back says which: one that has no outcome yet is a worker's.
    """
    run = tracking.order_import(upload, now=now)
    if (upload.rows or 0) > tracking.MANY_ROWS and given_to_a_worker(upload, now=now):
        return run
    tracking.carry_out(upload.pk, now=now)
    run.refresh_from_db()
    return run


def leave_to_a_worker(
    workspace: Workspace, content: bytes, name: str, wanted: tracking.Wanted, *, by: tracking.By, now: datetime
) -> FetchRun | None:
    """Keep a file that a program has sent in for a worker, where it has many rows and one answers.

    None: it is to be imported at once. So is one that would be refused, since that is said sooner than done.
    """
    seen = tracking.look(workspace, content, name, wanted, now=now)
    refused = seen.refusal is not None or (seen.problems and not wanted.skip_bad_rows)
    if refused or seen.rows <= tracking.MANY_ROWS or not pulse(now=now).workers:
        return None
    with transaction.atomic():  # it is never seen lying about
        upload = tracking.keep(workspace, None, content, name, wanted, now=now)
        run = tracking.order_import(upload, now=now, by=by)
    given_to_a_worker(upload, now=now)  # where the queue is lost meanwhile, the next tick gives it
    return run


def given_to_a_worker(upload: Upload, *, now: datetime) -> bool:
    """Whether a worker answers, and has been asked."""
    if not pulse(now=now).workers:
        return False
    try:
        import_upload.delay(upload_id=str(upload.pk))
    except OperationalError:
        return False
    return True
