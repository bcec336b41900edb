"""VK from its server to every door: communities and a person, with a pinned post and hidden views among the rest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Post
from benchmark.networks import http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.vk import DrawnPage, DrawnPost, VkServer
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(owner: int, name: str, *, followers: int, likes: int, now: datetime) -> DrawnPage:
    """A page with a post every day for four months, so that its wall takes more than one call."""
    noon = now.replace(hour=12, minute=0, second=0)
    posts = [
        DrawnPost(
            id=1000 - at,
            published_at=noon - timedelta(days=at + 1),
            text=f"Part {at} #coffee@{name}",
            likes=likes + 3 * at,
            comments=at % 7,
            reposts=at % 3,
            views=None if at == 0 else 1000 + 50 * at,
            pinned=at == 40,
        )
        for at in range(120)
    ]
    theirs = DrawnPost(id=2000, published_at=noon - timedelta(days=2), author=77, likes=9_999)
    reposted = DrawnPost(id=2001, published_at=noon - timedelta(days=3), repost=True, text="", likes=9_999)
    return DrawnPage(owner=owner, name=name, title=name.title(), followers=followers, posts=[*posts, theirs, reposted])


def test_what_vk_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    pages = [
        drawn(-11, "harbour", followers=12_345, likes=120, now=now),
        drawn(-22, "lighthouse", followers=987_654, likes=900, now=now),
        drawn(33, "anna", followers=845, likes=11, now=now),
    ]
    pasted = ["https://vk.com/harbour", "https://vk.com/wall-22_1000", "anna"]
    with VkServer(pages, key="a-key") as vk:
        with http.Door(base_urls={"vk": vk.url}) as outside:
            follow(workspace, "vk", pasted, ingest.Door(outside, keys={"vk": "a-key"}))

        with running_worker(child_env, tmp_path, VK_BASE_URL=vk.url, VK_SERVICE_KEY="a-key"):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("vk", "30d")
    for page in pages:
        own = [post for post in page.posts if post.author is None and not post.repost]
        posts = [Shown(post.published_at, post.likes, post.comments, post.reposts) for post in own]
        expected = figures("vk", posts, page.followers, now=now)
        assert {name: found[page.name][name] for name in expected} == expected
        assert found[page.name]["views"] == sum(
            post.views or 0 for post in own if 1 <= (now.date() - post.published_at.date()).days <= 30
        )
    assert Post.objects.filter(views=None).count() == len(pages)
    assert Post.objects.count() == 120 * len(pages)
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
