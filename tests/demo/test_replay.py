"""The demo's past comes in through the real ingest, goes on where it broke off, and ends in the ordinary schedule."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Workspace
from benchmark import tracking
from benchmark.demo import replay, running, workspace
from benchmark.demo.cast import COMPETITORS, NETWORKS, OWN, cast
from benchmark.embedded.locks import held_by_another
from benchmark.models import (
    Avatar,
    FetchRun,
    Outcome,
    Post,
    PostReading,
    Profile,
    ProfileDay,
    ProfileReading,
    TrackedProfile,
    checkpoint_at,
)
from tests.factories.accounts import WorkspaceFactory
from tests.servers.pretend import Pretend, pretend_networks

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a cup of filter at noon"


@pytest.fixture
def pretend() -> Iterator[Pretend]:
    with pretend_networks() as running:
        yield running


@pytest.fixture
def small_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    """One competitor beside the own brand, so that a replay takes seconds."""
    monkeypatch.setattr(workspace, "COMPETITORS", COMPETITORS[4:5])


@pytest.fixture
def few_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit every nine days, so that a replay takes a second or two."""
    monkeypatch.setattr(replay, "STRIDES", ((timedelta(days=90), timedelta(0), timedelta(days=9)),))


@pytest.fixture
def demo(pretend: Pretend, small_cast: None) -> Workspace:
    return workspace.create(password=PASSWORD, address=pretend.address, now=timezone.now())


def go_on(pretend: Pretend, rows: list[TrackedProfile] | None = None, each: Callable[[], None] = lambda: None) -> None:
    rows = replay.being_replayed() if rows is None else rows
    replay.replay(rows, address=pretend.address, now=timezone.now, each=each)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All that was read of posts, in words that do not depend on the rows' numbers."""
    posts = Post.objects.order_by("external_id")
    readings = PostReading.objects.order_by("post__external_id", "checkpoint")
    days = ProfileDay.objects.order_by("profile__external_id", "day")
    return {
        "posts": list(posts.values_list("external_id", "text", "reactions", "comments", "shares", "gone_at")),
        "readings": list(readings.values_list("post__external_id", "checkpoint", "read_at", "reactions")),
        "days": list(days.values_list("profile__external_id", "day", "posts", "reactions", "shares")),
    }


def test_the_visits_begin_ninety_days_ago_end_now_and_miss_no_checkpoint_from_three_days_on():
    end = timezone.now()
    moments = replay.visits(end)

    assert (moments[0], moments[-1]) == (end - timedelta(days=90), end)
    assert moments == sorted(moments)
    assert max(later - earlier for earlier, later in pairwise(moments)) <= timedelta(days=2)
    for hours in range(24 * 80):
        published = end - timedelta(days=89) + timedelta(hours=hours)
        met = {checkpoint_at(moment - published) for moment in moments if moment >= published}
        due = {72, 168, 336, 672}
        assert {point for point in due if end - published >= timedelta(hours=point * 1.4)} <= met


def test_the_demo_follows_its_cast_as_it_was_ninety_days_ago(pretend: Pretend):
    now = timezone.now()

    demo = workspace.create(password=PASSWORD, address=pretend.address, now=now)

    rows = TrackedProfile.objects.of(demo).select_related("profile", "brand")
    assert {row.network: len(rows.filter(network=row.network)) for row in rows} == {"bluesky": 8, "mastodon": 8}
    assert [row.profile.handle for row in rows.own().order_by("network")] == [
        "harbelow.demo.invalid",
        "harbelow@demo.invalid",
    ]
    assert all(row.profile.pretend and row.paused_at == now - timedelta(days=90) for row in rows)
    assert {row.brand.industry for row in rows} == {"food_beverage"}
    assert Avatar.objects.count() == 16
    assert Profile.objects.claim_due(now=now) == [], "the scheduler leaves them alone"


def test_a_replay_leaves_growth_checkpoints_and_days_of_ninety_days(pretend: Pretend, demo: Workspace):
    go_on(pretend)

    rows = list(TrackedProfile.objects.of(demo).select_related("profile"))
    assert len(rows) == 4
    assert replay.progress(demo) is None
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {Outcome.DONE}
    for row in rows:
        account = cast(row.network)[row.profile.handle.partition(".")[0].partition("@")[0]]
        assert row.paused_at is None
        assert row.profile.history_from == account.opened
        assert row.profile.due_at is not None
        assert ProfileReading.objects.filter(profile=row.profile).count() >= len(replay.visits(row.added_at))
        assert ProfileDay.objects.filter(profile=row.profile, followers__isnull=False).count() >= 60
    mature = Post.objects.filter(
        published_at__range=(timezone.now() - timedelta(days=85), timezone.now() - timedelta(days=6)), missed_at=None
    )
    assert mature.count() > 50
    assert mature.exclude(readings__checkpoint=72).count() == 0


@pytest.mark.usefixtures("few_visits")
def test_only_what_the_accounts_posted_themselves_comes_in(pretend: Pretend, demo: Workspace):
    go_on(pretend)

    posts = Post.objects.filter(profile__handle="harbelow.demo.invalid")
    assert posts.exclude(external_id__startswith="at://did:web:harbelow.demo.invalid/").count() == 0
    assert not posts.filter(text__in=["Thank you for stopping by.", "It is back on Thursday."]).exists()


@pytest.mark.usefixtures("few_visits")
def test_a_replay_that_breaks_off_goes_on_where_it_stopped_and_ends_alike(pretend: Pretend, demo: Workspace):
    ends = {row.profile.external_id: row.added_at for row in replay.being_replayed()}
    for after in (7, 3):
        with pytest.raises(KeyboardInterrupt):
            go_on(pretend, each=breaking_off(after))
        progress = replay.progress(demo)
        assert progress is not None
        assert 0 < progress.done < progress.total
    go_on(pretend)
    broken_off = everything()
    assert FetchRun.objects.count() == len(replay.visits(timezone.now())) * len(ends), "no visit was made twice"

    workspace.remove(demo)
    workspace.create(password=PASSWORD, address=pretend.address, now=timezone.now())
    for row in replay.being_replayed():
        end = ends[row.profile.external_id]
        TrackedProfile.objects.filter(pk=row.pk).update(added_at=end, paused_at=replay.begins(end))
    go_on(pretend)

    assert broken_off == everything()


def breaking_off(after: int) -> Callable[[], None]:
    """Ends the replay of whichever profile is visited just then; the others go on."""
    visits = iter(range(1, 10_000))

    def break_off() -> None:
        if next(visits) == after:
            raise KeyboardInterrupt

    return break_off


@pytest.mark.usefixtures("few_visits")
def test_a_visit_that_fails_leaves_the_rest_to_the_next_attempt(pretend: Pretend, demo: Workspace):
    pretend.order("faults", [{"times": 12, "skip": 20, "status": 503}])
    go_on(pretend)
    halfway = replay.progress(demo)
    assert halfway is not None
    assert 0 < halfway.done < halfway.total

    pretend.order("forget", {})
    go_on(pretend)

    assert replay.progress(demo) is None


@pytest.mark.usefixtures("few_visits")
def test_two_replays_at_once_do_not_get_in_each_others_way(pretend: Pretend, demo: Workspace):
    rows = replay.being_replayed()

    def meanwhile() -> None:
        before = FetchRun.objects.count()
        go_on(pretend, rows[1:])
        assert FetchRun.objects.count() == before

    go_on(pretend, rows[:1], each=meanwhile)

    assert len(replay.being_replayed()) == len(rows) - 1


@pytest.mark.processes
@pytest.mark.usefixtures("few_visits")
def test_a_worker_that_stands_by_starts_the_networks_and_replays(demo: Workspace, tmp_path: Path):
    replay.stand_by(tmp_path, now=timezone.now)

    assert replay.progress(demo) is None
    assert held_by_another(tmp_path / running.RUNNING)
    running.for_life(tmp_path).leave()
    running.for_life.cache_clear()


def test_a_worker_without_pretend_profiles_starts_nothing(tmp_path: Path):
    replay.stand_by(tmp_path, now=timezone.now)

    assert list(tmp_path.iterdir()) == []


def test_somebody_elses_workspace_is_not_replayed(pretend: Pretend, demo: Workspace):
    other = WorkspaceFactory.create()
    now = timezone.now()
    with replay.door_at(pretend.address, lambda: now) as door:
        tracked = tracking.track(other, "bluesky", "anna.demo.invalid", by=tracking.By.command(), door=door, now=now)

    assert tracked.profile.pretend
    assert tracked not in replay.being_replayed()
    assert replay.progress(other) is None


def test_a_demo_that_cannot_be_made_whole_is_not_made_at_all(pretend: Pretend, small_cast: None):
    pretend.world.put("mastodon", OWN.key, "suspended")

    with pytest.raises(tracking.TrackingRefused):
        workspace.create(password=PASSWORD, address=pretend.address, now=timezone.now())

    assert not Workspace.objects.exists()
    assert not Profile.objects.exists()


def test_the_cast_is_on_both_networks():
    assert {company.networks for company in (OWN, *COMPETITORS)} == {NETWORKS, NETWORKS[:1], NETWORKS[1:]}
