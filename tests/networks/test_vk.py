"""VK's answers, kept by a client library, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks.base import (
    Answer,
    Gone,
    Kind,
    NeedsAttention,
    NetworkError,
    Page,
    PostRecord,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.keys import Question
from benchmark.networks.vk import VK, Resolution, readable
from tests.networks.recorded import Playback, answer_in, drawn_answer, in_turn

HOST = "api.vk.com"
BASE = f"https://{HOST}/method"
COMMUNITY_FIELDS = "members_count,description,verified,photo_200"
PERSON_FIELDS = "followers_count,about,verified,photo_200,screen_name"

PROFILES = {
    "groups_getById": ProfileRecord(
        external_id="-17683660",
        handle="club17683660",
        name="Творческие каникулы ART CAMP с 21 по 29 июля",  # noqa: RUF001 (as published)
        url="https://vk.com/club17683660",
        description="Творческие каникулы ART CAMP с 21 по 29 июля\n....",  # noqa: RUF001
        avatar_url="http://cs407631.userapi.com/g17683660/a_54e3c8fb.jpg",
    ),
    "groups_getById_5199": ProfileRecord(
        external_id="-22822305",
        handle="example",
        name="Пример сообщества",
        url="https://vk.com/example",
        description="Описание",
        avatar_url="https://sun.example/200.jpg",
        followers=12_345_678,
        verified=True,
    ),
    "users_get_public_person": ProfileRecord(
        external_id="1", handle="id1", name="Павел Дуров", url="https://vk.com/id1", followers=5_937_280
    ),
}

# By whose wall was asked.
WALLS: dict[str, tuple[str, list[PostRecord]]] = {
    "wall_get_5199": (
        "-22822305",
        [
            PostRecord(
                external_id="-22822305_900",
                url="https://vk.com/wall-22822305_900",
                published_at=datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC),
                kind=Kind.PHOTO,
                text="Закреплённый пост #пример",
                hashtags=("пример",),
                reactions=345,
                comments=12,
                shares=21,
                views=56_789,
            ),
            PostRecord(
                external_id="-22822305_1001",
                url="https://vk.com/wall-22822305_1001",
                published_at=datetime(2025, 11, 21, 4, 40, tzinfo=UTC),
                kind=Kind.VIDEO,
                text="Видео дня",
                reactions=5,
                comments=0,
                shares=0,
                views=310,
            ),
        ],
    ),
    "wall_get_community_photo_podcast": (
        "-74962618",
        [
            PostRecord(
                external_id="-74962618_111721",
                url="https://vk.com/wall-74962618_111721",
                published_at=datetime(2020, 5, 1, 18, 30, tzinfo=UTC),
                kind=Kind.PHOTO,
                text="язанова@cityhaze",
                reactions=175,
                comments=18,
                shares=16,
                views=6063,
            )
        ],
    ),
    "wall_get_repost": ("10", []),  # another's post, without a word of one's own
}

KNOWN_POSTS = {
    "wall_getById_with_views": [
        PostRecord(
            external_id="-322_123",
            url="https://vk.com/wall-322_123",
            published_at=datetime(2020, 11, 18, 11, 21, 59, tzinfo=UTC),
            kind=Kind.TEXT,
            text="В этом посте нет доната",  # noqa: RUF001
            reactions=0,
            comments=0,
            shares=0,
            views=9,
        )
    ]
}

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_100_param": (UnexpectedAnswer, "unexpected_answer"),
    "error_14_captcha": (TryLater, "captcha_needed"),
    "error_15_access": (NeedsAttention, "profile_private"),
    "error_29_rate_limit": (TryLater, "quota_used_up"),
    "error_30_private_profile": (NeedsAttention, "profile_private"),
    "error_5_auth": (NeedsAttention, "credential_refused"),
    "error_6_too_many": (TryLater, "rate_limited"),
    "stats_get_own": (UnexpectedAnswer, "unexpected_answer"),  # statistics of one's own are no wall
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/vk/examples" / f"{case}.json", host=HOST)


@pytest.mark.parametrize("case", PROFILES)
def test_a_recorded_page_becomes_its_record(shared_data, case):
    expected = PROFILES[case]

    assert VK.profile(in_turn("vk", [recorded(shared_data, case)]), expected.external_id) == expected


def test_a_recorded_name_leads_to_its_community(shared_data):
    get = in_turn("vk", [recorded(shared_data, "utils_resolveScreenName_group"), communities({"id": 10639516})])

    assert recorded(shared_data, "utils_resolveScreenName_group").decode(Resolution).response.object_id == 10639516  # type: ignore[union-attr]
    assert VK.find(get, "bakery").external_id == "-10639516"
    assert get.asked == [
        (f"{BASE}/utils.resolveScreenName", {"screen_name": "bakery", "v": "5.199"}),
        (f"{BASE}/groups.getById", {"group_id": "10639516", "fields": COMMUNITY_FIELDS, "v": "5.199"}),
    ]


@pytest.mark.parametrize("case", WALLS)
def test_a_recorded_wall_becomes_records(shared_data, case):
    owner, expected = WALLS[case]
    get = in_turn("vk", [recorded(shared_data, case)])

    page = next(iter(VK.posts(get, owner)))

    assert list(page.posts) == expected
    question = {"owner_id": owner, "filter": "owner", "count": 100, "offset": 0, "v": "5.199"}
    assert get.asked == [(f"{BASE}/wall.get", question)]


def test_a_pinned_post_does_not_say_how_far_a_wall_was_read(shared_data):
    page = next(iter(VK.posts(in_turn("vk", [recorded(shared_data, "wall_get_5199")]), "-22822305")))

    assert page.reads_down_to == datetime(2025, 11, 21, 4, 40, tzinfo=UTC)


@pytest.mark.parametrize("case", KNOWN_POSTS)
def test_recorded_known_posts_become_records(shared_data, case):
    get = in_turn("vk", [recorded(shared_data, case)])

    (page,) = VK.refresh(get, ["-322_123"])

    assert list(page.posts) == KNOWN_POSTS[case]
    assert get.asked == [(f"{BASE}/wall.getById", {"posts": "-322_123", "v": "5.199"})]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        list(VK.posts(in_turn("vk", [recorded(shared_data, case)]), "-7"))

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/vk/examples").glob("*.json")}

    assert files == {*PROFILES, *WALLS, *KNOWN_POSTS, *ERRORS, "utils_resolveScreenName_group"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def communities(*pages: dict[str, Any]) -> Answer:
    return drawn_answer({"response": {"groups": [{"name": "Bakery"} | page for page in pages], "profiles": []}})


def people(*pages: dict[str, Any]) -> Answer:
    return drawn_answer({"response": [{"first_name": "Anna", "last_name": "Baker"} | page for page in pages]})


def drawn_post(at: int = 1, **changes: Any) -> dict[str, Any]:
    counts = {name: {"count": 0} for name in ("likes", "comments", "reposts", "views")}
    return {"id": at, "owner_id": -7, "from_id": -7, "date": 1_772_500_000 + at, "text": "Bread"} | counts | changes


def wall(*posts: dict[str, Any], count: int | None = None) -> Answer:
    return drawn_answer({"response": {"count": len(posts) if count is None else count, "items": list(posts)}})


def read(*posts: dict[str, Any]) -> tuple[PostRecord, ...]:
    (page,) = VK.posts(in_turn("vk", [wall(*posts)]), "-7")
    return page.posts


def failed(answer: Answer) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        VK.profile(in_turn("vk", [answer]), "-7")
    return caught.value


@pytest.mark.parametrize(
    ("reference", "method", "question"),
    [
        ("club7", "groups.getById", {"group_id": "7", "fields": COMMUNITY_FIELDS}),
        ("id42", "users.get", {"user_ids": "42", "fields": PERSON_FIELDS}),
    ],
)
def test_a_number_is_asked_for_without_a_detour(reference, method, question):
    get = in_turn("vk", [communities({"id": 7}) if reference == "club7" else people({"id": 42})])

    VK.find(get, reference)

    assert get.asked == [(f"{BASE}/{method}", question | {"v": "5.199"})]


@pytest.mark.parametrize("kind", ["group", "page", "event"])
def test_every_sort_of_community_is_one(kind):
    get = in_turn("vk", [drawn_answer({"response": {"type": kind, "object_id": 7}}), communities({"id": 7})])

    assert VK.find(get, "bakery").external_id == "-7"


def test_a_name_may_be_a_persons():
    get = in_turn("vk", [drawn_answer({"response": {"type": "user", "object_id": 42}}), people({"id": 42})])

    assert VK.find(get, "anna").external_id == "42"


@pytest.mark.parametrize("response", [[], {}, {"type": "application", "object_id": 5}, {"type": "vk_app"}])
def test_a_name_that_is_nobodys_page_is_not_found(response):
    with pytest.raises(Gone) as caught:
        VK.find(in_turn("vk", [drawn_answer({"response": response})]), "bakery")
    assert caught.value.code == "profile_not_found"


@pytest.mark.parametrize(("deactivated", "code"), [("banned", "profile_suspended"), ("deleted", "profile_deactivated")])
def test_a_deactivated_page_is_gone(deactivated, code):
    for owner, answer in (("-7", communities), ("42", people)):
        with pytest.raises(Gone) as caught:
            VK.profile(in_turn("vk", [answer({"id": int(owner.lstrip("-")), "deactivated": deactivated})]), owner)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        ("club7", communities({"id": 7, "is_closed": 1})),
        ("club7", communities({"id": 7, "is_closed": 2})),
        ("id42", people({"id": 42, "is_closed": True, "can_access_closed": False})),
    ],
)
def test_a_closed_wall_is_not_taken_up(reference, answer):
    with pytest.raises(NeedsAttention) as caught:
        VK.find(in_turn("vk", [answer]), reference)
    assert caught.value.code == "profile_private"


def test_a_page_that_closes_its_wall_later_still_shows_its_followers():
    answer = communities({"id": 7, "is_closed": 1, "members_count": 5})

    assert VK.profile(in_turn("vk", [answer]), "-7").followers == 5


def test_a_page_that_is_not_there_is_gone():
    assert failed(communities()).code == "profile_not_found"
    assert failed(drawn_answer({"response": []})).code == "profile_not_found"


def test_hidden_followers_are_unknown_and_not_zero():
    assert VK.profile(in_turn("vk", [communities({"id": 7})]), "-7").followers is None
    assert VK.profile(in_turn("vk", [communities({"id": 7, "members_count": 0})]), "-7").followers == 0


def test_communities_are_read_five_hundred_at_once_and_people_apart_from_them():
    asked_for = [f"-{number}" for number in range(1, 502)] + ["42", "43"]

    def answers(url, params):
        if url.endswith("users.get"):
            return people({"id": 42}, {"id": 43, "deactivated": "deleted"})
        return communities(*({"id": int(number), "members_count": 9} for number in params["group_ids"].split(",")))

    get = Playback("vk", answers)

    records = VK.profiles(get, asked_for)

    assert [record.external_id for record in records] == asked_for[:-1]
    assert {record.followers for record in records[:501]} == {9}
    assert [(asked.get("group_ids") or asked["user_ids"]).count(",") + 1 for _, asked in get.asked] == [500, 1, 2]


def test_views_that_are_not_shown_are_unknown_and_not_zero():
    fresh = drawn_post()
    del fresh["views"]

    (post,) = read(fresh)

    assert (post.reactions, post.comments, post.shares, post.views) == (0, 0, 0, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"from_id": 42},
        {"owner_id": -9, "from_id": -9},
        {"post_type": "suggest"},
        {"post_type": "postpone"},
        {"post_type": "reply"},
        {"is_deleted": True},
        {"text": "", "copy_history": [{"id": 1}]},
    ],
)
def test_what_is_not_the_walls_own_is_left_out(changes):
    assert read(drawn_post(**changes)) == ()


def test_a_repost_with_words_of_ones_own_is_a_quote():
    (post,) = read(drawn_post(copy_history=[{"id": 1}]))

    assert (post.kind, post.text) == (Kind.QUOTE, "Bread")


@pytest.mark.parametrize(
    ("attachments", "kind"),
    [
        ([], Kind.TEXT),
        (["photo"], Kind.PHOTO),
        (["photo", "photo"], Kind.ALBUM),
        (["photo", "link"], Kind.PHOTO),
        (["album"], Kind.ALBUM),
        (["clip"], Kind.VIDEO),
        (["podcast"], Kind.AUDIO),
        (["article"], Kind.LINK),
        (["poll"], Kind.POLL),
        (["event"], Kind.EVENT),
        (["note"], Kind.NOTE),
        (["market"], Kind.OTHER),
    ],
)
def test_the_first_attachment_makes_the_kind(attachments, kind):
    (post,) = read(drawn_post(attachments=[{"type": name} for name in attachments]))

    assert post.kind is kind


def test_a_stream_is_live():
    (post,) = read(drawn_post(attachments=[{"type": "video", "video": {"type": "live"}}]))

    assert post.kind is Kind.LIVE


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("[club7|The Bakery] and [id42|Anna]", "The Bakery and Anna"),
        ("[https://vk.com/wall-7_1|here]", "here"),
        ("one<br>two", "one\ntwo"),
        ("[a|b] stays", "[a|b] stays"),
        (None, ""),
    ],
)
def test_a_text_is_what_a_reader_sees(written, read_as):
    assert readable(written) == read_as


def test_a_hashtag_ends_before_the_wall_that_it_names():
    (post,) = read(drawn_post(text="#хлеб@bakery #хлеб and #rye, but not a#b"))

    assert post.hashtags == ("хлеб", "rye")


def long_wall(posts: list[dict[str, Any]]) -> Playback:
    """A wall that answers by offset; its count is of all posts, shown or not."""

    def answers(_url, params):
        start = int(params["offset"])
        shown = [post for post in posts[start : start + int(params["count"])] if not post.get("hidden")]
        return wall(*shown, count=len(posts))

    return Playback("vk", answers)


def read_all(get: Playback) -> list[Page]:
    return list(VK.posts(get, "-7"))


def test_a_long_wall_is_read_by_overlapping_pages_and_each_post_comes_once():
    get = long_wall([drawn_post(1000 - at) for at in range(250)])

    posts = [post.external_id for page in read_all(get) for post in page.posts]

    assert posts == [f"-7_{1000 - at}" for at in range(250)]
    assert [params["offset"] for _, params in get.asked] == [0, 95, 190]


def test_posts_that_appear_and_vanish_while_a_wall_is_read_leave_no_hole():
    posts = [drawn_post(1000 - at) for at in range(250)]
    get = long_wall(posts)
    pages = VK.posts(get, "-7")
    seen = [post.external_id for post in next(pages).posts]
    del posts[3:6]
    seen += [post.external_id for post in next(pages).posts]
    posts[:0] = [drawn_post(1002), drawn_post(1001)]
    seen += [post.external_id for page in pages for post in page.posts]

    assert seen == [f"-7_{1000 - at}" for at in range(250)]


def test_a_page_that_is_short_because_posts_are_hidden_is_not_the_last():
    get = long_wall([drawn_post(1000 - at, hidden=at % 2 == 0) for at in range(250)])

    assert sum(len(page.posts) for page in read_all(get)) == 125


def test_a_wall_that_promises_more_than_it_has_comes_to_an_end():
    def answers(_url, params):
        return wall(*([drawn_post()] if params["offset"] == 0 else []), count=10_000)

    get = Playback("vk", answers)

    assert [len(page.posts) for page in read_all(get)] == [1, 0]


def test_known_posts_are_read_again_a_hundred_at_once_in_both_shapes():
    older = drawn_answer({"response": [drawn_post()]})
    get = in_turn("vk", [wall(drawn_post(2)), older])

    pages = VK.refresh(get, [f"-7_{number}" for number in range(101)])

    assert [[post.external_id for post in page.posts] for page in pages] == [["-7_2"], ["-7_1"]]
    assert [params["posts"].count(",") + 1 for _, params in get.asked] == [100, 1]


@pytest.mark.parametrize(
    ("number", "kind", "code", "after"),
    [
        (1, TryLater, "network_unavailable", None),
        (6, TryLater, "rate_limited", timedelta(seconds=1)),
        (9, TryLater, "rate_limited", timedelta(minutes=10)),
        (10, TryLater, "network_unavailable", None),
        (14, TryLater, "captcha_needed", timedelta(hours=1)),
        (29, TryLater, "quota_used_up", timedelta(hours=1)),
        (3300, TryLater, "captcha_needed", timedelta(hours=1)),
        (12345, UnexpectedAnswer, "unexpected_answer", None),
    ],
)
def test_an_error_that_passes_says_when_to_try_again(number, kind, code, after):
    error = failed(drawn_answer({"error": {"error_code": number, "error_msg": "No."}}))

    assert isinstance(error, kind)
    assert (error.code, error.after) == (code, after)


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (5, NeedsAttention, "credential_refused"),
        (7, NeedsAttention, "credential_lacks_rights"),
        (15, NeedsAttention, "profile_private"),
        (18, Gone, "profile_suspended"),
        (19, NeedsAttention, "profile_private"),
        (27, NeedsAttention, "credential_refused"),
        (28, NeedsAttention, "credential_refused"),
        (30, NeedsAttention, "profile_private"),
        (100, Gone, "profile_not_found"),  # of one community by its number: what else should be wrong
        (113, Gone, "profile_not_found"),
        (125, Gone, "profile_not_found"),
        (203, NeedsAttention, "profile_private"),
        (1117, NeedsAttention, "credential_expired"),
    ],
)
def test_an_error_is_sorted_by_its_remedy(number, kind, code):
    error = failed(drawn_answer({"error": {"error_code": number, "error_msg": "No."}}))

    assert (type(error), error.code) == (kind, code)


def test_only_calls_of_a_wall_take_of_the_days_quota():
    assert VK.quota is not None
    assert [VK.quota.cost(Question(f"{BASE}/{method}")) for method in ("wall.get", "wall.getById", "users.get")] == [
        1,
        0,
        0,
    ]
