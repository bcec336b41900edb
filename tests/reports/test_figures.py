"""How figures are written."""

import pytest
from django.utils import translation

from benchmark.reports.figures import MINUS, NOT_AVAILABLE, amount, full, percent, short, signed


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (0, "0"),
        (7, "7"),
        (845, "845"),
        (84.53, "84.5"),
        (8.449, "8.45"),
        (999, "999"),
        (1_000, "1.00k"),
        (12_412, "12.4k"),
        (99_960, "100k"),
        (999_600, "1.00M"),
        (1_234_567, "1.23M"),
        (-5_321, f"{MINUS}5.32k"),
    ],
)
def test_amounts_have_three_significant_digits_and_a_letter_for_thousands(figure, written):
    assert amount(figure) == written


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (0, "0"),
        (0.0149, "0.015"),
        (0.5, "0.50"),
        (0.994, "0.99"),
        (0.996, "1.00"),
        (4.267, "4.27"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (12.44, "12.4"),
        (124.4, "124"),
        (-0.32, f"{MINUS}0.32"),
    ],
)
def test_rates_have_two_decimals_from_1_to_10_and_two_significant_digits_below(figure, written):
    assert percent(figure) == written


def test_the_full_figure_keeps_its_digits_and_names_its_unit():
    assert full(12_412) == "12,412"
    assert full(-1_234.5) == f"{MINUS}1,234.5"
    assert full(4.267812346, "percent") == "4.267812346 %"


def test_what_is_not_there_is_a_dash_and_never_a_zero():
    assert short(None) == full(None) == NOT_AVAILABLE


def test_a_difference_always_has_its_sign():
    assert [signed(12), signed(-12), signed(0), signed(-0.05, "percent")] == ["+12", f"{MINUS}12", "0", f"{MINUS}0.050"]


def test_decimals_follow_the_readers_language():
    with translation.override("de"):
        assert percent(4.267) == "4,27"
