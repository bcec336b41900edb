"""Who may open which page: every page of the admin, for everybody."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts import people
from accounts.models import ApiKey, Credential
from benchmark.models import Role, Upload
from tests.admin.looking import url
from tests.factories.accounts import NOON, UserFactory, member, owner_of
from tests.factories.rows import (
    BrandFactory,
    CohortFigureFactory,
    FetchRunFactory,
    IndustryFigureFactory,
    ProfileFactory,
    ReachModelFactory,
    TrackedProfileFactory,
)

WHO = ("owner", "editor", "viewer", "operator", "stranger", "anonymous")

# A stranger owns another workspace: lists are their own, and these rows do not exist. A file that was sent in is there
# for nobody but who sent it in, and here that was a colleague.
TABLE = """
    page                     owner  editor  viewer  operator  stranger  anonymous
    index                      200     200     403       200       200        302
    competitor   list          200     200     403       200       200        302
    competitor   add           200     200     403       200       200        302
    competitor   add_many      200     200     403       200       200        302
    competitor   export        200     200     403       200       200        302
    competitor   change        200     200     403       200       404        302
    competitor   history       200     200     403       200       404        302
    competitor   delete        403     403     403       403       404        302
    ownaccount   list          200     200     403       200       200        302
    ownaccount   add           200     200     403       200       200        302
    ownaccount   add_many      200     200     403       200       200        302
    ownaccount   export        200     200     403       200       200        302
    ownaccount   change        200     200     403       200       404        302
    ownaccount   history       200     200     403       200       404        302
    ownaccount   delete        403     403     403       403       404        302
    brand        list          200     200     403       200       200        302
    brand        add           200     200     403       200       200        302
    brand        change        200     200     403       200       404        302
    brand        history       200     200     403       200       404        302
    brand        delete        200     200     403       200       404        302
    fetchrun     list          200     200     403       200       200        302
    fetchrun     export        200     200     403       200       200        302
    fetchrun     add           403     403     403       403       403        302
    fetchrun     change        200     200     403       200       404        302
    fetchrun     history       200     200     403       200       404        302
    fetchrun     delete        403     403     403       403       404        302
    reachmodel   list          200     403     403       200       200        302
    reachmodel   add           403     403     403       403       403        302
    reachmodel   change        200     403     403       200       404        302
    reachmodel   history       200     403     403       200       404        302
    reachmodel   delete        403     403     403       403       404        302
    upload       list          200     200     403       200       200        302
    upload       add           200     200     403       200       200        302
    upload       change        404     404     403       404       404        302
    upload       history       404     404     403       404       404        302
    upload       delete        404     404     403       404       404        302
    membership   list          200     403     403       200       200        302
    membership   add           403     403     403       403       403        302
    membership   change        200     403     403       200       404        302
    membership   history       200     403     403       200       404        302
    membership   delete        200     403     403       200       404        302
    invitation   list          200     403     403       200       200        302
    invitation   add           200     403     403       200       200        302
    invitation   change        200     403     403       200       404        302
    invitation   history       200     403     403       200       404        302
    invitation   delete        200     403     403       200       404        302
    apikey       list          200     403     403       200       200        302
    apikey       add           200     403     403       200       200        302
    apikey       change        200     403     403       200       404        302
    apikey       history       200     403     403       200       404        302
    apikey       delete        403     403     403       403       404        302
    credential   list          200     403     403       200       200        302
    credential   add           200     403     403       200       200        302
    credential   change        200     403     403       200       404        302
    credential   history       200     403     403       200       404        302
    credential   delete        200     403     403       200       404        302
    workspace    list          200     403     403       200       200        302
    workspace    add           403     403     403       200       403        302
    workspace    change        200     403     403       200       404        302
    workspace    history       200     403     403       200       404        302
    workspace    delete        403     403     403       403       404        302
    user         list          403     403     403       200       403        302
    user         add           403     403     403       403       403        302
    user         change        403     403     403       200       403        302
    user         history       403     403     403       200       403        302
    user         delete        403     403     403       403       403        302
    profile      list          403     403     403       200       403        302
    profile      add           403     403     403       403       403        302
    profile      change        403     403     403       200       403        302
    profile      history       403     403     403       200       403        302
    profile      delete        403     403     403       403       403        302
    industryfigure list        403     403     403       200       403        302
    industryfigure add         403     403     403       200       403        302
    industryfigure import      403     403     403       200       403        302
    industryfigure export      403     403     403       200       403        302
    industryfigure change      403     403     403       200       403        302
    industryfigure history     403     403     403       200       403        302
    industryfigure delete      403     403     403       403       403        302
    cohortfigure list          403     403     403       200       403        302
    cohortfigure add           403     403     403       403       403        302
    cohortfigure change        403     403     403       200       403        302
    cohortfigure history       403     403     403       200       403        302
    cohortfigure delete        403     403     403       403       403        302
"""
WITHOUT_A_ROW = {"list": "changelist", "add": "add", "add_many": "add_many", "export": "export", "import": "import"}


def drawn(who):
    """Page by page, what the table says about one of them."""
    lines = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {" ".join(line[: -len(WHO)]): int(line[WHO.index(who) - len(WHO)]) for line in lines}


@pytest.fixture
def rows(workspace):
    """One row of everything, of the workspace or of the installation."""
    competitor = TrackedProfileFactory.create(workspace=workspace)
    key, _token = ApiKey.objects.issue(workspace=workspace, name="notebook")
    invitation, _link = people.invite(
        workspace=workspace, email="anna@example.org", role="viewer", invited_by=owner_of(workspace), now=NOON
    )
    return {
        "competitor": competitor,
        "ownaccount": TrackedProfileFactory.create(workspace=workspace, role=Role.OWN),
        "brand": BrandFactory.create(workspace=workspace),
        "fetchrun": FetchRunFactory.create(profile=competitor.profile),
        "reachmodel": ReachModelFactory.create(workspace=workspace),
        "upload": Upload.objects.create(
            workspace=workspace, user=member(workspace, "editor"), name="posts.csv", content=b"", kept_at=timezone.now()
        ),
        "membership": member(workspace, "viewer").memberships.get(),
        "invitation": invitation,
        "apikey": key,
        "credential": Credential.objects.keep(network="youtube", workspace=workspace, secret="AIza-unreal"),
        "workspace": workspace,
        "user": UserFactory.create(),
        "profile": ProfileFactory.create(),
        "industryfigure": IndustryFigureFactory.create(),
        "cohortfigure": CohortFigureFactory.create(),
    }


@pytest.mark.parametrize("who", WHO)
def test_every_page_opens_for_those_who_may(sit, rows, who):
    browser, expected = sit(who), drawn(who)

    opened = {page: browser.get(address(page, rows)).status_code for page in expected}

    assert opened == expected


def address(page, rows):
    if page == "index":
        return reverse("admin:index")
    model, name = page.split()
    return url(model, WITHOUT_A_ROW[name]) if name in WITHOUT_A_ROW else url(model, name, rows[model].pk)


def test_strangers_to_all_of_it_are_led_to_our_sign_in_and_back(sit, rows):
    answer = sit("anonymous").get(url("competitor", "change", rows["competitor"].pk), follow=True)

    way = [address for address, _status in answer.redirect_chain]
    assert way[0].startswith("/admin/login/?next=")
    assert way[-1].startswith("/accounts/login/?next=")


def test_the_table_knows_every_list_of_the_admin():
    named = {page.split()[0] for page in drawn("owner")} - {"index"}

    assert {model._meta.model_name for model in admin.site._registry} == named


def test_nobody_but_owners_and_operators_hears_of_what_is_not_theirs_at_the_side(sit):
    sides = {who: side(sit(who).get("/admin/")) for who in ("owner", "editor", "operator")}

    assert sides["editor"] == ["Dashboard", "Competitors", "Own accounts", "Brands", "Files", "Ledger"]
    assert sides["owner"] == [
        *sides["editor"], "Members", "Invitations", "API keys", "Network keys", "Estimated reach", "Workspace",
    ]  # fmt: skip
    assert sides["operator"] == [*sides["owner"], "People", "Profiles", "Industry figures", "Cohorts"]


def side(answer):
    return [str(item["title"]) for group in answer.context["sidebar_navigation"] for item in group["items"]]
