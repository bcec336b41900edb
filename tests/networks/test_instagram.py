"""Instagram's answers, kept by a client library, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmark.networks.base import (
    Answer,
    Gone,
    Kind,
    NeedsAttention,
    NetworkError,
    PostRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.instagram import INSTAGRAM, Account, Media, MediaList, parse_account, parse_media
from tests.networks.recorded import Playback, answer_in, drawn_answer, in_turn

HOST = "graph.facebook.com"
HANDLE = "facebookfordevelopers"
ACCOUNT = "https://graph.facebook.com/:version/:account"
PROFILE_FIELDS = "id,username,name,biography,profile_picture_url,followers_count,follows_count,media_count"
MEDIA_FIELDS = "id,caption,permalink,timestamp,media_type,like_count,comments_count,view_count"

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_rate_limited_buc": (TryLater, "rate_limited"),
    "error_token_expired": (NeedsAttention, "credential_expired"),
    "error_user_not_found_or_personal": (Gone, "profile_not_found"),
    # What only an owner is told is no answer about another account.
    "own_media_insights": (UnexpectedAnswer, "unexpected_answer"),
    "own_user_insights_total_value": (UnexpectedAnswer, "unexpected_answer"),
}

# Id, moment of publishing, kind, first words, likes, comments, end of the address.
DISCOVERED = {
    "discovery_media_page1": [
        ("17885103395504675", "2021-08-17T19:00:42Z", "photo", "To attract new player", 87, 11, "CSr71Gzlqo4"),
        (
            "17886271043461692",
            "2021-08-16T17:35:10Z",
            "photo",
            "Today, we are excited",
            186,
            16,
            "CSpNPqgFxE0",
        ),
    ],
    "discovery_media_page2": [
        ("17939347456563225", "2021-08-11T19:56:42Z", "photo", "BathandBodyWorksArabi", 50, 3, "CScld93rm4W"),
        ("18165241603086291", "2021-08-10T16:57:42Z", "video", "Hosted by Facebook Re", 86, 5, "CSZsJf-iJLj"),
    ],
}
OWN = [
    ("17895731045244887", "2021-08-13T08:25:28Z", "photo", "", 0, 0, "CSgf9BChwVq"),
    ("17896622936197745", "2021-08-13T08:02:40Z", "photo", "", 2, 6, "CSgdWACBeKr"),
]
OWN_DETAIL = ("17896129349106152", "2021-07-26T10:45:20Z", "album", "ALBUM", 1, 0, "CRyZpmrjYC4")


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/instagram/examples" / f"{case}.json", host=HOST)


def seen(post: PostRecord) -> tuple[object, ...]:
    moment = post.published_at.isoformat().replace("+00:00", "Z")
    end = post.url.removeprefix("https://www.instagram.com/p/").rstrip("/")
    return post.external_id, moment, post.kind.value, post.text[:21], post.reactions, post.comments, end


def test_a_recorded_account_becomes_its_record(shared_data):
    get = in_turn("instagram", [recorded(shared_data, "discovery_profile")])

    account = INSTAGRAM.find(get, HANDLE)

    assert get.asked == [(ACCOUNT, {"fields": f"business_discovery.username({HANDLE}){{{PROFILE_FIELDS}}}"})]
    assert (account.external_id, account.handle, account.name) == (
        "17841407673135339",
        HANDLE,
        "Facebook for Developers",
    )
    assert account.url == f"https://www.instagram.com/{HANDLE}/"
    assert account.description == "Follow us for updates on Facebook’s business tools, AI, AR, VR, and more."  # noqa: RUF001 (as published)
    assert str(account.avatar_url).startswith("https://scontent-nrt1-1.xx.fbcdn.net/v/t51.2885-15/119360396_")
    assert (account.followers, account.following, account.posts, account.verified) == (64_976, None, 436, None)


def test_ones_own_recorded_account_becomes_its_record(shared_data):
    account = parse_account(recorded(shared_data, "own_profile").decode(Account))

    assert (account.external_id, account.handle) == ("17841407673135339", HANDLE)
    assert (account.followers, account.following, account.posts) == (64_363, None, 427)


@pytest.mark.parametrize("case", DISCOVERED)
def test_recorded_posts_become_records(shared_data, case):
    # The recordings name the same cursor twice, so the second page is the last one.
    get = in_turn("instagram", [recorded(shared_data, case)] * 2)

    page = next(iter(INSTAGRAM.posts(get, HANDLE)))

    assert [seen(post) for post in page.posts] == DISCOVERED[case]
    assert {(post.shares, post.quotes, post.saves, post.views) for post in page.posts} == {(None,) * 4}
    assert page.reads_down_to == datetime.fromisoformat(DISCOVERED[case][-1][1])


def test_ones_own_recorded_posts_become_records(shared_data):
    listed = recorded(shared_data, "own_media_page1").decode(MediaList).data
    single = recorded(shared_data, "own_media_detail").decode(Media)

    assert [seen(parse_media(media, HANDLE)) for media in listed] == OWN
    assert seen(parse_media(single, HANDLE)) == OWN_DETAIL


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        INSTAGRAM.find(in_turn("instagram", [recorded(shared_data, case)]), HANDLE)

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_a_recorded_limit_says_in_how_many_minutes_to_come_back(shared_data):
    with pytest.raises(TryLater) as caught:
        INSTAGRAM.find(in_turn("instagram", [recorded(shared_data, "error_rate_limited_buc")]), HANDLE)

    assert caught.value.after == timedelta(minutes=18)
    assert INSTAGRAM.allowance(recorded(shared_data, "error_rate_limited_buc")).pause == timedelta(minutes=18)


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/instagram/examples").glob("*.json")}

    assert files == {*ERRORS, *DISCOVERED, "discovery_profile", "own_profile", "own_media_page1", "own_media_detail"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_media(key="1", *, day=1, **fields):
    return {
        "id": key,
        "caption": "Bread #Sourdough",
        "permalink": f"https://www.instagram.com/p/{key}/",
        "timestamp": f"2026-03-{day:02}T10:00:00+0000",
        "media_type": "IMAGE",
        "like_count": 12,
        "comments_count": 0,
    } | fields


def media_page(*media, after=None):
    paging = {"paging": {"cursors": {"after": after}}} if after else {}
    return drawn_answer({"business_discovery": {"media": {"data": list(media), **paging}, "id": "7"}, "id": "1"})


def posts_of(*pages):
    return list(INSTAGRAM.posts(in_turn("instagram", pages), "bakery"))


def only(media):
    ((post,),) = (page.posts for page in posts_of(media_page(media)))
    return post


def test_hidden_likes_are_unknown_and_not_zero():
    hidden = drawn_media()
    del hidden["like_count"]

    assert only(hidden).reactions is None
    assert only(drawn_media(like_count=0)).reactions == 0


def test_views_are_there_for_videos_and_unknown_for_pictures():
    assert only(drawn_media(media_type="VIDEO", view_count=9000)).views == 9000
    assert only(drawn_media()).views is None


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("IMAGE", Kind.PHOTO), ("VIDEO", Kind.VIDEO), ("CAROUSEL_ALBUM", Kind.ALBUM), ("HOLOGRAM", Kind.OTHER)],
)
def test_the_kind_is_told_by_the_media(media_type, kind):
    assert only(drawn_media(media_type=media_type)).kind is kind


def test_hashtags_stand_in_the_caption_alone():
    post = only(drawn_media(caption="Bread, #Sourdough #sourdough and #rye"))

    assert post.hashtags == ("Sourdough", "rye")
    assert only(drawn_media(caption=None)).text == ""


def test_a_post_without_an_address_leads_to_its_account():
    assert only(drawn_media(permalink=None)).url == "https://www.instagram.com/bakery/"


def test_pages_go_on_by_the_cursor_inside_the_question():
    def answers(_url, params):
        second = ".after(QVFIUx_1)" in params["fields"]
        return media_page(drawn_media("b", day=1)) if second else media_page(drawn_media("a", day=2), after="QVFIUx_1")

    get = Playback("instagram", answers)

    assert [[post.external_id for post in page.posts] for page in INSTAGRAM.posts(get, "bakery")] == [["a"], ["b"]]
    assert get.asked == [
        (ACCOUNT, {"fields": f"business_discovery.username(bakery){{media.limit(50){{{MEDIA_FIELDS}}}}}"}),
        (
            ACCOUNT,
            {"fields": f"business_discovery.username(bakery){{media.limit(50).after(QVFIUx_1){{{MEDIA_FIELDS}}}}}"},
        ),
    ]


def test_an_empty_page_with_a_cursor_is_not_the_end():
    pages = posts_of(
        media_page(drawn_media("a", day=9), after="one"), media_page(after="two"), media_page(drawn_media("b"))
    )

    assert [[post.external_id for post in page.posts] for page in pages] == [["a"], [], ["b"]]
    assert pages[1].reads_down_to is None


def test_a_cursor_that_comes_again_is_the_end():
    pages = posts_of(media_page(drawn_media("a", day=9), after="one"), media_page(drawn_media("b"), after="one"))

    assert [[post.external_id for post in page.posts] for page in pages] == [["a"], ["b"]]


def test_a_pinned_post_does_not_end_the_reading_and_counts_once():
    pinned, newest, older = drawn_media("pinned", day=1), drawn_media("new", day=20), drawn_media("older", day=10)

    first, second = posts_of(
        media_page(pinned, newest, older, after="one"), media_page(drawn_media("old", day=5), pinned)
    )

    assert first.reads_down_to == datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert [post.external_id for post in first.posts] == ["pinned", "new", "older"]
    assert [post.external_id for post in second.posts] == ["old"]


def test_a_post_by_several_accounts_is_a_post_of_each():
    together = drawn_media("together", username="mill", owner={"id": "99"})

    for handle in ("bakery", "mill"):
        (page,) = INSTAGRAM.posts(in_turn("instagram", [media_page(together)]), handle)
        assert [post.external_id for post in page.posts] == ["together"]


def test_an_account_without_posts_has_an_empty_list():
    without = drawn_answer({"business_discovery": {"id": "7"}, "id": "1"})

    assert [page.posts for page in posts_of(without)] == [()]


@pytest.mark.parametrize("handle", ["", "a){id}", "two words", "a" * 31])
def test_nothing_but_a_name_gets_into_the_question(handle):
    get = in_turn("instagram", [])

    for ask in (INSTAGRAM.find, lambda get, handle: list(INSTAGRAM.posts(get, handle))):
        with pytest.raises(UnexpectedAnswer):
            ask(get, handle)
    assert get.asked == []


def test_nothing_but_a_cursor_gets_into_the_question():
    with pytest.raises(UnexpectedAnswer):
        posts_of(media_page(drawn_media(), after="x){id}"))
