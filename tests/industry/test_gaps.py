"""What it takes to reach the middle of an industry, in arithmetic that can be done by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark import industry
from benchmark.industry.gaps import missing, rounded_up, unit_of
from benchmark.metrics import METRICS, Statistic
from benchmark.metrics.base import Better
from benchmark.networks import NETWORKS
from benchmark.reports.figures import short
from tests.factories.rows import CohortFigureFactory, IndustryFigureFactory

pytestmark = pytest.mark.django_db

TEN = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8)  # median 1.0, top quarter from 1.4


def gap(metric, value, *, followers=5_000.0, network="bluesky", days=30, basis="measured", named="retail", until=None):
    """The gap of one own account called Harbour."""
    member = industry.Member(named, followers, own=True)
    found = industry.ask_beside(NETWORKS[network], [METRICS[metric]], [member], until=until or date(2025, 6, 1))()
    account = industry.Account(0, 7, "Harbour", followers)
    return industry.gap_of(found, account, METRICS[metric], value, basis, days=days, write=short)


def test_a_rate_is_told_in_engagements_per_post():
    CohortFigureFactory.create(industry="retail", figures=TEN)

    found = gap("engagement_rate", 0.5)

    # 0.5 points of 5,000 followers are 25 engagements, 0.9 points are 45.
    assert (found.to_median, found.to_top_quarter, found.unit) == (25, 45, "engagements_per_post")
    assert (found.median, found.top_quarter, found.value, found.profiles) == (1.0, 1.4, 0.5, 9)
    assert (found.metric, found.tracked_id, found.kind, found.industry) == ("engagement_rate", 7, "cohort", "retail")
    assert found.sentence == (
        "Harbour, Engagement rate: 25 more engagements per post would reach the median (1.00\N{NO-BREAK SPACE}%)"
        " of 9 profiles in Retail, 45 more the top quarter (1.40\N{NO-BREAK SPACE}%)."
    )


def test_posts_per_week_are_told_in_posts():
    CohortFigureFactory.create(industry="retail", metric="posts_per_week", figures=(1.0, 2.0, 3.0, 5.0, 9.0))

    found = gap("posts_per_week", 2.0)

    assert (found.to_median, found.to_top_quarter, found.unit) == (1, 3, "posts_per_week")
    assert found.sentence == (
        "Harbour, Posts per week: 1 more post per week would reach the median (3) of 5 profiles in Retail,"
        " 3 more the top quarter (5)."
    )


def test_figures_per_post_are_told_in_what_they_count():
    CohortFigureFactory.create(industry="retail", metric="reactions_per_post", figures=(10.0, 20.0, 30.0, 40.0, 50.0))

    assert "7 more reactions per post would reach the median (30)" in gap("reactions_per_post", 23.0).sentence


@pytest.mark.parametrize(
    ("metric", "figures", "value", "days", "needed"),
    [
        # 100 followers in a month of 31 days are 22.58 a week.
        ("follower_growth", (0.0, 50.0, 100.0, 200.0, 300.0), 0.0, 31, 100 / 31 * 7),
        # The same over half the days: 50 are needed in 15.5 days.
        ("follower_growth", (0.0, 50.0, 124.0, 200.0, 300.0), 0.0, 62, 248 / 62 * 7),
        # 1 % more a week of 5,000 followers are 50.
        ("follower_growth_weekly", (0.0, 0.5, 1.0, 2.0, 3.0), 0.0, 30, 50),
        # From 25 % to 50 % of the 4,000 that there were before: 1,000 in 31 days.
        ("follower_growth_rate", (0.0, 25.0, 50.0, 60.0, 70.0), 25.0, 31, 1_000 / 31 * 7),
    ],
)
def test_growth_is_told_in_followers_per_week(metric, figures, value, days, needed):
    CohortFigureFactory.create(industry="retail", metric=metric, figures=figures)

    found = gap(metric, value, days=days)

    assert found.to_median == pytest.approx(needed)
    assert found.unit == "followers_per_week"
    assert "more followers won per week" in found.sentence


def test_above_the_median_only_the_top_quarter_is_left_and_in_it_nothing():
    CohortFigureFactory.create(industry="retail", figures=TEN)

    above = gap("engagement_rate", 1.2)
    assert (above.to_median, above.to_top_quarter) == (None, 10)
    assert above.sentence == (
        "Harbour, Engagement rate: 10 more engagements per post would reach the top quarter (1.40\N{NO-BREAK SPACE}%)"
        " of 9 profiles in Retail."
    )
    assert gap("engagement_rate", 1.4) is None


def test_the_cohort_is_named_by_industry_and_size():
    CohortFigureFactory.create(industry="retail", follower_tier="1k-10k", figures=TEN)
    assert "of 9 profiles in Retail with 1,000 to 10,000 followers," in gap("engagement_rate", 0.5).sentence

    CohortFigureFactory.create(figures=TEN)
    assert "of 9 profiles of all industries," in gap("engagement_rate", 0.5, named="media").sentence


def test_without_a_cohort_a_published_median_of_the_same_definition_is_aimed_at():
    found = gap("engagement_rate_mean", 0.02, network="facebook", followers=100_000.0)

    # 0.004 points of 100,000 followers are 4 engagements.
    assert (found.to_median, found.to_top_quarter, found.kind) == (4, None, "published")
    assert found.sentence == (
        "Harbour, Engagement rate, mean: 4 more engagements per post would reach the median (0.024\N{NO-BREAK SPACE}%)"
        " of Retail as published by Rival IQ for 2024."
    )


def test_the_industry_of_all_is_aimed_at_where_nothing_is_published_of_ours():
    assert (
        "of All industries as published by Rival IQ"
        in gap("engagement_rate_mean", 0.02, network="facebook", named="government").sentence
    )


@pytest.mark.parametrize(
    "fields",
    [{"target": False}, {"parts": "interactions"}, {"denominator": "followers"}, {"over_profiles": "mean"}],
)
def test_nobody_is_sent_after_a_figure_that_differs_or_is_no_target(fields):
    figure = {"industry": "government", "network": "facebook", "denominator": "followers_when_posted", "value": 9.0}
    IndustryFigureFactory.create(**figure | fields)
    found = gap("engagement_rate_mean", 0.02, network="facebook", named="government")
    assert found.industry == "all"


def test_a_published_top_quarter_of_the_same_source_is_told_too():
    both = {"industry": "government", "network": "facebook", "denominator": "followers_when_posted"}
    IndustryFigureFactory.create(**both, value=1.0)
    IndustryFigureFactory.create(**both, value=2.0, over_profiles="p75")
    IndustryFigureFactory.create(**both, value=3.0, over_profiles="p75", source="Another", publisher="Other")

    found = gap("engagement_rate_mean", 0.5, network="facebook", named="government")
    assert (found.to_median, found.to_top_quarter) == (25, 75)


def test_there_is_no_gap_without_a_figure_or_with_one_of_another_basis():
    CohortFigureFactory.create(industry="retail", figures=TEN)

    assert gap("engagement_rate", float("nan")) is None
    assert gap("engagement_rate", 0.5, basis="backfilled") is None
    assert gap("engagement_rate", 0.5, followers=float("nan")) is None


def test_a_gap_has_a_unit_only_where_more_of_something_closes_it():
    told = {key: "_".join(unit) for key, metric in METRICS.items() if (unit := unit_of(metric))}

    assert told["engagement_rate"] == told["engagements_per_post_median"] == "engagements_per_post"
    assert told["shares_per_post"] == "shares_per_post"
    assert {"share_of_voice", "engagement_rate_by_views", "followers", "posts", "engagement_rate_by_reach"}.isdisjoint(
        told
    )
    assert all(METRICS[key].better is Better.HIGHER for key in told)


@pytest.mark.parametrize(
    ("number", "written"), [(25, 25), (12.1, 13), (3.41, 3.5), (0.234, 0.24), (123.4, 124), (1234, 1240), (0.1, 0.1)]
)
def test_what_is_needed_is_rounded_up(number, written):
    assert rounded_up(number)[0] == written


@given(st.floats(1e-6, 1e12))
def test_rounding_up_never_takes_anything_off(number):
    assert rounded_up(number)[0] >= number * (1 - 1e-6)
    assert rounded_up(number)[0] <= number * 1.1000001


def test_what_is_needed_is_written_with_the_digits_that_it_has(db):
    CohortFigureFactory.create(industry="retail", metric="posts_per_week", figures=(1.0, 2.0, 3.0, 4.04, 5.0))

    assert ": 2.2 more posts per week would reach the median (3)" in gap("posts_per_week", 0.81).sentence
    assert ", 3.3 more the top quarter (4.04)" in gap("posts_per_week", 0.81).sentence


@given(
    st.sampled_from([metric for metric in METRICS.values() if unit_of(metric)]),
    st.floats(0, 50), st.floats(0.01, 50), st.floats(100, 1e6), st.integers(1, 365),
)  # fmt: skip
def test_what_is_missing_added_reaches_the_goal(metric, value, more, followers, days):
    goal = value + more
    needed = missing(metric, value, goal, followers=followers, days=days) or np.nan

    reached = {
        Statistic.GROWTH: needed / 7 * days,
        Statistic.GROWTH_RATE: needed / 7 * days / (followers / (1 + value / 100)) * 100,
        Statistic.GROWTH_WEEKLY: needed / followers * 100,
    }.get(metric.over_posts, needed)
    if metric.over_posts in {Statistic.MEAN, Statistic.MEDIAN, Statistic.RATIO_OF_SUMS} and len(metric.each.names) > 1:
        reached = needed / followers * metric.each.times
    assert value + reached == pytest.approx(goal)
    assert missing(metric, goal, goal, followers=followers, days=days) is None
    assert np.isfinite(needed)
