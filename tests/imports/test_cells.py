"""What the cells of a row say: counts, ids and sums, and that a count which is not there is never zero."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.imports import BadRow, FileRefused
from benchmark.imports.cells import Cells, Layout, hashtags_in
from benchmark.networks.parsing import LARGEST_COUNT

BLANK = frozenset({"-", "--", "nan", "null"})


def row(*values: str, thousands: str = "") -> Cells:
    """A row whose columns are called a, b, c, …"""
    names = "abcdefgh"[: len(values)]
    layout = Layout(
        place={name: place for place, name in enumerate(names)},
        name={name: f"Column {name}" for name in names},
        zone=ZoneInfo("UTC"),
        blank=BLANK,
        thousands=thousands,
    )
    return Cells([*values], layout, line=2)


@given(st.sampled_from(["", " ", "-", " -- ", "NAN", "nan", "Null"]))
def test_what_stands_for_not_known_is_none_and_not_zero(value):
    assert row(value).count("a") is None
    assert row(value, value).sum_of("a", "b") is None


def test_a_column_that_the_file_does_not_have_is_none_and_not_zero():
    assert row("1").count("b") is None
    assert row("1").sum_of("b", "c") is None


@given(st.integers(min_value=0, max_value=LARGEST_COUNT))
def test_a_whole_number_is_read_as_it_is_with_or_without_a_point_or_commas(number):
    assert row(str(number)).count("a") == number
    assert row(f"{number}.0").count("a") == number
    assert row(f"{number:,}", thousands=",").count("a") == number


@pytest.mark.parametrize("value", ["1,23", "1,2345", ",123", "12,34,567", "1 234", "1.234,0"])
def test_a_sign_between_the_wrong_digits_is_no_thousand(value):
    with pytest.raises(BadRow):
        row(value, thousands=",").count("a")


def test_a_sum_takes_what_is_known():
    assert row("5", "", "0", "2").sum_of("a", "b", "c", "d") == 7
    assert row("0", "").sum_of("a", "b") == 0


@pytest.mark.parametrize("value", ["3.May", "3-May", "3/май", "May-03", "17-Nov", "2025-05-03", "2025-05-03 00:00:00"])
def test_a_day_where_a_count_belongs_refuses_the_file(value):
    with pytest.raises(FileRefused) as refused:
        row(value).count("a")

    assert refused.value.code == "numbers_became_dates"
    assert refused.value.sentence.startswith(f"In “Column a” stands “{value}” where a number belongs:")


@given(st.text(max_size=30))
def test_anything_else_where_a_count_belongs_is_a_number_nothing_or_a_bad_row(value):
    try:
        count = row(value).count("a")
    except (BadRow, FileRefused):
        return
    assert count is None or str(count).lstrip("0") == value.strip().partition(".")[0].lstrip("0")


@pytest.mark.parametrize("value", ["#NAME?", "#VALUE!", "#REF!", "#N/A"])
def test_what_a_formula_left_is_no_id(value):
    with pytest.raises(BadRow, match="is what a spreadsheet left of an id"):
        row(value).identity("a")


def test_hashtags_need_a_letter_and_a_beginning():
    assert hashtags_in("#sea &#39; a#b #2025 #x2025 https://x.org/#y") == ("sea", "x2025")
