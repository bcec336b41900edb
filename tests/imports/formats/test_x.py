"""X account analytics, old and new, and the tweet activity of Twitter Analytics."""

from datetime import UTC, datetime

import pytest

from tests.imports.drawing import drawn, owner, reasons_of

NEW = "Post id | Date | Post text | Post Link | Impressions | Likes | Bookmarks | Shares | Replies | Reposts"
OLD = "Post id | Date | Post text | Link | Impressions | Likes | Bookmarks | Share | Replies | Reposts"

# (1 767 225 600 000 ms, which is 2026-01-01, minus the first millisecond of X's ids) times 2^22, and an hour later
NEW_YEAR = (1_767_225_600_000 - 1_288_834_974_657) << 22
AN_HOUR_LATER = NEW_YEAR + (3_600_000 << 22)


@pytest.mark.parametrize("header", [NEW, OLD])
def test_a_post_becomes_a_record_whose_time_is_in_its_id(header):
    parsed = drawn(
        f"""
        {header}
        {AN_HOUR_LATER} | Thu; Jan 1; 2026 | Tide | https://x.com/i/status/{AN_HOUR_LATER} | 900 | 7 | 4 | 3 | 2 | 1
    """.replace(";", ",")
    )

    (row,) = parsed.posts
    assert (parsed.format.key, [*parsed.networks], row.owner) == ("x_content", ["x"], None)
    assert row.post.published_at == datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
    assert (row.post.reactions, row.post.comments, row.post.shares, row.post.saves) == (7, 2, 1, 4)
    assert (row.post.views, row.impressions) == (900, 900)


def test_a_rounded_id_is_taken_from_the_link():
    parsed = drawn(f"""
        {NEW}
        2.08364E+18 | Thu, Jan 1, 2026 | Tide | https://x.com/i/status/{NEW_YEAR} | 900 | 7 | 4 | 3 | 2 | 1
        2.08364E+18 | Thu, Jan 1, 2026 | Tide |                                   | 900 | 7 | 4 | 3 | 2 | 1
    """)

    assert [row.post.external_id for row in parsed.posts] == [str(NEW_YEAR)]
    assert reasons_of(parsed) == [(3, "Post id “2.08364E+18” was rounded by a spreadsheet. Export it as text")]


def test_an_id_of_another_day_is_a_bad_row():
    parsed = drawn(f"""
        {NEW}
        {NEW_YEAR} | Sat, Aug 1, 2026 | Tide | | 900 | 7 | 4 | 3 | 2 | 1
    """)

    assert reasons_of(parsed) == [
        (2, f"the id “{NEW_YEAR}” was given out on 2026-01-01, and Date says “Sat, Aug 1, 2026”")
    ]


def test_an_id_from_before_ids_told_the_time_has_the_day_alone():
    parsed = drawn(f"""
        {NEW}
        20 | Tue, Mar 21, 2006 | just setting up | | 900 | 7 | 4 | 3 | 2 | 1
    """)

    assert parsed.posts[0].post.published_at == datetime(2006, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize("reactions", ["favorites", "likes"])
def test_tweet_activity_is_read_with_its_rounded_ids_and_dashes(reactions):
    parsed = drawn(f"""
        Tweet id | Tweet permalink                                       | Tweet text | time                   | impressions | engagements | retweets | replies | {reactions} | promoted impressions
        6.49E+17 | https://twitter.com/harbour/status/649000000000000001 | Tide       | 2015-09-30 00:30 +0000 | 424.0       | 9.0         | 3.0      | 2.0     | 1.0         | -
        6.49E+17 | https://twitter.com/harbour/status/649000000000000002 | Ebb        | 2015-09-30 08:30 +0000 | -           | -           | -        | -       | -           | -
    """)  # noqa: E501

    row, second = parsed.posts
    assert parsed.format.key == "x_tweet_activity"
    assert (row.post.external_id, owner(row).handle) == ("649000000000000001", "harbour")
    assert row.post.published_at == datetime(2015, 9, 30, 0, 30, tzinfo=UTC)
    assert (row.impressions, row.post.reactions, row.post.comments, row.post.shares) == (424, 1, 2, 3)
    assert (second.impressions, second.post.reactions) == (None, None)
