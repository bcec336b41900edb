"""Twitch's journey: a server, a real worker over the real broker, and the same figures at every door."""

import statistics
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Profile
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import rounded, thirty_days_before
from tests.journeys.following import all_read, follow
from tests.servers.twitch import DrawnChannel, DrawnVideo, TwitchServer
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

KEY = {"client_id": "an-id", "client_secret": "a-secret"}
ENGAGEMENTS = ("engagements", "reactions", "comments", "shares", "engagement_rate", "engagements_per_post_median")


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(number: int, login: str, *, followers: int, views: int, now: datetime) -> DrawnChannel:
    """A channel with a video every two days for half a year, each with a few more views than the one after it."""
    noon = now.replace(hour=12, minute=0, second=0)
    videos = [
        DrawnVideo(
            id=f"{number}{999 - at}",
            created_at=noon - timedelta(days=2 * at + 1),
            title=f"How we roast, part {at}",
            views=views + 7 * at,
            type=("archive", "highlight", "upload")[at % 3],
        )
        for at in range(90)
    ]
    return DrawnChannel(id=f"9000{number}", login=login, followers=followers, videos=videos)


def expected(channel: DrawnChannel, *, now: datetime) -> dict[str, float | None]:
    """The figures of thirty days: views and videos, and no engagement, because there is none to be had."""
    start, end = thirty_days_before(now)
    inside = [video for video in channel.videos if start <= video.created_at < end]
    mature = [video.views for video in inside if now - video.created_at >= timedelta(days=3)]
    return {
        "posts": len(inside),
        "posts_per_week": rounded(len(inside) / 30 * 7),
        "views": sum(video.views for video in inside),
        "views_per_post": rounded(statistics.mean(mature)),
        "views_per_post_median": rounded(statistics.median(mature)),
        "followers": channel.followers,
        **dict.fromkeys(ENGAGEMENTS),
    }


def test_what_twitch_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    need = NETWORKS["twitch"].key_need
    assert need is not None
    channels = [
        drawn(1, "harbour", followers=12_345, views=1_200, now=now),
        drawn(2, "lighthouse", followers=987_654, views=90_000, now=now),
        drawn(3, "breakwater", followers=845, views=11, now=now),
    ]
    with TwitchServer(channels, client_id=KEY["client_id"], client_secret=KEY["client_secret"]) as twitch:
        with http.Door(base_urls={"twitch": twitch.url}) as outside:
            door = ingest.Door(outside, keys={"twitch": need.pack(KEY)})
            follow(workspace, "twitch", [f"https://www.twitch.tv/{channel.login}" for channel in channels], door)

        settings = {part.setting: KEY[part.name] for part in need.parts}
        with running_worker(child_env, tmp_path, TWITCH_BASE_URL=twitch.url, **settings):
            tick.delay()
            assert soon(all_read)

    doors = Doors(workspace)
    assert {row["values"]["views"]["reason"] for row in doors.json("twitch", "30d")["rows"]} == {"history_starts_later"}
    young = doors.agree("twitch", "30d")
    assert {channel.login: young[channel.login]["followers"] for channel in channels} == {
        channel.login: channel.followers for channel in channels
    }

    Profile.objects.update(
        history_from=now.date() - timedelta(days=40), changed_at=Now()
    )  # followed for so long by now
    found = doors.agree("twitch", "30d")
    for channel in channels:
        figures = expected(channel, now=now)
        assert {name: found[channel.login][name] for name in figures} == figures
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
    assert "a-secret" not in (tmp_path / "worker.log").read_text()
