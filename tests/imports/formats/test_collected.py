"""Tables that collectors of public figures write: tweets, Pages, X, YouTube, Telegram, and series of followers."""

from datetime import UTC, datetime

from benchmark import imports
from benchmark.networks.base import Kind
from tests.imports.drawing import csv_of, drawn, owner, reasons_of


def test_tweets_of_2017_have_their_id_in_the_address_and_are_in_the_old_western_encoding():
    file = csv_of(
        ["created_at", "text", "url", "replies", "retweets", "favorites", "user"],
        [
            "10/2/17 9:41",
            "Café &amp; tide",
            "https://twitter.com/Harbour/status/914832655170011137",
            "2",
            "1",
            "7",
            "Harbour",
        ],
        encoding="latin-1",
    )

    parsed = imports.read(file)

    (row,) = parsed.posts
    assert (parsed.format.key, parsed.encoding, row.post.text) == ("tweets_2017", "latin-1", "Café & tide")
    assert (row.post.external_id, owner(row).handle) == ("914832655170011137", "Harbour")
    assert row.post.published_at == datetime(2017, 10, 2, 9, 41, tzinfo=UTC)
    assert (row.post.comments, row.post.shares, row.post.reactions) == (2, 1, 7)


def test_pages_of_the_fact_check_have_days_and_blanks_that_are_not_known():
    parsed = drawn("""
        account_id | post_id | Page    | Post URL                                    | Date Published | Post Type | share_count | reaction_count | comment_count
        777        | 9001    | Harbour | https://www.facebook.com/harbour/posts/9001 | 2016-09-19     | link      |             | 33             | 0
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (row.post.published_at, row.post.kind) == (datetime(2016, 9, 19, tzinfo=UTC), Kind.LINK)
    assert (row.post.shares, row.post.reactions, row.post.comments) == (None, 33, 0)
    assert (owner(row).id, owner(row).handle, owner(row).name) == ("777", "harbour", "Harbour")


def test_a_data_set_of_x_writes_lists_into_cells():
    header = [
        "id",
        "date_posted",
        "url",
        "description",
        "hashtags",
        "replies",
        "reposts",
        "likes",
        "quotes",
        "bookmarks",
    ]
    header += ["views", "photos", "videos", "quoted_post", "external_url"]
    row = [
        "11",
        '"2024-12-15T22:51:08.000Z"',
        "https://x.com/Harbour/status/11",
        "Tide",
        '["sea","ebb"]',
        "2",
        "1",
        "7",
    ]

    def kind(photos="null", videos="null", quoted='{"post_id":null}', external=""):
        return (
            imports.read(csv_of(header, [*row, "5", "4", "900", photos, videos, quoted, external])).posts[0].post.kind
        )

    (read,) = imports.read(csv_of(header, [*row, "5", "4", "900", "null", "null", "null", ""])).posts
    assert read.post.published_at == datetime(2024, 12, 15, 22, 51, 8, tzinfo=UTC)
    assert (read.post.hashtags, owner(read).handle) == (("sea", "ebb"), "Harbour")
    assert (read.post.quotes, read.post.saves, read.post.views) == (5, 4, 900)
    assert [
        kind(),
        kind(external="https://example.org"),
        kind('["a"]'),
        kind('["a","b"]'),
        kind("null", '[{"url":"a"}]'),
        kind("null", "null", '{"post_id":"9"}'),
        kind("[broken"),
    ] == [Kind.TEXT, Kind.LINK, Kind.PHOTO, Kind.ALBUM, Kind.VIDEO, Kind.QUOTE, Kind.TEXT]


def test_a_tracker_of_channels_says_when_it_counted():
    parsed = drawn("""
        snapshot_utc                     | channel_id               | channel_title | video_id    | published_at         | title | view_count | like_count | comment_count
        2026-01-28T00:26:46.333802+00:00 | UC0AFqXyYs1z2Dxx5jtQBicQ | Harbour       | YEmGXrX1bYA | 2026-01-22T17:01:02Z | Tide  | 1912       |            | 22
    """)  # noqa: E501

    (row,) = parsed.posts
    assert row.counted_at == datetime(2026, 1, 28, 0, 26, 46, 333802, tzinfo=UTC)
    assert (owner(row).id, owner(row).name, row.post.reactions, row.post.comments, row.post.views) == (
        "UC0AFqXyYs1z2Dxx5jtQBicQ",
        "Harbour",
        None,
        22,
        1912,
    )
    assert parsed.format.whole is False


def test_a_tracker_of_channels_has_their_days():
    parsed = drawn("""
        date_utc   | channel_id               | channel_title | subscribers | views | videos
        2026-01-17 | UC0AFqXyYs1z2Dxx5jtQBicQ | Harbour       | 115000      | 9     | 1393
        2026-01-18 | UC0AFqXyYs1z2Dxx5jtQBicQ | Port          |             | 9     | 1393
    """)

    assert [(row.read_at.day, row.followers, row.posts, owner(row).id) for row in parsed.followers] == [
        (17, 115_000, 1393, "UC0AFqXyYs1z2Dxx5jtQBicQ")
    ]
    assert reasons_of(parsed) == [(3, "subscribers is blank")]


def test_videos_of_a_group_belong_to_its_members():
    parsed = drawn("""
        video_id    | title | published_at | view_count | like_count | member_id | member_name
        GeAB3wbJabs | Tide  | 2026-04-12   | 900        | 7          | yuni      | Yuni
    """)

    (row,) = parsed.posts
    assert (owner(row).key, owner(row).name, owner(row).id, owner(row).handle) == ("yuni", "Yuni", None, None)
    assert (row.post.published_at, row.post.views) == (datetime(2026, 4, 12, tzinfo=UTC), 900)


def test_reactions_to_a_telegram_post_are_one_post_with_their_sum():
    parsed = drawn("""
        channel_name | post_datetime       | post_id | current_views | datetime_format     | reaction_type | react_cnt | react_cnt_sum
        Harbour      | 2025-01-08 14:19:39 | 17177   | 4280          | 2025-04-01 00:00:03 | heart         | 55.0      | 60.0
        Harbour      | 2025-01-08 14:19:39 | 17177   | 4280          | 2025-04-01 00:00:03 | fire          | 5.0       | 60.0
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (row.post.external_id, row.post.reactions, row.post.views) == ("17177", 60, 4280)
    assert row.counted_at == datetime(2025, 4, 1, 0, 0, 3, tzinfo=UTC)
    assert parsed.duplicates == 1


def test_the_clock_of_a_telegram_collector_may_be_named():
    file = csv_of(
        ["id", "channel_id", "datetime", "subs_cnt", "channel_name"], ["1", "1", "2025-01-01 04:00:02", "7", "Harbour"]
    )

    def moments(**how):
        return [row.read_at for row in imports.read(file, **how).followers]

    assert moments() == [datetime(2025, 1, 1, 4, 0, 2, tzinfo=UTC)]
    assert moments(zone="Europe/Moscow") == [datetime(2025, 1, 1, 1, 0, 2, tzinfo=UTC)]


def test_a_series_of_followers_may_name_its_profile_or_not():
    named = drawn("""
        timestamp                        | username | followers | delta
        2026-07-15T19:01:30.643942+00:00 | harbour  | 1000      | 0
    """)
    bare = drawn("""
        timestamp               | followers | following | posts
        2024-11-15 00:01:00 UTC | 15        |           |
    """)

    assert [(owner(row).handle, row.followers) for row in named.followers] == [("harbour", 1000)]
    assert named.followers[0].read_at == datetime(2026, 7, 15, 19, 1, 30, 643942, tzinfo=UTC)
    assert [(row.owner, row.followers, row.following) for row in bare.followers] == [(None, 15, None)]


def test_followers_on_many_networks_are_told_apart():
    parsed = drawn("""
        Date       | Timestamp | Idol_Name | Platform | Username                     | Follower_Count
        2026-07-01 | 12:00:00  | Alice     | Facebook | profile.php?id=6155626151487 | 1603
        2026-07-01 | 12:00:00  | Alice     | X        | alice                        | 370
        2026-07-01 | 12:00:00  | Alice     | Friendster | alice                      | 1
    """)

    assert parsed.networks == {"facebook", "x"}
    assert [(row.network, owner(row).handle, row.followers) for row in parsed.followers] == [
        ("facebook", "https://www.facebook.com/profile.php?id=6155626151487", 1603),
        ("x", "alice", 370),
    ]
    assert parsed.followers[0].read_at == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert reasons_of(parsed) == [(4, "Platform “Friendster” is no network that Yardstick knows")]
