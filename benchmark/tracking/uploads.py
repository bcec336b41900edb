"""Files that are sent in: kept until somebody has looked at them, then imported here or by a worker."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from benchmark import imports, ingest
from benchmark.imports import FileRefused, ParsedFile
from benchmark.imports.encodings import GZIP, taken
from benchmark.imports.spreadsheets import is_workbook
from benchmark.ingest.ledger import IMPORT_INTERRUPTED
from benchmark.models import FetchRun, Outcome, Trigger, Upload
from benchmark.tracking.files import Progress, import_file, no_progress
from benchmark.tracking.ledger import opened
from benchmark.tracking.previewing import Seen, Wanted, look_into, unreadable
from benchmark.tracking.refusals import TrackingRefused

MOST_KEPT = 5  # of one person
MANY_ROWS = 2_000  # more than these are a worker's, where there is one: a page does not wait for them
ASKED_AGAIN_AFTER = timedelta(minutes=1)  # a queue that was lost costs a tick
LONGEST_NAME = 200


def keep(
    workspace: Workspace, user: User | None, file: bytes | BinaryIO, name: str, wanted: Wanted, *, now: datetime
) -> Upload:
    """Keep a file that somebody or (without a user) a program has sent in, for an hour at most.

    Raises `FileRefused` where it is too large.
    """
    content = taken(file)
    packed = content if content.startswith(GZIP) or is_workbook(content) else gzip.compress(content, 6)
    forget_uploads(now=now)
    mine = Upload.objects.idle().filter(workspace=workspace, user=user).order_by("-kept_at")
    Upload.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_KEPT - 1 :])).delete()
    return Upload.objects.create(
        workspace=workspace,
        user=user,
        name=name.replace("\0", "")[:LONGEST_NAME],
        content=packed,
        kept_at=now,
        wanted=wanted.packed(),
    )


def look_at(upload: Upload, *, now: datetime) -> Seen:
    """What a kept file would bring; how many rows that is stays with it.

    The network that the file itself names goes before one that was said.
    """
    wanted = Wanted.unpacked(upload.wanted)
    try:
        seen = look_into(upload.workspace, read(upload, wanted), upload.name, wanted, now=now)
    except FileRefused as refusal:
        seen = unreadable(upload.name, refusal)
    if wanted.network and seen.file.network not in {None, wanted.network}:
        want(upload, msgspec.structs.replace(wanted, network=seen.file.network))
        return look_at(upload, now=now)
    if upload.rows != seen.rows:
        upload.rows = seen.rows
        Upload.objects.filter(pk=upload.pk).update(rows=seen.rows)
    return seen


def read(upload: Upload, wanted: Wanted) -> ParsedFile:
    """What is in a kept file. It is read once for each clock that is asked for; what was read is kept with it.

    Raises `FileRefused` where it cannot be read at all.
    """
    parsed = read_before(upload, wanted)
    if parsed is None:
        parsed = imports.read(bytes(upload.content), zone=wanted.zone or None)
        upload.parsed = imports.pack(parsed, asked_zone=wanted.zone)
        Upload.objects.filter(pk=upload.pk).update(parsed=upload.parsed)
    return parsed


def read_before(upload: Upload, wanted: Wanted) -> ParsedFile | None:
    """What was read of a kept file by the clock that is asked for, if it was."""
    return None if upload.parsed is None else imports.unpack(bytes(upload.parsed), asked_zone=wanted.zone)


def want(upload: Upload, wanted: Wanted) -> None:
    """Keep how a file is to be imported."""
    upload.wanted = wanted.packed()
    Upload.objects.filter(pk=upload.pk).update(wanted=upload.wanted)  # no error where it was imported meanwhile


def order_import(upload: Upload, *, now: datetime, by: ingest.By | None = None) -> FetchRun:
    """Open a run in the ledger for a kept file, by who has sent it in unless said otherwise.

    One that is being imported already keeps its run.

    Raises `TrackingRefused` where nobody has said of which network the file is, and `Upload.DoesNotExist` where it was
    imported a moment ago.
    """
    wanted = Wanted.unpacked(upload.wanted)
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).select_related("run").without_content().get(pk=upload.pk)
        if held.run is not None and held.run.finished_at is None:
            return held.run
        who = by or ingest.By(Trigger.PERSON, user=upload.user)
        run = opened(upload.workspace, wanted.network, source=upload.name, by=who, now=now)
        Upload.objects.filter(pk=upload.pk).update(run=run, begun_at=None)
    return run


def carry_out(upload_id: UUID | str, *, now: datetime, aside: bool = False) -> None:
    """Import a kept file whose import was ordered, unless somebody else has begun with it.

    What came of it stands in the ledger. A file that was imported is not kept any longer; one that was refused is, so
    that whoever looks at it can import it in another way. `aside`: tell the ledger how far it is meanwhile, for those
    who watch.
    """
    if not Upload.objects.waiting().filter(pk=upload_id).update(begun_at=now):
        return
    upload = (
        Upload.objects.without_content()
        .select_related("workspace", "user", "run__user", "run__api_key")
        .get(pk=upload_id)
    )
    run = upload.run
    if run is None:
        return
    by = ingest.By(Trigger(run.trigger), user=run.user, api_key=run.api_key)
    try:
        wanted = Wanted.unpacked(upload.wanted)
        file = read_before(upload, wanted) or bytes(upload.content)
        with told_meanwhile(run, upload) if aside else not_told() as on_progress:
            import_file(
                upload.workspace,
                file,
                source=upload.name,
                by=by,
                now=now,
                run=run,
                on_progress=on_progress,
                **wanted.options,
            )
    except (FileRefused, TrackingRefused):
        if upload.user is None:
            upload.delete()  # a program sends it again
        return
    except Exception:
        run.seen = run.new = run.changed = 0
        sentence = _(IMPORT_INTERRUPTED)
        ingest.close_run(run, outcome=Outcome.ABANDONED, now=now, code="interrupted", sentence=sentence)
        raise
    upload.delete()


@dataclass(frozen=True, slots=True)
class Watched:
    """How far the import of a kept file is, for those who watch it.

    `total` is how many rows there are to store, where that is known. `again` is the file, where it was not imported and
    who watches may try it in another way.
    """

    begun: bool
    done: int
    total: int | None
    again: UUID | None


def watch(run: FetchRun, user: User, *, now: datetime) -> Watched:
    """How far an import is, as this person may see it."""
    upload = Upload.objects.filter(run=run).only("user", "rows", "begun_at", "kept_at").first()
    if upload is None:
        return Watched(begun=True, done=run.seen, total=None, again=None)
    theirs = upload.user_id == user.pk and not upload.is_left_lying(now=now)
    return Watched(upload.begun_at is not None, run.seen, upload.rows, upload.pk if theirs else None)


@contextmanager
def told_meanwhile(run: FetchRun, upload: Upload) -> Iterator[Progress]:
    """Tell the ledger how many rows are stored, over a connection of its own: what is stored shows only at the end."""
    beside = connection.copy()

    def tell(done: int, total: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute("UPDATE benchmark_fetchrun SET seen = %s WHERE id = %s", [done, run.pk])
            cursor.execute("UPDATE benchmark_upload SET rows = %s WHERE id = %s", [total, upload.pk])

    try:
        yield tell
    finally:
        beside.close()


@contextmanager
def not_told() -> Iterator[Progress]:
    """Where nobody can watch."""
    yield no_progress


def left_waiting(*, now: datetime) -> list[UUID]:
    """The files whose import was ordered a while ago and that nobody has begun with: the queue may have been lost."""
    waiting = Upload.objects.waiting().filter(run__started_at__lte=now - ASKED_AGAIN_AFTER)
    return list(waiting.values_list("pk", flat=True))


def forget_uploads(*, now: datetime) -> None:
    """Remove what nobody has imported in time."""
    Upload.objects.left_lying(now=now).delete()
