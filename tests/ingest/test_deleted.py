"""Tombstones: only for posts that a list should have shown and did not, twice."""

from datetime import timedelta

import pytest

from benchmark.models import Post, PostReading, ProfileDay
from benchmark.networks.base import Page, TryLater
from tests.factories.rows import NOON
from tests.ingest.fakes import make_world, post

pytestmark = pytest.mark.django_db

A = post("a", at=NOON - timedelta(days=2), reactions=5, text="Soon gone", hashtags=("tea",))
B = post("b", at=NOON - timedelta(days=3))
OLD = post("old", at=NOON - timedelta(days=40))
OLDER = post("older", at=NOON - timedelta(days=50))


@pytest.fixture
def world():
    world = make_world(posts=[A, B, OLD, OLDER], page_size=2)
    world.visit()
    world.clock.wait(hours=1)
    return world


def the(name: str) -> Post:
    return Post.objects.get(external_id=name)


def test_a_post_that_is_missing_once_is_only_noted(world):
    world.network.posts = [B, OLD, OLDER]

    world.visit()

    assert (the("a").missed_at, the("a").gone_at, the("a").text) == (world.clock.now, None, "Soon gone")


def test_a_post_that_is_missing_twice_becomes_a_tombstone_that_keeps_its_counts(world):
    world.network.posts = [B, OLD, OLDER]
    world.visit()
    world.clock.wait(hours=1)

    world.visit()

    gone = the("a")
    assert gone.gone_at == world.clock.now
    assert (gone.text, gone.url, gone.hashtags) == ("", "", [])
    assert (gone.reactions, gone.kind, gone.published_at) == (5, "text", A.published_at)
    assert PostReading.objects.filter(post=gone).exists()
    assert ProfileDay.objects.get(day=A.published_at.date()).reactions == 5


def test_a_tombstone_is_not_made_twice(world):
    world.network.posts = [B, OLD, OLDER]
    for _ in range(4):
        world.visit()
        world.clock.wait(hours=1)

    assert the("a").gone_at == NOON + timedelta(hours=2)


def test_a_post_that_reappears_starts_anew(world):
    world.network.posts = [B, OLD, OLDER]
    world.visit()
    world.network.posts = [A, B, OLD, OLDER]
    world.visit()
    world.network.posts = [B, OLD, OLDER]
    world.clock.wait(hours=1)

    world.visit()

    assert (the("a").missed_at, the("a").gone_at) == (world.clock.now, None)


def test_a_tombstone_that_reappears_is_a_post_again(world):
    world.network.posts = [B, OLD, OLDER]
    world.visit()
    world.visit()
    world.network.posts = [A, B, OLD, OLDER]
    world.clock.wait(hours=1)

    world.visit()

    assert (the("a").missed_at, the("a").gone_at, the("a").text) == (None, None, "Soon gone")


def test_posts_older_than_what_was_read_are_not_missing(world):
    world.network.posts = [A, B, OLDER]  # this visit ends with the page of A and B
    world.network.page_size = 2
    newer = [post(f"new{n}", at=NOON - timedelta(days=29, hours=n)) for n in range(2)]
    world.network.posts = [A, B, *newer, OLDER]

    world.visit()
    world.visit()

    assert world.network.asked[-1] == "posts from 2"
    assert (the("old").missed_at, the("old").gone_at) == (None, None)


def test_the_end_of_the_list_reads_everything(world):
    world.network.posts = [A, B]

    world.visit()
    world.visit()

    assert [the(name).gone_at is not None for name in ("a", "b", "old", "older")] == [False, False, True, True]


def test_a_post_of_the_last_moment_that_was_read_may_stand_on_the_next_page(world):
    twins = [post(f"twin{n}", at=NOON - timedelta(days=30)) for n in range(3)]
    world.network.posts = [A, *twins, OLD, OLDER]
    world.network.page_size = 10
    world.visit()
    world.network.page_size = 2

    world.visit()
    world.visit()

    assert not Post.objects.filter(missed_at__isnull=False, external_id__startswith="twin").exists()


def test_a_visit_that_was_broken_off_marks_nothing(world):
    def breaks_off(question):
        if question == "posts from 2":
            raise TryLater("network_unavailable", "It is down.")

    world.network.posts = [post("new", at=NOON), B, OLD, OLDER]
    world.network.before_answer = breaks_off

    world.visit()
    world.visit()

    assert not Post.objects.filter(missed_at__isnull=False).exists()


def test_where_posts_can_be_read_by_id_one_that_is_still_there_is_not_missing(world):
    hidden_from_the_list = world.network.list
    world.network.list = lambda get, external_id: (
        type(page)(tuple(post for post in page.posts if post != A), page.read_at, page.reads_down_to)
        for page in hidden_from_the_list(get, external_id)
    )

    world.visit(refresh_size=25)
    world.visit(refresh_size=25)

    assert "refresh 1" in world.network.asked
    assert (the("a").missed_at, the("a").gone_at) == (None, None)


def test_where_posts_can_be_read_by_id_one_that_is_not_there_is_missing(world):
    world.network.posts = [B, OLD, OLDER]

    world.visit(refresh_size=25)
    world.visit(refresh_size=25)

    assert the("a").gone_at == world.clock.now


def test_when_asking_by_id_fails_nothing_is_marked_but_the_list_counts_as_read(world):
    def refuses_single_posts(question):
        if question.startswith("refresh"):
            raise TryLater("rate_limited", "Not so fast.")

    world.network.posts = [B, OLD, OLDER]
    world.network.before_answer = refuses_single_posts

    run = world.visit(refresh_size=25)

    assert (run.outcome, the("a").missed_at) == ("try_later", None)
    assert world.profile.history_to == world.clock.now


MANY = [post(f"many{number:02}", at=NOON - timedelta(days=5, hours=number)) for number in range(30)]


def refreshed(world) -> int:
    return sum(question.startswith("refresh") for question in world.network.asked)


def test_many_deleted_posts_are_looked_for_a_few_at_a_time_where_each_costs_a_call():
    world = make_world(posts=[A, *MANY], page_size=100)
    world.visit(refresh_size=1)
    world.network.posts = [A]

    found_gone = []
    for _ in range(6):
        world.clock.wait(hours=1)
        world.network.asked.clear()
        world.visit(refresh_size=1)
        assert refreshed(world) == 10
        found_gone.append(Post.objects.exclude(gone_at=None).count())

    assert found_gone == [0, 10, 10, 20, 20, 30]


def test_posts_that_are_there_though_the_list_never_shows_them_do_not_hide_those_that_are_gone():
    world = make_world(posts=[A, *MANY], page_size=100)
    world.visit(refresh_size=1)
    shown = world.network.list

    def shows_only_the_first(get, external_id):
        for page in shown(get, external_id):
            yield Page(tuple(post for post in page.posts if post == A), page.read_at, page.reads_down_to)

    world.network.posts.remove(MANY[29])

    for _ in range(5):
        world.clock.wait(days=1)
        world.visit(refresh_size=1, posts=shows_only_the_first)

    assert [gone.external_id for gone in Post.objects.exclude(gone_at=None)] == ["many29"]
