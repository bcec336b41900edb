"""Posts as plain CSV: what each column means, and what makes a row a bad one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark import imports
from benchmark.networks.base import COUNTS, Kind, PostRecord
from benchmark.networks.parsing import LARGEST_COUNT
from tests.imports.drawing import csv_of, drawn, reasons_of


def test_every_documented_column_becomes_a_part_of_the_record():
    columns = ["id", "published_at", "kind", "text", "url", "hashtags", *COUNTS, "reach", "impressions"]
    about = ["1001", "2026-03-01T09:30:00Z", "photo", "Spring #here", "https://example.org", "garden, #oak"]
    counted = ["120", "14", "3", "2", "1", "900", "700", "1000"]

    row = imports.read(csv_of(columns, about + counted)).posts[0]

    assert row.post == PostRecord(
        external_id="1001",
        url="https://example.org",
        published_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        kind=Kind.PHOTO,
        text="Spring #here",
        hashtags=("garden", "oak"),
        reactions=120,
        comments=14,
        shares=3,
        quotes=2,
        saves=1,
        views=900,
    )
    assert (row.reach, row.impressions, row.owner, row.line) == (700, 1000, None, 2)


def test_a_blank_count_is_unknown_and_a_zero_is_zero():
    parsed = drawn("""
        id | published_at | reactions | comments
        1  | 2026-03-01   |           | 0
    """)

    assert (parsed.posts[0].post.reactions, parsed.posts[0].post.comments) == (None, 0)


def test_a_count_without_a_column_is_not_among_the_fields_that_the_file_brings():
    parsed = drawn("""
        id | published_at | reactions | text
        1  | 2026-03-01   |           | x
    """)

    assert parsed.fields == {"reactions", "text"}


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-03-01T09:30:00Z", 9),
        ("2026-03-01T09:30Z", 9),
        ("2026-03-01 09:30:00", 9),
        ("2026-03-01 09:30:00.123456", 9),
        ("2026-03-01 09:30:00 UTC", 9),
        ("2026-03-01T09:30:00+01:00", 8),
        ("2026-03-01T09:30:00-0500", 14),
        ("2026-03-01", 0),
    ],
)
def test_a_time_is_read_in_its_own_zone_and_in_utc_without_one(written, hour):
    parsed = imports.read(csv_of(["id", "published_at", "views"], ["1", written, "1"]))

    assert parsed.posts[0].post.published_at.hour == hour
    assert parsed.posts[0].post.published_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", "", "id is blank"),
        ("id", "1.02E+17", "id “1.02E+17” was rounded by a spreadsheet. Export it as text"),
        ("id", "1,02e17", "id “1,02e17” was rounded by a spreadsheet. Export it as text"),
        ("id", "x" * 256, "id is longer than 255 characters"),
        ("published_at", "", "published_at is blank"),
        ("published_at", "yesterday", "published_at “yesterday” is not a time such as 2026-03-01T09:30:00Z"),
        ("published_at", "01/03/2026", "published_at “01/03/2026” is not a time such as 2026-03-01T09:30:00Z"),
        ("published_at", "2026-02-30", "published_at “2026-02-30” is no day or time that exists"),
        (
            "published_at",
            "0001-01-01T00:00+1400",
            "published_at “0001-01-01T00:00+1400” is no day or time that exists",
        ),
        ("published_at", "1970-01-01", "published_at “1970-01-01” lies before 1990"),
        ("reactions", "-1", "reactions “-1” is not a whole number"),
        ("reactions", "1.5", "reactions “1.5” is not a whole number"),
        ("reactions", "1,234", "reactions “1,234” is not a whole number"),
        ("reactions", "1.2K", "reactions “1.2K” is not a whole number"),
        ("reactions", "٣", "reactions “٣” is not a whole number"),
        ("reactions", "1000000000001", "reactions “1000000000001” is larger than any count can be"),
        ("reactions", "=1+1", "reactions “=1+1” is not a whole number"),
        (
            "kind",
            "carousel",
            "kind “carousel” is none of: text, photo, album, video, live, audio, link, poll, quote, event, note, other",
        ),
        ("url", "javascript:alert(1)", "url “javascript:alert(1)” does not begin with https://"),
        ("url", "https://example.org/" + "x" * 2000, "url is longer than 2,000 characters"),
        ("text", "a\0b", "holds a NUL character, which no text has"),
        ("text", "x" * 100_001, "text is longer than 100,000 characters"),
    ],
)
def test_a_value_that_cannot_be_right_makes_its_row_a_bad_one_with_a_reason(column, value, reason):
    row = dict.fromkeys(["kind", "url", "text", "hashtags"], "")
    row |= {"id": "1", "published_at": "2026-03-01", "reactions": "1", column: value}

    parsed = imports.read(csv_of([*row.keys()], [*row.values()]))

    assert reasons_of(parsed) == [(2, reason)]
    assert not parsed.posts


def test_an_id_that_was_kept_from_a_spreadsheet_as_a_formula_is_the_id_inside():
    parsed = imports.read(csv_of(["id", "published_at", "views"], ['="10154389981923313"', "2026-03-01", "12.0"]))

    assert (parsed.posts[0].post.external_id, parsed.posts[0].post.views) == ("10154389981923313", 12)


def test_text_that_looks_like_a_formula_stays_the_text_it_is():
    parsed = imports.read(csv_of(["id", "published_at", "views", "text"], ["1", "2026-03-01", "1", "=1+1 @anna"]))

    assert parsed.posts[0].post.text == "=1+1 @anna"


def test_hashtags_are_read_out_of_the_text_where_no_column_names_them():
    text = "Run #Fast, #fast and #ÜberCool (#a_1) at http://x.org/#part for #1 & c#sharp #日本"
    parsed = imports.read(csv_of(["id", "published_at", "views", "text"], ["1", "2026-03-01", "1", text]))

    assert parsed.posts[0].post.hashtags == ("Fast", "ÜberCool", "a_1", "日本")


def test_the_later_of_two_rows_of_one_post_wins():
    parsed = drawn("""
        id | published_at | reactions
        7  | 2026-03-01   | 10
        8  | 2026-03-02   | 1
        7  | 2026-03-01   | 12
    """)

    assert [(row.post.external_id, row.post.reactions) for row in parsed.posts] == [("7", 12), ("8", 1)]
    assert parsed.duplicates == 1
    assert not parsed.problems


def test_one_id_at_two_times_is_a_bad_row():
    parsed = drawn("""
        id                | published_at | reactions
        10154389981923300 | 2026-03-01   | 10
        10154389981923300 | 2026-03-02   | 12
    """)

    assert reasons_of(parsed) == [
        (3, "the id “10154389981923300” stands on line 2 with another time: ids may have been rounded by a spreadsheet")
    ]


counts = st.none() | st.integers(min_value=0, max_value=LARGEST_COUNT)
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001  the strategy puts the zone on
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(
    posts=st.lists(
        st.fixed_dictionaries(
            {"id": st.integers(min_value=1), "published_at": moments, "text": words, **dict.fromkeys(COUNTS, counts)}
        ),
        min_size=1,
        unique_by=lambda post: post["id"],
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_whatever_is_written_as_plain_csv_is_read_back_as_it_was(posts, delimiter, encoding):
    columns = ["id", "published_at", "text", *COUNTS]
    rows = [["" if post[name] is None else str(post[name]) for name in columns] for post in posts]

    parsed = imports.read(csv_of(columns, *rows, delimiter=delimiter, encoding=encoding))

    assert not parsed.problems
    assert [
        {"id": int(row.post.external_id), "published_at": row.post.published_at, "text": row.post.text}
        | {name: getattr(row.post, name) for name in COUNTS}
        for row in parsed.posts
    ] == [post | {"text": post["text"].strip()} for post in posts]
