"""The journey of X: a server, a real worker over the real broker, the same figures at every door, and what it cost."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Spend
from benchmark.networks import http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.worker import running_worker, soon
from tests.servers.x import DrawnPost, DrawnUser, XServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(key: str, number: int, *, followers: int, likes: int, now: datetime) -> DrawnUser:
    """A profile with a post every two days for half a year, each with a few more likes than the one before."""
    noon = now.replace(hour=12, minute=0, second=0)
    posts = [
        DrawnPost(
            id=f"{number}{at:03}",
            text=f"How we roast, part {at} #coffee",
            published_at=noon - timedelta(days=2 * at + 1),
            likes=likes + 3 * at,
            replies=at % 7,
            reposts=at % 5,
            quotes=at % 3,
            bookmarks=at % 2,
            views=1000 + 50 * at,
        )
        for at in range(90)
    ]
    return DrawnUser(id=str(number), username=key, name=key.title(), followers=followers, posts=posts)


def test_what_x_shows_comes_out_at_every_door(workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path):
    now = datetime.now(UTC).replace(microsecond=0)
    users = [
        drawn("harbour", 7001, followers=12_345, likes=120, now=now),
        drawn("lighthouse", 7002, followers=987_654, likes=900, now=now),
        drawn("breakwater", 7003, followers=845, likes=11, now=now),
    ]
    with XServer(users) as server:
        with http.Door(base_urls={"x": server.url}) as outside:
            follow(
                workspace, "x", [f"@{user.username}" for user in users], ingest.Door(outside, keys={"x": server.token})
            )

        given = {"X_BASE_URL": server.url, "X_BEARER_TOKEN": server.token, "X_MONTHLY_LIMIT_CENTS": "300"}
        with running_worker(child_env, tmp_path, **given):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("x", "30d")
    for user in users:
        posts = [Shown(post.published_at, post.likes, post.replies, post.reposts, post.quotes) for post in user.posts]
        expected = figures("x", posts, user.followers, now=now)
        assert {name: found[user.username][name] for name in expected} == expected
        assert found[user.username]["views"] == sum(
            post.views for post in user.posts if 1 <= (now.date() - post.published_at.date()).days <= 30
        )
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
    spend = Spend.objects.get(network="x")
    assert (spend.used, spend.limit) == (server.billed, 3_000)


def test_with_its_budget_spent_a_profile_waits_for_the_next_month(
    workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path
):
    now = datetime.now(UTC).replace(microsecond=0)
    with XServer([drawn("harbour", 7001, followers=12_345, likes=120, now=now)]) as server:
        with http.Door(base_urls={"x": server.url}) as outside:
            follow(workspace, "x", ["@harbour"], ingest.Door(outside, keys={"x": server.token}))

        given = {"X_BASE_URL": server.url, "X_BEARER_TOKEN": server.token, "X_MONTHLY_LIMIT_CENTS": "25"}
        with running_worker(child_env, tmp_path, **given):
            tick.delay()
            assert soon(lambda: FetchRun.objects.filter(outcome="try_later", code="quota_used_up").exists())

    spend = Spend.objects.get(network="x")
    assert (spend.used, spend.limit) == (server.billed, 250)
