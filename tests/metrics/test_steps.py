"""Steps in follower counts: drawn series, what they are marked as, and what is left alone."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark import reports
from benchmark.metrics.columns import micros
from benchmark.metrics.common_steps import rebuild_common_steps
from benchmark.metrics.followers import Course
from benchmark.metrics.steps import MANY, marks, steps_of
from benchmark.models import CommonStep
from benchmark.reports import periods
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, follow, profile, reading, report
from tests.factories.rows import NOON, ProfileDayFactory

CALM = [1000, 1002, 1001, 1004, 1005, 1005, 1008, 1010]
DAY = timedelta(days=1)


def daily(*followers, digits=None, every=DAY):
    """Readings of one profile at noon, one a day; None: not read."""
    read = [(micros(NOON + number * every), count) for number, count in enumerate(followers) if count is not None]
    at, counts = (np.array(column) for column in zip(*read, strict=True))
    return Course(at, counts.astype(float), digits)


def found(*courses, **known):
    """The marks as (row, kind, day of the series, before, after)."""
    marked = marks(steps_of(courses), **known)
    return [(mark.row, mark.kind, (mark.at - NOON).days, mark.before, mark.after) for mark in marked]


def test_calm_growth_carries_no_mark():
    assert found(daily(*CALM)) == []


def test_a_step_that_stays_is_a_jump():
    (mark,) = marks(steps_of([daily(*CALM, 1500, 1502, 1503)]))

    assert (mark.kind, mark.before, mark.after, mark.until) == ("jump", 1010, 1500, None)
    assert (mark.day, round(mark.change, 4)) == ((NOON + 8 * DAY).date(), 48.5149)


def test_a_count_that_was_back_the_next_day_is_a_reading_error():
    (mark,) = marks(steps_of([daily(*CALM, 101, 1012, 1013)]))

    assert (mark.kind, mark.before, mark.after) == ("reading_error", 1010, 101)
    assert mark.until == NOON + 9 * DAY


def test_an_error_may_last_for_days_and_is_one_mark():
    assert found(daily(*CALM, 101, 101, 1014, 1015)) == [(0, "reading_error", 8, 1010, 101)]


def test_what_comes_back_after_a_week_were_two_jumps():
    assert [kind for _, kind, *_ in found(daily(*CALM, *[1500] * 7, 1012))] == ["jump", "jump"]


def test_an_error_between_hourly_readings_is_found_too():
    hours = [1000 + hour // 8 for hour in range(24 * 8)]
    hours[100] = 10

    (mark,) = marks(steps_of([daily(*hours, every=timedelta(hours=1))]))

    assert (mark.kind, mark.after, mark.until) == ("reading_error", 10, mark.at + timedelta(hours=1))


def test_the_z_score_is_the_step_by_the_profiles_own_days():
    # Growth by 1 % a day, give or take: the median absolute deviation of the logarithms is that of 0.5 %.
    rates = [0.005, 0.015, 0.01, 0.005, 0.015, 0.01, 0.01, 0.005, 0.015]
    counts = [1e6]
    for rate in [*rates, 0.11]:
        counts.append(counts[-1] * np.exp(rate))
    steps = steps_of([daily(*counts)])

    # Of ten days the median is 0.01; the deviations are four times 0, five times 0.005 and once 0.1: the middle 0.005.
    deviations = sorted(abs(rate - 0.01) for rate in [*rates, 0.11])
    middle = (deviations[4] + deviations[5]) / 2
    assert steps.z[-1] == pytest.approx((0.11 - 0.01) / (1.4826 * middle), rel=1e-6)


def test_small_accounts_may_gain_a_handful():
    assert found(daily(*[20, 20, 21, 21, 22, 22, 22, 23, 26])) == []


def test_rounded_counts_that_go_up_one_digit_are_no_jump():
    steps = [10_100, 10_100, 10_100, 10_200, 10_200, 10_200, 10_200, 10_200, 10_800]

    assert found(daily(*steps, digits=3)) == []
    assert [kind for _, kind, *_ in found(daily(*steps))] == ["jump"]


def test_too_few_days_know_nothing_ordinary():
    assert found(daily(1000, 1001, 1002, 5000)) == []


def test_days_without_a_reading_and_zeros_are_passed_over():
    assert found(daily(*CALM, None, 1012, 0, 1014)) == []
    assert found(Course(np.zeros(0, np.int64), np.zeros(0)), daily(*CALM)) == []


def test_a_gap_of_more_than_a_week_is_no_step():
    assert found(daily(*CALM, *[None] * 8, 1500, 1501)) == []


def test_many_that_fall_on_one_day_are_a_purge_and_one_alone_is_not():
    fell = [daily(*CALM, 980, 981) for _ in range(MANY)]
    calm = [daily(*CALM, 1011, 1012) for _ in range(10)]

    purged = found(*fell, *calm)

    assert purged == [(row, "purge", 8, 1010, 980) for row in range(MANY)]
    assert found(fell[0], *calm) == []  # 3 % alone says nothing
    assert found(fell[0], *calm, known_days=[(NOON + 8 * DAY).date()]) == [(0, "purge", 8, 1010, 980)]


def test_a_fifth_of_those_read_has_to_step():
    fell = [daily(*CALM, 980, 981) for _ in range(MANY)]
    calm = [daily(*CALM, 1011, 1012) for _ in range(4 * MANY + 1)]

    assert found(*fell, *calm) == []


def test_many_that_rise_are_a_common_step():
    assert {kind for _, kind, *_ in found(*[daily(*CALM, 1040, 1041)] * MANY)} == {"common_step"}


@given(times=st.integers(2, 10_000))
@settings(max_examples=30)
def test_a_jump_stays_one_whatever_the_size_of_the_account(times):
    scaled = [count * times for count in (*CALM, 1500, 1502)]
    assert found(daily(*scaled)) == [(0, "jump", 8, 1010 * times, 1500 * times)]


# --- in a report -----------------------------------------------------------------------------------------------------


def read_daily(of, *followers, until=NOW):
    for number, count in enumerate(reversed(followers)):
        reading(of, until - number * DAY, count)


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def test_the_report_names_profile_day_and_size_and_counts_as_it_was_read(workspace):
    anna = profile(name="Anna")
    follow(workspace, anna)
    read_daily(anna, *CALM, 1500, 1502)  # the last but one on 31 May 2025

    found = report(workspace, metrics=["follower_growth"], start="2025-05-28", end="2025-06-01")

    (caution,) = [each for each in found.warnings if each.code.startswith("follower_")]
    assert (caution.code, caution.metric, caution.n) == ("follower_jump", "follower_growth", 1)
    assert caution.tracked_ids == (found.rows[0].profile.tracked_id,)
    assert "Anna" in caution.sentence
    assert "May 31, 2025 from 1,010 to 1,500 (+48.5 %)" in caution.sentence
    assert (found.rows[0].values["follower_growth"].value or 0) > 490  # nothing is taken away


def test_steps_outside_the_period_are_not_told(workspace):
    anna = profile()
    follow(workspace, anna)
    read_daily(anna, *CALM, 1500, 1502)

    found = report(workspace, start="2025-05-20", end="2025-05-30")

    assert not [each for each in found.warnings if each.code.startswith("follower_")]


def test_a_series_of_followers_carries_its_marks(workspace):
    anna = profile()
    follow(workspace, anna)
    read_daily(anna, *CALM, 101, 1012)
    period = periods.parse(start="2025-05-25", end="2025-06-01", now=NOW)

    (line,) = reports.series(workspace, "bluesky", "followers", "day", period, now=NOW).lines
    (posts,) = reports.series(workspace, "bluesky", "posts", "day", period, now=NOW).lines

    assert [(mark.kind, mark.before, mark.after, mark.until) for mark in line.marks] == [
        ("reading_error", 1010, 101, NOW)
    ]
    assert posts.marks == ()


# --- of a whole network ----------------------------------------------------------------------------------------------


def days_of(of, *followers, until=NOW):
    for number, count in enumerate(reversed(followers)):
        ProfileDayFactory.create(profile=of, day=(until - number * DAY).date(), followers=count)


def test_a_day_on_which_a_network_purges_is_found_among_all_fetched_profiles(workspace):
    for _ in range(MANY):
        days_of(profile(), *CALM, 980, 981)
    days_of(profile(pretend=True), *CALM, 980, 981)
    days_of(profile(workspace=workspace), *CALM, 980, 981)
    days_of(profile(), *CALM, 1011, 1011)

    assert rebuild_common_steps(NOW) == 1

    step = CommonStep.objects.get()
    assert (step.network, step.day, step.profiles, step.of) == ("bluesky", date(2025, 5, 31), MANY, MANY + 1)
    assert step.change == pytest.approx((980 / 1010 - 1) * 100)
    assert rebuild_common_steps(NOW) == 1
    assert CommonStep.objects.count() == 1


def test_a_team_that_follows_one_of_them_is_told_of_the_purge(workspace):
    for _ in range(MANY):
        days_of(profile(), *CALM, 980, 981)
    rebuild_common_steps(NOW)
    anna = profile(name="Anna")
    follow(workspace, anna)
    read_daily(anna, *CALM, 980, 981)

    found = report(workspace, start="2025-05-28", end="2025-06-01")

    (caution,) = [each for each in found.warnings if each.code.startswith("follower_")]
    assert caution.code == "follower_purge"
    assert "(−2.97 %)" in caution.sentence  # noqa: RUF001


def test_days_that_are_no_longer_looked_at_stay_as_they_were_found(workspace):
    CommonStep.objects.create(network="bluesky", day=date(2024, 1, 1), profiles=9, of=10, change=-3, computed_at=NOW)

    assert rebuild_common_steps(NOW) == 0
    assert CommonStep.objects.count() == 1
