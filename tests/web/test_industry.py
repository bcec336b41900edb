"""The industry's part of the comparison, and the pages of industries."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine

from benchmark.metrics import METRICS
from benchmark.models import INDUSTRIES, Brand, Role
from tests.factories.comparisons import followed
from tests.factories.rows import NOON, CohortFigureFactory, IndustryFigureFactory
from tests.web.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

MONTH = (NOON.replace(day=1) - timedelta(days=1)).date().replace(day=1)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def harbour(workspace):
    """Our own account in retail, and a competitor."""
    follow = partial(followed, workspace, now=NOON)
    tracked = follow("Harbour", 20, 20, 20, 20, 20, role=Role.OWN)
    Brand.objects.filter(pk=tracked.brand_id).update(industry="retail")
    follow("Pier", 30, 30, 30, 30, 30)
    return tracked


@pytest.fixture
def cohort(db):
    """Rates of five retailers of the size: ours of 2 % is the third."""
    return CohortFigureFactory.create(
        month=MONTH, industry="retail", follower_tier="1k-10k", figures=(1.0, 1.5, 2.0, 3.0, 4.0)
    )


@pytest.fixture
def section(workspace, browser):
    """The industry's part of the comparison on Bluesky, as somebody reads it."""
    return lambda: read(browser("viewer").get(f"/w/{workspace.slug}/compare/bluesky/")).one(
        "section", aria_labelledby="industry-title"
    )


@pytest.mark.usefixtures("harbour", "cohort")
def test_our_place_is_told_in_words_with_whom_it_is_held_against(section):
    shown = section()

    place = shown.one("tr", class_="own")
    assert [cell.text for cell in (place.one("th"), *place.all("td"))] == [
        "Engagement rate",
        "Harbour",
        "2.00 %",
        "higher than 50 % of 5 profiles",
    ]
    assert "Held against: Retail, 1,000 to 10,000 followers, February 2026." in shown.text


@pytest.mark.usefixtures("harbour", "cohort")
def test_what_is_missing_to_the_top_quarter_is_told_in_engagements(section):
    (gap,) = section().one("ul", class_="gaps").all("li")

    # One point of 1,000 followers.
    assert gap.text == (
        "Harbour, Engagement rate: 10 more engagements per post would reach the top quarter (3.00 %)"
        " of 5 profiles in Retail with 1,000 to 10,000 followers."
    )


@pytest.mark.usefixtures("harbour", "cohort")
def test_what_stands_beside_a_figure_and_beside_which_nothing_does(section):
    IndustryFigureFactory.create(
        network="bluesky", industry="retail", over_posts="median", value=0.7, note="Few companies.", source="A study"
    )
    shown = section()

    beside = [[cell.text for cell in (row.one("th"), *row.all("td"))] for row in shown.all("tbody")[1].all("tr")]
    assert beside == [
        ["Engagement rate", "Retail", "0.70 %", "", beside[0][-1]],
        ["Engagement rate", "Retail, 1,000 to 10,000 followers", "2.00 %", "3.00 %",
         "5 profiles of this installation, February 2026"],
    ]  # fmt: skip
    assert beside[0][-1].startswith("A study (2026) The source counts “reactions+comments+shares”")
    assert beside[0][-1].endswith("Few companies.")
    assert "Nothing stands beside Engagements per post, median, Posts per week" in shown.text


@pytest.mark.usefixtures("harbour")
def test_without_any_figure_the_page_says_so(section):
    shown = section()

    assert shown.all("table") == []
    assert "no published figure on this network has the same definition" in shown.text


@pytest.mark.usefixtures("harbour", "cohort")
def test_how_a_figure_is_made_names_what_stands_beside_it(workspace, browser):
    page = read(browser("viewer").get(f"/w/{workspace.slug}/compare/bluesky/"))

    made = page.one("details", id="made-engagement_rate").text
    assert "Retail, 1,000 to 10,000 followers, median: 2.00 %. 5 profiles of this installation, February 2026." in made
    assert "No industry figure of this definition is known." in page.one("details", id="made-posts_per_week").text


@pytest.mark.usefixtures("harbour", "cohort")
def test_the_files_have_the_same_place(workspace, browser):
    address = f"/w/{workspace.slug}/compare/bluesky/export"

    table = browser("viewer").get(f"{address}.csv").content.decode()
    report = browser("viewer").get(f"{address}.json").json()

    own = report["summary"]["engagement_rate"]["own"][0]["percentile"]
    assert own == {"value": 50, "profiles": 5, "cohort": "Retail, 1,000 to 10,000 followers, February 2026"}
    assert '50.0,"Retail, 1,000 to 10,000 followers, February 2026",5' in table
    assert report["gaps"][0]["to_top_quarter"] == 10
    assert "posts" in report["without_industry"]


def test_every_industry_is_listed_and_leads_to_its_figures(workspace, browser):
    page = read(browser("viewer").get(f"/w/{workspace.slug}/industries/"))

    links = [row.one("a") for row in page.one("tbody").all("tr")]
    assert [link.text for link in links] == ["All industries", *INDUSTRIES.values()]
    for link in links:
        assert browser("viewer").get(link.attributes["href"]).status_code == 200


def test_an_industrys_figures_say_what_they_stand_beside_or_why_beside_nothing(workspace, browser):
    CohortFigureFactory.create(industry="retail", month=date(2026, 2, 1))
    page = read(browser("viewer").get(f"/w/{workspace.slug}/industries/retail/"))

    rows = {row.one("th").text: row for row in page.one("tbody").all("tr")}
    rate = rows["Engagement rate per post by follower"]
    assert str(METRICS["engagement_rate_mean"].label) in rate.text
    assert "Its source does not say how it was made" in page.text or "one format of posts" in page.text
    assert "5 profiles" in rows["Engagement rate"].text
    assert "published as “Tech, software”" in read(browser().get(f"/w/{workspace.slug}/industries/technology/")).text


def test_figures_are_narrowed_to_a_network(workspace, browser):
    page = read(browser("viewer").get(f"/w/{workspace.slug}/industries/retail/?network=x"))

    assert {row.all("td")[0].text for row in page.one("tbody").all("tr")} == {"X"}
    for address in ("industries/zoos/", "industries/retail/?network=friendster"):
        assert browser("viewer").get(f"/w/{workspace.slug}/{address}").status_code == 404


def test_an_industry_of_which_nothing_is_known_says_so(workspace, browser):
    from benchmark.models import IndustryFigure

    IndustryFigure.objects.all().delete()
    page = read(browser("viewer").get(f"/w/{workspace.slug}/industries/energy/"))
    assert page.one("section", class_="empty").one("h2").text == "Nothing is known here yet"
