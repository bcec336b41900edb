"""What a file would bring, told before anything is stored."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark import imports
from benchmark.imports import FORMATS, FileRefused, Holds, PostRow, Preview
from tests.imports.drawing import csv_of, table

META = table("""
    Post ID | Account ID | Account username | Account name | Description | Publish time     | Date     | Views | Reach | Likes | Follows
    18001   | 178        | harbour          | Harbour      | Tide        | 01/15/2025 12:00 | Lifetime | 90    | 60    | 7     | 1
    18002   | 178        | harbour          | Harbour      | Ebb         | 01/17/2025 12:00 | Lifetime | 90    | 60    | 7     | 1
    18003   | 179        | port             | Port         | Flood       | 01/16/2025 12:00 | Lifetime | 90    | 60    | 7     | 1
    18004   | 178        | harbour          | Harbour      | Flood       | yesterday        | Lifetime | 90    | 60    | 7     | 1
""")  # noqa: E501


def refusal(seen: Preview) -> FileRefused:
    assert seen.refusal is not None
    return seen.refusal


def test_a_preview_says_what_a_file_is_and_what_it_would_bring():
    seen = imports.preview(META, "content.csv")

    assert (seen.name, seen.refusal, seen.holds, seen.network) == ("content.csv", None, Holds.POSTS, "instagram")
    assert seen.format is not None
    assert seen.format.label == "Meta Business Suite: Instagram posts"
    assert (seen.encoding, seen.zone, seen.zone_known) == ("utf-8", "America/Los Angeles", True)
    assert {(each.column, each.means) for each in seen.columns} >= {
        ("Publish time", "published_at"),
        ("Reach", "reach"),
    }
    assert seen.ignored == ("Follows",)
    assert (seen.rows, seen.duplicates) == (3, 0)
    assert [row.post.text for row in seen.first if isinstance(row, PostRow)] == ["Tide", "Ebb", "Flood"]
    assert (seen.begins, seen.ends) == (
        datetime(2025, 1, 15, 20, tzinfo=UTC),
        datetime(2025, 1, 17, 20, tzinfo=UTC),
    )
    assert [(each.name, each.handle, each.id, each.rows) for each in seen.profiles] == [
        ("Harbour", "harbour", "178", 2),
        ("Port", "port", "179", 1),
    ]
    assert seen.insights == ("reach",)
    assert [problem.line for problem in seen.problems] == [5]
    assert [*map(str, seen.notes)] == [
        "Its reach and views are what only the owner sees: such a file is for an own account."
    ]


def test_a_preview_shows_a_few_rows_only():
    rows = [[str(number), "2026-03-01", "1"] for number in range(100)]

    seen = imports.preview(csv_of(["id", "published_at", "views"], *rows), "posts.csv")

    assert (len(seen.first), seen.rows) == (5, 100)


def test_a_file_that_could_be_of_any_network_leaves_it_open():
    seen = imports.preview(csv_of(["id", "published_at", "views"], ["1", "2026-03-01", "1"]), "posts.csv")

    assert (seen.network, seen.networks, seen.profiles) == (None, (), ())


def test_a_file_of_several_networks_names_them():
    seen = imports.preview(
        table("""
            Date       | Timestamp | Platform | Username | Follower_Count
            2026-07-01 | 12:00:00  | Facebook | alice    | 1603
            2026-07-01 | 12:00:00  | X        | alice    | 370
        """),
        "history.csv",
    )

    assert (seen.network, seen.networks, seen.zone_known) == (None, ("facebook", "x"), False)
    assert [(each.handle, each.network, each.rows) for each in seen.profiles] == [
        ("alice", "facebook", 1),
        ("alice", "x", 1),
    ]


def test_a_file_that_cannot_be_imported_says_why():
    seen = imports.preview(b"Date,Views\n2020-12-31,5\n", "Totals.csv")

    assert (refusal(seen).code, seen.rows, seen.holds) == ("content_missing", 0, None)
    assert "without the id and time of any post" in refusal(seen).sentence


def test_a_preview_takes_a_format_and_a_clock():
    file = csv_of(["Content", "Video title", "Video publish time", "Views"], ["zED8kkYKZj4", "x", "May 8, 2020", "1"])

    seen = imports.preview(file, "Table data.csv", "youtube_studio", zone="Asia/Seoul")

    assert (seen.zone, seen.begins) == ("Asia/Seoul", datetime(2020, 5, 7, 15, tzinfo=UTC))
    assert refusal(imports.preview(file, "Table data.csv", "plain_posts")).code == "format_unknown"


# --- readers in general ----------------------------------------------------------------------------------------------

cells = st.sampled_from(
    [
        "",
        "0",
        "7",
        "1,234",
        "-",
        "--",
        "NAN",
        "null",
        "2026-03-01",
        "03/01/2026 10:00",
        "May 8, 2020",
        "Lifetime",
        "[1]",
    ]
) | st.text(max_size=12)
headers = st.sampled_from([*FORMATS.values()])


@st.composite
def scribbled(draw):
    """A file with the header of a format and anything below it."""
    format_ = draw(headers)
    names = [format_.names(word)[0] for word in sorted(format_.words)]
    rows = draw(st.lists(st.lists(cells, min_size=len(names), max_size=len(names)), min_size=1, max_size=4))
    return format_, csv_of(names, *rows, encoding="utf-8").replace(b"\xed", b"?")


@given(scribbled())
def test_anything_below_a_known_header_is_a_record_a_bad_row_or_a_refusal(drawn_file):
    format_, file = drawn_file

    seen = imports.preview(file, "scribbles.csv", format_.key)

    assert seen.refusal is None or seen.refusal.sentence.endswith(".")
    assert seen.refusal is not None or seen.rows + len(seen.problems) > 0


@pytest.mark.parametrize("format_", FORMATS.values(), ids=lambda format_: format_.key)
def test_a_format_is_recognised_by_its_own_columns_and_by_no_other(format_):
    names = tuple(format_.names(word)[0] for word in sorted(format_.words))

    fitting = [each for each in FORMATS.values() if each.fits(names)]

    assert max(fitting, key=lambda each: len(each.needs)) is format_


@given(st.binary(max_size=300))
def test_no_bytes_crash_a_preview(file):
    seen = imports.preview(file, "x")

    assert (seen.refusal is None) == (seen.format is not None)
