"""LinkedIn's answers become these records, or these errors by remedy."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks.base import (
    Answer,
    Gone,
    NeedsAttention,
    NetworkError,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.keys import Question
from benchmark.networks.linkedin import LINKEDIN
from tests.networks.recorded import answer_in, drawn_answer, in_turn

HOST = "api.linkedin.com"
BY_NAME = f"https://{HOST}/rest/organizations"
BY_ID = f"https://{HOST}/rest/organizationsLookup?ids=List(79988552)"
SIZE = f"https://{HOST}/rest/networkSizes/urn%3Ali%3Aorganization%3A79988552"
SIZE_ASKED = (SIZE, {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"})

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "error_permission": (NeedsAttention, "credential_refused"),
    "error_throttled": (TryLater, "quota_used_up"),
    "error_token": (NeedsAttention, "credential_expired"),
}

FIRST_DEMO_COMPANY = ProfileRecord(
    external_id="79988552",
    handle="firstdemocompany",
    name="FirstDemoCompany",
    url="https://www.linkedin.com/company/firstdemocompany",
    followers=219_145,
)


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/linkedin/examples" / f"{case}.json", host=HOST)


def test_a_recorded_organisation_and_its_followers_become_a_record(shared_data):
    get = in_turn(
        "linkedin", [recorded(shared_data, "organization_by_vanity_name"), recorded(shared_data, "network_size")]
    )

    assert LINKEDIN.find(get, "firstdemocompany") == FIRST_DEMO_COMPANY
    assert get.asked == [(BY_NAME, {"q": "vanityName", "vanityName": "firstdemocompany"}), SIZE_ASKED]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        LINKEDIN.find(in_turn("linkedin", [recorded(shared_data, case)]), "firstdemocompany")
    assert caught.value.code == code


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/linkedin/examples").glob("*.json")}

    assert files == {*ERRORS, "organization_by_vanity_name", "network_size"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def organisation(**changes: Any) -> dict[str, Any]:
    return {"id": 79988552, "vanityName": "Bakery", "localizedName": "The Bakery"} | changes


def looked_up(**changes: Any) -> Answer:
    body: dict[str, Any] = {"results": {"79988552": organisation()}, "statuses": {}, "errors": {}}
    return drawn_answer(body | changes)


def size(**figures: int) -> Answer:
    return drawn_answer(figures)


@pytest.mark.parametrize("ask", [LINKEDIN.profile, LINKEDIN.find])
def test_an_organisation_is_asked_for_by_its_number_with_brackets_that_stay_brackets(ask):
    get = in_turn("linkedin", [looked_up(), size(firstDegreeSize=7)])

    found = ask(get, "79988552")

    assert (found.external_id, found.handle, found.name, found.followers) == ("79988552", "bakery", "The Bakery", 7)
    assert get.asked == [(BY_ID, {}), SIZE_ASKED]


def test_followers_that_are_not_told_are_unknown_and_not_zero():
    assert LINKEDIN.profile(in_turn("linkedin", [looked_up(), size()]), "79988552").followers is None
    assert LINKEDIN.profile(in_turn("linkedin", [looked_up(), size(firstDegreeSize=0)]), "79988552").followers == 0


def test_an_organisation_without_a_name_is_called_by_its_number():
    nameless = looked_up(results={"79988552": {"id": 79988552}})

    found = LINKEDIN.profile(in_turn("linkedin", [nameless, size(firstDegreeSize=7)]), "79988552")

    assert (found.handle, found.name, found.url) == (
        "79988552",
        "79988552",
        "https://www.linkedin.com/company/79988552",
    )


def test_a_number_that_nobody_has_is_gone_and_one_that_could_not_be_read_is_asked_for_again():
    unknown = looked_up(results={}, statuses={"79988552": 404})
    troubled = looked_up(results={}, statuses={"79988552": 503})

    with pytest.raises(Gone):
        LINKEDIN.profile(in_turn("linkedin", [looked_up(results={})]), "79988552")
    with pytest.raises(Gone):
        LINKEDIN.profile(in_turn("linkedin", [unknown]), "79988552")
    with pytest.raises(UnexpectedAnswer):
        LINKEDIN.profile(in_turn("linkedin", [troubled]), "79988552")


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, {"code": "EXPIRED_ACCESS_TOKEN"}, NeedsAttention, "credential_expired"),
        (401, {"code": "REVOKED_ACCESS_TOKEN"}, NeedsAttention, "credential_refused"),
        (401, {"serviceErrorCode": 401, "message": "Empty oauth2_access_token"}, NeedsAttention, "credential_refused"),
        (403, {"code": "ACCESS_DENIED"}, NeedsAttention, "credential_refused"),
        (404, {"message": "Could not find entity"}, Gone, "profile_not_found"),
        (426, {"code": "NONEXISTENT_VERSION"}, NeedsAttention, "credential_version_ended"),
        (429, {"code": "TOO_MANY_REQUESTS", "message": "throttle MEMBER DAY limit"}, TryLater, "quota_used_up"),
        (429, {"code": "TOO_MANY_REQUESTS", "message": "slower"}, TryLater, "rate_limited"),
        (400, {"code": "ILLEGAL_ARGUMENT"}, UnexpectedAnswer, "unexpected_answer"),
        (500, {"code": "INTERNAL_SERVER_ERROR"}, TryLater, "network_unavailable"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy(status, body, kind, code):
    with pytest.raises(kind) as caught:
        LINKEDIN.find(in_turn("linkedin", [drawn_answer(body, status=status)]), "bakery")
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize(
    ("message", "after"), [("APPLICATION DAY limit", timedelta(hours=5)), ("", timedelta(minutes=15))]
)
def test_a_limit_says_when_to_come_back_though_linkedin_does_not(message, after):
    with pytest.raises(TryLater) as caught:
        LINKEDIN.find(in_turn("linkedin", [drawn_answer({"message": message}, status=429)]), "bakery")
    assert caught.value.after == after


@pytest.mark.parametrize(("given", "version"), [({}, "202605"), ({"version": "202704"}, "202704")])
def test_every_question_carries_the_token_and_the_versions(given, version):
    assert LINKEDIN.key_need is not None

    signed = LINKEDIN.key_need.sign(Question(BY_NAME), {"access_token": "a-token"} | given)

    assert signed.headers == {
        "Authorization": "Bearer a-token",
        "LinkedIn-Version": version,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    assert (signed.params, signed.path) == ({}, {})
