"""TikTok's answers become these records, and its windows of thirty days these questions."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.networks.base import (
    Answer,
    Gone,
    Kind,
    NeedsAttention,
    NetworkError,
    PostRecord,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.tiktok import ACCOUNT_FIELDS, FIRST_DAY, TIKTOK, VIDEO_FIELDS, made_on
from tests.networks.official import integers, texts
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn
from tests.servers.tiktok import video_id

HOST = "open.tiktokapis.com"
ACCOUNT = f"https://{HOST}/v2/research/user/info/"
VIDEOS = f"https://{HOST}/v2/research/video/query/"
NAME = "example_username"
OK = {"code": "ok", "message": "", "log_id": "1"}

# What belongs to an account's owner: asked by nobody here.
OF_THE_OWNER = {"display_user_info", "display_video_list"}

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_rate_limit": (TryLater, "rate_limited"),
    "error_scope": (NeedsAttention, "credential_refused"),
    "error_token_invalid": (NeedsAttention, "credential_refused"),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/tiktok/examples" / f"{case}.json", host=HOST)


def test_a_recorded_account_becomes_its_record(shared_data):
    get = in_turn("tiktok", [recorded(shared_data, "research_user_info")])

    assert TIKTOK.profile(get, NAME) == ProfileRecord(
        external_id=NAME,
        handle=NAME,
        name="joe 1234567",
        url=f"https://www.tiktok.com/@{NAME}",
        description="joe joe",
        avatar_url="https://p16.example/avatar.jpeg",
        followers=111,
        following=103,
        posts=64,
        verified=False,
    )
    assert get.asked == [(ACCOUNT, {"fields": ACCOUNT_FIELDS})]
    assert get.posted == [{"username": NAME}]


def test_recorded_videos_become_records(shared_data):
    answers = [recorded(shared_data, case) for case in ("research_user_info", "research_video_query_page1")]

    page = next(iter(TIKTOK.posts(in_turn("tiktok", answers), NAME)))

    assert page.posts == (
        PostRecord(
            external_id="7028743950684949650",
            url=f"https://www.tiktok.com/@{NAME}/video/7028743950684949650",
            published_at=datetime(2026, 8, 31, 18, 13, 20, tzinfo=UTC),
            kind=Kind.VIDEO,
            text="lol #pov #avengers",
            hashtags=("avengers", "pov"),
            reactions=132,
            comments=2,
            shares=5,
            saves=9,
            views=1050,
        ),
        PostRecord(
            external_id="7028743950684949651",
            url=f"https://www.tiktok.com/@{NAME}/video/7028743950684949651",
            published_at=datetime(2026, 8, 30, 14, 26, 40, tzinfo=UTC),
            kind=Kind.VIDEO,
            reactions=0,
            comments=0,
            shares=0,
            saves=0,
            views=12,
        ),
    )
    assert page.reads_down_to == datetime(2026, 8, 30, 14, 26, 40, tzinfo=UTC)  # there is more of this window


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        TIKTOK.find(in_turn("tiktok", [recorded(shared_data, case)]), NAME)
    assert caught.value.code == code


@pytest.mark.parametrize("case", sorted(OF_THE_OWNER))
def test_an_answer_of_the_owners_own_api_is_never_taken_for_an_account(shared_data, case):
    with pytest.raises(UnexpectedAnswer):
        TIKTOK.find(in_turn("tiktok", [recorded(shared_data, case)]), NAME)


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/tiktok/examples").glob("*.json")}

    assert files == {*ERRORS, *OF_THE_OWNER, "research_user_info", "research_video_query_page1"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def account(**figures: Any) -> Answer:
    return drawn_answer({"data": {"display_name": "Bakery"} | figures, "error": OK})


def video(number: int, **changes: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("like_count", "comment_count", "share_count", "favorites_count", "view_count"), number)
    return {"id": number, "create_time": 1_790_000_000 - number * 60, "video_description": "Bread"} | counts | changes


def window(*videos: dict[str, Any], **paging: Any) -> Answer:
    body = {"videos": list(videos), "cursor": len(videos), "search_id": "s", "has_more": False}
    return drawn_answer({"data": body | paging, "error": OK})


def asked_after(get: Playback) -> list[dict[str, Any]]:
    """The questions for videos, without what stands in all of them."""
    same = {
        "query": {"and": [{"operation": "EQ", "field_name": "username", "field_values": ["bakery"]}]},
        "max_count": 100,
    }
    assert get.asked[0][0] == ACCOUNT
    assert set(map(str, get.asked[1:])) == {str((VIDEOS, {"fields": VIDEO_FIELDS}))}
    assert all(posted.items() >= same.items() for posted in get.posted[1:])
    return [{name: value for name, value in posted.items() if name not in same} for posted in get.posted[1:]]


def test_windows_of_thirty_days_are_asked_for_from_the_day_of_the_answer_backwards():
    get = in_turn("tiktok", [account(), *[window()] * 3])

    reached = [page.reads_down_to for page in islice(TIKTOK.posts(get, "bakery"), 3)]

    assert asked_after(get) == [
        {"start_date": "20261022", "end_date": "20261121", "cursor": 0},
        {"start_date": "20260922", "end_date": "20261022", "cursor": 0},
        {"start_date": "20260823", "end_date": "20260922", "cursor": 0},
    ]
    assert reached == [
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 9, 22, tzinfo=UTC),
        datetime(2026, 8, 23, tzinfo=UTC),
    ]


def test_a_list_that_nobody_stops_ends_where_no_video_can_be_older():
    get = Playback("tiktok", lambda url, _: account() if url == ACCOUNT else window())

    *_, last = TIKTOK.posts(get, "bakery")

    windows = [datetime.strptime(asked["start_date"], "%Y%m%d").date() for asked in asked_after(get)]  # noqa: DTZ007
    assert last.reads_down_to is not None
    assert windows[-1] == last.reads_down_to.date() <= FIRST_DAY < windows[-2]


def test_a_short_or_empty_page_is_not_the_end_of_its_window():
    answers = [
        account(),
        window(video(1), cursor=100, search_id="s1", has_more=True),
        window(cursor=200, search_id="s1", has_more=True),
        window(video(2), cursor=300, search_id="s1"),
        window(),
    ]
    get = in_turn("tiktok", answers)

    pages = list(islice(TIKTOK.posts(get, "bakery"), 4))

    assert [[post.external_id for post in page.posts] for page in pages] == [["1"], [], ["2"], []]
    assert [page.reads_down_to for page in pages] == [
        datetime.fromtimestamp(1_790_000_000 - 60, UTC),
        None,  # nothing is proved by it
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 9, 22, tzinfo=UTC),
    ]
    assert [(asked["cursor"], asked.get("search_id")) for asked in asked_after(get)] == [
        (0, None),
        (100, "s1"),
        (200, "s1"),
        (0, None),
    ]


def test_a_cursor_that_repeats_ends_its_window():
    again = window(video(1), cursor=100, search_id="s1", has_more=True)
    get = in_turn("tiktok", [account(), again, again, window(video(2))])

    pages = list(islice(TIKTOK.posts(get, "bakery"), 3))

    assert [[post.external_id for post in page.posts] for page in pages] == [["1"], [], ["2"]]
    assert asked_after(get)[2]["end_date"] == "20261022"


def test_a_window_that_goes_on_without_an_end_is_given_up():
    def answers(url, _):
        return account() if url == ACCOUNT else window(cursor=len(get.asked), has_more=True)

    get = Playback("tiktok", answers)

    with pytest.raises(UnexpectedAnswer):
        list(TIKTOK.posts(get, "bakery"))
    assert len(get.asked) < 15


def test_a_video_of_the_day_that_two_windows_share_comes_once():
    get = in_turn("tiktok", [account(), window(video(1), video(2)), window(video(2), video(3))])

    pages = list(islice(TIKTOK.posts(get, "bakery"), 2))

    assert [[post.external_id for post in page.posts] for page in pages] == [["1", "2"], ["3"]]


def test_known_videos_are_asked_for_in_the_days_that_their_ids_tell():
    days = (0, 9, 19, 20, 21, 22, 42)  # from the first of January on
    ids = [video_id(datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC) + timedelta(days=day)) for day in days]
    shown = video(1, id=ids[1], username="Bakery", create_time=int(datetime(2026, 1, 11, tzinfo=UTC).timestamp()))
    get = in_turn("tiktok", [window(shown), window(), window()])

    pages = TIKTOK.refresh(get, [str(number) for number in reversed(ids)])

    assert [[(post.external_id, post.url) for post in page.posts] for page in pages] == [
        [(str(ids[1]), f"https://www.tiktok.com/@bakery/video/{ids[1]}")],
        [],
        [],
    ]
    assert [page.reads_down_to for page in pages] == [None] * 3  # the list is read for that, not single videos
    assert set(map(str, get.asked)) == {str((VIDEOS, {"fields": VIDEO_FIELDS}))}
    conditions = [posted.pop("query") for posted in get.posted]
    assert conditions == [
        {"and": [{"operation": "IN", "field_name": "video_id", "field_values": list(map(str, asked))}]}
        for asked in (ids[:4], ids[4:6], ids[6:])
    ]
    assert [(posted["start_date"], posted["end_date"], posted["max_count"]) for posted in get.posted] == [
        ("20260101", "20260131", 100),
        ("20260122", "20260202", 100),
        ("20260212", "20260222", 100),
    ]


def test_no_question_about_known_videos_reaches_into_the_future():
    before = datetime.now(UTC)
    ids = [str(video_id(before - timedelta(days=days))) for days in (1, 19, 45)]
    get = in_turn("tiktok", [window(), window()])

    TIKTOK.refresh(get, ids)

    today = {f"{moment:%Y%m%d}" for moment in (before, datetime.now(UTC))}
    assert [len(posted["query"]["and"][0]["field_values"]) for posted in get.posted] == [1, 2]
    assert get.posted[0]["end_date"] == f"{before - timedelta(days=35):%Y%m%d}"
    assert get.posted[1]["end_date"] in today


def test_no_question_is_about_more_videos_than_one_answer_can_bring():
    ids = [str(video_id(datetime(2026, 1, 1, tzinfo=UTC), number)) for number in range(101)]
    get = in_turn("tiktok", [window(), window()])

    TIKTOK.refresh(get, ids)

    assert [len(posted["query"]["and"][0]["field_values"]) for posted in get.posted] == [100, 1]


def test_real_videos_bear_the_moment_of_their_upload_in_their_ids(shared_data):
    with (shared_data / "data/reach_restaurant_3networks_2025/tiktok_videos.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))

    days_later = [
        datetime.strptime(row["Post time"], "%Y/%m/%d %H:%M:%S").date()  # noqa: DTZ007 (it is UTC)
        - made_on(int(row["Video link"].rpartition("/")[2]))
        for row in rows
    ]
    assert len(rows) == 51
    assert set(days_later) == {timedelta(0)}


def test_ids_of_64_bits_are_kept_to_the_last_digit():
    get = in_turn("tiktok", [account(), window(video(1, id=2**63 - 1), video(2, id=9_007_199_254_740_993))])

    page = next(iter(TIKTOK.posts(get, "bakery")))

    assert [post.external_id for post in page.posts] == ["9223372036854775807", "9007199254740993"]


def test_a_count_that_is_missing_is_unknown_and_not_zero():
    bare = {"id": 5, "create_time": 1_790_000_000}
    get = in_turn("tiktok", [account(follower_count=0), window(bare, bare | {"id": 4, "like_count": 0})])

    first, second = next(iter(TIKTOK.posts(get, "bakery"))).posts

    assert (first.reactions, first.comments, first.shares, first.saves, first.views) == (None,) * 5
    assert (second.reactions, second.comments) == (0, None)
    found = TIKTOK.find(in_turn("tiktok", [account(follower_count=0)]), "bakery")
    assert (found.followers, found.following, found.posts) == (0, None, None)


def test_a_name_that_nobody_has_any_more_is_no_account_without_videos():
    refused = drawn_answer({"data": {}, "error": {"code": "invalid_params", "message": "User not found"}}, status=400)
    get = in_turn("tiktok", [refused])

    with pytest.raises(Gone):
        list(TIKTOK.posts(get, "bakery"))
    assert len(get.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "expected"),
    [
        (400, "invalid_params", "The username cannot be found", Gone, "profile_not_found"),
        (400, "invalid_params", "This user is private", NeedsAttention, "profile_private"),
        (400, "invalid_params", "Search Id 73 is invalid or expired", TryLater, "network_unavailable"),
        (400, "invalid_params", "Invalid count or cursor", TryLater, "network_unavailable"),
        (400, "invalid_params", "fields is invalid", UnexpectedAnswer, "unexpected_answer"),
        (400, "scope_permission_missed", "", NeedsAttention, "credential_refused"),
        (401, "access_token_invalid", "", NeedsAttention, "credential_refused"),
        (401, "scope_not_authorized", "", NeedsAttention, "credential_refused"),
        (429, "rate_limit_exceeded", "", TryLater, "rate_limited"),
        (429, "daily_quota_limit_exceeded", "", TryLater, "quota_used_up"),
        (500, "internal_error", "", TryLater, "network_unavailable"),
        (200, "internal_error", "", TryLater, "network_unavailable"),
        (200, "rate_limit_exceeded", "", TryLater, "rate_limited"),
        (200, "invalid_params", "The username cannot be found", Gone, "profile_not_found"),
        (200, "something_new", "", UnexpectedAnswer, "unexpected_answer"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy_whatever_its_status(status, code, message, kind, expected):
    body = {"data": {}, "error": {"code": code, "message": message, "log_id": "1"}}

    with pytest.raises(kind) as caught:
        TIKTOK.find(in_turn("tiktok", [drawn_answer(body, status=status)]), "bakery")
    assert (type(caught.value), caught.value.code) == (kind, expected)


def test_a_good_answer_that_tells_nothing_is_no_account():
    with pytest.raises(UnexpectedAnswer):
        TIKTOK.find(in_turn("tiktok", [drawn_answer({"data": {}, "error": OK})]), "bakery")


def test_a_used_up_quota_comes_back_at_midnight_utc():
    body = {"data": {}, "error": {"code": "daily_quota_limit_exceeded", "message": ""}}

    with pytest.raises(TryLater) as caught:
        TIKTOK.find(in_turn("tiktok", [drawn_answer(body, status=429)]), "bakery")
    assert caught.value.after == timedelta(hours=5)
    assert (ARRIVED + caught.value.after).hour == 0


def test_those_who_read_about_the_key_are_told_whom_it_is_for():
    assert TIKTOK.key_need is not None
    assert "non-profit research only" in TIKTOK.key_need.how
    assert "non-profit research only" in TIKTOK.not_published_because


@settings(max_examples=60, deadline=None)
@given(
    given_figures=st.dictionaries(st.sampled_from(ACCOUNT_FIELDS.split(",")), integers | texts | st.none()),
    given_videos=st.lists(st.dictionaries(st.sampled_from(VIDEO_FIELDS.split(",")), integers | texts | st.none())),
)
def test_whatever_stands_in_the_fields_gives_records_or_an_error_by_remedy(given_figures, given_videos):
    get = in_turn("tiktok", [account(**given_figures), window(*given_videos), window(*given_videos)])
    try:
        page = next(iter(TIKTOK.posts(get, "bakery")))
        (again,) = TIKTOK.refresh(get, [str(2**62)])
    except NetworkError as error:
        assert error.sentence  # noqa: PT017 (an error is one of the two good outcomes)
        return
    assert {post.external_id for post in again.posts} == {post.external_id for post in page.posts}
    for post, given_video in zip(page.posts, given_videos, strict=False):
        assert post.external_id == str(given_video["id"]).strip()
        assert given_video.get("like_count") is not None or post.reactions is None
