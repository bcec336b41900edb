"""When a profile is due next: moments in, a moment out."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmark.models import CHECKPOINTS, checkpoint_at
from benchmark.networks import NETWORKS
from benchmark.networks.base import Remedy, Window
from benchmark.networks.keys import Quota
from benchmark.schedule import (
    HOUR,
    LATEST,
    SOONEST,
    STRETCH,
    USUAL_MOMENTUM,
    USUAL_PACE,
    Demand,
    allot,
    fair_interval,
    follower_pace,
    look_again_at,
    next_checkpoint,
    next_due,
    plan,
    planned_calls_per_hour,
    post_pace,
    retry_at,
    share,
    wanted_interval,
)
from tests.factories.rows import NOON


@pytest.mark.parametrize(
    ("ages", "due_in"),
    [
        ([], 24),
        ([0], 1),
        ([0.5], 1),  # its first checkpoint is in half an hour, but an hour is the least
        ([1], 2),  # at three hours
        ([4], 2),  # at six
        ([13], 11),  # at a day
        ([30], 18),  # at two days
        ([80], 24),  # at seven days, but a day is the most
        ([24 * 27.5], 12),  # at 28 days
        ([24 * 29], 24),
        ([80, 4, 24 * 29], 2),
    ],
)
def test_a_profile_is_due_at_the_next_checkpoint_of_its_posts_between_an_hour_and_a_day(ages, due_in):
    published = [NOON - age * HOUR for age in ages]

    assert next_due(NOON, published) == NOON + due_in * HOUR


def test_a_post_from_the_future_counts_from_its_publication():
    assert next_checkpoint(NOON + 5 * HOUR, NOON) == NOON + 6 * HOUR


def test_the_last_checkpoint_is_the_last():
    assert next_checkpoint(NOON - timedelta(days=28), NOON) is None


@given(ages=st.lists(st.floats(0, 2_000), max_size=50))
def test_never_sooner_than_an_hour_and_never_later_than_a_day(ages):
    due = next_due(NOON, [NOON - age * HOUR for age in ages])

    assert SOONEST <= due - NOON <= LATEST


@given(discovered=st.floats(0, 24))
def test_a_post_that_is_known_is_read_at_every_checkpoint_that_is_still_to_come(discovered):
    published = NOON - discovered * HOUR
    moment, read = NOON, set()
    while moment - published <= timedelta(days=28):
        moment = next_due(moment, [published])
        read.add(checkpoint_at(moment - published))

    # What lies less than an hour away may be read as the one after it: an hour is the least between two visits.
    assert read >= {hours for hours in CHECKPOINTS if hours >= discovered + 1}


@pytest.mark.parametrize(
    ("ages", "hours"),
    [
        ([], 24),
        ([24 * 29], 24),
        ([30], 21),  # at 48 hours and then at 72: two visits in 42 hours
        ([6], 14),  # at 12, at 24 and then at 48 hours: three visits in 42 hours
    ],
)
def test_the_interval_that_is_wanted_is_the_mean_of_the_coming_day(ages, hours):
    assert wanted_interval(NOON, [NOON - age * HOUR for age in ages]) == hours * HOUR


@given(ages=st.lists(st.floats(0, 1_000), max_size=20))
def test_the_interval_that_is_wanted_lies_between_an_hour_and_a_day(ages):
    assert SOONEST <= wanted_interval(NOON, [NOON - age * HOUR for age in ages]) <= LATEST


def test_a_budget_that_leaves_less_wins():
    assert next_due(NOON, [NOON], fair=timedelta(hours=5)) == NOON + 5 * HOUR
    assert next_due(NOON, [], fair=timedelta(days=3)) == NOON + timedelta(days=3)


DECLARED = replace(NETWORKS["bluesky"], windows=(), quota=None)


def test_a_network_without_limits_leaves_all_the_time():
    assert fair_interval(DECLARED, profiles=10_000, calls=100) == timedelta(0)


def test_a_days_quota_is_shared_by_all_profiles_with_a_fifth_left_over():
    network = replace(DECLARED, quota=Quota(units=10_000, zone="UTC"))

    # A thousand profiles of four calls are half of the 8,000 calls that can be planned: two visits a day for each.
    assert fair_interval(network, profiles=1_000, calls=4) == timedelta(hours=12)


def test_the_tightest_limit_decides():
    windows = (Window(calls=300, seconds=300), Window(calls=10, seconds=60))

    # 120 profiles of two calls at eight calls a minute.
    assert fair_interval(replace(DECLARED, windows=windows), profiles=120, calls=2) == timedelta(minutes=30)


def test_a_limit_on_a_rare_kind_of_call_plans_nothing():
    windows = (Window(calls=1, seconds=60, only_with=frozenset({"max_id"})),)

    assert fair_interval(replace(DECLARED, windows=windows), profiles=120, calls=2) == timedelta(0)


def test_windows_and_quota_are_calls_per_hour_with_a_fifth_left_over():
    network = replace(DECLARED, windows=(Window(calls=10, seconds=60),), quota=Quota(units=2_400, zone="UTC"))

    assert planned_calls_per_hour(replace(network, quota=None)) == pytest.approx(480)
    assert planned_calls_per_hour(network) == pytest.approx(80)
    assert planned_calls_per_hour(DECLARED) is None


# --- how fast figures move -------------------------------------------------------------------------------------------


def test_a_profile_of_which_nothing_is_known_has_the_usual_pace():
    assert follower_pace([]) == follower_pace([(NOON, 1_000)]) == USUAL_PACE


def test_a_pace_nears_what_was_seen_the_longer_it_was_seen():
    days = [[(NOON + day * LATEST, round(1_000_000 * 1.024**day)) for day in range(number)] for number in (2, 5, 14)]
    paces = [follower_pace(readings) for readings in days]  # 2.4 % a day: nearly 0.001 an hour

    assert USUAL_PACE < paces[0] < paces[1] < paces[2] < 0.001


def test_a_count_that_falls_moves_like_one_that_grows():
    up = [(NOON, 900), (NOON + LATEST, 1_000)]
    down = [(NOON, 1_000), (NOON + LATEST, 900)]

    assert follower_pace(up) == follower_pace(down) > USUAL_PACE


def test_what_was_long_ago_is_forgotten():
    calm = [(NOON + day * LATEST, 1_000) for day in range(14)]

    assert follower_pace([(NOON - LATEST, 10), *calm]) == follower_pace(calm)


def test_a_post_slows_down_with_its_age():
    ages = (1, 2, 24, 240)
    paces = [post_pace(NOON, [(NOON + age * HOUR, 100)]) for age in ages]

    assert paces == [pytest.approx(USUAL_MOMENTUM / age) for age in ages]


def test_a_post_that_gains_more_is_expected_to_go_on_so():
    calm, loud = ([(NOON + 5 * HOUR, 100), (NOON + 10 * HOUR, then)] for then in (101, 200))

    assert post_pace(NOON, calm) < USUAL_MOMENTUM / 10 < post_pace(NOON, loud)


@given(
    counts=st.lists(st.integers(0, 10**12), min_size=1, max_size=40),
    minutes=st.integers(0, 10_000),
)
def test_every_pace_is_a_number_that_a_budget_can_be_shared_by(counts, minutes):
    readings = [(NOON + number * timedelta(minutes=minutes), count) for number, count in enumerate(counts)]

    for pace in (follower_pace(readings), post_pace(NOON, readings)):
        assert math.isfinite(pace)
        assert pace > 0


# --- how a budget is shared ------------------------------------------------------------------------------------------

DEMANDS = st.builds(
    Demand,
    pace=st.floats(1e-7, 1),
    calls=st.floats(0.1, 50),
    wanted=st.floats(1, 24).map(lambda hours: hours * HOUR),
)
BUDGETS = st.floats(0.01, 1_000)
A_LITTLE = 1 + 1e-6  # moments are kept to the microsecond


def spent(demands, waits):
    return sum(demand.calls / (wait / HOUR) for demand, wait in zip(demands, waits, strict=True))


def test_where_the_budget_allows_everybody_is_visited_as_often_as_wanted():
    demands = [Demand(0.1, calls=3), Demand(0.0001, calls=3, wanted=6 * HOUR)]  # 3.5 calls an hour

    assert allot(demands, calls_per_hour=3.5) == [HOUR, 6 * HOUR]


def test_a_profile_whose_figures_move_nine_times_as_fast_waits_a_third_as_long():
    fast, slow = Demand(0.0009), Demand(0.0001)

    # One call in three hours: 1 / 4 + 1 / 12.
    assert allot([fast, slow], calls_per_hour=1 / 3) == [
        pytest.approx(4 * HOUR, abs=timedelta(seconds=1)),
        pytest.approx(12 * HOUR, abs=timedelta(seconds=1)),
    ]


def test_a_profile_that_costs_four_times_as_much_waits_twice_as_long():
    waits = allot([Demand(0.001, calls=4), Demand(0.001, calls=1)], calls_per_hour=1)

    assert waits[0] / waits[1] == pytest.approx(2)


@given(demands=st.lists(DEMANDS, max_size=30), budget=BUDGETS)
def test_what_is_allotted_keeps_to_the_budget_and_to_what_is_wanted(demands, budget):
    waits = allot(demands, calls_per_hour=budget)

    assert spent(demands, waits) <= budget * A_LITTLE
    assert all(wait >= demand.wanted for wait, demand in zip(waits, demands, strict=True))


@given(demands=st.lists(DEMANDS, min_size=1, max_size=30), budget=BUDGETS)
def test_nobody_waits_longer_than_a_day_unless_the_budget_is_too_short_for_that(demands, budget):
    equal = HOUR * (sum(demand.calls for demand in demands) / budget)

    assert max(allot(demands, calls_per_hour=budget)) <= max(LATEST, STRETCH * equal)


@given(demands=st.lists(DEMANDS, min_size=1, max_size=30), budget=BUDGETS)
def test_a_short_budget_is_spent_whole(demands, budget):
    assume(spent(demands, [demand.wanted for demand in demands]) > budget)
    waits = allot(demands, calls_per_hour=budget)

    assert max(waits) == LATEST or spent(demands, waits) == pytest.approx(budget, rel=1e-5)


@given(demands=st.lists(DEMANDS, max_size=30), budget=BUDGETS, more=st.floats(1, 10))
def test_nobody_waits_longer_because_there_is_more_to_spend(demands, budget, more):
    before, after = (allot(demands, calls_per_hour=calls) for calls in (budget, budget * more))

    assert all(later <= earlier * A_LITTLE for earlier, later in zip(before, after, strict=True))


def test_nobody_gets_more_than_it_wants_and_the_rest_is_shared_equally():
    assert share(100, {"small": 10, "middle": 50, "large": 1_000}) == {"small": 10, "middle": 45, "large": 45}
    assert share(100, {"small": 10, "middle": 50}) == {"small": 10, "middle": 50}


@given(wanted=st.dictionaries(st.integers(), st.floats(0, 1_000), max_size=20), budget=BUDGETS)
def test_shares_keep_to_the_budget_and_whoever_gets_less_than_it_wants_gets_no_less_than_anybody(wanted, budget):
    shares = share(budget, wanted)

    assert sum(shares.values()) <= budget * A_LITTLE
    for team, part in shares.items():
        assert part <= wanted[team]
        assert part == wanted[team] or part * A_LITTLE >= max(shares.values())


@st.composite
def followings(draw):
    demands = draw(st.dictionaries(st.integers(0, 30), DEMANDS, min_size=1, max_size=20))
    profiles = st.sets(st.sampled_from(sorted(demands)), max_size=10)
    return demands, draw(st.dictionaries(st.sampled_from("abcdef"), profiles, max_size=6))


@given(following=followings(), budget=BUDGETS)
def test_a_plan_for_several_workspaces_keeps_to_the_budget(following, budget):
    demands, follows = following
    waits = plan(demands, follows, calls_per_hour=budget)

    assert waits.keys() == set().union(*follows.values())
    assert spent([demands[key] for key in waits], waits.values()) <= budget * A_LITTLE
    assert all(wait >= demands[key].wanted / A_LITTLE for key, wait in waits.items())


def test_a_workspace_that_follows_much_leaves_as_much_to_one_that_follows_little():
    demands = {number: Demand(0.001) for number in range(11)}
    alone, among = (
        plan(demands, follows, calls_per_hour=0.5)[0]
        for follows in ({"small": [0], "other": [1]}, {"small": [0], "large": range(1, 11)})
    )

    assert alone == among


def test_a_profile_that_two_follow_is_visited_once_for_both_and_paid_by_both():
    demands = {name: Demand(0.001) for name in ("of one", "of both", "of another")}
    follows = {"one": ["of one", "of both"], "another": ["of another", "of both"]}
    waits = plan(demands, follows, calls_per_hour=1)

    # For each of the two the common profile costs half a call, and is visited the more for it.
    assert waits["of one"] == waits["of another"]
    assert waits["of both"] < waits["of one"]
    assert spent(demands.values(), waits.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 2), (1, 4), (2, 8), (3, 16), (7, 256), (8, 360), (9, 360), (10_000, 360)]
)
def test_what_fails_again_is_tried_later_each_time(failures, minutes):
    assert retry_at(NOON, failures=failures, after=None) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        (timedelta(seconds=1), timedelta(minutes=2)),
        (timedelta(minutes=40), timedelta(minutes=40)),
        (timedelta(hours=20), timedelta(hours=20)),
        (timedelta(days=365), timedelta(days=7)),
    ],
)
def test_a_network_that_says_when_is_believed_within_reason(after, waits):
    assert retry_at(NOON, failures=5, after=after) == NOON + waits


@pytest.mark.parametrize(
    ("remedy", "code", "waits"),
    [
        (Remedy.GONE, "profile_not_found", timedelta(days=7)),
        (Remedy.NEEDS_ATTENTION, "profile_private", timedelta(days=1)),
        (Remedy.NEEDS_ATTENTION, "credential_missing", timedelta(hours=1)),
        (Remedy.NEEDS_ATTENTION, "credential_refused", timedelta(hours=1)),
    ],
)
def test_what_waits_for_a_person_is_looked_at_seldom(remedy, code, waits):
    assert look_again_at(NOON, remedy=remedy, code=code) == NOON + waits
