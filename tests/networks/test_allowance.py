"""What an answer says is left of the calls that are allowed, out of its headers, network by network."""

import json
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.allowance import SPELLINGS, Allowance, counted, scarcest
from benchmark.networks.base import Network
from tests.networks.recorded import ARRIVED, answer_in, drawn_answer

PAYLOADS = Path(__file__).parents[1] / "payloads"
UNIX = int(ARRIVED.timestamp())

each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=str)


def said(left=None, limit=None, *, until=None, pause=None, in_percent=False):
    """What was said at `ARRIVED`; `until` and `pause` in seconds from there."""
    return Allowance(
        said_at=ARRIVED,
        left=left,
        limit=limit,
        in_percent=in_percent,
        until=None if until is None else ARRIVED + timedelta(seconds=until),
        pause=None if pause is None else timedelta(seconds=pause),
    )


# --- one answer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "file", "becomes"),
    [
        ("bluesky", "too_fast", said(0, 3000, until=300, pause=300)),
        ("instagram", "too_fast", said(0, 100, in_percent=True, pause=15 * 60)),
        ("reddit", "community", said(996, 1000, until=428)),
        ("reddit", "too_fast", said(0, 1000, until=117, pause=117)),
        ("telegram", "too_fast", said(pause=14)),
        ("twitch", "too_fast", said(0, 800, until=60, pause=60)),
        ("x", "user", said(299, 300, until=900)),
    ],
)
def test_an_answer_of_our_own_says_what_is_left(network, file, becomes):
    answer = answer_in(PAYLOADS / network / f"{file}.json", host="social.example")

    assert NETWORKS[network].allowance(answer) == becomes


def test_every_answer_of_our_own_that_says_what_is_left_is_understood():
    for file in PAYLOADS.glob("*/*.json"):
        headers = json.loads(file.read_text()).get("response", {}).get("headers", {})
        if any(name.lower().endswith(("-remaining", "-usage")) for name in headers):
            allowance = NETWORKS[file.parent.name].allowance(answer_in(file, host="social.example"))
            assert allowance.share is not None, file


@pytest.mark.parametrize(
    ("network", "file", "becomes"),
    [
        ("instagram", "error_rate_limited_buc", said(0, 100, in_percent=True, until=18 * 60, pause=18 * 60)),
        ("mastodon", "error_rate_limited", said(0, 300, until=300, pause=300)),
        ("reddit", "error_403", said(596, 600, until=428)),
        ("x", "error_usage_capped", said(39_999, 40_000)),
        ("x", "error_rate_limited", said(0, 300, until=12_400, pause=12_400)),
        # Recorded years ago: what it counted has begun anew long since.
        ("x", "rec_user_by_username", said(299, 300, until=0)),
    ],
)
def test_a_recorded_answer_says_what_is_left(shared_data, network, file, becomes):
    answer = answer_in(shared_data / f"specs/{network}/examples/{file}.json", host="social.example")

    assert NETWORKS[network].allowance(answer) == becomes


@pytest.mark.parametrize("name", ["X-Rate-Limit", "X-RateLimit", "Ratelimit"])
@pytest.mark.parametrize("reset", ["90", str(UNIX + 90), "2026-11-21T19:01:30.000Z", "Sat, 21 Nov 2026 19:01:30 GMT"])
@pytest.mark.parametrize(
    ("remaining", "left", "pause"),
    [("0", 0, 90), ("0.0", 0, 90), ("0.9", 0.9, 90), ("7", 7, None), ("240.", 240, None)],
)
def test_calls_are_counted_down_in_each_spelling(name, reset, remaining, left, pause):
    headers = {f"{name}-Limit": "300", f"{name}-Remaining": remaining, f"{name}-Reset": reset}

    assert counted(drawn_answer({}, headers=headers)) == said(left, 300, until=90, pause=pause)


def test_a_refusal_for_haste_asks_for_a_pause_whatever_it_says_is_left():
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "7", "X-RateLimit-Reset": "90"}

    assert counted(drawn_answer({}, status=429, headers=headers)) == said(7, 300, until=90, pause=90)
    assert counted(drawn_answer({}, status=429, headers={"X-RateLimit-Reset": "90"})) == said(until=90, pause=90)


@pytest.mark.parametrize(
    ("headers", "becomes"),
    [
        ({}, said()),
        ({"ratelimit-remaining": "7"}, said(7)),
        ({"ratelimit-remaining": "-1", "ratelimit-limit": "300"}, said(limit=300)),
        ({"ratelimit-remaining": "\N{ARABIC-INDIC DIGIT SEVEN}", "ratelimit-limit": "many"}, said()),
        ({"ratelimit-remaining": "9" * 13, "ratelimit-reset": "soon"}, said()),
        ({"x-ratelimit-used": "4"}, said()),
        ({"x-ratelimit-used": "4", "x-ratelimit-remaining": "995.5"}, said(995.5, 1000)),
    ],
)
def test_what_is_not_said_is_not_made_up(headers, becomes):
    assert counted(drawn_answer({}, headers=headers)) == becomes


@each_network
def test_nonsense_says_nothing_and_breaks_nothing(network: Network):
    names = {f"{spelling}-{part}" for spelling in SPELLINGS for part in ("remaining", "limit", "reset", "used")}
    names |= {"x-app-usage", "x-business-use-case-usage", "retry-after"}
    for nonsense in ("", "{", "[]", "null", '{"1": 5}', '{"call_count": "x"}', "1e9", "-1", "\x00"):
        for status, body in product((200, 400, 429, 503), (b"<html>", {"error": "no"}, {"error_code": 6})):
            answer = drawn_answer(body, status=status, headers=dict.fromkeys(names, nonsense))
            assert network.allowance(answer) == said(), (nonsense, status, body)


# --- several answers --------------------------------------------------------------------------------------------------


def test_of_several_limits_the_one_with_the_smallest_part_left_counts():
    users, posts = said(30, 300, until=900), said(9_000, 10_000, until=900)

    assert scarcest([posts, users], now=ARRIVED) == users
    assert scarcest([posts, said(left=1), said()], now=ARRIVED) == posts  # of what: nobody knows
    assert scarcest([], now=ARRIVED) is None


def test_what_was_said_holds_until_the_network_counts_anew_and_for_a_quarter_of_an_hour_at_most():
    minute, hour, open_end = said(30, 300, until=60), said(40, 300, until=3600), said(50, 300)

    at = [scarcest([minute, hour, open_end], now=ARRIVED + timedelta(seconds=late)) for late in (59, 60, 899, 900)]

    assert at == [minute, hour, hour, None]
