"""Thin tasks over the real queue: what is due is queued, and a queue that was lost costs two ticks."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings

from benchmark.models import FetchRun, MaturityFactor, Outcome, Post, Profile
from benchmark.models.profile import CLAIM_LASTS
from benchmark.networks.http import utcnow
from tasks.app import app
from tasks.schedule import TABLE, beat_schedule
from tasks.work import drop_unrefreshed, fetch_profile, learn_from_readings, tick
from tests.factories.rows import FetchRunFactory, PostFactory, PostReadingFactory, ProfileFactory, TrackedProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue():
    """The queue of this test's worker number, empty before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(settings.CELERY_TASK_DEFAULT_QUEUE)
    yield lambda: [json.loads(task) for task in client.lrange(settings.CELERY_TASK_DEFAULT_QUEUE, 0, -1)]
    client.delete(settings.CELERY_TASK_DEFAULT_QUEUE)
    client.close()


def due(**fields) -> Profile:
    profile = ProfileFactory.create(due_at=utcnow() - timedelta(minutes=1), **fields)
    TrackedProfileFactory.create(profile=profile)
    return profile


def keywords_of(task) -> dict[str, object]:
    _args, keywords, _embedded = json.loads(base64.b64decode(task["body"]))
    return dict(keywords)


def test_a_tick_queues_one_task_for_each_profile_that_is_due(queue, django_capture_on_commit_callbacks):
    profiles = [due(network="mastodon", external_id=f"social.example/{number}") for number in range(2)]
    ProfileFactory.create(due_at=None)

    with django_capture_on_commit_callbacks(execute=True):
        tick()

    headers = [task["headers"] for task in queue()]
    assert [header["task"] for header in headers] == ["tasks.work.fetch_profile"] * 2
    assert all(header["expires"] for header in headers)
    leases = Profile.objects.filter(pk__in=[profile.pk for profile in profiles]).values_list("pk", "lease")
    asked = {(kwargs["profile_id"], kwargs["lease"]) for kwargs in map(keywords_of, queue())}
    assert asked == set(leases)


def test_profiles_of_a_network_that_answers_about_many_are_queued_together(queue, django_capture_on_commit_callbacks):
    profiles = [due(), due()]

    with django_capture_on_commit_callbacks(execute=True):
        tick()

    (task,) = queue()
    assert (task["headers"]["task"], bool(task["headers"]["expires"])) == ("tasks.work.fetch_together", True)
    leases = Profile.objects.filter(pk__in=[profile.pk for profile in profiles]).values_list("pk", "lease")
    claims: Any = keywords_of(task)["claims"]
    assert {tuple(claim) for claim in claims} == set(leases)


def test_the_next_tick_queues_nothing_while_the_leases_last(queue, django_capture_on_commit_callbacks):
    due()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tick()

    assert len(queue()) == 1


def test_what_a_lost_queue_held_is_queued_again_when_the_leases_have_passed(queue, django_capture_on_commit_callbacks):
    profile = due()
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
    Profile.objects.filter(pk=profile.pk).update(lease_until=utcnow())

    with django_capture_on_commit_callbacks(execute=True):
        tick()

    assert len(queue()) == 1


def test_a_tick_closes_the_runs_of_workers_that_died():
    run = FetchRunFactory.create(started_at=utcnow() - timedelta(hours=1), finished_at=None, outcome=None)

    tick()

    run.refresh_from_db()
    assert run.outcome == Outcome.ABANDONED


def test_a_task_whose_lease_has_passed_on_does_nothing():
    profile = due()
    ((_, lease),) = Profile.objects.claim_due(now=utcnow())
    Profile.objects.filter(pk=profile.pk).update(lease="another's")

    fetch_profile(profile_id=profile.pk, lease=lease)

    assert not FetchRun.objects.exists()


def test_a_task_for_a_profile_that_was_erased_meanwhile_does_nothing():
    fetch_profile(profile_id=7, lease="gone")

    assert not FetchRun.objects.exists()


def test_a_task_reads_its_profile():
    profile = due(network="youtube")
    ((_, lease),) = Profile.objects.claim_due(now=utcnow())

    fetch_profile(profile_id=profile.pk, lease=lease)  # there is no key, so that no request leaves

    run = FetchRun.objects.get()
    assert (run.profile_id, run.trigger, run.outcome, run.code) == (
        profile.pk,
        "schedule",
        Outcome.NEEDS_ATTENTION,
        "credential_missing",
    )


def test_housekeeping_lets_go_of_what_may_not_be_kept():
    late = PostFactory.create(profile=ProfileFactory.create(network="youtube"), read_at=utcnow() - timedelta(days=31))

    drop_unrefreshed()

    assert Post.objects.get(pk=late.pk).reactions is None


def test_the_night_learns_from_readings_how_posts_grow():
    post = PostFactory.create(reactions=200)
    for checkpoint, reactions in ((24, 100), (72, 200)):
        PostReadingFactory.create(post=post, checkpoint=checkpoint, reactions=reactions)

    learn_from_readings()

    assert set(MaturityFactor.objects.values_list("kind", "posts")) == {("", 1), ("text", 1)}


def test_a_queued_task_waits_no_longer_than_its_lease():
    assert fetch_profile.expires == CLAIM_LASTS.total_seconds()


# --- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.task)
def test_every_line_names_a_task_says_why_and_expires_before_the_next(line):
    assert line.task in app.tasks
    assert line.why.endswith(".")
    assert timedelta(0) < line.expires < line.every


def test_beat_reads_the_table():
    assert app.conf.beat_schedule == beat_schedule()
    assert beat_schedule()["tick"] == {
        "task": "tasks.work.tick",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50.0},
    }


def test_workers_wait_on_networks_with_threads_and_take_a_task_when_they_begin_it():
    assert app.conf.worker_pool == "threads"
    assert app.conf.task_acks_late is False
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result is True
