"""Ranks, the competitors' middle, and what may be held against what."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.comparison import apart, compare, rounded
from benchmark.metrics import METRICS
from benchmark.metrics.figures import Figures

RATE = METRICS["engagement_rate"]


def figures(values, leagues=None):
    column = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    leagues = leagues or ["measured"] * len(values)
    return Figures(
        value=column,
        n=np.full(len(values), 10),
        low=column - 1,
        high=column + 1,
        change=np.full(len(values), math.nan),
        percent=np.full(len(values), math.nan),
        change_bases=["all"] * len(values),
        reasons=[None if value is not None else "not_enough_posts" for value in values],
        bases=[None if value is None else league for value, league in zip(values, leagues, strict=True)],
        leagues=leagues,
    )


def compared(values, leagues=None, own=()):
    return compare([RATE], [figures(values, leagues)], [row in own for row in range(len(values))])[0]


def test_equal_rows_share_the_better_rank():
    assert compared([3, 7, 7, 1, None]).ranks == [3, 1, 1, 4, None]
    assert compared([3, 7, 7, 1, None]).of == [4, 4, 4, 4, None]


def test_rows_of_another_basis_are_ranked_among_themselves():
    standing = compared([5, 4, 3, 2], ["measured", "backfilled", "measured", "backfilled"])

    assert standing.ranks == [1, 1, 2, 2]
    assert standing.of == [2, 2, 2, 2]


def test_the_middle_is_that_of_the_competitors_alone():
    standing = compared([100, 1, 2, 6], own={0})

    assert (standing.middle, standing.mean, standing.n, standing.basis) == (2, 3, 3, "measured")


def test_the_middle_is_that_of_the_most_frequent_basis():
    standing = compared([50, 9, 1, 3], ["measured", "measured", "backfilled", "backfilled"], own={0})

    assert (standing.middle, standing.n, standing.basis, standing.league) == (2, 2, "backfilled", "backfilled")


def test_without_competitors_there_is_no_middle():
    standing = compared([50, None], own={0})

    assert (standing.middle, standing.mean, standing.n, standing.basis) == (None, None, 0, None)


@given(st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=12))
def test_a_rank_says_how_many_are_better(values):
    ranks = compared(values).ranks

    for value, rank in zip(values, ranks, strict=True):
        if value is None:
            assert rank is None
        else:
            assert rank == 1 + sum(other > value for other in values if other is not None)


@pytest.mark.parametrize(
    ("low", "high", "other", "outside"),
    [(1, 3, 2, False), (1, 3, 3, False), (1, 3, 3.1, True), (1, 3, 0, True), (math.nan, 3, 9, False)],
)
def test_a_figure_is_told_apart_only_outside_an_interval(low, high, other, outside):
    assert apart(low, high, other) is outside


def test_one_figure_is_rounded_like_a_column():
    assert rounded(2 / 3) == 0.6666666667
    assert rounded(None) is None
