"""What the admin's pages are called."""

import html
import re

import pytest

from tests.admin.looking import text, url
from tests.factories.rows import TrackedProfileFactory

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


@pytest.mark.parametrize("model", LISTS)
def test_a_list_is_called_what_stands_on_it(sit, model):
    title = TITLE.search(sit("operator").get(url(model)).content.decode())[1]

    assert html.unescape(title.strip()) == f"{LISTS[model]} · Yardstick"


def test_a_page_about_one_thing_is_called_by_its_name_and_what_it_is(sit, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace, profile__name="Anna")

    page = sit("editor").get(url("competitor", "change", tracked.pk))

    assert TITLE.search(page.content.decode())[1].strip() == "Anna (Bluesky) · Competitor · Yardstick"
    assert "to change" not in text(page)
