"""Yardstick reads the local Odnoklassniki server through the real door, and signs every call as it asks for."""

import logging
import traceback
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention
from benchmark.networks.http import Door
from tests.servers.ok import DrawnGroup, DrawnTopic, OkServer

OK = NETWORKS["ok"]
GROUP = "53038939046008"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PARTS = {"application_key": "CPUBLIC", "application_secret": "hush-hush"}
TOKEN = "tkn-never-to-be-seen"


def bakery(topics=0, **changes):
    drawn = [
        DrawnTopic(id=f"{1000 - at}", published_at=NOW - timedelta(hours=at + 1), likes=at, comments=1, reshares=2)
        for at in range(topics)
    ]
    given: dict[str, Any] = {"id": GROUP, "name": "bakery", "title": "Bakery", "members": 12_345, "topics": drawn}
    return DrawnGroup(**(given | changes))


def running(*groups, token=""):
    return OkServer(groups, key=PARTS["application_key"], secret=PARTS["application_secret"], token=token)


def ask(server, do, **changes):
    assert OK.key_need is not None
    with Door(base_urls={"ok": server.url}) as door:
        return do(door.open(OK, key=OK.key_need.pack(PARTS | changes), clock=lambda: NOW))


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize("reference", ["bakery", GROUP])
def test_a_group_is_found_in_every_way_with_a_session_and_without(reference, token):
    with running(bakery(), token=token) as server:
        found = ask(server, lambda get: OK.find(get, reference), access_token=token)

    assert (found.external_id, found.handle, found.name, found.followers) == (GROUP, "bakery", "Bakery", 12_345)


def test_a_known_group_shows_how_many_topics_it_has():
    with running(bakery(3)) as server:
        assert ask(server, lambda get: OK.profile(get, GROUP)).posts == 3


def test_topics_come_newest_first_in_pages_of_fifty_without_those_of_other_people():
    group = bakery(120)
    group.topics[7].author = "571234567890"
    with running(group) as server:
        pages = ask(server, lambda get: list(OK.posts(get, GROUP)))

    posts = [post for page in pages for post in page.posts]
    assert [post.external_id for post in posts] == [f"{1000 - at}" for at in range(120) if at != 7]
    assert [(post.reactions, post.comments, post.shares) for post in posts[:2]] == [(0, 1, 2), (1, 1, 2)]
    assert [len(page.posts) for page in pages] == [49, 50, 20]
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))


def test_known_topics_are_read_again_and_those_that_are_gone_are_left_out():
    group = bakery(3)
    group.topics[1].listed = False
    with running(group) as server:
        pages = ask(server, lambda get: OK.refresh(get, ["1000", "999", "1"]))

    posts = [post for page in pages for post in page.posts]
    assert [(post.external_id, post.published_at, post.shares) for post in posts] == [
        ("1000", NOW - timedelta(hours=1), 2),
        ("999", NOW - timedelta(hours=2), None),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"application_key": "COTHER"}, "credential_refused"),
        ({"application_secret": "another"}, "credential_refused"),
        ({"access_token": "old"}, "credential_expired"),
    ],
)
def test_a_key_that_is_not_right_needs_attention(changes, code):
    with running(bakery()) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: OK.find(get, GROUP), **changes)
    assert caught.value.code == code


def test_an_app_without_rights_is_told_which_ones_to_ask_for():
    with running(bakery()) as server:
        server.may_read = False
        with pytest.raises(NeedsAttention) as caught:
            ask(server, lambda get: OK.find(get, GROUP))

    assert caught.value.code == "credential_lacks_rights"
    assert "VALUABLE_ACCESS" in caught.value.sentence


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"access": "CLOSED"}, NeedsAttention, "profile_private"),
        ({"name": "mill"}, Gone, "profile_not_found"),
    ],
)
def test_a_group_that_cannot_be_compared_is_refused(changes, kind, code):
    with running(bakery(**changes)) as server, pytest.raises(kind) as caught:
        ask(server, lambda get: OK.find(get, "bakery"))
    assert caught.value.code == code


def test_topics_of_a_group_that_has_closed_need_attention():
    with running(bakery(access="CLOSED")) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: list(OK.posts(get, GROUP)))
    assert caught.value.code == "profile_private"


def test_nothing_of_a_key_is_told_to_anybody(caplog):
    caplog.set_level(logging.DEBUG)
    with running(bakery(), token="another") as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: OK.find(get, GROUP), access_token=TOKEN)

    told = caught.value.sentence + "".join(traceback.format_exception(caught.value)) + caplog.text
    assert TOKEN not in told
    assert PARTS["application_secret"] not in told
    assert "sig=" not in told
