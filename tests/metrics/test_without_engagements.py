"""A network whose posts are only watched, such as Twitch: views are compared, and engagements are not published."""

from csv import DictReader
from io import StringIO

import pytest
from django.test import Client

from benchmark.exports import csv
from benchmark.metrics import METRICS
from benchmark.models import ProfileDay
from benchmark.networks import NETWORKS
from benchmark.reports.build import metric_infos
from benchmark.rollups import rebuild_days
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.factories.drawing import MARCH, NOW, drawn, follow, moment, profile, reading, report, values_of

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


def test_a_file_leaves_the_place_of_engagements_empty(workspace):
    lines = list(DictReader(StringIO(csv.benchmark(report(workspace, "twitch")), newline="")))

    assert [(line["engagements"], line["views"]) for line in lines] == [("", "1500")] * 2
