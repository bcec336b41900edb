"""Every real export and table: what the readers make of it equals a computation with `csv` and `statistics` alone."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmark import imports
from benchmark.imports import FileRefused, PostRow
from tests.real.plain import count, excel_day, from_id, los_angeles, rows_of, sheet_of, utc

Plain = dict[str, str]
Read = Callable[[Path], list[Plain]]

PARTS = ("reactions", "comments", "shares", "quotes", "saves", "views")
INSIGHTS = ("reach", "impressions")


def last(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


@dataclass(frozen=True, kw_only=True)
class Posts:
    """A table of posts: where its id, its time and its counts stand. `bad` are lines without what a post needs."""

    path: str
    format: str
    id: Callable[[Plain], str]
    time: Callable[[Plain], datetime]
    counts: Mapping[str, str]
    rows: int
    bad: int = 0
    read: Read = rows_of
    is_post: Callable[[Plain], bool] = lambda _row: True
    good: Callable[[Plain], bool] = lambda _row: True
    network: str = ""
    more: Mapping[str, Callable[[Plain], object]] = field(default_factory=dict)


def meta(
    path: str,
    format_: str,
    rows: int,
    counts: Mapping[str, str],
    *,
    bad: int = 0,
    read: Read = rows_of,
    id_: str = "Post ID",
) -> Posts:
    return Posts(
        path=path,
        format=format_,
        rows=rows,
        bad=bad,
        counts=counts,
        read=read,
        id=lambda row: row[id_],
        time=lambda row: los_angeles(row["Publish time"]),
        good=lambda row: bool(row["Page ID" if "Page ID" in row else "Account ID"]),
    )


PAGE_COUNTS = {
    "reactions": "Reactions",
    "comments": "Comments",
    "shares": "Shares",
    "views": "Views",
    "reach": "Reach",
}
ACCOUNT_COUNTS = PAGE_COUNTS | {"reactions": "Likes", "saves": "Saves"}
VIDEO_COUNTS = {"reactions": "Reactions", "comments": "Comments", "shares": "Shares", "reach": "Reach"}


def unwrapped(path: Path) -> list[Plain]:
    """The repaired copy of a file that a spreadsheet had damaged."""
    names = {"meta_instagram_posts": "instagram_posts", "meta_facebook_videos": "facebook_videos"}
    name = names[path.name.partition("_rewrapped")[0]]
    return rows_of(path.parent.parent / "reach_restaurant_3networks_2025" / f"{name}_repaired.csv")


def karma(name: str, rows: int) -> Posts:
    is_workbook = name.endswith("xlsx")
    return Posts(
        path=f"instagram_governments_br/{name}",
        format="fanpage_karma",
        rows=rows,
        counts={"reactions": "Likes per post", "comments": "Comments per post"},
        read=sheet_of if is_workbook else rows_of,
        id=lambda row: last(row["Link"]),
        time=lambda row: excel_day(row["Date"]) if is_workbook else utc(row["Date"]),
    )


def studio(path: str, rows: int, id_: str, time: str, counts: Mapping[str, str], *, bad: int = 0) -> Posts:
    return Posts(
        path=path,
        format="youtube_studio",
        rows=rows,
        bad=bad,
        id=lambda row: row[id_].strip(),
        time=lambda row: utc(row[time], "%b %d, %Y"),
        counts=counts,
        is_post=lambda row: row[id_] != "Total" and not row[id_].startswith("Showing"),
        good=lambda row: bool(row[time]) and row[id_] != "#NAME?",
    )


def tracked(month: str, rows: int) -> Posts:
    return Posts(
        path=f"youtube_tech_channels_2026/videos_{month}.csv",
        format="youtube_tracker_videos",
        rows=rows,
        id=lambda row: row["video_id"],
        time=lambda row: datetime.fromisoformat(row["published_at"]),
        counts={"reactions": "like_count", "comments": "comment_count", "views": "view_count"},
        more={"counted_at": lambda row: datetime.fromisoformat(row["snapshot_utc"])},
    )


def once(path: Path) -> list[Plain]:
    """A post once, whatever the number of kinds of its reactions."""
    return [*{row["post_id"]: row for row in rows_of(path)}.values()]


META = "reach_meta_oigetit_2025"
RESTAURANT = "reach_restaurant_3networks_2025"

POSTS = [
    meta(f"{META}/facebook_posts_Jan-14-2025_Apr-14-2025.csv", "meta_facebook_posts", 261, PAGE_COUNTS),
    meta(f"{META}/facebook_posts_Mar-18-2025_Apr-14-2025_views_twice.csv", "meta_facebook_posts", 48, PAGE_COUNTS),
    meta(f"{META}/instagram_posts_Mar-18-2025_Apr-14-2025.csv", "meta_instagram_posts", 78, ACCOUNT_COUNTS),
    meta(f"{RESTAURANT}/instagram_posts_repaired.csv", "meta_instagram_posts", 57, ACCOUNT_COUNTS, bad=1),
    meta(f"{RESTAURANT}/facebook_videos_repaired.csv", "meta_facebook_videos", 45, VIDEO_COUNTS, id_="Video asset ID"),
    meta(
        "export_formats/meta_instagram_posts_rewrapped_by_spreadsheet.csv",
        "meta_instagram_posts",
        57,
        ACCOUNT_COUNTS,
        bad=1,
        read=unwrapped,
    ),
    meta(
        "export_formats/meta_facebook_videos_rewrapped_by_spreadsheet.csv",
        "meta_facebook_videos",
        45,
        VIDEO_COUNTS,
        read=unwrapped,
        id_="Video asset ID",
    ),
    Posts(
        path="export_formats/x_account_content_posts.csv",
        format="x_content",
        rows=201,
        id=lambda row: row["Post id"],
        time=lambda row: from_id(row["Post id"]),
        counts={
            "reactions": "Likes",
            "comments": "Replies",
            "shares": "Reposts",
            "saves": "Bookmarks",
            "views": "Impressions",
            "impressions": "Impressions",
        },
    ),
    studio(
        "export_formats/youtube_studio_table_content_basic.csv",
        499,
        "Content",
        "Video publish time",
        {"views": "Views", "impressions": "Impressions"},
        bad=1,
    ),
    studio(
        "export_formats/youtube_studio_table_content_extended.csv",
        68,
        "Content",
        "Video publish time",
        {"reactions": "Likes", "shares": "Shares", "views": "Views", "impressions": "Impressions"},
        bad=3,
    ),
    studio(
        "reach_youtube_kenjee_2022/Aggregated_Metrics_By_Video.csv",
        223,
        "Video",
        "Video pub\u00adlish time",
        {
            "reactions": "Likes",
            "comments": "Com\u00adments ad\u00added",
            "shares": "Shares",
            "views": "Views",
            "impressions": "Im\u00adpres\u00adsions",
        },
    ),
    Posts(
        path=f"{RESTAURANT}/tiktok_videos.csv",
        format="tiktok_videos",
        rows=51,
        id=lambda row: last(row["Video link"]),
        time=lambda row: utc(row["Post time"], "%Y/%m/%d %H:%M:%S"),
        counts={
            "reactions": "Likes",
            "comments": "Comments",
            "shares": "Shares",
            "saves": "Add to Favorites",
            "views": "Video views",
        },
    ),
    karma("gov_df.csv", 2041),
    karma("govba.csv.gz", 1789),
    karma("governoSP.csv.gz", 2047),
    karma("governo_Es.csv.gz", 1515),
    karma("governo_rs.csv.gz", 2616),
    karma("governodoceara.csv.gz", 1887),
    karma("governogoias.csv.gz", 1809),
    karma("governomg.csv.gz", 1518),
    karma("governoparana.csv.gz", 2771),
    karma("governope.csv.gz", 2199),
    karma("GovernoSC.xlsx", 2559),
    karma("govrj.xlsx", 3516),
    tracked("2026-01", 2882),
    tracked("2026-02", 4429),
    Posts(
        path="stream_members_2026/youtube_videos.csv",
        format="youtube_videos_of_members",
        rows=3524,
        id=lambda row: row["video_id"],
        time=lambda row: utc(row["published_at"], "%Y-%m-%d"),
        counts={"reactions": "like_count", "views": "view_count"},
    ),
    Posts(
        path="telegram_channels_2025/posts.csv.gz",
        format="telegram_posts",
        rows=1330,
        id=lambda row: row["id"],
        time=lambda row: utc(row["datetime"]),
        counts={},
    ),
    Posts(
        path="telegram_channels_2025/post_reactions.csv",
        format="telegram_reactions",
        rows=844,
        id=lambda row: row["post_id"],
        time=lambda row: utc(row["post_datetime"]),
        counts={"reactions": "react_cnt_sum", "views": "current_views"},
        read=once,
        more={"counted_at": lambda row: utc(row["datetime_format"])},
    ),
    Posts(
        path="twitter_ratio_2017/BarackObama.csv",
        format="tweets_2017",
        rows=3207,
        id=lambda row: last(row["url"]),
        time=lambda row: utc(row["created_at"], "%m/%d/%y %H:%M"),
        counts={"reactions": "favorites", "comments": "replies", "shares": "retweets"},
        read=lambda path: rows_of(path, encoding="latin-1"),
    ),
    Posts(
        path="facebook_fact_check_2016/facebook-fact-check.csv",
        format="facebook_fact_check_2016",
        rows=1552,
        id=lambda row: row["post_id"],
        time=lambda row: utc(row["Date Published"], "%Y-%m-%d"),
        counts={"reactions": "reaction_count", "comments": "comment_count", "shares": "share_count"},
    ),
    Posts(
        path="reach_x_brand_posts_2024/posts.csv",
        format="x_dataset_posts",
        rows=739,
        id=lambda row: row["id"],
        time=lambda row: datetime.fromisoformat(row["date_posted"].strip('"')),
        counts={
            "reactions": "likes",
            "comments": "replies",
            "shares": "reposts",
            "quotes": "quotes",
            "saves": "bookmarks",
            "views": "views",
        },
    ),
]


def told(row: PostRow, name: str) -> int | None:
    value: int | None = getattr(row if name in INSIGHTS else row.post, name)
    return value


@pytest.mark.parametrize("table", POSTS, ids=lambda table: table.path)
def test_every_post_of_a_real_table_is_read_with_its_time_and_its_counts(shared_data, table):
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


# --- followers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Followers:
    """A series of followers: whose a row is, when it was counted, and how many they were."""

    path: str
    format: str
    rows: int
    who: Callable[[Plain], str | None]
    time: Callable[[Plain], datetime]
    followers: str
    network: Callable[[Plain], str | None] = lambda _row: None
    further: Mapping[str, str] = field(default_factory=dict)


FOLLOWERS = [
    Followers(
        path="bluesky_followers_cgdev/followers.csv",
        format="follower_series",
        rows=142,
        who=lambda _row: None,
        time=lambda row: utc(row["timestamp"], "%Y-%m-%d %H:%M:%S UTC"),
        followers="followers",
        further={"following": "following", "posts": "posts"},
    ),
    Followers(
        path="instagram_hourly_followers_2026/followers.csv",
        format="follower_series",
        rows=538,
        who=lambda row: row["username"],
        time=lambda row: datetime.fromisoformat(row["timestamp"]),
        followers="followers",
    ),
    Followers(
        path="idol_followers_4networks_2026/follower_history.csv",
        format="followers_by_network",
        rows=1680,
        who=lambda row: row["Idol_Name"],
        time=lambda row: utc(f"{row['Date']} {row['Timestamp']}"),
        followers="Follower_Count",
        network=lambda row: row["Platform"].lower(),
    ),
    Followers(
        path="telegram_channels_2025/subscribers.csv.gz",
        format="telegram_subscribers",
        rows=12_204,
        who=lambda row: row["channel_name"],
        time=lambda row: utc(row["datetime"], "%Y-%m-%d %H:%M:%S.%f"),
        followers="subs_cnt",
    ),
    Followers(
        path="youtube_tech_channels_2026/daily_snapshots.csv",
        format="youtube_tracker_days",
        rows=3077,
        who=lambda row: row["channel_id"],
        time=lambda row: utc(row["date_utc"], "%Y-%m-%d"),
        followers="subscribers",
        further={"posts": "videos"},
    ),
]


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
    "export_formats/formats.json": "It has no column for the id or link of a post and none for the time of publishing",
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
    "idol_followers_4networks_2026/profiles.json": "It has no column for the id or link of a post",
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
