"""Profiles with few posts are drawn towards the middle, by arithmetic that can be redone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.metrics.shrinkage import POOLED_WEIGHS, shrunken


def rates(*groups):
    return [np.array(group, dtype=np.float64) for group in groups]


def drawn(*groups):
    """The profiles drawn together, where there are enough of them."""
    found = shrunken(rates(*groups))
    assert found is not None
    return found


def around(middle, *, times=2.0):
    """Three posts whose logs have this mean and a sum of squares of 2 x log(times) squared."""
    return [middle / times, middle, middle * times]


def test_profiles_whose_means_differ_no_more_than_chance_are_one():
    found = drawn(*[around(middle) for middle in (1.0, 1.1, 0.9, 1.05, 0.95)])

    middle = math.exp(np.log([1.0, 1.1, 0.9, 1.05, 0.95]).mean())
    # Nothing is left between them, and the pull is held back to (5 - 3) / (5 - 1) = a half.
    assert found.weight == pytest.approx([0.5] * 5)
    assert found.value[1] == pytest.approx(math.sqrt(middle * 1.1))


def test_profiles_that_differ_more_than_chance_keep_more_of_their_own():
    middles = (0.1, 0.25, 1.0, 4.0, 10.0)
    found = drawn(*[around(middle) for middle in middles])

    pooled = math.log(2) ** 2  # of each: 2 log(2)^2 over 2
    unsure = (2 * pooled + POOLED_WEIGHS * pooled) / (2 + POOLED_WEIGHS) / 3
    between = np.log(middles).var(ddof=1) - unsure  # all are equally unsure
    assert found.weight == pytest.approx([1 - unsure / (unsure + between) / 2] * 5)
    assert found.value[2] == pytest.approx(1.0)
    assert 0.1 < found.value[0] < 0.25
    assert 4.0 < found.value[4] < 10.0


def test_fewer_than_five_profiles_or_three_posts_are_left_alone():
    assert shrunken(rates(*[around(1)] * 4)) is None
    assert shrunken(rates(*[around(1)] * 4, [1.0, 2.0])) is None

    found = drawn(*[around(middle) for middle in range(1, 6)], [1.0, 2.0], [0.0, 0.0, 0.0])
    assert np.isnan(found.value[5:]).all()
    assert not np.isnan(found.value[:5]).any()


def test_a_post_without_engagement_counts_as_half_of_the_smallest():
    with_zero = drawn([0.0, 2.0, 4.0], *[around(middle) for middle in (1, 2, 3, 4)])
    with_half = drawn([1.0, 2.0, 4.0], *[around(middle) for middle in (1, 2, 3, 4)])

    assert with_zero.value.tolist() == with_half.value.tolist()


def test_where_no_post_differs_from_another_there_is_nothing_to_draw():
    assert shrunken(rates(*[[2.0, 2.0, 2.0]] * 5)) is None


@settings(max_examples=60)
@given(st.lists(st.lists(st.floats(0.01, 100), min_size=3, max_size=12), min_size=5, max_size=12))
def test_the_drawn_rate_lies_between_the_own_one_and_the_middle(groups):
    found = shrunken(rates(*groups))
    if found is None:
        return
    means = [np.log(group).mean() for group in groups]
    assert min(means) - 1e-9 <= np.log(found.value).min()
    assert np.log(found.value).max() <= max(means) + 1e-9
    assert ((found.weight >= 0) & (found.weight <= 1)).all()


@given(st.floats(0.001, 1000))
def test_rates_times_as_large_are_drawn_to_places_times_as_large(times):
    groups = [around(middle) for middle in (0.1, 0.3, 1.0, 3.0, 10.0)]

    found = drawn(*[[rate * times for rate in group] for group in groups])

    assert found.value == pytest.approx(drawn(*groups).value * times)
