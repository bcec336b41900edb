"""Files sent in by REST."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmark.models import Post, TrackedProfile

pytestmark = pytest.mark.django_db

POSTS = b"""id,published_at,kind,reactions,comments,shares
1,2026-03-01T09:30:00Z,photo,120,14,3
2,2026-03-02T09:30:00Z,link,10,,0
"""


@pytest.fixture
def send(api):
    """Send a file in with what is known about it."""

    def send(content, **known):
        known = {"network": "facebook", "profile": "acme", "counted_at": "2026-03-31T00:00:00Z", **known}
        answer = api().post("/api/v1/imports/", {"file": SimpleUploadedFile("acme.csv", content), **known}, "multipart")
        return answer.status_code, answer.json()

    return send


def test_a_file_of_posts_follows_the_profile_and_brings_its_posts(send, ask):
    status, run = send(POSTS)
    assert (status, run["outcome"], run["seen"], run["new"]) == (201, "done", 2, 2)
    assert TrackedProfile.objects.get().profile.handle == "acme"
    assert [(post["reactions"], post["comments"]) for post in ask("posts/")["results"]] == [(10, None), (120, 14)]
    assert [each["id"] for each in ask("imports/")["results"]] == [run["id"]]


def test_a_bad_row_refuses_the_file_and_names_its_line(send, ask):
    status, refused = send(POSTS + b"3,yesterday,photo,1,1,1\n")
    assert (status, Post.objects.count()) == (422, 0)
    assert "line 4" in refused["message"]
    assert ask("imports/")["results"][0]["outcome"] == "refused"


def test_bad_rows_can_be_left_out(send):
    status, run = send(POSTS + b"3,yesterday,photo,1,1,1\n", skip_bad_rows=True)
    assert (status, run["new"], run["refused"]) == (201, 2, 1)
    assert run["problems"][0]["line"] == 4


def test_a_file_of_followers_needs_no_handle(send, ask):
    content = b"profile,time,followers\nacme,2026-03-01T00:00:00Z,5000\n"
    status, run = send(content, kind="followers", profile="")
    profile = TrackedProfile.objects.get().profile
    assert (status, run["outcome"]) == (201, "done")
    assert ask(f"profiles/{profile.pk}/followers/")["results"][0]["followers"] == 5000


def test_a_file_of_posts_needs_a_handle(send):
    status, refused = send(POSTS, profile="")
    assert (status, refused["fields"][0]["field"]) == (400, "profile")
