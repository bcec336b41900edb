"""The comparison of real rows: what the page, its table, its charts and its files show."""

import csv
import json
from datetime import timedelta
from functools import partial
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Role as Member
from benchmark.models import Role, State
from tests.factories.comparisons import followed
from tests.factories.rows import NOON, PostFactory, ProfileReadingFactory, TrackedProfileFactory
from tests.web.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def at_noon():
    """The day on which the factories' posts were read."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def follow(workspace):
    return partial(followed, workspace, now=NOON)


@pytest.fixture
def harbour(follow):
    """Our own account between two competitors."""
    follow("Harbour", 20, 20, 20, 20, 20, role=Role.OWN)
    follow("Pier", 30, 30, 30, 30, 30)
    follow("Fjord", 10, 10, 10, 10, 10)


@pytest.fixture
def get(workspace, browser):
    """Ask for the comparison on Bluesky, as somebody who only reads."""

    def get(rest="", headers=None, **query):
        return browser(Member.VIEWER).get(f"/w/{workspace.slug}/compare/bluesky/{rest}", query, headers=headers)

    return get


def names(page):
    return [
        row.one("span", class_="profile-name").text.removesuffix(" you") for row in table(page).one("tbody").all("tr")
    ]


def table(page):
    return page.one("div", id="comparison").one("table")


@pytest.mark.usefixtures("harbour")
def test_a_page_is_sent_packed(get):
    packed = get(headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(get().content) / 4


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_the_page_begins_with_three_sentences_about_the_rows_of_its_table(get):
    page = read(get())
    findings = [item.text for item in page.one("ol", class_="findings").all("li")]
    assert len(findings) == 3
    assert "Pier" in findings[0]
    assert "Harbour" in findings[1]


@pytest.mark.usefixtures("harbour")
def test_rows_stand_by_engagement_rate_and_our_own_is_marked(get):
    page = read(get())
    assert names(page) == ["Pier", "Harbour", "Fjord"]
    (own,) = table(page).all("tr", class_="own")
    assert own.one("span", class_="profile-name").text == "Harbour you"


def test_a_young_post_shows_what_it_will_come_to(get, follow):
    of = follow("Pier", 30).profile
    PostFactory(profile=of, published_at=NOON - timedelta(hours=24), reactions=118, comments=2, shares=0, quotes=0)

    young, old = read(get()).one("ol", class_="posts").all("li")

    assert "still young: will grow Engagements now 120, expected 123 – 157 at 3 days" in young.text  # noqa: RUF001
    assert "expected" not in old.text


def test_posts_far_from_the_usual_stand_beside_what_was_expected(get, follow):
    follow("Pier", 400, *[100] * 10, 10, *[100] * 10)

    section = read(get()).one("section", aria_labelledby="performing-title")

    assert [head.text for head in section.all("h3")] == ["Far better than usual", "Far worse than usual"]
    better, worse = (posts.one("li").text for posts in section.all("ol"))
    assert "Pier posts 400" in better
    assert "4 times the usual 400 engagements, expected 100 by the 21 posts of the kind before it" in better
    assert "10 times less than usual 10 engagements, expected 100 by the 10 posts of the kind before it" in worse


@pytest.mark.usefixtures("harbour")
def test_without_enough_posts_nothing_is_called_usual(get):
    assert not read(get()).all("section", aria_labelledby="performing-title")


@pytest.mark.usefixtures("harbour")
def test_the_address_sorts_and_the_head_says_how(get):
    page = read(get(sort="engagement_rate"))
    assert names(page) == ["Fjord", "Harbour", "Pier"]
    (head,) = table(page).all("th", aria_sort="ascending")
    assert head.text == "Engagement rate, %"
    assert head.one("a").attributes["href"] == "?sort=-engagement_rate"


@pytest.mark.usefixtures("harbour")
def test_a_click_on_a_head_exchanges_the_table_alone(get):
    part = read(get(headers={"HX-Request": "true", "HX-Target": "comparison"}, sort="name"))
    assert names(part) == ["Fjord", "Harbour", "Pier"]
    assert not part.all("h1")


@pytest.mark.usefixtures("harbour")
def test_columns_are_what_was_asked_for(get):
    heads = [
        head.text for head in table(read(get(metrics=["followers", "posts", "no_such_metric"]))).all("th", scope="col")
    ]
    assert heads == ["Profile", "Followers", "Posts"]


@pytest.mark.usefixtures("harbour")
def test_the_definition_of_the_rate_can_be_chosen_and_stays_with_the_reader(get):
    page = read(get(rate="engagement_rate_mean", period="30d"))
    assert table(page).all("th", scope="col")[1].text == "Engagement rate, mean, %"
    assert page.one("nav", class_="segments").all("a")[0].attributes["href"] == "?rate=engagement_rate_mean&period=7d"
    (rail,) = [link for link in page.one("nav", id="rail").all("a") if "compare" in link.attributes["href"]]
    assert rail.attributes["href"].endswith("?rate=engagement_rate_mean&period=30d")


@pytest.mark.usefixtures("harbour")
def test_a_rate_by_views_is_not_offered_where_views_are_not_published(get):
    page = read(get(rate="engagement_rate_by_views"))
    assert table(page).all("th", scope="col")[1].text == "Engagement rate, %"


def test_what_is_missing_is_a_dash_with_its_reason_for_everybody(get, follow):
    follow("Pier", 30, 30, 30, 30, 30)
    follow("Quiet", 5)
    quiet = next(row for row in table(read(get())).one("tbody").all("tr") if "Quiet" in row.text)
    missing = quiet.all("span", class_="missing")[0]
    assert missing.attributes["title"] == missing.one("span", class_="visually-hidden").text
    assert missing.attributes["title"] == "Too few posts that are old enough to be compared."


@pytest.mark.usefixtures("harbour")
def test_every_chart_has_its_finding_its_specification_and_its_table(get):
    page = read(get())
    charts = page.all("figure", class_="chart")
    assert [chart.attributes["data-chart"] for chart in charts] == [
        "chart-rates",
        "chart-kinds",
        "chart-growth",
        "chart-posts",
        "chart-engagements",
    ]
    for chart in charts:
        specification = json.loads(chart.one("script", type="application/json").text)
        assert specification["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
        assert chart.one("h3").text
        assert chart.one("tbody").all("tr")


def test_the_growth_in_the_charts_title_is_that_of_the_table(get, follow):
    pier = follow("Pier", 30, followers=1_250).profile
    for days, followers in ((31, 1_000), (30, 1_100), (1, 1_200)):
        midnight = NOON.replace(hour=0) - timedelta(days=days - 1)
        ProfileReadingFactory(profile=pier, read_at=midnight, followers=followers)
    page = read(get(metrics="follower_growth_rate"))
    (cell,) = table(page).all("data")
    assert f"+{cell.text} %" in page.one("figure", class_="chart-growth").one("h3").text


def test_moments_are_told_in_the_workspaces_zone(get, follow, workspace):
    follow("Pier", 30)
    workspace.timezone = "Pacific/Auckland"
    workspace.save()
    in_auckland = NOON.astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"{in_auckland:%H:%M}" in read(get()).one("section", id="freshness").text


@pytest.mark.usefixtures("harbour")
def test_top_posts_stand_by_engagements_with_who_published_them(get):
    posts = read(get()).all("ol", class_="posts")[0].all("li")
    assert posts[0].one("span", class_="post-by").text == "Pier"
    assert posts[0].one("strong").text == "30 engagements"
    assert posts[0].one("p", class_="post-text").text == "Pier posts 30"


def test_a_text_that_looks_like_markup_stays_a_text(get, follow):
    follow("<script>alert(1)</script>", 30, 30, 30, 30, 30)
    page = read(get())
    assert "<script>alert(1)" not in "".join(script.text for script in page.all("script"))
    assert table(page).one("span", class_="profile-name").text == "<script>alert(1)</script>"


def test_a_failing_profile_shows_in_its_row_and_first_among_the_fresh(get, follow):
    follow("Pier", 30)
    follow("Gone", 5, state=State.GONE, state_sentence="Bluesky knows no such profile any more.")
    page = read(get())
    first, *_ = page.one("section", id="freshness").one("tbody").all("tr")
    assert "Bluesky knows no such profile any more." in first.text
    assert "Its history stays. Remove it to free its place." in first.text
    assert [link.text for link in table(page).all("a", class_="failing")] == ["Gone"]


@pytest.mark.usefixtures("harbour")
def test_each_metric_says_how_its_figures_are_made(get):
    sheet = read(get()).one("details", id="made-engagement_rate")
    assert "The median, over mature posts, of engagements ÷ followers when posted, in percent." in sheet.text
    assert [row.one("th").text for row in sheet.one("tbody").all("tr")] == ["Harbour", "Pier", "Fjord"]
    assert {row.all("td")[2].text for row in sheet.one("tbody").all("tr")} == {"5"}


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, "30 Jan 2026 - 28 Feb 2026, 30 days."),
        ({"period": "7d"}, "22 Feb 2026 - 28 Feb 2026, 7 days."),
        ({"period": "12m"}, "1 Mar 2025 - 28 Feb 2026, 365 days."),
        ({"start": "2026-02-01", "end": "2026-02-10"}, "1 Feb 2026 - 10 Feb 2026, 10 days."),
    ],
)
def test_the_page_says_which_days_it_is_about(get, query, days):
    head = read(get(**query)).one("header", class_="page-head").text
    assert days in head.replace("\N{EN DASH}", "-")


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"period": "fortnight"}, "is not a period."),
        ({"start": "2026-02-10", "end": "2026-02-01"}, "The period ends before it starts."),
        ({"start": "2026-02-10"}, "Give both a start and an end."),
    ],
)
def test_days_that_are_none_are_refused_with_a_sentence_beside_the_default(get, query, told):
    answer = get(**query)
    page = read(answer)
    assert (answer.status_code, told in page.one("p", role="alert").text) == (400, True)
    assert names(page) == ["Pier", "Harbour", "Fjord"]
    assert get("export.csv", **query).status_code == 404


# --- empty states -----------------------------------------------------------------------------------------------------


def test_a_network_on_which_nobody_is_followed_says_what_to_do(browser, workspace):
    section = read(browser(Member.EDITOR).get(f"/w/{workspace.slug}/compare/bluesky/")).one("section", class_="empty")
    assert section.one("h2").text == "Nobody is followed on Bluesky yet"
    assert section.one("a", class_="button").attributes["href"] == f"/w/{workspace.slug}/competitors/?network=bluesky"


def test_who_only_reads_is_not_offered_what_only_editors_may_do(get, follow):
    assert "Ask an editor or an owner" in read(get()).one("section", class_="empty").text
    follow("Pier", 30, 30, 30, 30, 30)
    page = read(get())
    assert [link for link in page.one("main").all("a") if "/competitors/" in link.attributes["href"]] == []


def test_without_an_own_account_the_page_says_what_is_missing(get, follow):
    follow("Pier", 30)
    assert "None of these accounts is yours, so nothing says where you stand." in read(get()).text


def test_profiles_that_were_never_read_wait_without_figures_or_errors(get, workspace):
    TrackedProfileFactory(workspace=workspace)
    page = read(get())
    assert table(page).one("span", class_="state").text == "Waiting for its first reading"
    assert page.all("figure", class_="chart") == []


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_page_csv_and_json_hold_the_same_figures(get):
    (line,) = [line for line in csv.DictReader(StringIO(get("export.csv").content.decode())) if line["brand"] == "Pier"]
    (row,) = [row for row in json.loads(get("export.json").content)["rows"] if row["brand"]["name"] == "Pier"]
    shown = next(row for row in table(read(get())).one("tbody").all("tr") if "Pier" in row.text)
    rate = row["values"]["engagement_rate"]["value"]
    assert float(line["engagement_rate"]) == rate
    assert shown.all("data")[0].attributes["value"] == str(rate)


@pytest.mark.usefixtures("harbour")
def test_files_are_named_for_what_is_in_them(get):
    answer = get("export.csv", period="7d")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bluesky-20260222-20260228.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert get("export.json").headers["Content-Type"] == "application/json"


# --- pretend data, and budgets ----------------------------------------------------------------------------------------


def test_pretend_data_carries_its_ribbon_on_every_page_of_its_workspace(workspace, browser, follow):
    client = browser()

    def ribbons():
        pages = ("", "compare/bluesky/", "competitors/", "files/", "metrics/", "networks/", "settings/people/")
        return [len(read(client.get(f"/w/{workspace.slug}/{page}")).all("p", class_="ribbon")) for page in pages]

    follow("Pier", 30)
    assert set(ribbons()) == {0}
    follow("Anna", 30, pretend=True, handle="anna.demo.invalid")
    assert set(ribbons()) == {1}


@pytest.fixture
def queries(workspace, browser, django_assert_max_num_queries):
    """How many queries a page costs; it fails beyond its budget."""
    client = browser()

    def queries(page, *, budget):
        with django_assert_max_num_queries(budget) as asked:
            assert client.get(f"/w/{workspace.slug}/{page}").status_code == 200
        return len(asked)

    return queries


@pytest.mark.parametrize(("page", "budget"), [("compare/bluesky/", 27), ("", 16), ("compare/bluesky/export.csv", 14)])
def test_twice_the_rows_cost_the_same_queries(follow, queries, page, budget):
    for number in range(4):
        follow(f"Rival{number}", 10, 20, 30)
    queries(page, budget=budget + 1)  # the first visit remembers the workspace
    few = queries(page, budget=budget)
    for number in range(4, 12):
        follow(f"Rival{number}", 10, 20, 30, 40, 50, 60)
    assert queries(page, budget=budget) == few


def test_where_the_days_lie_after_all_that_is_known_the_last_known_ones_are_one_click_away(workspace, browser, harbour):
    for tracked in workspace.tracked.select_related("profile"):
        tracked.profile.history_to = NOON - timedelta(days=60)
        tracked.profile.save()
    client = browser(Member.VIEWER)
    page = read(client.get(f"/w/{workspace.slug}/compare/bluesky/"))
    (way,) = [link for link in page.all("a") if "the last days that are known" in link.text]
    assert way.attributes["href"] == "?start=2025-12-01&end=2025-12-30"  # the day before NOON - 60 days, and 29 before
    then = read(client.get(f"/w/{workspace.slug}/compare/bluesky/{way.attributes['href']}"))
    assert not [link for link in then.all("a") if "the last days that are known" in link.text]


def test_how_much_hangs_on_few_posts_is_a_part_of_the_page_and_a_page_of_its_own(workspace, browser, follow):
    follow("Bakery", 10, 10, 10, 10, 10, 500, role=Role.OWN)
    address = f"/w/{workspace.slug}/compare/bluesky/sensitivity/"

    alone = read(browser("viewer").get(address))
    part = read(browser("viewer").get(address, headers={"HX-Request": "true"}))

    for page in (alone, part):
        cells = [cell.text for cell in page.one("section", id="sensitivity").all("table")[2].one("tbody").all("td")]
        assert cells == ["91.7", "10", "91.7", "91.7"]  # 550 on 6 posts; 50 on 5
    assert alone.one("h1").text == "Bluesky"
    assert address in browser("viewer").get(f"/w/{workspace.slug}/compare/bluesky/").content.decode()
    assert browser("viewer").get(f"{address}?period=never").status_code == 404


def test_verdicts_and_drawn_rates_stand_beside_the_figures_they_are_about(workspace, browser, follow):
    follow("Bakery", *range(100, 120), role=Role.OWN)
    follow("Mill", *range(10, 30))
    for number in range(3):
        follow(f"Shop {number}", *[50 + number] * 5)

    page = read(browser("viewer").get(f"/w/{workspace.slug}/compare/bluesky/"))
    rate = page.one("details", id="made-engagement_rate")
    told = {row.one("th").text: [cell.text for cell in row.all("td")][4:] for row in rate.one("tbody").all("tr")}

    assert told["Mill"][0].replace("\N{NO-BREAK SPACE}", " ") == "ahead (>99.9 %)"
    assert told["Shop 0"][0] == "not enough posts"
    assert told["Bakery"][0] == ""
    assert told["Bakery"][1].endswith("(1)")


def test_any_metric_can_be_a_column(workspace, browser, follow):
    follow("Bakery", 10, 10, role=Role.OWN)

    asked = "metrics=longest_pause&metrics=active_days"
    page = read(browser("viewer").get(f"/w/{workspace.slug}/compare/bluesky/?{asked}"))

    heads = [head.text for head in page.all("table")[0].one("thead").all("th")]
    assert heads[1:] == ["Longest pause", "Days with a post, %"]
    chosen = [box.attributes["value"] for box in page.all("input") if "checked" in box.attributes]
    assert chosen == ["active_days", "longest_pause"]
