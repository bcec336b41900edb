"""The local Twitch server keeps to the reference, and Yardstick reads it through the real door."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.http import Door
from tests.servers.twitch import DrawnChannel, DrawnVideo, TwitchServer

TWITCH = NETWORKS["twitch"]
assert TWITCH.key_need is not None
KEY = TWITCH.key_need.pack({"client_id": "an-id", "client_secret": "a-secret"})
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def bakery(videos: int = 0, **changes: Any) -> DrawnChannel:
    drawn = [
        DrawnVideo(id=f"{1000 - number}", created_at=NOW - timedelta(hours=number + 1), views=number * 10)
        for number in range(videos)
    ]
    given: dict[str, Any] = {"id": "90001", "login": "bakery", "followers": 1234, "partner": True, "videos": drawn}
    return DrawnChannel(**(given | changes))


def ask(server: TwitchServer, do: Any, *, key: str = KEY) -> Any:
    with Door(base_urls={"twitch": server.url}) as door:
        return do(door.open(TWITCH, key=key))


@pytest.mark.parametrize("reference", ["bakery", "90001"])
def test_a_channel_is_found_by_its_name_and_by_its_id(reference):
    with TwitchServer([bakery()]) as server:
        found = ask(server, lambda get: TWITCH.find(get, reference))

    assert (found.external_id, found.handle, found.name, found.followers) == ("90001", "bakery", "Bakery", 1234)
    assert found.verified


def test_one_token_serves_a_whole_conversation():
    with TwitchServer([bakery(3)]) as server:
        ask(server, lambda get: [TWITCH.profile(get, "90001"), list(TWITCH.posts(get, "90001"))])

    assert [what for what, _ in server.asked] == ["token", "users", "channels/followers", "videos"]


def test_two_hundred_and_fifty_videos_come_in_three_pages_newest_first():
    with TwitchServer([bakery(250)]) as server:
        pages = ask(server, lambda get: list(TWITCH.posts(get, "90001")))

    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [100, 100, 50]
    assert [post.external_id for post in posts] == [f"{1000 - number}" for number in range(250)]
    assert [post.views for post in posts] == [number * 10 for number in range(250)]
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))


def test_many_channels_are_read_together_and_banned_ones_are_left_out():
    channels = [bakery(id=f"{number}", login=f"n{number}", followers=number) for number in range(60)]
    channels[7].banned = True
    with TwitchServer(channels) as server:
        found = ask(server, lambda get: TWITCH.profiles(get, [f"{number}" for number in range(60)]))

    assert {profile.external_id: profile.followers for profile in found} == {
        f"{number}": number for number in range(60) if number != 7
    }
    assert [what for what, _ in server.asked].count("users") == 1


def test_expired_videos_are_left_out_when_read_again():
    with TwitchServer([bakery(3)]) as server:
        (page,) = ask(server, lambda get: TWITCH.refresh(get, ["1000", "5", "998"]))
        assert ask(server, lambda get: TWITCH.refresh(get, ["5", "6"])) == ()

    assert [post.external_id for post in page.posts] == ["1000", "998"]


def test_an_unknown_and_a_banned_channel_are_gone():
    with TwitchServer([bakery(banned=True)]) as server:
        for name in ("bakery", "nobody"):
            with pytest.raises(Gone) as caught:
                ask(server, lambda get, name=name: TWITCH.find(get, name))
            assert caught.value.code == "profile_not_found"


@pytest.mark.parametrize("wrong", [{"client_id": "another"}, {"client_secret": "another"}])
def test_a_wrong_key_needs_attention(wrong):
    need = TWITCH.key_need
    assert need is not None
    key = need.pack({"client_id": "an-id", "client_secret": "a-secret"} | wrong)
    with TwitchServer([bakery()]) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: TWITCH.find(get, "bakery"), key=key)

    assert caught.value.code == "credential_refused"
    assert [what for what, _ in server.asked] == ["token"]


def test_a_token_that_was_taken_back_is_renewed():
    with TwitchServer([bakery()]) as server, Door(base_urls={"twitch": server.url}) as door:
        TWITCH.profile(door.open(TWITCH, key=KEY), "90001")
        server.tokens.clear()
        assert TWITCH.profile(door.open(TWITCH, key=KEY), "90001").followers == 1234

    assert [what for what, _ in server.asked].count("token") == 2


def test_used_up_points_come_back_within_a_minute_and_nobody_asks_before():
    with TwitchServer([bakery()], points=2) as server, Door(base_urls={"twitch": server.url}) as door:
        TWITCH.profile(door.open(TWITCH, key=KEY), "90001")  # its head says that none is left
        calls = len(server.asked)
        with pytest.raises(TryLater) as caught:
            TWITCH.profile(door.open(TWITCH, key=KEY), "90001")

    assert caught.value.code == "rate_limited"
    assert caught.value.after is not None
    assert timedelta(seconds=30) < caught.value.after <= timedelta(seconds=61)
    assert len(server.asked) == calls


@pytest.mark.parametrize(
    ("path", "schema", "params"),
    [
        ("users", "GetUsersResponse", {"login": ["bakery"], "id": ["1"]}),
        ("users", "GetUsersResponse", {"login": ["nobody"]}),
        ("channels/followers", "GetChannelFollowersResponse", {"broadcaster_id": ["90001"]}),
        ("videos", "GetVideosResponse", {"user_id": ["90001"], "first": ["4"]}),
        ("videos", "GetVideosResponse", {"id": ["1000", "999", "5"]}),
    ],
)
def test_every_answer_keeps_to_the_official_description(shared_data, path, schema, params):
    server = TwitchServer([bakery(9)])
    _, granted = server.exchange(
        {
            "client_id": ["an-id"],
            "client_secret": ["a-secret"],
            "grant_type": ["client_credentials"],
        }
    )
    headers = {"authorization": f"Bearer {granted['access_token']}", "client-id": "an-id"}

    status, body = server.answer(f"/helix/{path}", params, headers)

    assert status == 200
    described = json.loads((shared_data / "specs/twitch/openapi-trimmed.json").read_text())
    whole = strictly({"$ref": f"#/components/schemas/{schema}", "components": described["components"]})
    assert [error.message for error in Draft202012Validator(whole).iter_errors(body)] == []
    server.close()


def strictly(described: Any) -> Any:
    """An OpenAPI description as a JSON Schema that allows no other members, and null where it says so."""
    if isinstance(described, list):
        return [strictly(part) for part in described]
    if not isinstance(described, dict):
        return described
    schema = {name: strictly(part) for name, part in described.items()}
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
    return {"anyOf": [schema, {"type": "null"}]} if schema.pop("nullable", False) is True else schema
