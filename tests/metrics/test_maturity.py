"""How counts grow with age: factors that a reader can do by hand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.metrics import maturity
from benchmark.metrics.factors import settled_at, shipped_with
from benchmark.metrics.maturity import Curve, Factor
from benchmark.networks import NETWORKS

NOT_READ = float("nan")


def factor(hours, times, *, posts=100, low=None, high=None):
    """A factor in plain numbers."""
    middle = math.log(times)
    ends = (middle if end is None else math.log(end) for end in (low, high))
    return Factor(hours, posts, middle, *ends)


def learnt(posts, hours=(24, 48)):
    """Factors of drawn posts, each with its counts at these ages and its final one."""
    counts = np.array([counts for *counts, _final in posts], dtype=float)
    ages = np.where(np.isnan(counts), np.nan, np.array(hours, dtype=float))
    return ages, counts, np.array([final for *_counts, final in posts], dtype=float)


def fit(hours, counts, final) -> Any:
    """What `maturity.fit` learns, where nothing is missing."""
    return maturity.fit(hours, counts, final)


def test_the_factor_is_the_middle_of_final_by_count():
    at_a_day, at_two = fit(*learnt([(100, 200, 200), (50, 75, 150), (20, 70, 80)]))

    assert math.exp(at_a_day.middle) == pytest.approx(3)  # of 2, 3 and 4
    assert math.exp(at_two.middle) == pytest.approx(80 / 70)  # of 1, 2 and 8/7
    assert (at_a_day.hours, at_a_day.posts) == (24, 3)


def test_the_range_leaves_a_tenth_of_the_posts_on_either_side():
    nineteen = [(100, NOT_READ, 100 + 10 * number) for number in range(1, 20)]

    found, _ = fit(*learnt(nineteen))

    # Nineteen posts part the line into twenty equal chances: a tenth lies below the second, and above the eighteenth.
    assert (math.exp(found.low), math.exp(found.high)) == pytest.approx((1.2, 2.8))


def test_counts_below_ten_and_hidden_ones_teach_nothing():
    found, other = fit(*learnt([(100, NOT_READ, 200), (9, NOT_READ, 900), (NOT_READ, NOT_READ, 50)]))

    assert found.posts == 1
    assert math.exp(found.middle) == pytest.approx(2)
    assert other is None


def test_the_age_of_a_factor_is_when_posts_were_truly_read():
    hours, counts, final = learnt([(100, NOT_READ, 200)] * 3)
    hours[:, 0] = 25, 26, 33

    assert fit(hours, counts, final)[0].hours == 26


def test_between_checkpoints_a_factor_runs_straight_over_the_logarithm_of_the_age():
    curve = Curve(settled=96, factors=(factor(6, 4),))

    found = curve.at(np.array([6.0, 12.0, 24.0, 48.0, 96.0, 500.0])).middle.tolist()

    # From 6 to 96 hours the age doubles four times: each time a factor of four loses its fourth root.
    assert found == [pytest.approx(times) for times in (4, 4**0.75, 2, 4**0.25, 1, 1)]


def test_before_the_first_age_that_is_known_nothing_is_told():
    assert np.isnan(Curve(96, (factor(6, 4),)).at(np.array([5.9, NOT_READ])).middle).all()
    assert np.isnan(Curve(96, ()).at(np.array([24.0])).middle).all()


def test_a_kind_with_few_posts_is_drawn_towards_all_kinds():
    few, all_kinds = factor(24, 4, posts=5), factor(24, 2, posts=500)

    drawn = few.shrunk(all_kinds, worth=15)

    # Five posts against what fifteen are worth: a quarter of the way from log 2 to log 4.
    assert math.exp(drawn.middle) == pytest.approx(2 * 2**0.25)
    assert drawn.posts == 5


# --- tempo ------------------------------------------------------------------------------------------------------------


def test_the_pace_is_growth_by_the_logarithm_of_the_age():
    hours = np.array([[12.0, 24.0, 96.0]])
    counts = np.array([[100.0, 200.0, 400.0]])

    # Doubled while the age doubled: 1. Doubled while the age doubled twice: a half.
    assert maturity.tempos(hours, counts)[0, 1:].tolist() == [pytest.approx(1), pytest.approx(0.5)]


def test_a_missing_reading_is_passed_over_and_near_ones_tell_no_tempo():
    hours = np.array([[12.0, NOT_READ, 48.0], [40.0, 44.0, 88.0]])
    counts = np.array([[100.0, NOT_READ, 400.0], [100.0, 110.0, 220.0]])

    tempo = maturity.tempos(hours, counts)

    assert tempo[0, 2] == pytest.approx(1)  # from the first reading
    assert np.isnan(tempo[1, 1])  # 44 hours are only a tenth more than 40
    assert tempo[1, 2] == pytest.approx(1)


def test_a_post_that_grows_fast_is_expected_to_go_on_so():
    # Fifty posts: those that grow twice as fast from 24 to 48 hours still grow twice as much, in logarithms.
    slow = [(100 * 2**0.5, 200, 200 * 2**0.5)] * 25
    fast = [(100, 200, 400)] * 25
    hours, counts, final = learnt(slow + fast)

    learnt_by: Any = (maturity.fit, maturity.fit_by_tempo)
    plain, by_tempo = (learn(hours, counts, final)[1] for learn in learnt_by)
    curve = Curve(500, (plain,), (by_tempo,))

    assert by_tempo.slope == pytest.approx(math.log(2), rel=1e-3)
    found = curve.at(np.array([48.0, 48.0]), np.array([0.5, 1.0])).middle
    assert found.tolist() == [pytest.approx(2**0.5, rel=1e-3), pytest.approx(2, rel=1e-3)]


def test_without_an_earlier_reading_the_usual_growth_stands():
    by_tempo = Factor(24, 50, math.log(2), math.log(2), math.log(2), tempo=0.5, slope=1.0)
    curve = Curve(96, (factor(24, 3),), (by_tempo,))

    assert curve.at(np.array([24.0, 24.0]), np.array([0.5, NOT_READ])).middle.tolist() == [
        pytest.approx(2),
        pytest.approx(3),
    ]


def test_a_pace_is_believed_up_to_three_times_the_usual_and_nothing_shrinks():
    by_tempo = Factor(24, 50, math.log(2), math.log(2), math.log(2), tempo=0.5, slope=2.0)
    curve = Curve(96, (factor(24, 2),), (by_tempo,))

    slow, fast, faster = curve.at(np.array([24.0] * 3), np.array([0.0, 1.5, 9.0])).middle.tolist()

    assert slow == 1  # log 2 - 2 x 0.5 is below nothing
    assert fast == faster == pytest.approx(2 * math.exp(2 * 1.0))


def test_few_posts_teach_no_tempo():
    hours, counts, final = learnt([(100, 150, 200)] * (maturity.FEWEST_BY_TEMPO - 1))

    assert maturity.fit_by_tempo(hours, counts, final) == [None, None]


# --- what is shipped -------------------------------------------------------------------------------------------------


def test_what_is_shipped_has_half_at_the_half_life_and_nearly_all_when_mature():
    curve = maturity.prior([1, 2, 24], half=2, mature=72, settled=72)

    half = curve.at(np.array([2.0])).middle[0]

    assert half == pytest.approx(0.95 / 0.5)  # from a half to 95 %
    assert curve.at(np.array([72.0])).middle[0] == 1
    low, high = curve.at(np.array([2.0])).low[0], curve.at(np.array([2.0])).high[0]
    assert low < half < high


@pytest.mark.parametrize("network", NETWORKS.values(), ids=str)
def test_every_network_ships_factors_that_fall_with_age(network):
    shipped = shipped_with(network)

    middles = [each.middle for each in shipped.factors]
    assert middles == sorted(middles, reverse=True)
    assert all(each.low < each.middle < each.high for each in shipped.factors)
    assert shipped.settled == settled_at(network) >= network.maturity.total_seconds() / 3600
    assert network.half_life is None or network.half_life.source


# --- properties ------------------------------------------------------------------------------------------------------

counts = st.integers(10, 10**6)
POSTS = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=40)


@given(posts=POSTS, times=st.integers(2, 1000))
@settings(max_examples=60)
def test_scaling_all_counts_leaves_the_factors_unchanged(posts, times):
    scaled = [tuple(count * times for count in post) for post in posts]

    for before, after in zip(fit(*learnt(posts)), fit(*learnt(scaled)), strict=True):
        assert after.middle == pytest.approx(before.middle, abs=1e-9)
        assert (after.low, after.high) == pytest.approx((before.low, before.high), abs=1e-9)


@given(posts=POSTS)
@settings(max_examples=60)
def test_the_order_of_posts_does_not_matter(posts):
    assert fit(*learnt(posts)) == fit(*learnt(posts[::-1]))


@given(posts=POSTS, hours=st.floats(0.1, 2000))
@settings(max_examples=60)
def test_a_range_holds_its_middle_and_never_falls_below_what_is_there(posts, hours):
    found = Curve(96, tuple(fit(*learnt(posts)))).at(np.array([hours]))

    ends = (found.low[0], found.middle[0], found.high[0])
    assert np.isnan(ends).all() or 1 <= ends[0] <= ends[1] <= ends[2]
