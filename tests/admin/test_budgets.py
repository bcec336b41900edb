"""No list costs more queries because it has more rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ApiKey, Credential, Invitation
from benchmark.models import Role, Spend
from tests.admin.looking import url
from tests.factories.accounts import UserFactory, WorkspaceFactory, member
from tests.factories.rows import (
    AvatarFactory,
    BrandFactory,
    FetchRunFactory,
    IndustryFigureFactory,
    ProfileFactory,
    TrackedProfileFactory,
)

MOST = 22  # queries of any page of the admin


def of_everything(workspace):
    """One more row of every list."""
    now, number = timezone.now(), ApiKey.objects.count()
    tracked = TrackedProfileFactory.create(
        workspace=workspace, brand=BrandFactory.create(workspace=workspace, group=f"Group {number}")
    )
    own = TrackedProfileFactory.create(workspace=workspace, role=Role.OWN)
    for each in (tracked, own):
        AvatarFactory.create(profile=each.profile)
    person = member(workspace, "editor")
    FetchRunFactory.create(profile=tracked.profile, finished_at=now, outcome="gone", code=f"code {number}")
    FetchRunFactory.create(
        profile=None, workspace=workspace, kind="import", user=person, finished_at=now, outcome="refused"
    )
    key, _token = ApiKey.objects.issue(workspace=workspace, name="notebook", created_by=person)
    FetchRunFactory.create(profile=own.profile, workspace=workspace, kind="import", api_key=key)
    invited = {"workspace": workspace, "email": f"guest{number}@example.org", "role": "viewer", "invited_by": person}
    Invitation.objects.invite(**invited, now=now - timedelta(minutes=number))
    for whose in (workspace, None):
        credential = Credential.objects.keep(network="youtube", workspace=whose, secret=f"secret {number} {whose}")
        Spend.objects.create(
            network="youtube", fingerprint=credential.fingerprint, window=now.date(), used=1, limit=100
        )
    IndustryFigureFactory.create(year=2000 + number)
    WorkspaceFactory.create()
    UserFactory.create()
    ProfileFactory.create()


def queries(browser, address):
    browser.get(address)  # the first visit fills the caches of templates and content types
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "model",
    [
        "competitor", "ownaccount", "brand", "fetchrun", "membership", "invitation", "apikey", "credential",
        "workspace", "user", "profile", "industryfigure",
    ],
)  # fmt: skip
def test_twice_the_rows_of_a_list_cost_the_same_queries(sit, workspace, model):
    browser = sit("operator")
    for _row in range(3):
        of_everything(workspace)
    before = queries(browser, url(model))

    for _row in range(3):
        of_everything(workspace)

    assert queries(browser, url(model)) == before <= MOST


@pytest.mark.parametrize("who", ["editor", "operator"])
def test_the_dashboard_costs_the_same_however_much_there_is(sit, workspace, who):
    browser = sit(who)
    of_everything(workspace)
    before = queries(browser, "/admin/")

    for _row in range(4):
        of_everything(workspace)

    assert queries(browser, "/admin/") == before <= MOST


@pytest.mark.parametrize("page", ["change", "history"])
def test_a_rows_own_pages_cost_the_same_however_many_brands_there_are(sit, workspace, page):
    browser, tracked = sit("owner"), TrackedProfileFactory.create(workspace=workspace)
    before = queries(browser, url("competitor", page, tracked.pk))

    for _brand in range(5):
        BrandFactory.create(workspace=workspace)

    assert queries(browser, url("competitor", page, tracked.pk)) == before <= MOST
