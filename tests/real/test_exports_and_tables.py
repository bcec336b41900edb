"""Every real export and table: what the readers make of it equals a computation with `csv` and `statistics` alone."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import UTC

import pytest

from benchmark import imports
from benchmark.imports import FileRefused, PostRow
from tests.real.plain import count, rows_of, utc
from tests.real.tables import FOLLOWERS, POSTS, RESTAURANT

PARTS = ("reactions", "comments", "shares", "quotes", "saves", "views")
INSIGHTS = ("reach", "impressions")


def told(row: PostRow, name: str) -> int | None:
    value: int | None = getattr(row if name in INSIGHTS else row.post, name)
    return value


@pytest.mark.parametrize("table", POSTS, ids=lambda table: table.path)
def test_every_post_of_a_real_table_is_read_with_its_time_kind_words_and_counts(shared_data, table):
    path = shared_data / "data" / table.path
    plain = [row for row in table.read(path) if table.is_post(row)]
    good = [row for row in plain if table.good(row)]

    parsed = imports.read(path.read_bytes())

    assert parsed.format.key == table.format
    assert (parsed.rows, len(parsed.problems), len(good), len(plain) - len(good)) == (
        table.rows,
        table.bad,
        table.rows,
        table.bad,
    )
    by_id = {row.post.external_id: row for row in parsed.posts}
    assert by_id.keys() == {table.id(row) for row in good}
    assert {id_: row.post.published_at for id_, row in by_id.items()} == {
        table.id(row): table.time(row) for row in good
    }
    assert {id_: row.post.kind for id_, row in by_id.items()} == {table.id(row): table.kind(row) for row in good}
    assert {id_: row.post.text for id_, row in by_id.items()} == {
        table.id(row): table.text(row) if table.text else "" for row in good
    }
    for name in (*PARTS, *INSIGHTS):
        column = table.counts.get(name)
        expected = {table.id(row): count(row[column]) if column else None for row in good}
        assert {id_: told(row, name) for id_, row in by_id.items()} == expected
        known = [value for value in expected.values() if value is not None]
        assert sum(filter(None, (told(row, name) for row in parsed.posts))) == sum(known)
        if known:
            assert statistics.median(
                value for row in parsed.posts if (value := told(row, name)) is not None
            ) == statistics.median(known)
    for name, of in table.more.items():
        assert {id_: getattr(row, name) for id_, row in by_id.items()} == {table.id(row): of(row) for row in good}


@pytest.mark.parametrize("table", FOLLOWERS, ids=lambda table: table.path)
def test_every_reading_of_a_real_series_is_read_with_its_moment(shared_data, table):
    path = shared_data / "data" / table.path
    plain = rows_of(path)

    parsed = imports.read(path.read_bytes())

    assert (parsed.format.key, parsed.rows, parsed.problems, len(plain)) == (table.format, table.rows, (), table.rows)
    expected = [
        (
            table.network(row),
            table.who(row),
            table.time(row),
            int(row[table.followers]),
            *(count(row[column]) for column in table.further.values()),
        )
        for row in plain
    ]
    by_id = table.format == "youtube_tracker_days"
    assert Counter(
        (
            row.network,
            (row.owner.id if by_id else row.owner.name or row.owner.handle) if row.owner else None,
            row.read_at,
            row.followers,
            *(getattr(row, name) for name in table.further),
        )
        for row in parsed.followers
    ) == Counter(expected)
    assert statistics.median(row.followers for row in parsed.followers) == statistics.median(
        int(row[table.followers]) for row in plain
    )


# --- what is missing -------------------------------------------------------------------------------------------------

A_DAY = "it has one number a day for the whole account, without the id and time of any post"
SUMS = "it has sums over posts, without the id and time of any of them"
REFUSED = {
    "export_formats/formats.json": "This file is JSON, not a table.",
    "export_formats/meta_audience_damaged_by_spreadsheet_cp1251.csv": "a spreadsheet has turned decimals into dates",
    "export_formats/meta_daily_series_utf16_comma.csv": A_DAY,
    "export_formats/meta_daily_series_utf8_semicolon.csv": A_DAY,
    "export_formats/meta_top_content_formats_semicolon.csv": SUMS,
    "export_formats/tiktok_studio_overview_en.csv": f"{A_DAY}, often without the year of the day",
    "export_formats/tiktok_studio_overview_es.csv": f"{A_DAY}, often without the year of the day",
    "export_formats/x_account_overview_daily.csv": "how many followers were gained, not how many there were",
    "export_formats/youtube_studio_table_geography.csv": SUMS,
    "export_formats/youtube_studio_totals_daily.csv": A_DAY,
    "facebook_pages_2016/discoverychannel_facebook_statuses.csv": "a header and no rows",
    "facebook_pages_2016/oreo_facebook_statuses.csv": "a header and no rows",
    "idol_followers_4networks_2026/profiles.json": "This file is JSON, not a table.",
    "reach_facebook_cosmetics_2014/dataset_Facebook.csv": (
        "It has no column for the id or link of a post and none for the time of publishing"
    ),
    "reach_instagram_creator_119/Instagram data.csv": (
        "It has no column for the id or link of a post and none for the time of publishing."
    ),
    "reach_meta_oigetit_2025/Audience.csv": "without the id and time of any post",
    "reach_meta_oigetit_2025/Follows.csv": "not how many followers there were",
    "reach_meta_oigetit_2025/Interactions.csv": A_DAY,
    "reach_meta_oigetit_2025/Reach.csv": A_DAY,
    "reach_meta_oigetit_2025/Views.csv": A_DAY,
    "reach_meta_oigetit_2025/Visits.csv": A_DAY,
    "reach_restaurant_3networks_2025/facebook_daily_follows.csv": "not how many followers there were",
    "reach_restaurant_3networks_2025/facebook_daily_viewers.csv": A_DAY,
    "reach_restaurant_3networks_2025/instagram_daily_follows.csv": "not how many followers there were",
    "reach_restaurant_3networks_2025/instagram_daily_reach.csv": A_DAY,
    "reach_restaurant_3networks_2025/tiktok_daily_audience.csv": "none says how many followed",
    "reach_restaurant_3networks_2025/tiktok_daily_overview.csv": "followers were gained, not how many there were",
    "stream_members_2026/followers.csv": "no handle or id on a network that Yardstick knows",
    "telegram_channels_2025/channels.csv": "It has no column for any count of a post",
    "youtube_tech_channels_2026/channels.csv": "none for the time of publishing",
    "youtube_trending_gb_2017/GBvideos.csv.gz": "it has no time of publishing",
}


@pytest.mark.parametrize("path", REFUSED)
def test_a_real_file_that_cannot_be_imported_is_refused_with_what_it_is_missing(shared_data, path):
    with pytest.raises(FileRefused) as refused:
        imports.read((shared_data / "data" / path).read_bytes())

    assert REFUSED[path] in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_no_real_file_is_forgotten(shared_data):
    known = {*REFUSED, *(table.path for table in POSTS), *(table.path for table in FOLLOWERS), "README.md"}
    folder = shared_data / "data"

    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert {path for path in there - known if not path.startswith("facebook_pages_2016/")} == set()


# --- facts that were measured ----------------------------------------------------------------------------------------


def test_posts_that_were_published_on_two_networks_at_once_agree_about_the_time(shared_data):
    """The clock of Meta is that of Los Angeles, the clock of TikTok is UTC: the same film went out within minutes."""
    folder = shared_data / "data" / RESTAURANT
    instagram = imports.read((folder / "instagram_posts_repaired.csv").read_bytes()).posts
    tiktok = imports.read((folder / "tiktok_videos.csv").read_bytes()).posts

    pairs = [
        abs((ours.post.published_at - theirs.post.published_at).total_seconds())
        for ours in tiktok
        for theirs in instagram
        if ours.post.text[:25] == theirs.post.text[:25] and ours.post.text
    ]

    assert len(pairs) >= 10
    assert statistics.median(pairs) < 15 * 60


def test_the_day_that_x_writes_is_that_of_the_moment_in_the_id(shared_data):
    path = shared_data / "data" / "export_formats" / "x_account_content_posts.csv"
    days = {row["Post id"]: utc(row["Date"], "%a, %b %d, %Y").date() for row in rows_of(path)}

    parsed = imports.read(path.read_bytes())

    assert {row.post.external_id: row.post.published_at.astimezone(UTC).date() for row in parsed.posts} == days
