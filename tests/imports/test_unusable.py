"""Files that cannot be imported: each is refused with the words for what it is and what it is missing."""

import pytest

from benchmark import imports
from benchmark.imports import FileRefused
from tests.imports.drawing import csv_of, drawn


def refusal(file: bytes) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        imports.read(file)
    return refused.value.code, refused.value.sentence


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_a_daily_series_has_no_posts_and_no_total_of_followers(encoding):
    file = 'sep=,\n"Instagram follows"\n"Date","Primary"\n"2025-10-31T00:00:00","4"\n'

    assert refusal(file.encode(encoding)) == (
        "content_missing",
        (
            "This is a daily series of Meta Business Suite: it has one number a day for the whole account, without the "
            "id and time of any post; follows in it are new ones, not how many followers there were. There is nothing "
            "to import."
        ),
    )


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (["", "Women", "Men"], "an audience of Meta Business Suite: it has shares of an audience"),
        (
            ["Reels", "Multi-photo", "Photos", "Stories"],
            "a table of content formats of Meta Business Suite: it has sums",
        ),
        (["Date", "Video Views", "Profile Views", "Likes"], "an overview of TikTok Studio: it has one number a day"),
        (
            ["Date", "Video views", "Reached audience", "Profile views", "Net growth"],
            "an overview of a TikTok business account: it has one number a day",
        ),
        (
            ["Date", "Impressions", "Likes", "New follows", "Unfollows"],
            "an account overview of X: it has one number a day",
        ),
        (["Geography", "Views"], "a table by country of YouTube Studio: it has sums over posts"),
        (["Date", "Views"], "a chart of YouTube Studio (Totals.csv): it has one number a day"),
        (
            ["video_id", "title", "views", "likes", "comment_total", "thumbnail_link", "date"],
            "a list of trending YouTube videos: it has no time of publishing",
        ),
        (
            ["date", "member_id", "follower_count", "is_live"],
            "a list of follower counts of CHZZK channels: it has no handle",
        ),
    ],
)
def test_a_known_file_without_posts_and_followers_is_refused_by_its_name(header, what):
    code, sentence = refusal(csv_of(header, ["1"] * len(header)))

    assert code == "content_missing"
    assert sentence.startswith(f"This is {what}")


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (["Impressions", "Likes", "Comments"], "the id or link of a post and none for the time of publishing"),
        (["id", "likes", "comments"], "the time of publishing"),
        (["published_at", "likes", "comments"], "the id or link of a post"),
        (["Post id", "Date", "Words"], "any count of a post"),
        (["followers", "timestamps"], "the profile and none for the time of counting"),
        (["username", "followers"], "the time of counting"),
    ],
)
def test_an_unknown_file_is_refused_with_what_it_has_no_column_for(header, missing):
    code, sentence = refusal(csv_of(header, ["1"] * len(header)))

    assert code == "format_unknown"
    assert f"It has no column for {missing}. As plain CSV" in sentence


def test_a_table_of_shares_whose_decimals_became_dates_is_refused_as_damaged():
    file = "Age & gender;;\n;Women;Men\n18-24;3.май;1.апр\n45-54;15;6.юни\n".encode("cp1251")

    code, sentence = refusal(file)

    assert code == "numbers_became_dates"
    assert sentence.startswith("In “18-24” stands “3.май” where a number belongs:")


def test_a_table_with_days_of_its_own_is_not_taken_for_a_damaged_one():
    assert refusal(csv_of(["who", "day", "what"], ["Anna", "3-May", "came"]))[0] == "format_unknown"


def test_a_format_that_was_named_is_not_refused_for_what_it_looks_like():
    with pytest.raises(FileRefused) as refused:
        imports.read(csv_of(["Date", "Views"], ["2020-12-31", "5"]), "plain_posts")

    assert refused.value.code == "format_unknown"


def test_one_more_column_that_is_known_makes_posts_of_it():
    parsed = drawn("""
        video_id | published_at | view_count | date | views | comment_total | thumbnail_link | member_id
        a        | 2026-03-01   | 5          | 1.1  | 5     | 1             | x              | yuni
    """)

    assert parsed.rows == 1
