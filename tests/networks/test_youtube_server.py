"""The local YouTube server keeps to Google's description, and Yardstick reads it through the real door."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, Kind, NeedsAttention, TryLater
from benchmark.networks.http import Door
from tests.networks.official import Discovery
from tests.servers.youtube import DrawnChannel, DrawnVideo, YouTubeServer, rounded

YOUTUBE = NETWORKS["youtube"]
CHANNEL = "UCbakerybakerybakery0000"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def bakery(videos=0, **changes):
    drawn = [
        DrawnVideo(id=f"v{number}", published_at=NOW - timedelta(hours=number + 1), likes=number, views=number * 10)
        for number in range(videos)
    ]
    given: dict[str, Any] = {
        "id": CHANNEL,
        "handle": "Bakery",
        "title": "Bakery",
        "subscribers": 123_456,
        "videos": drawn,
    }
    return DrawnChannel(**(given | changes))


def ask(server, do, *, key="a-key"):
    with Door(base_urls={"youtube": server.url}) as door:
        return do(door.open(YOUTUBE, key=key, clock=lambda: NOW))


@pytest.mark.parametrize("reference", ["bakery", CHANNEL, "c/bakery", "user/oldbakery"])
def test_a_channel_is_found_in_every_way(reference):
    with YouTubeServer([bakery(2, user_name="OldBakery")]) as server:
        found = ask(server, lambda get: YOUTUBE.find(get, reference))

    assert (found.external_id, found.handle, found.followers, found.posts) == (CHANNEL, "bakery", 123_000, 2)


def test_hidden_subscribers_stay_hidden():
    with YouTubeServer([bakery(subscribers=None)]) as server:
        assert ask(server, lambda get: YOUTUBE.profile(get, CHANNEL)).followers is None


def test_a_hundred_and_twenty_videos_come_in_three_pages_newest_first():
    with YouTubeServer([bakery(120)]) as server:
        pages = ask(server, lambda get: list(YOUTUBE.posts(get, CHANNEL)))

    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [50, 50, 20]
    assert [post.external_id for post in posts] == [f"v{number}" for number in range(120)]
    assert [(post.reactions, post.views) for post in posts] == [(number, number * 10) for number in range(120)]
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))
    assert server.units_left == 10_000 - 6


def test_hidden_counts_streams_and_announced_videos_are_told_apart():
    channel = bakery()
    channel.videos = [
        DrawnVideo(id="announced", published_at=NOW + timedelta(days=1), upcoming=True),
        DrawnVideo(id="stream", published_at=NOW - timedelta(days=1), live=True, likes=None, comments=None, views=5),
        DrawnVideo(id="secret", published_at=NOW - timedelta(days=2), private=True),
    ]
    with YouTubeServer([channel]) as server:
        (page,) = ask(server, lambda get: list(YOUTUBE.posts(get, CHANNEL)))

    (post,) = page.posts
    assert (post.external_id, post.kind, post.reactions, post.comments, post.views) == (
        "stream",
        Kind.LIVE,
        None,
        None,
        5,
    )


def test_deleted_videos_are_left_out_when_read_again():
    with YouTubeServer([bakery(3)]) as server:
        (page,) = ask(server, lambda get: YOUTUBE.refresh(get, ["v0", "deleted", "v2"]))

    assert [post.external_id for post in page.posts] == ["v0", "v2"]


def test_fifty_channels_cost_one_unit_and_deleted_ones_are_left_out():
    channels = [bakery(id=f"UC{number:022}", subscribers=number) for number in range(50)]
    with YouTubeServer(channels) as server:
        ids = [channel.id for channel in channels]
        found = ask(server, lambda get: YOUTUBE.profiles(get, [*ids[:49], "UCdeleteddeleteddeleted0"]))

    assert [channel.external_id for channel in found] == ids[:49]
    assert [channel.followers for channel in found] == list(range(49))
    assert server.units_left == 10_000 - 1


def test_a_channel_without_videos_has_no_posts_and_an_unknown_one_is_gone():
    with YouTubeServer([bakery()]) as server:
        assert ask(server, lambda get: list(YOUTUBE.posts(get, CHANNEL))) == []
        with pytest.raises(Gone):
            ask(server, lambda get: YOUTUBE.find(get, "nobody"))


def test_a_wrong_key_needs_attention_and_a_used_up_one_needs_a_new_day():
    with YouTubeServer([bakery()], quota=1) as server:
        with pytest.raises(NeedsAttention) as refused:
            ask(server, lambda get: YOUTUBE.find(get, "bakery"), key="wrong")
        ask(server, lambda get: YOUTUBE.find(get, "bakery"))
        with pytest.raises(TryLater) as used_up:
            ask(server, lambda get: YOUTUBE.find(get, "bakery"))

    assert refused.value.code == "credential_refused"
    assert (used_up.value.code, used_up.value.after) == ("quota_used_up", timedelta(hours=19))  # five in California


@pytest.mark.parametrize(
    ("subscribers", "shown"), [(0, 0), (7, 7), (999, 999), (1_234, 1_230), (123_456, 123_000), (1_999_999, 1_990_000)]
)
def test_subscribers_are_rounded_down_to_three_digits(subscribers, shown):
    assert rounded(subscribers) == shown


@pytest.mark.parametrize(
    ("path", "schema", "params"),
    [
        ("channels", "ChannelListResponse", {"part": "snippet,statistics,contentDetails", "id": CHANNEL}),
        ("channels", "ChannelListResponse", {"part": "snippet", "forHandle": "@nobody"}),
        (
            "playlistItems",
            "PlaylistItemListResponse",
            {"part": "snippet,contentDetails", "playlistId": f"UU{CHANNEL[2:]}"},
        ),
        ("videos", "VideoListResponse", {"part": "snippet,statistics,liveStreamingDetails", "id": "v0,v1,stream"}),
    ],
)
def test_every_answer_keeps_to_the_official_description(shared_data, path, schema, params):
    channel = bakery(9)
    channel.videos.append(DrawnVideo(id="stream", published_at=NOW, live=True))
    server = YouTubeServer([channel])

    status, body = server.answer(f"/youtube/v3/{path}", params | {"key": "a-key"})

    assert status == 200
    assert Discovery(shared_data / "specs/youtube/youtube.v3.json").faults(schema, body) == []
    server.close()
