"""The page of competitors: twenty places, adding by pasting anything, and what may be done with each row."""

import pytest
from django.utils import timezone

from accounts.models import Role as Member
from benchmark.models import Brand, Profile, Role, State, TrackedProfile
from benchmark.networks import NETWORKS
from tests.factories.rows import BrandFactory, ProfileFactory, TrackedProfileFactory
from tests.web.reading import read

pytestmark = pytest.mark.django_db

OURS, THEIRS = "harbelow.demo.invalid", "brindlemoor.demo.invalid"
ON_PINTEREST = "https://www.pinterest.com/bakery/"


@pytest.fixture
def client(browser):
    return browser(Member.EDITOR)


@pytest.fixture
def page(workspace, client):
    """The page of Bluesky, as an editor sees it."""

    def page(network="bluesky"):
        return read(client.get(f"/w/{workspace.slug}/competitors/", {"network": network}))

    return page


@pytest.fixture
def send(workspace, client):
    """Send one of the page's forms."""

    def send(form, *, target="", **sent):
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        return client.post(f"/w/{workspace.slug}/competitors/{form}/", {"network": "bluesky", **sent}, headers=headers)

    return send


def on_list(page):
    return [row.one("span", class_="profile-name").text for row in page.all("tr") if row.attributes.get("id")]


# --- places -----------------------------------------------------------------------------------------------------------


def test_an_empty_workspace_has_twenty_free_places_on_each_network(page):
    for network in NETWORKS:
        of_it = page(network)
        assert of_it.one("h2", id="places-title").text == "0 of 20"
        assert len(of_it.all("li", class_="free")) == 20


def test_a_taken_place_shows_whose_it_is(workspace, page):
    TrackedProfileFactory.create_batch(7, workspace=workspace)
    of_it = page()
    assert of_it.one("h2", id="places-title").text == "7 of 20"
    assert (len(of_it.all("li", class_="place")), len(of_it.all("li", class_="free"))) == (20, 13)
    assert len(on_list(of_it)) == 7


def test_own_accounts_take_no_place(workspace, page):
    TrackedProfileFactory(workspace=workspace, role=Role.OWN)
    of_it = page()
    assert (of_it.one("h2", id="places-title").text, len(on_list(of_it))) == ("0 of 20", 1)


def test_the_page_opens_where_somebody_is_followed(workspace, client):
    TrackedProfileFactory(workspace=workspace, profile=ProfileFactory(network="mastodon", external_id="x.example/1"))
    opened = read(client.get(f"/w/{workspace.slug}/competitors/"))
    assert opened.one("nav", class_="tabs").one("a", aria_current="page").text == "M Mastodon 1"


def test_a_failing_profile_says_what_is_wrong_and_what_to_do(workspace, page):
    TrackedProfileFactory(
        workspace=workspace,
        profile=ProfileFactory(read=True, state=State.NEEDS_ATTENTION, state_sentence="The key was refused."),
    )
    (row,) = [row for row in page().all("tr") if row.attributes.get("id")]
    assert row.one("span", class_="failing").text == "Needs attention"
    assert "The key was refused." in row.text
    assert "Somebody has to do this; then press “Fetch now”." in row.text


def test_a_viewer_sees_the_list_without_forms(workspace, browser):
    TrackedProfileFactory(workspace=workspace)
    seen = read(browser(Member.VIEWER).get(f"/w/{workspace.slug}/competitors/"))
    assert len(on_list(seen)) == 1
    assert [form.attributes["action"] for form in seen.all("form")] == ["/accounts/logout/"]


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_look_up_shows_who_it_is_and_saves_nothing(pretend, send):
    preview = read(send("look-up", handle=f"https://bsky.app/profile/{THEIRS}", target="preview"))
    card = preview.one("article", class_="preview")
    assert f"@{THEIRS}" in card.text
    assert "followers" in card.text
    assert card.one("img").attributes["src"].startswith("data:image/webp;base64,")
    assert card.one("input", name="handle").attributes["value"] == THEIRS
    assert not preview.all("html")
    assert not Profile.objects.exists()


def test_a_network_that_gives_nothing_is_named_before_anybody_types_and_when_somebody_does(page, send):
    (told,) = [hint.text for hint in page().all("p", class_="hint") if hint.text.startswith("Pinterest")]
    refused = read(send("look-up", handle=ON_PINTEREST, target="preview"))
    assert told.startswith("Pinterest publishes nothing about other people's accounts")
    assert told in refused.text


@pytest.mark.parametrize(
    "way", [{"handle": ON_PINTEREST}, {"handle": ON_PINTEREST, "target": "preview"}, {"lines": ON_PINTEREST}]
)
def test_what_a_network_does_not_give_is_said_once(send, way):
    answer = send("bulk" if "lines" in way else "look-up", **way)
    assert read(answer).text.count("Pinterest publishes nothing") == 1


def test_without_htmx_the_preview_comes_in_the_whole_page(pretend, send):
    answer = read(send("look-up", handle=THEIRS))
    assert answer.one("h1").text == "Competitors"
    assert f"@{THEIRS}" in answer.one("article", class_="preview").text


def test_what_was_looked_up_is_followed_with_brand_industry_and_group(pretend, send, workspace):
    answer = send("add", handle=THEIRS, role="competitor", brand="Brindle", industry="retail", group="North")
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert (answer.status_code, answer.url) == (302, f"/w/{workspace.slug}/competitors/?network=bluesky")
    assert (tracked.profile.handle, tracked.slot, tracked.profile.pretend) == (THEIRS, 1, True)
    assert (tracked.brand.name, tracked.brand.industry, tracked.brand.group) == ("Brindle", "retail", "North")


def test_an_own_account_is_added_by_the_same_form(pretend, send, workspace):
    send("add", handle=OURS, role="own")
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert (tracked.role, tracked.slot, tracked.brand.role) == (Role.OWN, None, Role.OWN)


def test_a_second_profile_of_a_company_joins_its_brand(pretend, send, workspace):
    send("add", handle=THEIRS, brand="Brindle")
    send("add", network="mastodon", handle="@brindlemoor@demo.invalid", brand="brindle")
    assert Brand.objects.get(workspace=workspace).tracked.count() == 2


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "Give a handle, or paste the profile's address."),
        ("https://mastodon.social/@somebody", "is an address on Mastodon, not on Bluesky. Add it under Mastodon."),
        ("not a handle at all", "is no handle on Bluesky."),
        ("nobody-of-this-name.demo.invalid", "Bluesky knows no profile of this name."),
    ],
)
def test_each_refusal_is_its_own_sentence_and_keeps_what_was_typed(pretend, send, pasted, told):
    looked_up = send("look-up", handle=pasted)
    added = send("add", handle=pasted)
    for answer in (looked_up, added):
        page = read(answer)
        assert answer.status_code == 422
        assert told in page.one("p", role="alert").text
        assert page.one("input", id="handle").attributes["value"] == pasted
    assert not TrackedProfile.objects.exists()


def test_the_twenty_first_competitor_is_refused_clearly(pretend, send, workspace):
    TrackedProfileFactory.create_batch(20, workspace=workspace)
    answer = send("add", handle=THEIRS)
    told = read(answer).one("p", role="alert").text
    assert (answer.status_code, told.partition(".")[0]) == (422, "All 20 places for competitors on Bluesky are taken")
    assert TrackedProfile.objects.count() == 20


def test_many_lines_have_a_result_each_and_one_bad_line_stops_no_other(pretend, send, workspace):
    answer = send("bulk", lines=f"{THEIRS}\n\nnobody-of-this-name.demo.invalid\n@{OURS}\n{THEIRS}", role="competitor")
    results = [row.text for row in read(answer).one("details", class_="bulk").one("tbody").all("tr")]
    assert [result.split()[0] for result in results] == ["1", "3", "4", "5"]
    assert [("✓" in result) for result in results] == [True, False, True, False]
    assert "is followed already" in results[3]
    assert read(answer).one("textarea").text.split() == ["nobody-of-this-name.demo.invalid", THEIRS]
    assert TrackedProfile.objects.filter(workspace=workspace).count() == 2


def test_a_network_that_cannot_be_fetched_leads_to_its_files(page, files_only):
    of_it = page(files_only)
    assert not of_it.all("form", class_="look-up")
    assert "Import a file" in of_it.text


def test_what_is_followed_already_cannot_be_added_again(pretend, send, workspace):
    send("add", handle=THEIRS)
    preview = read(send("look-up", handle=THEIRS, target="preview"))
    assert "This workspace follows it already." in preview.text
    assert not preview.all("form")


# --- what may be done with a row --------------------------------------------------------------------------------------


def test_a_row_is_paused_resumed_removed_and_brought_back(workspace, send):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    seen = []
    for action in ("pause", "resume", "remove", "bring-back"):
        assert send(f"{tracked.pk}/{action}").status_code == 302
        tracked.refresh_from_db()
        seen.append((tracked.paused_at is not None, tracked.removed_at is not None, tracked.slot))
    assert seen == [(True, False, 1), (False, False, 1), (False, True, None), (False, False, 1)]


def test_fetch_now_makes_the_profile_due(workspace, send):
    tracked = TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory(read=True))
    send(f"{tracked.pk}/fetch-now")
    tracked.profile.refresh_from_db()
    assert tracked.profile.due_at is not None
    assert tracked.profile.due_at <= timezone.now()


def test_a_removed_row_that_finds_no_free_place_is_told_so(workspace, client, send):
    removed = TrackedProfileFactory.create(workspace=workspace, removed_at=timezone.now())
    TrackedProfileFactory.create_batch(20, workspace=workspace)
    answer = client.post(f"/w/{workspace.slug}/competitors/{removed.pk}/bring-back/", follow=True)
    assert "All 20 places" in read(answer).one("li", class_="note").text


def test_what_may_be_done_follows_from_how_the_row_stands(workspace, page):
    TrackedProfileFactory(workspace=workspace)
    TrackedProfileFactory(workspace=workspace, paused_at=timezone.now())
    TrackedProfileFactory(workspace=workspace, removed_at=timezone.now())
    offered = [
        [button.text.split()[0] for button in row.all("button")] for row in page().all("tr") if row.attributes.get("id")
    ]
    assert offered == [["Fetch", "Pause", "Remove"], ["Resume", "Remove"], ["Bring"]]


def test_there_is_no_other_action(workspace, send):
    tracked = TrackedProfileFactory.create(workspace=workspace)
    assert send(f"{tracked.pk}/explode").status_code == 404


def test_twice_the_rows_cost_the_same_queries(
    workspace, client, django_assert_num_queries, django_assert_max_num_queries
):
    def load():
        client.get(f"/w/{workspace.slug}/competitors/?network=bluesky")

    TrackedProfileFactory.create_batch(5, workspace=workspace)
    load()
    with django_assert_max_num_queries(12) as few:
        load()
    TrackedProfileFactory.create_batch(10, workspace=workspace)
    with django_assert_num_queries(len(few)):
        load()


def test_handles_stand_as_their_networks_write_them(workspace, browser):
    brand = BrandFactory.create(workspace=workspace, name="Tea")
    for handle in ("r/tea", "u/anna"):
        profile = ProfileFactory.create(network="reddit", external_id=f"t5_{handle[-3:]}", handle=handle, read=True)
        TrackedProfileFactory.create(workspace=workspace, brand=brand, profile=profile)

    asked = ("competitors/?network=reddit", "compare/reddit/")
    pages = [browser().get(f"/w/{workspace.slug}/{page}").content.decode() for page in asked]

    for page in pages:
        assert "r/tea" in page
        assert "u/anna" in page
        assert "@r/" not in page
        assert "@u/" not in page
    assert "Tea (r/tea)" in pages[1]
