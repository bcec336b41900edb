"""Every answer of the pretend networks has the shape that the real ones promise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmark.demo.cast import BLUESKY, MASTODON, cast
from tests.demo.schemas import lexicons, mastodon_entity
from tests.servers.pretend import Pretend

BY_NAME = [key for key, account in cast(BLUESKY).items() if account.state != "suspended"]
AUTHOR_FEED = "app.bsky.feed.getAuthorFeed"


@pytest.mark.parametrize("key", BY_NAME)
def test_bluesky_answers_are_as_the_lexicons_say(pretend: Pretend, shared_data: Path, key: str):
    actor = f"{key}.demo.invalid"

    profile = pretend.get("/xrpc/app.bsky.actor.getProfile", actor=actor).json
    feed = pretend.get(f"/xrpc/{AUTHOR_FEED}", actor=actor, limit=100, includePins="true").json

    lexicons(shared_data).output_of("app.bsky.actor.getProfile").validate(profile)
    lexicons(shared_data).output_of(AUTHOR_FEED).validate(feed)
    for item in feed["feed"]:
        lexicons(shared_data).record("app.bsky.feed.post").validate(item["post"]["record"])
    assert {item["post"]["author"]["did"] for item in feed["feed"] if "reason" not in item} == {f"did:web:{actor}"}


def test_bluesky_batches_are_as_the_lexicons_say(pretend: Pretend, shared_data: Path):
    feed = pretend.get(f"/xrpc/{AUTHOR_FEED}", actor="harbelow.demo.invalid", filter="posts_no_replies").json["feed"]
    uris = [item["post"]["uri"] for item in feed if "reason" not in item][:25]

    posts = pretend.get("/xrpc/app.bsky.feed.getPosts", uris=uris).json
    profiles = pretend.get("/xrpc/app.bsky.actor.getProfiles", actors=["anna.demo.invalid", "nobody.demo.invalid"]).json
    resolved = pretend.get("/xrpc/com.atproto.identity.resolveHandle", handle="anna.demo.invalid").json

    lexicons(shared_data).output_of("app.bsky.feed.getPosts").validate(posts)
    lexicons(shared_data).output_of("app.bsky.actor.getProfiles").validate(profiles)
    assert [post["uri"] for post in posts["posts"]] == uris
    assert [profile["handle"] for profile in profiles["profiles"]] == ["anna.demo.invalid"]
    assert resolved == {"did": "did:web:anna.demo.invalid"}


@pytest.mark.parametrize("key", cast(MASTODON))
def test_mastodon_answers_are_as_the_openapi_description_says(pretend: Pretend, shared_data: Path, key: str):
    account = pretend.get("/api/v1/accounts/lookup", acct=key).json
    listed = pretend.get(f"/api/v1/accounts/{account['id']}/statuses", limit=40).json

    mastodon_entity(shared_data, "Account").validate(account)
    for status in listed:
        mastodon_entity(shared_data, "Status").validate(status)
    assert bool(listed) is ("suspended" not in account)


def test_mastodon_describes_its_server(pretend: Pretend, shared_data: Path):
    mastodon_entity(shared_data, "Instance").validate(pretend.get("/api/v2/instance").json)


def test_the_description_would_notice_a_wrong_answer(shared_data: Path):
    feed = lexicons(shared_data).output_of(AUTHOR_FEED)
    account = mastodon_entity(shared_data, "Account")

    assert not feed.is_valid({"feed": [{"post": {"uri": "at://nobody"}}]})
    assert not account.is_valid({"id": 7})


def test_polls_and_cards_appear_too(pretend: Pretend, shared_data: Path):
    seen = {"poll": 0, "card": 0, "media_attachments": 0, "reblog": 0, "in_reply_to_id": 0}
    for key in cast(MASTODON):
        account = pretend.get("/api/v1/accounts/lookup", acct=key).json
        for month in range(3, 12):
            moment = datetime(2026, month, 1, tzinfo=UTC)
            for status in pretend.get(f"/api/v1/accounts/{account['id']}/statuses", at=moment, limit=40).json:
                for part in seen:
                    seen[part] += bool(status[part])

    assert all(seen.values()), seen
