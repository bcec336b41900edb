"""When a profile is due next: moments in, a moment out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.networks import NETWORKS
from benchmark.networks.base import Remedy, Window
from benchmark.networks.keys import Quota
from benchmark.schedule import LATEST, SOONEST, fair_interval, look_again_at, next_checkpoint, next_due, retry_at
from tests.factories.rows import NOON

HOUR = timedelta(hours=1)


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
