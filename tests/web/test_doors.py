"""Who may enter which page: members of the workspace alone, and only editors may change what is followed."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from benchmark.models import TrackedProfile
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import TrackedProfileFactory
from tests.web.reading import read

pytestmark = pytest.mark.django_db

PAGES = {
    "overview": "",
    "progress": "progress/",
    "compare": "compare/bluesky/",
    "csv": "compare/bluesky/export.csv",
    "json": "compare/bluesky/export.json",
    "competitors": "competitors/",
    "files": "files/",
    "metrics": "metrics/",
    "networks": "networks/",
    "industries": "industries/",
    "industry": "industries/retail/",
}
CHANGES = {
    "look-up": ("competitors/look-up/", {"network": "bluesky", "handle": "anna.demo.invalid"}),
    "add": ("competitors/add/", {"network": "bluesky", "handle": "anna.demo.invalid"}),
    "bulk": ("competitors/bulk/", {"network": "bluesky", "lines": "anna.demo.invalid"}),
    "files": ("files/", {}),
}


def address(workspace, rest):
    return f"/w/{workspace.slug}/{rest}"


@pytest.mark.parametrize("rest", PAGES.values(), ids=PAGES)
def test_every_member_reads_every_page(workspace, browser, rest):
    for role in (Role.OWNER, Role.EDITOR, Role.VIEWER):
        assert browser(role).get(address(workspace, rest)).status_code == 200


@pytest.mark.parametrize("rest", PAGES.values(), ids=PAGES)
def test_another_teams_page_does_not_exist(browser, rest):
    foreign = WorkspaceFactory(name="Somebody else")
    assert browser().get(address(foreign, rest)).status_code == 404


@pytest.mark.parametrize("rest", PAGES.values(), ids=PAGES)
def test_without_a_sign_in_every_page_leads_to_it(workspace, rest):
    answer = Client().get(address(workspace, rest))
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize(("rest", "sent"), CHANGES.values(), ids=CHANGES)
def test_a_viewer_changes_nothing(workspace, browser, rest, sent):
    assert browser(Role.VIEWER).post(address(workspace, rest), sent).status_code == 403
    assert not TrackedProfile.objects.exists()


@pytest.mark.parametrize(("rest", "sent"), CHANGES.values(), ids=CHANGES)
def test_nobody_changes_another_teams_list(browser, rest, sent):
    foreign = WorkspaceFactory(name="Somebody else")
    assert browser().post(address(foreign, rest), sent).status_code == 404
    assert not TrackedProfile.objects.exists()


@pytest.mark.parametrize("action", ["fetch-now", "pause", "resume", "remove", "bring-back"])
def test_another_teams_row_does_not_exist_even_under_ones_own_address(workspace, browser, action):
    theirs = TrackedProfileFactory.create(workspace=WorkspaceFactory(name="Somebody else"))
    assert browser().post(address(workspace, f"competitors/{theirs.pk}/{action}/")).status_code == 404
    before = theirs.changed_at
    theirs.refresh_from_db()
    assert (theirs.changed_at, theirs.removed_at, theirs.paused_at) == (before, None, None)


def test_a_bare_address_leads_to_the_workspace_used_last_and_keeps_the_question(workspace, browser):
    client = browser()
    second = WorkspaceFactory(name="Second", owner=workspace.memberships.get().user)
    client.get(address(second, ""))
    assert client.get("/").url == address(second, "")
    assert client.get("/compare/bluesky/?period=7d").url == address(second, "compare/bluesky/?period=7d")
    for page in ("competitors", "files", "metrics", "networks", "industries"):
        assert client.get(f"/{page}/").url == address(second, f"{page}/")


def test_the_bare_address_asks_for_a_sign_in_first():
    assert Client().get("/").headers["Location"].startswith(reverse("account_login"))


def test_an_unknown_network_is_not_found(workspace, browser):
    for rest in ("compare/friendster/", "compare/friendster/export.csv", "competitors/?network=friendster"):
        assert browser().get(address(workspace, rest)).status_code == 404


def test_what_is_not_found_and_what_is_not_allowed_stand_in_the_products_own_frame(workspace, browser):
    missing = read(browser().get(address(workspace, "no-such-page/")))
    refused = read(browser(Role.VIEWER).post(address(workspace, "competitors/add/"), {"network": "bluesky"}))
    assert missing.one("h1").text == "There is nothing here"
    assert refused.one("h1").text == "Your role does not allow this"
    for page in (missing, refused):
        assert page.one("a", class_="wordmark").text == "Yardstick"
