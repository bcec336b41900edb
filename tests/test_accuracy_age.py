"""The back-tests that the bench prints: their arithmetic, and what comes out on published readings."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from bench.accuracy import age
from bench.accuracy.age import AGE, TEMPO, Table


def test_a_table_holds_the_median_of_the_relative_errors():
    table = Table("drawn")
    table.add("told", np.array([50.0, 110.0, 300.0]), np.array([100.0, 100.0, 100.0]), np.array([True, True, False]))

    (error,) = table.errors
    assert (error.posts, error.median) == (3, 0.5)  # of 0.5, 0.1 and 2
    assert error.inside == pytest.approx(2 / 3)
    assert [line.split() for line in table.lines()][-1] == ["told", "3", "50.0%", "66.7%"]


@pytest.fixture(scope="module")
def measured(request):
    folder = request.getfixturevalue("shared_data") / "data"
    return {table.title: {error.way: error for error in table.errors} for table in age.measure(folder)}


def of(measured, *words):
    (found,) = (errors for title, errors in measured.items() if all(word in title for word in words))
    return found


@pytest.mark.parametrize("how", ["fitted on other channels", "fitted on the past"])
@pytest.mark.parametrize("days", ["first day", "first two days", "first three days"])
def test_a_videos_final_views_are_told_better_than_by_taking_them_as_they_are(measured, how, days):
    errors = of(measured, "youtube_trending", f"its {days} on", how)

    ours = errors[AGE if days == "first day" else TEMPO]
    assert ours.median < errors["take it as it is"].median
    assert 0.75 <= ours.inside <= 0.9


@pytest.mark.parametrize("how", ["fitted on other channels", "fitted on the past"])
def test_the_pace_between_two_readings_beats_one_factor_for_all(measured, how):
    for days in ("first two days", "first three days"):
        errors = of(measured, "youtube_trending", f"its {days} on", how)
        assert errors[TEMPO].median < 0.75 * errors["one factor for all ages"].median


def test_what_is_shipped_for_youtube_follows_the_set_that_it_was_read_off(measured):
    errors = of(measured, "youtube_tech")
    shipped = errors[age.SHIPPED]
    assert shipped.median < 0.8 * errors["take it as it is"].median


def test_telegrams_posts_are_told_best_by_their_age(measured):
    twice, expected = of(measured, "read twice"), of(measured, "posts before them")
    assert [error.posts for error in twice.values()] == [10] * 3
    for errors in (twice, expected):
        *others, by_age = errors.values()
        assert by_age.median < min(error.median for error in others)


def test_the_bench_prints_every_table_and_needs_no_database(measured):
    out = StringIO()
    call_command("bench", only="accuracy", table=["age"], stdout=out)
    assert all(title in out.getvalue() for title in measured)


def test_without_the_data_the_bench_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("SHARED_DATA", str(tmp_path))
    out = StringIO()
    call_command("bench", only="accuracy", table=["age"], stdout=out)
    assert "SHARED_DATA" in out.getvalue()
