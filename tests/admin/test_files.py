"""Bringing files in the admin: the same preview and the same rules as on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmark.models import FetchRun, Post, TrackedProfile, Upload
from tests.admin.looking import said, text, url

POSTS = "id,published_at,reactions,comments,shares\n1,2025-03-01T10:00:00Z,10,2,1\n2,2025-03-02T10:00:00Z,20,,0\n"
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
    assert said(answer) == ["2 rows read: 2 new, 0 changed, 0 left out."]
    assert answer.redirect_chain[-1][0] == url("fetchrun", "change", FetchRun.objects.get().pk)
    assert TrackedProfile.objects.get(workspace=workspace).profile.handle == "harbour"
    assert not Upload.objects.exists()


def test_a_bad_row_refuses_the_file_which_stays_until_it_is_left_out(choose, editor):
    address = choose(POSTS + "3,yesterday,1,1,1\n")
    refused = editor.post(address, WANTED | {"import": "1"}, follow=True)
    assert refused.redirect_chain[-1][0] == address
    assert "1 row is wrong, so nothing was imported" in said(refused)[0]
    assert "4 published_at “yesterday” is not a time" in text(refused)

    done = editor.post(address, WANTED | {"import": "1", "skip_bad_rows": "on"}, follow=True)
    assert said(done) == ["2 rows read: 2 new, 0 changed, 1 left out."]


def test_a_file_of_no_known_format_says_so_and_leads_to_another(choose, editor):
    page = text(editor.get(choose("a,b\n1,2\n")))
    assert "Cannot be imported" in page
    assert "Choose another file" in page


def test_a_clock_that_does_not_exist_is_refused_beside_its_field(choose, editor):
    address = choose("timestamp,followers\n2025-03-01 09:00:00,1000\n")
    answer = editor.post(address, WANTED | {"zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "There is no such time zone." in text(answer)


def test_a_colleague_does_not_see_a_file_that_is_not_theirs(choose, sit):
    address = choose(POSTS)
    colleague = sit("owner")
    assert colleague.get(address).status_code == 404
    assert colleague.post(address, WANTED | {"import": "1"}).status_code == 404
    assert "posts.csv" not in text(colleague.get(url("upload")))
    assert not FetchRun.objects.exists()
