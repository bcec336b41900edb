"""What networks said last is left, in sentences, out of a real Valkey."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from benchmark.ingest.allowances import said
from benchmark.ingest.keys import servers_of
from benchmark.networks import NETWORKS
from benchmark.networks.allowance import Allowance
from benchmark.networks.windows import Windows
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import ProfileFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 14, 3, tzinfo=UTC)
X, INSTAGRAM, MASTODON, BLUESKY = (NETWORKS[key] for key in ("x", "instagram", "mastodon", "bluesky"))


@pytest.fixture
def hear():
    """A network says something to a key, or at a server, so many minutes before `NOW`."""
    windows = Windows(settings.REDIS_URL)

    def hear(network, left, limit=100, *, key="", host="", minutes_ago=3, **more):
        allowance = Allowance(said_at=NOW - timedelta(minutes=minutes_ago), left=left, limit=limit, **more)
        windows.note(allowance, network.key, host or network.host, key)

    yield hear
    windows.end()


def told(network, key="", **servers):
    """The sentence, with plain spaces."""
    (sentence,) = said([(network, key)], servers=servers, now=NOW)
    return sentence.replace("\xa0", " ")


def at(hour, minute, day=1):
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("network", "words", "sentence"),
    [
        (X, {"left": 240, "limit": 300, "until": at(14, 15)}, "240 of 300 calls are left until 14:15 UTC."),
        (X, {"left": 9_999.5, "limit": 10_000}, "9,999 of 10,000 calls are left."),
        (INSTAGRAM, {"left": 69.5, "in_percent": True}, "69 % of what it allows is left."),
        (
            INSTAGRAM,
            {"left": 0, "in_percent": True, "until": at(2, 30, day=2)},
            "0 % of what it allows is left until 2 Jun, 02:30 UTC.",
        ),
    ],
)
def test_one_plain_sentence_says_what_is_left_until_when_and_when_it_was_said(hear, network, words, sentence):
    hear(network, key="f1", **words)

    assert told(network, "f1") == f"{network} said 3 minutes ago: {sentence}"
    assert told(network, "f2") == ""


def test_the_time_is_told_in_the_zone_of_the_page(hear):
    hear(X, 240, 300, until=at(14, 15), minutes_ago=0)

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert told(X) == "X said just now: 240 of 300 calls are left until 16:15 CEST."


def test_of_several_limits_the_scarcest_is_told(hear):
    hear(X, 9_990, 10_000, minutes_ago=0, until=at(14, 15))
    hear(X, 12, 300, minutes_ago=8, until=at(14, 10))

    assert told(X) == "X said 8 minutes ago: 12 of 300 calls are left until 14:10 UTC."


def test_of_several_servers_the_scarcest_speaks_under_its_own_name(hear):
    hear(MASTODON, 200, 300, host="one.example")
    hear(MASTODON, 100, 300, host="two.example")
    hear(MASTODON, 1, 300, host="nobody-of-ours.example")

    ours = ["one.example", "silent.example", "two.example"]
    assert told(MASTODON, mastodon=ours) == "two.example said 3 minutes ago: 100 of 300 calls are left."
    assert told(MASTODON) == ""


def test_all_are_told_in_the_order_in_which_they_were_asked_for(hear):
    hear(X, 1, 2, key="f1")
    hear(BLUESKY, 3, 4)

    sentences = said([(BLUESKY, ""), (X, "f2"), (X, "f1")], servers={}, now=NOW)

    assert [sentence.partition(":")[2] for sentence in sentences] == [
        " 3 of 4 calls are left.", "", " 1 of 2 calls are left."
    ]  # fmt: skip


def test_what_was_said_long_ago_or_of_a_time_that_is_over_is_not_told(hear):
    hear(X, 1, 300, minutes_ago=15)
    hear(X, 2, 3_500, until=NOW)

    assert told(X) == ""


def test_an_emptied_store_and_one_that_is_away_tell_nothing(hear, settings):
    hear(X, 240, 300)
    assert told(X)

    cache._cache.get_client().flushdb()  # type: ignore[attr-defined]
    assert told(X) == ""
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert told(X) == ""


def test_the_servers_of_a_workspace_are_those_on_which_it_follows_somebody():
    ours, theirs = WorkspaceFactory.create(), WorkspaceFactory.create()
    for workspace, network, external_id in (
        (ours, "mastodon", "two.example/1"),
        (ours, "mastodon", "one.example/1"),
        (ours, "mastodon", "one.example/2"),
        (ours, "bluesky", "did:plc:a"),
        (theirs, "mastodon", "theirs.example/1"),
    ):
        profile = ProfileFactory.create(network=network, external_id=external_id)
        TrackedProfileFactory.create(workspace=workspace, profile=profile)

    assert servers_of(ours) == {"mastodon": ["one.example", "two.example"]}
