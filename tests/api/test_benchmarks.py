"""The benchmark by REST is the Report, and nothing but the Report."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from benchmark import reports
from benchmark.reports.periods import parse
from benchmark.reports.value import to_json
from tests.factories.rows import NOON, PostFactory, ProfileReadingFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon_of_the_last_of_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def followed(workspace):
    """A profile with 1,000 followers and twelve posts, read a week after the youngest."""
    profile = TrackedProfileFactory.create(workspace=workspace).profile
    profile.history_from, profile.history_to = NOON.date() - timedelta(days=90), NOW
    profile.save()
    ProfileReadingFactory(profile=profile, read_at=NOON - timedelta(days=90), followers=1000)
    for day in range(12):
        published_at = NOON + timedelta(days=day + 1)
        counts = {"reactions": 10 + day, "comments": 1, "shares": 0, "quotes": 0}
        PostFactory(profile=profile, published_at=published_at, read_at=NOW, **counts)
    return profile


def test_the_answer_is_the_report_to_the_byte(api, workspace, followed):
    answer = api().get("/api/v1/benchmarks/bluesky/?period=30d")
    report = reports.benchmark(workspace, "bluesky", parse("30d", now=NOW), now=NOW)
    assert answer.content == to_json(report)
    assert answer.headers["Content-Type"] == "application/json"


def test_a_figure_can_be_redone_by_hand(ask, followed):
    values = ask("benchmarks/bluesky/", start="2026-03-01", end="2026-03-30")["rows"][0]["values"]
    assert values["posts"]["value"] == 12
    assert values["engagements"]["value"] == sum(10 + day + 1 for day in range(12))
    assert values["engagement_rate"]["value"] == pytest.approx(100 * (16 + 17) / 2 / 1000)


def test_only_the_metrics_asked_for_are_answered(ask, followed):
    report = ask("benchmarks/bluesky/", metrics="posts,followers")
    assert [metric["key"] for metric in report["metrics"]] == ["posts", "followers"]
    assert set(report["rows"][0]["values"]) == {"posts", "followers"}


def test_posts_far_from_the_usual_are_listed_where_they_are_asked_for(ask, followed):
    good = PostFactory.create(profile=followed, published_at=NOON + timedelta(days=14), read_at=NOW, reactions=159)

    asked = ask("benchmarks/bluesky/", overperformance="true")
    (over,) = asked["overperforming"]

    # Twelve posts before it, of 11 to 22 engagements: three from each end, and the middle six come to 16.5.
    assert (over["id"], over["actual"], over["expected"], over["n"]) == (good.pk, 162, 16.5, 12)
    assert (over["score"], over["basis"], asked["underperforming"]) == (9.818181818, "same_kind", [])
    assert ask("benchmarks/bluesky/")["overperforming"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "fortnight"}, "period"),
        ({"start": "2026-03-01"}, "end"),
        ({"start": "2026-03-30", "end": "2026-03-01"}, "end"),
        ({"start": "yesterday", "end": "2026-03-01"}, "start"),
        ({"metrics": "posts,charm"}, "metrics"),
    ],
)
def test_a_question_that_makes_no_sense_names_the_argument(ask, followed, query, field):
    refused = ask("benchmarks/bluesky/", expect=400, **query)
    assert refused["fields"][0]["field"] == field


def test_an_unknown_network_is_not_found(ask):
    assert ask("benchmarks/myspace/", expect=404)["code"] == "network_unknown"


def test_a_network_that_gives_nothing_is_not_found_and_says_why(ask):
    refused = ask("benchmarks/pinterest/", expect=404)
    assert refused["code"] == "network_gives_nothing"
    assert refused["message"].startswith("Pinterest publishes nothing about other people's accounts")


def test_a_series_has_a_point_for_each_bucket(ask, followed):
    series = ask("benchmarks/bluesky/series/", metric="posts", interval="day", start="2026-03-01", end="2026-03-14")
    (line,) = series["lines"]
    assert len(series["buckets"]) == 14
    assert [point["value"] for point in line["points"]] == [0, *[1] * 12, 0]


@pytest.mark.parametrize(("wrong", "field"), [({"metric": "charm"}, "metrics"), ({"interval": "hour"}, "interval")])
def test_a_series_of_something_unknown_is_refused(ask, followed, wrong, field):
    refused = ask("benchmarks/bluesky/series/", expect=400, **{"metric": "posts", **wrong})
    assert refused["fields"][0]["field"] in {field, "metric"}


def test_another_workspace_sees_an_empty_table(api, followed):
    from tests.factories.accounts import WorkspaceFactory

    report = api(WorkspaceFactory.create()).get("/api/v1/benchmarks/bluesky/").json()
    assert report["rows"] == []


def test_twice_the_rows_cost_the_same_queries(api, workspace, followed):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = api()
    TrackedProfileFactory.create_batch(4, workspace=workspace)
    client.get("/api/v1/networks/")
    with CaptureQueriesContext(connection) as five:
        client.get("/api/v1/benchmarks/bluesky/")
    TrackedProfileFactory.create_batch(5, workspace=workspace)
    with CaptureQueriesContext(connection) as ten:
        assert len(client.get("/api/v1/benchmarks/bluesky/").json()["rows"]) == 10
    assert len(five) == len(ten)
