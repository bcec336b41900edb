"""Intervals hold what they promise, and many groups at once have those of each alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.metrics import intervals, statistics
from tests.metrics.groups import laid_out


@pytest.mark.parametrize("n", [*range(9, 400), 1000, 1001, 2500])
def test_the_ends_of_a_median_are_the_innermost_ones_that_95_of_100_samples_allow(n):
    below = int(intervals.orders(np.array([n]))[0])

    def left_out(ends):
        """The chance that the median lies below the given number of smallest posts, in whole numbers."""
        return sum(math.comb(n, k) for k in range(ends + 1)) * 1000

    assert left_out(below) <= 25 * 2**n
    assert left_out(below + 1) > 25 * 2**n


def test_a_median_of_nine_posts_reaches_from_the_second_to_the_eighth():
    figures = laid_out([[50, 10, 90, 30, 70, 20, 80, 40, 60], list(range(8)), []])
    low, high = intervals.median_intervals(np.sort(figures, axis=-1), statistics.sizes(figures))

    assert (low[0][0], high[0][0]) == (20, 80)
    assert np.isnan(low[0][1:]).all()
    assert np.isnan(high[0][1:]).all()


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 10**6), min_size=9, max_size=60), min_size=1, max_size=4))
def test_the_interval_of_a_mean_holds_the_mean_and_repeats_itself(groups):
    figures = laid_out(groups)
    low, high = intervals.mean_intervals(figures)
    again = intervals.mean_intervals(figures)

    np.testing.assert_array_equal(low, again[0])
    np.testing.assert_array_equal(high, again[1])
    for group, lowest, highest in zip(groups, low[0], high[0], strict=True):
        if any(group):
            mean = sum(group) / len(group)
            assert 0 <= lowest <= mean * (1 + 1e-9)
            assert highest >= mean * (1 - 1e-9)
        else:
            assert math.isnan(lowest)
            assert math.isnan(highest)


def test_two_posts_far_apart_do_not_disturb_the_interval_of_nine_others():
    nine = list(range(1, 10))

    low, high = intervals.mean_intervals(laid_out([[1, 10**6], nine]))
    alone = intervals.mean_intervals(laid_out([nine]))

    assert np.isnan([low[0][0], high[0][0]]).all()
    np.testing.assert_allclose([low[0][1], high[0][1]], [alone[0][0][0], alone[1][0][0]])


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**6), min_size=9, max_size=40), st.sampled_from([1e-6, 0.01, 3.0, 1e6]))
def test_figures_times_as_large_have_an_interval_times_as_large(group, times):
    low, high = intervals.mean_intervals(laid_out([group]))
    of_larger = intervals.mean_intervals(laid_out([[figure * times for figure in group]]))

    np.testing.assert_allclose(of_larger, [low * times, high * times], rtol=1e-6)


@pytest.mark.parametrize(("posts", "spread"), [(9, 1.0), (12, 1.2), (30, 1.2), (100, 1.5)])
def test_the_interval_of_a_mean_covers_the_true_mean_of_skewed_posts(posts, spread):
    draws = np.random.default_rng(7).lognormal(mean=3, sigma=spread, size=(1500, posts))
    true = math.exp(3 + spread**2 / 2)

    low, high = intervals.mean_intervals(draws[None])

    assert ((low <= true) & (true <= high)).mean() >= 0.94


def test_of_two_intervals_the_wider_one_is_told():
    # Nine posts of e and e cubed: logs of mean 2 and, with eight over the nine, a variance of 8 / 9 x 9 / 8 = 1.
    group = [math.e] * 4 + [math.e**3] * 4 + [math.e**2]
    low, high = intervals.log_normal(laid_out([group]), np.array([[9]]))
    # chi squared with eight degrees lies between 2.17973 and 17.53455 in 95 of 100 cases.
    below = math.sqrt(1.959964**2 / 9 + (0.5 * (1 - 8 / 17.53455)) ** 2)
    above = math.sqrt(1.959964**2 / 9 + (0.5 * (8 / 2.17973 - 1)) ** 2)
    assert (low[0][0], high[0][0]) == pytest.approx((math.exp(2.5 - below), math.exp(2.5 + above)), rel=1e-5)

    wider = intervals.mean_intervals(laid_out([group]))
    assert wider[0][0][0] <= low[0][0]
    assert wider[1][0][0] >= high[0][0]


def test_a_group_longer_than_a_chunk_of_weights_has_the_interval_of_the_central_limit():
    posts = np.random.default_rng(3).normal(100, 10, size=3 * intervals.CHUNK + 17)
    low, high = intervals.mean_intervals(posts[None, None])

    half = 1.96 * posts.std() / math.sqrt(len(posts))
    assert low[0][0] == pytest.approx(posts.mean() - half, abs=half * 0.3)
    assert high[0][0] == pytest.approx(posts.mean() + half, abs=half * 0.3)


def test_fewer_than_nine_posts_have_no_interval():
    figures = laid_out([list(range(1, 9)), list(range(1, 10))])
    low, high = intervals.mean_intervals(figures)

    assert np.isnan([low[0][0], high[0][0]]).all()
    assert low[0][1] < 5 < high[0][1]


def test_a_ratio_of_sums_over_equal_posts_has_the_interval_of_the_mean():
    posts = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    ratio = intervals.ratio_intervals(laid_out([posts])[0:1], laid_out([[2] * len(posts)])[0:1])
    mean = intervals.mean_intervals(laid_out([[figure / 2 for figure in posts]]))

    np.testing.assert_allclose(ratio, mean)


def test_the_interval_of_a_ratio_of_sums_is_about_posts_on_which_both_sides_are_known():
    above = laid_out([[10, math.nan, 30, 20, 10, 10, 10, 10, 10, 10]])
    below = laid_out([[100, 1, 300, 200, 100, 100, 100, 100, 100, 100]])

    low, high = intervals.ratio_intervals(above, below)

    # Every post has a tenth: drawn anew, the ratio never varies; only the log-normal one asks how large posts are.
    alone = intervals.log_normal(np.where(np.isnan(above), np.nan, above / (1200 / 9)), np.array([[9]]))
    assert low[0][0] == pytest.approx(min(0.1, alone[0][0][0]))
    assert high[0][0] == pytest.approx(max(0.1, alone[1][0][0]))
