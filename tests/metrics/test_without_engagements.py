"""A network whose posts are only watched, such as Twitch: views are compared, and engagements are not published."""

from csv import DictReader
from datetime import date
from io import StringIO

import pytest
from django.test import Client

from benchmark.exports import csv, plain
from benchmark.metrics import METRICS, REASONS_OF_SEVERAL, opening
from benchmark.models import ProfileDay
from benchmark.networks import NETWORKS
from benchmark.reports.build import metric_infos
from benchmark.rollups import rebuild_days
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.factories.drawing import MARCH, NOW, drawn, follow, moment, profile, reading, report, values_of
from tests.web.reading import read

pytestmark = pytest.mark.django_db

WATCHED = """
    posted      views
    2025-03-01    100
    2025-03-05    200
    2025-03-09    300
    2025-03-13    400
    2025-03-17    500
    """


@pytest.fixture
def workspace():
    """Two channels on Twitch, one of them ours."""
    workspace = WorkspaceFactory.create()
    for own in (True, False):
        channel = profile("twitch")
        follow(workspace, channel, own=own)
        drawn(WATCHED, of=channel)
        reading(channel, NOW, 1000)
    return workspace


def test_views_are_compared(workspace):
    found = report(workspace, "twitch")

    for row in found.rows:
        assert (row.values["views"].value, row.values["views_per_post_median"].value) == (1500, 300)
        assert row.values["reach_per_post_median"].basis == "published_views"


def test_what_is_made_of_engagements_is_not_published(workspace):
    found = report(workspace, "twitch")
    made_of_them = [key for key, metric in METRICS.items() if metric.uses_engagements and metric.default]

    assert "engagement_rate" in made_of_them
    assert "share_of_voice" in made_of_them
    for row in found.rows:
        assert {(row.values[key].value, row.values[key].reason) for key in made_of_them} == {(None, "not_published")}
    assert found.top_posts == ()
    assert "hidden_parts" not in [caution.code for caution in found.warnings]


def test_without_posts_nothing_is_watched_and_engagements_are_still_not_published(workspace):
    quiet = profile("twitch")
    follow(workspace, quiet)
    keys = ["posts", "views", "engagements", "engagements_per_day", "weighted_engagements", "share_of_voice"]

    values = values_of(report(workspace, "twitch", metrics=keys), quiet)

    assert (values["posts"].value, values["views"].value) == (0, 0)
    assert {(values[key].value, values[key].reason) for key in keys[2:]} == {(None, "not_published")}


def test_no_metric_of_engagements_is_offered():
    offered = {info.key for info in metric_infos(NETWORKS["twitch"])}

    assert {"views", "views_per_post_median", "followers", "posts"} <= offered
    assert not {key for key in offered if METRICS[key].uses_engagements}


def test_a_day_knows_its_views_and_no_engagements(workspace):
    channel = follow(workspace, profile("twitch")).profile
    drawn(WATCHED, of=channel)

    rebuild_days(channel, [moment("2025-03-05").date()])

    day = ProfileDay.objects.get(profile=channel)
    assert (day.posts, day.views, day.engagements, day.engagements_known) == (1, 200, None, 0)


@pytest.mark.parametrize("page", ["", "compare/twitch/", "compare/twitch/export.csv", "networks/", "metrics/"])
def test_every_page_stands_without_engagements(workspace, page):
    browser = Client()
    browser.force_login(owner_of(workspace))

    answer = browser.get(f"/w/{workspace.slug}/{page}", MARCH)

    assert answer.status_code == 200


def looked_at(workspace, page):
    browser = Client()
    browser.force_login(owner_of(workspace))
    return read(browser.get(f"/w/{workspace.slug}/{page}", MARCH)).one("main")


def test_a_file_leaves_the_place_of_engagements_empty(workspace):
    lines = list(DictReader(StringIO(csv.benchmark(report(workspace, "twitch")), newline="")))

    assert [(line["engagements"], line["views"]) for line in lines] == [("", "1500")] * 2


def test_the_page_opens_with_what_the_network_offers(workspace):
    page = looked_at(workspace, "compare/twitch/")

    heads = [head.text for head in page.one("div", id="comparison").all("th", scope="col")]
    assert heads == [
        "Profile",
        "Views per post, median",
        "Views",
        "Posts per week",
        "Share of posts, %",
        "Follower growth rate, %",
        "Followers",
    ]
    assert "Engagement rate as" not in page.text
    assert "in views per post, median" in page.one("ol", class_="findings").text


def test_the_first_page_shows_what_the_network_offers(workspace, time_machine):
    time_machine.move_to(moment("2025-03-29"), tick=False)
    card = looked_at(workspace, "").one("article", class_="glance")

    assert "Views per post, median" in card.text
    assert card.one("p", class_="glance-figure").text == "300"
    assert "level with the competitors' median of 300" in card.text


def test_a_terminal_shows_what_the_network_offers(workspace):
    head = next(line for line in plain.benchmark(report(workspace, "twitch")).splitlines() if "Followers" in line)

    assert "Views per post, median" in head
    assert "Engagement" not in head


@pytest.mark.parametrize("network", NETWORKS.values(), ids=str)
def test_every_network_opens_with_metrics_that_it_offers(network):
    opened = opening(network)

    assert opened
    assert all(METRICS[key].offered_by(network) for key in opened)
    assert any(METRICS[key].uses_engagements for key in opened) is bool(network.engagement_parts)


@pytest.mark.parametrize("metrics", [None, ["views_per_post_median"]])
def test_where_nothing_can_be_compared_the_reason_is_not_that_of_the_engagements(metrics):
    workspace = WorkspaceFactory.create()
    for own in (True, False):
        follow(workspace, profile("twitch", history_from=date(2025, 3, 20)), own=own)

    leads = report(workspace, "twitch", metrics=metrics).sentences[0]

    assert leads.code == "nothing_to_compare"
    assert str(REASONS_OF_SEVERAL["history_starts_later"]) in leads.text
