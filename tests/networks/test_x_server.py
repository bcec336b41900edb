"""The local X server keeps to X's descriptions, old and new, and Yardstick reads it through the real door."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, Kind, NeedsAttention, TryLater
from benchmark.networks.http import Door
from tests.servers.x import DrawnPost, DrawnUser, XServer

X = NETWORKS["x"]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERY_FIELD = {
    "tweet.fields": "attachments,created_at,public_metrics,referenced_tweets",
    "post.fields": "attachments,created_at,public_metrics",
    "user.fields": "created_at,description,profile_image_url,protected,public_metrics,verified",
    "expansions": "attachments.media_keys",
    "media.fields": "type",
}


def bakery(posts: int = 0, **changes: Any) -> DrawnUser:
    drawn = [
        DrawnPost(
            id=str(900 - number),
            published_at=NOW - timedelta(hours=number + 1),
            likes=number,
            replies=1,
            reposts=2,
            quotes=3,
            bookmarks=4,
            views=number * 10,
        )
        for number in range(posts)
    ]
    given: dict[str, Any] = {"id": "7001", "username": "Bakery", "followers": 123_456, "following": 5, "posts": drawn}
    return DrawnUser(**(given | changes))


def ask(server: XServer, do: Any, *, key: str = "a-token", reserve: Any = None) -> Any:
    with Door(base_urls={"x": server.url}) as door:
        return do(door.open(X, key=key, reserve=reserve, clock=lambda: NOW))


@pytest.mark.parametrize("reference", ["bakery", "i/user/7001"])
@pytest.mark.parametrize("new_names", [False, True])
def test_a_profile_is_found_by_handle_and_by_id(reference, new_names):
    with XServer([bakery(2)], new_names=new_names) as server:
        found = ask(server, lambda get: X.find(get, reference))

    assert (found.external_id, found.handle) == ("7001", "bakery")
    assert (found.followers, found.following, found.posts) == (123_456, 5, 2)


def test_a_number_is_an_id_where_it_is_nobodys_name():
    with XServer([bakery(), bakery(id="7002", username="7001"), bakery(id="7003", username="miller")]) as server:
        named, by_id = (ask(server, lambda get, one=one: X.find(get, one)) for one in ("7001", "7003"))
        with pytest.raises(Gone) as unknown:
            ask(server, lambda get: X.find(get, "7004"))
        with pytest.raises(Gone):
            ask(server, lambda get: X.find(get, "nobody"))

    assert (named.external_id, by_id.external_id, unknown.value.code) == ("7002", "7003", "profile_not_found")
    assert [path.removeprefix("/2/users/") for path, _ in server.asked] == [
        "by/username/7001", "by/username/7003", "7003", "by/username/7004", "7004", "by/username/nobody",
    ]  # fmt: skip


def test_a_suspended_profile_whose_name_is_a_number_is_not_looked_for_by_id():
    users = [bakery(), bakery(id="7002", username="7001", suspended=True)]
    with XServer(users) as server, pytest.raises(Gone) as suspended:
        ask(server, lambda get: X.find(get, "7001"))

    assert suspended.value.code == "profile_suspended"


@pytest.mark.parametrize("new_names", [False, True])
def test_fifty_posts_come_in_three_helpings_newest_first(new_names):
    with XServer([bakery(50)], new_names=new_names) as server:
        pages = ask(server, lambda get: list(X.posts(get, "7001")))

    posts = [post for page in pages for post in page.posts]
    assert [len(page.posts) for page in pages] == [20, 20, 10]
    assert [post.external_id for post in posts] == [str(900 - number) for number in range(50)]
    assert [(post.reactions, post.views) for post in posts] == [(number, number * 10) for number in range(50)]
    assert {(post.comments, post.shares, post.quotes, post.saves) for post in posts} == {(1, 2, 3, 4)}
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))
    assert len(server.asked) == (4 if new_names else 3)  # where X does not know the old names, the first is asked twice


@pytest.mark.parametrize("new_names", [False, True])
def test_reposts_and_replies_do_not_come_and_are_not_paid_for(new_names):
    user = bakery(3)
    user.posts[0].refers, user.posts[1].refers, user.posts[2].refers = "retweeted", "replied_to", "quoted"
    with XServer([user], new_names=new_names) as server:
        (page,) = ask(server, lambda get: list(X.posts(get, "7001")))

    assert [(post.external_id, post.kind) for post in page.posts] == [("898", Kind.QUOTE)]
    assert server.billed == 5 * len(server.asked)


def test_media_tell_the_kind_of_a_post():
    user = bakery(3)
    user.posts[0].media, user.posts[1].media = ("photo", "photo"), ("video",)
    with XServer([user]) as server:
        (page,) = ask(server, lambda get: list(X.posts(get, "7001")))

    assert [post.kind for post in page.posts] == [Kind.ALBUM, Kind.VIDEO, Kind.TEXT]


@pytest.mark.parametrize("new_names", [False, True])
def test_known_posts_and_profiles_are_read_again_by_their_ids(new_names):
    with XServer([bakery(3), bakery(id="7002", username="miller")], new_names=new_names) as server:
        (page,) = ask(server, lambda get: X.refresh(get, ["900", "gone", "898"]))
        users = ask(server, lambda get: X.profiles(get, ["7002", "gone", "7001"]))

    assert [post.external_id for post in page.posts] == ["900", "898"]
    assert [user.handle for user in users] == ["miller", "bakery"]


def test_suspended_unknown_and_protected_profiles_are_told_apart():
    users = [bakery(suspended=True), bakery(1, id="7002", username="shy", protected=True)]
    with XServer(users) as server:
        with pytest.raises(Gone) as suspended:
            ask(server, lambda get: X.find(get, "bakery"))
        with pytest.raises(Gone) as unknown:
            ask(server, lambda get: X.profile(get, "7009"))
        with pytest.raises(NeedsAttention) as protected:
            ask(server, lambda get: list(X.posts(get, "7002")))
        for reference in ("shy", "i/user/7002", "7002"):
            with pytest.raises(NeedsAttention, match="chosen followers") as private:
                ask(server, lambda get, one=reference: X.find(get, one))
            assert private.value.code == "profile_private"
        assert ask(server, lambda get: X.profile(get, "7002")).followers == 123_456

    codes = (suspended.value.code, unknown.value.code, protected.value.code)
    assert codes == ("profile_suspended", "profile_not_found", "profile_private")


def test_a_wrong_token_no_credits_and_a_full_window_are_told_apart():
    with XServer([bakery()], window=2) as server:
        with pytest.raises(NeedsAttention) as refused:
            ask(server, lambda get: X.find(get, "bakery"), key="wrong")
        ask(server, lambda get: X.find(get, "bakery"))
        server.credit = 0
        with pytest.raises(TryLater) as used_up:
            ask(server, lambda get: X.find(get, "bakery"))
        with pytest.raises(TryLater) as too_fast:
            ask(server, lambda get: X.find(get, "bakery"))

    codes = (refused.value.code, used_up.value.code, too_fast.value.code)
    assert codes == ("credential_refused", "quota_used_up", "rate_limited")
    assert too_fast.value.after is not None


def test_what_was_reserved_and_not_used_is_given_back():
    reserved: list[int] = []
    with XServer([bakery(3)]) as server:
        ask(server, lambda get: X.profile(get, "7001"), reserve=reserved.append)
        ask(server, lambda get: list(X.posts(get, "7001")), reserve=reserved.append)
        ask(server, lambda get: X.profiles(get, ["7001", "7009"]), reserve=reserved.append)

    assert reserved == [10, 100, -85, 20, -10]
    assert sum(reserved) == server.billed


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/2/users/{id}", {}),
        ("/2/users/by/username/{username}", {}),
        ("/2/users", {"ids": "7001,7009"}),
        ("/2/users/{id}/tweets", {"max_results": "5"}),
        ("/2/tweets", {"ids": "900,899,1"}),
    ],
)
@pytest.mark.parametrize(("version", "new_names"), [("2.159", False), ("2.167", True)])
def test_every_answer_keeps_to_the_official_description(shared_data, version, new_names, path, params):
    description = json.loads((shared_data / f"specs/x/openapi-{version}-trimmed.json").read_text())
    answers = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    user = bakery(7)
    user.posts[0].media, user.posts[1].refers = ("photo",), "quoted"
    server = XServer([user], new_names=new_names)

    asked = path.replace("{id}", "7001").replace("{username}", "bakery")
    status, body = server.answer(asked, params | EVERY_FIELD, "Bearer a-token")

    body.pop("errors", None)  # the newer description gives problems another address
    assert status == 200
    assert [error.message for error in Draft202012Validator(description | answers).iter_errors(body)] == []
    server.close()


@pytest.mark.parametrize(("version", "fields"), [("2.159", "tweet.fields"), ("2.167", "post.fields")])
def test_every_question_keeps_to_the_official_description(shared_data, version, fields):
    description = json.loads((shared_data / f"specs/x/openapi-{version}-trimmed.json").read_text())
    user = bakery(30)
    with XServer([user], new_names=fields == "post.fields") as server:
        ask(server, lambda get: X.find(get, "bakery"))
        ask(server, lambda get: X.profile(get, "7001"))
        ask(server, lambda get: X.profiles(get, ["7001"]))
        ask(server, lambda get: list(X.posts(get, "7001")))
        ask(server, lambda get: X.refresh(get, ["900"]))

    understood = [asked for asked in server.asked if fields in asked[1] or asked[0] not in ABOUT_POSTS]
    assert len(understood) == 6  # three of profiles, two pages of a list and one of known posts
    assert [fault for path, params in understood for fault in faults(description, PATHS[path], params)] == []


PATHS = {
    "/2/users/by/username/bakery": "/2/users/by/username/{username}",
    "/2/users/7001": "/2/users/{id}",
    "/2/users": "/2/users",
    "/2/users/7001/tweets": "/2/users/{id}/tweets",
    "/2/tweets": "/2/tweets",
}
ABOUT_POSTS = {"/2/users/7001/tweets", "/2/tweets"}


def faults(description: dict[str, Any], path: str, params: dict[str, str]) -> list[str]:
    """The parameters that a description does not know, and their values that it does not list."""
    shared = description["components"]["parameters"]
    declared = [
        shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in description["paths"][path]["get"]["parameters"]
    ]
    listed = {one["name"]: one["schema"].get("items", {}).get("enum") for one in declared if one["in"] == "query"}
    unknown = [name for name in params if name not in listed]
    return unknown + [
        f"{name}={value}"
        for name in params
        if listed.get(name)
        for value in params[name].split(",")
        if value not in listed[name]
    ]
