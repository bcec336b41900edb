"""`manage.py fetch`: queues for the workers, or does the work itself and says so."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from benchmark.management.commands.fetch import queue
from benchmark.management.progress import Progress
from benchmark.models import FetchRun, Profile
from benchmark.networks.http import utcnow
from tasks.app import app
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import ProfileFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db


def followed(**fields) -> Profile:
    """A channel without a key to read it with, so that no request leaves."""
    profile = ProfileFactory.create(**{"network": "youtube", "due_at": utcnow() - timedelta(minutes=1), **fields})
    TrackedProfileFactory.create(profile=profile, workspace=WorkspaceFactory.create())
    return profile


def fetch(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("fetch", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def read() -> set[int | None]:
    return set(FetchRun.objects.values_list("profile_id", flat=True))


def test_without_a_worker_the_work_is_done_here_and_it_says_so():
    profile = followed(handle="@anna")

    out, err = fetch()

    assert "No worker answers, so the work is done here." in err
    assert out.startswith("youtube   @anna")
    assert "needs_attention: 0 posts, 0 new, 0 changed. YouTube asks for a key." in out
    assert out.endswith("Read 1 profile.\n")
    assert (read(), FetchRun.objects.get().trigger) == ({profile.pk}, "command")


def test_what_is_not_due_is_read_only_when_asked_for():
    due, later = followed(), followed(due_at=utcnow() + timedelta(hours=1))

    fetch()
    assert read() == {due.pk}

    fetch("--profile", str(later.pk))
    assert read() == {due.pk, later.pk}


def test_all_are_all_that_are_followed():
    profiles = {followed().pk, followed(due_at=None).pk}
    ProfileFactory.create(network="youtube", due_at=utcnow())
    followed().tracked.update(paused_at=utcnow())

    fetch("--all")

    assert read() == profiles


def test_a_workspace_reads_what_it_follows():
    ours, _theirs = followed(), followed()

    fetch("--all", "--workspace", ours.tracked.get().workspace.slug)

    assert read() == {ours.pk}


def test_one_that_is_being_read_already_is_passed_over():
    profile = followed()
    Profile.objects.lease_one(profile.pk, now=utcnow())

    out, _ = fetch("--all")

    assert (out, read()) == ("Nothing to read just now.\n", set())


def test_json_is_json_and_nothing_else():
    profile = followed()

    out, _ = fetch("--all", "--format", "json")

    (row,) = json.loads(out)
    assert (row["profile"], row["outcome"], row["code"]) == (profile.pk, "needs_attention", "credential_missing")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--profile", "7"], "No profile with the id 7 is followed."),
        (["--workspace", "nobody"], "There is no workspace 'nobody'."),
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError) as refused:
        fetch(*arguments)

    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def test_another_workspaces_profile_is_not_there():
    theirs, ours = followed(), followed()
    slug = ours.tracked.get().workspace.slug

    with pytest.raises(CommandError, match=f"No profile with the id {theirs.pk} is followed by {slug}."):
        fetch("--profile", str(theirs.pk), "--workspace", slug)


def test_queueing_leases_each_profile_so_that_no_tick_queues_it_too():
    free, taken = followed(), followed()
    Profile.objects.lease_one(taken.pk, now=utcnow())

    queued = queue([free, taken])
    app.control.purge()

    assert queued == [free.pk]
    assert Profile.objects.claim_due(now=utcnow()) == []


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_for_people_and_leaves_no_trace():
    terminal, pipe = Terminal(), StringIO()

    for stream in (terminal, pipe):
        with Progress(3, what="Reading profiles", stream=stream) as progress:
            progress.step()

    assert "Reading profiles [##########....................] 1 of 3" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""
