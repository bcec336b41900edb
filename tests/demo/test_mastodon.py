"""The pretend Mastodon server pages by its `Link` header, filters, and refuses like the real one."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmark.demo import life
from benchmark.demo.cast import MASTODON, cast
from tests.demo.conftest import NOON, deleted_post
from tests.servers.pretend import Answered, Pretend

LOOKUP = "/api/v1/accounts/lookup"


def account(pretend: Pretend, name: str = "harbelow") -> dict[str, Any]:
    found: dict[str, Any] = pretend.get(LOOKUP, acct=name).json
    return found


def following(answer: Answered) -> str | None:
    found = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
    return found[1] if found else None


def everything(pretend: Pretend, host: str = "demo.invalid", **query: Any) -> list[dict[str, Any]]:
    answer = pretend.get(f"/api/v1/accounts/{account(pretend)['id']}/statuses", host=host, **query)
    statuses = answer.json
    while (url := following(answer)) is not None:
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", host)
        answer = pretend.get(f"{parts.path}?{parts.query}", host=host)
        statuses += answer.json
    return list(statuses)


@pytest.mark.parametrize("limit", [7, 40, 400])
def test_the_link_header_leads_through_the_whole_list(pretend: Pretend, limit: int):
    ids = [status["id"] for status in everything(pretend, limit=limit)]

    assert len(ids) == life.standing(cast(MASTODON)["harbelow"], NOON).deeds
    assert ids == sorted(set(ids), key=int, reverse=True)


def test_a_page_holds_forty_at_most_and_twenty_when_nothing_is_said(pretend: Pretend):
    path = f"/api/v1/accounts/{account(pretend)['id']}/statuses"

    assert len(pretend.get(path).json) == 20
    assert len(pretend.get(path, limit=400).json) == 40


def test_the_link_stays_on_the_host_that_was_asked(pretend: Pretend):
    assert everything(pretend, host="other.example", limit=40)


def test_reblogs_and_replies_can_be_left_out(pretend: Pretend):
    whole = everything(pretend, limit=40)
    plain = everything(pretend, limit=40, exclude_reblogs="true", exclude_replies="true")
    own = account(pretend)["id"]

    assert any(status["reblog"] for status in whole)
    assert any(status["in_reply_to_id"] for status in whole)
    assert not any(status["reblog"] for status in plain)
    assert {status["in_reply_to_account_id"] for status in plain} <= {None, own}, "answers to oneself stay"


def test_a_reblog_carries_the_counts_of_the_original(pretend: Pretend):
    reblog = next(status["reblog"] for status in everything(pretend, limit=40) if status["reblog"])

    assert reblog["account"]["username"] != "harbelow"
    assert pretend.get(f"/api/v1/statuses/{reblog['id']}").json == reblog


def test_newer_statuses_can_be_asked_for(pretend: Pretend):
    path = f"/api/v1/accounts/{account(pretend)['id']}/statuses"
    page = pretend.get(path, limit=10).json

    newer = pretend.get(path, limit=40, since_id=page[5]["id"]).json

    assert [status["id"] for status in newer] == [status["id"] for status in page[:5]]


def test_a_status_and_several_statuses_are_found_by_id(pretend: Pretend):
    page = everything(pretend, limit=40)[:3]
    ids = [status["id"] for status in page]

    assert pretend.get(f"/api/v1/statuses/{ids[0]}").json == page[0]
    assert pretend.get("/api/v1/statuses", id=[*ids, "1"]).json == page


def test_a_deleted_status_is_gone(pretend: Pretend):
    deed, deleted_at = deleted_post(MASTODON)
    path = f"/api/v1/accounts/{account(pretend, deed.account.key)['id']}/statuses"
    pretend.world.frozen = None
    before, after = deleted_at - timedelta(minutes=1), deleted_at + timedelta(minutes=1)

    listed = {status["id"] for status in pretend.get(path, limit=40, at=before).json}
    left = {status["id"] for status in pretend.get(path, limit=40, at=after).json}
    gone = next(status for status in listed if status not in left)

    assert pretend.get(f"/api/v1/statuses/{gone}", at=before).status == 200
    answer = pretend.get(f"/api/v1/statuses/{gone}", at=after)
    assert (answer.status, answer.json) == (404, {"error": "Record not found"})


def test_an_unknown_name_is_not_found(pretend: Pretend):
    answer = pretend.get(LOOKUP, acct="nobody")

    assert (answer.status, answer.json) == (404, {"error": "Record not found"})
    assert pretend.get("/api/v1/nothing").json == {"error": "Not Found"}


def test_a_full_name_is_found_too(pretend: Pretend):
    assert account(pretend, "harbelow@demo.invalid") == account(pretend, "harbelow")


def test_a_suspended_account_is_shown_without_what_it_had(pretend: Pretend):
    closed = account(pretend, "closed")

    assert closed["suspended"] is True
    assert (closed["followers_count"], closed["statuses_count"], closed["note"]) == (0, 0, "")
    assert pretend.get(f"/api/v1/accounts/{closed['id']}/statuses").json == []


def test_webfinger_names_the_server(pretend: Pretend):
    found = pretend.get("/.well-known/webfinger", resource="acct:anna@demo.invalid")

    assert found.json["subject"] == "acct:anna@demo.invalid"
    assert any(
        link["href"].startswith("https://demo.invalid/") for link in found.json["links"] if link["rel"] == "self"
    )
    assert pretend.get("/.well-known/webfinger", resource="acct:nobody@demo.invalid").status == 404


def test_limits_are_told_as_an_iso_time(pretend: Pretend):
    headers = pretend.get("/api/v2/instance").headers

    assert headers["x-ratelimit-limit"] == "300"
    assert headers["x-ratelimit-reset"] == "2026-11-01T12:05:00.000Z"
