"""Following somebody in the admin: looking up, adding one or many, and what may be done with a row."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from benchmark.models import COMPETITOR_LIMIT, Brand, Role, TrackedProfile
from tests.admin.looking import errors, listed, said, text, url
from tests.factories.rows import NOON, BrandFactory, ProfileFactory, TrackedProfileFactory

ANNA = "anna.demo.invalid"
ADD = {"competitor": "Add competitor", "ownaccount": "Add own account"}


@pytest.fixture
def browser(sit):
    return sit("editor")


def given(workspace, handle=ANNA, network="bluesky", **fields):
    return {"workspace": workspace.slug, "network": network, "handle": handle, **fields}


def look_up(browser, workspace, *, model="competitor", **fields):
    return browser.post(url(model, "add"), given(workspace, **fields) | {"_look_up": "1"})


def save(browser, workspace, *, model="competitor", follow=False, **fields):
    """What a second click sends: everything that the form holds once somebody has been looked up."""
    fields = given(workspace, **fields)
    return browser.post(
        url(model, "add"),
        fields | {"looked_up": f"{fields['network']} {fields['handle']}", "_save": "1"},
        follow=follow,
    )


def followed(workspace):
    return [(tracked.profile.handle, tracked.role, tracked.slot) for tracked in TrackedProfile.objects.of(workspace)]


# --- looking up ------------------------------------------------------------------------------------------------------


def test_a_look_up_shows_who_it_is_and_saves_nothing(browser, workspace, pretend):
    page = look_up(browser, workspace)

    assert page.status_code == 200
    assert re.search(r"Anna's Coffee Cart .* @anna\.demo\.invalid .* [\d.]+k? followers · \d+ posts", text(page))
    assert 'src="data:image/webp;base64,' in page.content.decode()
    assert 'value="Anna&#x27;s Coffee Cart"' in page.content.decode()  # the brand that it would be given
    assert not TrackedProfile.objects.exists()
    assert not Brand.objects.exists()


@pytest.mark.parametrize(
    "pasted",
    ["anna.demo.invalid", "@anna.demo.invalid", " @Anna.demo.invalid ", "https://bsky.app/profile/anna.demo.invalid"],
)
def test_a_handle_is_recognised_however_it_is_pasted(browser, workspace, pretend, pasted):
    page = look_up(browser, workspace, handle=pasted)

    assert page.context["found"].record.handle == ANNA


def test_the_network_is_recognised_where_the_text_says_it(browser, workspace, pretend):
    page = look_up(browser, workspace, network="", handle="@anna@demo.invalid")

    assert page.context["found"].network.key == "mastodon"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"handle": "nobody.demo.invalid"}, "handle", "Check the spelling"),
        ({"handle": "closed.demo.invalid"}, "handle", "suspended"),
        ({"handle": "shy.demo.invalid"}, "handle", "signed-in people only"),
        ({"handle": "not a handle"}, "handle", "is no handle on Bluesky"),
        ({"handle": ""}, "handle", "This field is required"),
        (
            {"network": "mastodon", "handle": "https://bsky.app/profile/anna.demo.invalid"},
            "network",
            "Add it under Bluesky",
        ),
        ({"network": "youtube", "handle": "@channel"}, "network", "asks for a key"),
        ({"network": "nowhere"}, "network", "not one of the available choices"),
    ],
)
@pytest.mark.usefixtures("pretend")
def test_a_refusal_stands_at_its_field_and_the_rest_of_the_form_stays(browser, workspace, fields, field, sentence):
    page = look_up(browser, workspace, **fields, brand="My brand", group="North", industry="travel")

    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert sentence in errors(page)[field][0]
    assert page.context["form"]["handle"].value() == fields.get("handle", ANNA)
    for kept in ("My brand", "North", "travel"):
        assert f'value="{kept}"' in page.content.decode()


def test_a_network_that_gives_nothing_is_named_before_anybody_types_and_when_somebody_does(browser, workspace):
    sentence = "Pinterest publishes nothing about other people's accounts"

    assert sentence in text(browser.get(url("competitor", "add")))
    assert sentence in text(browser.get(url("competitor", "add_many")))
    page = look_up(browser, workspace, handle="https://www.pinterest.com/bakery/")

    assert page.status_code == 422
    assert errors(page)["handle"][0].startswith(sentence)
    many = browser.post(url("competitor", "add_many"), {"workspace": workspace.slug, "lines": "pinterest.com/bakery"})
    assert [text(answer).count(sentence) for answer in (page, many)] == [1, 1]


def test_a_network_that_cannot_be_fetched_is_refused_at_its_field(browser, workspace, files_only):
    page = look_up(browser, workspace, network=files_only, handle="starbucks")

    assert list(errors(page)) == ["network"]
    assert "Import a file" in errors(page)["network"][0]


def test_who_is_followed_already_is_said_at_once(browser, workspace, pretend):
    save(browser, workspace)

    page = look_up(browser, workspace)

    assert "is followed already, as the competitor in place 1" in errors(page)["handle"][0]
    assert page.context["found"] is None


def test_a_network_that_is_away_is_no_fault_of_the_handle(browser, workspace, pretend):
    pretend.order("faults", [{"times": 20, "status": 503}])

    page = look_up(browser, workspace)

    assert list(errors(page)) == ["network"]
    assert "try again in a few minutes" in errors(page)["network"][0]


# --- saving ----------------------------------------------------------------------------------------------------------


def test_a_competitor_gets_the_lowest_place_and_a_brand_of_its_own_name(browser, workspace, pretend):
    page = save(browser, workspace, follow=True)

    [tracked] = TrackedProfile.objects.of(workspace)
    assert (tracked.profile.handle, tracked.role, tracked.slot) == (ANNA, Role.COMPETITOR, 1)
    assert tracked.brand.name == "Anna's Coffee Cart"
    assert said(page) == ["Anna's Coffee Cart (Bluesky) is followed. Its posts arrive within minutes."]
    assert page.redirect_chain == [(f"{url('competitor')}?network=bluesky", 302)]
    assert tracked.profile.due_at is not None


def test_industry_and_group_and_a_brand_of_ones_own_are_kept(browser, workspace, pretend):
    save(browser, workspace, brand="Cart & Co", industry="food_beverage", group="North")

    brand = Brand.objects.get()
    assert (brand.name, brand.industry, brand.group, brand.role) == (
        "Cart & Co",
        "food_beverage",
        "North",
        "competitor",
    )


def test_a_brand_that_was_chosen_holds_both_of_its_profiles(browser, workspace, pretend):
    brand = BrandFactory.create(workspace=workspace, name="Anna")

    save(browser, workspace, brand="anna")
    save(browser, workspace, network="mastodon", handle="@anna@demo.invalid", brand="Anna")

    assert [tracked.brand for tracked in TrackedProfile.objects.of(workspace)] == [brand, brand]
    assert Brand.objects.count() == 1


def test_an_own_account_takes_no_place(browser, workspace, pretend):
    page = save(browser, workspace, model="ownaccount", follow=True)

    assert followed(workspace) == [(ANNA, "own", None)]
    assert "1 account" in text(page)


def test_what_has_not_been_looked_up_is_shown_before_it_is_saved(browser, workspace, pretend):
    page = browser.post(url("competitor", "add"), given(workspace, looked_up="bluesky other.example.org", _save="1"))

    assert page.context["found"].record.handle == ANNA
    assert page.context["form"]["looked_up"].value() == f"bluesky {ANNA}"
    assert not TrackedProfile.objects.exists()


def test_a_second_one_can_be_looked_up_right_away(browser, workspace, pretend):
    fields = given(workspace, looked_up=f"bluesky {ANNA}")

    answer = browser.post(url("competitor", "add"), fields | {"_addanother": "1"})

    assert answer["Location"] == f"{url('competitor', 'add')}?network=bluesky"
    assert browser.get(answer["Location"]).context["form"].initial["network"] == "bluesky"


def test_the_twenty_first_is_refused_on_the_form_and_the_network_is_not_asked(browser, workspace, pretend):
    for _place in range(COMPETITOR_LIMIT):
        TrackedProfileFactory.create(workspace=workspace)
    sentence = "All 20 places for competitors on Bluesky are taken. Remove one, and its place is free again."

    pages = [look_up(browser, workspace), save(browser, workspace)]

    assert [errors(page)["handle"] for page in pages] == [[sentence], [sentence]]
    assert "20 of 20 places on Bluesky are taken" in text(pages[0])
    assert TrackedProfile.objects.of(workspace).count() == COMPETITOR_LIMIT


def test_a_form_of_another_workspace_adds_nothing_here(browser, workspace, pretend):
    page = browser.post(
        url("competitor", "add"), given(workspace, looked_up=f"bluesky {ANNA}", _save="1") | {"workspace": "other"}
    )

    assert page.status_code == 422
    assert "You have switched to Harbour in another window" in text(page)
    assert not TrackedProfile.objects.exists()


def test_a_wrong_field_about_the_brand_keeps_the_profile_in_sight(browser, workspace, pretend):
    page = save(browser, workspace, industry="nonsense", brand="Mine")

    assert list(errors(page)) == ["industry"]
    assert page.context["found"].record.handle == ANNA
    assert page.context["form"]["brand"].value() == "Mine"
    assert not TrackedProfile.objects.exists()


# --- many at once ----------------------------------------------------------------------------------------------------


def test_every_pasted_line_has_its_result(browser, workspace, pretend):
    lines = f"{ANNA}\n\n@kestrowan.demo.invalid\nnobody.demo.invalid\n{ANNA}\n"

    page = browser.post(
        url("competitor", "add_many"),
        {
            "workspace": workspace.slug,
            "network": "bluesky",
            "lines": lines,
            "industry": "food_beverage",
            "group": "North",
        },
    )

    results = [(result.line, result.tracked is not None) for result in page.context["results"]]
    assert results == [(1, True), (3, True), (4, False), (5, False)]
    assert "2 of 4 lines are followed now" in text(page)
    assert "is followed already" in text(page)
    assert {(brand.industry, brand.group) for brand in Brand.objects.all()} == {("food_beverage", "North")}
    assert followed(workspace) == [(ANNA, "competitor", 1), ("kestrowan.demo.invalid", "competitor", 2)]


def test_too_many_lines_are_refused_at_once(browser, workspace):
    page = browser.post(
        url("ownaccount", "add_many"), {"workspace": workspace.slug, "network": "bluesky", "lines": "a.example\n" * 101}
    )

    assert errors(page)["lines"] == ["Paste at most 100 lines at a time."]


# --- what may be done with a row -------------------------------------------------------------------------------------


DEEDS = [
    ("pause", {}, "is paused. It keeps its place and its history."),
    ("resume", {"paused_at": NOON}, "is read again."),
    ("remove", {}, "is removed. Its history stays: bring it back whenever you like."),
    ("bring-back", {"removed_at": NOON}, "is back, with its history."),
    ("fetch-now", {}, "is read within a minute or two."),
]


@pytest.mark.parametrize(("deed", "state", "sentence"), DEEDS)
def test_a_button_of_a_row_does_what_it_says(browser, workspace, deed, state, sentence):
    tracked = TrackedProfileFactory.create(workspace=workspace, **state)

    page = browser.post(url("competitor", "deed", tracked.pk, deed), follow=True)

    assert said(page) == [f"{tracked.profile} {sentence}"]
    tracked.refresh_from_db()
    assert {
        "pause": tracked.paused_at is not None and tracked.slot == 1,
        "resume": tracked.paused_at is None and tracked.profile.due_at is not None,
        "remove": tracked.removed_at is not None and tracked.slot is None,
        "bring-back": tracked.removed_at is None and tracked.slot == 1,
        "fetch-now": tracked.profile.due_at is not None,
    }[deed]


@pytest.mark.parametrize(("deed", "state", "sentence"), DEEDS)
def test_an_action_does_it_with_all_that_are_selected(browser, workspace, deed, state, sentence):
    rows = [TrackedProfileFactory.create(workspace=workspace, **state) for _row in range(3)]
    view = "?state=all"

    page = browser.post(
        url("competitor") + view,
        {"action": deed.replace("-", "_"), "_selected_action": [row.pk for row in rows]},
        follow=True,
    )

    [message] = said(page)
    assert all(str(row.profile) in message for row in rows)
    assert LogEntry.objects.filter(object_id__in=[row.pk for row in rows]).count() == 3


def test_where_some_fail_each_failure_has_its_sentence(browser, workspace):
    for _place in range(COMPETITOR_LIMIT - 1):
        TrackedProfileFactory.create(workspace=workspace)
    removed = [TrackedProfileFactory.create(workspace=workspace, removed_at=NOON) for _row in range(3)]

    page = browser.post(
        url("competitor") + "?state=removed",
        {"action": "bring_back", "_selected_action": [row.pk for row in removed]},
        follow=True,
    )

    back = [message for message in said(page) if "is back" in message]
    refused = [message for message in said(page) if "All 20 places" in message]
    assert (len(back), len(refused)) == (1, 2)
    assert TrackedProfile.objects.of(workspace).exclude(slot=None).count() == COMPETITOR_LIMIT


def test_a_row_offers_what_fits_how_it_stands(browser, workspace):
    TrackedProfileFactory.create(workspace=workspace, profile__name="Going", profile__history_to=NOON)
    TrackedProfileFactory.create(workspace=workspace, profile__name="Resting", paused_at=NOON)
    TrackedProfileFactory.create(workspace=workspace, profile__name="Away", removed_at=NOON)
    filed = ProfileFactory.create(name="Filed", workspace=workspace, external_id="file:filed")
    TrackedProfileFactory.create(workspace=workspace, profile=filed)

    page = browser.get(url("competitor"), {"state": "all"}).content.decode()

    offered = {
        name: re.findall(rf">([^<>]+)<span class=\"ys-aside\"> {name} ", page)
        for name in ("Going", "Resting", "Away", "Filed")
    }
    assert offered == {
        "Going": ["Fetch now", "Pause", "Remove"],
        "Resting": ["Resume", "Remove"],
        "Away": ["Bring back"],
        "Filed": ["Remove"],
    }


def test_a_mere_link_does_nothing(browser, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)

    assert browser.get(url("competitor", "deed", tracked.pk, "remove")).status_code == 405
    assert browser.post(url("competitor", "deed", tracked.pk, "explode")).status_code == 404


def test_a_button_of_the_form_leads_back_to_it(browser, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)

    answer = browser.post(url("competitor", "deed", tracked.pk, "pause"), {"from_form": "1"})

    assert answer["Location"] == url("competitor", "change", tracked.pk)


def test_the_history_of_a_row_says_who_did_what(browser, workspace):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    browser.post(url("competitor", "deed", tracked.pk, "pause"))

    page = browser.get(url("competitor", "history", tracked.pk))

    assert "Pause" in text(page)


def test_a_profile_moves_to_another_brand_and_nothing_else_can_be_written(browser, workspace):
    tracked, brand = TrackedProfileFactory.create(workspace=workspace), BrandFactory.create(workspace=workspace)
    smuggled = {"slot": 7, "role": "own", "network": "mastodon", "removed_at": "2026-01-01", "workspace": 1}

    browser.post(url("competitor", "change", tracked.pk), {"brand": brand.pk, **smuggled})

    before = (tracked.slot, tracked.role, tracked.network, tracked.removed_at, tracked.workspace_id)
    tracked.refresh_from_db()
    assert tracked.brand == brand
    assert (tracked.slot, tracked.role, tracked.network, tracked.removed_at, tracked.workspace_id) == before


@pytest.mark.parametrize("who", ["owner", "operator"])
def test_nobody_deletes_a_row_with_its_history(sit, workspace, who):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    browser = sit(who)

    browser.post(url("competitor", "delete", tracked.pk), {"post": "yes"})
    browser.post(url("competitor"), {"action": "delete_selected", "_selected_action": [tracked.pk], "post": "yes"})
    browser.post(url("brand", "delete", tracked.brand_id), {"post": "yes"})

    assert TrackedProfile.objects.filter(pk=tracked.pk, brand_id=tracked.brand_id).exists()


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_has_a_section_for_every_network_with_its_places(browser, workspace):
    for _place in range(7):
        TrackedProfileFactory.create(workspace=workspace)
    TrackedProfileFactory.create(workspace=workspace, removed_at=NOON)
    TrackedProfileFactory.create(workspace=workspace, role=Role.OWN)

    page = browser.get(url("competitor"))

    sections = {section.network.key: (section.used, section.free) for section in page.context["sections"]}
    assert sections["bluesky"] == (7, 13)
    assert sections["mastodon"] == (0, 20)
    assert "Bluesky 7 of 20" in text(page)
    assert "13 places free" in text(page)


def test_a_row_shows_what_people_need_and_no_numbers_of_ours(browser, workspace):
    brand = BrandFactory.create(workspace=workspace, name="Acme", industry="travel", group="North")
    profile = ProfileFactory.create(
        name="Acme Travel", handle="acme.example.org", followers=12_400, read_at=timezone.now() - timedelta(hours=2),
        history_to=NOON, state="needs_attention", state_sentence="Bluesky refused the key.",
    )  # fmt: skip
    tracked = TrackedProfileFactory.create(workspace=workspace, profile=profile, brand=brand)

    page = text(browser.get(url("competitor")))

    for shown in (
        "Acme Travel", "@acme.example.org", "Bluesky", "place 1", "Acme Travel and hospitality · North", "12.4k",
        "2 hours ago", "Needs attention", "Bluesky refused the key.", "press “Fetch now”",
    ):  # fmt: skip
        assert shown in page
    assert f" {tracked.pk} " not in page.replace("place 1", "")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Going", "Resting", "Failing", "Other"]),
        ({"state": "all"}, ["Going", "Resting", "Failing", "Away", "Other"]),
        ({"state": "removed"}, ["Away"]),
        ({"state": "paused"}, ["Resting"]),
        ({"state": "needs_attention"}, ["Failing"]),
        ({"network": "mastodon"}, ["Other"]),
        ({"group": "North"}, ["Going"]),
        ({"q": "rest"}, ["Resting"]),
    ],
)
def test_filters_narrow_the_list_down(browser, workspace, asked, names):
    north = BrandFactory.create(workspace=workspace, group="North")
    TrackedProfileFactory.create(workspace=workspace, profile__name="Going", profile__history_to=NOON, brand=north)
    TrackedProfileFactory.create(
        workspace=workspace, profile__name="Resting", profile__handle="r.example", paused_at=NOON
    )
    TrackedProfileFactory.create(workspace=workspace, profile__name="Failing", profile__state="needs_attention")
    TrackedProfileFactory.create(workspace=workspace, profile__name="Away", removed_at=NOON)
    TrackedProfileFactory.create(workspace=workspace, profile__name="Other", profile__network="mastodon")

    page = browser.get(url("competitor"), asked)

    assert [row.profile.name for row in listed(page)] == names


def test_the_choices_of_a_filter_can_be_counted(browser, workspace):
    TrackedProfileFactory.create(workspace=workspace)
    TrackedProfileFactory.create(workspace=workspace, paused_at=NOON)

    page = browser.get(url("competitor"), {"_facets": "True"})

    assert "Bluesky (2)" in text(page)
    assert "Paused (1)" in text(page)


def test_a_brand_without_profiles_has_an_empty_list(browser, workspace):
    brand = BrandFactory.create(workspace=workspace)
    TrackedProfileFactory.create(workspace=workspace)

    assert listed(browser.get(url("competitor"), {"brand": brand.pk})) == []


@pytest.mark.parametrize("field", ["network", "state", "brand", "group"])
def test_a_made_up_value_of_a_filter_is_a_404(browser, workspace, field):
    assert browser.get(url("competitor"), {field: "made-up"}).status_code == 404
