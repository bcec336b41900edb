"""The accuracy of estimated reach on published sets, as the bench prints it."""

import numpy as np
import pytest
from django.core.management import call_command

from bench import accuracy
from bench.accuracy import reach
from bench.accuracy.reach import Result, Set
from tests.reach.drawing import between, measured


def test_a_page_without_noise_is_estimated_without_error_and_every_post_is_counted():
    reactions = between(n=50)

    found = reach.measure(Set("drawn", "facebook", measured(reactions, 3 * reactions)), times=1)

    assert found.posts == 50
    assert found.error < 5
    assert found.next_error is not None
    assert found.next_error < 5
    assert found.refused == 0
    assert found.medians_inside is None


def test_posts_that_no_fit_can_know_are_counted_as_refused():
    reactions = between(n=50)
    reactions[0] = 100_000

    found = reach.measure(Set("drawn", "facebook", measured(reactions, 3 * reactions, published=None)), times=1)

    assert found.refused == pytest.approx(2)
    assert found.next_error is None


def test_accounts_are_estimated_by_other_accounts():
    reactions = np.concatenate([between(n=12, seed=each) for each in range(10)])
    accounts = np.repeat(np.arange(10), 12)
    reach_of_each = reactions * (2.0 ** np.arange(10))[accounts]

    found = reach.measure(Set("drawn", "facebook", measured(reactions, reach_of_each, profile=accounts)), times=1)

    assert found.error > 50  # knowing an account, a fit would be off by next to nothing
    assert found.medians_inside is not None


def test_the_time_that_a_report_waits_is_measured():
    reactions = between(n=50)

    assert 0 < reach.milliseconds(Set("drawn", "facebook", measured(reactions, 3 * reactions)), posts=100) < 1_000


def test_a_line_says_set_posts_error_aim_and_coverage():
    found = Result(
        posts=334, error=22.24, inside=81.3, refused=0.1, medians_inside=82.4, next_error=35.0, next_inside=76.2
    )

    line = reach.line_of(Set("some_set", "facebook", measured([1], [1]), aim=25), found)

    assert " ".join(line.split()) == "some_set 334 22.2 % 25 % 81 % 0.1 % 82 % 35.0 % 76 %"


@pytest.fixture(scope="module")
def results(shared_data):
    """Every set with an aim, measured once: each fit is of four fifths of its posts."""
    return {each.name: (each, reach.measure(each, times=1)) for each in reach.sets(shared_data / "data") if each.aim}


@pytest.mark.timeout(400)
def test_on_published_sets_the_aims_are_met_by_fits_that_have_not_seen_the_posts(results):
    assert len(results) == 3
    for name, (each, found) in results.items():
        assert found.error <= each.aim + 2, name  # one drawing of the parts; the bench prints the mean of several
        assert 74 <= found.inside <= 86, name
        assert found.refused < 2, name
    assert results["reach_x_brand_posts_2024, accounts never seen"][1].medians_inside > 70


def test_of_the_creators_posts_the_repeated_ones_are_dropped(results):
    assert results["reach_instagram_creator_119"][1].posts == 68  # of 79


def test_the_bench_prints_every_table_where_the_sets_are(capsys, monkeypatch, tmp_path, shared_data):
    monkeypatch.setenv("SHARED_DATA", str(shared_data))
    monkeypatch.setattr(accuracy, "TABLES", {"drawn": ("A table", lambda _folder: iter(["a line"]))})

    call_command("bench", "--only", "accuracy")

    assert capsys.readouterr().out == "\nA table\na line\n"


def test_without_the_sets_the_bench_says_where_it_looked(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("SHARED_DATA", str(tmp_path))

    call_command("bench", "--only", "accuracy")

    assert "set SHARED_DATA" in capsys.readouterr().out
