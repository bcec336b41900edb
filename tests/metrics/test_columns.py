"""Numbers that come out of columns print as the shortest number that says them."""

import math
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmark.metrics.columns import micros, moments, ten_digits


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), max_size=20))
def test_ten_digits_are_those_of_text(numbers):
    rounded = ten_digits(np.array(numbers, dtype=np.float64)).tolist()

    for number, ours in zip(numbers, rounded, strict=True):
        # Where the eleventh digit is a five, the binary number may lie on either side.
        assert ours == float(f"{number:.10g}") or math.isclose(ours, number, rel_tol=5.1e-10)
        assert repr(ours) == repr(float(f"{ours:.10g}"))


def test_numbers_beyond_the_usual_sizes_are_rounded_wherever_they_stand():
    table = np.array([[[1.0, 1 / 3 * 1e-15]], [[2 / 3 * 1e25, math.nan]]])

    np.testing.assert_array_equal(ten_digits(table), [[[1.0, 3.333333333e-16]], [[6.666666667e24, math.nan]]])


def test_what_is_not_a_number_stays_what_it_is():
    rounded = ten_digits(np.array([math.nan, math.inf, 0.0, 1 / 3]))

    assert math.isnan(rounded[0])
    assert rounded.tolist()[1:] == [math.inf, 0.0, 0.3333333333]


def test_moments_find_their_way_back():
    at = datetime(2016, 2, 29, 21, 18, 57, 123456, tzinfo=UTC)

    assert moments([micros(at)]) == [at]
