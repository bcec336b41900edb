"""What the admin's pages are called, and where their links lead: nowhere that whoever sees them may not go."""

import html
import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

from accounts.models import ApiKey
from tests.admin.looking import text, url
from tests.factories.accounts import owner_of
from tests.factories.rows import TrackedProfileFactory

LINK = re.compile(r'<a\b[^>]*?\s(?:href|data-href-template)="([^"]+)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)

LISTS = {
    "competitor": "Competitors",
    "ownaccount": "Own accounts",
    "brand": "Brands",
    "upload": "Files",
    "fetchrun": "Ledger",
    "membership": "Members",
    "invitation": "Invitations",
    "apikey": "API keys",
    "credential": "Network keys",
    "workspace": "Workspaces",
    "user": "People",
    "profile": "Profiles",
    "industryfigure": "Industry figures",
}


def links(page, at):
    """The addresses in the admin that a page offers; a popup's with the row that is chosen on the page."""
    body = page.content.decode()
    chosen = re.search(r'<option value="(\d+)"[^>]*? selected', body)
    for link in LINK.findall(body):
        address = urlsplit(urljoin(at, html.unescape(link))).path
        yield address.replace("__fk__", chosen[1] if chosen else "")


def title_of(page):
    (title,) = TITLE.findall(page.content.decode())
    return html.unescape(title.strip())


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_no_link_leads_to_a_page_that_may_not_be_opened(sit, workspace, who):
    competitor = TrackedProfileFactory.create(workspace=workspace)
    ApiKey.objects.issue(workspace=workspace, name="notebook", created_by=owner_of(workspace))
    browser = sit(who)
    for deed in ("pause", "resume"):  # so that there are recent deeds, and a history
        browser.post(url("competitor", "deed", competitor.pk, deed))

    seen, refused, waiting = set(), [], deque([("/admin/", "")])
    while waiting:
        at, seen_on = waiting.popleft()
        if at in seen or not at.startswith("/admin/"):
            continue
        seen.add(at)
        page = browser.get(at)
        if page.status_code >= 400:
            refused.append((seen_on, at, page.status_code))
        elif page.headers["Content-Type"].startswith("text/html"):
            waiting.extend((link, at) for link in links(page, at))

    assert refused == []
    assert url("brand", "change", competitor.brand_id) in seen


@pytest.mark.parametrize("model", LISTS)
def test_a_list_is_called_what_stands_on_it(sit, model):
    page = sit("operator").get(url(model))

    assert title_of(page) == f"{LISTS[model]} · Yardstick"


def test_a_page_about_one_thing_is_called_by_its_name_and_what_it_is(sit, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace, profile__name="Anna")

    page = sit("editor").get(url("competitor", "change", tracked.pk))

    assert title_of(page) == "Anna (Bluesky) · Competitor · Yardstick"
    assert "to change" not in text(page)
