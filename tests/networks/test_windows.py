"""A network's windows hold for all workers together, in a real Valkey, and for each one alone while that is away."""

import os
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redis

from benchmark.networks import NETWORKS
from benchmark.networks.allowance import Allowance
from benchmark.networks.base import TryLater, Window
from benchmark.networks.http import Door
from benchmark.networks.windows import Windows
from benchmark.networks.wire import Patience
from tests.servers.scripted import Scripted, says

VALKEY = os.environ["REDIS_URL"]
NOBODY = "redis://127.0.0.1:9/0"  # nothing listens there
MASTODON = NETWORKS["mastodon"]


@pytest.fixture
def host():
    """A host that no other test has counted calls for."""
    return f"{secrets.token_hex(8)}.example"


@pytest.fixture(params=[VALKEY, None], ids=["shared", "own"])
def windows(request):
    windows = Windows(request.param)
    yield windows
    windows.end()


def test_a_window_lets_through_so_many_calls_and_then_says_how_long_to_wait(windows, host):
    taken = [windows.take([Window(3, 60)], "mastodon", host) for _ in range(4)]

    assert taken[:3] == [0, 0, 0]
    assert 55 < taken[3] <= 60


def test_a_window_moves_on(windows, host):
    window = [Window(1, 1)]
    assert windows.take(window, "mastodon", host) == 0
    assert windows.take(window, "mastodon", host) > 0
    time.sleep(1.1)
    assert windows.take(window, "mastodon", host) == 0


def test_each_host_has_its_own(windows, host):
    window = [Window(1, 60)]

    assert [windows.take(window, "mastodon", name) for name in (host, "other." + host)] == [0, 0]


def test_of_several_windows_the_fullest_decides_and_a_refused_call_takes_nothing(windows, host):
    both = [Window(5, 60), Window(1, 300)]
    assert windows.take(both, "mastodon", host) == 0
    assert all(windows.take(both, "mastodon", host) > 60 for _ in range(10))
    assert [windows.take([Window(5, 60)], "mastodon", host) for _ in range(4)] == [0] * 4


def test_a_closed_host_is_closed_for_the_time_that_the_network_named(windows, host):
    windows.close(120, "mastodon", host)

    assert 100 < windows.take([], "mastodon", host) <= 121
    assert windows.take([], "mastodon", "other." + host) == 0


def test_no_host_is_closed_for_longer_than_a_quarter_of_an_hour(windows, host):
    windows.close(10**9, "mastodon", host)

    assert 800 < windows.take([], "mastodon", host) <= 901


def test_two_workers_share_one_window(host):
    one, two = Windows(VALKEY), Windows(VALKEY)

    taken = [windows.take([Window(10, 60)], "mastodon", host) for _ in range(10) for windows in (one, two)]

    assert taken.count(0) == 10
    one.end()
    two.end()


def test_without_its_store_each_worker_counts_for_itself(host):
    alone = Windows(NOBODY)

    assert alone.take([Window(1, 60)], "mastodon", host) == 0
    assert alone.take([Window(1, 60)], "mastodon", host) > 0
    alone.end()


def test_a_store_that_is_away_is_not_asked_at_every_call(host):
    alone = Windows(NOBODY)
    alone.take([Window(100, 60)], "mastodon", host)
    started = time.monotonic()

    for _ in range(50):
        alone.take([Window(100, 60)], "mastodon", host)

    assert time.monotonic() - started < 1
    alone.end()


@pytest.mark.parametrize("url", [VALKEY, NOBODY], ids=["shared", "away"])
def test_two_doors_keep_to_one_window(host, url):
    """Mastodon allows 300 calls; whatever the doors do, no more than its 270 leave, unless nobody counts for both."""
    asked = f"https://{host}/api/v1/accounts/1"
    refused = []
    with Scripted(says({})) as server:
        given = {"base_urls": {"mastodon": server.url}, "windows_url": url, "patience": Patience(pause=0)}
        with Door(**given) as one, Door(**given) as two:
            for get in [one.open(MASTODON), two.open(MASTODON)] * 140:
                try:
                    get(asked)
                except TryLater as error:
                    refused.append((error.code, error.after is not None))

    assert refused == [("rate_limited", True)] * (10 if url == VALKEY else 0)
    assert len(server.paths) == 280 - len(refused)


def test_calls_that_page_have_a_narrower_window(host):
    asked = f"https://{host}/api/v1/accounts/1/statuses"
    with (
        Scripted(says([])) as server,
        Door(base_urls={"mastodon": server.url}, windows_url=VALKEY, patience=Patience(pause=0)) as door,
    ):
        get = door.open(MASTODON)
        door.windows.take([Window(270, 900)], "mastodon", host, "")
        for _ in range(269):
            door.windows.take([Window(270, 900)], "mastodon", host, "")
        with pytest.raises(TryLater):
            get(asked, {"max_id": "1"})
        assert get(asked).status == 200


def test_a_window_of_a_second_is_waited_for_until_it_is_ones_turn(host):
    narrow = replace(MASTODON, windows=(Window(1, 1),))
    waits = []

    def wait_while_others_take_their_turn(seconds):
        time.sleep(seconds)
        waits.append(seconds)
        if len(waits) < 3:
            door.windows.take(narrow.windows, "mastodon", host, "")

    patience = Patience(pause=1.5, whole=10)
    with (
        Scripted(says({})) as server,
        Door(base_urls={"mastodon": server.url}, patience=patience, sleep=wait_while_others_take_their_turn) as door,
    ):
        get = door.open(narrow)
        assert [get(f"https://{host}/api/v1/accounts/1").status for _ in range(2)] == [200, 200]

    assert sum(waits) > patience.pause


def test_pretend_calls_are_not_counted():
    with Scripted(says({})) as server, Door(pretend_url=server.url, patience=Patience(pause=0)) as door:
        for _ in range(300):
            door.open(MASTODON, pretend=True)("https://demo.invalid/api/v1/accounts/1")

    assert len(server.paths) == 300


# --- what networks say ------------------------------------------------------------------------------------------------


def allowance(left, limit=300, *, said_at=None, **more):
    return Allowance(said_at=said_at or datetime.now(UTC), left=left, limit=limit, **more)


def test_what_was_said_last_of_each_limit_is_there_for_every_worker(host):
    one, two = Windows(VALKEY), Windows(VALKEY)
    users, posts = allowance(29), allowance(9_000, 10_000, until=datetime.now(UTC), pause=timedelta(minutes=1))
    for said in (allowance(30), users, posts):
        one.note(said, "x", host, "f1")

    told = two.noted([("x", host, "f1"), ("x", host, "f2"), ("x", "other." + host, "f1")])

    assert sorted(told[0], key=lambda said: said.limit or 0) == [users, posts]
    assert told[1:] == [[], []]
    one.end()
    two.end()


def test_what_was_said_is_gone_after_a_quarter_of_an_hour_and_with_the_store(host):
    windows = Windows(VALKEY)
    windows.note(allowance(30), "x", host, "")
    store = redis.Redis.from_url(VALKEY)
    (name,) = store.keys(f"*{host}*")

    assert 890 < store.ttl(name) <= 900
    store.delete(name)
    assert windows.noted([("x", host, "")]) == [[]]
    windows.end()
    store.close()


def test_a_server_that_says_another_limit_each_time_fills_no_more_than_a_few_places(host):
    windows = Windows(VALKEY)
    for limit in range(1, 500):
        windows.note(allowance(1, limit), "mastodon", host, "")

    (noted,) = windows.noted([("mastodon", host, "")])
    assert sorted(said.limit or 0 for said in noted) == [9, 99, 499]
    windows.end()


def test_what_another_version_left_behind_is_passed_over(host):
    windows = Windows(VALKEY)
    windows.note(allowance(30), "x", host, "")
    store = redis.Redis.from_url(VALKEY)
    (name,) = store.keys(f"*{host}*")
    store.hset(name, mapping={"of yesterday": b"{}", "broken": b"\xff"})

    assert [said.left for said in windows.noted([("x", host, "")])[0]] == [30]
    windows.end()
    store.close()


@pytest.mark.parametrize("url", [NOBODY, None], ids=["away", "own"])
def test_without_a_shared_store_nothing_is_known_and_nothing_fails(host, url):
    alone = Windows(url)
    alone.note(allowance(30), "x", host, "")

    assert alone.noted([("x", host, ""), ("x", host, "f1")]) == [[], []]
    alone.end()
