"""Profiles as last read, and dated readings of their followers."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from benchmark import ingest
from benchmark.models import Avatar, Profile, ProfileDay, ProfileReading
from benchmark.networks import NETWORKS
from benchmark.networks.base import ProfileRecord
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, ProfileFactory

pytestmark = pytest.mark.django_db

BLUESKY = NETWORKS["bluesky"]


def anna(**fields) -> ProfileRecord:
    values = {"external_id": "did:plc:anna", "handle": "anna.example.org", "name": "Anna", "followers": 10}
    return ProfileRecord(**{"url": "https://bsky.app/profile/anna.example.org", **values, **fields})


def test_a_profile_is_stored_with_its_first_reading():
    profile = ingest.store_profile(BLUESKY, anna(following=3, posts=7, created_at=NOON), read_at=NOON)

    assert (profile.network, profile.external_id, profile.workspace) == ("bluesky", "did:plc:anna", None)
    assert (profile.handle, profile.name, profile.followers, profile.opened_at) == (
        "anna.example.org",
        "Anna",
        10,
        NOON,
    )
    assert ProfileReading.objects.values_list("followers", "following", "posts_published", "read_at").get() == (
        10,
        3,
        7,
        NOON,
    )
    assert ProfileDay.objects.values_list("day", "followers", "posts").get() == (NOON.date(), 10, 0)


def test_the_same_profile_again_is_the_same_row():
    first = ingest.store_profile(BLUESKY, anna(), read_at=NOON)

    again = ingest.store_profile(
        BLUESKY, anna(handle="anna-b.example.org", followers=12), read_at=NOON + timedelta(hours=1)
    )

    assert again.pk == first.pk
    assert (again.handle, again.followers, ProfileReading.objects.count()) == ("anna-b.example.org", 12, 2)


def test_what_a_file_brought_stays_beside_it():
    ours = ProfileFactory.create(external_id="did:plc:anna", workspace=WorkspaceFactory.create(), followers=99)

    profile = ingest.store_profile(BLUESKY, anna(), read_at=NOON)

    ours.refresh_from_db()
    assert (profile.pk != ours.pk, ours.followers) == (True, 99)


def test_a_pretend_profile_says_so():
    assert ingest.store_profile(BLUESKY, anna(), read_at=NOON, pretend=True).pretend is True


def test_a_picture_that_was_looked_at_already_is_kept():
    record = anna(avatar_url="https://cdn.example.org/anna.jpg")

    profile = ingest.store_profile(BLUESKY, record, read_at=NOON, picture=b"small")

    assert Avatar.objects.values_list("profile", "source_url", "fetched_at").get() == (
        profile.pk,
        "https://cdn.example.org/anna.jpg",
        NOON,
    )


def test_what_a_row_cannot_hold_is_cut():
    long = anna(name="N\x00" * 300, handle="h" * 300, url="https://example.org/" + "x" * 600)

    profile = ingest.store_profile(BLUESKY, long, read_at=NOON)

    assert (profile.name, profile.handle, profile.url) == ("N" * 255, "h" * 255, "")


@pytest.mark.django_db(transaction=True)
def test_eight_who_add_the_same_profile_at_once_make_one_row():
    together = Barrier(8)
    made = []

    def add():
        try:
            together.wait(10)
            made.append(ingest.store_profile(BLUESKY, anna(), read_at=NOON).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (len(made), len(set(made)), Profile.objects.count(), ProfileReading.objects.count()) == (8, 1, 1, 1)


# --- readings --------------------------------------------------------------------------------------------------------


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_many_readings_at_once_rebuild_their_days_and_show_the_latest():
    profile = ProfileFactory.create()

    days = ingest.store_readings(
        profile,
        [
            ingest.Reading(read_at=at(2), followers=120),
            ingest.Reading(read_at=at(1, 9), followers=100),
            ingest.Reading(read_at=at(1, 18), followers=110),
        ],
    )

    profile.refresh_from_db()
    assert days == {date(2026, 3, 1), date(2026, 3, 2)}
    assert list(ProfileDay.objects.order_by("day").values_list("day", "followers")) == [
        (date(2026, 3, 1), 110),
        (date(2026, 3, 2), 120),
    ]
    assert profile.followers == 120


def test_the_same_readings_again_change_nothing():
    profile = ProfileFactory.create()
    readings = [ingest.Reading(read_at=at(1), followers=100)]
    ingest.store_readings(profile, readings)

    assert ingest.store_readings(profile, readings) == frozenset()
    assert ProfileReading.objects.count() == 1


def test_a_corrected_reading_of_the_same_moment_wins():
    profile = ProfileFactory.create()
    ingest.store_reading(profile, followers=100, read_at=at(1))

    days = ingest.store_reading(profile, followers=101, read_at=at(1))

    assert days == {date(2026, 3, 1)}
    assert ProfileReading.objects.get().followers == 101


def test_an_older_reading_is_history_and_not_shown():
    profile = ProfileFactory.create()
    ingest.store_reading(profile, followers=200, read_at=at(5))

    ingest.store_reading(profile, followers=100, read_at=at(1))

    profile.refresh_from_db()
    assert (profile.followers, ProfileReading.objects.count()) == (200, 2)


def test_hidden_followers_are_a_reading_too():
    profile = ProfileFactory.create()
    ingest.store_reading(profile, followers=200, read_at=at(1))

    ingest.store_reading(profile, followers=None, posts=5, read_at=at(2))

    profile.refresh_from_db()
    assert (profile.followers, profile.posts_published) == (None, 5)
    assert list(ProfileDay.objects.order_by("day").values_list("followers", flat=True)) == [200, None]


def test_no_readings_are_no_work(django_assert_num_queries):
    profile = ProfileFactory.create()
    with django_assert_num_queries(2):  # a savepoint around nothing
        assert ingest.store_readings(profile, []) == frozenset()
