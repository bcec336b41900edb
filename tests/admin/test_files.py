"""Bringing files in the admin: the same preview and the same rules as on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from benchmark.models import FetchRun, Post, TrackedProfile, Upload
from tests.admin.looking import said, text, url
from tests.factories.accounts import member
from tests.factories.rows import FetchRunFactory, TrackedProfileFactory

POSTS = "id,published_at,reactions,comments,shares\n1,2025-03-01T10:00:00Z,10,2,1\n2,2025-03-02T10:00:00Z,20,,0\n"
PROBLEM = {"line": 7, "reason": "reactions “many” is not a whole number"}
WANTED = {"network": "facebook", "profile": "harbour", "whose": "competitor"}


@pytest.fixture
def editor(sit):
    return sit("editor")


@pytest.fixture
def choose(editor):
    """Choose a file, and come to the page that shows it."""

    def choose(content):
        sent = {"whose": "competitor", "file": SimpleUploadedFile("posts.csv", content.encode())}
        answer = editor.post(url("upload", "add"), sent)
        assert answer.status_code == 302, text(answer)
        return answer.headers["Location"]

    return choose


def test_a_file_is_looked_at_and_then_imported(choose, editor, workspace):
    address = choose(POSTS)
    page = text(editor.get(address))
    assert "choose the network" in page
    assert "Import" not in page.partition("How it is imported")[2].partition("Its columns")[0]

    page = text(editor.post(address, WANTED, follow=True))
    assert "New: becomes a competitor, in a free place." in page
    assert "1 Mar 2025, 10:00" in page
    assert "Import 2 rows" in page
    assert not Post.objects.exists()

    answer = editor.post(address, WANTED | {"import": "1"}, follow=True)
    assert "2 rows read: 2 new, 0 changed, 0 left out." in text(answer)
    assert answer.redirect_chain[-1][0] == url("fetchrun", "change", FetchRun.objects.get().pk)
    assert TrackedProfile.objects.get(workspace=workspace).profile.handle == "harbour"
    assert not Upload.objects.exists()


def test_a_bad_row_refuses_the_file_which_stays_until_it_is_left_out(choose, editor):
    address = choose(POSTS + "3,yesterday,1,1,1\n")
    refused = editor.post(address, WANTED | {"import": "1"}, follow=True)
    assert refused.redirect_chain[-1][0] == address
    assert "1 row is wrong, so nothing was imported." in said(refused)[0]
    box = said(refused)[0].partition("tick “")[2].removesuffix("”.")
    assert box
    assert f'<label for="id_skip_bad_rows">{box}</label>' in refused.content.decode()
    assert "4 published_at “yesterday” is not a time" in text(refused)

    done = text(editor.post(address, WANTED | {"import": "1", "skip_bad_rows": "on"}, follow=True))
    assert "2 rows read: 2 new, 0 changed, 1 left out." in done
    assert "4 published_at “yesterday” is not a time" in done


def test_a_file_of_no_known_format_says_so_and_leads_to_another(choose, editor):
    page = text(editor.get(choose("a,b\n1,2\n")))
    assert "Cannot be imported" in page
    assert "Choose another file" in page


def test_a_clock_that_does_not_exist_is_refused_beside_its_field(choose, editor):
    address = choose("timestamp,followers\n2025-03-01 09:00:00,1000\n")
    answer = editor.post(address, WANTED | {"zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "There is no such time zone." in text(answer)


# --- a worker's imports ----------------------------------------------------------------------------------------------


@pytest.fixture
def under_way(workspace):
    """An import that a worker has begun with, of 4,000 rows, 1,000 of which are stored."""
    now = timezone.now()
    run = FetchRunFactory.create(
        kind="import", profile=None, workspace=workspace, trigger="person", source="big.csv", seen=1_000,
        started_at=now, finished_at=None, outcome=None,
    )  # fmt: skip
    Upload.objects.create(
        workspace=workspace, user=member(workspace, "editor", email="anna@example.org"), name="big.csv", content=b"",
        kept_at=now, rows=4_000, run=run, begun_at=now,
    )  # fmt: skip
    return run


def ended(run, **how):
    FetchRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), **how)


def asked_again(editor, run):
    """What the page that watches an import is answered when it asks how far that is."""
    return editor.get(url("fetchrun", "change", run.pk), headers={"HX-Request": "true", "HX-Target": "ys-progress"})


def test_an_import_that_is_under_way_shows_how_far_it_is_and_asks_again(editor, under_way):
    page = editor.get(url("fetchrun", "change", under_way.pk))
    assert "A worker is importing: 1000 of 4000 rows." in text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()

    answer = asked_again(editor, under_way)
    assert text(answer) == "A worker is importing: 1000 of 4000 rows. You can leave this page."
    assert "HX-Refresh" not in answer.headers


def test_an_import_that_nobody_has_begun_with_waits(editor, under_way):
    Upload.objects.update(begun_at=None)

    assert text(asked_again(editor, under_way)) == "Waiting for a worker. You can leave this page."


def test_an_import_that_has_ended_has_its_page_loaded_anew_and_asks_no_more(editor, under_way):
    ended(under_way, outcome="done", seen=4_000, new=3_000, changed=900, refused=1, problems=[PROBLEM])

    assert asked_again(editor, under_way).headers["HX-Refresh"] == "true"
    page = editor.get(url("fetchrun", "change", under_way.pk))
    assert "4000 rows read: 3000 new, 900 changed, 1 left out." in text(page)
    assert "7 reactions “many” is not a whole number" in text(page)
    assert "every 2s" not in page.content.decode()


def test_an_import_that_was_refused_leads_back_to_its_file_for_who_sent_it_in_alone(editor, sit, under_way):
    ended(under_way, outcome="refused", sentence="1 row is wrong.", refused=1, problems=[PROBLEM])

    back = url("upload", "change", under_way.upload.pk)
    theirs = Client()
    theirs.force_login(under_way.upload.user)
    assert back in theirs.get(url("fetchrun", "change", under_way.pk)).content.decode()
    others = editor.get(url("fetchrun", "change", under_way.pk))
    assert back not in others.content.decode()
    assert "1 row is wrong. Choose the file again" in text(others)


def test_an_import_that_was_interrupted_says_what_to_do_and_nothing_else(editor, under_way):
    ended(under_way, outcome="abandoned", sentence="It was interrupted. Import the file again.")

    page = text(editor.get(url("fetchrun", "change", under_way.pk)))

    assert "Interrupted It was interrupted. Import the file again." in page
    assert "the next run goes on" not in page


def test_another_teams_import_cannot_be_watched(sit, under_way):
    assert asked_again(sit("stranger"), under_way).status_code == 404
    assert asked_again(sit("viewer"), under_way).status_code == 403


def test_a_fetch_is_not_watched(editor, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    run = FetchRunFactory.create(profile=tracked.profile, finished_at=None, outcome=None)

    assert "ys-progress" not in editor.get(url("fetchrun", "change", run.pk)).content.decode()


# --- whose they are --------------------------------------------------------------------------------------------------


def test_a_colleague_does_not_see_a_file_that_is_not_theirs(choose, sit):
    address = choose(POSTS)
    colleague = sit("owner")
    assert colleague.get(address).status_code == 404
    assert colleague.post(address, WANTED | {"import": "1"}).status_code == 404
    assert "posts.csv" not in text(colleague.get(url("upload")))
    assert not FetchRun.objects.exists()
