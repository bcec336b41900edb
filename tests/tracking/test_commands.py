"""`track`, `import_posts` and `import_followers`, as somebody types them."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benchmark import ingest
from benchmark.demo import running
from benchmark.models import FetchRun, Post, Profile, TrackedProfile
from tests.imports.drawing import table

POSTS = table("""
    id | published_at         | reactions | comments | shares | mood
    1  | 2026-02-01T10:00:00Z | 100       | 20       | 3      | fine
    1  | 2026-02-01T10:00:00Z | 101       | 20       | 3      | fine
    2  | someday              | 1         | 1        | 1      | fine
""")


@pytest.fixture
def say(workspace, capsys):
    """Type a command; returns what it prints."""

    def say(*words: object):
        call_command(*map(str, words), "--workspace", workspace.slug)
        return capsys.readouterr().out

    return say


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_bytes(POSTS)
    return path


def refusal(act, *words) -> str:
    with pytest.raises(CommandError) as refused:
        act(*words)
    return str(refused.value)


def test_track_follows_a_competitor_and_says_in_which_place(say, outside, monkeypatch):
    monkeypatch.setattr(ingest, "door", outside.door)

    said = say("track", "bluesky", "@anna.example.org", "--brand", "Acme", "--industry", "media")

    assert said.startswith("Anna (Bluesky) with 1,000 followers is the competitor in place 1 of 20, for Acme.")
    assert TrackedProfile.objects.get().brand.industry == "media"
    assert "is an own account, for Bert." in say("track", "bluesky", "bert.example.org", "--own")


@pytest.mark.parametrize("handle", ["Anna.demo.invalid", "https://bsky.app/profile/anna.demo.invalid"])
def test_a_pretend_profile_can_be_followed_where_no_worker_runs(say, outside, monkeypatch, settings, handle):
    started: list[Path] = []
    monkeypatch.setattr(running, "keep", started.append)
    monkeypatch.setattr(ingest, "door", outside.door)
    outside.has("anna.demo.invalid", did="did:web:anna.demo.invalid")

    refusal(say, "track", "bluesky", "nobody.example.org")
    assert started == []

    say("track", "bluesky", handle)
    assert started == [settings.DATA_DIR]
    assert Profile.objects.get().pretend


def test_a_refusal_of_track_is_its_sentence(say, outside, monkeypatch, files_only):
    monkeypatch.setattr(ingest, "door", outside.door)

    assert refusal(say, "track", "bluesky", "nobody.example.org") == (
        "Bluesky knows no profile of this name. Check the spelling, or paste the profile's address."
    )
    assert refusal(say, "track", files_only, "nasa").startswith("Facebook cannot be fetched yet.")


def test_a_network_that_gives_nothing_says_so(say):
    for network in ("pinterest", "bluesky"):
        said = refusal(say, "track", network, "https://www.pinterest.com/bakery/")
        assert said.startswith("Pinterest publishes nothing about other people's accounts")


def test_an_unknown_workspace_is_named_beside_those_that_there_are(workspace):
    said = refusal(call_command, "track", "bluesky", "anna.example.org", "--workspace", "nowhere")

    assert said == f"There is no workspace “nowhere”. There are: {workspace.slug}."


def test_import_posts_refuses_a_bad_row_and_lists_it(say, posts):
    said = refusal(say, "import_posts", posts, "--network", "facebook", "--profile", "nasa")

    assert said.splitlines() == [
        "1 row is wrong, so nothing was imported. Mend the file, or import the other rows with --skip-bad-rows.",
        "line 4: published_at “someday” is not a time such as 2026-03-01T09:30:00Z",
    ]
    assert not Post.objects.exists()


def test_import_posts_stores_the_rest_where_it_may_and_says_what_it_did(say, posts):
    said = say(
        *("import_posts", posts, "--network", "facebook", "--profile", "nasa", "--skip-bad-rows"),
        *("--counted-at", "2026-02-20", "--complete-from", "2026-01-31"),
    )

    assert said.splitlines() == [
        "1 row for nasa (Facebook): 1 new, 0 changed.",
        "Read as Posts as plain CSV in utf-8.",
        "1 row said again what another row says, and counts once.",
        "Columns that were left out: mood.",
        "1 row was left out:",
        "line 4: published_at “someday” is not a time such as 2026-03-01T09:30:00Z",
    ]
    profile = Profile.objects.get()
    assert (profile.history_from, profile.history_to) == (date(2026, 1, 31), datetime(2026, 2, 20, tzinfo=UTC))
    assert FetchRun.objects.get().trigger == "command"


def test_import_posts_answers_programs_in_json(say, posts):
    words = ["import_posts", posts, "--network", "facebook", "--profile", "nasa", "--skip-bad-rows", "--own", "--json"]

    answer = json.loads(say(*words))

    tracked = TrackedProfile.objects.get()
    assert answer["profiles"] == [{"id": tracked.profile_id, "tracked_id": tracked.pk, "handle": "nasa", "role": "own"}]
    assert (answer["format"], answer["seen"], answer["new"], answer["duplicates"]) == ("plain_posts", 1, 1, 1)
    assert [problem["line"] for problem in answer["left_out"]] == [4]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["--counted-at", "May"],
            "argument --counted-at: “May” is not a time such as 2026-03-31T18:00:00Z",
        ),
        (["--complete-from", "May"], "argument --complete-from: “May” is not a day such as 2026-03-01"),
        (["--format", "crystal_ball"], "There is no format “crystal_ball”."),
    ],
)
def test_wrong_arguments_are_refused_in_words(say, posts, words, sentence):
    said = refusal(say, "import_posts", posts, "--network", "facebook", "--profile", "nasa", *words)

    assert sentence in said


def test_a_file_that_is_not_there_is_refused_in_words(say, tmp_path):
    said = refusal(say, "import_posts", tmp_path / "none.csv", "--network", "facebook", "--profile", "nasa")

    assert said.endswith("none.csv cannot be read: No such file or directory.")


def test_import_followers_follows_everybody_in_a_gzipped_file(say, tmp_path):
    path = tmp_path / "followers.csv.gz"
    path.write_bytes(
        gzip.compress(
            table("""
                profile | time       | followers
                nasa    | 2026-02-01 | 1000
                esa     | 2026-02-01 | 400
            """)
        )
    )

    said = say("import_followers", path, "--network", "facebook")

    assert said.startswith("2 rows for esa (Facebook), nasa (Facebook): 2 new, 0 changed.")
    assert [*Profile.objects.order_by("handle").values_list("handle", "followers")] == [("esa", 400), ("nasa", 1000)]


MEMBERS = table("""
    video_id    | title | published_at | view_count | like_count | member_id | member_name | mood
    GeAB3wbJab1 | Tide  | 2026-02-12   | 900        | 7          | yuni      | Yuni        | fine
    GeAB3wbJab2 | Ebb   | someday      | 800        | 6          | huya      | Huya        | fine
    GeAB3wbJab3 | Flood | 2026-02-12   | 800        | 6          | huya      | Huya        | fine
""")


def test_a_preview_says_what_a_file_would_bring_and_stores_nothing(say, tmp_path):
    path = tmp_path / "videos.csv"
    path.write_bytes(MEMBERS)

    said = say("import_posts", path, "--network", "youtube", "--preview", "--zone", "Asia/Seoul")

    assert said.splitlines() == [
        "videos.csv: YouTube videos of a group, by member, in utf-8.",
        "2 rows from 2026-02-11 15:00 to 2026-02-11 15:00 UTC.",
        "Times without a zone are those of Asia/Seoul: the file does not say which. Name another with --zone.",
        (
            "Columns that were recognised: video_id (id of the post), member_id (member of the group), "
            "member_name (name of the profile), published_at (time of publishing), like_count (reactions), "
            "title (text of the post), view_count (views)."
        ),
        "Columns that are left out: mood.",
        "Profiles: Yuni (1 row), Huya (1 row).",
        "It has the day of publishing without a time.",
        "1 row is wrong, which refuses the whole file without --skip-bad-rows:",
        "line 3: published_at “someday” is not a time such as 2026-03-01T09:30:00Z",
    ]
    assert not FetchRun.objects.exists()
    data = json.loads(say("import_posts", path, "--network", "youtube", "--preview", "--json"))
    assert (data["format"], data["rows"], data["zone_known"], data["profiles"][0]["name"]) == (
        "youtube_videos_of_members",
        2,
        False,
        "Yuni",
    )


def test_a_preview_of_what_cannot_be_imported_says_why(say, tmp_path):
    path = tmp_path / "Totals.csv"
    path.write_bytes(b"Date,Views\n2020-12-31,5\n")

    said = refusal(say, "import_followers", path, "--network", "youtube", "--preview")

    assert "without the id and time of any post" in said


def test_rows_of_one_profile_are_imported_by_what_the_file_calls_it(say, tmp_path):
    path = tmp_path / "videos.csv"
    path.write_bytes(MEMBERS)

    said = say(
        *("import_posts", path, "--network", "youtube", "--profile", "@yuni_ch", "--rows-of", "Yuni"),
        *("--zone", "Asia/Seoul", "--skip-bad-rows", "--counted-at", "2026-02-20"),
    )

    assert "1 row of other profiles: not asked for." in said.splitlines()
    assert Post.objects.get().published_at == datetime(2026, 2, 11, 15, tzinfo=UTC)


def test_followers_of_a_file_that_names_nobody_are_imported_for_somebody(say, tmp_path):
    path = tmp_path / "followers.csv"
    path.write_bytes(b"timestamp,followers\n2026-02-01 00:01:00 UTC,15\n")

    said = say("import_followers", path, "--network", "facebook", "--profile", "harbour")

    assert said.startswith("1 row for harbour (Facebook): 1 new, 0 changed.")
