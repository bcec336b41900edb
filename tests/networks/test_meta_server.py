"""The local server of Meta's APIs keeps to Meta's specifications, and Yardstick reads it through the real door."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.http import Door
from tests.networks.official import FieldSpecs
from tests.servers.meta import ACCOUNT, TOKEN, DrawnPost, DrawnProfile, MetaServer, Refused

INSTAGRAM, FACEBOOK, THREADS = (NETWORKS[key] for key in ("instagram", "facebook", "threads"))
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGE = "100000000000001"


def bakery(posts=0, **changes):
    drawn = [
        DrawnPost(
            id=f"{PAGE}_{number}", at=NOW - timedelta(hours=number + 1), reactions=number, comments=1, shares=number
        )
        for number in range(posts)
    ]
    given: dict[str, Any] = {
        "id": PAGE,
        "handle": "bakery",
        "name": "Bakery",
        "followers": 12_345,
        "following": 67,
        "posts": drawn,
    }
    return DrawnProfile(**(given | changes))


def key_of(network, **parts):
    given = {"access_token": TOKEN, "account": ACCOUNT} | parts
    return network.key_need.pack(given)


def ask(server, network, do, **parts):
    with Door(base_urls={network.key: server.url}) as door:
        return do(door.open(network, key=key_of(network, **parts), clock=lambda: NOW))


def everything(network, reference):
    return lambda get: list(network.posts(get, reference))


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_instagram_is_asked_through_ones_own_account_in_our_version():
    with MetaServer([bakery()]) as server:
        found = ask(server, INSTAGRAM, lambda get: INSTAGRAM.find(get, "bakery"))

    assert (found.external_id, found.followers, found.following, found.posts) == (PAGE, 12_345, 67, 0)
    ((path, params),) = server.asked
    assert (path, list(params)) == (f"/v26.0/{ACCOUNT}", ["fields"])


def test_the_operators_version_goes_before_ours():
    with MetaServer([bakery(1)]) as server:
        ask(server, FACEBOOK, lambda get: FACEBOOK.find(get, "bakery"), version="v27.0")
        ask(server, FACEBOOK, everything(FACEBOOK, PAGE), version="v27.0")

    assert [path for path, _ in server.asked] == ["/v27.0/bakery", f"/v27.0/{PAGE}/posts"]


def test_the_apps_secret_is_proven_and_never_sent():
    with MetaServer([bakery()], secret="s3cret") as server:
        ask(server, FACEBOOK, lambda get: FACEBOOK.find(get, PAGE), app_secret="s3cret")
        with pytest.raises(NeedsAttention) as without:
            ask(server, FACEBOOK, lambda get: FACEBOOK.find(get, PAGE))

    assert "app's secret" in without.value.sentence
    assert "s3cret" not in str(server.asked)
    assert len(server.asked[0][1]["appsecret_proof"]) == 64


def test_threads_is_asked_by_name():
    with MetaServer([bakery()]) as server:
        found = ask(server, THREADS, lambda get: THREADS.find(get, "bakery"))

    assert (found.external_id, found.followers, found.posts) == ("bakery", 12_345, None)
    assert server.asked[0][0] == "/v1.0/profile_lookup"


def test_a_token_shows_in_no_answer_of_ours():
    seen = []

    def keep(get):
        def kept(url, params=None, *, body=None):
            answer = get(url, params, body=body)
            seen.append(answer.url)
            return answer

        return list(FACEBOOK.posts(kept, PAGE))

    with MetaServer([bakery(120)]) as server:
        ask(server, FACEBOOK, keep)

    assert len(seen) == 3
    assert TOKEN not in str(seen)


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("network", "reference"), [(INSTAGRAM, "bakery"), (FACEBOOK, PAGE)], ids=str)
def test_a_hundred_and_twenty_posts_come_in_three_pages_newest_first(network, reference):
    with MetaServer([bakery(120)]) as server:
        pages = ask(server, network, everything(network, reference))

    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [50, 50, 20]
    assert [post.external_id for post in posts] == [f"{PAGE}_{number}" for number in range(120)]
    assert [(post.reactions, post.comments) for post in posts] == [(number, 1) for number in range(120)]
    assert {post.shares for post in posts} == ({None} if network is INSTAGRAM else set(range(120)))
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))


@pytest.mark.parametrize(("network", "reference"), [(INSTAGRAM, "bakery"), (FACEBOOK, PAGE)], ids=str)
def test_a_page_that_is_filtered_to_nothing_is_not_the_end(network, reference):
    shop = bakery(120)
    for post in shop.posts[50:100]:
        post.filtered = True
    with MetaServer([shop]) as server:
        pages = ask(server, network, everything(network, reference))

    assert [len(page.posts) for page in pages] == [50, 0, 20]


def test_hidden_likes_stay_hidden():
    shop = bakery(2)
    shop.posts[0].reactions = None
    with MetaServer([shop]) as server:
        (page,) = ask(server, INSTAGRAM, everything(INSTAGRAM, "bakery"))

    assert [post.reactions for post in page.posts] == [None, 1]


def test_deleted_posts_are_left_out_when_read_again():
    shop = bakery(3)
    shop.posts[1].filtered = True
    with MetaServer([shop]) as server:
        pages = ask(server, FACEBOOK, lambda get: FACEBOOK.refresh(get, [post.id for post in shop.posts]))

    assert [post.external_id for page in pages for post in page.posts] == [f"{PAGE}_0", f"{PAGE}_2"]
    assert [path for path, _ in server.asked] == [f"/v26.0/{post.id}" for post in shop.posts]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", [INSTAGRAM, FACEBOOK, THREADS], ids=str)
def test_who_is_not_shown_is_gone(network):
    with MetaServer([bakery(personal=True)]) as server:
        for name in ("bakery", "nobody"):
            with pytest.raises(Gone) as caught:
                ask(server, network, lambda get, name=name: network.find(get, name))
            assert caught.value.code == "profile_not_found"


@pytest.mark.parametrize("network", [INSTAGRAM, FACEBOOK, THREADS], ids=str)
def test_a_token_that_ran_out_is_said_to_have_run_out(network):
    with MetaServer([bakery()]) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, network, lambda get: network.find(get, "bakery"), access_token="an-old-one")

    assert caught.value.code == "credential_expired"


@pytest.mark.parametrize("network", [FACEBOOK, THREADS], ids=str)
def test_an_app_that_was_not_reviewed_may_not(network):
    with MetaServer([bakery()], reviewed=False) as server, pytest.raises(NeedsAttention) as caught:
        ask(server, network, lambda get: network.find(get, "bakery"))

    assert caught.value.code == "credential_not_permitted"
    assert "Let Meta review" in caught.value.sentence


def test_from_eighty_per_cent_the_door_is_closed_for_a_while_for_this_key_alone():
    with MetaServer([bakery()]) as server, Door(base_urls={"instagram": server.url}) as door:
        server.usage = {"X-App-Usage": msgspec.json.encode({"call_count": 84}).decode()}
        get = door.open(INSTAGRAM, key=key_of(INSTAGRAM), clock=lambda: NOW)
        INSTAGRAM.find(get, "bakery")
        with pytest.raises(TryLater) as caught:
            INSTAGRAM.find(get, "bakery")
        other = door.open(INSTAGRAM, key=key_of(INSTAGRAM, app_secret="another"), clock=lambda: NOW)
        INSTAGRAM.find(other, "bakery")

    assert caught.value.code == "rate_limited"
    assert timedelta(minutes=4) < (caught.value.after or timedelta(0)) <= timedelta(minutes=5)
    assert len(server.asked) == 2


def test_a_limit_that_is_reached_closes_the_door_for_the_minutes_that_meta_names():
    usage = [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 9}]
    with MetaServer([bakery()]) as server, Door(base_urls={"facebook": server.url}) as door:
        server.refusal = Refused(400, 80001)
        server.usage = {"X-Business-Use-Case-Usage": msgspec.json.encode({PAGE: usage}).decode()}
        get = door.open(FACEBOOK, key=key_of(FACEBOOK), clock=lambda: NOW)
        for _ in range(2):
            with pytest.raises(TryLater) as caught:
                FACEBOOK.find(get, PAGE)

    assert (caught.value.code, len(server.asked)) == ("rate_limited", 1)
    assert timedelta(minutes=8) < (caught.value.after or timedelta(0)) <= timedelta(minutes=9)


# --- the server itself ------------------------------------------------------------------------------------------------


def test_every_answer_keeps_to_the_official_specifications(shared_data):
    specs = {key: FieldSpecs(shared_data / f"specs/{key}/meta-specs") for key in ("facebook", "instagram")}
    shop = bakery(2)
    shop.posts[0].views = 9
    with MetaServer([shop]) as server:
        for network, reference in ((INSTAGRAM, "bakery"), (FACEBOOK, PAGE)):
            ask(server, network, lambda get, on=network, of=reference: (on.find(get, of), list(on.posts(get, of))))
        answers = [server.answer(path, params | {"access_token": TOKEN})[1] for path, params in list(server.asked)]

    account, media, page, posts = answers
    assert specs["instagram"].faults("IGUser", account["business_discovery"]) == []
    assert specs["instagram"].faults("IGUser", media["business_discovery"]) == []
    for one in media["business_discovery"]["media"]["data"]:
        assert specs["instagram"].faults("IGMedia", one) == []
    assert specs["facebook"].faults("Page", page) == []
    for one in posts["data"]:
        edges = {"attachments", "reactions", "comments"}
        assert specs["facebook"].faults("PagePost", {k: v for k, v in one.items() if k not in edges}) == []
