"""Files sent in by REST."""

from itertools import count
from time import sleep

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmark.models import FetchRun, Post, ProfileReading, TrackedProfile, Upload
from benchmark.tracking import MANY_ROWS
from tasks import pulse
from tests.servers.worker import running_worker

pytestmark = pytest.mark.django_db

POSTS = b"""id,published_at,kind,reactions,comments,shares
1,2026-03-01T09:30:00Z,photo,120,14,3
2,2026-03-02T09:30:00Z,link,10,,0
"""
FOLLOWERS = b"profile,time,followers\nacme,2026-03-01T00:00:00Z,5000\n"


def posts(number):
    rows = (f"{n},2026-03-01T09:30:00Z,photo,{n},1,1\n" for n in range(1, number + 1))
    return b"id,published_at,kind,reactions,comments,shares\n" + "".join(rows).encode()


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
    assert "or send skip_bad_rows=true to import the other rows." in refused["message"]
    assert ask("imports/")["results"][0]["outcome"] == "refused"


def test_bad_rows_can_be_left_out(send):
    status, run = send(POSTS + b"3,yesterday,photo,1,1,1\n", skip_bad_rows=True)
    assert (status, run["new"], run["refused"]) == (201, 2, 1)
    assert run["problems"][0]["line"] == 4


def test_a_file_of_followers_needs_no_handle(send, ask):
    status, run = send(FOLLOWERS, kind="followers", profile="")
    profile = TrackedProfile.objects.get().profile
    assert (status, run["outcome"]) == (201, "done")
    assert ask(f"profiles/{profile.pk}/followers/")["results"][0]["followers"] == 5000


def test_a_file_of_posts_that_names_nobody_needs_a_handle(send):
    status, refused = send(POSTS, profile="")
    assert (status, refused["code"], refused["fields"][0]["field"]) == (422, "profile_missing", "profile")


def test_an_import_needs_a_network(send):
    status, refused = send(POSTS, network="")
    assert (status, refused["fields"][0]["field"]) == (400, "network")


def test_what_a_file_holds_need_not_be_said_and_is_refused_where_something_else_is_wanted(send):
    assert send(FOLLOWERS, profile="")[0] == 201
    status, refused = send(FOLLOWERS, profile="", kind="posts")
    assert (status, refused["code"]) == (422, "wrong_content")


def test_a_preview_says_what_a_file_would_bring_and_stores_nothing(send):
    status, seen = send(POSTS + b"3,yesterday,photo,1,1,1\n", preview=True, own=True)
    assert (status, seen["format"], seen["network"], seen["zone"]) == (200, "plain_posts", "facebook", "UTC")
    assert (seen["rows"], seen["rows_to_import"], seen["begins"]) == (2, 2, "2026-03-01T09:30:00Z")
    assert seen["becomes"] == [{"handle": "acme", "rows": 2, "role": "own", "followed": False, "fetched": False}]
    assert [problem["line"] for problem in seen["problems"]] == [4]
    assert [row["comments"] for row in seen["first"]] == [14, None]
    assert seen["refusal"] is None
    assert (FetchRun.objects.count(), TrackedProfile.objects.count(), Post.objects.count()) == (0, 0, 0)


def test_a_preview_names_what_is_missing(send):
    status, seen = send(POSTS, preview=True, profile="", network="")
    assert (status, seen["network"], seen["refusal"]["code"]) == (200, None, "network_missing")
    assert send(POSTS, preview=True, profile="")[1]["refusal"]["code"] == "profile_missing"


def test_a_preview_of_a_file_that_cannot_be_read_is_refused_as_its_import_is(send):
    answers = [send(b"a,b\n1,2\n", preview=preview) for preview in (True, False)]
    assert [(status, refused["code"]) for status, refused in answers] == [(422, "format_unknown")] * 2


def test_rows_of_one_name_are_brought_by_the_clock_that_is_named(send):
    content = b"username,timestamp,followers\nacme inc,2026-03-01 09:00:00,5000\nother,2026-03-01 09:00:00,7\n"
    status, run = send(content, network="instagram", rows_of="acme inc", zone="Asia/Seoul")
    reading = ProfileReading.objects.get()
    assert (status, run["seen"]) == (201, 1)
    assert (reading.followers, reading.read_at.isoformat()) == (5000, "2026-03-01T00:00:00+00:00")


def test_a_clock_that_does_not_exist_is_said_beside_its_field(send):
    status, refused = send(b"timestamp,followers\n2026-03-01 09:00:00,5\n", zone="Mars/Olympus")
    assert (status, refused["code"], refused["fields"][0]["field"]) == (422, "zone_unknown", "zone")


# --- large files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def workers(monkeypatch):
    """Say how many workers answer."""

    def workers(number):
        monkeypatch.setattr(pulse, "ask", lambda: (number, 0))

    return workers


@pytest.mark.parametrize(("rows", "answering"), [(MANY_ROWS, 1), (MANY_ROWS + 1, 0), (MANY_ROWS + 1, None)])
def test_few_rows_and_any_number_where_no_worker_answers_are_imported_at_once(send, workers, rows, answering):
    workers(answering)
    status, run = send(posts(rows))
    assert (status, run["outcome"], run["new"]) == (201, "done", rows)
    assert not Upload.objects.exists()


def test_a_large_file_that_would_be_refused_is_refused_at_once(send, workers):
    workers(1)
    status, refused = send(posts(MANY_ROWS + 1) + b"x,yesterday,photo,1,1,1\n")
    assert (status, refused["code"], Upload.objects.count()) == (422, "bad_rows", 0)
    assert send(posts(MANY_ROWS + 1), profile="")[1]["code"] == "profile_missing"


@pytest.mark.django_db(transaction=True)
@pytest.mark.processes
@pytest.mark.worker
def test_a_large_file_is_a_workers_and_the_answer_says_where_to_look(api, child_env, tmp_path):
    client, file = api(), SimpleUploadedFile("acme.csv", posts(MANY_ROWS + 1) + b"x,yesterday,photo,1,1,1\n")
    asked = {"file": file, "network": "facebook", "profile": "acme", "own": True, "skip_bad_rows": True}
    with running_worker(child_env, tmp_path):
        answer = client.post("/api/v1/imports/", asked, "multipart")
        run = answer.json()
        assert (answer.status_code, run["outcome"], run["trigger"]) == (202, None, "api_key")
        place = answer.headers["Location"]
        assert place == f"/api/v1/imports/{run['id']}/"
        looks = count()
        while (run := client.get(place).json())["outcome"] is None and next(looks) < 300:
            sleep(0.2)

    assert (run["outcome"], run["new"], run["refused"]) == ("done", MANY_ROWS + 1, 1)
    assert run["source"] == "acme.csv (plain_posts)"
    assert TrackedProfile.objects.get().role == "own"
    assert (Post.objects.count(), Upload.objects.count()) == (MANY_ROWS + 1, 0)
