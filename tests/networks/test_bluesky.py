"""Bluesky's answers, recorded from its own server software, become these records."""

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
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.bluesky import BLUESKY, Posts, parse_post
from benchmark.networks.parsing import LARGEST_COUNT
from tests.networks.recorded import ARRIVED, answer_in, drawn_answer, in_turn

ALICE = "did:plc:hbedygjpncrtky3copytsfzz"
BOB = "did:plc:uhkj6ffdyle5nodj337ttrr5"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
HOST = "public.api.bsky.app"

ALICE_RECORD = ProfileRecord(
    external_id=ALICE,
    handle="alice.test",
    name="Alice Example",
    url="https://bsky.app/profile/alice.test",
    description="bio with https://example.org #tag",
    avatar_url=f"http://localhost:2584/img/avatar/plain/{ALICE}/bafkreidlp6sdj6jkroakvmbntpy2clsj77foijheae5byt3iwz7d2k542a",
    followers=3,
    following=1,
    posts=131,
    verified=False,
)
GINA_RECORD = ProfileRecord(
    external_id="did:plc:gnzj5grzdbmwaw7m4vvc5ri5",
    handle="gina.test",
    name="gina.test",
    url="https://bsky.app/profile/gina.test",
    followers=0,
    following=0,
    posts=0,
    verified=False,
)

PROFILES = {"profile_alice": ALICE_RECORD, "profile_by_did": ALICE_RECORD, "profile_gina_empty": GINA_RECORD}

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "profile_deactivated": (Gone, "profile_deactivated"),
    "profile_not_found": (Gone, "profile_not_found"),
    "profile_invalid_actor": (Gone, "profile_not_found"),
    "profile_frank_no_unauthenticated": (NeedsAttention, "profile_hidden_from_logged_out"),
    "profile_missing_actor": (UnexpectedAnswer, "unexpected_answer"),
    "author_feed_deactivated": (Gone, "profile_not_found"),
    "author_feed_not_found": (Gone, "profile_not_found"),
    "author_feed_limit_too_high": (UnexpectedAnswer, "unexpected_answer"),
    "author_feed_bad_cursor": (TryLater, "network_unavailable"),
    "unknown_method": (UnexpectedAnswer, "unexpected_answer"),
    # Answers to questions that Yardstick never asks are no profiles.
    "followers": (UnexpectedAnswer, "unexpected_answer"),
    "resolve_handle": (UnexpectedAnswer, "unexpected_answer"),
}

FEEDS = {
    "author_feed_alice_page1": range(129, 81, -1),
    "author_feed_alice_page2": range(81, 31, -1),
    "author_feed_alice_page3": range(31, -1, -1),
    "author_feed_alice_page4": range(0),
    "author_feed_empty": range(0),
    "author_feed_filter_media": range(129, 128, -1),
    "author_feed_filter_threads": range(129, 126, -1),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/bluesky/examples" / f"{case}.json", host=HOST)


def alices_post(number: int, key: str) -> PostRecord:
    """The seeded post with this number: one an hour, a topic out of seven; the five youngest were liked."""
    liked = number > 124
    return PostRecord(
        external_id=f"at://{ALICE}/app.bsky.feed.post/{key}",
        url=f"https://bsky.app/profile/{ALICE}/post/{key}",
        published_at=FIRST + timedelta(hours=number),
        kind={129: Kind.PHOTO, 128: Kind.LINK}.get(number, Kind.TEXT),
        text=f"post {number} about #topic{number % 7} https://example.org/{number}",
        hashtags=(f"topic{number % 7}", "hiddentag") if number == 127 else (f"topic{number % 7}",),
        reactions=2 if liked else 0,
        comments=1 if number == 129 else 0,
        shares=1 if liked else 0,
        quotes=1 if number in {128, 129} else 0,
        saves=0,
    )


@pytest.mark.parametrize("case", PROFILES)
def test_a_recorded_profile_becomes_its_record(shared_data, case):
    get = in_turn("bluesky", [recorded(shared_data, case)])

    assert BLUESKY.find(get, "alice.test") == PROFILES[case]
    assert get.asked == [(f"https://{HOST}/xrpc/app.bsky.actor.getProfile", {"actor": "alice.test"})]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]
    get = in_turn("bluesky", [recorded(shared_data, case)])

    with pytest.raises(kind) as caught:
        BLUESKY.profile(get, ALICE)

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_recorded_profiles_come_together_and_unknown_ones_are_left_out(shared_data):
    actors = ["alice.test", "gina.test", "nobody.test"]
    get = in_turn("bluesky", [recorded(shared_data, "profiles_batch")])

    assert BLUESKY.profiles(get, actors) == (ALICE_RECORD, GINA_RECORD)
    assert get.asked == [(f"https://{HOST}/xrpc/app.bsky.actor.getProfiles", {"actors": tuple(actors)})]


def test_a_recorded_profile_that_its_owner_hides_is_left_out_among_others(shared_data):
    bodies = [recorded(shared_data, case).json() for case in ("profile_alice", "profile_frank_no_unauthenticated")]
    get = in_turn("bluesky", [drawn_answer({"profiles": bodies})])

    assert BLUESKY.profiles(get, [ALICE, "did:plc:frank"]) == (ALICE_RECORD,)


def test_many_profiles_are_asked_for_in_batches_of_25():
    get = in_turn("bluesky", [drawn_answer({"profiles": []})] * 2)

    assert BLUESKY.profiles(get, [f"did:plc:{number}" for number in range(26)]) == ()
    assert [len(asked["actors"]) for _, asked in get.asked] == [25, 1]


@pytest.mark.parametrize("case", FEEDS)
def test_a_recorded_feed_becomes_its_own_posts_without_replies_and_reposts(shared_data, case):
    answers = [recorded(shared_data, case), drawn_answer({"feed": []})]

    page = next(iter(BLUESKY.posts(in_turn("bluesky", answers), ALICE)))

    keys = [post.external_id.rpartition("/")[2] for post in page.posts]
    assert list(page.posts) == [alices_post(number, key) for number, key in zip(FEEDS[case], keys, strict=True)]
    assert page.read_at == ARRIVED


def test_the_whole_recorded_feed_is_read_to_its_end(shared_data):
    get = in_turn("bluesky", [recorded(shared_data, f"author_feed_alice_page{number}") for number in (1, 2, 3, 4)])

    pages = list(BLUESKY.posts(get, ALICE))

    assert [len(page.posts) for page in pages] == [48, 50, 32, 0]
    assert [page.reads_down_to for page in pages] == [
        FIRST + timedelta(hours=82),
        FIRST + timedelta(hours=32),
        FIRST,
        None,
    ]
    assert [question["cursor"] for _, question in get.asked[1:]] == [
        "1767520800000__bafyreiawxa3dpy24tvdmhrwsg4n3cmmsi6v4kvgdhkwcb5dprsu5xyemc4",
        "1767340800000__bafyreie2horhtv6kngw5ugqth4bmnaofkj6w2yxlhzjsumeywp72ne6zju",
        "1767225600000__bafyreibyvstiab6wnhy7ya5lslihkjl7mrbwnm46rhozz4pwnt2rup7yem",
    ]
    assert all(question["filter"] == "posts_no_replies" for _, question in get.asked)


def test_recorded_posts_are_read_again_by_their_ids(shared_data):
    uris = [f"at://{ALICE}/app.bsky.feed.post/{number}" for number in range(4)]

    (page,) = BLUESKY.refresh(in_turn("bluesky", [recorded(shared_data, "get_posts")]), uris)

    assert page.posts == (
        PostRecord(
            external_id=f"at://{BOB}/app.bsky.feed.post/3n2trdu67fc2w",
            url=f"https://bsky.app/profile/{BOB}/post/3n2trdu67fc2w",
            published_at=datetime(2026, 11, 21, 18, 49, 55, 435000, tzinfo=UTC),
            kind=Kind.TEXT,
            text="bob original",
            reactions=0,
            comments=0,
            shares=1,
            quotes=0,
            saves=0,
        ),
        alices_post(129, "3n2trdtfdik2w"),
        alices_post(128, "3n2trdtdnrs2w"),
    )


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/bluesky/examples").glob("*.json")}

    assert files == {*PROFILES, *ERRORS, *FEEDS, "get_posts", "profiles_batch"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_post(**changes):
    author = {"did": ALICE}
    record = {"text": "hello", "createdAt": "2026-03-01T10:00:00Z"}
    post = {"uri": f"at://{ALICE}/app.bsky.feed.post/1", "author": author, "record": record}
    return post | {"indexedAt": "2026-03-01T10:00:05Z"} | changes


def record_of(**changes):
    (post,) = drawn_answer({"posts": [drawn_post(**changes)]}).decode(Posts).posts
    return parse_post(post, ALICE)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2026-03-01T09:00:00Z", datetime(2026, 3, 1, 9, tzinfo=UTC)),  # earlier than indexed: as claimed
        ("2031-03-01T09:00:00Z", datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)),  # from the future: as indexed
        ("2026-03-01T09:00:00+02:00", datetime(2026, 3, 1, 7, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)),
        ("2026-03-01T09:00:00", datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)),  # without a zone it says nothing
        ("0001-01-01T00:00:00+14:00", datetime(1970, 1, 1, tzinfo=UTC)),
        (17, datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_post_was_published_when_it_was_claimed_or_indexed_whichever_is_earlier(written, published):
    assert record_of(record={"text": "", "createdAt": written}).published_at == published


def test_a_count_that_the_network_does_not_give_is_not_zero():
    post = record_of(likeCount=0)

    assert (post.reactions, post.comments, post.shares, post.quotes, post.saves, post.views) == (0, *[None] * 5)


@pytest.mark.parametrize("impossible", [-1, LARGEST_COUNT + 1])
def test_a_count_that_cannot_be_true_is_not_stored(impossible):
    assert record_of(likeCount=impossible).reactions is None


@pytest.mark.parametrize(
    ("embed", "kind"),
    [
        (None, Kind.TEXT),
        ({"$type": "app.bsky.embed.images#view", "images": [{}]}, Kind.PHOTO),
        ({"$type": "app.bsky.embed.images#view", "images": [{}, {}]}, Kind.ALBUM),
        ({"$type": "app.bsky.embed.gallery#view", "items": [{}, {}]}, Kind.ALBUM),
        ({"$type": "app.bsky.embed.video#view"}, Kind.VIDEO),
        ({"$type": "app.bsky.embed.external#view"}, Kind.LINK),
        ({"$type": "app.bsky.embed.record#view"}, Kind.QUOTE),
        ({"$type": "app.bsky.embed.recordWithMedia#view"}, Kind.QUOTE),
        ({"$type": "app.bsky.embed.hologram#view"}, Kind.OTHER),
    ],
)
def test_what_a_post_shows_is_its_kind(embed, kind):
    assert record_of(embed=embed).kind is kind


def test_a_null_character_never_reaches_a_row():
    assert record_of(record={"text": "a\x00b"}).text == "ab"


def test_the_same_hashtag_in_text_and_tags_counts_once():
    facet = {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Bread"}]}

    assert record_of(record={"text": "#Bread", "facets": [facet], "tags": ["bread", "baking"]}).hashtags == (
        "Bread",
        "baking",
    )


def test_a_repost_of_an_own_post_and_a_pinned_post_do_not_disturb_the_order():
    repost = {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": "2026-04-01T00:00:00Z"}
    pin = {"$type": "app.bsky.feed.defs#reasonPin"}
    feed = [{"post": drawn_post(), "reason": pin}, {"post": drawn_post(), "reason": repost}]

    (page,) = BLUESKY.posts(in_turn("bluesky", [drawn_answer({"feed": feed})]), ALICE)

    assert [post.external_id for post in page.posts] == [f"at://{ALICE}/app.bsky.feed.post/1"]
    assert page.reads_down_to == datetime(2026, 4, 1, tzinfo=UTC)


def test_an_empty_page_with_a_cursor_is_not_the_end():
    answers = [{"feed": [], "cursor": "on"}, {"feed": [{"post": drawn_post()}]}]

    pages = list(BLUESKY.posts(in_turn("bluesky", [drawn_answer(body) for body in answers]), ALICE))

    assert [len(page.posts) for page in pages] == [0, 1]


def test_a_cursor_that_comes_again_is_the_end():
    answers = [{"feed": [{"post": drawn_post()}], "cursor": cursor} for cursor in ("a", "b", "a")]
    get = in_turn("bluesky", [drawn_answer(body) for body in answers])

    pages = list(BLUESKY.posts(get, ALICE))

    assert len(pages) == 3
    assert sum(len(page.posts) for page in pages) == 1


def test_a_list_that_goes_on_without_news_is_given_up():
    answers = [drawn_answer({"feed": [], "cursor": str(number)}) for number in range(50)]
    get = in_turn("bluesky", answers)

    with pytest.raises(UnexpectedAnswer):
        list(BLUESKY.posts(get, ALICE))
    assert len(get.asked) < 20


def test_a_takedown_is_told_apart_from_an_unknown_name():
    get = in_turn("bluesky", [drawn_answer({"error": "AccountTakedown", "message": "gone"}, status=400)])

    with pytest.raises(Gone) as caught:
        BLUESKY.find(get, "anna.demo.invalid")
    assert caught.value.code == "profile_suspended"


def test_a_label_that_was_taken_back_or_set_by_others_hides_nobody():
    body = {"did": ALICE, "handle": "alice.test"}
    labels = [
        {"src": ALICE, "val": "!no-unauthenticated", "neg": True},
        {"src": BOB, "val": "!no-unauthenticated"},
    ]

    assert BLUESKY.find(in_turn("bluesky", [drawn_answer(body | {"labels": labels})]), ALICE).handle == "alice.test"


def test_a_profile_whose_handle_has_ceased_to_work_goes_by_its_id():
    body = {"did": ALICE, "handle": "handle.invalid"}

    assert BLUESKY.find(in_turn("bluesky", [drawn_answer(body)]), ALICE).handle == ALICE


@pytest.mark.parametrize("status", ["verifiedStatus", "trustedVerifierStatus"])
def test_either_kind_of_verification_counts(status):
    verification = {"verifiedStatus": "none", "trustedVerifierStatus": "none"} | {status: "valid"}
    body = {"did": ALICE, "handle": "alice.test", "verification": verification}

    assert BLUESKY.find(in_turn("bluesky", [drawn_answer(body)]), ALICE).verified is True


def test_known_posts_are_read_again_in_batches_of_25():
    uris = [f"at://{ALICE}/app.bsky.feed.post/{number}" for number in range(26)]
    get = in_turn("bluesky", [drawn_answer({"posts": []})] * 2)

    BLUESKY.refresh(get, uris)

    assert [list(question["uris"]) for _, question in get.asked] == [uris[:25], uris[25:]]
