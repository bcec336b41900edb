"""Facebook pages as they were collected in 2016: the format, and the real files where they are to be had."""

import csv
import gzip
import io
from datetime import UTC, datetime, timedelta

import pytest

from benchmark import imports
from benchmark.imports import FileRefused
from benchmark.networks.base import Kind
from benchmark.networks.facebook import FACEBOOK
from tests.imports.drawing import drawn, reasons_of

HEADER = "status_id | status_message | status_type | status_published | num_reactions | num_comments | num_shares"


def test_a_row_becomes_a_record_and_its_time_moves_by_five_hours_in_every_season():
    parsed = drawn(f"""
        {HEADER}
        777_1001 | Lift-off! #Mars | photo  | 2016-03-12 20:30:00 | 100 | 20 | 3
        777_1002 |                 | status | 2016-06-12 20:30:00 |     | 0  | 0
    """)

    winter, summer = (row.post for row in parsed.posts)
    assert parsed.format.key == "facebook_pages_2016"
    assert [owner.id for owner in parsed.owners] == ["777"]
    assert (winter.published_at, summer.published_at) == (
        datetime(2016, 3, 13, 1, 30, tzinfo=UTC),
        datetime(2016, 6, 13, 1, 30, tzinfo=UTC),
    )
    assert winter.url == "https://www.facebook.com/777/posts/1001"
    assert (winter.kind, winter.text, winter.hashtags) == (Kind.PHOTO, "Lift-off! #Mars", ("Mars",))
    assert (winter.reactions, winter.comments, winter.shares) == (100, 20, 3)
    assert (summer.kind, summer.reactions, summer.views) == (Kind.TEXT, None, None)


@pytest.mark.parametrize(
    ("status_type", "kind"),
    [("link", "link"), ("video", "video"), ("event", "event"), ("note", "note"), ("music", "other")],
)
def test_each_type_has_its_kind(status_type, kind):
    parsed = drawn(f"""
        {HEADER}
        7_1 | | {status_type} | 2016-03-12 20:30:00 | 1 | 1 | 1
    """)

    assert parsed.posts[0].post.kind == kind


def test_a_row_of_another_page_or_without_a_page_is_a_bad_one():
    parsed = drawn(f"""
        {HEADER}
        7_1   | | link | 2016-03-12 20:30:00 | 1 | 1 | 1
        8_2   | | link | 2016-03-12 20:31:00 | 1 | 1 | 1
        7_3   | | link | 2016-03-12 20:32:00 | 1 | 1 | 1
        three | | link | 2016-03-12 20:33:00 | 1 | 1 | 1
    """)

    choice = imports.whose(parsed, network=FACEBOOK, profile="nasa")
    assert reasons_of(parsed) == [(5, "status_id “three” is not a page's id, an underscore and a post's id")]
    assert [str(problem) for problem in choice.problems] == [
        "line 3: belongs to the profile 8, while the other posts of this file belong to 7"
    ]
    assert [row.line for rows in choice.rows.values() for row in rows] == [2, 4]


def test_the_real_files_are_read_whole_with_each_post_once(shared_data):
    """Checked against the csv module alone."""
    files = sorted((shared_data / "data" / "facebook_pages_2016").glob("*_facebook_statuses.csv*"))
    rows = duplicates = 0
    empty = []
    for path in files:
        plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        expected = list(csv.DictReader(io.StringIO(plain.decode(), newline="")))
        try:
            with path.open("rb") as file:
                parsed = imports.read(file)
        except FileRefused as refused:
            empty.append((path.name.partition("_")[0], refused.code, len(expected)))
            continue
        assert not parsed.problems
        assert parsed.rows == len({row["status_id"] for row in expected})
        assert {row.post.external_id: row.post.reactions for row in parsed.posts} == {
            row["status_id"]: int(row["num_reactions"]) for row in expected
        }
        assert {row.post.published_at for row in parsed.posts} == {
            datetime.fromisoformat(row["status_published"]).replace(tzinfo=UTC) + timedelta(hours=5) for row in expected
        }
        rows += parsed.rows
        duplicates += parsed.duplicates

    assert (len(files), empty) == (49, [("discoverychannel", "file_empty", 0), ("oreo", "file_empty", 0)])
    assert (rows, duplicates) == (72_693 - 25, 25)
