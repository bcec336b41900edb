"""How much figures hang on few posts, young ones and hidden counts, by arithmetic that can be redone."""

import json

import pytest

from benchmark import reports
from benchmark.reports import periods
from benchmark.reports.value import to_json
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import MARCH, NOW, drawn, follow, profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def sensitivity(workspace, *metrics):
    period = periods.parse(start=MARCH["start"], end=MARCH["end"], now=NOW)
    return reports.sensitivity(workspace, "bluesky", period, metrics=metrics or None, now=NOW)


def variants(workspace, metric):
    (row,) = sensitivity(workspace, metric).rows
    return {key: (point.value if point.reason is None else point.reason) for key, point in row.values[metric].items()}


@pytest.fixture
def one(workspace):
    found = profile()
    follow(workspace, found)
    return found


SIX = """
    posted      read              reactions  comments  shares  quotes  followers
    2025-03-01  2025-04-01T12:00         10         0       0       0       1000
    2025-03-02  2025-04-01T12:00         20         0       0       0       1000
    2025-03-03  2025-04-01T12:00         30         0       0       0       1000
    2025-03-04  2025-04-01T12:00         40         -       0       0       1000
    2025-03-05  2025-04-01T12:00        500         0       0       0       1000
    2025-03-31  2025-03-31T13:00         60         0       0       0       1000
    """


def test_each_variant_is_the_same_figure_over_other_posts(workspace, one):
    drawn(SIX, of=one)

    assert variants(workspace, "engagements_per_post") == {
        "as_it_is": (10 + 20 + 30 + 500) / 4,
        "without_top_posts": (10 + 20 + 30) / 3,
        "with_young_posts": (10 + 20 + 30 + 500 + 60) / 5,
        "hidden_as_nothing": (10 + 20 + 30 + 40 + 500) / 5,
    }


def test_a_twentieth_of_the_posts_is_left_out_and_one_at_least(workspace, one):
    lines = (f"2025-03-{1 + number % 28:02} {number + 1} 0 0 0\n" for number in range(41))
    drawn("posted reactions comments shares quotes\n" + "".join(lines), of=one)

    # Of 41 posts a twentieth is 2.05, so that three go: 41, 40 and 39.
    assert variants(workspace, "reactions")["without_top_posts"] == sum(range(1, 39))
    assert variants(workspace, "reactions")["as_it_is"] == sum(range(1, 42))


def test_what_has_too_few_posts_left_says_so(workspace, one):
    drawn("posted reactions comments shares quotes followers\n" + "2025-03-05 1 0 0 0 1000\n" * 5, of=one)

    assert variants(workspace, "engagement_rate") == {
        "as_it_is": 0.1,
        "without_top_posts": "not_enough_posts",
        "with_young_posts": 0.1,
        "hidden_as_nothing": 0.1,
    }


def test_the_usual_rates_are_told_unless_others_are_asked_for(workspace, one):
    drawn(SIX, of=one)
    found = sensitivity(workspace)

    assert [info.key for info in found.metrics] == ["engagement_rate", "engagement_rate_mean", "engagements_per_post"]
    told = json.loads(to_json(found))
    assert [variant["key"] for variant in told["variants"]] == list(told["rows"][0]["values"]["engagement_rate"])


def test_nobody_followed_is_no_error(workspace):
    assert sensitivity(workspace).rows == ()
