"""Own accounts and competitors by REST: what is added, refused, changed and removed."""

import pytest

from benchmark.models import Role, TrackedProfile
from tests.factories.rows import BrandFactory, ProfileFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db

OURS, THEIRS = "harbelow.demo.invalid", "brindlemoor.demo.invalid"


def test_a_handle_becomes_a_competitor_in_the_first_free_slot(ask, pretend):
    added = ask("competitors/", {"network": "bluesky", "handle": f"@{THEIRS}"}, expect=201)
    assert (added["network"], added["role"], added["slot"]) == ("bluesky", "competitor", 1)
    assert (added["profile"]["handle"], added["profile"]["pretend"]) == (THEIRS, True)
    assert added["profile"]["followers"] > 0
    assert [row["id"] for row in ask("competitors/")["results"]] == [added["id"]]


def test_an_address_needs_no_network(ask, pretend):
    added = ask("competitors/", {"url": f"https://bsky.app/profile/{THEIRS}"}, expect=201)
    assert (added["network"], added["profile"]["handle"]) == ("bluesky", THEIRS)


def test_an_own_account_has_no_slot_and_no_limit(ask, pretend, workspace):
    TrackedProfileFactory.create_batch(20, workspace=workspace)
    added = ask("own-accounts/", {"network": "bluesky", "handle": OURS}, expect=201)
    assert (added["role"], added["slot"]) == ("own", None)


def test_the_brand_can_be_named_or_chosen(ask, pretend):
    brand = ask("brands/", {"name": "Acme", "industry": "travel"}, expect=201)
    named = ask("competitors/", {"network": "bluesky", "handle": THEIRS, "brand": str(brand["id"])}, expect=201)
    assert named["brand"] == brand


def test_a_brand_of_another_workspace_is_none_of_ours(ask, pretend):
    theirs = BrandFactory.create()
    refused = ask("competitors/", {"network": "bluesky", "handle": THEIRS, "brand": theirs.pk}, expect=400)
    assert [field["code"] for field in refused["fields"]] == ["brand_not_found"]
    named = ask("competitors/", {"network": "bluesky", "handle": THEIRS, "brand": "Acme"}, expect=201)
    assert named["brand"]["name"] == "Acme"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"network": "bluesky", "handle": "nobody.demo.invalid"}, 404, "profile_not_found"),
        ({"network": "bluesky", "handle": "https://www.youtube.com/@somebody"}, 422, "wrong_network"),
        ({"network": "youtube", "handle": "@somebody"}, 422, "credential_missing"),
        ({"network": "youtube", "handle": "harbelow.demo.invalid"}, 422, "credential_missing"),
        ({"network": "bluesky", "handle": THEIRS, "brand": 99_999}, 400, "invalid"),
        ({"network": "bluesky", "handle": "two words"}, 422, "handle_not_recognised"),
        ({"network": "myspace", "handle": "tom"}, 400, "invalid"),
        ({"handle": "somebody"}, 400, "invalid"),
    ],
)
def test_each_refusal_has_its_status_and_code(ask, pretend, sent, status, code):
    refused = ask("competitors/", sent, expect=status)
    assert refused["code"] == code
    assert refused["message"].endswith(".")
    assert not TrackedProfile.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"network": "pinterest", "handle": "bakery"},
        {"url": "https://www.pinterest.com/bakery/"},
        {"network": "bluesky", "handle": "https://www.pinterest.de/bakery/"},
    ],
)
def test_a_network_that_gives_nothing_says_so(ask, sent):
    refused = ask("competitors/", sent, expect=422)
    assert refused["code"] == "network_gives_nothing"
    assert refused["message"].startswith("Pinterest publishes nothing about other people's accounts")
    lines = ask("competitors/bulk/", {"lines": ["https://www.pinterest.com/bakery/"]})
    assert [result["code"] for result in lines] == ["network_gives_nothing"]


def test_a_network_that_cannot_be_fetched_is_refused(ask, files_only):
    refused = ask("competitors/", {"network": files_only, "handle": "somebody"}, expect=422)
    assert refused["code"] == "network_not_fetchable"


def test_the_same_profile_twice_is_a_conflict(ask, pretend):
    ask("competitors/", {"network": "bluesky", "handle": THEIRS}, expect=201)
    assert ask("competitors/", {"network": "bluesky", "handle": THEIRS}, expect=409)["code"] == "already_tracked"


def test_the_twenty_first_competitor_is_a_conflict(ask, pretend, workspace):
    TrackedProfileFactory.create_batch(20, workspace=workspace)
    refused = ask("competitors/", {"network": "bluesky", "handle": THEIRS}, expect=409)
    assert (refused["code"], TrackedProfile.objects.count()) == ("competitor_limit_reached", 20)


def test_many_lines_have_a_result_each(ask, pretend):
    lines = [THEIRS, "", "nobody.demo.invalid", f"@{THEIRS}"]
    results = ask("competitors/bulk/", {"network": "bluesky", "lines": lines})
    assert [(result["line"], result["code"]) for result in results] == [
        (1, "added"),
        (3, "profile_not_found"),
        (4, "already_tracked"),
    ]


def test_a_removed_competitor_frees_its_slot_and_comes_back_with_its_history(ask, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    ask(f"competitors/{tracked.pk}/", {}, method="delete", expect=204)
    assert ask("competitors/")["results"] == []
    back = ask(f"competitors/{tracked.pk}/bring-back/", {})
    assert (back["slot"], back["removed_at"], back["profile"]["id"]) == (1, None, tracked.profile_id)


def test_pausing_and_resuming_show_in_the_row(ask, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    paused = ask(f"competitors/{tracked.pk}/", {"paused": True}, method="patch")
    resumed = ask(f"competitors/{tracked.pk}/", {"paused": False}, method="patch")
    assert (paused["paused_at"] is None, resumed["paused_at"] is None) == (False, True)


def test_fetching_now_makes_the_profile_due(ask, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    assert ask(f"competitors/{tracked.pk}/fetch/", {}, expect=202)["profile"]["due_at"] is not None


def test_a_competitor_is_not_an_own_account(ask, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    assert ask(f"own-accounts/{tracked.pk}/", expect=404)["code"] == "not_found"


def test_twice_the_competitors_cost_the_same_queries(api, workspace, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = api()
    TrackedProfileFactory.create_batch(5, workspace=workspace)
    client.get("/api/v1/competitors/")
    with CaptureQueriesContext(
        connection,
    ) as five:
        client.get("/api/v1/competitors/")
    TrackedProfileFactory.create_batch(5, workspace=workspace)
    with CaptureQueriesContext(connection) as ten:
        assert len(client.get("/api/v1/competitors/").json()["results"]) == 10
    assert len(five) == len(ten)


def test_rows_of_another_workspace_do_not_exist(ask, api, workspace):
    theirs = TrackedProfileFactory.create(brand__role=Role.COMPETITOR)
    for path in ("competitors/{0.pk}/", "brands/{0.brand_id}/", "profiles/{0.profile_id}/"):
        assert ask(path.format(theirs), expect=404)["code"] == "not_found"
    for action in ("fetch", "bring-back"):
        assert ask(f"competitors/{theirs.pk}/{action}/", {}, expect=404)["code"] == "not_found"
    assert ProfileFactory._meta.model.objects.count() == 1
