"""Lists and rows to read: brands, profiles, followers, posts and the ledger."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection

from accounts.models import Credential
from benchmark.models import FetchRun, Role
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import (
    NOON,
    BrandFactory,
    FetchRunFactory,
    PostFactory,
    ProfileReadingFactory,
    TrackedProfileFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(workspace):
    return TrackedProfileFactory.create(workspace=workspace).profile


def test_the_list_of_networks_says_what_each_publishes(ask, files_only):
    networks = {network["key"]: network for network in ask("networks/")}
    assert "views" in networks["youtube"]["publishes"]
    assert "views" not in networks["bluesky"]["publishes"]
    assert networks["mastodon"]["engagement_parts"] == ["reactions", "comments", "shares"]
    assert (networks[files_only]["fetchable"], networks["bluesky"]["fetchable"]) == (False, True)


def test_the_list_of_networks_says_what_asking_costs_and_how_many_are_asked_for_at_once(ask, settings):
    settings.NETWORK_LIMITS = {"x": 250}
    networks = {network["key"]: network for network in ask("networks/")}

    youtube, x, bluesky = networks["youtube"], networks["x"], networks["bluesky"]
    assert youtube["budget"] == {"units": 10_000, "unit": "units", "per": "day", "zone": "America/Los_Angeles"}
    assert (x["budget"]["units"], x["budget"]["per"]) == (250, "month")
    assert bluesky["budget"] is None
    assert [youtube[name] for name in ("profiles_size", "refresh_size", "significant_digits")] == [50, 50, 3]
    assert (bluesky["profiles_size"], bluesky["significant_digits"]) == (25, None)
    assert networks["threads"]["refresh_size"] is None


def test_the_list_of_networks_says_whose_key_a_workspace_asks_with(ask, workspace, settings):
    settings.NETWORK_KEYS = {"twitch": "everybody's"}
    Credential.objects.keep(network="youtube", workspace=workspace, secret="ours")
    Credential.objects.keep(network="vk", workspace=WorkspaceFactory.create(), secret="another team's")
    refused = Credential.objects.keep(network="x", workspace=workspace, secret="bad")
    refused.set_aside(reason="X refuses the bearer token.", now=NOON)

    stands = {network["key"]: (network["key_state"], network["key_sentence"]) for network in ask("networks/")}

    assert stands["youtube"] == ("own", "10,000 of 10,000 units are left today.")
    assert stands["twitch"][0] == "installation"
    assert stands["vk"] == ("missing", "")
    assert stands["x"] == ("refused", "X refuses the bearer token.")
    assert stands["bluesky"][0] == "not_needed"


def test_each_metric_comes_with_its_definition(ask):
    metrics = {metric["key"]: metric for metric in ask("metrics/")}
    assert metrics["engagement_rate"]["unit"] == "percent"
    assert metrics["engagement_rate"]["definition"]
    offered = {metric["key"] for metric in ask("metrics/", network="bluesky")}
    assert "views" not in offered
    assert "engagement_rate" in offered


def test_a_profile_shows_its_readings_latest_first(ask, followed):
    for day, followers in enumerate((100, 110, 130)):
        ProfileReadingFactory(profile=followed, read_at=NOON + timedelta(days=day), followers=followers)
    readings = ask(f"profiles/{followed.pk}/followers/")["results"]
    assert [reading["followers"] for reading in readings] == [130, 110, 100]


def test_a_reading_that_ordinary_growth_does_not_explain_carries_a_mark(ask, followed):
    calm = [1000, 1002, 1001, 1004, 1005, 1005, 1008, 1010]
    for day, followers in enumerate([*calm, 101, 101, 1012, 1500]):
        ProfileReadingFactory(profile=followed, read_at=NOON + timedelta(days=day), followers=followers)

    readings = ask(f"profiles/{followed.pk}/followers/")["results"]

    marks = [reading["mark"] and reading["mark"]["kind"] for reading in readings]
    assert marks == ["jump", None, "reading_error", "reading_error"] + [None] * 8
    jump, error = readings[0]["mark"], readings[2]["mark"]
    assert (jump["before"], jump["after"], jump["change"], jump["until"]) == (1012, 1500, 48.22134387, None)
    assert (error["before"], error["after"], error["at"]) == (1010, 101, readings[3]["read_at"])
    assert error["until"] == readings[1]["read_at"]


def test_a_young_post_is_told_its_final_count(ask, followed):
    young = PostFactory.create(
        profile=followed, published_at=NOON - timedelta(hours=24), reactions=100, comments=20, shares=0, quotes=0
    )
    old = PostFactory.create(profile=followed)

    told = {post["id"]: post["expected"] for post in ask("posts/")["results"]}

    (expected,) = told[young.pk]
    assert (expected["count"], expected["now"], expected["basis"]) == ("engagements", 120, "provisional")
    assert 120 <= expected["low"] < expected["value"] < expected["high"]
    assert told[old.pk] == []
    assert ask(f"posts/{young.pk}/")["expected"] == [expected]


def test_posts_are_found_by_network_profile_kind_and_time(ask, followed, workspace):
    early = PostFactory.create(profile=followed, published_at=NOON, kind="photo")
    late = PostFactory.create(profile=followed, published_at=NOON + timedelta(days=1), kind="text")

    def found(**wanted):
        return [post["id"] for post in ask("posts/", **wanted)["results"]]

    assert found() == [late.pk, early.pk]
    assert found(kind="photo") == [early.pk]
    assert found(network="mastodon") == []
    assert found(profile=followed.pk, published_from="2026-03-02T00:00:00Z") == [late.pk]
    assert found(published_before="2026-03-02T00:00:00Z") == [early.pk]


def test_a_list_is_read_to_its_end_by_its_cursor(ask, api, followed):
    for hour in range(7):
        PostFactory(profile=followed, published_at=NOON + timedelta(hours=hour))
    client, seen = api(), []
    address = "/api/v1/posts/?page_size=3"
    while address:
        page = client.get(address).json()
        seen += [post["published_at"] for post in page["results"]]
        address = page["next"]
    assert (len(seen), seen) == (7, sorted(seen, reverse=True))


def test_hidden_counts_are_null_and_not_zero(ask, followed):
    post = PostFactory.create(profile=followed, reactions=0, comments=None)
    shown = ask(f"posts/{post.pk}/")
    assert (shown["reactions"], shown["comments"]) == (0, None)


def test_posts_of_another_workspace_are_not_there(ask):
    post = PostFactory.create(profile=TrackedProfileFactory.create().profile)
    assert ask("posts/")["results"] == []
    assert ask(f"posts/{post.pk}/", expect=404)["code"] == "not_found"


def test_the_ledger_shows_the_runs_of_followed_profiles_only(ask, followed):
    ours = FetchRunFactory.create(profile=followed)
    theirs = FetchRunFactory.create(profile=TrackedProfileFactory.create().profile)
    assert [run["id"] for run in ask("fetch-runs/")["results"]] == [ours.pk]
    assert ask(f"fetch-runs/{theirs.pk}/", expect=404)["code"] == "not_found"


def test_another_teams_import_of_a_shared_profile_is_not_in_our_ledger(ask, followed):
    from tests.factories.accounts import WorkspaceFactory

    FetchRunFactory.create(profile=followed, workspace=WorkspaceFactory.create(), kind="import")
    assert FetchRun.objects.count() == 1
    assert ask("fetch-runs/")["results"] == []


def test_a_brand_is_made_changed_and_deleted(ask):
    made = ask("brands/", {"name": "Acme", "role": "own", "colour": "#0a0b0c"}, expect=201)
    changed = ask(f"brands/{made['id']}/", {"industry": "media"}, method="patch")
    ask(f"brands/{made['id']}/", {}, method="delete", expect=204)
    assert (made["role"], changed["industry"], changed["colour"]) == ("own", "media", "#0a0b0c")
    assert ask("brands/")["results"] == []


def test_two_brands_of_one_role_and_name_are_refused(ask, workspace):
    BrandFactory.create(workspace=workspace, name="Acme", role=Role.COMPETITOR)
    refused = ask("brands/", {"name": "Acme"}, expect=400)
    assert refused["fields"][0]["field"] == "name"
    assert ask("brands/", {"name": "Acme", "role": "own"}, expect=201)["role"] == "own"


def test_a_brands_name_stands_on_one_line_and_is_the_same_whatever_its_case(ask):
    made = ask("brands/", {"name": " Acme \n Tea "}, expect=201)
    assert made["name"] == "Acme Tea"
    other = ask("brands/", {"name": "Acme Coffee"}, expect=201)

    again = ask("brands/", {"name": "ACME  tea"}, expect=400)
    renamed = ask(f"brands/{other['id']}/", {"name": "acme tea"}, method="patch", expect=400)

    assert [refused["fields"][0]["field"] for refused in (again, renamed)] == ["name", "name"]
    assert ask(f"brands/{made['id']}/", {"name": "Acme TEA"}, method="patch")["name"] == "Acme TEA"


@pytest.mark.django_db(transaction=True)
def test_one_name_sent_many_times_at_once_makes_one_brand(api, workspace):
    clients = [api() for _ in range(8)]

    def send(client):
        try:
            return client.post("/api/v1/brands/", {"name": "Acme"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, clients))
    assert statuses == [201] + [400] * 7
    assert workspace.brands.count() == 1


def test_a_brand_with_profiles_stays(ask, workspace):
    brand = TrackedProfileFactory.create(workspace=workspace).brand
    assert ask(f"brands/{brand.pk}/", {}, method="delete", expect=409)["code"] == "in_use"


def test_a_brand_keeps_its_role(ask, workspace):
    brand = BrandFactory.create(workspace=workspace, role=Role.COMPETITOR)
    refused = ask(f"brands/{brand.pk}/", {"role": "own"}, method="patch", expect=400)
    assert refused["fields"][0]["field"] == "role"


@pytest.mark.parametrize(
    "path",
    ["posts/", "competitors/", "brands/", "fetch-runs/", "imports/", "networks/", "metrics/", "benchmarks/bluesky/"],
)
def test_a_parameter_that_does_not_exist_is_refused_and_the_known_ones_named(ask, path):
    refused = ask(path, expect=400, perid="30d")
    assert [(field["field"], field["code"]) for field in refused["fields"]] == [("perid", "unknown_parameter")]


def test_readings_are_found_by_time(ask, followed):
    for day in range(3):
        ProfileReadingFactory(profile=followed, read_at=NOON + timedelta(days=day), followers=100 + day)
    found = ask(
        f"profiles/{followed.pk}/followers/", read_from="2026-03-02T00:00:00Z", read_before="2026-03-03T00:00:00Z"
    )
    assert [reading["followers"] for reading in found["results"]] == [101]
    assert ask(f"profiles/{followed.pk}/followers/", expect=400, start="2026-03-02")["code"] == "invalid"
    assert ask(f"profiles/{followed.pk}/followers/", expect=400, read_from="yesterday")["code"] == "invalid"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("posts/", "2026"),
        ("posts/", "NaN"),
        ("posts/", "2026-03-01 12:00:00"),
        ("posts/", "2026-13-01 12:00:00+00:00"),
        ("brands/", "\x00"),
        ("brands/", "9" * 5000),
    ],
)
def test_an_invented_cursor_leads_nowhere(ask, path, place):
    cursor = b64encode(urlencode({"p": place}).encode()).decode()
    assert ask(path, cursor=cursor, expect=404)["message"] == "Invalid cursor"


def test_a_list_is_read_to_its_end_by_its_cursors(ask, api, followed):
    posts = {PostFactory.create(profile=followed, published_at=NOON).pk for _ in range(5)}
    answer, read = ask("posts/", page_size=2), []
    while True:
        read += [post["id"] for post in answer["results"]]
        if answer["next"] is None:
            break
        answer = api().get(answer["next"]).json()
    assert len(read) == 5
    assert set(read) == posts


@pytest.mark.parametrize(
    ("path", "filter_by", "theirs"),
    [
        ("competitors/", "brand", lambda: BrandFactory.create().pk),
        ("own-accounts/", "brand", lambda: BrandFactory.create().pk),
        ("fetch-runs/", "profile", lambda: TrackedProfileFactory.create().profile_id),
        ("imports/", "profile", lambda: TrackedProfileFactory.create().profile_id),
    ],
)
def test_a_filter_does_not_tell_which_ids_others_have(ask, path, filter_by, theirs):
    ids = (theirs(), 999_999_999)
    assert [ask(path, **{filter_by: pk})["results"] for pk in ids] == [[], []]
