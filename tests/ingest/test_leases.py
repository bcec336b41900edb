"""Whose turn it is: a profile that is due goes to one worker alone, and comes back when that one dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from benchmark.models import Profile
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db


def due(**fields) -> Profile:
    profile = ProfileFactory.create(**{"due_at": NOON, **fields})
    TrackedProfileFactory.create(profile=profile, workspace=WorkspaceFactory.create())
    return profile


def claimed(now=NOON) -> list[int]:
    return sorted(pk for pk, _lease in Profile.objects.claim_due(now=now))


def test_a_profile_that_is_due_is_claimed_once_until_its_lease_has_passed():
    profile = due()

    assert claimed() == [profile.pk]
    assert claimed(NOON + timedelta(seconds=89)) == []
    assert claimed(NOON + timedelta(seconds=90)) == [profile.pk]


def test_profiles_that_are_not_due_are_left_alone():
    due(due_at=NOON + timedelta(seconds=1))
    due(due_at=None)

    assert claimed() == []


def test_what_nobody_follows_is_not_read():
    ProfileFactory.create(due_at=NOON)
    paused, removed, still = due(), due(), due()
    paused.tracked.update(paused_at=NOON)
    removed.tracked.update(removed_at=NOON, slot=None)
    still.tracked.update(paused_at=NOON)
    TrackedProfileFactory.create(profile=still, workspace=WorkspaceFactory.create())

    assert claimed() == [still.pk]


def test_what_a_file_brought_is_not_read():
    workspace = WorkspaceFactory.create()
    TrackedProfileFactory.create(profile=ProfileFactory.create(due_at=NOON, workspace=workspace), workspace=workspace)

    assert claimed() == []


def test_who_has_been_due_for_longest_comes_first():
    profiles = [due(due_at=NOON - timedelta(minutes=minutes)) for minutes in (1, 3, 2)]

    (first, _lease), *_ = Profile.objects.claim_due(now=NOON, limit=1)

    assert first == profiles[1].pk


def test_a_worker_that_begins_holds_the_lease_for_five_minutes():
    profile = due()
    ((_, lease),) = Profile.objects.claim_due(now=NOON)

    assert Profile.objects.begin(profile.pk, lease, now=NOON + timedelta(seconds=80))
    assert claimed(NOON + timedelta(minutes=6)) == []
    assert claimed(NOON + timedelta(minutes=6, seconds=20)) == [profile.pk]


def test_a_lease_that_has_passed_cannot_be_begun():
    profile = due()
    ((_, lease),) = Profile.objects.claim_due(now=NOON)

    assert not Profile.objects.begin(profile.pk, lease, now=NOON + timedelta(seconds=90))
    assert not Profile.objects.begin(profile.pk, "", now=NOON)


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_once_never_get_the_same_profile():
    profiles = {due().pk for _ in range(30)}
    together = Barrier(4)

    def claim(_: int) -> list[int]:
        together.wait(10)
        try:
            return [pk for _ in range(5) for pk, _lease in Profile.objects.claim_due(now=NOON, limit=3)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        taken = [pk for got in workers.map(claim, range(4)) for pk in got]
    taken += claimed()

    assert sorted(taken) == sorted(profiles)
