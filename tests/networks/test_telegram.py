"""Telegram's answers become these records, or these errors by remedy; and the bot's token is never told."""

import logging
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark.networks.base import (
    Answer,
    Gone,
    NeedsAttention,
    NetworkError,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.http import Door
from benchmark.networks.telegram import TELEGRAM
from benchmark.networks.wire import Patience
from tests.conftest import NO_SHARED_DATA, shared_folder
from tests.networks.official import BotApi
from tests.networks.recorded import answer_in, drawn_answer, in_turn
from tests.networks.test_random_answers import survives
from tests.servers.scripted import Scripted, breaks_off, hangs_up, says, sends_on, trickles

HOST = "api.telegram.org"
CHAT = f"https://{HOST}/bot:token/getChat"
MEMBERS = f"https://{HOST}/bot:token/getChatMemberCount"
TOKEN = "123456:never-to-be-seen"

SHARED = shared_folder()

# What a signed-in person would see: asked by nobody here.
OF_A_PERSON = {"mtproto_full_channel", "mtproto_history"}

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_chat_not_found": (Gone, "profile_not_found"),
    "error_too_many_requests": (TryLater, "rate_limited"),
    "error_unauthorized": (NeedsAttention, "credential_refused"),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/telegram/examples" / f"{case}.json", host=HOST)


def test_a_recorded_channel_and_its_followers_become_a_record(shared_data):
    get = in_turn("telegram", [recorded(shared_data, "getChat_channel"), recorded(shared_data, "getChatMemberCount")])

    assert TELEGRAM.find(get, "example_channel") == ProfileRecord(
        external_id="-1001234567890",
        handle="example_channel",
        name="Example channel",
        url="https://t.me/example_channel",
        description="About the channel\nhttps://example.org",
        followers=123_456,
    )
    assert get.asked == [(CHAT, {"chat_id": "@example_channel"}), (MEMBERS, {"chat_id": "-1001234567890"})]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        TELEGRAM.find(in_turn("telegram", [recorded(shared_data, case)]), "example_channel")
    assert caught.value.code == code


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/telegram/examples").glob("*.json")}

    assert files == {*ERRORS, *OF_A_PERSON, "getChat_channel", "getChatMemberCount"}


@pytest.mark.skipif(SHARED is None, reason=NO_SHARED_DATA)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.parametrize("what", ["find", "profile"])
def test_any_lawful_answer_of_telegram_is_understood(what, data):
    description = BotApi((SHARED or Path()) / "specs/telegram/bot-api-trimmed.json")
    shown, counted = (data.draw(description.returned_by(name)) for name in ("getChat", "getChatMemberCount"))
    shown |= data.draw(st.sampled_from([{}, {"type": "channel"}, {"type": "channel", "id": -1001234567890}]))

    survives("telegram", what, *(drawn_answer({"ok": True, "result": result}) for result in (shown, counted)))


# --- what no recording shows ------------------------------------------------------------------------------------------


def chat(**changes: Any) -> Answer:
    result = {"id": -1001234567890, "type": "channel", "title": "The Bakery", "username": "Bakery"}
    return drawn_answer({"ok": True, "result": result | changes})


def members(number: int) -> Answer:
    return drawn_answer({"ok": True, "result": number})


def refused(status: int, description: str = "", **more: Any) -> Answer:
    body = {"ok": False, "error_code": status, "description": description} | more
    return drawn_answer(body, status=status)


@pytest.mark.parametrize("ask", [TELEGRAM.profile, TELEGRAM.find])
def test_a_channel_is_asked_for_by_its_id(ask):
    get = in_turn("telegram", [chat(type="supergroup"), members(0)])

    found = ask(get, "-1001234567890")

    assert (found.external_id, found.handle, found.followers) == ("-1001234567890", "bakery", 0)
    assert get.asked == [(CHAT, {"chat_id": "-1001234567890"}), (MEMBERS, {"chat_id": "-1001234567890"})]


def test_an_id_of_64_bits_is_kept_to_the_last_digit():
    found = TELEGRAM.find(in_turn("telegram", [chat(id=-1009007199254740993), members(1)]), "bakery")

    assert found.external_id == "-1009007199254740993"


def test_a_channel_that_lost_its_name_goes_by_another_or_by_its_id():
    def found(**names):
        return TELEGRAM.find(in_turn("telegram", [chat(**names), members(1)]), "-1001234567890")

    assert found(username=None, active_usernames=["Bread_1926"]).handle == "bread_1926"
    assert found(username=None).handle == "-1001234567890"
    assert found(username=None).url == "https://t.me/c/1234567890"


@pytest.mark.parametrize("kind", ["private", "group"])
def test_a_person_or_a_small_group_is_refused_in_its_own_words(kind):
    with pytest.raises(NeedsAttention) as caught:
        TELEGRAM.find(in_turn("telegram", [chat(type=kind), members(2)]), "bakery")
    assert caught.value.code == "profile_not_a_channel"


@pytest.mark.parametrize(
    ("status", "description", "kind", "code"),
    [
        (400, "Bad Request: chat not found", Gone, "profile_not_found"),
        (400, "Bad Request: chat_id is empty", UnexpectedAnswer, "unexpected_answer"),
        (401, "Unauthorized", NeedsAttention, "credential_refused"),
        (403, "Forbidden: bot is not a member of the channel chat", NeedsAttention, "profile_private"),
        (403, "Forbidden: bot was kicked from the channel chat", NeedsAttention, "profile_private"),
        (404, "Not Found", NeedsAttention, "credential_refused"),
        (429, "Too Many Requests: retry after 14", TryLater, "rate_limited"),
        (500, "Internal Server Error", TryLater, "network_unavailable"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy(status, description, kind, code):
    with pytest.raises(kind) as caught:
        TELEGRAM.find(in_turn("telegram", [refused(status, description)]), "bakery")
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize(("seconds", "wait"), [(14, 14), (0, 0), (-3, 0), (10**12, 86_400), (None, None)])
def test_the_wait_that_telegram_asks_for_stands_in_the_body(seconds, wait):
    answer = refused(429, parameters={"retry_after": seconds})

    assert TELEGRAM.allowance(answer).pause == (None if wait is None else timedelta(seconds=wait))
    good = drawn_answer({"ok": True, "result": 1, "parameters": {"retry_after": 14}})
    assert TELEGRAM.allowance(good).pause is None


# --- the token --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        says({"ok": True, "result": 1}),
        says({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401),
        says({"ok": False, "error_code": 404, "description": "Not Found"}, status=404),
        says({"ok": False, "error_code": 429, "description": "", "parameters": {"retry_after": 600}}, status=429),
        says(b"<", status=500),
        sends_on("/bot:token/elsewhere"),
        breaks_off,
        hangs_up,
        trickles,
    ],
)
def test_the_token_is_sent_in_the_path_and_never_told(reply, caplog):
    for name in ("", "httpx", "httpcore"):  # they are asked for everything, though the product asks them for little
        caplog.set_level(logging.DEBUG, logger=name)
    patience = Patience(read=0.4, whole=0.5, pause=0.3, backoff=0.01)
    with Scripted(reply) as server, Door(base_urls={"telegram": server.url}, patience=patience) as door:
        get = door.open(TELEGRAM, key=TOKEN)
        told = [repr(get), repr(door), str(vars(door))]
        try:
            told.append(repr(get(CHAT, {"chat_id": "@bakery"})))
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not tell)
            told += traceback.TracebackException.from_exception(error, capture_locals=True).format()
            told += [repr(error), repr(vars(error))]

    assert server.paths[0] == f"/bot{TOKEN}/getChat?chat_id=%40bakery"
    assert any(record.levelno == logging.DEBUG and record.name.startswith("httpcore") for record in caplog.records)
    assert TOKEN not in "".join(told)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "location",
    [f"/bot{TOKEN}/elsewhere", f"/bot{quote(TOKEN, safe='')}/elsewhere", f"https://evil.example/bot{TOKEN}/x"],
)
def test_a_redirect_that_repeats_the_token_is_not_followed(location, caplog):
    caplog.set_level(logging.INFO, logger="httpx")
    with (
        Scripted(sends_on(location)) as server,
        Door(base_urls={"telegram": server.url}) as door,
        pytest.raises(UnexpectedAnswer) as caught,
    ):
        door.open(TELEGRAM, key=TOKEN)(CHAT)

    assert len(server.paths) == 1
    assert TOKEN not in str(vars(caught.value)) + caplog.text


def test_an_answer_keeps_the_address_without_the_token():
    with Scripted(says({"ok": True, "result": 1})) as server, Door(base_urls={"telegram": server.url}) as door:
        answer = door.open(TELEGRAM, key=TOKEN)(MEMBERS, {"chat_id": "-1001234567890"})

    assert answer.url == f"{MEMBERS}?chat_id=-1001234567890"
    assert server.paths == [f"/bot{TOKEN}/getChatMemberCount?chat_id=-1001234567890"]


def test_a_token_that_would_lead_elsewhere_stays_one_part_of_the_path():
    with Scripted(says({"ok": True, "result": 1})) as server, Door(base_urls={"telegram": server.url}) as door:
        door.open(TELEGRAM, key="1/../x?y#z")(CHAT)

    assert server.paths == ["/bot1%2F..%2Fx%3Fy%23z/getChat"]
