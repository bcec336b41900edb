"""Odnoklassniki's answers, kept by client libraries or written after its documentation, become these records."""

from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

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
from benchmark.networks.keys import Question
from benchmark.networks.ok import OK, Discussions, parse_discussion, sign
from tests.networks.recorded import Playback, answer_in, drawn_answer, in_turn

HOST = "api.ok.ru"
CALL = f"https://{HOST}/fb.do"
GROUP = "53038939046008"
GROUP_FIELDS = "uid,name,description,shortname,members_count,pic_avatar,access_type,created_ms"

TOPIC = PostRecord(
    external_id="62465446084728",
    url="https://ok.ru/group/53038939046008/topic/62465446084728",
    published_at=datetime(2014, 4, 10, 7, 0, tzinfo=UTC),
    kind=Kind.PHOTO,
    text="Текст темы #тег",
    hashtags=("тег",),
    reactions=36,
    comments=3,
    shares=1,
)

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_session_expired": (NeedsAttention, "credential_expired"),
    "error_signature": (NeedsAttention, "credential_refused"),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/ok/examples" / f"{case}.json", host=HOST)


def question(method: str, **params: str | int) -> tuple[str, dict[str, str | int]]:
    return CALL, {"method": method, "format": "json", **params}


def test_a_recorded_group_becomes_its_record(shared_data):
    counters = drawn_answer({"counters": {"themes": 310, "members": 12_463}})
    get = in_turn("ok", [recorded(shared_data, "group_getInfo"), counters])

    assert OK.profile(get, "53923499278353") == ProfileRecord(
        external_id="53923499278353",
        handle="newservicetesting",
        name="Группа для тестирования нового сервиса",
        url="https://ok.ru/newservicetesting",
        description="Группа для тестирования нового сервиса",
        avatar_url="http://groupava2.odnoklassniki.ru/getImage?photoId=476991575825&photoType=4",
        followers=12_463,
        posts=310,
    )
    assert get.asked == [
        question("group.getInfo", uids="53923499278353", fields=GROUP_FIELDS),
        question("group.getCounters", group_id="53923499278353", counterTypes="themes"),
    ]


def test_recorded_topics_become_records(shared_data):
    get = in_turn("ok", [recorded(shared_data, "media_topics"), drawn_answer({"media_topics": []})])

    first, second = OK.posts(get, GROUP)

    asked = question("mediatopic.getTopics", gid=GROUP, count=50, direction="FORWARD", fields="media_topic.*")
    assert get.asked[0] == asked
    assert get.asked[1][1]["anchor"] == "LTEyMzQ="
    assert (first.posts, first.reads_down_to) == ((TOPIC,), TOPIC.published_at)
    assert second.posts == ()


def test_a_recorded_discussion_becomes_a_record_with_its_time_taken_as_moscows(shared_data):
    discussion = recorded(shared_data, "discussions_get_group_topic").decode(Discussions).discussion
    assert discussion is not None

    assert parse_discussion(discussion) == PostRecord(
        external_id="62190641299501",
        url="https://ok.ru/group/47241470410797/topic/62190641299501",
        published_at=datetime(2013, 10, 12, 10, 29, 26, tzinfo=UTC),  # four hours behind Moscow in that year
        kind=Kind.OTHER,
        text="Кока-Кола  один из спонсоров  Олимпиады в Сочи.  Хотелось бы  видеть фото- и видео-  "
        "репортажи с Эстафеты  олимпийского огня !",  # noqa: RUF001
        reactions=1,
        comments=137,
    )


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        OK.profile(in_turn("ok", [recorded(shared_data, case)]), GROUP)
    assert caught.value.code == code


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/ok/examples").glob("*.json")}

    assert files == {*ERRORS, "group_getInfo", "media_topics", "discussions_get_group_topic"}


# --- the signature ----------------------------------------------------------------------------------------------------

KEY = {"application_key": "CPUBLIC", "application_secret": "hush"}
ASKED = Question(CALL, {"method": "group.getInfo", "format": "json", "uids": "1,2"})


def md5_of(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def test_a_call_is_signed_over_its_parameters_in_order_and_the_apps_secret():
    signed = sign(ASKED, KEY)

    line = "application_key=CPUBLICformat=jsonmethod=group.getInfouids=1,2"
    assert dict(signed.params) == {"application_key": "CPUBLIC", "sig": md5_of(line + "hush")}


def test_within_a_session_the_token_takes_part_in_the_secret_only():
    signed = sign(ASKED, KEY | {"access_token": "tkn"})

    line = "application_key=CPUBLICformat=jsonmethod=group.getInfouids=1,2"
    assert dict(signed.params) == {
        "application_key": "CPUBLIC",
        "sig": md5_of(line + md5_of("tknhush")),
        "access_token": "tkn",
    }


def test_what_is_signed_is_what_is_read_and_not_how_it_is_written_in_an_address():
    signed = sign(Question(CALL, {"url": "https://ok.ru/хлеб"}), KEY)

    assert signed.params["sig"] == md5_of("application_key=CPUBLICurl=https://ok.ru/хлеб" + "hush")


def test_nothing_of_a_key_shows_where_a_signature_is_printed():
    assert "hush" not in repr(sign(ASKED, KEY))
    assert "tkn" not in repr(sign(ASKED, KEY | {"access_token": "tkn"}))


# --- what no recording shows ------------------------------------------------------------------------------------------


def group(**changes: Any) -> Answer:
    return drawn_answer([{"uid": GROUP, "name": "Bakery", "access_type": "OPEN"} | changes])


def drawn_topic(key: str = "62465446084728", **changes: Any) -> dict[str, Any]:
    shown = {
        "id": key,
        "created_ms": 1_772_500_000_000,
        "author_ref": f"group:{GROUP}",
        "owner_ref": f"group:{GROUP}",
        "media": [{"type": "text", "text": "Bread"}],
        "like_summary": {"count": 5},
        "discussion_summary": {"comments_count": 0},
        "reshare_summary": {"count": 2},
    }
    return shown | changes


def topics(*drawn: dict[str, Any], **more: Any) -> Answer:
    return drawn_answer({"media_topics": list(drawn)} | more)


def read(*drawn: dict[str, Any]) -> tuple[PostRecord, ...]:
    (page,) = OK.posts(in_turn("ok", [topics(*drawn)]), GROUP)
    return page.posts


def test_a_short_name_is_looked_up_by_its_address():
    found = drawn_answer({"type": "GROUP", "objectId": int(GROUP), "objectIdEncoded": "x"})
    get = in_turn("ok", [found, group()])

    assert OK.find(get, "bakery").external_id == GROUP
    assert get.asked == [
        question("url.getInfo", url="https://ok.ru/bakery"),
        question("group.getInfo", uids=GROUP, fields=GROUP_FIELDS),
    ]


def test_a_number_is_asked_for_without_a_detour():
    get = in_turn("ok", [group()])

    assert OK.find(get, GROUP).handle == GROUP
    assert get.asked == [question("group.getInfo", uids=GROUP, fields=GROUP_FIELDS)]


@pytest.mark.parametrize("found", [{"type": "PROFILE", "objectId": 5}, {"type": "UNKNOWN"}, {}, {"type": "GROUP"}])
def test_an_address_that_is_no_groups_is_not_found(found):
    with pytest.raises(Gone) as caught:
        OK.find(in_turn("ok", [drawn_answer(found)]), "bakery")
    assert caught.value.code == "profile_not_found"


@pytest.mark.parametrize("access", ["CLOSED", "SECRET"])
def test_a_closed_group_is_not_taken_up_but_goes_on_showing_its_members(access):
    with pytest.raises(NeedsAttention) as caught:
        OK.find(in_turn("ok", [group(access_type=access)]), GROUP)
    assert caught.value.code == "profile_private"

    counters = drawn_answer({"counters": {}})
    shown = OK.profile(in_turn("ok", [group(access_type=access, members_count=5), counters]), GROUP)
    assert (shown.followers, shown.posts) == (5, None)


def test_a_group_that_is_not_there_is_gone():
    with pytest.raises(Gone):
        OK.profile(in_turn("ok", [drawn_answer([])]), GROUP)


def test_both_names_of_the_picture_are_read():
    old, new = group(picAvatar="https://i.example/old.jpg"), group(pic_avatar="https://i.example/new.jpg")

    assert OK.find(in_turn("ok", [old]), GROUP).avatar_url == "https://i.example/old.jpg"
    assert OK.find(in_turn("ok", [new]), GROUP).avatar_url == "https://i.example/new.jpg"


def test_counts_that_are_not_given_are_unknown_and_not_zero():
    bare = {"id": "1", "created_ms": 1_772_500_000_000}

    (post,) = read(bare)

    assert (post.reactions, post.comments, post.shares, post.views) == (None, None, None, None)


@pytest.mark.parametrize("changes", [{"author_ref": "user:5"}, {"owner_ref": "group:5"}, {"author_ref": "group:5"}])
def test_what_somebody_else_wrote_is_left_out(changes):
    assert read(drawn_topic(**changes)) == ()


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ([], Kind.TEXT),
        ([{"type": "text", "text": "a"}], Kind.TEXT),
        ([{"type": "photo"}], Kind.PHOTO),
        ([{"type": "photo", "photos": [{}, {}]}], Kind.ALBUM),
        ([{"type": "photo"}, {"type": "text"}, {"type": "photo"}], Kind.ALBUM),
        ([{"type": "text"}, {"type": "movie"}], Kind.VIDEO),
        ([{"type": "link"}], Kind.LINK),
        ([{"type": "poll"}], Kind.POLL),
        ([{"type": "music"}], Kind.AUDIO),
        ([{"type": "present"}], Kind.OTHER),
    ],
)
def test_what_stands_beside_the_text_makes_the_kind(media, kind):
    (post,) = read(drawn_topic(media=media))

    assert post.kind is kind


def test_an_empty_page_with_an_anchor_is_not_the_end_and_an_anchor_that_repeats_is():
    pages = [
        topics(drawn_topic("1"), anchor="a", has_more=True),
        topics(anchor="b", has_more=True),
        topics(drawn_topic("2"), drawn_topic("1"), anchor="b", has_more=True),
    ]
    get = in_turn("ok", pages)

    assert [[post.external_id for post in page.posts] for page in OK.posts(get, GROUP)] == [["1"], [], ["2"]]
    assert [params.get("anchor") for _, params in get.asked] == [None, "a", "b"]


@pytest.mark.parametrize("more", [{"has_more": False, "anchor": "a"}, {"has_more": True}, {}])
def test_a_list_ends_where_nothing_more_is_promised(more):
    assert len(list(OK.posts(in_turn("ok", [topics(drawn_topic(), **more)]), GROUP))) == 1


def discussion_of(key: str, **changes: Any) -> Answer:
    shown = {
        "object_id": key,
        "creation_date": "2026-03-03 04:06:40",
        "title": "Bread",
        "like_count": 5,
        "total_comments_count": 1,
        "ref_objects": [{"id": GROUP, "type": "GROUP"}],
    }
    return drawn_answer({"discussion": shown | changes})


def test_topics_that_are_left_out_are_asked_for_as_discussions_before_they_are_gone():
    def answers(_url, params):
        if params["method"] == "mediatopic.getByIds":
            return topics(drawn_topic("1"))
        return discussion_of("2") if params["discussionId"] == "2" else drawn_answer({"error_code": 300})

    get = Playback("ok", answers)

    pages = OK.refresh(get, ["1", "2", "3"])

    posts = [post for page in pages for post in page.posts]
    assert [(post.external_id, post.reactions, post.comments, post.shares) for post in posts] == [
        ("1", 5, 0, 2),
        ("2", 5, 1, None),
    ]
    assert posts[0].published_at - posts[1].published_at == timedelta(0)
    assert get.asked == [
        question("mediatopic.getByIds", topic_ids="1,2,3", fields="media_topic.*"),
        question("discussions.get", discussionId="2", discussionType="GROUP_TOPIC"),
        question("discussions.get", discussionId="3", discussionType="GROUP_TOPIC"),
    ]


@pytest.mark.parametrize("changes", [{"ref_objects": []}, {"creation_date": "yesterday"}])
def test_a_discussion_without_a_group_or_a_time_is_no_post(changes):
    get = in_turn("ok", [topics(), discussion_of("2", **changes)])

    assert [post for page in OK.refresh(get, ["2"]) for post in page.posts] == []


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (1, TryLater, "network_unavailable"),
        (2, TryLater, "network_unavailable"),
        (8, TryLater, "rate_limited"),
        (9, NeedsAttention, "address_blocked"),
        (10, NeedsAttention, "credential_lacks_rights"),
        (11, TryLater, "rate_limited"),
        (100, UnexpectedAnswer, "unexpected_answer"),
        (101, NeedsAttention, "credential_refused"),
        (102, NeedsAttention, "credential_expired"),
        (103, NeedsAttention, "credential_refused"),
        (104, NeedsAttention, "credential_refused"),
        (160, Gone, "profile_not_found"),
        (200, NeedsAttention, "credential_lacks_rights"),
        (300, Gone, "profile_not_found"),
        (455, NeedsAttention, "profile_private"),
        (9999, TryLater, "network_unavailable"),
        (4242, UnexpectedAnswer, "unexpected_answer"),
    ],
)
def test_an_error_is_sorted_by_its_remedy_and_never_quoted(number, kind, code):
    quoted = {
        "error_code": number,
        "error_msg": "calculated by string application_key=CPUBLIChush",
        "error_data": "hush",
    }

    with pytest.raises(kind) as caught:
        OK.profile(in_turn("ok", [drawn_answer(quoted)]), GROUP)

    assert caught.value.code == code
    assert "hush" not in caught.value.sentence + repr(vars(caught.value))
