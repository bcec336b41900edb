"""The local Telegram server keeps to the official description, and Yardstick reads it through the real door."""

from datetime import timedelta
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater, cannot_be_fetched
from benchmark.networks.http import Door
from tests.networks.official import BotApi
from tests.servers.answering import Asked
from tests.servers.telegram import DrawnChat, TelegramServer

TELEGRAM = NETWORKS["telegram"]
CHANNEL = -1001234567890


def bakery(**changes):
    given: dict[str, Any] = {"id": CHANNEL, "username": "Bakery", "title": "The Bakery", "members": 123_456}
    return DrawnChat(**(given | changes))


def ask(server, do, *, key="123456:a-token"):
    with Door(base_urls={"telegram": server.url}) as door:
        return do(door.open(TELEGRAM, key=key))


@pytest.mark.parametrize("reference", ["bakery", str(CHANNEL)])
def test_a_channel_is_found_by_its_name_and_by_its_id(reference):
    with TelegramServer([bakery(), bakery(id=-1002, username="other")]) as server:
        found = ask(server, lambda get: TELEGRAM.find(get, reference))

    assert (found.external_id, found.handle, found.name, found.followers) == (
        str(CHANNEL),
        "bakery",
        "The Bakery",
        123_456,
    )
    assert [asked.path for asked in server.asked] == [
        "/bot123456:a-token/getChat",
        "/bot123456:a-token/getChatMemberCount",
    ]


def test_a_renamed_channel_is_followed_by_its_id_and_its_old_name_is_somebody_elses():
    with TelegramServer([bakery(username="Toast"), bakery(id=-1002)]) as server:
        assert ask(server, lambda get: TELEGRAM.profile(get, str(CHANNEL))).handle == "toast"
        assert ask(server, lambda get: TELEGRAM.find(get, "bakery")).external_id == "-1002"


@pytest.mark.parametrize("key", ["123456:wrong", "no token", "1/../2"])
def test_revoked_and_malformed_tokens_need_attention(key):
    with TelegramServer([bakery()]) as server, pytest.raises(NeedsAttention) as refused:
        ask(server, lambda get: TELEGRAM.find(get, "bakery"), key=key)
    assert refused.value.code == "credential_refused"


def test_unknown_private_and_personal_chats_are_told_apart():
    shut = bakery(username="shut", shut_out="bot was kicked from the channel chat")
    person = bakery(id=42, username="anna", kind="private")
    with TelegramServer([shut, person]) as server:
        with pytest.raises(Gone):
            ask(server, lambda get: TELEGRAM.find(get, "nobody"))
        with pytest.raises(NeedsAttention) as private:
            ask(server, lambda get: TELEGRAM.find(get, "shut"))
        with pytest.raises(NeedsAttention) as personal:
            ask(server, lambda get: TELEGRAM.find(get, "anna"))

    assert (private.value.code, personal.value.code) == ("profile_private", "profile_not_a_channel")
    assert [asked.params["chat_id"] for asked in server.asked] == ["@nobody", "@shut", "@anna"]


def test_a_wait_that_stands_in_the_body_alone_is_kept_to_by_everybody_with_this_bot():
    with TelegramServer([bakery()]) as server, Door(base_urls={"telegram": server.url}) as door:
        server.wait = 600
        for _ in range(2):
            with pytest.raises(TryLater) as caught:
                TELEGRAM.find(door.open(TELEGRAM, key="123456:a-token"), "bakery")
        server.wait, server.token = 0, "7:other"
        assert TELEGRAM.find(door.open(TELEGRAM, key="7:other"), "bakery").followers == 123_456

    assert len(server.asked) == 3
    assert caught.value.code == "rate_limited"
    assert caught.value.after is not None
    assert timedelta(minutes=9) < caught.value.after <= timedelta(minutes=10)


def test_posts_of_others_are_not_to_be_had():
    assert not TELEGRAM.lists_posts
    assert TELEGRAM.posts is cannot_be_fetched


@pytest.mark.parametrize("method", ["getChat", "getChatMemberCount"])
def test_every_answer_keeps_to_the_official_description(shared_data, method):
    with TelegramServer([bakery()]) as server:
        status, _, body = server.reply(Asked("GET", f"/bot{server.token}/{method}", "chat_id=@bakery"))

    assert (status, body["ok"]) == (200, True)
    assert BotApi(shared_data / "specs/telegram/bot-api-trimmed.json").faults(method, body["result"]) == []
