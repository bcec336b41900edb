"""The door: what it asks, what it refuses, how long it waits, and what it never tells."""

import datetime as dt
import gzip
import logging
import ssl
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmark.networks import NETWORKS
from benchmark.networks.allowance import counted
from benchmark.networks.base import Gone, NeedsAttention, NetworkError, Remedy, TryLater, UnexpectedAnswer
from benchmark.networks.http import Door, pause_of
from benchmark.networks.wire import Patience
from tests.networks.recorded import ARRIVED, drawn_answer
from tests.servers.scripted import (
    Scripted,
    breaks_a_chunk,
    breaks_off,
    hangs_up,
    packed,
    says,
    sends_on,
    trickles,
    trickles_headers,
)

BLUESKY, MASTODON, YOUTUBE = (NETWORKS[key] for key in ("bluesky", "mastodon", "youtube"))
PROFILE = "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile"
CHANNELS = "https://www.googleapis.com/youtube/v3/channels"
INSTANCE = "https://social.example/api/v1/accounts/1"
SECRET = "AIza-never-to-be-seen"
HASTY = Patience(connect=2, read=2, whole=3, pause=0.3, backoff=0.01)
IMPATIENT = Patience(read=0.4, whole=0.5, pause=0.3, backoff=0.01)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def door_to(server, **given):
    """A door for which a test's server stands in for every network."""
    urls = dict.fromkeys(NETWORKS, server.url)
    return Door(base_urls=urls, patience=given.pop("patience", HASTY), **given)


def ask(server, network=BLUESKY, url=PROFILE, params=None, **conversation):
    with door_to(server) as door:
        return door.open(network, **conversation)(url, params)


def failure(server, kind, network=BLUESKY, url=PROFILE, **conversation):
    with pytest.raises(kind) as caught:
        ask(server, network, url, **conversation)
    return caught.value


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_an_answer_comes_back_whole_with_its_moment():
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    with Scripted(says({"did": "did:plc:1"}, headers={"X-Mixed-Case": "1"})) as server:
        answer = ask(server, params={"actor": "anna.test", "uris": ["a", "b"]}, clock=lambda: moment)

    assert answer.json() == {"did": "did:plc:1"}
    assert (answer.status, answer.received_at, answer.headers["x-mixed-case"]) == (200, moment, "1")
    assert answer.url == f"{PROFILE}?actor=anna.test&uris=a&uris=b"
    assert server.paths == ["/xrpc/app.bsky.actor.getProfile?actor=anna.test&uris=a&uris=b"]


def test_the_door_says_who_it_is_and_keeps_no_cookies():
    with Scripted(says({}, headers={"Set-Cookie": "a=1"})) as server, door_to(server, user_agent="Yardstick/1") as door:
        get = door.open(BLUESKY)
        get(PROFILE)
        get(PROFILE)

    assert [headers["user-agent"] for headers in server.headers] == ["Yardstick/1"] * 2
    assert not any("cookie" in headers for headers in server.headers)


def test_an_operators_address_keeps_the_instance_in_the_host_header():
    with Scripted(says({})) as server:
        ask(server, MASTODON, INSTANCE)
        ask(server, BLUESKY, PROFILE)

    assert server.paths[0] == "/api/v1/accounts/1"
    assert server.headers[0]["host"] == "social.example"
    assert server.headers[1]["host"] == f"127.0.0.1:{server.port}"


def test_a_path_in_an_operators_address_comes_first_but_only_once():
    with Scripted(says({})) as server:
        for prefix in ("/mirror/", "/xrpc"):
            with Door(base_urls={"bluesky": server.url + prefix}, patience=HASTY) as door:
                door.open(BLUESKY)(PROFILE)

    assert server.paths == ["/mirror/xrpc/app.bsky.actor.getProfile", "/xrpc/app.bsky.actor.getProfile"]


def test_an_operators_address_that_is_none_is_named_at_once():
    with pytest.raises(ValueError, match=r"http://127\.0\.0\.1:9000"):
        Door(base_urls={"bluesky": "127.0.0.1:9000"})


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with Scripted(says({})) as server:
        assert ask(server).status == 200


def test_many_threads_share_one_door():
    with Scripted(says({"ok": True})) as server, door_to(server) as door, ThreadPoolExecutor(8) as threads:
        get = door.open(BLUESKY)
        answers = list(threads.map(lambda number: get(PROFILE, {"n": number}), range(60)))

    assert all(answer.json() == {"ok": True} for answer in answers)
    assert sorted(server.paths) == sorted(f"/xrpc/app.bsky.actor.getProfile?n={number}" for number in range(60))


def test_a_door_that_was_closed_opens_again():
    with Scripted(says({})) as server, door_to(server) as door:
        door.open(BLUESKY)(PROFILE)
        door.close()
        assert door.open(BLUESKY)(PROFILE).status == 200


def test_every_request_is_counted():
    counted = []
    with Scripted(says({}, status=503), sends_on("/xrpc/elsewhere"), says({})) as server:
        ask(server, on_request=lambda: counted.append(1))

    assert len(counted) == len(server.paths) == 3


# --- pretend ----------------------------------------------------------------------------------------------------------


def test_a_pretend_conversation_goes_to_the_pretend_server_and_costs_nothing():
    def refuse(units):
        raise AssertionError("a pretend call costs nothing")

    with Scripted(says({})) as server, Door(pretend_url=lambda: server.url, patience=HASTY) as door:
        door.open(YOUTUBE, pretend=True, reserve=refuse)(CHANNELS)
        door.open(MASTODON, pretend=True)("https://demo.invalid/api/v1/accounts/1")

    assert server.paths == ["/youtube/v3/channels", "/api/v1/accounts/1"]
    assert server.headers[1]["host"] == "demo.invalid"


def test_the_pretend_server_is_asked_for_reserved_names_only():
    with Scripted(says({})) as server, Door(pretend_url=server.url, patience=HASTY) as door:
        with pytest.raises(Gone):
            door.open(MASTODON, pretend=True)(INSTANCE)
        with pytest.raises(Gone):
            door.open(MASTODON)("https://demo.invalid/api/v1/accounts/1")
    assert server.paths == []


@pytest.mark.parametrize("left_behind", [False, True])
def test_where_the_demos_network_is_away_it_is_named_and_not_the_host_whose_part_it_plays(left_behind):
    with Scripted(says({})) as server:
        address = server.url
    with Door(pretend_url=address if left_behind else None, patience=HASTY) as door, pytest.raises(TryLater) as caught:
        door.open(BLUESKY, pretend=True)(PROFILE)

    assert caught.value.code == "network_unavailable"
    assert caught.value.sentence.startswith("The demo's own network is not running. `manage.py demo` makes")


# --- what is refused --------------------------------------------------------------------------------------------------


class NoSockets(httpcore.NetworkBackend):
    def connect_tcp(self, host, *_, **__):
        raise AssertionError(f"a connection to {host}")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_no_request_leaves_for_an_address_that_is_not_public(url):
    with Door(sockets=NoSockets(), patience=HASTY) as door, pytest.raises(TryLater) as caught:
        door.open(MASTODON)(url)
    assert caught.value.code == "network_unavailable"


def test_whoever_asks_cannot_tell_a_private_name_from_one_that_nobody_knows(caplog):
    caplog.set_level(logging.WARNING, "benchmark.networks.http")

    def resolve(host, _):
        if host == "inside.example":
            return ["10.0.0.1"]
        raise OSError("Name or service not known")

    def told(host):
        requests = []
        with (
            Door(resolver=resolve, sockets=NoSockets(), patience=HASTY) as door,
            pytest.raises(NetworkError) as caught,
        ):
            door.open(MASTODON, on_request=lambda: requests.append(host))(f"https://{host}/api/v1/accounts/1")
        return type(caught.value), caught.value.code, caught.value.sentence.replace(host, "…"), len(requests)

    assert told("inside.example") == told("nowhere.example")
    refused = [record.msg["host"] for record in caplog.records if "not public" in record.msg["event"]]
    assert set(refused) == {"inside.example"}


@pytest.mark.parametrize(
    "url",
    [
        "http://social.example/",
        "https://social.example:8443/",
        "https://user:pass@social.example/",
        "file:///etc/passwd",
        "ftp://social.example/",
    ],
)
def test_no_request_leaves_but_by_https_on_its_usual_port(url):
    with Door(sockets=NoSockets(), patience=HASTY) as door, pytest.raises(NeedsAttention) as caught:
        door.open(MASTODON)(url)
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize("url", ["https://", "https:///x", "https://[::1", "nonsense", ""])
def test_what_is_no_address_is_an_error_by_remedy(url):
    with Door(patience=HASTY) as door, pytest.raises((NeedsAttention, UnexpectedAnswer)):
        door.open(MASTODON)(url)


@pytest.mark.parametrize("url", ["https://evil.example/xrpc/x", "http://public.api.bsky.app/", "https://bsky.app/"])
def test_a_network_with_an_own_address_is_asked_nowhere_else(url):
    with Scripted(says({})) as server:
        failure(server, UnexpectedAnswer, url=url)
    assert server.paths == []


def test_a_network_is_asked_only_once_its_key_is_there():
    with Scripted(says({})) as server:
        error = failure(server, NeedsAttention, YOUTUBE, CHANNELS)

    assert (error.code, error.remedy) == ("credential_missing", Remedy.NEEDS_ATTENTION)
    assert "API key" in error.sentence
    assert server.paths == []


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("location", ["/xrpc/new?a=1", "https://public.api.bsky.app/xrpc/new?a=1"])
def test_a_redirect_on_the_same_host_is_followed(location):
    with Scripted(sends_on(location), says({"new": True})) as server:
        answer = ask(server)

    assert answer.json() == {"new": True}
    assert server.paths[1] == "/xrpc/new?a=1"


@pytest.mark.parametrize(
    "location", ["https://evil.example/x", "//evil.example/x", "http://127.0.0.1:1/x", "https://["]
)
def test_a_redirect_to_another_host_is_refused_and_never_gets_the_key(location):
    with Scripted(sends_on(location)) as server:
        failure(server, UnexpectedAnswer, YOUTUBE, CHANNELS, key=SECRET)

    assert server.paths == [f"/youtube/v3/channels?key={SECRET}"]


@pytest.mark.parametrize("location", [f"/elsewhere?key={SECRET}", f"https://www.googleapis.com/{SECRET}/x"])
def test_a_redirect_that_repeats_the_key_is_not_followed(location):
    with Scripted(sends_on(location)) as server:
        error = failure(server, UnexpectedAnswer, YOUTUBE, CHANNELS, key=SECRET)

    assert len(server.paths) == 1
    assert SECRET not in str(vars(error))


def test_redirects_end_after_three():
    with Scripted(sends_on("/again")) as server:
        failure(server, UnexpectedAnswer)

    assert len(server.paths) == 4


def test_only_a_well_known_address_may_point_to_another_host():
    well_known = "https://bakery.example/.well-known/webfinger"
    with Scripted(sends_on("https://social.example/.well-known/webfinger"), says({"links": []})) as server:
        answer = ask(server, MASTODON, well_known)

    assert answer.url == "https://social.example/.well-known/webfinger"
    assert [headers["host"] for headers in server.headers] == ["bakery.example", "social.example"]


# --- answers that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", [breaks_off, breaks_a_chunk, hangs_up, packed({"a": 1}, cut=3), packed({"a": 1}, cut=12)]
)
def test_an_answer_that_broke_off_is_asked_for_again(bad):
    with Scripted(bad, says({"whole": True})) as server:
        assert ask(server).json() == {"whole": True}
    assert len(server.paths) == 2


@pytest.mark.parametrize("bad", [breaks_off, breaks_a_chunk, hangs_up, packed({"a": 1}, cut=3)])
def test_an_answer_that_always_breaks_off_is_something_to_try_later(bad):
    with Scripted(bad) as server:
        error = failure(server, TryLater)

    assert error.code == "network_unavailable"
    assert len(server.paths) == 3


def test_a_packed_answer_is_unpacked():
    with Scripted(packed({"a": 1})) as server:
        assert ask(server).json() == {"a": 1}
    assert server.headers[0]["accept-encoding"] == "gzip"


def test_an_answer_that_is_too_large_is_refused_without_reading_it():
    small = Patience(answer_bytes=10_000, backoff=0.01)
    for body, headers in (
        (b"1" * 1_000_000, {}),
        (gzip.compress(b"1" * 50_000_000), {"Content-Encoding": "gzip"}),
        (gzip.compress(b"") * 10_000, {"Content-Encoding": "gzip"}),
    ):
        with Scripted(says(body, headers=headers)) as server, door_to(server, patience=small) as door:
            with pytest.raises(UnexpectedAnswer):
                door.open(BLUESKY)(PROFILE)
            assert len(server.paths) == 1


def test_an_answer_as_large_as_allowed_is_taken():
    small = Patience(answer_bytes=10_000)
    with Scripted(says(b"1" * 10_000)) as server, door_to(server, patience=small) as door:
        assert len(door.open(BLUESKY)(PROFILE).body) == 10_000


def test_an_encoding_that_was_not_asked_for_is_not_guessed_at():
    with Scripted(says(b"...", headers={"Content-Encoding": "br"})) as server:
        failure(server, UnexpectedAnswer)


@pytest.mark.parametrize("slow", [trickles, trickles_headers])
def test_an_answer_that_trickles_ends_with_the_deadline(slow):
    started = dt.datetime.now(UTC)
    with Scripted(slow) as server, door_to(server, patience=Patience(read=5, whole=0.4, attempts=1)) as door:
        with pytest.raises(TryLater):
            door.open(BLUESKY)(PROFILE)
        assert dt.datetime.now(UTC) - started < timedelta(seconds=2)


def test_a_server_that_is_not_there_is_something_to_try_later():
    with Scripted(says({})) as server:
        url = server.url
    with Door(base_urls={"bluesky": url}, patience=HASTY) as door, pytest.raises(TryLater) as caught:
        door.open(BLUESKY)(PROFILE)
    assert caught.value.code == "network_unavailable"


@pytest.mark.parametrize(
    ("network", "url", "what_helps"),
    [
        (MASTODON, INSTANCE, "social.example cannot be reached just now. Check the spelling where the name is new;"),
        (BLUESKY, PROFILE, "public.api.bsky.app cannot be reached just now. If that lasts, tell whoever runs this"),
        (YOUTUBE, CHANNELS, "www.googleapis.com cannot be reached just now. If that lasts, tell whoever runs this"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_only_of_a_server_that_people_name_themselves_the_spelling_is_to_be_checked(network, url, what_helps):
    with Scripted(says({})) as server:
        urls = {network.key: server.url}
    with Door(base_urls=urls, patience=HASTY) as door, pytest.raises(TryLater) as caught:
        door.open(network, key=SECRET)(url)

    assert caught.value.sentence.startswith(what_helps)


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_trouble_of_the_servers_own_is_retried_a_few_times(status):
    with Scripted(says({}, status=status), says({}, status=status), says({"ok": 1})) as server:
        assert ask(server).json() == {"ok": 1}
    with Scripted(says({}, status=status)) as server:
        assert failure(server, TryLater).code == "network_unavailable"
        assert len(server.paths) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 501])
def test_a_refusal_is_not_retried(status):
    with Scripted(says({"error": "x", "message": "y"}, status=status)) as server:
        with pytest.raises((NeedsAttention, Gone, UnexpectedAnswer)):
            ask(server)
        assert len(server.paths) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": format_datetime(ARRIVED + timedelta(minutes=3), usegmt=True)}, 180),
        ({"Retry-After": format_datetime(ARRIVED - timedelta(minutes=3), usegmt=True)}, 0),
        ({"Retry-After": "999999999"}, 86_400),
        ({"Retry-After": "9" * 12}, 86_400),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 99 Foo 2026 99:99:99 GMT"}, None),
        ({"ratelimit-reset": str(int(ARRIVED.timestamp()) + 42)}, 42),
        ({"ratelimit-reset": "42"}, 42),
        ({"X-RateLimit-Reset": "2026-11-21T19:05:00.000000Z"}, 300),
        ({"X-RateLimit-Reset": "2026-11-21T19:05:00"}, 300),
        ({"Retry-After": "7", "X-RateLimit-Reset": "2026-11-21T19:05:00Z"}, 7),
        ({}, None),
    ],
)
def test_every_form_of_please_wait_is_understood(headers, wait):
    answer = drawn_answer({}, status=429, headers=headers)

    assert pause_of(answer, counted(answer)) == (None if wait is None else timedelta(seconds=wait))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-remaining": "1", "ratelimit-reset": "60"}, None),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "60"}, 60),
        ({"Retry-After": "60"}, None),
    ],
)
def test_a_good_answer_asks_for_a_pause_only_when_it_was_the_last(headers, wait):
    answer = drawn_answer({}, headers=headers)

    assert pause_of(answer, counted(answer)) == (None if wait is None else timedelta(seconds=wait))


def test_a_short_wait_is_waited_for():
    with Scripted(says({}, status=429, headers={"Retry-After": "0.1"}), says({"ok": 1})) as server:
        assert ask(server).json() == {"ok": 1}


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (TryLater("network_unavailable", "Trouble."), 2),
        (TryLater("rate_limited", "Slower.", after=timedelta(seconds=0.1)), 2),
        (TryLater("rate_limited", "Slower.", after=timedelta(hours=1)), 1),
        (TryLater("quota_used_up", "Used up."), 1),
        (NeedsAttention("profile_private", "Private."), 1),
    ],
)
def test_an_error_inside_a_good_answer_is_asked_away_where_it_passes_by_itself(error, calls):
    network = replace(
        BLUESKY, errors_in_good_answers=True, explain=lambda answer: error if "error" in answer.json() else None
    )
    with Scripted(says({"error": 1}), says({"ok": 1})) as server:
        if calls == 1:
            assert failure(server, type(error), network) is error
        else:
            assert ask(server, network).json() == {"ok": 1}
        assert len(server.paths) == calls


def test_a_long_wait_becomes_a_later_try():
    with Scripted(says({}, status=429, headers={"Retry-After": "3600"})) as server:
        error = failure(server, TryLater)

    assert (error.code, error.after) == ("rate_limited", timedelta(hours=1))
    assert len(server.paths) == 1


def test_nobody_asks_again_before_the_network_allows_it():
    with Scripted(says({}, status=429, headers={"Retry-After": "600"})) as server, door_to(server) as door:
        for _ in range(3):
            with pytest.raises(TryLater) as caught:
                door.open(MASTODON)(INSTANCE)
        with pytest.raises(TryLater):
            door.open(MASTODON)("https://other.example/api/v1/accounts/1")

    assert caught.value.after is not None
    assert timedelta(minutes=9) < caught.value.after <= timedelta(minutes=10)
    assert [headers["host"] for headers in server.headers] == ["social.example", "other.example"]


def test_the_last_call_of_a_window_is_the_last():
    headers = {"ratelimit-remaining": "0", "ratelimit-reset": "200"}
    with Scripted(says({"ok": 1}, headers=headers)) as server, door_to(server) as door:
        assert door.open(BLUESKY)(PROFILE).json() == {"ok": 1}
        with pytest.raises(TryLater):
            door.open(BLUESKY)(PROFILE)
    assert len(server.paths) == 1


# --- quota ------------------------------------------------------------------------------------------------------------


def test_quota_is_reserved_before_every_call_also_a_repeated_one():
    reserved: list[int] = []
    with Scripted(says({}, status=500), says({})) as server:
        ask(server, YOUTUBE, CHANNELS, key=SECRET, reserve=reserved.append)
        assert reserved == [1, 1]
        ask(server, BLUESKY, PROFILE, reserve=reserved.append)
        assert reserved == [1, 1]


def test_a_call_that_never_left_costs_nothing_and_one_that_broke_off_may_have():
    reserved: list[int] = []
    with Scripted(breaks_off) as server:
        failure(server, TryLater, YOUTUBE, CHANNELS, key=SECRET, reserve=reserved.append)
        assert reserved == [1, 1, 1]
    failure(server, TryLater, YOUTUBE, CHANNELS, key=SECRET, reserve=reserved.append)
    assert reserved == [1, 1, 1] + [1, -1] * 3


def test_without_quota_nothing_is_asked():
    def used_up(units):
        raise TryLater("quota_used_up", "The day's quota is used up.")

    with Scripted(says({})) as server:
        error = failure(server, TryLater, YOUTUBE, CHANNELS, key=SECRET, reserve=used_up)
    assert error.code == "quota_used_up"
    assert server.paths == []


# --- the key ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply", [says({}), breaks_off, hangs_up, says({}, status=403), says(b"<", status=500), trickles]
)
def test_a_key_is_sent_and_never_told(reply, caplog):
    caplog.set_level(logging.DEBUG)
    with Scripted(reply) as server, door_to(server, patience=IMPATIENT) as door:
        get = door.open(YOUTUBE, key=SECRET)
        told = [repr(get), repr(door), str(vars(door))]
        try:
            told.append(repr(get(CHANNELS, {"id": "UC1"})))
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not tell)
            told += traceback.TracebackException.from_exception(error, capture_locals=True).format()
            told += [repr(error), repr(vars(error))]

    assert f"key={SECRET}" in server.paths[0]
    assert SECRET not in "".join(told)
    assert SECRET not in caplog.text


# --- over TLS ---------------------------------------------------------------------------------------------------------


class Rerouted(httpcore.NetworkBackend):
    """Sends connections to public addresses to a server on loopback instead, and remembers them."""

    def __init__(self, port):
        self.port = port
        self.opened = []

    def connect_tcp(self, host, port, *_, **__):
        self.opened.append((host, port))
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=2)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for social.example, and contexts for a server that shows it and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "social.example")])
    now = dt.datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("social.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "pair.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + signed.public_bytes(pem))
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(file))
    server.load_cert_chain(file)
    return server, client


def test_the_checked_address_is_asked_and_the_name_goes_into_tls(certificate):
    server_side, client_side = certificate
    with Scripted(says({"ok": 1}), tls=server_side) as server:
        sockets = Rerouted(server.port)
        given = {"sockets": sockets, "tls": client_side, "patience": HASTY}
        with Door(resolver=lambda *_: ["1.1.1.1"], **given) as door:
            assert door.open(MASTODON)(INSTANCE).json() == {"ok": 1}
            with pytest.raises(TryLater):  # the certificate is another name's
                door.open(MASTODON)("https://other.example/api/v1/accounts/1")

    assert set(sockets.opened) == {("1.1.1.1", 443)}
    assert server.headers[0]["host"] == "social.example"


def test_a_redirect_into_a_private_network_is_refused(certificate):
    server_side, client_side = certificate
    names = {"social.example": "1.1.1.1", "inside.example": "10.0.0.1"}
    with Scripted(sends_on("https://inside.example/.well-known/webfinger"), tls=server_side) as server:
        sockets = Rerouted(server.port)
        given = {"sockets": sockets, "tls": client_side, "patience": HASTY}
        with (
            Door(resolver=lambda host, _: [names[host]], **given) as door,
            pytest.raises(TryLater) as caught,
        ):
            door.open(MASTODON)("https://social.example/.well-known/webfinger")

    assert caught.value.code == "network_unavailable"
    assert "inside.example" in caught.value.sentence
    assert set(sockets.opened) == {("1.1.1.1", 443)}


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture_over_tls(certificate, *replies, url="https://social.example/a.png", **given):
    server_side, client_side = certificate
    with Scripted(*replies, tls=server_side) as server:
        names = {"social.example": ["1.1.1.1"], "inside.example": ["127.0.0.1"]}
        door = Door(
            resolver=lambda host, _: names[host],
            sockets=Rerouted(server.port),
            tls=client_side,
            patience=Patience(picture_bytes=1000, connect=2, read=2, whole=3),
            **given,
        )
        with door:
            return door.picture(url, network=BLUESKY)


def test_a_picture_comes_from_any_public_host(certificate):
    shown = {"Content-Type": "image/png; charset=binary"}

    assert picture_over_tls(certificate, says(PNG, headers=shown)) == PNG
    assert picture_over_tls(certificate, sends_on("/b.png"), says(PNG, headers=shown)) == PNG


@pytest.mark.parametrize(
    "reply",
    [
        says(b"<svg onload='x'/>", headers={"Content-Type": "image/svg+xml"}),
        says(b"<html>", headers={"Content-Type": "text/html"}),
        says(PNG * 20, headers={"Content-Type": "image/png"}),
        says(b"", headers={"Content-Type": "image/png"}),
        says(PNG, status=404, headers={"Content-Type": "image/png"}),
        sends_on("https://inside.example/a.png"),
        sends_on("http://social.example/a.png"),
        sends_on("/again"),
        breaks_off,
        hangs_up,
    ],
)
def test_what_is_no_small_picture_of_a_public_host_is_none(certificate, reply):
    assert picture_over_tls(certificate, reply) is None


@pytest.mark.parametrize("url", ["https://inside.example/a.png", "http://social.example/a.png", "data:image/png,x", ""])
def test_a_picture_is_never_fetched_from_inside(certificate, url):
    assert picture_over_tls(certificate, says(PNG, headers={"Content-Type": "image/png"}), url=url) is None


def test_pictures_of_an_operators_own_server_and_of_the_demo_are_shown():
    with Scripted(says(PNG, headers={"Content-Type": "image/png"})) as server, door_to(server) as door:
        assert door.picture(f"{server.url}/a.png", network=BLUESKY) == PNG
    with Scripted(says(PNG, headers={"Content-Type": "image/png"})) as server:
        with Door(pretend_url=server.url, patience=HASTY) as door:
            assert door.picture("https://demo.invalid/a.png", network=MASTODON, pretend=True) == PNG
            assert door.picture(f"{server.url}/b.png", network=MASTODON, pretend=True) == PNG
            assert door.picture("https://demo.invalid/a.png", network=MASTODON) is None
            assert door.picture(f"{server.url}/b.png", network=MASTODON) is None
        assert server.paths == ["/a.png", "/b.png"]


def test_a_slow_server_does_not_use_up_the_time_of_another():
    patience = Patience(read=5, whole=0.3, attempts=1)
    with Scripted(trickles) as slow, Scripted(says({"ok": 1})) as quick, ThreadPoolExecutor(1) as other:
        door = Door(base_urls={"bluesky": slow.url, "mastodon": quick.url}, patience=patience)
        waiting = other.submit(door.open(BLUESKY), PROFILE)
        assert door.open(MASTODON)(INSTANCE).json() == {"ok": 1}
        with pytest.raises(TryLater):
            waiting.result()
        assert door.open(MASTODON)(INSTANCE).json() == {"ok": 1}
        door.close()
