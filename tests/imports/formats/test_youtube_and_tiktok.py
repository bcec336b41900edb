"""YouTube Studio and TikTok Studio."""

from datetime import UTC, datetime

import pytest

from benchmark import imports
from benchmark.imports import FileRefused
from benchmark.networks.base import Kind
from tests.imports.drawing import csv_of, drawn, owner, reasons_of

STUDIO = ["Content", "Video title", "Video publish time", "Likes", "Comments added", "Shares", "Views", "Impressions"]
TIKTOK = "Video title | Video link | Post time | Video views | Likes | Comments | Shares | Add to Favorites"


def test_a_video_becomes_a_record_and_the_total_and_the_remark_do_not():
    parsed = imports.read(
        csv_of(
            STUDIO,
            ["Total", "", "", "10", "3", "2", "100", "500"],
            ["zED8kkYKZj4", "Tide #sea", "May 8, 2020", "7", "2", "1", "90", "400"],
            [" -yquaLFqjE4", "Ebb", "Nov 12, 2020", "3", "", "1", "10", "100"],
            ["Showing top 500 results", "", "", "", "", "", "", ""],
        )
    )

    first, second = parsed.posts
    assert (parsed.format.key, parsed.problems) == ("youtube_studio", ())
    assert (first.post.external_id, first.post.kind, first.post.url) == (
        "zED8kkYKZj4",
        Kind.VIDEO,
        "https://www.youtube.com/watch?v=zED8kkYKZj4",
    )
    assert first.post.published_at == datetime(2020, 5, 8, tzinfo=UTC)
    assert (first.post.reactions, first.post.comments, first.post.shares, first.post.views, first.impressions) == (
        7,
        2,
        1,
        90,
        400,
    )
    assert (second.post.external_id, second.post.comments) == ("-yquaLFqjE4", None)


def test_soft_hyphens_in_the_header_words_are_no_part_of_them():
    soft = [
        "Video",
        "Video title",
        "Video pub\u00adlish time",
        "Com\u00adments ad\u00added",
        "Views",
        "Im\u00adpres\u00adsions",
    ]

    parsed = imports.read(csv_of(soft, ["zED8kkYKZj4", "Tide", "May 8, 2020", "2", "90", "400"]))

    assert (parsed.posts[0].post.comments, parsed.posts[0].impressions) == (2, 400)


def test_an_id_that_became_a_formula_and_a_video_without_a_day_are_bad_rows():
    parsed = imports.read(
        csv_of(
            STUDIO,
            ["#NAME?", "Tide", "May 8, 2020", "7", "2", "1", "90", "400"],
            ["zED8kkYKZj4", "Ebb", "", "7", "2", "1", "90", "400"],
            ["zED8", "Ebb", "May 8, 2020", "7", "2", "1", "90", "400"],
        )
    )

    assert reasons_of(parsed) == [
        (2, "Content “#NAME?” is what a spreadsheet left of an id. Export it as text"),
        (3, "Video publish time is blank"),
        (4, "Content “zED8” is no id of a video"),
    ]


def test_the_clock_of_its_days_may_be_named():
    file = csv_of(STUDIO, ["zED8kkYKZj4", "Ebb", "May 8, 2020", "7", "2", "1", "90", "400"])

    parsed = imports.read(file, zone="Asia/Seoul")

    assert parsed.posts[0].post.published_at == datetime(2020, 5, 7, 15, tzinfo=UTC)
    with pytest.raises(FileRefused) as refused:
        imports.read(file, zone="Europe/Atlantis")
    assert refused.value.sentence == "There is no time zone “Europe/Atlantis”. Europe/Berlin would be one."


def test_a_tiktok_becomes_a_record_and_its_time_is_utc():
    parsed = drawn(f"""
        {TIKTOK}
        Tide #sea | https://www.tiktok.com/@harbour/video/75674521129810 | 2025/10/31 18:19:10 | 900 | 7 | 2 | 1 | 4
        Ebb       | https://www.tiktok.com/@harbour/photo/75674521129811 | 2025/07/01 18:19:10 | NAN | -- | 0 | 1 | 4
    """)

    row, second = parsed.posts
    assert (parsed.format.key, parsed.zone, owner(row).handle) == ("tiktok_videos", "UTC", "harbour")
    assert (row.post.external_id, row.post.kind) == ("75674521129810", Kind.VIDEO)
    assert row.post.published_at == datetime(2025, 10, 31, 18, 19, 10, tzinfo=UTC)
    assert (row.post.views, row.post.reactions, row.post.comments, row.post.shares, row.post.saves) == (900, 7, 2, 1, 4)
    assert second.post.published_at.hour == 18
    assert (second.post.kind, second.post.views, second.post.reactions, second.post.comments) == (
        Kind.PHOTO,
        None,
        None,
        0,
    )


def test_a_tiktok_without_a_link_to_a_post_is_a_bad_row():
    parsed = drawn(f"""
        {TIKTOK}
        Tide | https://www.tiktok.com/@harbour.bg | 2025/10/31 18:19:10 | 900 | 7 | 2 | 1 | 4
        Ebb  |                                    | 2025/10/31 18:19:10 | 900 | 7 | 2 | 1 | 4
    """)

    assert reasons_of(parsed) == [
        (2, "Video link “https://www.tiktok.com/@harbour.bg” is no address of a post"),
        (3, "Video link is blank"),
    ]


def test_days_of_an_audience_are_readings_where_tiktok_shows_the_total():
    parsed = drawn("""
        Date       | New followers | Total followers | Reached audience
        2025/10/31 | 10            | --              | NAN
        2025/11/01 | 5             | 1015            | 900
    """)

    assert [(row.read_at, row.followers) for row in parsed.followers] == [(datetime(2025, 11, 1, tzinfo=UTC), 1015)]
    assert not parsed.problems


def test_an_audience_without_any_total_says_nothing():
    with pytest.raises(FileRefused) as refused:
        drawn("""
            Date       | New followers | Total followers
            2025/10/31 | 10            | --
        """)

    assert (refused.value.code, refused.value.sentence) == (
        "content_missing",
        "This file has rows, but none says how many followed: there is nothing to import.",
    )
