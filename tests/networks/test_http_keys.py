"""The door with keys in several parts: how they are sent, turned into tokens, paid from, and never told."""

import logging
import os
import secrets
import traceback
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.allowance import Allowance
from benchmark.networks.base import Answer, Gone, NeedsAttention, Network, TryLater, UnexpectedAnswer, Window
from benchmark.networks.http import Door
from benchmark.networks.keys import (
    TOKEN,
    Exchange,
    KeyNeed,
    KeyPart,
    Quota,
    Signed,
    app_secret_proof,
    as_bearer,
    in_path,
    in_query,
)
from benchmark.networks.wire import Patience
from tests.servers.scripted import Scripted, breaks_off, hangs_up, says, sends_on, trickles

ID, SECRET, TOLD = "an-app-id", "s3cret-never-to-be-seen", "t0ken-never-to-be-seen"
ID_PART = KeyPart("client_id", "INVENTED_CLIENT_ID", "Client ID", secret=False)
SECRET_PART = KeyPart("client_secret", "INVENTED_CLIENT_SECRET", "Client secret")
PROOF_PART = KeyPart("proof", "INVENTED_PROOF", "Proof", optional=True)

URL = "https://api.invented.example/v1/posts"
TOKEN_URL = "https://id.invented.example/oauth2/token"
HASTY = Patience(connect=2, read=2, whole=3, pause=0.3, backoff=0.01)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

IN_FORM = Exchange(
    TOKEN_URL,
    form=lambda parts: {
        "client_id": parts["client_id"],
        "client_secret": parts["client_secret"],
        "grant_type": "client_credentials",
    },
)
BASIC = Exchange(
    TOKEN_URL,
    form=lambda _: {"grant_type": "client_credentials"},
    basic=lambda parts: (parts["client_id"], parts["client_secret"]),
)


def need(**changes: Any) -> KeyNeed:
    given: dict[str, Any] = {
        "parts": (ID_PART, SECRET_PART),
        "sign": as_bearer(client_id="Client-Id"),
        "how": "Ask for one.",
        "exchange": IN_FORM,
    }
    return KeyNeed(**(given | changes))


def invented(**changes: Any) -> Network:
    """A network that does not exist, with an address of its own."""
    given: dict[str, Any] = {"key": "invented", "label": "Invented", "base_url": "https://api.invented.example"}
    return replace(NETWORKS["bluesky"], **(given | {"windows": (), "explain": lambda _: None} | changes))


EXCHANGES = invented(key_need=need())
KEY = need().pack({"client_id": ID, "client_secret": SECRET})


def door_to(server: Scripted, **given: Any) -> Door:
    return Door(base_urls={"invented": server.url}, patience=given.pop("patience", HASTY), **given)


def ask(server: Scripted, network: Network = EXCHANGES, url: str = URL, key: str = KEY, **given: Any) -> Answer:
    with door_to(server) as door:
        return door.open(network, key=key)(url, **given)


def granted(token: str = TOLD, **more: Any) -> Callable[..., None]:
    return says({"access_token": token, "token_type": "bearer", "expires_in": 3600} | more)


# --- keys in parts ----------------------------------------------------------------------------------------------------


def test_a_key_of_one_part_is_kept_as_it_is_and_one_of_several_as_all_of_them():
    one = need(parts=(SECRET_PART,))

    assert one.pack({"client_secret": f" {SECRET}\n"}) == SECRET
    assert one.unpack(SECRET) == {"client_secret": SECRET}
    assert need().unpack(KEY) == {"client_id": ID, "client_secret": SECRET}
    assert need().settings == "INVENTED_CLIENT_ID, INVENTED_CLIENT_SECRET"


def test_a_key_lacks_only_what_is_not_optional():
    several = need(parts=(ID_PART, SECRET_PART, PROOF_PART))

    packed = several.pack({"client_id": ID, "client_secret": SECRET, "proof": "  "})

    assert several.unpack(packed) == {"client_id": ID, "client_secret": SECRET}
    with pytest.raises(KeyError, match="client_secret"):
        several.pack({"client_id": ID, "client_secret": " "})


@pytest.mark.parametrize(
    "stored", ["plain-text", '{"client_id": "an-app-id"}', '{"client_id": "a", "client_secret": ""}', "[]", '{"a": 1}']
)
def test_a_key_that_is_not_whole_is_refused_and_nothing_is_asked(stored):
    with Scripted(says({})) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, key=stored)

    assert caught.value.code == "credential_refused"
    assert "Invented" in caught.value.sentence
    assert server.paths == []


def test_the_parts_of_a_key_are_not_shown():
    assert SECRET not in repr(need().unpack(KEY)) + str(need().unpack(KEY))
    assert SECRET not in repr(Signed(params={"a": SECRET}, headers={"b": SECRET}, path={"c": SECRET}))


# --- signing ----------------------------------------------------------------------------------------------------------


def test_a_key_goes_into_the_query_beside_what_is_asked():
    network = invented(key_need=need(exchange=None, sign=in_query(app="client_id", access_token="client_secret")))
    with Scripted(says({})) as server:
        answer = ask(server, network, params={"of": "anna"})

    assert server.paths == [f"/v1/posts?of=anna&app={ID}&access_token={SECRET}"]
    assert answer.url == f"{URL}?of=anna"


def test_a_key_goes_into_headers():
    network = invented(key_need=need(exchange=None, sign=as_bearer("client_secret", client_id="Client-Id")))
    with Scripted(says({})) as server:
        answer = ask(server, network)

    assert server.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert server.headers[0]["client-id"] == ID
    assert answer.url == URL


@pytest.mark.parametrize(
    ("token", "sent"), [("123:AA-bb_cc", "123:AA-bb_cc"), ("a/b?c#d e%", "a%2Fb%3Fc%23d%20e%25"), ("a\\1", "a%5C1")]
)
def test_a_key_goes_into_the_path_where_its_name_stands(token, sent):
    network = invented(key_need=need(parts=(KeyPart("token", "T", "T"),), exchange=None, sign=in_path("token")))
    with Scripted(says({})) as server:
        answer = ask(server, network, "https://api.invented.example/bot:token/getChat:tokens", key=token)

    assert server.paths == [f"/bot{sent}/getChat:tokens"]
    assert answer.url == "https://api.invented.example/bot:token/getChat:tokens"


def test_a_signature_may_be_made_of_the_question():
    def sign(question, parts):
        return Signed(params={"sig": app_secret_proof(str(sorted(question.params.items())), parts["client_secret"])})

    network = invented(key_need=need(exchange=None, sign=sign))
    with Scripted(says({})) as server:
        ask(server, network, params={"b": 2, "a": ["x", "y"]})

    proof = app_secret_proof(str([("a", ["x", "y"]), ("b", "2")]), SECRET)
    assert server.paths == [f"/v1/posts?b=2&a=x&a=y&sig={proof}"]


def test_a_proof_is_the_one_that_meta_expects():
    # HMAC-SHA256, as RFC 4231 gives it for its second test case.
    assert app_secret_proof("what do ya want for nothing?", "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize("unfit", ["two\nlines", "schlüssel", "nul\x00l"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_told(unfit):
    network = invented(key_need=need(parts=(SECRET_PART,), exchange=None, sign=as_bearer("client_secret")))
    with Scripted(says({})) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, network, key=unfit)

    assert caught.value.code == "credential_refused"
    assert not any(word in told_by(caught.value) for word in (unfit, repr(unfit)[1:-1]))
    assert server.paths == []


def test_a_key_that_no_header_can_carry_costs_nothing():
    moves: list[int] = []
    paid = invented(
        key_need=need(parts=(SECRET_PART,), exchange=None, sign=as_bearer("client_secret")),
        quota=Quota(units=100, zone="UTC", cost=lambda _: 10),
    )
    with Scripted(says({})) as server, door_to(server) as door, pytest.raises(NeedsAttention):
        door.open(paid, key="schlüssel", reserve=moves.append)(URL)

    assert (moves, server.paths) == ([10, -10], [])


@pytest.mark.parametrize("home", ["", "https://api.invented.example"])
@pytest.mark.parametrize("told", [SECRET, SECRET.replace("-", "%2D")])
def test_a_redirect_that_repeats_the_key_is_not_followed_and_not_written_down(home, told, caplog):
    caplog.set_level(logging.DEBUG)
    network = invented(key_need=need(exchange=None, sign=in_path("client_secret")))
    with Scripted(sends_on(f"{home}/v2/{told}/posts/")) as server, pytest.raises(UnexpectedAnswer):
        ask(server, network, "https://api.invented.example/:client_secret/posts")

    assert len(server.paths) == 1
    assert told not in caplog.text


# --- a key becomes a token --------------------------------------------------------------------------------------------


def test_a_key_in_a_form_becomes_a_token_that_every_call_carries():
    counted: list[int] = []
    with Scripted(granted(), says({"n": 1}), says({"n": 2})) as server, door_to(server) as door:
        get = door.open(EXCHANGES, key=KEY, on_request=lambda: counted.append(1))
        assert [get(URL).json(), get(URL).json()] == [{"n": 1}, {"n": 2}]

    assert server.paths == ["/oauth2/token", "/v1/posts", "/v1/posts"]
    assert parse_qs(server.bodies[0].decode()) == {
        "client_id": [ID],
        "client_secret": [SECRET],
        "grant_type": ["client_credentials"],
    }
    assert server.headers[0]["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in server.headers[0]
    assert [headers["authorization"] for headers in server.headers[1:]] == [f"Bearer {TOLD}"] * 2
    assert server.headers[1]["client-id"] == ID
    assert len(counted) == 3


def test_a_key_may_be_the_name_and_password_of_the_exchange():
    with Scripted(granted(), says({})) as server:
        ask(server, invented(key_need=need(exchange=BASIC)))

    assert server.headers[0]["authorization"] == "Basic " + b64encode(f"{ID}:{SECRET}".encode()).decode()
    assert server.bodies[0] == b"grant_type=client_credentials"
    assert server.headers[1]["authorization"] == f"Bearer {TOLD}"


@pytest.mark.parametrize(
    ("lasts", "later", "exchanges"),
    [
        ({"expires_in": 3600}, timedelta(minutes=58), 1),
        ({"expires_in": 3600}, timedelta(minutes=59), 2),  # a minute before its end
        ({"expires_in": "3600"}, timedelta(minutes=58), 1),
        ({"expires_in": None}, timedelta(minutes=58), 1),
        ({"expires_in": None}, timedelta(hours=1), 2),
        ({"expires_in": 5_184_000}, timedelta(days=59), 1),
        ({"expires_in": 10**30}, timedelta(days=400), 2),
        ({"expires_in": 0}, timedelta(0), 2),
        ({"expires_in": -5}, timedelta(0), 2),
    ],
)
def test_a_token_is_kept_and_renewed_before_its_end(lasts, later, exchanges):
    moments = [NOW]
    with Scripted(granted("one", **lasts), says({}), granted("two"), says({})) as server, door_to(server) as door:
        get = door.open(EXCHANGES, key=KEY, clock=lambda: moments[-1])
        get(URL)
        moments.append(NOW + later)
        server.replies = server.replies[2 * (exchanges == 1) :] or server.replies
        get(URL)

    assert server.paths.count("/oauth2/token") == exchanges
    assert server.headers[-1]["authorization"] == ("Bearer one" if exchanges == 1 else "Bearer two")


def test_two_keys_and_two_networks_never_share_a_token():
    other_key = need().pack({"client_id": ID, "client_secret": "another"})
    other_network = invented(key="elsewhere", key_need=need())
    replies = [reply for token in ("one", "two", "three") for reply in (granted(token), says({}))]
    with (
        Scripted(*replies) as server,
        Door(base_urls={"invented": server.url, "elsewhere": server.url}, patience=HASTY) as door,
    ):
        for network, key in ((EXCHANGES, KEY), (EXCHANGES, other_key), (other_network, KEY)):
            door.open(network, key=key)(URL)

    assert [headers.get("authorization") for headers in server.headers][1::2] == [
        "Bearer one",
        "Bearer two",
        "Bearer three",
    ]


def test_a_token_that_is_refused_is_forgotten_and_asked_for_anew_once():
    replies = (granted("old"), says({"n": 1}), says({}, status=401), granted("new"), says({"n": 2}), says({"n": 3}))
    with Scripted(*replies) as server, door_to(server) as door:
        get = door.open(EXCHANGES, key=KEY)
        answers = [get(URL).json() for _ in range(3)]

    assert answers == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [headers.get("authorization") for headers in server.headers] == [
        None,
        "Bearer old",
        "Bearer old",
        None,
        "Bearer new",
        "Bearer new",
    ]


def test_a_key_whose_every_token_is_refused_is_refused_itself():
    def explain(answer):
        return NeedsAttention("credential_refused", "Invented refuses the key.") if answer.status == 401 else None

    def always(handler):
        (granted() if handler.path == "/oauth2/token" else says({}, status=401))(handler)

    network = invented(key_need=need(), explain=explain)
    with Scripted(always) as server, door_to(server) as door:
        for asked in (["/oauth2/token", "/v1/posts"], ["/v1/posts", "/oauth2/token", "/v1/posts"]):
            server.paths.clear()
            with pytest.raises(NeedsAttention) as caught:
                door.open(network, key=KEY)(URL)
            assert caught.value.code == "credential_refused"
            assert server.paths == asked  # a token that was kept is renewed once, one that is new is not


@pytest.mark.parametrize(
    "refusal",
    [
        says({"status": 400, "message": "invalid client"}, status=400),
        says({"error": "invalid_client"}, status=401),
        says({"status": 403, "message": "invalid client secret"}, status=403),
        says({"error": "invalid_client", "error_description": "…"}),  # with a good status, as some servers do
    ],
)
def test_a_refused_exchange_is_a_refused_key(refusal):
    with Scripted(refusal) as server, pytest.raises(NeedsAttention) as caught:
        ask(server)

    assert caught.value.code == "credential_refused"
    assert server.paths == ["/oauth2/token"]


@pytest.mark.parametrize(
    "strange",
    [
        says({}, status=404),
        says({}, status=410),
        says({}, status=418),
        says({}),
        says(b"<html>back soon</html>"),
        says({"access_token": ""}),
        says({"access_token": TOLD, "expires_in": "soon"}),
        sends_on("https://evil.example/token"),
    ],
)
def test_an_exchange_that_is_not_understood_blames_neither_the_key_nor_the_profile(strange):
    def explain(answer):
        return Gone("profile_not_found", "Invented knows no such profile.")

    with Scripted(strange) as server, pytest.raises(UnexpectedAnswer) as caught:
        ask(server, invented(key_need=need(), explain=explain))

    assert TOLD not in told_by(caught.value)
    assert server.paths == ["/oauth2/token"]


@pytest.mark.parametrize("trouble", [says({}, status=503), hangs_up, breaks_off])
def test_trouble_with_the_exchange_is_something_to_try_again_and_later(trouble):
    with Scripted(trouble, granted(), says({"ok": 1})) as server:
        assert ask(server).json() == {"ok": 1}
    with Scripted(trouble) as server, pytest.raises(TryLater) as caught:
        ask(server)
    assert caught.value.code == "network_unavailable"


def test_an_exchange_that_asks_for_a_pause_is_given_one():
    with Scripted(says({}, status=429, headers={"Retry-After": "600"})) as server, door_to(server) as door:
        for _ in range(3):
            with pytest.raises(TryLater) as caught:
                door.open(EXCHANGES, key=KEY)(URL)

    assert caught.value.code == "rate_limited"
    assert len(server.paths) == 1


def test_the_exchange_goes_to_the_address_that_replaces_the_networks_own():
    with Scripted(granted(), says({})) as server, Door(base_urls={"invented": f"{server.url}/mirror"}) as door:
        door.open(EXCHANGES, key=KEY)(URL)

    assert server.paths == ["/mirror/oauth2/token", "/mirror/v1/posts"]


# --- posted questions -------------------------------------------------------------------------------------------------


def test_a_question_may_be_posted_as_json_with_its_parameters_and_its_key():
    network = invented(key_need=need(exchange=None, sign=as_bearer("client_secret")))
    with Scripted(says({"ok": 1})) as server:
        answer = ask(server, network, params={"fields": "id"}, body={"query": {"name": "Bäckerei"}, "max": 100})

    assert server.paths == ["/v1/posts?fields=id"]
    assert msgspec.json.decode(server.bodies[0]) == {"query": {"name": "Bäckerei"}, "max": 100}
    assert server.headers[0]["content-type"] == "application/json"
    assert server.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert (answer.json(), answer.url) == ({"ok": 1}, f"{URL}?fields=id")


def test_a_posted_question_is_posted_again_whole_after_trouble_and_a_redirect():
    with Scripted(says({}, status=503), sends_on("/v2/posts"), says({})) as server:
        ask(server, invented(), body={"a": 1})

    assert server.paths == ["/v1/posts", "/v1/posts", "/v2/posts"]
    assert server.bodies == [b'{"a":1}'] * 3


def test_what_is_not_posted_has_no_body():
    with Scripted(says({})) as server:
        ask(server, invented())

    assert server.bodies == [b""]
    assert "content-type" not in server.headers[0]


# --- errors inside good answers ---------------------------------------------------------------------------------------


def inside(answer: Answer) -> Gone | TryLater | None:
    code = answer.decode(dict[str, Any]).get("error_code")
    if code == 6:
        return TryLater("rate_limited", "Invented asks us to ask more slowly.")
    return Gone("profile_not_found", "Invented knows no such profile.") if code else None


def test_an_error_inside_a_good_answer_is_an_error_where_the_network_has_such():
    looks_inside = invented(explain=inside, errors_in_good_answers=True)
    with Scripted(says({"error_code": 113})) as server:
        with pytest.raises(Gone):
            ask(server, looks_inside)
        assert ask(server, invented(explain=inside)).json() == {"error_code": 113}
    with Scripted(says({"response": []})) as server:
        assert ask(server, looks_inside).json() == {"response": []}


def test_a_good_answer_that_says_too_fast_is_not_asked_for_again_at_once():
    with Scripted(says({"error_code": 6})) as server, pytest.raises(TryLater) as caught:
        ask(server, invented(explain=inside, errors_in_good_answers=True))

    assert caught.value.code == "rate_limited"
    assert len(server.paths) == 1


# --- being asked to slow down -----------------------------------------------------------------------------------------


def by_usage(answer: Answer) -> Allowance:
    full = answer.headers.get("x-app-usage") == "100"
    return Allowance(said_at=answer.received_at, pause=timedelta(minutes=5) if full else None)


def test_a_network_that_is_nearly_used_up_closes_its_windows_for_all_workers():
    key = f"invented-{secrets.token_hex(8)}"  # nobody else has counted for it
    network = invented(key=key, allowance=by_usage)
    with Scripted(says({"n": 1}, headers={"X-App-Usage": "100"})) as server:
        doors = [
            Door(base_urls={key: server.url}, patience=HASTY, windows_url=os.environ["REDIS_URL"]) for _ in range(2)
        ]
        assert doors[0].open(network)(URL).json() == {"n": 1}
        for door in doors:
            with pytest.raises(TryLater) as caught:
                door.open(network)(URL)
            assert caught.value.after is not None
            assert timedelta(minutes=4) < caught.value.after < timedelta(minutes=5, seconds=1)
            door.close()

    assert len(server.paths) == 1


def test_a_pause_of_one_key_leaves_another_alone_where_each_has_its_own_windows():
    per_key = invented(
        key_need=need(parts=(SECRET_PART,), exchange=None, sign=as_bearer("client_secret")),
        allowance=by_usage,
        windows=(Window(100, 60, each="key"),),
    )
    with Scripted(says({}, headers={"X-App-Usage": "100"}), says({})) as server, door_to(server) as door:
        door.open(per_key, key="one")(URL)
        with pytest.raises(TryLater):
            door.open(per_key, key="one")(URL)
        assert door.open(per_key, key="two")(URL).status == 200


# --- what a call costs ------------------------------------------------------------------------------------------------


def per_item(question: Any, body: bytes) -> int:
    return len(msgspec.json.decode(body, type=dict[str, list[int]])["data"])


PAID = invented(
    key_need=need(exchange=None, sign=as_bearer("client_secret")),
    quota=Quota(units=1000, zone="UTC", cost=lambda question: int(str(question.params["max"])), spent=per_item),
)


def paid(server: Scripted, network: Network = PAID, key: str = KEY) -> list[int]:
    """What was reserved and given back."""
    moves: list[int] = []
    with door_to(server) as door:
        try:
            door.open(network, key=key, reserve=moves.append)(URL, {"max": 10})
        except TryLater:
            moves.append(0)  # the end, without an answer
    return moves


def test_the_most_that_a_call_may_cost_is_reserved_and_the_rest_given_back():
    with Scripted(says({"data": [1, 2, 3]})) as server:
        assert paid(server) == [10, -7]
    with Scripted(says({"data": list(range(10))})) as server:
        assert paid(server) == [10]


def test_what_is_reserved_is_reserved_before_the_call():
    order: list[object] = []

    def replies(handler):
        order.append("asked")
        says({"data": []})(handler)

    with Scripted(replies) as server, door_to(server) as door:
        door.open(PAID, key=KEY, reserve=order.append)(URL, {"max": 10})

    assert order == [10, "asked", -10]


@pytest.mark.parametrize("silent", [hangs_up, breaks_off])
def test_nothing_is_given_back_where_no_answer_came(silent):
    with Scripted(silent) as server:
        assert paid(server) == [10, 10, 10, 0]


def test_everything_is_given_back_where_nothing_was_asked():
    with Scripted(says({})) as server:
        nobody = server.url
    moves: list[int] = []
    with Door(base_urls={"invented": nobody}, patience=HASTY) as door, pytest.raises(TryLater):
        door.open(PAID, key=KEY, reserve=moves.append)(URL, {"max": 10})
    assert moves == [10, -10] * 3


def test_nothing_is_given_back_where_the_answer_does_not_say_what_it_cost():
    with Scripted(says(b"<html>Bad Gateway</html>", status=502), says({"data": [1]})) as server:
        assert paid(server) == [10, 10, -9]


def test_a_key_without_enough_left_is_not_asked_with():
    def used_up(units):
        raise TryLater("quota_used_up", "This month's budget is used up.")

    with Scripted(says({})) as server, door_to(server) as door, pytest.raises(TryLater):
        door.open(PAID, key=KEY, reserve=used_up)(URL, {"max": 10})
    assert server.paths == []


def test_a_key_that_gets_no_token_costs_nothing():
    with Scripted(says({}, status=503)) as server:
        assert paid(server, replace(PAID, key_need=need())) == [0]


# --- what is never told -----------------------------------------------------------------------------------------------


def told_by(error: BaseException) -> str:
    """All that an exception can tell: its words, its members and its chain, with the variables of our every frame."""
    told: list[str] = []
    chain: BaseException | None = error
    while chain is not None:
        shown = traceback.TracebackException.from_exception(chain, capture_locals=True)
        shown.stack[:] = [frame for frame in shown.stack if frame.filename != __file__]  # a test knows its key
        told += [*shown.stack.format(), repr(chain), str(chain), repr(chain.args), repr(vars(chain))]
        chain = chain.__cause__ or chain.__context__
    return "".join(told)


WAYS = {
    "query": need(exchange=None, sign=in_query(access_token="client_secret")),
    "bearer": need(exchange=None, sign=as_bearer("client_secret")),
    "path": need(exchange=None, sign=in_path("client_secret")),
    "form": need(),
    "basic": need(exchange=BASIC),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "reply",
    [
        says({}),
        says(b"{", status=200),
        says({}, status=401),
        says({}, status=403),
        says(b"<", status=500),
        says({}, status=429, headers={"Retry-After": "60"}),
        breaks_off,
        hangs_up,
        trickles,
    ],
    ids=["good", "broken", "401", "403", "500", "429", "breaks off", "hangs up", "trickles"],
)
@pytest.mark.parametrize("at", ["exchange", "call"])
def test_no_part_of_a_key_and_no_token_is_ever_told(way, reply, at, caplog):
    def replies(handler):
        (granted() if at == "call" and handler.path == "/oauth2/token" else reply)(handler)

    caplog.set_level(logging.DEBUG)
    impatient = Patience(read=0.2, whole=0.3, pause=0.1, backoff=0.01, attempts=2)
    network = invented(key_need=WAYS[way])
    with Scripted(replies) as server, door_to(server, patience=impatient) as door:
        get = door.open(network, key=KEY)
        told = [repr(get), repr(door), str(vars(door)), repr(vars(door.tokens)), repr(network)]
        try:
            answer = get("https://api.invented.example/:client_secret/posts" if way == "path" else URL)
            told += [repr(answer), answer.url]
            answer.json()
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not tell)
            told.append(told_by(error))

    assert server.paths
    everything = "".join(told) + caplog.text
    assert SECRET not in everything
    assert b64encode(f"{ID}:{SECRET}".encode()).decode() not in everything
    assert TOLD not in everything


def test_a_missing_token_in_a_signature_is_a_mistake_of_the_declaration():
    network = invented(key_need=need(exchange=None, sign=as_bearer(TOKEN)))
    with Scripted(says({})) as server, pytest.raises(KeyError) as caught:
        ask(server, network)

    assert SECRET not in told_by(caught.value)
