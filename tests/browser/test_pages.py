"""Pages in a real browser: under the strict policy, by keyboard alone, on a phone, in the dark, and without scripts."""

import pytest
from django.utils import timezone

from benchmark.models import Role, TrackedProfile
from benchmark.networks import NETWORKS
from tests.browser.conftest import PHONE, WIDE
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.factories.comparisons import followed
from tests.factories.rows import TrackedProfileFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

EVERY_PAGE = (
    "",
    "compare/bluesky/",
    "competitors/",
    "files/",
    "metrics/",
    "networks/",
    "industries/",
    "industries/all/",
    "settings/people/",
    "settings/keys/",
)


@pytest.fixture
def workspace(transactional_db):
    return WorkspaceFactory(name="Harbour")


@pytest.fixture
def owner(workspace):
    return owner_of(workspace)


@pytest.fixture
def compared(workspace):
    """Our own account between two competitors; the address of their comparison."""
    now = timezone.now()
    followed(workspace, "Harbour", *[20] * 12, role=Role.OWN, now=now)
    followed(workspace, "Pier", *[30] * 12, now=now)
    followed(workspace, "Fjord", *[10] * 12, now=now)
    return f"/w/{workspace.slug}/compare/bluesky/"


def names(page):
    return [name.removesuffix(" you") for name in page.locator(".comparison .profile-name").all_inner_texts()]


# --- charts -----------------------------------------------------------------------------------------------------------


def test_every_chart_is_drawn_under_the_strict_policy_without_a_complaint(visit, owner, compared):
    visited = visit(owner)
    page = visited.to(compared)
    states = page.locator("figure[data-chart]").evaluate_all("charts => charts.map(chart => chart.dataset.state)")
    assert states == ["drawn"] * 5
    assert page.locator("figure[data-chart] svg").count() == 5
    assert visited.complaints == []


def test_the_description_of_the_api_is_shown_under_the_strict_policy_without_a_complaint(visit, owner):
    visited = visit(owner)
    page = visited.to("/api/v1/docs/")
    page.wait_for_selector(".opblock")
    assert visited.complaints == []


STROKE_IS_NOT = """light =>
  document.querySelector('.chart-growth svg path[stroke-width="3"]')?.getAttribute("stroke") !== light"""


def test_charts_change_their_ground_with_the_readers(visit, owner, compared):
    page = visit(owner).to(compared)
    ours = page.locator(".chart-growth svg path[stroke-width='3']")
    light = ours.get_attribute("stroke")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(STROKE_IS_NOT, arg=light)
    assert (light, ours.get_attribute("stroke")) == ("#2353c4", "#8fb4ff")


def test_pointing_at_a_dot_tells_its_figure(visit, owner, compared):
    page = visit(owner).to(compared)
    page.locator(".chart-rates svg .mark-symbol path").first.hover()
    page.wait_for_selector(".vg-tooltip.visible")
    assert page.locator(".vg-tooltip").inner_text().split()[0] == "Pier"


# --- the table --------------------------------------------------------------------------------------------------------


def test_a_click_on_a_head_sorts_in_place_and_the_way_back_leads_back(visit, owner, compared):
    visited = visit(owner)
    page = visited.to(compared)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Profile").click()
    page.wait_for_url("**/?sort=name")
    assert (names(page), page.evaluate("window.stayed")) == (["Fjord", "Harbour", "Pier"], True)
    page.go_back()
    page.wait_for_url(lambda address: "sort" not in address)
    page.wait_for_selector(".comparison tbody tr:first-child :text('Pier')")
    assert visited.complaints == []


def test_copied_figures_are_the_full_ones(visit, owner, workspace):
    followed(workspace, "Pier", *[12_412] * 6, now=timezone.now())
    visited = visit(owner, permissions=["clipboard-read", "clipboard-write"])
    page = visited.to(f"/w/{workspace.slug}/compare/bluesky/?metrics=engagements_per_post_median")
    assert page.locator(".comparison data").inner_text() == "12.4k"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.comparison tbody'))")
    page.keyboard.press("Control+c")
    assert "12412" in page.evaluate("navigator.clipboard.readText()")


# --- phone ------------------------------------------------------------------------------------------------------------


def test_on_a_phone_rows_are_cards_with_our_own_first(visit, owner, compared):
    page = visit(owner, viewport=PHONE).to(compared)
    tops = page.locator(".comparison tbody tr").evaluate_all(
        "rows => rows.map(row => [row.getBoundingClientRect().top, row.querySelector('.profile-name').textContent])"
    )
    assert [name.split()[0] for _top, name in sorted(tops)] == ["Harbour", "Pier", "Fjord"]


@pytest.mark.parametrize("rest", EVERY_PAGE)
def test_no_page_is_wider_than_a_phone(visit, owner, workspace, compared, rest):
    page = visit(owner, viewport=PHONE).to(f"/w/{workspace.slug}/{rest}")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("how", [{}, {"viewport": PHONE}], ids=["wide", "phone"])
def test_where_a_network_shows_nobodys_posts_the_page_says_why_in_their_place(visit, owner, workspace, how):
    for at, role in enumerate((Role.OWN, Role.COMPETITOR)):
        profile = {"network": "telegram", "external_id": f"-100{at}"}
        followed(workspace, f"Channel {at}", role=role, now=timezone.now(), **profile)
    visited = visit(owner, **how)
    page = visited.to(f"/w/{workspace.slug}/compare/telegram/")
    assert "posts of those channels only" in page.locator("section:has(#no-posts-title)").inner_text()
    assert page.locator("figure[data-chart]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert visited.complaints == []


def test_on_a_phone_the_rail_is_a_sheet_that_escape_closes(visit, owner, compared):
    page = visit(owner, viewport=PHONE).to(compared)
    rail = page.locator("#rail")
    assert not rail.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert rail.is_visible()
    page.keyboard.press("Escape")
    assert not rail.is_visible()


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_competitor_is_added_by_keyboard_alone(visit, owner, workspace, pretend):
    visited = visit(owner)
    page = visited.to(f"/w/{workspace.slug}/competitors/")
    page.get_by_label("Handle or address", exact=True).focus()
    page.keyboard.type("@brindlemoor.demo.invalid")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.preview")
    assert not TrackedProfile.objects.exists()
    page.get_by_label("Brand").focus()
    for _field in ("industry", "group", "button"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.success")
    assert page.locator("#places-title").inner_text() == "1 of 20"
    assert visited.complaints == []


def test_without_scripts_everything_can_still_be_added_sorted_and_read(visit, owner, workspace, compared, pretend):
    page = visit(owner, java_script_enabled=False).page
    page.goto(f"{visit(owner).address}{compared}")
    page.get_by_role("link", name="Profile").click()
    assert names(page) == ["Fjord", "Harbour", "Pier"]
    page.get_by_role("link", name="Competitors", exact=True).click()
    page.get_by_label("Handle or address", exact=True).fill("brindlemoor.demo.invalid")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("button", name="Add competitor").click()
    assert page.locator("#places-title").inner_text() == "3 of 20"


# --- for everybody ----------------------------------------------------------------------------------------------------


def test_the_first_tab_leads_past_the_rail_and_its_ring_is_seen(visit, owner, workspace):
    page = visit(owner).to(f"/w/{workspace.slug}/metrics/")
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.textContent") == "Skip to the content"
    assert page.evaluate(f"getComputedStyle({focused}).outlineWidth") == "2px"
    page.keyboard.press("Enter")
    assert page.evaluate(f"{focused}.id") == "content"


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (token) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.className = "probe";
    probe.style.color = `var(${token})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    probe.remove();
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = colour.map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(rgb(one)), light(rgb(other))].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const grounds = ["--ground", "--raised", "--sunken", "--accent-ground"];
  const least = (token, on = grounds) => Math.min(...on.map((ground) => contrast(token, ground)));
  return {
    ink: least("--ink"), second: least("--ink-second"), accent: least("--accent"),
    ahead: least("--ahead"), behind: least("--behind"), failure: least("--failure", [...grounds, "--failure-ground"]),
    warning: least("--warning", ["--warning-ground"]), button: contrast("--on-accent", "--accent"),
  };
}"""


NAMELESS_TABLES = """tables => tables.filter(
  table => !table.caption && !table.ariaLabel && !document.getElementById(table.getAttribute("aria-labelledby"))
).length"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, owner, workspace, scheme):
    contrasts = visit(owner, color_scheme=scheme).to(f"/w/{workspace.slug}/metrics/").evaluate(CONTRASTS)
    assert contrasts.pop("ink") >= 7
    assert {name: round(found, 2) for name, found in contrasts.items() if found < 4.5} == {}


def test_every_field_has_a_name_and_every_table_a_caption(visit, owner, workspace, compared):
    visited = visit(owner)
    for rest in EVERY_PAGE:
        page = visited.to(f"/w/{workspace.slug}/{rest}")
        nameless = page.locator("main :is(input:not([type=hidden]), select, textarea)").evaluate_all(
            "fields => fields.filter(field => !field.labels?.length).map(field => field.name)"
        )
        bare = page.locator("main table").evaluate_all(NAMELESS_TABLES)
        assert (rest, nameless, bare) == (rest, [], 0)


# --- the admin --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_networks_above_a_list_leave_its_first_rows_in_sight(visit, owner, workspace, screen, scheme):
    TrackedProfileFactory.create_batch(3, workspace=workspace)
    visited = visit(owner, viewport=screen, color_scheme=scheme)
    page = visited.to("/admin/benchmark/competitor/")

    assert page.locator(".ys-section").count() == len(NETWORKS)
    assert page.locator("#result_list tbody tr").first.bounding_box()["y"] < screen["height"] / 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Add on Bluesky").click()
    assert page.get_by_label("Network").input_value() == "bluesky"
    assert visited.complaints == []
