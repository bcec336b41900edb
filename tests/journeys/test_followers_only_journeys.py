"""Threads, LinkedIn and Telegram tell how many follow, and nothing of posts: followers and growth at every door."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Workspace
from benchmark import ingest
from benchmark.metrics import METRICS
from benchmark.models import FetchRun, Post, Profile
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.journeys.doors import Doors
from tests.journeys.following import all_read, follow
from tests.servers.linkedin import DrawnOrganisation, LinkedInServer
from tests.servers.meta import DrawnProfile, MetaServer
from tests.servers.telegram import DrawnChat, TelegramServer
from tests.servers.worker import running_worker, soon
from tests.web.reading import Element, read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

FOLLOWERS = {"harbour": 12_345, "lighthouse": 987_654, "breakwater": 845}
WHEN_ADDED = {handle: followers + 7 for handle, followers in FOLLOWERS.items()}
WON = {"harbour": 45, "lighthouse": -346, "breakwater": 0}  # in seven days
SHOWN = ("follower_growth_rate", "follower_growth", "follower_growth_weekly", "followers")


@dataclass(frozen=True)
class Case:
    """A network's local server over these followers, its key, and what people paste for a handle."""

    server: Callable[[Mapping[str, int]], AbstractContextManager[Any]]
    key: str
    pasted: str


def threads(followers: Mapping[str, int]) -> MetaServer:
    profiles = enumerate(followers.items(), start=1)
    return MetaServer([DrawnProfile(id=str(at), handle=name, followers=count) for at, (name, count) in profiles])


def linkedin(followers: Mapping[str, int]) -> LinkedInServer:
    rows = enumerate(followers.items(), start=1)
    return LinkedInServer([DrawnOrganisation(id=at, vanity_name=name, followers=count) for at, (name, count) in rows])


def telegram(followers: Mapping[str, int]) -> TelegramServer:
    rows = enumerate(followers.items(), start=1)
    return TelegramServer([DrawnChat(id=-1_000_000 - at, username=name, members=count) for at, (name, count) in rows])


CASES = {
    "threads": Case(threads, "a-token", "https://www.threads.com/@{}/post/DAbc"),
    "linkedin": Case(linkedin, "a-token", "https://www.linkedin.com/company/{}/about/"),
    "telegram": Case(telegram, "123456:a-token", "https://t.me/s/{}"),
}


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture(params=CASES)
def network(request: pytest.FixtureRequest, workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path) -> str:
    """A network on which three profiles were added by their addresses and read once by a real worker."""
    key = str(request.param)
    case, need = CASES[key], NETWORKS[key].key_need
    assert need is not None
    given = {need.parts[0].name: case.key}
    with case.server(WHEN_ADDED) as when_added, http.Door(base_urls={key: when_added.url}) as outside:
        door = ingest.Door(outside, keys={key: need.pack(given)})
        follow(workspace, key, [case.pasted.format(name) for name in FOLLOWERS], door)
    with case.server(FOLLOWERS) as now:
        settings = {f"{key.upper()}_BASE_URL": now.url, need.parts[0].setting: case.key}
        with running_worker(child_env, tmp_path, **settings):
            tick.delay()
            assert soon(all_read)
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
    assert dict(Profile.objects.values_list("handle", "followers")) == FOLLOWERS
    return key


def read_before() -> None:
    """Let every profile have been read on two other days: when the last seven days began, and when they ended."""
    today = datetime.combine(timezone.now().date(), time(), tzinfo=UTC)
    for profile in Profile.objects.all():
        now = FOLLOWERS[profile.handle]
        for at, followers in ((today - timedelta(days=7), now - WON[profile.handle]), (today, now)):
            ingest.store_reading(profile, followers=followers, read_at=at)


def page_of(workspace: Workspace, network: str) -> Element:
    client = Client()
    client.force_login(owner_of(workspace))
    return read(client.get(f"/w/{workspace.slug}/compare/{network}/", {"period": "7d"}))


def test_the_followers_come_out_at_every_door_and_posts_are_not_published(network: str, workspace: Workspace):
    found = Doors(workspace).agree(network, "7d")

    # The period ended before the first reading, which stands in for what was not read then.
    assert {handle: values["followers"] for handle, values in found.items()} == WHEN_ADDED
    assert {values["follower_growth"] for values in found.values()} == {None}
    of_posts = [key for key, metric in METRICS.items() if metric.default and not metric.of_followers]
    for row in Doors(workspace).json(network, "7d")["rows"]:
        reasons = {key: row["values"][key]["reason"] for key in of_posts if key in row["values"]}
        assert {"posts", "engagements", "engagement_rate"} <= set(reasons)
        assert set(reasons.values()) <= {"not_published", "not_available"}, reasons
        assert all(row["values"][key]["value"] is None for key in reasons)
        assert row["kinds"] is None
    assert not Post.objects.exists()


def test_a_second_day_brings_the_growth(network: str, workspace: Workspace):
    read_before()

    found = Doors(workspace).agree(network, "7d")

    for handle, followers in FOLLOWERS.items():
        values, before = found[handle], followers - WON[handle]
        assert (values["followers"], values["follower_growth"]) == (followers, WON[handle])
        assert values["follower_growth_rate"] == pytest.approx(WON[handle] / before * 100)


def test_the_page_says_why_posts_are_missing_and_shows_what_there_is(network: str, workspace: Workspace):
    read_before()

    page = page_of(workspace, network)

    assert NETWORKS[network].not_published_because in page.one("section", aria_labelledby="no-posts-title").text
    assert [chart.attributes["class"] for chart in page.all("figure")] == ["chart chart-growth"]
    heads = [head.text.removesuffix(", %") for head in page.one("div", id="comparison").one("thead").all("a")]
    assert heads == ["Profile", *(METRICS[key].label for key in SHOWN)]
    assert page.all("section", aria_labelledby="posts-title") == []
    assert page.one("div", id="comparison").all("span", class_="missing") == []
