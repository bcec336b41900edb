"""Facebook's answers, kept by a client library, become these records."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks.base import Answer, Gone, Kind, NeedsAttention, NetworkError, PostRecord, TryLater
from benchmark.networks.facebook import FACEBOOK, Post, parse_post
from tests.networks.recorded import Playback, answer_in, drawn_answer, in_turn

HOST = "graph.facebook.com"
GRAPH = "https://graph.facebook.com/:version"
PAGE_FIELDS = "id,name,username,about,description,picture{url,is_silhouette},followers_count,verification_status"
POST_FIELDS = (
    "id,message,created_time,permalink_url,status_type,attachments{media_type},shares"
    ",reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count).filter(stream)"
)

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_ppca_missing": (NeedsAttention, "credential_not_permitted"),
    "error_ppca_needs_proof": (NeedsAttention, "credential_not_permitted"),
    "error_unknown_alias": (Gone, "profile_not_found"),
}

# Number of the post, moment of publishing, kind, first words, reactions, comments, shares.
MINIMAL = [
    ("10113477241177441", "2021-07-04T19:50:58Z", "text", "Happy July 4th! ", None, None, None),
    ("10113449068715281", "2021-07-02T13:42:21Z", "text", "Some good news r", None, None, None),
    ("10113400535556121", "2021-06-29T01:34:06Z", "text", "I'm grateful to ", None, None, None),
    ("10113332572050531", "2021-06-23T17:39:46Z", "text", "Thanks @adam.the", None, None, None),
    ("10113319652002411", "2021-06-22T18:06:08Z", "text", "New commerce fea", None, None, None),
]
POSTS: dict[str, list[tuple[Any, ...]]] = {
    "page_posts_page1": [
        ("10158349356748553", "2021-07-09T19:09:52Z", "photo", "Singaporean logi", 125, 13, 10),
        ("10158347294088553", "2021-07-08T15:30:19Z", "link", "Despite reliable", 131, 17, 6),
        ("10158345715593553", "2021-07-07T17:02:59Z", "photo", "Messenger API fo", 143, 15, 15),
        ("10158343840773553", "2021-07-06T18:31:13Z", "photo", "At F8 Refresh, W", 178, 23, 16),
        ("10158333323653553", "2021-06-30T21:21:18Z", "video", "After giving use", 179, 49, 15),
    ],
    "page_posts_minimal_page1": MINIMAL,  # asked without counts: none is zero
    "page_posts_minimal_page2": MINIMAL,
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/facebook/examples" / f"{case}.json", host=HOST)


def seen(post: PostRecord) -> tuple[object, ...]:
    moment = post.published_at.isoformat().replace("+00:00", "Z")
    number = post.external_id.partition("_")[2]
    return number, moment, post.kind.value, post.text[:16], post.reactions, post.comments, post.shares


def test_a_recorded_page_becomes_its_record(shared_data):
    get = in_turn("facebook", [recorded(shared_data, "page_profile")])

    page = FACEBOOK.find(get, "facebookapp")

    assert get.asked == [(f"{GRAPH}/facebookapp", {"fields": PAGE_FIELDS})]
    assert (page.external_id, page.handle, page.name) == ("20531316728", "facebookapp", "Facebook")
    assert page.url == "https://www.facebook.com/facebookapp"
    assert page.description.startswith("The Facebook Page celebrates how our friends inspire us,")
    assert str(page.avatar_url).startswith("https://scontent.xx.fbcdn.net/v/t1.0-1/p50x50/58978526_")
    assert page.verified is True
    # Who likes the Page (`fan_count`) is not who follows it, and the recording says nothing of the latter.
    assert (page.followers, page.following, page.posts, page.created_at) == (None, None, None, None)


@pytest.mark.parametrize("case", POSTS)
def test_recorded_posts_become_records(shared_data, case):
    get = in_turn("facebook", [recorded(shared_data, case)] * 2)

    page = next(iter(FACEBOOK.posts(get, "4")))

    assert get.asked == [(f"{GRAPH}/4/posts", {"fields": POST_FIELDS, "limit": 50})]
    assert [seen(post) for post in page.posts] == POSTS[case]
    assert page.reads_down_to == datetime.fromisoformat(POSTS[case][-1][1])
    assert all(post.url.startswith("https://www.facebook.com/") for post in page.posts)
    assert {(post.quotes, post.saves, post.views) for post in page.posts} == {(None, None, None)}


def test_a_recorded_single_post_becomes_its_record(shared_data):
    post = parse_post(recorded(shared_data, "post_single").decode(Post))

    assert seen(post) == ("424924701699721", "2019-08-12T03:45:11Z", "text", "我测试一下 MyLife", 1, 0, 0)
    assert post.url == "https://www.facebook.com/175154750010052/posts/424924701699721"


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        FACEBOOK.find(in_turn("facebook", [recorded(shared_data, case)]), "bakery")

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_a_recorded_next_page_is_asked_for_as_it_is_told_and_without_its_token(shared_data):
    pages = [recorded(shared_data, "page_posts_minimal_page1"), recorded(shared_data, "page_posts_minimal_page2")]
    get = in_turn("facebook", pages)

    list(FACEBOOK.posts(get, "4"))

    assert [url for url, _ in get.asked] == [f"{GRAPH}/4/posts"] * 2
    assert get.asked[1][1] == {
        "pretty": "0",
        "fields": "id,message,created_time",
        "until": "1624385168",
        "since": "",
        "__paging_token": "__paging_token",
        "__previous": "",
    }


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/facebook/examples").glob("*.json")}

    assert files == {*ERRORS, *POSTS, "page_profile", "post_single"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def summed(count):
    return {"data": [], "summary": {"total_count": count}}


def drawn_post(key="1", *, day=1, **fields):
    counts = {"reactions": summed(5), "comments": summed(2)}
    return {"id": f"7_{key}", "message": "Bread", "created_time": f"2026-03-{day:02}T10:00:00+0000", **counts} | fields


def posts_of(*pages):
    return list(FACEBOOK.posts(in_turn("facebook", [drawn_answer(page) for page in pages]), "7"))


def only(**fields):
    ((post,),) = (page.posts for page in posts_of({"data": [drawn_post(**fields)]}))
    return post


def numbers(pages):
    return [[post.external_id.removeprefix("7_") for post in page.posts] for page in pages]


def test_shares_are_left_out_at_zero_and_so_are_zero():
    assert only().shares == 0
    assert only(shares={"count": 3}).shares == 3
    assert only(shares={}).shares is None


def test_in_an_answer_without_any_count_none_is_zero():
    post = only(reactions={"data": []}, comments={"data": []})

    assert (post.reactions, post.comments, post.shares) == (None, None, None)


def test_one_count_that_is_missing_is_unknown_beside_one_that_is_there():
    post = only(comments={"data": []})

    assert (post.reactions, post.comments, post.shares) == (5, None, 0)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"attachments": {"data": [{"media_type": "photo"}]}}, Kind.PHOTO),
        ({"attachments": {"data": [{"media_type": "album"}]}}, Kind.ALBUM),
        ({"attachments": {"data": [{"media_type": "video"}]}}, Kind.VIDEO),
        ({"attachments": {"data": [{"media_type": "link"}]}}, Kind.LINK),
        ({"attachments": {"data": [{"media_type": "event"}]}}, Kind.EVENT),
        ({"attachments": {"data": [{"media_type": "hologram"}]}}, Kind.OTHER),
        ({"attachments": {"data": []}, "status_type": "added_video"}, Kind.VIDEO),
        ({"status_type": "shared_story"}, Kind.LINK),
        ({"status_type": "mobile_status_update"}, Kind.TEXT),
        ({}, Kind.TEXT),
        ({"message": None}, Kind.OTHER),
    ],
)
def test_the_kind_is_told_by_what_is_attached_else_by_what_was_done(fields, kind):
    assert only(**fields).kind is kind


def test_an_empty_page_that_points_on_is_not_the_end():
    onward = {"next": f"https://{HOST}/v26.0/7/posts?access_token=x&until=%s"}
    pages = posts_of(
        {"data": [drawn_post("b", day=9)], "paging": {"next": onward["next"] % 2}},
        {"data": [], "paging": {"next": onward["next"] % 1}},
        {"data": [drawn_post("a")]},
    )

    assert numbers(pages) == [["b"], [], ["a"]]
    assert pages[1].reads_down_to is None


def test_a_pinned_post_does_not_end_the_reading_and_counts_once():
    onward = {"next": f"https://{HOST}/v26.0/7/posts?until=1"}
    first, second = posts_of(
        {"data": [drawn_post("pinned"), drawn_post("new", day=20), drawn_post("older", day=10)], "paging": onward},
        {"data": [drawn_post("old", day=5), drawn_post("pinned")]},
    )

    assert first.reads_down_to == datetime.fromisoformat("2026-03-10T10:00:00+00:00")
    assert numbers([first, second]) == [["pinned", "new", "older"], ["old"]]


def test_the_token_in_the_address_of_the_next_page_goes_nowhere():
    onward = {"next": f"https://{HOST}/v26.0/7/posts?access_token=secret&appsecret_proof=secret&until=1"}
    get = in_turn("facebook", [drawn_answer({"data": [], "paging": onward}), drawn_answer({"data": []})])

    list(FACEBOOK.posts(get, "7"))

    assert get.asked[1] == (f"{GRAPH}/7/posts", {"until": "1"})


def test_an_address_elsewhere_does_not_lead_us_there():
    onward = {"next": "https://evil.example/v26.0/7/posts?until=1"}
    get = in_turn("facebook", [drawn_answer({"data": [], "paging": onward}), drawn_answer({"data": []})])

    list(FACEBOOK.posts(get, "7"))

    assert get.asked[1] == (f"{GRAPH}/7/posts", {"until": "1"})


@pytest.mark.parametrize(
    ("told", "followers", "verified"),
    [
        ({"followers_count": 0, "verification_status": "not_verified"}, 0, False),
        ({"fan_count": 9, "verification_status": "gray_verified"}, None, True),
        ({"followers_count": 12}, 12, None),
    ],
)
def test_followers_are_followers_and_verified_is_what_facebook_says(told, followers, verified):
    page = FACEBOOK.find(in_turn("facebook", [drawn_answer({"id": "7", "name": "Bakery"} | told)]), "7")

    assert (page.followers, page.verified) == (followers, verified)


def test_a_page_without_a_name_of_its_own_is_known_by_its_id():
    silhouette = {"data": {"url": "https://cdn.example/p.jpg", "is_silhouette": True}}
    page = FACEBOOK.find(in_turn("facebook", [drawn_answer({"id": "100064000000001", "picture": silhouette})]), "7")

    assert (page.handle, page.name, page.avatar_url) == ("100064000000001", "100064000000001", None)
    assert page.url == "https://www.facebook.com/100064000000001"


def knowing(*ids):
    """Facebook with these posts, which refuses a question for any other."""

    def answers(url, _params):
        asked = url.rpartition("/")[2]
        if asked not in ids:
            return drawn_answer({"error": {"code": 100, "error_subcode": 33}}, status=400)
        return drawn_answer(drawn_post(asked.removeprefix("7_")))

    return Playback("facebook", answers)


def test_known_posts_are_read_again_one_by_one():
    get = knowing("7_1", "7_2")

    pages = FACEBOOK.refresh(get, ["7_1", "7_2"])

    assert [[post.external_id for post in page.posts] for page in pages] == [["7_1"], ["7_2"]]
    assert get.asked == [(f"{GRAPH}/7_{number}", {"fields": POST_FIELDS}) for number in (1, 2)]


def test_a_post_that_is_gone_takes_no_other_with_it_and_costs_one_call():
    ids = [f"7_{number}" for number in range(8)]
    get = knowing(*ids[:2], *ids[6:])

    pages = FACEBOOK.refresh(get, ids)

    assert [post.external_id for page in pages for post in page.posts] == [*ids[:2], *ids[6:]]
    assert len(get.asked) == 8
    assert FACEBOOK.refresh(knowing(), ["7_1", "7_2"]) == ()


def test_trouble_while_reading_again_is_no_sign_that_posts_are_gone():
    busy = drawn_answer({"error": {"code": 4}}, status=400)

    with pytest.raises(TryLater):
        FACEBOOK.refresh(in_turn("facebook", [busy]), ["7_1"])
