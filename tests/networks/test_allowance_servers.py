"""What networks say is left reaches every worker: local servers, the real door, a real Valkey."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from accounts.vault import fingerprint
from benchmark.networks import NETWORKS
from benchmark.networks.allowance import Allowance
from benchmark.networks.base import Network, TryLater
from benchmark.networks.http import Door, utcnow
from benchmark.networks.windows import Windows
from benchmark.networks.wire import Patience
from tests.servers.answering import Listening
from tests.servers.meta import ACCOUNT, DrawnProfile, MetaServer
from tests.servers.reddit import DrawnCommunity, RedditServer
from tests.servers.scripted import Scripted, says
from tests.servers.twitch import DrawnChannel, TwitchServer
from tests.servers.x import DrawnUser, XServer

VALKEY = os.environ["REDIS_URL"]
HASTY = Patience(pause=0, backoff=0.01)
MASTODON = NETWORKS["mastodon"]


def x(secret: str) -> tuple[Listening, dict[str, str], str]:
    server = XServer([DrawnUser(id="7001", username="bakery")], token=secret, window=300)
    return server, {"bearer_token": secret}, "7001"


def meta(secret: str) -> tuple[Listening, dict[str, str], str]:
    server = MetaServer([DrawnProfile(id="1", handle="bakery", followers=500)], token=secret)
    server.usage = {"X-App-Usage": json.dumps({"call_count": 12, "total_cputime": 3, "total_time": 31})}
    return server, {"access_token": secret, "account": ACCOUNT}, "bakery"


def twitch(secret: str) -> tuple[Listening, dict[str, str], str]:
    server = TwitchServer([DrawnChannel(id="90001", login="bakery")], client_secret=secret)
    return server, {"client_id": "an-id", "client_secret": secret}, "90001"


def reddit(secret: str) -> tuple[Listening, dict[str, str], str]:
    server = RedditServer([DrawnCommunity(id="2bake", name="Bakery")], client=("an-app", secret))
    return server, {"client_id": "an-app", "client_secret": secret}, "t5_2bake:bakery"


@pytest.fixture
def windows() -> Iterator[Windows]:
    """Another worker's view of the shared store."""
    windows = Windows(VALKEY)
    yield windows
    windows.end()


@pytest.fixture
def secret() -> str:
    """A key with which no other test has asked."""
    return secrets.token_hex(16)


def packed(network: Network, parts: dict[str, str]) -> str:
    assert network.key_need is not None
    return network.key_need.pack(parts)


@pytest.mark.parametrize(
    ("key", "drawn", "said"),
    [
        ("x", x, (299, 300)),
        ("instagram", meta, (69, 100)),
        ("threads", meta, (69, 100)),
        ("twitch", twitch, (798, 800)),
        ("reddit", reddit, (999, 1000)),
    ],
)
def test_what_a_network_says_is_left_to_a_key_is_known_to_every_worker(
    key: str, drawn: Callable[[str], Any], said: tuple[int, int], windows: Windows, secret: str
):
    network = NETWORKS[key]
    server, parts, reference = drawn(secret)
    with server, Door(base_urls={key: server.url}, windows_url=VALKEY) as door:
        network.profile(door.open(network, key=packed(network, parts)), reference)

    own = (key, network.host, fingerprint(key, packed(network, parts)))
    ((told,),) = windows.noted([own])
    assert (told.left, told.limit, told.in_percent) == (*said, key in {"instagram", "threads"})
    assert told.holds(utcnow())
    assert windows.noted([(key, network.host, "another")]) == [[]]


def test_no_part_of_a_key_stands_in_the_store(secret: str):
    network = NETWORKS["twitch"]
    server, parts, reference = twitch(secret)
    with server, Door(base_urls={"twitch": server.url}, windows_url=VALKEY) as door:
        network.profile(door.open(network, key=packed(network, parts)), reference)

    store = redis.Redis.from_url(VALKEY)
    names = store.keys("yardstick/said/*")
    kept = [*names, *(value for name in names for value in store.hvals(name))]
    store.close()
    assert kept
    assert not [each for each in kept if secret.encode() in each]


def test_without_a_key_every_server_speaks_for_itself_and_a_refusal_counts_too(windows: Windows, secret: str):
    one, two = f"{secret}.example", f"other.{secret}.example"
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Reset": "60"}
    with (
        Scripted(
            says({}, headers=headers | {"X-RateLimit-Remaining": "240"}),
            says({}, status=429, headers=headers | {"X-RateLimit-Remaining": "0"}),
        ) as server,
        Door(base_urls={"mastodon": server.url}, windows_url=VALKEY, patience=HASTY) as door,
    ):
        door.open(MASTODON)(f"https://{one}/api/v1/accounts/1")
        with pytest.raises(TryLater):
            door.open(MASTODON)(f"https://{two}/api/v1/accounts/1")

    told = windows.noted([("mastodon", host, "") for host in (one, two)])
    assert [[said.left for said in each] for each in told] == [[240], [0]]


def test_the_demo_says_nothing_of_the_real_ones(windows: Windows):
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "240"}
    with Scripted(says({}, headers=headers)) as server, Door(pretend_url=server.url, windows_url=VALKEY) as door:
        door.open(MASTODON, pretend=True)("https://demo.invalid/api/v1/accounts/1")

    assert windows.noted([("mastodon", "demo.invalid", "")]) == [[]]


def test_a_call_succeeds_while_the_store_is_away(secret: str):
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "240"}
    nobody = "redis://127.0.0.1:9/0"
    with (
        Scripted(says({"n": 1}, headers=headers)) as server,
        Door(base_urls={"mastodon": server.url}, windows_url=nobody) as door,
    ):
        answer = door.open(MASTODON)(f"https://{secret}.example/api/v1/accounts/1")

    assert answer.json() == {"n": 1}
    assert MASTODON.allowance(answer) == Allowance(said_at=answer.received_at, left=240, limit=300)
