"""No cell of a file is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.exports.csv import benchmark, harmless, written
from benchmark.metrics import Percentile
from tests.factories.reports import report, row, value


@pytest.mark.parametrize(
    "cell", ["=1+1", " =1+1", "\u00a0=1+1", "+49 30", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"]
)
def test_a_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["anna.example.org", "", "a=b", -5, 0.5, None])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_each_figure_has_its_place_in_its_cohort_beside_it():
    place = Percentile(62.5, 34, "Retail, May 2025")
    of = report(row("Ada", engagement_rate=value(1, percentile=place)), row("Bo", engagement_rate=2))

    ada, bo = csv.DictReader(io.StringIO(benchmark(of), newline=""))

    names = ("engagement_rate_percentile", "engagement_rate_cohort", "engagement_rate_cohort_profiles")
    assert [ada[name] for name in names] == ["62.5", "Retail, May 2025", "34"]
    assert [bo[name] for name in names] == ["", "", ""]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=4)
    )
)
def test_what_is_written_can_be_read_back(lines):
    text = written(["head"], lines)

    found = list(csv.reader(io.StringIO(text, newline="")))

    assert found[0] == ["head"]
    assert [[cell.removeprefix("'") for cell in line] for line in found[1:]] == [
        [cell.removeprefix("'") for cell in line] for line in lines
    ]
