"""The journey of TikTok: a server of its Research API, a real worker, and the same figures at every door."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Post
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.tiktok import DrawnAccount, DrawnVideo, TikTokServer, video_id
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

KEY = {"client_key": "a-key", "client_secret": "a-secret"}


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(username: str, *, followers: int, likes: int, now: datetime) -> DrawnAccount:
    """An account with a video every two days for half a year, each with a few more likes than the one before."""
    noon = now.replace(hour=12, minute=0, second=0)
    videos = [
        DrawnVideo(
            id=video_id(noon - timedelta(days=2 * at + 1), likes),
            published_at=noon - timedelta(days=2 * at + 1),
            description=f"How we roast, part {at} #coffee",
            hashtags=["coffee"],
            likes=likes + 3 * at,
            comments=at % 7,
            shares=at % 5,
            saves=at % 3,
            views=1000 + 50 * at,
        )
        for at in range(90)
    ]
    return DrawnAccount(username=username, name=username.title(), followers=followers, videos=videos)


def test_what_tiktok_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    accounts = [
        drawn("harbour", followers=12_345, likes=120, now=now),
        drawn("lighthouse", followers=987_654, likes=900, now=now),
        drawn("breakwater", followers=845, likes=11, now=now),
    ]
    need = NETWORKS["tiktok"].key_need
    assert need is not None
    with TikTokServer(accounts) as tiktok:
        with http.Door(base_urls={"tiktok": tiktok.url}) as outside:
            door = ingest.Door(outside, keys={"tiktok": need.pack(KEY)})
            follow(workspace, "tiktok", [f"@{account.username}" for account in accounts], door)

        settings = {part.setting: KEY[part.name] for part in need.parts}
        with running_worker(child_env, tmp_path, TIKTOK_BASE_URL=tiktok.url, **settings):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("tiktok", "30d")
    for account in accounts:
        posts = [Shown(video.published_at, video.likes, video.comments, video.shares) for video in account.videos]
        expected = figures("tiktok", posts, account.followers, now=now)
        inside = [video for video in account.videos if 1 <= (now.date() - video.published_at.date()).days <= 30]
        assert {name: found[account.username][name] for name in expected} == expected
        assert found[account.username]["views"] == sum(video.views for video in inside)
        assert found[account.username]["saves"] == sum(video.saves for video in inside)
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
    stored = set(Post.objects.values_list("external_id", flat=True))
    assert stored == {str(video.id) for account in accounts for video in account.videos}
