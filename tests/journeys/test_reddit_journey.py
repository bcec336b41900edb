"""The journey of Reddit: a server, a real worker over the real broker, and the same figures at every door."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.reddit import DrawnCommunity, DrawnPerson, DrawnPost, RedditServer
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(key: str, *, community: str, author: str, score: int, now: datetime) -> list[DrawnPost]:
    """A post every two days for half a year, each with a few more votes than the one before."""
    noon = now.replace(hour=12, minute=0, second=0)
    return [
        DrawnPost(
            id=f"{key}{at:03}",
            community=community,
            author=author,
            title=f"How we roast, part {at}",
            published_at=noon - timedelta(days=2 * at + 1),
            score=score + 3 * at,
            comments=at % 7,
            crossposts=at % 5,
        )
        for at in range(90)
    ]


def test_what_reddit_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    by_handle = {
        "r/harbour": (12_345, drawn("h", community="Harbour", author="somebody", score=120, now=now)),
        "r/lighthouse": (987_654, drawn("l", community="Lighthouse", author="somebody", score=900, now=now)),
        "u/breakwater": (845, drawn("b", community="Elsewhere", author="Breakwater", score=11, now=now)),
    }
    server = RedditServer(
        [
            DrawnCommunity(id="2harb", name="Harbour", subscribers=12_345),
            DrawnCommunity(id="2ligh", name="Lighthouse", subscribers=987_654),
            DrawnCommunity(id="2else", name="Elsewhere"),
        ],
        [DrawnPerson(id="9brea", name="Breakwater", followers=845)],
        [post for _, posts in by_handle.values() for post in posts],
    )
    client_id, client_secret = server.client
    need = NETWORKS["reddit"].key_need
    assert need is not None
    key = need.pack({"client_id": client_id, "client_secret": client_secret})
    with server:
        with http.Door(base_urls={"reddit": server.url}) as outside:
            follow(workspace, "reddit", list(by_handle), ingest.Door(outside, keys={"reddit": key}))
        server.tokens.clear()  # the worker asks for one of its own

        given = {"REDDIT_CLIENT_ID": client_id, "REDDIT_CLIENT_SECRET": client_secret}
        with running_worker(child_env, tmp_path, REDDIT_BASE_URL=server.url, **given):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("reddit", "30d")
    for handle, (followers, posts) in by_handle.items():
        shown = [Shown(post.published_at, post.score, post.comments, post.crossposts) for post in posts]
        expected = figures("reddit", shown, followers, now=now)
        assert {name: found[handle][name] for name in expected} == expected
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
