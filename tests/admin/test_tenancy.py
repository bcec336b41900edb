"""Another team's rows do not exist: not in lists, choices, filters, searches, actions, exports or pictures."""

import pytest
from django.urls import reverse

from accounts import workspaces
from accounts.models import Membership, User
from benchmark.models import Role, TrackedProfile
from tests.admin.looking import listed, text, url
from tests.factories.accounts import WorkspaceFactory, member
from tests.factories.rows import AvatarFactory, BrandFactory, FetchRunFactory, ProfileFactory, TrackedProfileFactory

LISTS = (
    "competitor",
    "ownaccount",
    "brand",
    "fetchrun",
    "upload",
    "membership",
    "invitation",
    "apikey",
    "credential",
    "workspace",
)


@pytest.fixture
def theirs(db):
    """A competitor of another team, with everything that it hangs on."""
    profile = ProfileFactory.create(name="Secretive", handle="secretive.example.org")
    workspace = WorkspaceFactory.create(name="Rivals")
    brand = BrandFactory.create(workspace=workspace, name="Secret brand", group="Secret group")
    return TrackedProfileFactory.create(workspace=workspace, profile=profile, brand=brand)


@pytest.mark.parametrize("model", LISTS)
def test_lists_and_searches_show_nothing_of_another_team(sit, theirs, model):
    FetchRunFactory.create(profile=theirs.profile, workspace=theirs.workspace, source="secret.csv")
    browser = sit("owner")

    pages = [browser.get(url(model)), browser.get(url(model), {"q": "Secret"})]

    for page in pages:
        assert page.status_code == 200
        assert "secret" not in text(page).lower().replace("network keys", "")
        assert all("Rivals" not in str(row) for row in listed(page))


@pytest.mark.parametrize("name", ["brand", "group"])
def test_a_foreign_choice_of_a_filter_is_a_404(sit, theirs, name):
    value = {"brand": theirs.brand_id, "group": theirs.brand.group}[name]

    answer = sit("owner").get(url("competitor"), {name: value})

    assert answer.status_code == 404


def test_filters_offer_only_what_is_ones_own(sit, workspace, theirs):
    TrackedProfileFactory.create(
        workspace=workspace, brand=BrandFactory.create(workspace=workspace, name="Ours", group="North")
    )

    page = sit("owner").get(url("competitor"))

    filters = {
        spec.parameter_name: [label for _key, label in spec.lookup_choices] for spec in page.context["cl"].filter_specs
    }
    assert filters["brand"] == ["Ours"]
    assert filters["group"] == ["North"]


def test_a_foreign_key_offers_only_ones_own_brands_of_the_same_role(sit, workspace, theirs):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    other = BrandFactory.create(workspace=workspace)
    BrandFactory.create(workspace=workspace, role=Role.OWN)

    page = sit("editor").get(url("competitor", "change", tracked.pk))

    offered = page.context["adminform"].form.fields["brand"].queryset
    assert set(offered) == {tracked.brand, other}


def test_a_foreign_brand_cannot_be_given_to_ones_own_profile(sit, workspace, theirs):
    tracked = TrackedProfileFactory.create(workspace=workspace)

    answer = sit("editor").post(url("competitor", "change", tracked.pk), {"brand": theirs.brand_id})

    tracked.refresh_from_db()
    assert "Select a valid choice" in text(answer)
    assert tracked.brand != theirs.brand


@pytest.mark.parametrize("model", ["competitor", "ownaccount"])
def test_autocompletion_completes_ones_own_brands_alone(sit, workspace, theirs, model):
    BrandFactory.create(workspace=workspace, name="Secure brand")
    asked = {"app_label": "benchmark", "model_name": model, "field_name": "brand", "term": "Sec"}

    answer = sit("editor").get(reverse("admin:autocomplete"), asked)

    assert [result["text"] for result in answer.json()["results"]] == ["Secure brand"]


@pytest.mark.parametrize(
    ("model", "field"),
    [("competitor", "workspace"), ("competitor", "profile"), ("membership", "user"), ("fetchrun", "user")],
)
def test_autocompletion_tells_an_owner_nothing_about_the_installation(sit, theirs, model, field):
    app = "accounts" if model == "membership" else "benchmark"
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": ""}

    answer = sit("owner").get(reverse("admin:autocomplete"), asked)

    assert answer.status_code == 403 or {result["text"] for result in answer.json()["results"]} == {"Harbour"}


@pytest.mark.parametrize("deed", ["fetch-now", "pause", "resume", "remove", "bring-back"])
def test_nothing_can_be_done_with_a_foreign_row(sit, theirs, deed):
    before = TrackedProfile.objects.values().get(pk=theirs.pk)

    answer = sit("owner").post(url("competitor", "deed", theirs.pk, deed))

    assert answer.status_code == 404
    assert TrackedProfile.objects.values().get(pk=theirs.pk) == before


@pytest.mark.parametrize("action", ["fetch_now", "pause", "resume", "remove", "bring_back"])
def test_a_foreign_id_among_those_selected_is_a_404_and_nothing_happens(sit, workspace, theirs, action):
    own = TrackedProfileFactory.create(workspace=workspace)
    before = list(TrackedProfile.objects.order_by("pk").values())

    answer = sit("owner").post(url("competitor"), {"action": action, "_selected_action": [own.pk, theirs.pk]})

    assert answer.status_code == 404
    assert list(TrackedProfile.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("made_up", ["999999", "none", ""])
def test_made_up_ids_are_a_404(sit, made_up):
    browser = sit("owner")

    answers = [
        browser.post(url("competitor"), {"action": "pause", "_selected_action": made_up}),
        browser.get(f"/admin/benchmark/competitor/{made_up or 'x'}/change/"),
        browser.get(f"/admin/benchmark/competitor/{made_up or 'x'}/delete/"),
        browser.get(f"/admin/benchmark/competitor/{made_up or 'x'}/history/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_competitor_is_no_own_account_and_the_other_way_round(sit, workspace):
    competitor, own = (
        TrackedProfileFactory.create(workspace=workspace),
        TrackedProfileFactory.create(workspace=workspace, role=Role.OWN),
    )
    browser = sit("owner")

    assert browser.get(url("ownaccount", "change", competitor.pk)).status_code == 404
    assert browser.get(url("competitor", "change", own.pk)).status_code == 404


def test_an_export_holds_ones_own_rows_and_no_formulas(sit, workspace, theirs):
    tracked = TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory.create(name="=HYPERLINK(1)"))

    answer = sit("editor").post(url("competitor", "export"), {"format": "0", "resource": ""})

    head, *rows = answer.content.decode().splitlines()
    assert head.startswith("network,name,handle,url,brand")
    assert [row.split(",")[:3] for row in rows] == [["bluesky", "HYPERLINK(1)", tracked.profile.handle]]


def test_pictures_are_shown_to_followers_and_operators_alone(sit, workspace, theirs):
    AvatarFactory.create(profile=theirs.profile)
    address = reverse("admin:profile_picture", args=[theirs.profile_id])

    assert sit("owner").get(address).status_code == 404
    assert sit("operator").get(address).status_code == 200
    assert sit("viewer").get(address).status_code == 403

    TrackedProfileFactory.create(workspace=workspace, profile=theirs.profile)
    answer = sit("owner").get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"]


def test_an_import_of_another_team_and_who_asked_for_a_shared_fetch_stay_theirs(sit, workspace, theirs):
    TrackedProfileFactory.create(workspace=workspace, profile=theirs.profile)
    spy = member(theirs.workspace, "owner", email="somebody@rivals.example")
    shared = FetchRunFactory.create(profile=theirs.profile, user=spy, trigger="person")
    imported = FetchRunFactory.create(
        profile=theirs.profile, workspace=theirs.workspace, kind="import", source="secret.csv"
    )
    browser = sit("owner")

    page = browser.get(url("fetchrun"))

    assert listed(page) == [shared]
    assert "rivals.example" not in text(page)
    assert "rivals.example" not in text(browser.get(url("fetchrun", "change", shared.pk)))
    assert browser.get(url("fetchrun", "change", imported.pk)).status_code == 404


def test_any_row_of_any_table_cannot_be_looked_up_by_its_number(sit, workspace):
    assert sit("operator").get("/admin/r/1/1/").status_code == 404


# --- switching --------------------------------------------------------------------------------------------------------


def test_the_admin_begins_in_the_workspace_used_last_and_switches(sit, workspace):
    anna, second = member(workspace, "editor"), WorkspaceFactory.create(name="Second")
    Membership.objects.create(workspace=second, user=anna, role="owner")
    mine, other = TrackedProfileFactory.create(workspace=workspace), TrackedProfileFactory.create(workspace=second)
    workspaces.remember(anna, workspace)
    browser = sit("anonymous")
    browser.force_login(anna)
    assert [row.pk for row in listed(browser.get(url("competitor")))] == [mine.pk]

    answer = browser.post(reverse("admin:switch", args=[second.slug]))

    assert answer["Location"] == "/admin/"
    assert [row.pk for row in listed(browser.get(url("competitor")))] == [other.pk]
    assert browser.get(url("competitor", "change", mine.pk)).status_code == 404
    assert User.objects.get(pk=anna.pk).last_workspace == second


def test_one_cannot_switch_to_where_one_may_not_edit_nor_by_a_mere_link(sit, workspace):
    anna, watched = member(workspace, "editor"), WorkspaceFactory.create(name="Watched")
    Membership.objects.create(workspace=watched, user=anna, role="viewer")
    browser = sit("anonymous")
    browser.force_login(anna)

    foreign = WorkspaceFactory.create(name="Foreign")
    assert browser.post(reverse("admin:switch", args=[watched.slug])).status_code == 404
    assert browser.post(reverse("admin:switch", args=[foreign.slug])).status_code == 404
    assert browser.get(reverse("admin:switch", args=[workspace.slug])).status_code == 405


def test_who_used_a_workspace_last_where_they_only_look_sits_where_they_may_edit(sit, workspace):
    anna, watched = member(workspace, "editor"), WorkspaceFactory.create(name="A first one")
    Membership.objects.create(workspace=watched, user=anna, role="viewer")
    workspaces.remember(anna, watched)
    browser = sit("anonymous")
    browser.force_login(anna)

    assert browser.get("/admin/").context["seat"].workspace == workspace


def test_an_operator_enters_any_workspace_from_the_list_of_them(sit, workspace):
    other = TrackedProfileFactory.create(workspace=WorkspaceFactory.create(name="Far away"))
    browser = sit("operator")
    assert reverse("admin:switch", args=[other.workspace.slug]) in browser.get(url("workspace")).content.decode()

    browser.post(reverse("admin:switch", args=[other.workspace.slug]))

    assert [row.pk for row in listed(browser.get(url("competitor")))] == [other.pk]


def test_an_operator_without_any_workspace_is_told_to_make_one(client, db):
    browser = client
    browser.force_login(User.objects.create_superuser("root@example.org"))

    page = browser.get("/admin/")

    assert "There is no workspace yet" in text(page)
    assert browser.get(url("competitor")).status_code == 403
