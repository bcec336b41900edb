"""Threads' answers, as they are documented, become these records."""

from pathlib import Path

import pytest

from benchmark.networks.base import Answer, Gone, NeedsAttention, NetworkError, UnexpectedAnswer
from benchmark.networks.threads import THREADS
from tests.networks.recorded import answer_in, drawn_answer, in_turn

HOST = "graph.threads.net"
FIELDS = "username,name,profile_picture_url,biography,is_verified,follower_count"

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_permission": (NeedsAttention, "credential_not_permitted"),
    # What is said about posts is no answer about a profile.
    "own_post_insights": (UnexpectedAnswer, "unexpected_answer"),
    "profile_posts_page1": (UnexpectedAnswer, "unexpected_answer"),
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/threads/examples" / f"{case}.json", host=HOST)


def test_a_documented_profile_becomes_its_record(shared_data):
    get = in_turn("threads", [recorded(shared_data, "profile_lookup")])

    profile = THREADS.find(get, "meta")

    assert get.asked == [(f"https://{HOST}/v1.0/profile_lookup", {"username": "meta", "fields": FIELDS})]
    assert (profile.external_id, profile.handle, profile.name) == ("meta", "meta", "Meta")
    assert (profile.url, profile.description) == ("https://www.threads.com/@meta", "bio")
    assert profile.avatar_url == "https://scontent.example/p.jpg"
    assert (profile.followers, profile.following, profile.posts, profile.verified) == (4_800_000, None, None, True)


@pytest.mark.parametrize("case", ERRORS)
def test_a_documented_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        THREADS.find(in_turn("threads", [recorded(shared_data, case)]), "someone")

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_every_documented_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/threads/examples").glob("*.json")}

    assert files == {*ERRORS, "profile_lookup"}


def test_followers_that_are_not_told_are_unknown_and_not_zero():
    def followers(**told):
        answer = drawn_answer({"username": "bakery"} | told)
        return THREADS.find(in_turn("threads", [answer]), "bakery").followers

    assert followers() is None
    assert followers(follower_count=0) == 0


def test_a_profile_is_known_by_its_name_alone_in_one_spelling():
    profile = THREADS.profile(in_turn("threads", [drawn_answer({"username": "Bakery"})]), "bakery")

    assert (profile.external_id, profile.handle, profile.name) == ("bakery", "bakery", "bakery")


def test_who_is_not_shown_is_not_there():
    refusal = drawn_answer({"error": {"type": "THApiException", "code": 100}}, status=400)

    with pytest.raises(Gone) as caught:
        THREADS.find(in_turn("threads", [refusal]), "nobody")

    assert caught.value.sentence == "Threads shows no public profile of this name with at least 100 followers."
