"""Days: followers at their end, and the posts published in them with their counts as last read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.models import Post, ProfileDay
from benchmark.rollups import rebuild_days
from tests.factories.rows import NOON, PostFactory, ProfileFactory, ProfileReadingFactory

pytestmark = pytest.mark.django_db

SUNDAY = NOON.date()


def the_day() -> ProfileDay:
    return ProfileDay.objects.get()


def test_a_day_adds_up_its_posts():
    profile = ProfileFactory.create()
    PostFactory.create(profile=profile, published_at=NOON, reactions=10, comments=2, shares=1, quotes=3, saves=4)
    PostFactory.create(profile=profile, published_at=NOON, reactions=20, comments=0, shares=5, quotes=1, saves=1)

    rebuild_days(profile, [SUNDAY])

    day = the_day()
    assert (day.day, day.posts) == (SUNDAY, 2)
    assert (day.reactions, day.comments, day.shares, day.quotes, day.saves, day.views) == (30, 2, 6, 4, 5, None)
    assert (day.engagements, day.engagements_known) == (30 + 2 + 6 + 4, 2)


def test_a_post_with_a_hidden_count_takes_no_part_in_the_sums_it_hides():
    profile = ProfileFactory.create()
    PostFactory.create(profile=profile, published_at=NOON, reactions=10, comments=2, shares=1, quotes=0)
    PostFactory.create(profile=profile, published_at=NOON, reactions=20, comments=None, shares=5, quotes=0)

    rebuild_days(profile, [SUNDAY])

    day = the_day()
    assert (day.posts, day.reactions, day.comments, day.shares) == (2, 30, 2, 6)
    assert (day.engagements, day.engagements_known) == (13, 1)


@pytest.mark.parametrize(
    ("network", "engagements"),
    [("bluesky", 1 + 20 + 300 + 4_000), ("mastodon", 1 + 20 + 300), ("facebook", 1 + 20 + 300), ("youtube", 1 + 20)],
)
def test_engagements_are_the_parts_that_the_network_declares(network, engagements):
    profile = ProfileFactory.create(network=network)
    PostFactory.create(
        profile=profile, published_at=NOON, reactions=1, comments=20, shares=300, quotes=4_000, saves=50_000, views=6
    )

    rebuild_days(profile, [SUNDAY])

    assert the_day().engagements == engagements


def test_a_part_that_a_file_has_not_is_left_out():
    profile = ProfileFactory.create(network="facebook", lacks=["shares"])
    PostFactory.create(profile=profile, published_at=NOON, reactions=1, comments=20, shares=None)

    rebuild_days(profile, [SUNDAY])

    assert (the_day().engagements, the_day().engagements_known) == (21, 1)


def test_a_day_runs_from_midnight_to_midnight_utc():
    profile = ProfileFactory.create()
    for hour in (
        datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 2, tzinfo=UTC),
    ):
        PostFactory.create(profile=profile, published_at=hour)

    rebuild_days(profile, [date(2026, 2, 28), SUNDAY, date(2026, 3, 2)])

    assert list(ProfileDay.objects.order_by("day").values_list("day__day", "posts")) == [(28, 1), (1, 2), (2, 1)]


def test_followers_are_those_of_the_last_reading_of_the_day():
    profile = ProfileFactory.create()
    for hours, followers in ((-13, 1), (-5, 100), (5, 130), (13, 9)):
        ProfileReadingFactory.create(profile=profile, read_at=NOON + timedelta(hours=hours), followers=followers)

    rebuild_days(profile, [SUNDAY])

    assert (the_day().followers, the_day().posts, the_day().reactions) == (130, 0, None)


def test_without_a_reading_that_day_followers_are_unknown():
    profile = ProfileFactory.create()
    ProfileReadingFactory.create(profile=profile, read_at=NOON - timedelta(days=1))
    PostFactory.create(profile=profile, published_at=NOON)

    rebuild_days(profile, [SUNDAY])

    assert the_day().followers is None


def test_a_day_without_anything_is_no_row():
    profile = ProfileFactory.create()
    PostFactory.create(profile=profile, published_at=NOON)
    rebuild_days(profile, [SUNDAY, SUNDAY + timedelta(days=1)])
    Post.objects.update(published_at=NOON - timedelta(days=1))

    rebuild_days(profile, [SUNDAY, SUNDAY - timedelta(days=1)])

    assert the_day().day == SUNDAY - timedelta(days=1)


def test_rebuilding_again_touches_nothing():
    profile = ProfileFactory.create()
    PostFactory.create(profile=profile, published_at=NOON)
    rebuild_days(profile, [SUNDAY])
    ProfileDay.objects.update(rebuilt_at=NOON)

    rebuild_days(profile, [SUNDAY])
    assert the_day().rebuilt_at == NOON

    Post.objects.update(reactions=11)
    rebuild_days(profile, [SUNDAY])
    assert (the_day().reactions, the_day().rebuilt_at > NOON) == (11, True)


def test_other_profiles_and_other_days_are_left_alone():
    profile, other = ProfileFactory.create(), ProfileFactory.create()
    for owner in (profile, other):
        PostFactory.create(profile=owner, published_at=NOON)
        PostFactory.create(profile=owner, published_at=NOON - timedelta(days=1))

    rebuild_days(profile, [SUNDAY])

    assert (the_day().profile_id, the_day().day) == (profile.pk, SUNDAY)


def test_no_days_are_no_work(django_assert_num_queries):
    with django_assert_num_queries(0):
        rebuild_days(ProfileFactory.build(), [])


def test_many_days_are_one_statement(django_assert_num_queries):
    profile = ProfileFactory.create()
    with django_assert_num_queries(1):
        rebuild_days(profile, [SUNDAY - timedelta(days=number) for number in range(400)])


counts = st.none() | st.integers(0, 1_000)
drawn_posts = st.lists(st.tuples(st.integers(0, 71), counts, counts, counts, counts), max_size=12)


@settings(max_examples=30, deadline=None)
@given(drawn=drawn_posts)
def test_days_are_what_their_posts_add_up_to(drawn):
    profile = ProfileFactory.create()
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for hour, *parts in drawn:
        values = dict(zip(("reactions", "comments", "shares", "quotes"), parts, strict=True))
        PostFactory.create(profile=profile, published_at=start + timedelta(hours=hour), **values)

    rebuild_days(profile, [SUNDAY + timedelta(days=number) for number in range(3)])

    for number in range(3):
        of_day = [parts for hour, *parts in drawn if hour // 24 == number]
        known = [sum(parts) for parts in of_day if None not in parts]
        reactions = [parts[0] for parts in of_day if parts[0] is not None]
        day = ProfileDay.objects.filter(profile=profile, day=SUNDAY + timedelta(days=number)).first()
        assert (day.posts if day else 0) == len(of_day)
        if day:
            assert (day.engagements, day.engagements_known) == (sum(known) if known else None, len(known))
            assert day.reactions == (sum(reactions) if reactions else None)
