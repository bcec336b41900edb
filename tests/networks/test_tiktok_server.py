"""The local TikTok server keeps to the reference, and Yardstick reads it through the real door."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.http import Door
from benchmark.networks.parsing import in_batches
from benchmark.networks.tiktok import ACCOUNT_FIELDS, VIDEO_FIELDS
from benchmark.networks.wire import Patience
from tests.servers.answering import Asked
from tests.servers.tiktok import DrawnAccount, DrawnVideo, TikTokServer, video_id

TIKTOK = NETWORKS["tiktok"]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HASTY = Patience(backoff=0.01)


def key_of(**parts):
    assert TIKTOK.key_need is not None
    return TIKTOK.key_need.pack({"client_key": "a-key", "client_secret": "a-secret"} | parts)


def bakery(videos=0, *, every=timedelta(hours=1)):
    drawn = [
        DrawnVideo(
            id=video_id(NOW - every * (number + 1), number),
            published_at=NOW - every * (number + 1),
            description=f"Bread {number} #bread",
            hashtags=["bread"],
            likes=number,
            comments=number % 7,
            shares=number % 5,
            saves=number % 3,
            views=number * 10,
        )
        for number in range(videos)
    ]
    return DrawnAccount(username="bakery", name="Bakery", followers=12_345, following=7, videos=drawn)


def ask(server, do, *, key=None, **conversation):
    with Door(base_urls={"tiktok": server.url}, patience=HASTY) as door:
        return do(door.open(TIKTOK, key=key or key_of(), clock=lambda: NOW, **conversation))


def pages_until(get, moment):
    """The pages as a visit reads them: until one reaches down to the moment."""
    pages = []
    for page in TIKTOK.posts(get, "bakery"):
        pages.append(page)
        if page.reads_down_to is not None and page.reads_down_to <= moment:
            return pages
    return pages


def test_an_account_is_found_with_a_token_that_the_key_was_turned_into():
    with TikTokServer([bakery(3)]) as server:
        found = ask(server, lambda get: TIKTOK.find(get, "bakery"))

    assert (found.external_id, found.name, found.followers, found.following, found.posts) == (
        "bakery",
        "Bakery",
        12_345,
        7,
        3,
    )
    token, question = server.asked
    assert token.form == {"client_key": "a-key", "client_secret": "a-secret", "grant_type": "client_credentials"}
    assert token.headers["content-type"] == "application/x-www-form-urlencoded"
    assert question.headers["authorization"] == "Bearer clt.1"
    assert (question.method, question.path) == ("POST", "/v2/research/user/info/")
    assert question.params == {"fields": ACCOUNT_FIELDS}
    assert json.loads(question.body) == {"username": "bakery"}


def test_two_hundred_and_fifty_videos_come_in_three_pages_newest_first():
    account = bakery(250)
    for number in (3, 101, 102):
        account.videos[number].hidden = True  # so that two pages are short
    with TikTokServer([account]) as server:
        pages = ask(server, lambda get: pages_until(get, NOW - timedelta(days=28)))

    posts = [post for page in pages for post in page.posts]
    shown = [video for video in account.videos if not video.hidden]
    assert [len(page.posts) for page in pages] == [99, 98, 50]
    assert [
        (
            int(post.external_id),
            post.published_at,
            post.text,
            post.hashtags,
            (post.reactions, post.comments, post.shares, post.saves, post.views),
        )
        for post in posts
    ] == [
        (
            video.id,
            video.published_at,
            video.description,
            ("bread",),
            (video.likes, video.comments, video.shares, video.saves, video.views),
        )
        for video in shown
    ]
    assert all(newer.reads_down_to > older.reads_down_to for newer, older in pairwise(pages))
    assert server.units_left == 1000 - 4  # the account and three pages; a token costs nothing


def test_every_video_of_two_years_is_read_once_through_windows_of_thirty_days():
    account = bakery(365, every=timedelta(days=2))
    with TikTokServer([account]) as server:
        pages = ask(server, lambda get: pages_until(get, NOW - timedelta(days=730)))

    read = [int(post.external_id) for page in pages for post in page.posts]
    assert read == [video.id for video in account.videos]
    assert len(pages) == 25
    assert pages[-1].reads_down_to == datetime(2024, 5, 12, tzinfo=UTC)


def test_known_videos_of_two_years_are_read_again_by_their_ids_without_those_that_are_gone():
    account = bakery(365, every=timedelta(days=2))
    known = [str(video.id) for video in account.videos]
    account.videos[7].hidden = True
    del account.videos[100]
    with TikTokServer([account]) as server:
        pages = ask(server, lambda get: [page for ids in in_batches(known, 100) for page in TIKTOK.refresh(get, ids)])

    read = {int(post.external_id): post for page in pages for post in page.posts}
    assert set(read) == {video.id for video in account.videos if not video.hidden}
    first = account.videos[0]
    assert read[first.id].url == f"https://www.tiktok.com/@bakery/video/{first.id}"
    assert all(
        (read[video.id].reactions, read[video.id].views) == (video.likes, video.views)
        for video in account.videos
        if not video.hidden
    )
    assert server.units_left == 1000 - 36  # eleven videos fit into the days of a question


def test_a_video_that_was_uploaded_days_before_its_publication_is_read_again():
    account = bakery(3)
    account.videos[1].id = video_id(account.videos[1].published_at - timedelta(days=9, hours=23))
    with TikTokServer([account]) as server:
        pages = ask(server, lambda get: TIKTOK.refresh(get, [str(video.id) for video in account.videos]))

    assert {int(post.external_id) for page in pages for post in page.posts} == {video.id for video in account.videos}
    assert server.units_left == 999


def test_a_token_that_was_taken_back_is_exchanged_anew_once():
    with TikTokServer([bakery()]) as server, Door(base_urls={"tiktok": server.url}, patience=HASTY) as door:
        get = door.open(TIKTOK, key=key_of())
        TIKTOK.find(get, "bakery")
        TIKTOK.find(get, "bakery")
        assert server.tokens_given == 1
        server.tokens.clear()
        TIKTOK.find(get, "bakery")
        assert server.tokens_given == 2


def test_a_wrong_key_needs_attention():
    with TikTokServer([bakery()]) as server, pytest.raises(NeedsAttention) as refused:
        ask(server, lambda get: TIKTOK.find(get, "bakery"), key=key_of(client_secret="wrong"))
    assert refused.value.code == "credential_refused"


def test_a_key_without_the_research_api_needs_attention_though_its_tokens_are_given():
    with TikTokServer([bakery()]) as server:
        server.scopes = False
        with pytest.raises(NeedsAttention) as refused:
            ask(server, lambda get: TIKTOK.find(get, "bakery"))
    assert refused.value.code == "credential_refused"


def test_an_unknown_account_is_gone_and_a_private_one_needs_attention():
    private = bakery()
    private.private = True
    with TikTokServer([private]) as server:
        with pytest.raises(Gone):
            ask(server, lambda get: TIKTOK.find(get, "nobody"))
        with pytest.raises(NeedsAttention) as refused:
            ask(server, lambda get: TIKTOK.find(get, "bakery"))
    assert refused.value.code == "profile_private"


def test_a_used_up_quota_needs_a_new_day():
    with TikTokServer([bakery()], quota=0) as server, pytest.raises(TryLater) as used_up:
        ask(server, lambda get: TIKTOK.find(get, "bakery"))
    assert (used_up.value.code, used_up.value.after) == ("quota_used_up", timedelta(hours=12))


def test_each_question_is_reserved_before_it_is_asked():
    reserved: list[int] = []
    with TikTokServer([bakery(250)]) as server:
        ask(server, lambda get: pages_until(get, NOW - timedelta(days=28)), reserve=reserved.append)
    assert reserved == [1] * 4


@pytest.mark.parametrize(
    ("path", "fields", "described"),
    [
        ("/v2/research/user/info/", ACCOUNT_FIELDS, "research_user_info"),
        ("/v2/research/video/query/", VIDEO_FIELDS, "research_video_query"),
    ],
)
def test_questions_and_answers_keep_to_the_reference(shared_data, path, fields, described):
    reference = json.loads((shared_data / "specs/tiktok/fields.json").read_text())["endpoints"][described]
    kinds = {"string": str, "boolean": bool, "int64": int, "int64 seconds": int, "list<string>": list}
    with TikTokServer([bakery(1)]) as server:
        ask(server, lambda get: (TIKTOK.find(get, "bakery"), next(iter(TIKTOK.posts(get, "bakery")))))
        asked = next(asked for asked in server.asked if asked.path == path)
        _, _, answer = server.reply(Asked("POST", path, f"fields={fields}", asked.headers, asked.body))

    found = answer["data"]["videos"][0] if "videos" in answer["data"] else answer["data"]
    assert (asked.method, asked.path) == (reference["method"], reference["path"])
    assert set(asked.params) <= set(reference["query"])
    assert set(json.loads(asked.body)) <= set(reference["json"])
    assert set(found) == set(fields.split(","))
    assert all(isinstance(value, kinds[reference["fields"][name]]) for name, value in found.items())
