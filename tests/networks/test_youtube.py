"""YouTube's answers, kept by a client library, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmark.networks.base import Answer, Gone, Kind, NeedsAttention, NetworkError, TryLater, UnexpectedAnswer
from benchmark.networks.parsing import until_midnight
from benchmark.networks.youtube import PACIFIC, YOUTUBE, Channels, Uploads, Videos, parse_channel, parse_video
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn

HOST = "www.googleapis.com"
CHANNEL = "UC_x5XG1OV2P6uZZ5FSM9Ttw"
OTHER = "UCK8sQmJBp8GCxrOtXWBpyEA"

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "channel_handle_unknown": (Gone, "profile_not_found"),
    "error_invalid": (NeedsAttention, "credential_refused"),
    "error_key_invalid": (NeedsAttention, "credential_refused"),
    "error_permission": (NeedsAttention, "credential_refused"),
    "error_playlist_not_found": (Gone, "list_not_found"),
    "error_quota_exceeded": (TryLater, "quota_used_up"),
    "search_by_channel": (UnexpectedAnswer, "unexpected_answer"),  # a search is no list of channels
}

# Key, moment of publishing, first words, hashtags. These recordings were asked without statistics.
VIDEOS: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = {
    "videos_one": [("D-lhorsDlUQ", "2019-03-21T20:37:49Z", "What are Actions on Google (Assistant on Air)", ())],
    "videos_chart_page1": [
        ("hDeuSfo_Ys0", "2019-11-29T20:00:11Z", "GIDDY UP ( OFFICIAL MUSIC VIDEO )", ()),
        ("Ukd8dJNBvOA", "2019-11-29T18:20:46Z", "TRAPPED WITH THE PRINCE FAMILY REALITY S", ("ThePrinceFamily",)),
        ("Pdgk3ERKdug", "2019-11-28T14:46:03Z", "A Holiday Reunion – Xfinity 2019", ()),  # noqa: RUF001 (as published)
        ("QmYNmNHrtCQ", "2019-11-29T22:15:38Z", "Black Friday Haul 2019! Niki and Gabi", ("TWINTERGiveaway2019",)),
        ("X1jMMFOqxEw", "2019-11-28T21:00:01Z", "$50,000 Game Of Extreme Hide And Seek - ", ()),
    ],
}

UPLOADS = {
    "uploads_page1": (
        "CvTApw9X8aA Yh4EKaUY3gg S-MbpQiwfls BBjVl1EETb0 h8CnO-oqqSs 2cHddIA4EvY kTJUt9CmTXg o7_oJYZw2Hg vN6uK5Qm23c o5LP2xzKkpg",  # noqa: E501
        "CAoQAA",
        datetime(2019, 11, 23, 0, 42, 56, tzinfo=UTC),
    ),
    "uploads_page2": ("6aSG8SdvkoU ECGpZCFUL8s Fu2bldybpkA", None, datetime(2019, 11, 23, 0, 49, 59, tzinfo=UTC)),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/youtube/examples" / f"{case}.json", host=HOST)


def test_a_recorded_channel_becomes_its_record(shared_data):
    get = in_turn("youtube", [recorded(shared_data, "channel_by_id")])

    channel = YOUTUBE.profile(get, CHANNEL)

    assert get.asked == [(f"https://{HOST}/youtube/v3/channels", {"part": "snippet,statistics", "id": CHANNEL})]
    assert (channel.external_id, channel.handle, channel.name) == (CHANNEL, "googledevelopers", "Google Developers")
    assert channel.url == f"https://www.youtube.com/channel/{CHANNEL}"
    assert channel.description.startswith("The Google Developers channel features talks from events,")
    assert str(channel.avatar_url).endswith("=s800-c-k-c0xffffffff-no-rj-mo")
    assert (channel.followers, channel.following, channel.posts, channel.verified) == (1_927_873, None, 5026, None)
    assert channel.created_at == datetime(2007, 8, 23, 0, 34, 43, tzinfo=UTC)


def test_recorded_channels_without_statistics_publish_no_counts(shared_data):
    channels = [parse_channel(channel) for channel in recorded(shared_data, "channels_two").decode(Channels).items]

    assert [(channel.external_id, channel.name) for channel in channels] == [
        (CHANNEL, "Google Developers"),
        (OTHER, "Google"),
    ]
    assert [channel.handle for channel in channels] == [CHANNEL, OTHER]  # an old custom name is no handle
    assert [(channel.followers, channel.posts) for channel in channels] == [(None, None)] * 2
    assert channels[1].created_at == datetime(2005, 9, 18, 22, 37, 10, tzinfo=UTC)


def test_recorded_channels_come_together(shared_data):
    get = in_turn("youtube", [recorded(shared_data, "channels_two")])

    channels = YOUTUBE.profiles(get, [CHANNEL, OTHER])

    assert [channel.external_id for channel in channels] == [CHANNEL, OTHER]
    asked = {"part": "snippet,statistics", "id": f"{CHANNEL},{OTHER}", "maxResults": 50}
    assert get.asked == [(f"https://{HOST}/youtube/v3/channels", asked)]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        YOUTUBE.find(in_turn("youtube", [recorded(shared_data, case)]), "no-such-handle-xyz")

    assert type(caught.value) is kind
    assert caught.value.code == code


@pytest.mark.parametrize("case", VIDEOS)
def test_recorded_videos_become_records(shared_data, case):
    parsed = [parse_video(video) for video in recorded(shared_data, case).decode(Videos).items]
    videos = [video for video in parsed if video is not None]

    found = [(video.external_id, video.published_at, video.hashtags) for video in videos]
    assert found == [(key, datetime.fromisoformat(moment), tags) for key, moment, _, tags in VIDEOS[case]]
    assert all(video.text.startswith(words) for video, (_, _, words, _) in zip(videos, VIDEOS[case], strict=True))
    assert {video.url for video in videos} == {f"https://www.youtube.com/watch?v={key}" for key, *_ in VIDEOS[case]}
    assert {(video.kind, video.reactions, video.comments, video.views) for video in videos} == {
        (Kind.VIDEO, None, None, None)
    }


@pytest.mark.parametrize("case", UPLOADS)
def test_a_recorded_page_of_uploads_names_its_videos(shared_data, case):
    keys, token, reached = UPLOADS[case]
    get = in_turn("youtube", [recorded(shared_data, case), drawn_answer({"items": []}), drawn_answer({"items": []})])

    page = next(iter(YOUTUBE.posts(get, CHANNEL)))

    assert recorded(shared_data, case).decode(Uploads).next_page_token == token
    assert get.asked[0][1]["playlistId"] == "UU_x5XG1OV2P6uZZ5FSM9Ttw"
    assert get.asked[1][1]["id"] == keys.replace(" ", ",")
    assert page.reads_down_to == reached


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/youtube/examples").glob("*.json")}

    assert files == {*ERRORS, *VIDEOS, *UPLOADS, "channel_by_id", "channels_two"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_channel(**statistics):
    return {"id": CHANNEL, "snippet": {"title": "Bakery", "customUrl": "@Bakery"}, "statistics": statistics}


def drawn_video(key="v1", **changes):
    snippet = {"publishedAt": "2026-03-01T10:00:00Z", "title": "Bread", "description": "#Sourdough and #rye"}
    statistics = {"likeCount": "12", "commentCount": "0", "viewCount": "9000"}
    return {"id": key, "snippet": snippet, "statistics": statistics} | changes


def videos_of(*videos):
    return YOUTUBE.refresh(in_turn("youtube", [drawn_answer({"items": list(videos)})]), ["v1"])[0].posts


def find(**statistics):
    return YOUTUBE.find(in_turn("youtube", [drawn_answer({"items": [drawn_channel(**statistics)]})]), "bakery")


def test_hidden_subscribers_are_unknown_and_not_zero():
    assert find(subscriberCount="0", hiddenSubscriberCount=True).followers is None
    assert find(subscriberCount="0", hiddenSubscriberCount=False).followers == 0


def test_counts_are_read_out_of_text():
    (video,) = videos_of(drawn_video())

    assert (video.reactions, video.comments, video.views) == (12, 0, 9000)
    assert (video.shares, video.saves, video.quotes) == (None, None, None)


def test_hidden_likes_and_closed_comments_are_unknown_and_not_zero():
    (video,) = videos_of(drawn_video(statistics={"viewCount": "9000"}))

    assert (video.reactions, video.comments, video.views) == (None, None, 9000)


def test_title_and_description_make_the_text_and_its_hashtags():
    (video,) = videos_of(drawn_video())

    assert video.text == "Bread\n\n#Sourdough and #rye"
    assert video.hashtags == ("Sourdough", "rye")


def test_a_stream_is_live_and_an_announced_one_is_left_out_until_it_begins():
    announced = drawn_video("v2")
    announced["snippet"] = announced["snippet"] | {"liveBroadcastContent": "upcoming"}
    future = drawn_video("v3")
    future["snippet"] = future["snippet"] | {"publishedAt": "2026-12-24T10:00:00Z"}

    (video,) = videos_of(
        drawn_video(liveStreamingDetails={"actualStartTime": "2026-03-01T10:00:00Z"}), announced, future
    )

    assert (video.external_id, video.kind) == ("v1", Kind.LIVE)


def test_an_announced_video_does_not_move_the_reading_into_the_future():
    uploads = [
        {"contentDetails": {"videoId": "v1", "videoPublishedAt": "2026-03-01T10:00:00Z"}},
        {"contentDetails": {"videoId": "v2", "videoPublishedAt": "2026-12-24T10:00:00Z"}},
    ]
    get = in_turn("youtube", [drawn_answer({"items": uploads}), drawn_answer({"items": [drawn_video()]})])

    (page,) = YOUTUBE.posts(get, CHANNEL)

    assert page.reads_down_to == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_page_costs_two_calls_and_goes_on_by_its_token():
    def answers(url, params):
        if url.endswith("/videos"):
            return drawn_answer({"items": [drawn_video(key) for key in params["id"].split(",")]})
        second = params.get("pageToken") == "two"
        item = {"contentDetails": {"videoId": "b" if second else "a", "videoPublishedAt": "2026-03-01T10:00:00Z"}}
        return drawn_answer({"items": [item]} | ({} if second else {"nextPageToken": "two"}))

    get = Playback("youtube", answers)

    assert [[post.external_id for post in page.posts] for page in YOUTUBE.posts(get, CHANNEL)] == [["a"], ["b"]]
    assert len(get.asked) == 4


def test_a_channel_without_a_video_has_no_posts(shared_data):
    get = in_turn("youtube", [recorded(shared_data, "error_playlist_not_found")])

    assert list(YOUTUBE.posts(get, CHANNEL)) == []


def test_the_quota_comes_back_at_midnight_in_california():
    summer, winter = datetime(2026, 7, 1, 6, 30, tzinfo=UTC), datetime(2026, 12, 1, 6, 30, tzinfo=UTC)

    assert until_midnight(summer, PACIFIC) == timedelta(minutes=30)  # 23:30 the day before, seven hours behind
    assert until_midnight(winter, PACIFIC) == timedelta(hours=1, minutes=30)  # eight hours behind
    assert until_midnight(datetime(2026, 11, 1, 8, 30, tzinfo=UTC), PACIFIC) == timedelta(
        hours=23, minutes=30
    )  # a day of 25 hours


def test_a_used_up_quota_says_when_to_come_back(shared_data):
    with pytest.raises(TryLater) as caught:
        YOUTUBE.find(in_turn("youtube", [recorded(shared_data, "error_quota_exceeded")]), "bakery")

    assert caught.value.after == timedelta(hours=13)
    assert (ARRIVED + caught.value.after).hour == 8


@pytest.mark.parametrize(
    ("status", "reason", "kind", "code"),
    [
        (403, "accessNotConfigured", NeedsAttention, "credential_refused"),
        (403, "playlistItemsNotAccessible", NeedsAttention, "profile_private"),
        (403, "channelForbidden", NeedsAttention, "profile_private"),
        (403, "rateLimitExceeded", TryLater, "rate_limited"),
        (429, "userRateLimitExceeded", TryLater, "rate_limited"),
        (403, "dailyLimitExceeded", TryLater, "quota_used_up"),
        (400, "badRequest", UnexpectedAnswer, "unexpected_answer"),
        (500, "backendError", TryLater, "network_unavailable"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy(status, reason, kind, code):
    body = {"error": {"code": status, "errors": [{"reason": reason}]}}

    with pytest.raises(kind) as caught:
        YOUTUBE.find(in_turn("youtube", [drawn_answer(body, status=status)]), "bakery")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("reference", "questions"),
    [
        ("bakery", [{"forHandle": "@bakery"}]),
        (CHANNEL, [{"id": CHANNEL}]),
        ("user/bakery", [{"forUsername": "bakery"}]),
        ("c/bakery", [{"forHandle": "@bakery"}, {"forUsername": "bakery"}]),
    ],
)
def test_each_form_of_a_reference_is_asked_in_its_own_way(reference, questions):
    get = in_turn("youtube", [drawn_answer({"pageInfo": {"totalResults": 0}})] * 2)

    with pytest.raises(Gone):
        YOUTUBE.find(get, reference)
    assert [asked for _, asked in get.asked] == [{"part": "snippet,statistics"} | question for question in questions]


def test_many_channels_are_asked_for_in_batches_of_50_and_unknown_ones_are_left_out():
    get = in_turn("youtube", [drawn_answer({"items": [drawn_channel()]}), drawn_answer({"pageInfo": {}})])

    channels = YOUTUBE.profiles(get, [f"UC{number:022}" for number in range(51)])

    assert [channel.external_id for channel in channels] == [CHANNEL]
    assert [asked["id"].count(",") + 1 for _, asked in get.asked] == [50, 1]


def test_known_videos_are_read_again_in_batches_of_50():
    get = in_turn("youtube", [drawn_answer({"items": []})] * 2)

    YOUTUBE.refresh(get, [f"v{number}" for number in range(51)])

    assert [asked["id"].count(",") + 1 for _, asked in get.asked] == [50, 1]
