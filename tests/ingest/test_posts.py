"""Pages of posts become rows: each as last read, with its counts at the checkpoints of its life."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from benchmark.ingest import store_posts
from benchmark.models import Post, PostReading
from benchmark.networks.base import Kind
from tests.factories.rows import NOON, PostFactory, ProfileFactory
from tests.ingest.fakes import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile():
    return ProfileFactory.create()


def the_post() -> Post:
    return Post.objects.get(external_id="a")


def test_a_new_post_is_stored_as_it_was_read(profile):
    stored = store_posts(profile, [post("a", text="Hello", hashtags=("tea", "time"), views=7)], read_at=NOON)

    row = the_post()
    assert (stored.seen, stored.new, stored.changed) == (1, 1, 0)
    assert stored.days == {date(2026, 2, 19)}
    assert (row.text, row.hashtags, row.kind) == ("Hello", ["tea", "time"], Kind.TEXT)
    assert (row.reactions, row.comments, row.views) == (1, 0, 7)
    assert (row.published_at, row.first_read_at, row.read_at) == (NOON - timedelta(days=10), NOON, NOON)


def test_what_a_network_does_not_publish_stays_unknown_and_zero_stays_zero(profile):
    store_posts(profile, [post("a", reactions=0, comments=None, saves=None)], read_at=NOON)

    assert (the_post().reactions, the_post().comments, the_post().saves) == (0, None, None)


def test_a_count_that_moved_is_a_change_and_names_its_day(profile):
    store_posts(profile, [post("a", reactions=1), post("b", reactions=1)], read_at=NOON)

    stored = store_posts(profile, [post("a", reactions=2), post("b", reactions=1)], read_at=NOON + timedelta(hours=1))

    assert (stored.seen, stored.new, stored.changed) == (2, 0, 1)
    assert stored.days == {date(2026, 2, 19)}
    assert the_post().reactions == 2


def test_a_count_that_its_author_hides_becomes_unknown(profile):
    store_posts(profile, [post("a", reactions=5)], read_at=NOON)

    store_posts(profile, [post("a", reactions=None)], read_at=NOON + timedelta(hours=1))

    assert the_post().reactions is None


def test_a_page_without_news_changes_nothing(profile):
    page = [post("a"), post("b")]
    store_posts(profile, page, read_at=NOON)
    before = list(Post.objects.order_by("id").values())

    stored = store_posts(profile, page, read_at=NOON + timedelta(hours=1))

    assert (stored.new, stored.changed, stored.days) == (0, 0, frozenset())
    assert list(Post.objects.order_by("id").values()) == before


@pytest.mark.parametrize(
    ("age_in_hours", "hours_later", "moves"),
    [
        (10, 1, True),  # too young to be compared: its age at the last reading decides when it is
        (71, 1, True),
        (71.5, 0.5, True),
        (80, 1, False),
        (80, 23, False),
        (80, 24, True),
        (600, 25, True),
    ],
)
def test_last_read_moves_with_every_reading_of_a_young_post_and_daily_of_an_older_one(
    profile, age_in_hours, hours_later, moves
):
    page = [post("a", at=NOON - timedelta(hours=age_in_hours))]
    later = NOON + timedelta(hours=hours_later)
    store_posts(profile, page, read_at=NOON)

    stored = store_posts(profile, page, read_at=later)

    assert the_post().read_at == (later if moves else NOON)
    assert stored.changed == 0


def test_an_older_reading_never_replaces_a_newer_one(profile):
    store_posts(profile, [post("a", reactions=9)], read_at=NOON)

    stored = store_posts(profile, [post("a", reactions=5)], read_at=NOON - timedelta(days=1))

    assert (the_post().reactions, the_post().read_at, stored.changed) == (9, NOON, 0)


def test_a_post_whose_time_was_corrected_touches_both_days(profile):
    store_posts(profile, [post("a", at=datetime(2026, 2, 10, 23, tzinfo=UTC))], read_at=NOON)

    stored = store_posts(profile, [post("a", at=datetime(2026, 2, 11, 1, tzinfo=UTC))], read_at=NOON)

    assert stored.days == {date(2026, 2, 10), date(2026, 2, 11)}


def test_a_day_is_a_utc_day(profile):
    just_after_midnight = datetime.fromisoformat("2026-02-11T01:30:00+02:00")

    stored = store_posts(profile, [post("a", at=just_after_midnight)], read_at=NOON)

    assert stored.days == {date(2026, 2, 10)}


@pytest.mark.parametrize(
    ("age", "checkpoint"),
    [
        (timedelta(minutes=59), None),
        (timedelta(hours=1), 1),
        (timedelta(hours=1, minutes=59), 1),
        (timedelta(hours=2), None),  # halfway to three hours
        (timedelta(hours=3), 3),
        (timedelta(days=3), 72),
        (timedelta(days=5), None),
        (timedelta(days=28), 672),
        (timedelta(days=41, hours=23), 672),
        (timedelta(days=42), None),
    ],
)
def test_a_reading_counts_for_the_last_checkpoint_passed_until_halfway_to_the_next(profile, age, checkpoint):
    store_posts(profile, [post("a", at=NOON - age, reactions=4)], read_at=NOON)

    readings = list(PostReading.objects.values_list("checkpoint", "reactions", "read_at"))
    assert readings == ([] if checkpoint is None else [(checkpoint, 4, NOON)])


def test_the_first_reading_at_a_checkpoint_is_kept(profile):
    born = NOON - timedelta(hours=3)
    store_posts(profile, [post("a", at=born, reactions=1)], read_at=NOON)
    store_posts(profile, [post("a", at=born, reactions=5)], read_at=NOON + timedelta(hours=1))
    store_posts(profile, [post("a", at=born, reactions=8)], read_at=NOON + timedelta(hours=3))

    readings = PostReading.objects.order_by("checkpoint").values_list("checkpoint", "reactions")
    assert list(readings) == [(3, 1), (6, 8)]


def test_an_unchanged_post_is_read_at_its_checkpoints_too(profile):
    page = [post("a", at=NOON - timedelta(days=7), reactions=3)]
    store_posts(profile, page, read_at=NOON)

    store_posts(profile, page, read_at=NOON + timedelta(days=7))

    readings = PostReading.objects.order_by("checkpoint").values_list("checkpoint", "reactions")
    assert list(readings) == [(168, 3), (336, 3)]


def test_a_post_that_reappears_is_no_tombstone_any_more(profile):
    PostFactory.create(profile=profile, external_id="a", text="", url="", missed_at=NOON, gone_at=NOON, reactions=1)

    stored = store_posts(profile, [post("a", text="Back")], read_at=NOON + timedelta(days=1))

    assert (the_post().text, the_post().missed_at, the_post().gone_at) == ("Back", None, None)
    assert stored.changed == 1


def test_a_missed_post_that_reappears_has_not_changed(profile):
    store_posts(profile, [post("a")], read_at=NOON)
    Post.objects.update(missed_at=NOON)

    stored = store_posts(profile, [post("a")], read_at=NOON + timedelta(minutes=5))

    assert (the_post().missed_at, stored.changed) == (None, 0)


def test_a_post_that_was_let_go_is_there_again_when_it_is_read(profile):
    PostFactory.create(profile=profile, external_id="a", text="", reactions=None, dropped_at=NOON)

    store_posts(profile, [post("a", reactions=4)], read_at=NOON + timedelta(days=1))

    assert (the_post().reactions, the_post().dropped_at) == (4, None)


def test_a_post_that_a_page_shows_twice_is_one_post(profile):
    stored = store_posts(profile, [post("a", reactions=1), post("a", reactions=1)], read_at=NOON)

    assert (stored.seen, stored.new, Post.objects.count()) == (1, 1, 1)


def test_what_a_row_cannot_hold_is_cut_not_refused(profile):
    page = [post("a", text="nul\x00l", hashtags=("long" * 100, "two\nlines"), url="https://example.org/\x00")]

    store_posts(profile, page, read_at=NOON)

    assert the_post().text == "null"
    assert the_post().hashtags == [("long" * 100)[:255], "two lines"]


def test_two_profiles_may_have_a_post_of_the_same_id(profile):
    other = ProfileFactory.create()
    store_posts(profile, [post("a", reactions=1)], read_at=NOON)

    stored = store_posts(other, [post("a", reactions=2)], read_at=NOON)

    assert stored.new == 1
    assert list(Post.objects.order_by("reactions").values_list("profile", "reactions")) == [
        (profile.pk, 1),
        (other.pk, 2),
    ]


def test_no_records_are_no_work(profile, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert store_posts(profile, [], read_at=NOON).seen == 0


@pytest.mark.django_db(transaction=True)
def test_four_writers_of_the_same_posts_never_wait_for_each_other_in_a_ring():
    profile = ProfileFactory.create()
    names = [f"post{number:03}" for number in range(100)]
    together = Barrier(4)
    failures = []

    def write(number):
        order = names[number * 25 :] + names[: number * 25]
        try:
            together.wait(10)
            for turn in range(10):
                page = [post(name, reactions=turn * 4 + number) for name in order]
                store_posts(profile, page, read_at=NOON + timedelta(hours=turn * 4 + number))
        except Exception as error:  # noqa: BLE001 (told by the assertion below)
            failures.append(error)
        finally:
            connections.close_all()

    writers = [Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert failures == []
    assert Post.objects.count() == 100
    assert set(Post.objects.values_list("reactions", flat=True)) == {39}  # the newest reading, whoever came last
