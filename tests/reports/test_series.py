"""One metric over time, by the same definitions as in a report."""

from datetime import date

import pytest

from benchmark import reports
from benchmark.reports import periods
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, profile, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def course(workspace, metric, interval, start="2025-03-01", end="2025-03-31"):
    period = periods.parse(start=start, end=end, now=NOW)
    return reports.series(workspace, "bluesky", metric, interval, period, now=NOW)


def values(series, row=0):
    return [point.value for point in series.lines[row].points]


def test_weeks_run_from_monday_to_sunday_and_are_cut_at_the_ends(workspace):
    found = course(workspace, "posts", "week", start="2025-03-05", end="2025-03-18")

    assert [(bucket.start, bucket.end) for bucket in found.buckets] == [
        (date(2025, 3, 5), date(2025, 3, 9)),
        (date(2025, 3, 10), date(2025, 3, 16)),
        (date(2025, 3, 17), date(2025, 3, 18)),
    ]


def test_months_end_with_the_calendar(workspace):
    found = course(workspace, "posts", "month", start="2024-01-15", end="2024-03-02")

    assert [bucket.end for bucket in found.buckets] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 2)]


def test_posts_and_their_counts_fall_into_the_days_they_were_published_on(workspace):
    one, late = profile(), profile(history_from=date(2025, 3, 3))
    for each in (one, late):
        follow(workspace, each)
        drawn(
            """
            posted            reactions  comments  shares  quotes
            2025-03-02T00:00          5         1       0       0
            2025-03-02T23:59          7         0       0       0
            2025-03-04                -         0       0       0
            """,
            of=each,
        )

    posts = course(workspace, "posts", "day", end="2025-03-04")
    engagements = course(workspace, "engagements", "day", end="2025-03-04")

    assert values(posts) == [0, 2, 0, 1]
    assert values(engagements) == [0, 13, 0, None]
    assert engagements.lines[0].points[3].reason == "hidden"
    assert values(posts, row=1) == [None, None, 0, 1]
    assert posts.lines[1].points[0].reason == "history_starts_later"


def test_followers_stand_at_the_end_of_each_day_and_a_gap_stays_a_gap(workspace):
    one = profile()
    follow(workspace, one)
    readings("at followers\n2025-03-03T00:00 100\n2025-03-05T00:00 300", of=one)

    found = course(workspace, "followers", "day", end="2025-03-14")

    assert values(found) == [100, 100, 200, 300, 300, 300, 300, 300, 300, 300, 300, None, None, None]


def test_a_rate_needs_its_posts_in_every_bucket(workspace):
    one = profile()
    follow(workspace, one)
    drawn("posted reactions comments shares quotes followers\n" + "2025-03-04 10 0 0 0 1000\n" * 5, of=one)

    found = course(workspace, "engagement_rate", "week", end="2025-03-16")

    assert values(found) == [None, 1, None]
    assert found.lines[0].points[2].reason == "not_enough_posts"


def test_shares_are_those_of_the_bucket(workspace):
    for count in (1, 3):
        each = profile()
        follow(workspace, each)
        drawn(f"posted reactions comments shares quotes\n2025-03-04 {count} 0 0 0", of=each)

    found = course(workspace, "share_of_voice", "month")

    assert (values(found), values(found, row=1)) == ([25], [75])


@pytest.mark.parametrize(
    ("metric", "interval", "code", "field"),
    [("charisma", "day", "metric_unknown", "metrics"), ("posts", "hour", "interval_unknown", "interval")],
)
def test_an_unknown_metric_or_interval_is_refused(workspace, metric, interval, code, field):
    with pytest.raises(reports.MetricRefused) as refusal:
        course(workspace, metric, interval)

    assert (refusal.value.code, refusal.value.field) == (code, field)
