"""Older posts of many channels are read again in calls that these share, ahead of the channels' own visits."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from math import ceil
from typing import Any

import pytest

from accounts.models import Credential
from benchmark import ingest
from benchmark.models import FetchRun, Outcome, Post, Profile, ProfileDay, Spend, TrackedProfile
from benchmark.networks.base import Answer, Get, Network
from benchmark.networks.http import Door
from tests.factories.rows import NOON, PostFactory, ProfileFactory, TrackedProfileFactory
from tests.ingest.fakes import Clock
from tests.servers.youtube import DrawnChannel, DrawnVideo, YouTubeServer

pytestmark = pytest.mark.django_db

LISTED = 50  # videos of a channel that every visit sees on the first page of its list
A_CALL = 50  # videos
LONG_AGO = NOON - timedelta(days=21)  # when the older ones were read last


class KilledError(BaseException):
    """The worker's process ends here."""


class Between:
    """The real way to the local server, with something that happens before a question or after its answer.

    The server knows one key only: every other one is noted, and replaced by it.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.keys: list[str | None] = []  # of each question
        self.before: Callable[[str], None] = lambda _url: None
        self.after: Callable[[str], None] = lambda _url: None

    def open(self, network: Network, *, key: str | None = None, **how: Any) -> Get:
        get = self.door.open(network, key=key and "a-key", **how)

        def asked(url: str, params: Any = None, *, body: Any = None) -> Answer:
            self.before(url)
            self.keys.append(key)
            answer = get(url, params, body=body)
            self.after(url)
            return answer

        return asked

    def picture(self, url: str, **_how: Any) -> None:  # noqa: ARG002 (the door's signature)
        return None


class Channels:
    """Channels on a local server, their rows, and the door between them."""

    def __init__(self, server: YouTubeServer, outside: Between) -> None:
        self.server = server
        self.outside = outside
        self.clock = Clock()
        self.keys = {"youtube": "a-key"}

    @property
    def door(self) -> ingest.Door:
        return ingest.Door(self.outside, keys=self.keys)

    def add(self, *, old: int) -> Profile:
        """A channel that is followed, with so many videos that its list no longer shows and that are due by now."""
        number = len(self.server.channels)
        listed = [
            DrawnVideo(id=f"c{number}new{at}", published_at=NOON - timedelta(hours=14 * at + 1)) for at in range(LISTED)
        ]
        older = [
            DrawnVideo(id=f"c{number}old{at}", published_at=NOON - timedelta(days=100 + at), likes=7, views=70 + at)
            for at in range(old)
        ]
        channel = DrawnChannel(id=f"UC{number:022}", handle=f"channel{number}", videos=[*listed, *older])
        self.server.channels.append(channel)
        profile = ProfileFactory.create(
            network="youtube",
            external_id=channel.id,
            handle=channel.handle,
            history_from=(NOON - timedelta(days=365)).date(),
            history_to=NOON - timedelta(days=1),
            read_at=NOON - timedelta(days=1),
        )
        TrackedProfileFactory.create(profile=profile)
        known = {"profile": profile, "read_at": LONG_AGO, "views": 1}
        Post.objects.bulk_create(
            PostFactory.build(external_id=video.id, published_at=video.published_at, **known) for video in older
        )
        return profile

    def claim(self) -> list[tuple[int, str]]:
        Profile.objects.update(due_at=self.clock.now)
        return Profile.objects.claim_due(now=self.clock.now)

    def ask_together(self) -> tuple[list[tuple[int, str]], dict[int, ingest.ReadAhead]]:
        claims = self.claim()
        return claims, ingest.read_ahead(claims, door=self.door, clock=self.clock)

    def round(self) -> list[FetchRun]:
        """What a worker does with all channels: ask for them together, then visit each."""
        claims, found = self.ask_together()
        return [self.visit(pk, lease, found.get(pk)) for pk, lease in claims]

    def visit(self, pk: int, lease: str, ahead: ingest.ReadAhead | None = None) -> FetchRun:
        handed_over = ahead and ingest.ReadAhead.unpacked(ahead.packed())
        profile = Profile.objects.get(pk=pk)
        run = ingest.fetch(profile, lease=lease, door=self.door, clock=self.clock, ahead=handed_over)
        assert run is not None
        return run

    def lose_the_task(self) -> None:
        """The visits are never queued, and the leases run out."""
        self.clock.wait(minutes=6)

    @property
    def read_again(self) -> list[list[str]]:
        """The older videos of each call that asked for some."""
        calls = [params["id"].split(",") for what, params in self.server.asked if what == "videos"]
        return [ids for call in calls if (ids := [one for one in call if "old" in one])]


@pytest.fixture
def channels() -> Iterator[Channels]:
    with YouTubeServer() as server, Door(base_urls={"youtube": server.url}) as door:
        yield Channels(server, Between(door))


def due() -> int:
    return Post.objects.filter(read_at=LONG_AGO, gone_at=None).count()


def test_older_videos_of_many_channels_take_as_few_calls_as_they_fit_into(channels: Channels):
    for _ in range(30):
        channels.add(old=4)

    channels.ask_together()

    assert [len(call) for call in channels.read_again] == [50, 50, 20]
    assert due() == 0
    assert set(Post.objects.values_list("reactions", flat=True)) == {7}


def test_the_visits_afterwards_find_nothing_left_to_read_again(channels: Channels):
    for _ in range(3):
        channels.add(old=4)

    runs = channels.round()

    assert [len(call) for call in channels.read_again] == [12]
    assert {run.outcome for run in runs} == {Outcome.DONE}
    assert Counter(what for what, _ in channels.server.asked) == {"channels": 1, "playlistItems": 3, "videos": 1 + 3}


def test_what_would_fill_a_call_alone_is_left_to_the_visit_and_the_rest_shares_one(channels: Channels):
    old = (53, 47, 50)
    for number in old:
        channels.add(old=number)

    claims, found = channels.ask_together()
    assert [len(call) for call in channels.read_again] == [3 + 47]

    for pk, lease in claims:
        channels.visit(pk, lease, found[pk])
    assert [len(call) for call in channels.read_again] == [50, 50, 50]
    assert len(channels.read_again) == ceil(sum(old) / A_CALL)
    assert due() == 0


def test_a_post_is_stored_with_the_moment_at_which_its_answer_arrived_and_its_day_is_made_anew(channels: Channels):
    profiles = [channels.add(old=40) for _ in range(2)]
    channels.outside.after = lambda _url: channels.clock.wait(seconds=5)

    channels.ask_together()

    of_the_second_call = set(channels.read_again[1])
    assert len(of_the_second_call) == 30
    for post in Post.objects.all():
        assert post.read_at == NOON + timedelta(seconds=5 * (1 + (post.external_id in of_the_second_call)))
    for profile in profiles:
        days = ProfileDay.objects.filter(profile=profile, posts=1).order_by("-day")
        assert [day.views for day in days] == [70 + at for at in range(40)]


def test_the_ledger_counts_each_request_once_and_so_does_the_quota(channels: Channels):
    for _ in range(30):
        channels.add(old=4)

    runs = channels.round()

    asked = len(channels.server.asked)
    assert asked == 1 + ceil(30 * 4 / A_CALL) + 30 * 2
    assert sum(run.requests for run in runs) == asked == Spend.objects.get().used
    a_day = FetchRun.objects.requests_a_day(Profile.objects.all(), now=channels.clock.now)
    assert a_day == {"youtube": asked / 30}
    assert max(run.requests for run in runs) <= 4  # nobody's next visit is put off for what the others cost
    assert [(run.seen, run.changed) for run in runs] == [(LISTED + 4, 4)] * 30


def test_a_task_that_is_lost_pays_for_nothing_twice(channels: Channels):
    for _ in range(5):
        channels.add(old=24)
    channels.ask_together()
    asked = len(channels.server.asked)
    channels.lose_the_task()

    channels.ask_together()

    assert len(channels.server.asked) == asked


@pytest.mark.parametrize("question", [1, 2, 3, 4])
def test_a_worker_that_dies_between_two_calls_pays_for_nothing_twice(channels: Channels, question: int):
    for _ in range(10):
        channels.add(old=12)
    questions = iter(range(1, 100))

    def die(_url: str) -> None:
        if next(questions) == question:
            raise KilledError

    channels.outside.before = die
    with suppress(KilledError):
        channels.ask_together()
    assert len(channels.server.asked) == question - 1
    channels.lose_the_task()

    runs = channels.round()

    assert len(channels.server.asked) == 1 + ceil(10 * 12 / A_CALL) + 10 * 2
    assert set(Counter(one for call in channels.read_again for one in call).values()) == {1}
    assert due() == 0
    assert {run.outcome for run in runs} == {Outcome.DONE}


def test_nothing_is_stored_of_whose_lease_passes_on_while_the_network_answers_and_no_more_is_asked(channels: Channels):
    ours, theirs = channels.add(old=40), channels.add(old=40)

    def pass_on(url: str) -> None:
        if url.endswith("/videos"):
            Profile.objects.filter(pk=theirs.pk).update(lease="another's")

    channels.outside.after = pass_on
    channels.ask_together()

    assert [len(call) for call in channels.read_again] == [40 + 10]
    assert not Post.objects.filter(profile=ours, read_at=LONG_AGO).exists()
    assert Post.objects.filter(profile=theirs, read_at=LONG_AGO, views=1).count() == 40
    assert not ProfileDay.objects.filter(profile=theirs, posts__gt=0).exists()


def test_whose_lease_has_passed_on_before_the_call_is_not_asked_for(channels: Channels):
    ours, theirs = channels.add(old=3), channels.add(old=3)

    def pass_on(_url: str) -> None:
        Profile.objects.filter(pk=theirs.pk).update(lease="another's")

    channels.outside.after = pass_on
    channels.ask_together()

    assert channels.read_again == [sorted(ours.posts.values_list("external_id", flat=True))]


def test_a_deleted_video_is_left_to_the_channels_own_visit_which_makes_its_tombstone(channels: Channels):
    channels.add(old=3)
    channels.add(old=3)
    first = channels.server.channels[0]
    first.videos = [one for one in first.videos if one.id != "c0old1"]

    channels.round()
    once = Post.objects.get(external_id="c0old1")
    assert (once.missed_at, once.gone_at, once.text) == (NOON, None, "A post")
    assert due() == 1
    channels.clock.wait(hours=2)
    channels.round()

    gone = Post.objects.get(external_id="c0old1")
    assert (gone.gone_at, gone.text, gone.views) == (channels.clock.now, "", 1)
    assert Post.objects.exclude(gone_at=None).count() == 1
    together, *alone = channels.read_again
    assert together == ["c0old0", "c0old1", "c0old2", "c1old0", "c1old1", "c1old2"]
    assert alone == [["c0old1"], ["c0old1"]]  # by the two visits


def test_where_the_quota_ends_in_between_the_visits_say_so(channels: Channels):
    for _ in range(2):
        channels.add(old=3)
    channels.server.units_left = 1

    claims, found = channels.ask_together()

    assert sum(each.requests for each in found.values()) == 2  # the profiles, and the call that was refused
    assert due() == 6
    runs = [channels.visit(pk, lease, found[pk]) for pk, lease in claims]
    assert {(run.outcome, run.code) for run in runs} == {(Outcome.TRY_LATER, "quota_used_up")}


def test_videos_of_a_channel_that_the_network_does_not_know_are_not_asked_for(channels: Channels):
    here, gone = channels.add(old=2), channels.add(old=2)
    channels.server.channels.pop()

    channels.ask_together()

    assert channels.read_again == [sorted(here.posts.values_list("external_id", flat=True))]
    assert Post.objects.filter(profile=gone, read_at=LONG_AGO).count() == 2


def test_a_key_reads_only_videos_of_channels_that_its_own_team_follows(channels: Channels):
    ours, theirs, installations = (channels.add(old=2) for _ in range(3))
    for name, profile in (("ours", ours), ("theirs", theirs)):
        workspace = TrackedProfile.objects.get(profile=profile).workspace
        Credential.objects.keep(network="youtube", workspace=workspace, secret=name)

    channels.ask_together()

    assert Counter(channels.outside.keys) == {"ours": 2, "theirs": 2, "a-key": 2}
    by_call = [sorted(one.posts.values_list("external_id", flat=True)) for one in (ours, theirs, installations)]
    assert sorted(channels.read_again) == by_call
