"""A visit to a profile: how far it reads, what it leaves behind, and how its errors end."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import DataError

from benchmark import ingest
from benchmark.models import FetchRun, Outcome, Post, Profile, ProfileDay, ProfileReading, State, Trigger
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.networks.keys import Quota
from tests.factories.rows import NOON, FetchRunFactory, TrackedProfileFactory
from tests.ingest.fakes import make_world, post
from tests.ingest.snapshot import snapshot

pytestmark = pytest.mark.django_db


def days_ago(days: float):
    return NOON - timedelta(days=days)


def daily(days: int, **fields):
    return [post(f"day{day:03}", at=days_ago(day), **fields) for day in range(days)]


def known() -> set[str]:
    return set(Post.objects.values_list("external_id", flat=True))


# --- the first visit -------------------------------------------------------------------------------------------------


def test_the_first_visit_stores_the_profile_its_followers_and_its_posts():
    world = make_world(posts=[post("a", at=days_ago(2), reactions=7)], followers=1_234, name="Anna & Co")

    run = world.visit()

    profile = world.profile
    assert (run.outcome, run.backfill, run.seen, run.new, run.changed) == (Outcome.DONE, True, 1, 1, 0)
    assert (run.requests, run.started_at, run.finished_at, run.trigger) == (2, NOON, NOON, Trigger.SCHEDULE)
    assert (profile.name, profile.followers, profile.read_at, profile.state) == ("Anna & Co", 1_234, NOON, State.OK)
    assert ProfileReading.objects.values_list("followers", "read_at").get() == (1_234, NOON)
    assert dict(ProfileDay.objects.values_list("day", "posts")) == {date(2026, 2, 27): 1, date(2026, 3, 1): 0}


def test_a_list_read_to_its_end_is_the_whole_life_of_the_profile():
    world = make_world(posts=[post("a", at=days_ago(40))], opened_at=days_ago(300))

    world.visit()

    assert world.profile.history_from == days_ago(300).date()
    assert world.profile.history_to == NOON


def test_without_its_first_day_a_profile_is_known_from_its_first_post():
    world = make_world(posts=[post("a", at=days_ago(40))])

    world.visit()

    assert world.profile.history_from == days_ago(40).date()


def test_a_profile_that_never_posted_is_known_from_today():
    world = make_world(posts=[])

    run = world.visit()

    assert (run.outcome, world.profile.history_from, world.profile.history_to) == (Outcome.DONE, NOON.date(), NOON)


def test_the_first_visit_reads_back_as_far_as_the_network_says():
    world = make_world(posts=daily(30), page_size=5)

    world.visit(reads_back=timedelta(days=11, hours=12))

    assert known() == {f"day{day:03}" for day in range(15)}  # the page that passes the limit is kept whole
    assert world.profile.history_from == days_ago(13).date()  # a day later than the last post: that day may go on


def test_the_first_visit_reads_so_many_posts_at_most():
    world = make_world(posts=daily(30), page_size=5)

    world.visit(reads_back_posts=10)

    assert len(known()) == 10
    assert world.profile.history_from == days_ago(8).date()


# --- later visits ----------------------------------------------------------------------------------------------------


def test_a_later_visit_reads_what_still_moves():
    world = make_world(posts=daily(60), page_size=5)
    world.visit()
    world.network.asked.clear()
    world.clock.wait(hours=1)

    run = world.visit()

    assert run.backfill is False
    assert world.network.asked == ["profile", *(f"posts from {start}" for start in range(0, 30, 5))]
    assert world.profile.history_from == days_ago(59).date()


def test_a_pause_leaves_no_hole():
    world = make_world(posts=daily(5), page_size=5)
    world.visit()
    world.clock.wait(days=60)
    since = [post(f"new{day:03}", at=NOON + timedelta(days=day)) for day in range(1, 60)]
    world.network.posts = [*since, *daily(5)]

    world.visit()

    assert known() == {record.external_id for record in world.network.posts}
    assert (world.profile.history_from, world.profile.history_to) == (days_ago(4).date(), NOON + timedelta(days=60))


def test_a_profile_that_posts_without_rest_is_read_to_the_last_visit_at_least():
    posts = [post(f"post{number:03}", at=NOON - timedelta(hours=number)) for number in range(40)]
    world = make_world(posts=posts, page_size=5)
    world.visit(reads_back_posts=10)
    world.clock.wait(hours=24)
    world.network.posts = [post(f"new{n:03}", at=NOON + timedelta(hours=n)) for n in range(1, 24)] + posts

    world.visit(reads_back_posts=10)

    assert {f"new{n:03}" for n in range(1, 24)} <= known()
    assert world.profile.history_to == NOON + timedelta(hours=24)


def test_running_the_same_fetch_twice_changes_nothing_but_the_ledger_one_reading_and_last_read():
    world = make_world(posts=daily(40), page_size=7)
    world.visit()
    before = snapshot(world.profile)
    world.clock.wait(minutes=1)

    run = world.visit()

    after = snapshot(world.profile)
    assert (run.new, run.changed, run.seen) == (0, 0, 35)
    assert FetchRun.objects.count() == 2
    assert len(after["followers"]) == len(before["followers"]) + 1
    assert after["days"] == before["days"]
    assert after["checkpoints"] == before["checkpoints"]
    for row in (*before["posts"], *after["posts"]):
        del row["read_at"]
    assert after["posts"] == before["posts"]


def test_a_changed_count_moves_its_day():
    world = make_world(posts=[post("a", at=days_ago(1), reactions=10, comments=1)])
    world.visit()
    world.clock.wait(hours=2)
    world.network.posts = [post("a", at=days_ago(1), reactions=30, comments=1)]

    run = world.visit()

    assert (run.new, run.changed) == (0, 1)
    day = ProfileDay.objects.get(day=days_ago(1).date())
    assert (day.reactions, day.comments, day.engagements, day.engagements_known) == (30, 1, 31, 1)


# --- names and places ------------------------------------------------------------------------------------------------


def test_a_new_handle_follows_the_id():
    world = make_world()
    world.visit()
    world.network.handle = "anna-berlin.example.org"
    world.clock.wait(hours=1)

    world.visit()

    assert world.profile.handle == "anna-berlin.example.org"
    assert Profile.objects.count() == 1


def test_a_handle_that_belongs_to_somebody_else_now_brings_nobody_elses_numbers():
    world = make_world(followers=100)
    world.visit()
    world.network.external_id, world.network.followers = "did:plc:stranger", 9_000_000
    world.clock.wait(hours=1)

    run = world.visit()

    assert (run.outcome, world.profile.state, world.profile.followers) == (Outcome.GONE, State.GONE, 100)
    assert not ProfileReading.objects.filter(followers=9_000_000).exists()


@pytest.mark.parametrize(("by_handle", "reference"), [(False, "did:plc:fake"), (True, "anna.example.org")])
def test_a_network_is_asked_by_id_or_by_the_handle_last_seen_where_it_takes_no_ids(by_handle, reference):
    world = make_world()

    world.visit(asks_by_handle=by_handle)

    assert world.network.asked_by == [reference, reference]


def test_a_profile_whose_owner_moved_says_where_to():
    world = make_world(moved_to="anna@elsewhere.example")

    run = world.visit()

    assert run.outcome == Outcome.DONE
    assert world.profile.state_code == "profile_moved"
    assert world.profile.state_sentence == "The owner goes on as @anna@elsewhere.example."


# --- when to come again ----------------------------------------------------------------------------------------------


def test_the_next_visit_is_at_the_next_checkpoint_of_the_youngest_post():
    world = make_world(posts=[post("a", at=NOON - timedelta(hours=4)), post("b", at=days_ago(3))])

    world.visit()

    assert world.profile.due_at == NOON + timedelta(hours=2)  # when it is six hours old


def test_a_quiet_profile_is_read_daily():
    world = make_world(posts=[post("a", at=days_ago(400))])

    world.visit()

    assert world.profile.due_at == NOON + timedelta(days=1)


def test_a_tight_quota_leaves_more_time_between_visits():
    world = make_world(posts=[post("a", at=NOON - timedelta(hours=4))])
    cache.delete("plan:bluesky")
    for _ in range(4):
        TrackedProfileFactory.create()
    world.visit(quota=Quota(units=10, zone="UTC"))
    world.clock.wait(hours=12)

    world.visit(quota=Quota(units=10, zone="UTC"))

    # Each of five workspaces gets a fifth of the eight calls that can be planned, and a visit was taken to be three.
    assert world.profile.due_at is not None
    wait = world.profile.due_at - (NOON + timedelta(hours=12))
    assert wait / timedelta(days=1) == pytest.approx(3 / (8 / 5))


def test_pretend_profiles_have_no_budget():
    world = make_world(posts=[post("a", at=NOON - timedelta(hours=4))])
    Profile.objects.update(pretend=True)

    world.visit(quota=Quota(units=1, zone="UTC"))

    assert world.profile.due_at == NOON + timedelta(hours=2)


# --- errors by remedy ------------------------------------------------------------------------------------------------


def refusing(error, *, at="profile"):
    def refuse(question):
        if question == at:
            raise error

    return refuse


def test_try_later_waits_as_long_as_the_network_asks():
    world = make_world()
    world.network.before_answer = refusing(TryLater("rate_limited", "Not so fast.", after=timedelta(minutes=40)))

    run = world.visit()

    profile = world.profile
    assert (run.outcome, run.code, run.sentence) == (Outcome.TRY_LATER, "rate_limited", "Not so fast.")
    assert (profile.state, profile.state_code, profile.state_sentence) == (
        State.TRY_LATER,
        "rate_limited",
        "Not so fast.",
    )
    assert profile.due_at == NOON + timedelta(minutes=40)
    assert (profile.lease, profile.lease_until) == ("", None)


def test_failing_again_and_again_waits_longer_each_time():
    world = make_world()
    world.network.before_answer = refusing(TryLater("network_unavailable", "It is down."))
    waits = []

    for _ in range(4):
        world.visit()
        due_at = world.profile.due_at
        assert due_at is not None
        waits.append(due_at - world.clock.now)
        world.clock.now = due_at

    assert waits == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]
    assert world.profile.state_since == NOON


def test_what_was_read_before_an_error_is_kept_and_the_next_visit_completes_it():
    world = make_world(posts=daily(10), page_size=5)
    world.network.before_answer = refusing(TryLater("network_unavailable", "It is down."), at="posts from 5")

    run = world.visit()
    assert (run.outcome, run.seen, len(known())) == (Outcome.TRY_LATER, 5, 5)
    assert (world.profile.history_from, world.profile.history_to, world.profile.followers) == (None, None, 1_000)

    world.network.before_answer = lambda _question: None
    world.clock.wait(minutes=5)
    run = world.visit()

    assert (run.outcome, run.backfill, len(known())) == (Outcome.DONE, True, 10)
    assert (world.profile.state, world.profile.state_code, world.profile.state_sentence) == (State.OK, "", "")


def test_a_profile_that_needs_attention_waits_with_its_sentence():
    world = make_world()
    world.network.before_answer = refusing(NeedsAttention("profile_private", "Anna shows her posts to friends only."))

    run = world.visit()

    assert (run.outcome, run.code) == (Outcome.NEEDS_ATTENTION, "profile_private")
    assert (world.profile.state, world.profile.state_since) == (State.NEEDS_ATTENTION, NOON)
    assert world.profile.state_sentence == "Anna shows her posts to friends only."
    assert world.profile.due_at == NOON + timedelta(days=1)


def test_a_profile_that_is_gone_keeps_its_history_and_is_looked_at_seldom():
    world = make_world(posts=daily(3))
    world.visit()
    before = snapshot(world.profile)
    world.clock.wait(days=1)
    world.network.before_answer = refusing(Gone("profile_not_found", "There is no such profile."))

    run = world.visit()

    after = snapshot(world.profile)
    assert (run.outcome, world.profile.state) == (Outcome.GONE, State.GONE)
    assert world.profile.due_at == NOON + timedelta(days=8)
    assert [after[rows] for rows in ("posts", "checkpoints", "followers", "days")] == [
        before[rows] for rows in ("posts", "checkpoints", "followers", "days")
    ]


def test_a_profile_that_comes_back_is_read_again():
    world = make_world(posts=daily(3))
    world.network.before_answer = refusing(Gone("profile_not_found", "There is no such profile."))
    world.visit()
    world.network.before_answer = lambda _question: None
    world.clock.wait(days=7)

    run = world.visit()

    assert (run.outcome, world.profile.state, world.profile.state_code) == (Outcome.DONE, State.OK, "")


def test_a_mistake_of_ours_ends_the_run_and_comes_again():
    world = make_world()
    world.network.before_answer = refusing(DataError("a value that no column holds"))

    run = world.visit()

    assert (run.outcome, run.code) == (Outcome.TRY_LATER, "internal_error")
    assert "a value" not in run.sentence
    assert world.profile.due_at == NOON + timedelta(minutes=2)


# --- leases and the ledger -------------------------------------------------------------------------------------------


def fetch(world, lease, **by):
    return ingest.fetch(
        world.profile, lease=lease, door=world.door, clock=world.clock, network=world.network.declared(), **by
    )


def test_a_task_whose_lease_has_passed_on_does_nothing():
    world = make_world(posts=daily(3))
    lease = Profile.objects.lease_one(world.profile.pk, now=NOON)
    assert lease is not None
    world.clock.wait(minutes=5)

    assert fetch(world, lease) is None
    assert fetch(world, "somebody else's") is None
    assert (FetchRun.objects.count(), Post.objects.count(), world.network.asked) == (0, 0, [])


def test_every_page_renews_the_lease():
    world = make_world(posts=daily(30), page_size=5)
    world.network.before_answer = lambda _question: world.clock.wait(minutes=4)

    run = world.visit()

    assert run.outcome == Outcome.DONE


def test_a_worker_that_lost_its_lease_touches_nothing_more():
    world = make_world(posts=daily(30), page_size=5)

    def another_takes_over(question):
        if question == "posts from 10":
            world.clock.wait(minutes=6)
            assert Profile.objects.lease_one(world.profile.pk, now=world.clock())

    world.network.before_answer = another_takes_over

    run = world.visit()

    assert (len(known()), run.outcome, world.profile.history_to) == (10, None, None)
    assert world.profile.lease != ""  # the other's


def test_a_run_that_a_killed_worker_left_open_is_closed_by_the_next_visit():
    world = make_world()
    left = FetchRunFactory.create(profile=world.profile, finished_at=None, outcome=None)

    world.visit()

    left.refresh_from_db()
    assert (left.outcome, left.code, left.finished_at) == (Outcome.ABANDONED, "interrupted", NOON)


def test_the_ledger_says_who_asked():
    world = make_world()
    tracked = world.profile.tracked.get()
    person = tracked.workspace.members.get()
    lease = Profile.objects.lease_one(world.profile.pk, now=NOON)

    run = fetch(world, lease, by=ingest.By.person(person))

    assert (run.trigger, run.user) == (Trigger.PERSON, person)


def test_asking_for_a_profile_makes_it_due():
    world = make_world()

    ingest.request(world.profile, now=NOON)

    assert [pk for pk, _lease in Profile.objects.claim_due(now=NOON)] == [world.profile.pk]


def test_the_cost_of_a_visit_does_not_grow_with_what_is_stored(django_assert_max_num_queries):
    world = make_world(posts=daily(300), page_size=100)
    world.visit()
    world.clock.wait(hours=1)

    with django_assert_max_num_queries(45):
        world.visit()
