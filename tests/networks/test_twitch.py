"""Twitch's answers, of its reference and of a client library, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

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
from benchmark.networks.keys import TOKEN, Question
from benchmark.networks.twitch import TWITCH
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn

HELIX = "https://api.twitch.tv/helix"
TWITCHDEV = "141981764"

CHANNEL = ProfileRecord(
    external_id=TWITCHDEV,
    handle="twitchdev",
    name="TwitchDev",
    url="https://www.twitch.tv/twitchdev",
    description=("Supporting third-party developers building Twitch integrations from chatbots to game integrations."),
    avatar_url=(
        "https://static-cdn.jtvnw.net/jtv_user_pictures/8a6381c7-d0c0-4576-b179-38bd5ce1d6af-profile_image-300x300.png"
    ),
    followers=8,
    verified=True,
    created_at=datetime(2016, 12, 14, 20, 32, 28, tzinfo=UTC),
)
VIDEO = PostRecord(
    external_id="335921245",
    url="https://www.twitch.tv/videos/335921245",
    published_at=datetime(2018, 11, 14, 22, 4, 30, tzinfo=UTC),
    kind=Kind.VIDEO,
    text=(
        "Twitch Developers 101\n\n"
        "Welcome to Twitch development! Here is a quick overview of our products and information to help you get"
        " started."
    ),
    views=1_863_062,
)

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_bad_first": (UnexpectedAnswer, "unexpected_answer"),
    "error_missing_param": (UnexpectedAnswer, "unexpected_answer"),
    "error_token_invalid": (NeedsAttention, "credential_refused"),
    "users_unknown_login": (Gone, "profile_not_found"),
    # Answers to questions that Yardstick never asks are no profiles.
    "channels": (UnexpectedAnswer, "unexpected_answer"),
    "clips": (UnexpectedAnswer, "unexpected_answer"),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/twitch/examples" / f"{case}.json", host="api.twitch.tv")


@pytest.mark.parametrize(
    ("ask", "question"),
    [
        (lambda get: TWITCH.find(get, "twitchdev"), {"login": "twitchdev"}),
        (lambda get: TWITCH.profile(get, TWITCHDEV), {"id": TWITCHDEV}),
        (lambda get: TWITCH.profiles(get, [TWITCHDEV])[0], {"id": (TWITCHDEV,)}),
    ],
    ids=["find", "profile", "profiles"],
)
def test_a_recorded_channel_and_its_recorded_followers_become_one_record(shared_data, ask, question):
    get = in_turn("twitch", [recorded(shared_data, "users"), recorded(shared_data, "followers_total_only")])

    assert ask(get) == CHANNEL
    assert get.asked == [
        (f"{HELIX}/users", question),
        (f"{HELIX}/channels/followers", {"broadcaster_id": TWITCHDEV, "first": 1}),
    ]


def test_recorded_videos_become_records(shared_data):
    get = in_turn("twitch", [recorded(shared_data, "videos")])

    (page,) = TWITCH.posts(get, TWITCHDEV)

    assert page.posts == (VIDEO,)
    assert page.reads_down_to == datetime(2018, 11, 14, 21, 30, 18, tzinfo=UTC)  # Twitch sorts by the making
    asked = {"user_id": TWITCHDEV, "type": "all", "sort": "time", "first": 100}
    assert get.asked == [(f"{HELIX}/videos", asked)]


def test_recorded_videos_are_read_again_by_their_ids(shared_data):
    get = in_turn("twitch", [recorded(shared_data, "videos")])

    (page,) = TWITCH.refresh(get, ["335921245", "1"])

    assert (page.posts, page.reads_down_to) == ((VIDEO,), None)
    assert get.asked == [(f"{HELIX}/videos", {"id": ("335921245", "1")})]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        TWITCH.profile(in_turn("twitch", [recorded(shared_data, case)]), TWITCHDEV)

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/twitch/examples").glob("*.json")}

    assert files == {*ERRORS, "users", "followers_total_only", "videos"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_user(**changes: Any) -> dict[str, Any]:
    return {"id": "90001", "login": "bakery", "display_name": "Bakery", "broadcaster_type": ""} | changes


def drawn_video(key: str = "1", **changes: Any) -> dict[str, Any]:
    return {"id": key, "user_id": "90001", "created_at": "2026-03-01T10:00:00Z", "title": "Bread"} | changes


def profile_of(user: dict[str, Any], followers: Any) -> ProfileRecord:
    return TWITCH.profile(in_turn("twitch", [drawn_answer({"data": [user]}), drawn_answer(followers)]), "90001")


def video_of(**changes: Any) -> PostRecord:
    (page,) = TWITCH.refresh(in_turn("twitch", [drawn_answer({"data": [drawn_video(**changes)]})]), ["1"])
    return page.posts[0]


def test_followers_that_twitch_does_not_tell_are_unknown_and_not_zero():
    assert profile_of(drawn_user(), {"data": []}).followers is None
    assert profile_of(drawn_user(), {"total": 0, "data": []}).followers == 0


def test_views_that_twitch_does_not_tell_are_unknown_and_not_zero():
    assert video_of().views is None
    assert video_of(view_count=0).views == 0


def test_nothing_but_views_is_counted():
    video = video_of(view_count=5)

    assert (video.reactions, video.comments, video.shares, video.quotes, video.saves) == (None,) * 5


@pytest.mark.parametrize(
    ("broadcaster_type", "verified"), [("partner", True), ("affiliate", False), ("", False), ("new", False)]
)
def test_partners_carry_the_sign_of_the_verified(broadcaster_type, verified):
    assert profile_of(drawn_user(broadcaster_type=broadcaster_type), {}).verified is verified


@pytest.mark.parametrize(
    ("sort", "kind"),
    [("archive", Kind.LIVE), ("highlight", Kind.VIDEO), ("upload", Kind.VIDEO), ("premiere", Kind.VIDEO)],
)
def test_a_past_broadcast_is_live_and_everything_else_a_video(sort, kind):
    assert video_of(type=sort).kind is kind


def test_past_broadcasts_expire_and_other_videos_stay():
    assert {video_of(type=sort).kind in TWITCH.expires for sort in ("highlight", "upload")} == {False}
    assert TWITCH.expires[video_of(type="archive").kind] == TWITCH.lists_all_for == timedelta(days=7)


def test_a_video_without_a_moment_of_publishing_was_published_when_it_was_made():
    assert video_of(published_at="").published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_number_may_be_a_name_or_an_id_and_the_name_goes_first():
    both = [drawn_user(id="90001", login="bakery"), drawn_user(id="7", login="90001")]
    get = in_turn("twitch", [drawn_answer({"data": both}), drawn_answer({"total": 3})])

    assert TWITCH.find(get, "90001").external_id == "7"
    assert get.asked[0] == (f"{HELIX}/users", {"login": "90001", "id": "90001"})
    only_id = in_turn("twitch", [drawn_answer({"data": both[:1]}), drawn_answer({"total": 3})])
    assert TWITCH.find(only_id, "90001").external_id == "90001"


def test_channels_are_asked_for_a_hundred_at_a_time_and_banned_ones_are_left_out():
    def answers(url: str, params: Any) -> Answer:
        if url.endswith("/followers"):
            return drawn_answer({"total": int(params["broadcaster_id"])})
        return drawn_answer({"data": [drawn_user(id=key, login=f"n{key}") for key in params["id"] if key != "50"]})

    get = Playback("twitch", answers)

    found = TWITCH.profiles(get, [str(number) for number in range(101)])

    assert [profile.followers for profile in found] == [number for number in range(101) if number != 50]
    assert [len(params["id"]) for url, params in get.asked if url.endswith("/users")] == [100, 1]


def test_videos_are_read_again_a_hundred_at_a_time_and_expired_ones_are_left_out():
    answers = [
        drawn_answer({"data": [drawn_video("1")]}),
        drawn_answer({"error": "Not Found", "status": 404, "message": "no videos were found"}, status=404),
    ]
    get = in_turn("twitch", answers)

    pages = TWITCH.refresh(get, [str(number) for number in range(101)])

    assert [[post.external_id for post in page.posts] for page in pages] == [["1"]]
    assert [len(params["id"]) for _, params in get.asked] == [100, 1]


def test_the_list_goes_on_by_its_cursor_until_there_is_none():
    def answers(_: str, params: Any) -> Answer:
        second = params.get("after") == "two"
        return drawn_answer(
            {
                "data": [drawn_video("b" if second else "a", created_at=f"2026-03-0{1 if second else 2}T10:00:00Z")],
                "pagination": {} if second else {"cursor": "two"},
            }
        )

    get = Playback("twitch", answers)

    assert [[post.external_id for post in page.posts] for page in TWITCH.posts(get, "90001")] == [["a"], ["b"]]
    assert get.asked[1][1]["after"] == "two"
    assert get.asked[1][1]["user_id"] == "90001"


def test_a_name_of_a_form_that_no_channel_has_is_no_profile():
    body = {
        "error": "Bad Request",
        "status": 400,
        "message": "Invalid username(s), email(s), or ID(s). Bad Identifiers.",
    }

    with pytest.raises(Gone) as caught:
        TWITCH.find(in_turn("twitch", [drawn_answer(body, status=400)]), "x")
    assert caught.value.code == "profile_not_found"


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, NeedsAttention, "credential_refused"),
        (403, NeedsAttention, "access_refused"),
        (429, TryLater, "rate_limited"),
        (503, TryLater, "network_unavailable"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy(status, kind, code):
    with pytest.raises(kind) as caught:
        TWITCH.profile(in_turn("twitch", [drawn_answer({"message": "x"}, status=status)]), "90001")
    assert caught.value.code == code


def test_an_app_is_known_by_its_id_and_by_the_token_that_its_secret_became():
    need = TWITCH.key_need
    assert need is not None
    assert need.exchange is not None
    parts = {"client_id": "an-id", "client_secret": "a-secret", TOKEN: "a-token"}

    signed = need.sign(Question(f"{HELIX}/users"), parts)

    assert signed.headers == {"Authorization": "Bearer a-token", "Client-Id": "an-id"}
    assert (signed.params, signed.path) == ({}, {})
    assert need.exchange.url == "https://id.twitch.tv/oauth2/token"
    assert need.exchange.form(parts) == {
        "client_id": "an-id",
        "client_secret": "a-secret",
        "grant_type": "client_credentials",
    }
    assert [(part.setting, part.secret) for part in need.parts] == [
        ("TWITCH_CLIENT_ID", False),
        ("TWITCH_CLIENT_SECRET", True),
    ]


def test_a_page_was_read_when_its_answer_arrived():
    get = in_turn("twitch", [drawn_answer({"data": [], "pagination": {}})])

    (page,) = TWITCH.posts(get, "90001")

    assert (page.posts, page.read_at, page.reads_down_to) == ((), ARRIVED, None)
    assert TWITCH.maturity == timedelta(days=3)
