"""Whatever a network answers, its functions give records that fit into rows, or an error by remedy. Never a crash."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, NetworkError, PostRecord, ProfileRecord
from benchmark.networks.parsing import LARGEST_COUNT
from tests.conftest import NO_SHARED_DATA, shared_folder
from tests.networks.official import (
    Discovery,
    Fields,
    FieldSpecs,
    Lexicons,
    OpenApi,
    OpenApiOfX,
    VkSchema,
    anything,
    integers,
    texts,
)
from tests.networks.recorded import drawn_answer, in_turn

SHARED = shared_folder()
SPECS = (SHARED or Path()) / "specs"

described = pytest.mark.skipif(SHARED is None, reason=NO_SHARED_DATA)
patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

LEXICONS = Lexicons(SPECS / "bluesky/lexicons")
VK_SCHEMA = VkSchema(SPECS / "vk/schema")
IDS = {
    "bluesky": "did:plc:abc",
    "facebook": "7",
    "instagram": "bakery",
    "linkedin": "79988552",
    "mastodon": "social.example/1",
    "ok": "53038939046008",
    "reddit": "t5_2bake:bakery",
    "telegram": "-1001234567890",
    "threads": "bakery",
    "tiktok": "bakery",
    "twitch": "90001",
    "vk": "-7",
    "x": "7001",
    "youtube": "UCbakerybakerybakery0000",
}
POST_IDS = dict.fromkeys(IDS, "7_1") | {
    "bluesky": "at://did:plc:abc/app.bsky.feed.post/1",
    "mastodon": "social.example/9",
    "twitch": "335921244",
    "ok": "62465446084728",
    "reddit": "t3_a",
    "tiktok": "7028743950684949650",
    "vk": "-7_1",
    "x": "9001",
    "youtube": "v1",
}
REFERENCES = IDS | {"mastodon": "anna@social.example", "reddit": "r/bakery", "x": "bakery"}

VK_COUNTS = {"reactions": "likes", "comments": "comments", "shares": "reposts", "views": "views"}


def check_profile(record: ProfileRecord) -> None:
    assert 0 < len(record.external_id) <= 255
    assert 0 < len(record.handle) <= 255
    assert 0 < len(record.name) <= 255
    assert record.url.startswith(("https://", "http://"))
    assert len(record.url) <= 500
    assert record.avatar_url is None or record.avatar_url.startswith(("https://", "http://"))
    assert all(
        count is None or 0 <= count <= LARGEST_COUNT for count in (record.followers, record.following, record.posts)
    )
    assert record.created_at is None or (record.created_at.tzinfo is UTC and record.created_at.year >= 1970)
    assert "\x00" not in record.name + record.description


def check_post(record: PostRecord) -> None:
    assert 0 < len(record.external_id) <= 255
    assert record.url.startswith(("https://", "http://"))
    assert record.published_at.tzinfo is UTC
    assert record.published_at.year >= 1970
    counts = (getattr(record, name) for name in COUNTS)
    assert all(count is None or 0 <= count <= LARGEST_COUNT for count in counts)
    assert "\x00" not in record.text + "".join(record.hashtags)
    assert all(0 < len(tag) <= 255 for tag in record.hashtags)
    assert len({tag.casefold() for tag in record.hashtags}) == len(record.hashtags)


def survives(network: str, what: str, *answers: Any) -> None:
    """Ask, with these answers coming in turn, the last one again and again."""
    get = in_turn(network, list(answers) + [answers[-1]] * 40)
    try:
        for record in asked(network, what, get):
            check_profile(record) if isinstance(record, ProfileRecord) else check_post(record)
    except NetworkError as error:
        assert error.code  # noqa: PT017 (an error is one of the two good outcomes)
        assert error.sentence  # noqa: PT017


def asked(network: str, what: str, get: Any) -> Iterator[ProfileRecord | PostRecord]:
    if what == "find":
        yield NETWORKS[network].find(get, REFERENCES[network])
    elif what == "profile":
        yield NETWORKS[network].profile(get, IDS[network])
    elif what == "profiles":
        yield from NETWORKS[network].profiles(get, [IDS[network]])
    elif what == "posts":
        for page in NETWORKS[network].posts(get, IDS[network]):
            yield from page.posts
    elif what == "profiles":
        yield from NETWORKS[network].profiles(get, [IDS[network]])
    else:
        for page in NETWORKS[network].refresh(get, [POST_IDS[network]]):
            yield from page.posts


@described
@patient
@given(st.data())
@pytest.mark.parametrize(
    ("what", "method"),
    [
        ("profile", "app.bsky.actor.getProfile"),
        ("profiles", "app.bsky.actor.getProfiles"),
        ("posts", "app.bsky.feed.getAuthorFeed"),
        ("refresh", "app.bsky.feed.getPosts"),
    ],
)
def test_any_lawful_answer_of_bluesky_is_understood(what, method, data):
    survives("bluesky", what, drawn_answer(data.draw(LEXICONS.output(method))))


@described
@patient
@given(st.data())
@pytest.mark.parametrize(("what", "schema"), [("find", "Account"), ("profile", "Account"), ("refresh", "Status")])
def test_any_lawful_answer_of_mastodon_is_understood(what, schema, data):
    survives("mastodon", what, drawn_answer(data.draw(OpenApi(SPECS / "mastodon/openapi-trimmed.json").named(schema))))


@described
@patient
@given(st.data())
def test_any_lawful_list_of_mastodon_is_understood(data):
    statuses = data.draw(st.lists(OpenApi(SPECS / "mastodon/openapi-trimmed.json").named("Status"), max_size=3))
    mine = [status | {"account": status["account"] | {"id": "1"}} for status in statuses]

    survives("mastodon", "posts", drawn_answer(mine), drawn_answer([]))


@described
@patient
@given(st.data())
@pytest.mark.parametrize(
    ("what", "schemas"),
    [
        ("find", ["ChannelListResponse"]),
        ("profile", ["ChannelListResponse"]),
        ("profiles", ["ChannelListResponse"]),
        ("posts", ["PlaylistItemListResponse", "VideoListResponse"]),
        ("refresh", ["VideoListResponse"]),
    ],
)
def test_any_lawful_answer_of_youtube_is_understood(what, schemas, data):
    discovery = Discovery(SPECS / "youtube/youtube.v3.json")

    survives("youtube", what, *(drawn_answer(data.draw(discovery.named(schema))) for schema in schemas))


@described
@patient
@given(st.data())
@pytest.mark.parametrize(
    ("what", "schemas"),
    [
        ("find", ["GetUsersResponse", "GetChannelFollowersResponse"]),
        ("profile", ["GetUsersResponse", "GetChannelFollowersResponse"]),
        ("profiles", ["GetUsersResponse", "GetChannelFollowersResponse"]),
        ("posts", ["GetVideosResponse"]),
        ("refresh", ["GetVideosResponse"]),
    ],
)
def test_any_lawful_answer_of_twitch_is_understood(what, schemas, data):
    helix = OpenApi(SPECS / "twitch/openapi-trimmed.json")
    bodies = [data.draw(helix.named(schema)) for schema in schemas]
    if what == "posts":
        bodies[0]["data"] = [video | {"user_id": IDS["twitch"]} for video in bodies[0]["data"]]

    survives("twitch", what, *map(drawn_answer, bodies))


# What Meta's specifications leave open, as its answers show it.
SUMMARY = st.fixed_dictionaries({}, optional={"summary": st.fixed_dictionaries({}, optional={"total_count": integers})})
EDGES = {
    "reactions": SUMMARY,
    "comments": SUMMARY,
    "shares": st.fixed_dictionaries({}, optional={"count": integers}),
    "attachments": st.fixed_dictionaries({"data": st.lists(st.fixed_dictionaries({"media_type": texts}), max_size=2)}),
}


def of_facebook(node, **edges):
    return FieldSpecs(SPECS / "facebook/meta-specs").named(node, **edges)


def of_instagram(node, **edges):
    return FieldSpecs(SPECS / "instagram/meta-specs").named(node, **edges)


@described
@patient
@given(st.data())
@pytest.mark.parametrize(
    ("what", "responses"),
    [
        ("find", ["utils/utils_resolveScreenName_response", "groups/groups_getById_object_response"]),
        ("find", ["utils/utils_resolveScreenName_response", "users/users_get_response"]),
        ("profile", ["groups/groups_getById_object_response"]),
        ("refresh", ["wall/wall_getById_response"]),
        ("refresh", ["wall/wall_getById_extended_response"]),
    ],
)
def test_any_lawful_answer_of_vk_is_understood(what, responses, data):
    survives("vk", what, *(drawn_answer(data.draw(VK_SCHEMA.answer(response))) for response in responses))


@described
@patient
@given(st.data())
def test_any_lawful_page_of_facebook_is_understood(data):
    page = data.draw(of_facebook("Page"))

    survives("facebook", "find", drawn_answer(page))


@described
@patient
@given(st.data())
def test_any_lawful_posts_of_facebook_are_understood(data):
    posts = data.draw(st.lists(of_facebook("PagePost", **EDGES), max_size=3))

    survives("facebook", "posts", drawn_answer({"data": posts, "paging": data.draw(PAGING)}))
    survives("facebook", "refresh", drawn_answer(posts[0] if posts else {}))


PAGING = st.fixed_dictionaries({}, optional={"next": texts, "cursors": st.dictionaries(st.just("after"), texts)})


@described
@patient
@given(st.data())
def test_any_lawful_answer_of_instagram_is_understood(data):
    account = data.draw(of_instagram("IGUser"))
    media = {"data": data.draw(st.lists(of_instagram("IGMedia"), max_size=3)), "paging": data.draw(PAGING)}

    survives("instagram", "find", drawn_answer({"business_discovery": account, "id": "1"}))
    survives("instagram", "posts", drawn_answer({"business_discovery": account | {"media": media}, "id": "1"}))


@described
@patient
@given(st.data())
def test_no_count_that_meta_leaves_out_becomes_zero(data):
    media = data.draw(of_instagram("IGMedia"))
    post = data.draw(of_facebook("PagePost", **EDGES))
    told = {"reactions": "like_count", "comments": "comments_count", "views": "view_count"}

    for record in posts_in("instagram", {"business_discovery": {"media": {"data": [media]}}}):
        assert {count for count in told if getattr(record, count) is not None} <= {
            count for count, field in told.items() if field in media
        }
    for record in posts_in("facebook", {"data": [post]}):
        for count in ("reactions", "comments"):
            assert getattr(record, count) is None or "total_count" in post[count]["summary"]
        counted = [post.get(edge, {}).get("summary", {}).get("total_count") for edge in ("reactions", "comments")]
        assert record.shares != 0 or post.get("shares") == {"count": 0} or counted != [None, None]


def posts_in(network: str, body: Any) -> list[PostRecord]:
    try:
        return [
            post
            for page in NETWORKS[network].posts(in_turn(network, [drawn_answer(body)]), "bakery")
            for post in page.posts
        ]
    except NetworkError:
        return []


@described
@patient
@given(st.data())
def test_any_lawful_wall_of_vk_is_read_without_a_count_that_it_does_not_give(data):
    items = data.draw(VK_SCHEMA.answer("wall/wall_get_response"))["response"]["items"]
    mine = [item | {"id": at, "date": 1, "owner_id": -7, "from_id": -7} for at, item in enumerate(items)]

    pages = NETWORKS["vk"].posts(in_turn("vk", [drawn_answer({"response": {"count": 1, "items": mine}})]), "-7")

    for post in next(iter(pages)).posts:
        check_post(post)
        item = mine[int(post.external_id.removeprefix("-7_"))]
        for name, member in VK_COUNTS.items():
            given = item.get(member, {}).get("count")
            assert getattr(post, name) == (given if given is None or 0 <= given <= LARGEST_COUNT else None)


@patient
@given(body=anything | st.binary(max_size=40), status=st.sampled_from([200, 200, 200, 400, 401, 403, 404, 429, 500]))
@pytest.mark.parametrize("what", ["find", "profile", "profiles", "posts", "refresh"])
@pytest.mark.parametrize("network", IDS)
def test_no_answer_at_all_brings_a_reader_down(network, what, body, status):
    survives(network, what, drawn_answer(body, status=status))


@pytest.mark.parametrize("network", IDS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"\xff\xfe",
        b'{"id": "\\ud800"}',
        b'{"did": "x", "handle": "y", "followersCount": ' + b"9" * 5000 + b"}",
        b"null",
        b"NaN",
    ],
)
def test_what_is_no_json_is_an_error_by_remedy(network, body):
    for what in ("find", "profile", "profiles", "posts", "refresh"):
        survives(network, what, drawn_answer(body))


@described
@patient
@given(st.data())
@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("find", "/2/users/by/username/{username}"),
        ("profile", "/2/users/{id}"),
        ("profiles", "/2/users"),
        ("posts", "/2/users/{id}/tweets"),
        ("refresh", "/2/tweets"),
    ],
)
@pytest.mark.parametrize("version", ["2.159", "2.167"])
def test_any_lawful_answer_of_x_is_understood(version, what, path, data):
    description = OpenApiOfX(SPECS / f"x/openapi-{version}-trimmed.json")

    survives("x", what, drawn_answer(data.draw(description.answer_to(path))))


@described
@patient
@given(st.data())
@pytest.mark.parametrize(("version", "schema", "shares"), [("2.159", "Tweet", "retweet"), ("2.167", "Post", "repost")])
def test_no_count_that_x_leaves_out_becomes_zero(version, schema, shares, data):
    post = data.draw(OpenApiOfX(SPECS / f"x/openapi-{version}-trimmed.json").named(schema))
    counts = post.get("public_metrics", {})
    names = {"reactions": "like", "comments": "reply", "quotes": "quote", "saves": "bookmark", "views": "impression"}

    with suppress(NetworkError):
        for record in NETWORKS["x"].refresh(in_turn("x", [drawn_answer({"data": [post]})] * 2), ["9001"])[0].posts:
            for name, given in {**names, "shares": shares}.items():
                assert getattr(record, name) in {None, counts.get(f"{given}_count")}


@described
@patient
@given(st.data())
@pytest.mark.parametrize("what", ["find", "profile", "posts", "refresh"])
def test_any_answer_with_reddits_fields_is_understood(what, data):
    fields = Fields(SPECS / "reddit/fields.json")
    answer = fields.listing() if what in {"posts", "refresh"} else fields.about("subreddit_about")

    survives("reddit", what, drawn_answer(data.draw(answer)))


@described
@patient
@given(st.data())
def test_any_answer_about_a_person_on_reddit_is_understood(data):
    body = data.draw(Fields(SPECS / "reddit/fields.json").about("user_about"))

    with suppress(NetworkError):
        check_profile(NETWORKS["reddit"].find(in_turn("reddit", [drawn_answer(body)]), "u/anna"))
