"""Where a figure lies among others, in arithmetic that can be done by hand, and what holds for any figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.industry.percentiles import POINTS, kept, over_days, padded, percentiles, quantiles
from benchmark.metrics.base import Statistic

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
COHORTS = st.lists(NUMBERS, min_size=5, max_size=120)


def percentile(figures, value):
    """The percentile of one figure in one distribution."""
    ascending, sizes = padded([np.sort(np.array(figures, dtype=float))])
    return float(percentiles(ascending, sizes, np.array([value], dtype=float))[0])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 0),
        (2, 25),
        (3, 50),
        (4, 75),
        (9, 100),
        (2.5, 37.5),  # half-way from the second to the third
        (6.5, 87.5),  # half-way from the fourth to the fifth
        (0, 0),
        (10, 100),
    ],
)
def test_a_figure_lies_between_those_of_its_cohort(value, expected):
    assert percentile([9, 1, 3, 2, 4], value) == expected


def test_of_several_equal_figures_the_middle_counts():
    assert percentile([0, 0, 0, 4, 8], 0) == 25  # places 0, 1 and 2 of 4
    assert percentile([1, 5, 5, 5, 8], 5) == 50
    assert percentile([1, 2, 8, 8, 8], 8) == 75
    assert percentile([3, 3, 3, 3, 3], 3) == 50


def test_what_is_not_known_has_no_percentile():
    assert np.isnan(percentile([1, 2, 3, 4, 5], float("nan")))


def test_many_figures_are_placed_in_distributions_of_several_sizes_at_once():
    ascending, sizes = padded([np.array([1.0, 2, 3, 4, 5]), np.array([10.0, 20, 30, 40, 50, 60, 70])])
    at = np.array([[0, 1, 0], [1, 1, 0]])
    figures = np.array([[2.0, 70, 5], [40, 5, np.nan]])

    found = percentiles(ascending[at], sizes[at], figures)

    assert np.array_equal(found, np.array([[25, 100, 100], [50, 0, np.nan]]), equal_nan=True)


def test_quantiles_are_linear_between_two_figures():
    figures = np.array([[1, 2, 3, 4, 9, 99], [10, 20, 30, 40, 50, 60]], dtype=float)

    found = quantiles(figures, np.array([5, 6]), np.array([0.1, 0.5, 1]))

    assert found == pytest.approx(np.array([[1.4, 3, 9], [15, 35, 60]]))


@given(COHORTS, NUMBERS, NUMBERS)
def test_a_higher_figure_never_has_a_lower_percentile(figures, one, other):
    low, high = sorted((one, other))
    assert percentile(figures, low) <= percentile(figures, high)


@given(COHORTS, NUMBERS)
def test_a_percentile_lies_from_0_to_100(figures, value):
    assert 0 <= percentile(figures, value) <= 100


@given(COHORTS)
def test_the_median_of_a_cohort_is_at_50_and_its_quartile_at_75_where_figures_differ(figures):
    figures = sorted(set(figures))
    if len(figures) < 5:
        return
    middle, upper = quantiles(np.array([figures]), np.array([len(figures)]), np.array([0.5, 0.75]))[0]
    assert percentile(figures, middle) == pytest.approx(50, abs=1e-3)
    assert percentile(figures, upper) == pytest.approx(75, abs=1e-3)


@given(COHORTS, NUMBERS, st.floats(0.001, 1000))
def test_scaling_a_cohort_and_a_figure_alike_changes_no_percentile(figures, value, times):
    scaled = percentile([figure * times for figure in figures], value * times)
    assert scaled == pytest.approx(percentile(figures, value), abs=100 / (len(figures) - 1))


@given(st.lists(NUMBERS, min_size=POINTS + 1, max_size=2_000, unique=True), st.data())
def test_a_large_cohort_loses_no_more_than_a_step_by_being_stored_short(figures, data):
    ascending = np.sort(np.array(figures))
    (short,) = kept(ascending[None], np.array([len(ascending)]))
    value = data.draw(st.sampled_from(figures))

    assert len(short) == POINTS
    assert abs(percentile(short, value) - percentile(ascending, value)) <= 100 / (POINTS - 1)


@pytest.mark.parametrize(
    ("statistic", "figure", "expected"),
    [
        (Statistic.SUM, 90, 30),  # of 90 days, for a month of 30
        (Statistic.TOTAL, 90, 30),
        (Statistic.GROWTH, -9, -3),
        (Statistic.GROWTH_RATE, 33.1, 10),  # 1.1 three times
        (Statistic.MEDIAN, 5, 5),
        (Statistic.PER_WEEK, 5, 5),
        (Statistic.AT_END, 5, 5),
        (Statistic.GROWTH_WEEKLY, 5, 5),
    ],
)
def test_figures_that_grow_with_their_period_are_compared_by_what_a_day_brings(statistic, figure, expected):
    assert over_days(np.array([figure]), statistic, days=30, instead_of=90) == pytest.approx([expected])
