"""Where a network takes posts down itself: history claims no day that may not have been read whole."""

from datetime import date, datetime, timedelta

import pytest

from benchmark.models import Post
from benchmark.networks.base import Kind
from tests.factories.rows import NOON
from tests.ingest.fakes import make_world, post

pytestmark = pytest.mark.django_db

EXPIRES = {Kind.LIVE: timedelta(days=7)}


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


def day(**span: float) -> date:
    return ago(**span).date()


def broadcast(name: str, at: datetime):
    return post(name, at=at, kind=Kind.LIVE)


def the(name: str) -> Post:
    return Post.objects.get(external_id=name)


def test_a_first_visit_knows_no_day_whole_whose_posts_may_have_gone_already():
    world = make_world(
        posts=[broadcast("new", ago(days=1)), broadcast("kept long", ago(days=50))], opened_at=ago(days=900)
    )

    world.visit(expires=EXPIRES)

    assert world.profile.history_from == day(days=6)  # of the day before, the morning may be gone
    assert Post.objects.count() == 2


def test_without_such_a_rule_the_whole_list_is_history():
    world = make_world(posts=[broadcast("new", ago(days=1))], opened_at=ago(days=900))

    world.visit()

    assert world.profile.history_from == day(days=900)


def test_a_profile_that_is_younger_is_known_from_its_first_day():
    world = make_world(posts=[broadcast("new", ago(days=1))], opened_at=ago(days=3))

    world.visit(expires=EXPIRES)

    assert world.profile.history_from == day(days=3)


def test_history_grows_with_every_visit_that_comes_in_time():
    world = make_world(posts=[broadcast("new", ago(days=1))], opened_at=ago(days=900))
    world.visit(expires=EXPIRES)
    for _ in range(5):
        world.clock.wait(days=7)
        world.visit(expires=EXPIRES)

    assert world.profile.history_from == day(days=6)
    assert world.profile.history_to == world.clock.now == NOON + timedelta(days=35)


def test_after_a_longer_pause_history_begins_anew():
    world = make_world(posts=[broadcast("new", ago(days=1))], opened_at=ago(days=900))
    world.visit(expires=EXPIRES)
    world.clock.wait(days=7, minutes=1)

    world.visit(expires=EXPIRES)

    assert world.profile.history_from == day(days=-1)


def test_an_expired_post_stays_as_it_was_last_read():
    world = make_world(posts=[broadcast("old", ago(days=6)), broadcast("new", ago(days=1))])
    world.visit(expires=EXPIRES)
    world.network.posts = world.network.posts[1:]
    for _ in range(3):
        world.clock.wait(days=1)
        world.visit(expires=EXPIRES, refresh_size=25)

    assert (the("old").missed_at, the("old").gone_at, the("old").text) == (None, None, "Post old")
    assert not any(question.startswith("refresh") for question in world.network.asked)


def test_a_post_that_goes_before_its_time_was_deleted_and_so_was_one_of_a_kind_that_stays():
    broadcasts = [broadcast("young", ago(days=3)), broadcast("new", ago(days=1))]
    world = make_world(posts=[*broadcasts, post("upload", at=ago(days=20), kind=Kind.VIDEO)])
    world.visit(expires=EXPIRES)
    world.network.posts = [broadcasts[1]]
    for _ in range(2):
        world.clock.wait(hours=1)
        world.visit(expires=EXPIRES)

    assert [the(name).gone_at is not None for name in ("young", "upload", "new")] == [True, True, False]
