"""Meta Business Suite: posts of Pages and of Instagram accounts, and videos of Pages."""

from datetime import UTC, datetime

import pytest

from benchmark import imports
from benchmark.imports import FileRefused
from benchmark.networks.base import Kind
from tests.imports.drawing import csv_of, drawn, owner, reasons_of

PAGE = "Post ID | Page ID | Page name | Title | Publish time | Permalink | Post type | Date | Views | Reach | Reactions"
ACCOUNT = (
    "Post ID | Account ID | Account username | Account name | Description | Publish time | Permalink | Post type "
    "| Date | Views | Reach | Likes | Shares | Comments | Saves"
)


def test_a_post_of_a_page_becomes_a_record_with_its_owners_insights():
    parsed = drawn(f"""
        {PAGE} | Comments | Shares
        9001 | 777 | Harbour | Ships #Ahoy | 07/04/2025 10:30 | https://www.facebook.com/harbour/posts/9001 | Photos | Lifetime | 90 | 60 | 7 | 2 | 1
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (parsed.format.key, [*parsed.networks]) == ("meta_facebook_posts", ["facebook"])
    assert (owner(row).id, owner(row).name, owner(row).handle) == ("777", "Harbour", None)
    assert (row.post.external_id, row.post.kind, row.post.text, row.post.hashtags) == (
        "9001",
        Kind.PHOTO,
        "Ships #Ahoy",
        ("Ahoy",),
    )
    assert (row.post.reactions, row.post.comments, row.post.shares, row.post.views, row.reach) == (7, 2, 1, 90, 60)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01/15/2025 12:00", datetime(2025, 1, 15, 20, 0, tzinfo=UTC)),
        ("07/15/2025 12:00", datetime(2025, 7, 15, 19, 0, tzinfo=UTC)),
        ("03/09/2025 01:59", datetime(2025, 3, 9, 9, 59, tzinfo=UTC)),
        ("03/09/2025 03:00", datetime(2025, 3, 9, 10, 0, tzinfo=UTC)),
        ("11/02/2025 00:30", datetime(2025, 11, 2, 7, 30, tzinfo=UTC)),
        ("11/02/2025 01:30", datetime(2025, 11, 2, 8, 30, tzinfo=UTC)),  # it came twice: the first
        ("11/02/2025 02:00", datetime(2025, 11, 2, 10, 0, tzinfo=UTC)),
        ("12/31/2025 23:30", datetime(2026, 1, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_its_clock_is_that_of_los_angeles_with_daylight_saving(written, meant):
    parsed = drawn(f"""
        {PAGE}
        1 | 777 | Harbour | x | {written} | | Photos | Lifetime | 1 | 1 | 1
    """)

    assert parsed.posts[0].post.published_at == meant
    assert parsed.zone == "America/Los_Angeles"


def test_an_hour_that_the_clock_left_out_is_a_bad_row():
    parsed = drawn(f"""
        {PAGE}
        1 | 777 | Harbour | x | 03/09/2025 02:30 | | Photos | Lifetime | 1 | 1 | 1
    """)

    assert reasons_of(parsed) == [(2, "Publish time “03/09/2025 02:30” is no day or time that exists")]


def test_another_clock_is_not_accepted_for_it():
    file = csv_of(
        PAGE.split(" | "), ["1", "777", "x", "x", "01/15/2025 12:00", "", "Photos", "Lifetime", "1", "1", "1"]
    )

    with pytest.raises(FileRefused) as refused:
        imports.read(file, zone="Europe/Sofia")

    assert (
        refused.value.sentence == "The times of such files are those of America/Los Angeles: leave the time zone out."
    )


def test_two_columns_of_views_that_agree_are_one():
    parsed = drawn(f"""
        {PAGE} | Views
        1 | 777 | Harbour | x | 01/15/2025 12:00 | | Photos | Lifetime | 0 | 1 | 1 | 0
    """)

    assert (parsed.posts[0].post.views, parsed.warnings) == (0, ())


def test_two_columns_of_views_that_do_not_agree_are_left_out_with_a_warning():
    parsed = drawn(f"""
        {PAGE} | Views
        1 | 777 | Harbour | x | 01/15/2025 12:00 | | Reels | Lifetime | 80 | 1 | 1 | 80
        2 | 777 | Harbour | x | 01/16/2025 12:00 | | Reels | Lifetime | 90 | 1 | 1 | 30
    """)

    assert [row.post.views for row in parsed.posts] == [None, None]
    assert "views" not in parsed.fields
    assert [*map(str, parsed.warnings)] == [
        "The column “Views” is there twice and the two do not agree: neither was taken."
    ]


def test_a_column_that_it_cannot_do_without_must_not_be_there_twice():
    with pytest.raises(FileRefused) as refused:
        drawn(f"""
            {PAGE} | Post ID
            1 | 777 | Harbour | x | 01/15/2025 12:00 | | Reels | Lifetime | 80 | 1 | 1 | 2
        """)

    assert refused.value.code == "column_twice"


def test_cells_may_be_missing_at_the_end_of_a_row_but_not_before():
    header = [*PAGE.split(" | "), "Link Clicks", "Seconds viewed"]
    row = ["1", "777", "Harbour", "x", "01/15/2025 12:00", "", "Photos", "Lifetime", "9", "8", "7"]

    parsed = imports.read(csv_of(header, row, row[:-1]))

    assert [post.reach for post in parsed.posts] == [8]
    assert reasons_of(parsed) == [(3, "has 10 columns where the header has 13")]


def test_a_file_with_a_row_per_day_is_refused():
    with pytest.raises(FileRefused) as refused:
        drawn(f"""
            {PAGE}
            1 | 777 | Harbour | x | 01/15/2025 12:00 | | Photos | 01/15/2025 | 9 | 8 | 7
            1 | 777 | Harbour | x | 01/15/2025 12:00 | | Photos | 01/16/2025 | 2 | 2 | 0
        """)

    assert refused.value.code == "file_of_days"
    assert "Date “01/15/2025” instead of Lifetime" in refused.value.sentence


def test_a_post_of_an_instagram_account_becomes_a_record():
    parsed = drawn(f"""
        {ACCOUNT}
        18001 | 178 | harbour.bg | Harbour | Tide #sea | 01/15/2025 12:00 | https://www.instagram.com/reel/AbC-1_d/ | IG reel | Lifetime | 90 | 60 | 7 | 2 | 1 | 4
        18002 | 178 | harbour.bg | Harbour | Ebb | 01/16/2025 12:00 | https://www.instagram.com/p/AbC-1_e/ | IG carousel | Lifetime | 90 | | 7 | 2 | 1 | 4
    """)  # noqa: E501

    row, second = parsed.posts
    assert parsed.format.key == "meta_instagram_posts"
    assert (owner(row).id, owner(row).handle, owner(row).name) == ("178", "harbour.bg", "Harbour")
    assert (row.post.kind, row.post.reactions, row.post.comments, row.post.shares, row.post.saves, row.reach) == (
        Kind.VIDEO,
        7,
        1,
        2,
        4,
        60,
    )
    assert (second.post.kind, second.reach) == (Kind.ALBUM, None)
    assert {"reactions", "saves", "views"} <= parsed.fields


def test_swedish_headers_are_the_same_columns():
    parsed = drawn("""
        Publicerings-id | Konto-id | Kontots användarnamn | Kontonamn | Beskrivning | Publiceringstid  | Permalänk | Inläggstyp | Visningar | Räckvidd | Gilla-markeringar | Delningar | Kommentarer | Sparade objekt
        18001           | 178      | hamn                 | Hamnen    | Hej         | 01/15/2025 12:00 |           | IG reel    | 9         | 8        | 7                 | 6         | 5           | 4
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (row.post.views, row.reach, row.post.reactions, row.post.shares, row.post.comments, row.post.saves) == (
        9,
        8,
        7,
        6,
        5,
        4,
    )


def test_before_2025_impressions_stand_where_views_are_now():
    parsed = drawn("""
        Post ID | Page ID | Page name | Title | Publish time     | Post type | Date     | IMPRESSION:UNIQUE_USERS | Reach | Impressions | Reactions | Comments | Shares
        1       | 777     | Harbour   | x     | 01/15/2024 12:00 | Links     | Lifetime | 50                      | 60    | 70          | 7         | 2        | 1
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (row.impressions, row.reach, row.post.views) == (70, 60, None)


def test_lines_that_a_spreadsheet_saved_as_one_cell_each_are_read_as_they_were():
    plain = csv_of(
        ["Post ID", "Page ID", "Page name", "Title", "Publish time", "Date", "Reach", "Reactions"],
        ["1", "777", "Harbour", 'Said "hello",\nand left', "01/15/2025 12:00", "Lifetime", "8", "7"],
    ).decode()
    lines = [line.replace('"', '""') for line in plain.splitlines()]
    wrapped = "".join(f'"{line}"\n' if "," in line or '"' in line else f"{line}\n" for line in lines)

    parsed = imports.read(b"\xef\xbb\xbf" + wrapped.encode())

    assert parsed.posts[0].post.text == 'Said "hello",\nand left'
    assert parsed.posts[0].reach == 8
    assert [*map(str, parsed.warnings)] == [
        "A spreadsheet had saved every line as one cell; the lines were read as they were before."
    ]


@pytest.mark.parametrize("written", ["3.May", "3.май", "May-03", "17-Nov"])
def test_one_number_that_became_a_date_refuses_the_whole_file(written):
    with pytest.raises(FileRefused) as refused:
        drawn(f"""
            {PAGE}
            1 | 777 | Harbour | x | 01/15/2025 12:00 | | Photos | Lifetime | 9 | 8 | 7
            2 | 777 | Harbour | x | 01/16/2025 12:00 | | Photos | Lifetime | 9 | {written} | 7
        """)

    assert refused.value.code == "numbers_became_dates"
    assert refused.value.sentence == (
        f"In “Reach” stands “{written}” where a number belongs: a spreadsheet has turned decimals into dates, and the "
        "numbers are lost. Download the file again and import it without opening it."
    )


def test_a_video_of_a_page_becomes_a_record_without_views():
    parsed = drawn("""
        Video asset ID | Page ID | Page name | Title | Publish time     | Date     | Reach | 3-second video views | Reactions, comments and shares | Reactions | Comments | Shares
        4388           | 777     | Harbour   | Boats | 10/31/2025 11:01 | Lifetime | 60    | 50                   | 10                             | 7         | 2        | 1
    """)  # noqa: E501

    (row,) = parsed.posts
    assert parsed.format.key == "meta_facebook_videos"
    assert (row.post.kind, row.post.reactions, row.post.views, row.reach) == (Kind.VIDEO, 7, None, 60)
    assert row.post.published_at == datetime(2025, 10, 31, 18, 1, tzinfo=UTC)
