"""Odnoklassniki from its server to every door: groups with more topics than one page holds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Profile
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import WorkspaceFactory
from tests.journeys.doors import Doors
from tests.journeys.expected import Shown, figures
from tests.journeys.following import all_read, follow
from tests.servers.ok import DrawnGroup, DrawnTopic, OkServer
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

PARTS = {"application_key": "CPUBLIC", "application_secret": "hush-hush"}
SETTINGS = {"OK_APPLICATION_KEY": "CPUBLIC", "OK_APPLICATION_SECRET": "hush-hush"}


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(key: str, name: str, *, members: int, likes: int, now: datetime) -> DrawnGroup:
    """A group with a topic every day for four months, and one by a visitor."""
    noon = now.replace(hour=12, minute=0, second=0)
    topics = [
        DrawnTopic(
            id=f"{key[:4]}{at:06}",
            published_at=noon - timedelta(days=at + 1),
            text=f"Part {at} #coffee",
            likes=likes + 3 * at,
            comments=at % 7,
            reshares=at % 3,
        )
        for at in range(120)
    ]
    theirs = DrawnTopic(id=f"{key[:4]}999999", published_at=noon - timedelta(days=2), author="571", likes=9_999)
    return DrawnGroup(id=key, name=name, title=name.title(), members=members, topics=[*topics, theirs])


def test_what_odnoklassniki_shows_comes_out_at_every_door(
    workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path
):
    now = datetime.now(UTC).replace(microsecond=0)
    groups = [
        drawn("51110000000001", "harbour", members=12_345, likes=120, now=now),
        drawn("52220000000002", "lighthouse", members=987_654, likes=900, now=now),
        drawn("53330000000003", "breakwater", members=845, likes=11, now=now),
    ]
    pasted = ["https://ok.ru/harbour", "https://ok.ru/group/52220000000002/topic/1", "breakwater"]
    need = NETWORKS["ok"].key_need
    assert need is not None
    with OkServer(groups, key=PARTS["application_key"], secret=PARTS["application_secret"]) as ok:
        with http.Door(base_urls={"ok": ok.url}) as outside:
            follow(workspace, "ok", pasted, ingest.Door(outside, keys={"ok": need.pack(PARTS)}))

        with running_worker(child_env, tmp_path, OK_BASE_URL=ok.url, **SETTINGS):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree("ok", "30d")
    for group in groups:
        own = [topic for topic in group.topics if not topic.author]
        posts = [Shown(topic.published_at, topic.likes, topic.comments, topic.reshares) for topic in own]
        expected = figures("ok", posts, group.members, now=now)
        assert {name: found[group.name][name] for name in expected} == expected
    assert set(Profile.objects.values_list("posts_published", flat=True)) == {121}
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
