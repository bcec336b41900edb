"""Files between the moment they are sent in and their import, by whoever asks or by a worker."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import ApiKey
from accounts.models import Role as Member
from benchmark import tracking
from benchmark.imports import Holds
from benchmark.models import FetchRun, Outcome, Post, ProfileReading, Upload
from benchmark.tracking import uploads
from tasks import uploads as handing_over
from tasks.work import forget_uploads, import_upload, tick
from tests.factories.accounts import WorkspaceFactory, member
from tests.servers.worker import running_worker, soon

pytestmark = pytest.mark.django_db

HEADER = "id,published_at,reactions\n"


def csv(number):
    return (HEADER + "".join(f"{n},2025-03-01T10:00:00Z,{n}\n" for n in range(1, number + 1))).encode()


def kept(number=2, **wanted):
    workspace = WorkspaceFactory.create(name="Harbour")
    user = member(workspace, Member.EDITOR)
    order = tracking.Wanted(**{"network": "facebook", "profile": "harbour", **wanted})
    return tracking.keep(workspace, user, csv(number), "posts.csv", order, now=timezone.now())


def test_a_file_is_kept_packed_and_comes_out_as_it_was():
    upload = kept(number=500)
    assert len(upload.content) < len(csv(500)) / 3
    assert tracking.look_at(upload, now=timezone.now()).rows == 500


def test_a_spreadsheet_is_kept_as_it_is_and_read():
    book, content = Workbook(), BytesIO()
    for row in (["id", "published_at", "reactions"], ["a1", "2025-03-01T10:00:00Z", 5], ["a2", "2025-03-02", None]):
        book.active.append(row)
    book.save(content)
    first = kept()
    wanted = tracking.Wanted(network="facebook", profile="harbour")
    upload = tracking.keep(first.workspace, first.user, content.getvalue(), "p.xlsx", wanted, now=timezone.now())
    seen = tracking.look_at(upload, now=timezone.now())
    assert (bytes(upload.content), seen.file.encoding, seen.rows) == (content.getvalue(), "xlsx", 2)
    assert [row[-1].value for row in seen.first.rows] == [5, None]


def test_a_file_that_was_looked_at_is_not_read_again_to_be_imported():
    upload = kept()
    tracking.look_at(upload, now=timezone.now())
    Upload.objects.update(content=b"lost")
    tracking.want(upload, tracking.Wanted(network="facebook", profile="harbour", own=True))

    assert tracking.look_at(Upload.objects.get(), now=timezone.now()).rows == 2
    tracking.order_import(upload, now=timezone.now())
    tracking.carry_out(upload.pk, now=timezone.now())

    assert (FetchRun.objects.get().outcome, Post.objects.count()) == (Outcome.DONE, 2)


def test_another_clock_reads_a_file_anew():
    first = kept()
    file = b"timestamp,followers\n2025-03-01 09:00:00,1000\n"
    upload = tracking.keep(first.workspace, first.user, file, "s.csv", tracking.Wanted(), now=timezone.now())
    tracking.look_at(upload, now=timezone.now())
    tracking.want(upload, tracking.Wanted(network="instagram", profile="harbour", zone="Asia/Seoul"))

    seen = tracking.look_at(upload, now=timezone.now())
    tracking.want(upload, tracking.Wanted(network="instagram", profile="harbour"))
    tracking.order_import(upload, now=timezone.now())
    tracking.carry_out(upload.pk, now=timezone.now())

    assert f"{seen.file.begins:%H:%M}" == "00:00"  # nine hours before
    assert f"{ProfileReading.objects.get().read_at:%H:%M}" == "09:00"


def test_a_second_click_after_the_import_finds_no_file():
    upload = kept()
    tracking.order_import(upload, now=timezone.now())
    tracking.carry_out(upload.pk, now=timezone.now())
    tracking.want(upload, tracking.Wanted(network="x"))
    with pytest.raises(Upload.DoesNotExist):
        tracking.order_import(upload, now=timezone.now())
    assert FetchRun.objects.count() == 1


def test_how_a_file_is_wanted_comes_back_as_it_was_said():
    moment = timezone.now().replace(microsecond=0)
    wanted = tracking.Wanted(network="x", own=True, zone="Asia/Seoul", counted_at=moment, complete_from=moment.date())
    for each in (wanted, tracking.Wanted(network="x", format="plain_posts", holding=Holds.POSTS, skip_bad_rows=True)):
        assert tracking.Wanted.unpacked(each.packed()) == each


def test_an_import_that_is_ordered_twice_runs_once():
    upload = kept()
    runs = [tracking.order_import(upload, now=timezone.now()) for _ in range(2)]
    for _ in range(2):
        tracking.carry_out(upload.pk, now=timezone.now())
    assert runs[0].pk == runs[1].pk
    assert list(FetchRun.objects.values_list("outcome", "new")) == [("done", 2)]
    assert not Upload.objects.exists()


def test_an_import_that_nobody_has_begun_with_is_queued_by_a_later_tick():
    upload, now = kept(), timezone.now()
    tracking.order_import(upload, now=now)
    assert tracking.left_waiting(now=now) == []
    assert tracking.left_waiting(now=now + tracking.ASKED_AGAIN_AFTER) == [upload.pk]
    Upload.objects.update(begun_at=now)
    assert tracking.left_waiting(now=now + tracking.ASKED_AGAIN_AFTER) == []


def test_an_import_that_breaks_is_closed_and_its_file_is_still_there():
    upload = kept()
    tracking.order_import(upload, now=timezone.now())
    Upload.objects.update(wanted={"network": "facebook", "profile": "harbour", "counted_at": "never"})
    with pytest.raises(Exception, match="counted_at"):
        tracking.carry_out(upload.pk, now=timezone.now())
    run = FetchRun.objects.get()
    assert (run.outcome, run.code, run.seen) == (Outcome.ABANDONED, "interrupted", 0)
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_a_programs_file_that_is_refused_is_not_kept_since_it_sends_another():
    workspace = WorkspaceFactory.create()
    how = tracking.Wanted(network="facebook", profile="harbour", holding=Holds.FOLLOWERS)
    upload = tracking.keep(workspace, None, csv(2), "posts.csv", how, now=timezone.now())
    key = ApiKey.objects.issue(workspace=workspace, name="notebook")[0]
    tracking.order_import(upload, now=timezone.now(), by=tracking.By.key(key))
    tracking.carry_out(upload.pk, now=timezone.now())
    run = FetchRun.objects.get()
    assert (run.outcome, run.code, run.trigger, run.api_key) == ("refused", "wrong_content", "api_key", key)
    assert not Upload.objects.exists()


def test_files_that_nobody_imports_are_removed_but_none_that_is_being_imported():
    lying, running = kept(), kept()
    tracking.order_import(running, now=timezone.now())
    Upload.objects.update(kept_at=timezone.now() - timedelta(hours=1))
    forget_uploads()
    assert list(Upload.objects.values_list("pk", flat=True)) == [running.pk]
    assert lying.pk != running.pk


@pytest.mark.parametrize(("rows", "queued"), [(uploads.MANY_ROWS, 0), (uploads.MANY_ROWS + 1, 1)])
def test_a_worker_is_asked_for_many_rows_alone(rows, queued, monkeypatch):
    asked = []

    def ask(upload, **_when):
        asked.append(upload)
        return True

    monkeypatch.setattr(handing_over, "given_to_a_worker", ask)
    upload = kept(rows)
    tracking.look_at(upload, now=timezone.now())
    run = handing_over.import_kept(upload, now=timezone.now())
    assert (len(asked), run.outcome) == (queued, None if queued else Outcome.DONE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.processes
@pytest.mark.worker
def test_a_worker_imports_a_large_file_and_the_ledger_says_how_far_it_is(child_env, tmp_path):
    upload = kept(12_000)
    tracking.look_at(upload, now=timezone.now())
    far = set()

    def ended():
        far.add(FetchRun.objects.get().seen)
        return FetchRun.objects.filter(finished_at__isnull=False).exists()

    with running_worker(child_env, tmp_path):
        run = handing_over.import_kept(upload, now=timezone.now())
        assert run.outcome is None
        assert soon(ended)

    assert list(FetchRun.objects.values_list("outcome", "new")) == [("done", 12_000)]
    assert Post.objects.count() == 12_000
    assert far - {0, 12_000}
    assert not Upload.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.processes
@pytest.mark.worker
def test_what_a_lost_queue_held_is_imported_after_a_tick(child_env, tmp_path):
    upload = kept()
    tracking.order_import(upload, now=timezone.now() - timedelta(minutes=2))
    with running_worker(child_env, tmp_path):
        tick.delay()
        assert soon(lambda: FetchRun.objects.filter(outcome=Outcome.DONE).exists())
    assert import_upload(upload_id=str(upload.pk)) is None
    assert Post.objects.count() == 2
