"""The server goes wrong where it is told to, keeps its clock, and listens to nobody but this machine."""

import http.client
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.demo.conftest import NOON
from tests.servers.pretend import Pretend, pretend_networks

PROFILE = "/xrpc/app.bsky.actor.getProfile"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
ANNA = "anna.demo.invalid"


def followers(pretend: Pretend, at: datetime | None = None) -> int:
    return int(pretend.get(PROFILE, actor=ANNA, at=at).json["followersCount"])


def test_the_clock_stops_and_runs_again():
    with pretend_networks() as pretend:
        pretend.order("clock", {"now": "2026-06-01T12:00:00Z"})
        then = followers(pretend)
        pretend.order("clock", {"now": "2026-07-01T14:00:00+02:00"})
        month_later = followers(pretend)
        pretend.order("clock", {"now": None})

        assert then == followers(pretend, at=datetime(2026, 6, 1, 12, tzinfo=UTC))
        assert month_later == followers(pretend, at=datetime(2026, 7, 1, 12, tzinfo=UTC))
        assert then < month_later < followers(pretend)


def test_a_stopped_clock_wins_over_the_moment_that_is_asked_about(pretend: Pretend):
    assert followers(pretend, at=NOON - timedelta(days=100)) == followers(pretend)


def test_a_fault_strikes_as_often_as_ordered_and_where_ordered(pretend: Pretend):
    pretend.order("faults", [{"times": 2, "skip": 1, "status": 503, "match": "getProfile"}])

    profiles = [pretend.get(PROFILE, actor=ANNA).status for _ in range(5)]
    feed = pretend.get(FEED, actor=ANNA).status

    assert profiles == [200, 503, 503, 200, 200]
    assert feed == 200
    assert pretend.get("/pretend/faults").json == []


def test_an_ordered_limit_is_worded_by_the_network_that_was_asked(pretend: Pretend):
    pretend.order("faults", [{"times": 2, "status": 429, "headers": {"Retry-After": "7"}}])

    bluesky = pretend.get(PROFILE, actor=ANNA)
    mastodon = pretend.get("/api/v1/accounts/lookup", acct="anna")

    assert (bluesky.status, bluesky.headers["retry-after"]) == (429, "7")
    assert bluesky.json == {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
    assert mastodon.json == {"error": "Too many requests"}


def test_a_body_can_be_cut_short(pretend: Pretend):
    pretend.order("faults", [{"cut": 0.5}])

    with pytest.raises(http.client.IncompleteRead) as broken:
        pretend.get(FEED, actor=ANNA)

    assert len(broken.value.partial) > 100
    assert pretend.get(FEED, actor=ANNA).status == 200


def test_a_connection_can_be_hung_up_on(pretend: Pretend):
    pretend.order("faults", [{"hang_up": True}])

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        pretend.get(FEED, actor=ANNA)


def test_answers_can_be_delayed(pretend: Pretend):
    pretend.order("faults", [{"delay": 0.3}])

    started = time.monotonic()
    pretend.get(PROFILE, actor=ANNA)

    assert time.monotonic() - started >= 0.3


def test_a_renamed_account_keeps_its_id_and_leaves_its_handle_free(pretend: Pretend):
    before = pretend.get(PROFILE, actor=ANNA).json
    pretend.order("rename", {"network": "bluesky", "handle": "anna", "to": "berta"})

    assert pretend.get(PROFILE, actor=ANNA).status == 400
    by_name = pretend.get(PROFILE, actor="berta.demo.invalid").json
    by_id = pretend.get(PROFILE, actor=before["did"]).json
    assert by_name == by_id == before | {"handle": "berta.demo.invalid"}

    pretend.order("rename", {"network": "bluesky", "handle": "kestrowan", "to": "anna"})
    assert pretend.get(PROFILE, actor=ANNA).json["did"] == "did:web:kestrowan.demo.invalid"
    assert pretend.get(PROFILE, actor=before["did"]).json["handle"] == "berta.demo.invalid"


def test_a_renamed_mastodon_account_keeps_its_id(pretend: Pretend):
    before = pretend.get("/api/v1/accounts/lookup", acct="anna").json
    pretend.order("rename", {"network": "mastodon", "handle": "anna", "to": "berta"})

    assert pretend.get("/api/v1/accounts/lookup", acct="anna").status == 404
    assert pretend.get(f"/api/v1/accounts/{before['id']}").json["acct"] == "berta"


@pytest.mark.parametrize("state", ["deleted", "suspended", "deactivated"])
def test_an_account_goes_and_comes_back(pretend: Pretend, state: str):
    pretend.order("state", {"network": "bluesky", "handle": "anna", "state": state})
    gone = pretend.get(PROFILE, actor=ANNA).status
    pretend.order("state", {"network": "bluesky", "handle": "anna", "state": ""})

    assert (gone, pretend.get(PROFILE, actor=ANNA).status) == (400, 200)


def test_there_are_as_many_generated_accounts_as_ordered(pretend: Pretend):
    pretend.order("load", {"accounts": 3})

    found = [pretend.get(PROFILE, actor=f"load-{number}.demo.invalid").status for number in range(5)]
    listed = pretend.get("/api/v1/accounts/lookup", acct="load-2")

    assert found == [400, 200, 200, 200, 400]
    assert pretend.get(f"/api/v1/accounts/{listed.json['id']}/statuses").json


def test_an_order_that_makes_no_sense_is_refused_with_its_reason(pretend: Pretend):
    unknown = pretend.order("rename", {"network": "bluesky", "handle": "nobody", "to": "berta"})
    taken = pretend.order("rename", {"network": "bluesky", "handle": "anna", "to": "kestrowan"})
    misspelt = pretend.order("faults", [{"stauts": 500}])

    assert (unknown.status, unknown.json["error"]) == (422, "Nobody is called nobody on bluesky.")
    assert (taken.status, taken.json["error"]) == (422, "kestrowan is taken on bluesky.")
    assert misspelt.status == 422
    assert pretend.order("nothing", {}).status == 404


def test_a_page_in_a_browser_cannot_give_orders(pretend: Pretend):
    connection = http.client.HTTPConnection(pretend.address.removeprefix("http://"))
    connection.request("POST", "/pretend/load", json.dumps({"accounts": 5}), {"Content-Type": "text/plain"})

    assert connection.getresponse().status == 404
    assert pretend.world.load == 0
    connection.close()


def test_everything_can_be_forgotten_and_what_was_asked_is_remembered(pretend: Pretend):
    pretend.get(PROFILE, actor=ANNA)
    asked = pretend.get("/pretend/asked").json
    pretend.order("state", {"network": "bluesky", "handle": "anna", "state": "deleted"})
    pretend.order("forget", {})

    assert [(one["host"], one["target"]) for one in asked] == [("demo.invalid", f"{PROFILE}?actor={ANNA}")]
    assert pretend.get(PROFILE, actor=ANNA).status == 200


def test_pictures_are_drawn(pretend: Pretend):
    found = pretend.get("/pictures/bluesky/anna/avatar.png")

    assert (found.status, found.headers["content-type"]) == (200, "image/png")
    assert found.body.startswith(b"\x89PNG")
    assert pretend.get("/pictures/bluesky/nobody/avatar.png").status == 404


def test_it_listens_on_loopback_alone(pretend: Pretend):
    assert pretend.address.startswith("http://127.0.0.1:")
