"""Followers as plain CSV."""

from datetime import UTC, datetime

from benchmark.imports import FollowersRow, Owner
from tests.imports.drawing import drawn, reasons_of


def test_every_documented_column_becomes_a_part_of_the_reading():
    parsed = drawn("""
        profile | time             | followers | following | posts
        NASA    | 2026-03-01 12:00 | 25100000  | 70        | 9000
    """)

    assert parsed.followers == (
        FollowersRow(
            line=2,
            owner=Owner(key="nasa", handle="NASA"),
            read_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            followers=25_100_000,
            following=70,
            posts=9000,
        ),
    )
    assert parsed.posts == ()


def test_a_reading_without_followers_or_profile_says_nothing():
    parsed = drawn("""
        profile | time       | followers
        nasa    | 2026-03-01 |
                | 2026-03-01 | 5
        nasa    |            | 5
    """)

    assert reasons_of(parsed) == [(2, "followers is blank"), (3, "profile is blank"), (4, "time is blank")]


def test_the_later_of_two_rows_of_one_moment_wins_whatever_the_case_of_the_handle():
    parsed = drawn("""
        profile | time                 | followers
        NASA    | 2026-03-01T00:00:00Z | 5
        nasa    | 2026-03-01           | 6
    """)

    assert [row.followers for row in parsed.followers] == [6]
    assert parsed.duplicates == 1
