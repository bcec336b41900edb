"""Every real export and table that imports: where its columns stand, read with nothing but the standard library."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path

from tests.real.plain import excel_day, from_id, los_angeles, rows_of, sheet_of, utc

Plain = dict[str, str]
Read = Callable[[Path], list[Plain]]


def last(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


@dataclass(frozen=True, kw_only=True)
class Posts:
    """A table of posts: where its id, its time and its counts stand. `bad` are lines without what a post needs.

    `text` is None where the table has no words.
    """

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
    kind: Callable[[Plain], str] = lambda _row: "other"
    text: Callable[[Plain], str] | None = None
    tags: Callable[[Plain], list[str]] = lambda _row: []  # where they stand beside the text
    more: Mapping[str, Callable[[Plain], object]] = field(default_factory=dict)


def words(*columns: str) -> Callable[[Plain], str]:
    """What stands in the first of these columns that has anything."""
    return lambda row: next((text for column in columns if (text := row.get(column, "").strip())), "")


META_KINDS = {"Photos": "photo", "IG image": "photo", "Reels": "video", "IG reel": "video", "IG carousel": "album"}
META_KINDS |= {"Links": "link"}


def meta(
    path: str,
    format_: str,
    rows: int,
    counts: Mapping[str, str],
    *,
    bad: int = 0,
    read: Read = rows_of,
    id_: str = "Post ID",
    text: tuple[str, ...] = ("Description", "Title"),
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
        kind=lambda row: META_KINDS[row["Post type"]] if "Post type" in row else "video",
        text=words(*text),
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
        kind=lambda row: "video" if {"reel", "tv"} & {*row["Link"].split("/")} else "other",
        text=words("Message"),
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
        kind=lambda _row: "video",
        text=words("Video title"),
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
        kind=lambda _row: "video",
        text=words("title"),
        more={"counted_at": lambda row: datetime.fromisoformat(row["snapshot_utc"])},
    )


def once(path: Path) -> list[Plain]:
    """A post once, whatever the number of kinds of its reactions."""
    return [*{row["post_id"]: row for row in rows_of(path)}.values()]


def kind_on_x(row: Plain) -> str:
    """What the lists in a row of the data set of X say."""
    photos, quoted = json.loads(row["photos"]) or [], json.loads(row["quoted_post"]) or {}
    if quoted.get("post_id"):
        return "quote"
    if json.loads(row["videos"]):
        return "video"
    if photos:
        return "album" if len(photos) > 1 else "photo"
    return "text" if row["external_url"] in {"", "null"} else "link"


META = "reach_meta_oigetit_2025"
RESTAURANT = "reach_restaurant_3networks_2025"

POSTS = [
    meta(f"{META}/facebook_posts_Jan-14-2025_Apr-14-2025.csv", "meta_facebook_posts", 261, PAGE_COUNTS),
    meta(f"{META}/facebook_posts_Mar-18-2025_Apr-14-2025_views_twice.csv", "meta_facebook_posts", 48, PAGE_COUNTS),
    meta(f"{META}/instagram_posts_Mar-18-2025_Apr-14-2025.csv", "meta_instagram_posts", 78, ACCOUNT_COUNTS),
    meta(f"{RESTAURANT}/instagram_posts_repaired.csv", "meta_instagram_posts", 57, ACCOUNT_COUNTS, bad=1),
    meta(
        f"{RESTAURANT}/facebook_videos_repaired.csv",
        "meta_facebook_videos",
        45,
        VIDEO_COUNTS,
        id_="Video asset ID",
        text=("Title",),
    ),
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
        text=("Title",),
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
        text=words("Post text"),
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
        kind=lambda row: "photo" if "/photo/" in row["Video link"] else "video",
        text=words("Video title"),
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
        kind=lambda _row: "video",
        text=words("title"),
    ),
    Posts(
        path="telegram_channels_2025/posts.csv.gz",
        format="telegram_posts",
        rows=1330,
        id=lambda row: row["id"],
        time=lambda row: utc(row["datetime"]),
        counts={},
        text=words("text"),
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
        text=lambda row: unescape(row["text"].strip()),
        read=lambda path: rows_of(path, encoding="latin-1"),
    ),
    Posts(
        path="facebook_fact_check_2016/facebook-fact-check.csv",
        format="facebook_fact_check_2016",
        rows=1552,
        id=lambda row: row["post_id"],
        time=lambda row: utc(row["Date Published"], "%Y-%m-%d"),
        counts={"reactions": "reaction_count", "comments": "comment_count", "shares": "share_count"},
        kind=lambda row: row["Post Type"],
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
        kind=kind_on_x,
        tags=lambda row: json.loads(row["hashtags"]) or [],
        text=words("description"),
    ),
]


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
    read: Read = rows_of
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
