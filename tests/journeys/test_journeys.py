"""One journey per network: a server, a real worker over the real broker, and the same figures at every door."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from accounts.models import Workspace
from benchmark import ingest
from benchmark.demo import life, running
from benchmark.demo.cast import Account, cast
from benchmark.demo.life import What
from benchmark.models import FetchRun
from benchmark.networks import http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.worker import running_worker, soon
from tests.servers.youtube import DrawnChannel, DrawnVideo, YouTubeServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

OWN, *OTHERS = "harbelow", "kestrowan", "pellavine"


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def pretend_now(tmp_path: Path) -> Iterator[tuple[str, datetime]]:
    """The pretend networks as the worker will find them, their clock stopped."""
    now = timezone.now().replace(microsecond=0)
    with running.hold(tmp_path) as address:
        stop = Request(
            f"{address}/pretend/clock", f'{{"now": "{now.isoformat()}"}}'.encode(), {"Content-Type": "application/json"}
        )
        with urlopen(stop) as answer:
            assert answer.status == 200
        yield address, now


def shows(account: Account, now: datetime, *, quotes: bool) -> list[Shown]:
    """The account's own posts with the counts that its network shows at this moment."""
    own = [deed for deed in life.deeds(account, now) if deed.what is What.POST]
    counts = [(deed.at, deed.counts(now)) for deed in own]
    return [
        Shown(at, count.reactions, count.comments, count.shares, count.quotes if quotes else 0) for at, count in counts
    ]


@pytest.mark.parametrize("network", ["bluesky", "mastodon"])
def test_what_an_open_network_shows_comes_out_at_every_door(
    network: str, workspace: Workspace, pretend_now: tuple[str, datetime], child_env: Mapping[str, str], tmp_path: Path
):
    address, now = pretend_now
    handles = {key: f"{key}{'@' if network == 'mastodon' else '.'}demo.invalid" for key in (OWN, *OTHERS)}
    with http.Door(pretend_url=address) as outside:
        follow(workspace, network, list(handles.values()), ingest.Door(outside, keys={}))

    with running_worker(child_env, tmp_path):
        tick.delay()
        assert soon(all_read)

    found = Doors(workspace).agree(network, "30d")
    for key, handle in handles.items():
        account = cast(network)[key]
        posts = shows(account, now, quotes=network == "bluesky")
        expected = figures(network, posts, life.followers(account, now), now=now)
        assert {name: found[handle][name] for name in expected} == expected
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}


def drawn(key: str, *, subscribers: int, likes: int, now: datetime) -> DrawnChannel:
    """A channel with a video every two days for half a year, each with a few more likes than the one before."""
    noon = now.replace(hour=12, minute=0, second=0)
    videos = [
        DrawnVideo(
            id=f"{key}-{at:03}",
            title=f"How we roast, part {at} #coffee",
            published_at=noon - timedelta(days=2 * at + 1),
            likes=likes + 3 * at,
            comments=at % 7,
            views=1000 + 50 * at,
        )
        for at in range(90)
    ]
    return DrawnChannel(id=f"UC{key:A<22}", handle=key, title=key.title(), subscribers=subscribers, videos=videos)


def test_what_youtube_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    channels = [
        drawn("harbour", subscribers=12_345, likes=120, now=now),
        drawn("lighthouse", subscribers=987_654, likes=900, now=now),
        drawn("breakwater", subscribers=845, likes=11, now=now),
    ]
    with YouTubeServer(channels, key="a-key") as youtube:
        with http.Door(base_urls={"youtube": youtube.url}) as outside:
            door = ingest.Door(outside, keys={"youtube": "a-key"})
            follow(workspace, "youtube", [f"@{channel.handle}" for channel in channels], door)

        with running_worker(child_env, tmp_path, YOUTUBE_BASE_URL=youtube.url, YOUTUBE_API_KEY="a-key"):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("youtube", "30d")
    for channel, subscribers in zip(channels, (12_300, 987_000, 845), strict=True):
        posts = [Shown(video.published_at, video.likes or 0, video.comments or 0) for video in channel.videos]
        expected = figures("youtube", posts, subscribers, now=now)
        assert {name: found[channel.handle][name] for name in expected} == expected
        assert found[channel.handle]["views"] == sum(
            video.views or 0 for video in channel.videos if 1 <= (now.date() - video.published_at.date()).days <= 30
        )
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
