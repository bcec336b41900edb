"""The pretend AppView pages, filters, and refuses like the real one, in the recorded words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmark.demo import life
from benchmark.demo.cast import BLUESKY, cast
from tests.demo.conftest import NOON, deleted_post
from tests.servers.pretend import Answered, Pretend

PROFILE = "/xrpc/app.bsky.actor.getProfile"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
HARBELOW = "harbelow.demo.invalid"


def pages(pretend: Pretend, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = pretend.get(FEED, actor=HARBELOW, cursor=cursor, **query).json
        items += answer["feed"]
        cursor = answer.get("cursor")
        if cursor is None:
            return items


def same_error(answer: Answered, shared_data: Path, case: str) -> bool:
    recorded = json.loads((shared_data / "specs" / "bluesky" / "examples" / f"{case}.json").read_text())["response"]
    return (answer.status, answer.json) == (recorded["status"], recorded["body"])


@pytest.mark.parametrize("limit", [7, 99, 100])
def test_pages_of_any_size_make_the_same_list(pretend: Pretend, limit: int):
    listed = [item["post"]["uri"] for item in pages(pretend, limit=limit)]

    assert len(listed) == life.standing(cast(BLUESKY)["harbelow"], NOON).deeds
    assert listed == [item["post"]["uri"] for item in pages(pretend, limit=50)]


def test_the_last_full_page_carries_a_cursor_and_the_one_after_it_is_empty(pretend: Pretend):
    whole = len(pages(pretend, limit=100))
    cursor, seen = None, 0
    while seen < whole - 1:
        limit = min(100, whole - 1 - seen)
        answer = pretend.get(FEED, actor=HARBELOW, limit=limit, cursor=cursor).json
        seen, cursor = seen + len(answer["feed"]), answer["cursor"]

    last = pretend.get(FEED, actor=HARBELOW, limit=1, cursor=cursor).json
    after = pretend.get(FEED, actor=HARBELOW, limit=1, cursor=last["cursor"]).json

    assert len(last["feed"]) == 1
    assert after == {"feed": []}


def test_filters_leave_out_what_they_name(pretend: Pretend):
    everything = pages(pretend, limit=100)
    no_replies = pages(pretend, limit=100, filter="posts_no_replies")
    media = pages(pretend, limit=100, filter="posts_with_media")
    video = pages(pretend, limit=100, filter="posts_with_video")
    threads = pages(pretend, limit=100, filter="posts_and_author_threads")

    assert any("reply" in item for item in everything)
    assert [item for item in everything if "reply" not in item] == no_replies
    assert {item["post"]["embed"]["$type"].split(".")[3] for item in media} == {"images#view", "video#view"}
    assert {item["post"]["embed"]["$type"] for item in video} == {"app.bsky.embed.video#view"}
    answered = {item["reply"]["parent"]["author"]["handle"] for item in threads if "reply" in item}
    assert answered == {HARBELOW}


def test_a_pinned_post_comes_first_and_again_at_its_place(pretend: Pretend):
    feed = pretend.get(FEED, actor=HARBELOW, limit=100, includePins="true").json["feed"]

    assert feed[0]["reason"] == {"$type": "app.bsky.feed.defs#reasonPin"}
    assert feed[0]["post"]["indexedAt"] < feed[5]["post"]["indexedAt"]


def test_a_repost_shows_somebody_elses_post_and_says_by_whom(pretend: Pretend):
    reposts = [item for item in pages(pretend, limit=100) if "reason" in item]

    assert reposts
    assert all(item["post"]["author"]["handle"] != HARBELOW for item in reposts)
    assert {item["reason"]["by"]["handle"] for item in reposts} == {HARBELOW}


def test_hashtags_are_marked_at_their_bytes(pretend: Pretend):
    facets = 0
    for item in pages(pretend, limit=100, filter="posts_no_replies"):
        record = item["post"]["record"]
        for facet in record.get("facets", []):
            start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
            assert record["text"].encode()[start:end].decode() == "#" + facet["features"][0]["tag"]
            facets += 1

    assert facets > 20


def test_a_deleted_post_is_in_no_list_and_under_no_address(pretend: Pretend):
    deed, deleted_at = deleted_post(BLUESKY)
    actor = f"{deed.account.key}.demo.invalid"
    before, after = deleted_at - timedelta(minutes=1), deleted_at + timedelta(minutes=1)
    pretend.world.frozen = None

    there = {item["post"]["uri"] for item in pretend.get(FEED, actor=actor, limit=100, at=before).json["feed"]}
    gone = {item["post"]["uri"] for item in pretend.get(FEED, actor=actor, limit=100, at=after).json["feed"]}
    (uri,) = there - gone

    assert pretend.get("/xrpc/app.bsky.feed.getPosts", uris=uri, at=before).json["posts"][0]["uri"] == uri
    assert pretend.get("/xrpc/app.bsky.feed.getPosts", uris=uri, at=after).json == {"posts": []}


def test_errors_are_worded_as_recorded(pretend: Pretend, shared_data: Path):
    pretend.world.put("bluesky", "kestrowan", "deactivated")
    cases = {
        "profile_not_found": pretend.get(PROFILE, actor="nobody.demo.invalid"),
        "profile_invalid_actor": pretend.get(PROFILE, actor="not a handle"),
        "profile_missing_actor": pretend.get(PROFILE),
        "profile_deactivated": pretend.get(PROFILE, actor="kestrowan.demo.invalid"),
        "author_feed_deactivated": pretend.get(FEED, actor="kestrowan.demo.invalid"),
        "author_feed_not_found": pretend.get(FEED, actor="nobody.demo.invalid"),
        "author_feed_bad_cursor": pretend.get(FEED, actor=HARBELOW, cursor="garbage"),
        "author_feed_limit_too_high": pretend.get(FEED, actor=HARBELOW, limit=101),
        "unknown_method": pretend.get("/xrpc/app.bsky.feed.getNothing"),
    }

    assert {case for case, answer in cases.items() if not same_error(answer, shared_data, case)} == set()


def test_an_account_may_ask_to_be_hidden_and_is_answered_all_the_same(pretend: Pretend):
    profile = pretend.get(PROFILE, actor="shy.demo.invalid").json

    assert [label["val"] for label in profile["labels"]] == ["!no-unauthenticated"]
    assert profile["labels"][0]["src"] == profile["did"]


def test_a_suspended_account_is_refused_by_name(pretend: Pretend):
    answer = pretend.get(PROFILE, actor="closed.demo.invalid")

    assert (answer.status, answer.json["error"]) == (400, "AccountTakedown")
    assert pretend.get(FEED, actor="closed.demo.invalid").json["message"] == "Profile not found"
