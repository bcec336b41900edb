"""Medians, means and intervals of many groups at once equal those of each group alone."""

import math
import statistics as plain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.metrics import statistics

COUNTS = st.one_of(st.integers(0, 10**9), st.just(math.nan))
GROUPS = st.lists(st.lists(COUNTS, max_size=40), min_size=1, max_size=6)


def laid_out(groups):
    """The groups as the engine sees them: one row of figures, padded."""
    figures = np.array([[float(figure) for group in groups for figure in group]])
    group = np.array([number for number, posts in enumerate(groups) for _ in posts], dtype=np.int64)
    return statistics.padded(figures, statistics.places(group, len(groups)))


def known(group):
    return [figure for figure in group if not math.isnan(figure)]


@given(GROUPS)
def test_sizes_sums_and_medians_are_those_of_each_group_alone(groups):
    figures = laid_out(groups)
    n = statistics.sizes(figures)

    assert n[0].tolist() == [len(known(group)) for group in groups]
    assert statistics.sums(figures)[0].tolist() == pytest.approx([sum(known(group)) for group in groups])
    medians = statistics.medians(np.sort(figures, axis=-1), n)[0]
    for group, median in zip(groups, medians, strict=True):
        if known(group):
            assert median == pytest.approx(plain.median(known(group)), rel=1e-12)
        else:
            assert math.isnan(median)


@pytest.mark.parametrize("n", [*range(9, 400), 1000, 1001, 2500])
def test_the_ends_of_a_median_are_the_innermost_ones_that_95_of_100_samples_allow(n):
    below = int(statistics.orders(np.array([n]))[0])

    def left_out(ends):
        """The chance that the median lies below the given number of smallest posts, in whole numbers."""
        return sum(math.comb(n, k) for k in range(ends + 1)) * 1000

    assert left_out(below) <= 25 * 2**n
    assert left_out(below + 1) > 25 * 2**n


def test_a_median_of_nine_posts_reaches_from_the_second_to_the_eighth():
    figures = laid_out([[50, 10, 90, 30, 70, 20, 80, 40, 60], list(range(8)), []])
    low, high = statistics.median_intervals(np.sort(figures, axis=-1), statistics.sizes(figures))

    assert (low[0][0], high[0][0]) == (20, 80)
    assert np.isnan(low[0][1:]).all()
    assert np.isnan(high[0][1:]).all()


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 10**6), min_size=2, max_size=60), min_size=1, max_size=4))
def test_the_interval_of_a_mean_lies_within_the_posts_and_repeats_itself(groups):
    figures = laid_out(groups)
    low, high = statistics.mean_intervals(figures)
    again = statistics.mean_intervals(figures)

    assert (low == again[0]).all()
    assert (high == again[1]).all()
    for group, lowest, highest in zip(groups, low[0], high[0], strict=True):
        assert min(group) - 1e-6 <= lowest <= highest <= max(group) + 1e-6


def test_the_interval_of_a_mean_covers_the_true_mean_about_95_times_in_100():
    draws = np.random.default_rng(7).lognormal(mean=3, sigma=0.5, size=(400, 60))
    low, high = statistics.mean_intervals(draws[None])
    true = math.exp(3 + 0.5**2 / 2)

    covered = ((low <= true) & (true <= high)).mean()

    assert 0.90 <= covered <= 0.98


def test_a_group_longer_than_a_chunk_of_weights_has_the_interval_of_the_central_limit():
    posts = np.random.default_rng(3).normal(100, 10, size=3 * statistics.CHUNK + 17)
    low, high = statistics.mean_intervals(posts[None, None])

    half = 1.96 * posts.std() / math.sqrt(len(posts))
    assert low[0][0] == pytest.approx(posts.mean() - half, abs=half * 0.25)
    assert high[0][0] == pytest.approx(posts.mean() + half, abs=half * 0.25)


def test_the_interval_of_a_ratio_of_sums_is_about_posts_on_which_both_sides_are_known():
    above, below = laid_out([[10, math.nan, 30, 20]]), laid_out([[100, 1, 300, 200]])

    low, high = statistics.ratio_intervals(above, below)

    assert low[0][0] == pytest.approx(0.1)
    assert high[0][0] == pytest.approx(0.1)
