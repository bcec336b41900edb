"""The local Reddit server grants tokens and lists posts, and Yardstick reads it through the real door."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.http import Door
from tests.servers.reddit import DrawnCommunity, DrawnPerson, DrawnPost, RedditServer

REDDIT = NETWORKS["reddit"]
NEED = REDDIT.key_need
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = json.dumps({"client_id": "an-app", "client_secret": "a-secret"})
BAKERY, ANNA = "t5_2bake:bakery", "t2_6c1xj:anna"


class Forgetful(list[str]):
    """Tokens of which none is known again."""

    def __contains__(self, _: object) -> bool:
        return False


def town(posts: int = 0, **closed: str) -> RedditServer:
    """A server with one community, one person, and posts of theirs and of others."""
    drawn = [
        DrawnPost(
            id=f"p{number}",
            community="Bakery",
            author="Anna",
            published_at=NOW - timedelta(hours=number + 1),
            score=number,
            comments=2,
            crossposts=1,
        )
        for number in range(posts)
    ]
    return RedditServer(
        [DrawnCommunity(id="2bake", name="Bakery", subscribers=4_700, **closed)],
        [DrawnPerson(id="6c1xj", name="Anna", followers=12)],
        drawn,
    )


def ask(server: RedditServer, do: Any, *, key: str = KEY) -> Any:
    with Door(base_urls={"reddit": server.url}) as door:
        return do(door.open(REDDIT, key=key, clock=lambda: NOW))


@pytest.mark.parametrize(
    ("reference", "found"), [("r/bakery", (BAKERY, "r/bakery", 4_700)), ("u/anna", (ANNA, "u/anna", 12))]
)
def test_communities_and_people_are_found_by_name(reference, found):
    with town() as server:
        record = ask(server, lambda get: REDDIT.find(get, reference))

    assert (record.external_id, record.handle, record.followers) == found


@pytest.mark.parametrize("external_id", [BAKERY, ANNA])
def test_two_hundred_and_thirty_posts_come_in_three_pages_newest_first(external_id):
    with town(230) as server:
        pages = ask(server, lambda get: list(REDDIT.posts(get, external_id)))

    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [100, 100, 30]
    assert [post.external_id for post in posts] == [f"t3_p{number}" for number in range(230)]
    assert [(post.reactions, post.comments, post.shares) for post in posts] == [(number, 2, 1) for number in range(230)]
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))


def test_one_token_is_enough_for_many_calls_and_a_refused_one_is_replaced():
    with town(3) as server:

        def until_it_runs_out(get):
            REDDIT.profile(get, BAKERY)
            list(REDDIT.posts(get, BAKERY))
            assert server.granted == 1
            server.tokens.clear()
            return REDDIT.profile(get, BAKERY)

        assert ask(server, until_it_runs_out).followers == 4_700
        assert server.granted == 2


def test_a_token_that_runs_out_under_many_threads_is_no_fault_of_the_key():
    together = Barrier(8)

    def read(get):
        together.wait(20)
        return REDDIT.profile(get, BAKERY).followers

    with town() as server, Door(base_urls={"reddit": server.url}) as door, ThreadPoolExecutor(8) as threads:
        REDDIT.profile(door.open(REDDIT, key=KEY), BAKERY)
        for _ in range(5):
            server.tokens.clear()
            followers = threads.map(read, [door.open(REDDIT, key=KEY) for _ in range(8)])
            assert list(followers) == [4_700] * 8


def test_an_app_whose_fresh_token_is_refused_needs_attention():
    server = town()
    server.tokens = Forgetful()
    with server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: REDDIT.find(get, "r/bakery"))

    assert (caught.value.code, server.granted) == ("credential_refused", 1)


def test_an_app_that_reddit_does_not_know_needs_attention():
    wrong = json.dumps({"client_id": "an-app", "client_secret": "wrong"})
    with town() as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: REDDIT.find(get, "r/bakery"), key=wrong)

    assert caught.value.code == "credential_refused"
    assert server.asked == []


def test_half_a_key_needs_attention():
    with town() as server, pytest.raises(NeedsAttention) as caught:
        ask(server, lambda get: REDDIT.find(get, "r/bakery"), key='{"client_id": "an-app"}')

    assert caught.value.code == "credential_refused"


@pytest.mark.parametrize(
    ("closed", "kind", "code"),
    [
        ("private", NeedsAttention, "profile_private"),
        ("quarantined", NeedsAttention, "profile_quarantined"),
        ("gold_only", NeedsAttention, "profile_private"),
        ("banned", Gone, "profile_suspended"),
    ],
)
def test_a_closed_community_is_told_by_its_reason(closed, kind, code):
    with town(closed=closed) as server, pytest.raises(kind) as caught:
        ask(server, lambda get: REDDIT.find(get, "r/bakery"))

    assert caught.value.code == code


def test_suspended_and_unknown_people_are_gone():
    with town() as server:
        server.people = [DrawnPerson(id="6c1xj", name="Anna", suspended=True)]
        with pytest.raises(Gone) as suspended:
            ask(server, lambda get: REDDIT.profile(get, ANNA))
        with pytest.raises(Gone) as unknown:
            ask(server, lambda get: REDDIT.find(get, "u/nobody"))

    assert (suspended.value.code, unknown.value.code) == ("profile_suspended", "profile_not_found")


def test_a_post_that_was_taken_away_is_left_out_when_read_again():
    with town(3) as server:
        server.posts = list(server.posts)
        server.posts[1].taken_away = True
        (page,) = ask(server, lambda get: REDDIT.refresh(get, ["t3_p0", "t3_p1", "t3_gone", "t3_p2"]))

    assert [post.external_id for post in page.posts] == ["t3_p0", "t3_p2"]


def test_the_end_of_a_window_says_when_it_begins_anew():
    with town() as server:
        server.calls_left = 0
        with pytest.raises(TryLater) as caught:
            ask(server, lambda get: REDDIT.find(get, "r/bakery"))

    assert (caught.value.code, caught.value.after) == ("rate_limited", timedelta(seconds=300))


def test_the_token_is_asked_of_reddits_own_address_and_nothing_else_is():
    assert NEED is not None
    assert NEED.exchange is not None
    parts = NEED.unpack(KEY)
    assert NEED.exchange.url == "https://www.reddit.com/api/v1/access_token"
    assert NEED.exchange.form(parts) == {"grant_type": "client_credentials"}
    assert NEED.exchange.headers(parts) == {"Authorization": "Basic YW4tYXBwOmEtc2VjcmV0"}
    assert [(part.setting, part.secret) for part in NEED.parts] == [
        ("REDDIT_CLIENT_ID", False),
        ("REDDIT_CLIENT_SECRET", True),
    ]
    assert REDDIT.base_url == "https://oauth.reddit.com"
