"""Instagram and Facebook, from what people paste to the figures at every door."""

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
from tests.servers.meta import ACCOUNT, TOKEN, DrawnPost, DrawnProfile, MetaServer
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


def drawn(number: int, handle: str, *, followers: int, reactions: int, now: datetime) -> DrawnProfile:
    """A profile with a post every day for a quarter, each with a few more reactions than the one before."""
    noon = now.replace(hour=12, minute=0, second=0)
    posts = [
        DrawnPost(
            id=f"10000{number}_{at:03}",
            at=noon - timedelta(days=at + 1),
            text=f"How we roast, part {at} #coffee",
            kind=("photo", "video", "album")[at % 3],
            reactions=reactions + 3 * at,
            comments=at % 7,
            shares=at % 4,
            views=500 + at if at % 3 == 1 else None,
        )
        for at in range(90)
    ]
    return DrawnProfile(id=f"10000{number}", handle=handle, name=handle.title(), followers=followers, posts=posts)


PASTED = {"instagram": "https://www.instagram.com/{}/?hl=de", "facebook": "https://www.facebook.com/{}/posts/1"}


@pytest.mark.parametrize("network", PASTED)
def test_what_meta_shows_comes_out_at_every_door(
    network: str, workspace: Workspace, child_env: Mapping[str, str], tmp_path: Path
):
    now = datetime.now(UTC).replace(microsecond=0)
    profiles = [
        drawn(1, "harbour", followers=12_345, reactions=120, now=now),
        drawn(2, "lighthouse", followers=987_654, reactions=900, now=now),
        drawn(3, "breakwater", followers=845, reactions=11, now=now),
    ]
    need = NETWORKS[network].key_need
    assert need is not None
    given = {"access_token": TOKEN, "account": ACCOUNT, "app_secret": "s3cret"}
    with MetaServer(profiles, secret="s3cret") as meta:
        with http.Door(base_urls={network: meta.url}) as outside:
            door = ingest.Door(outside, keys={network: need.pack(given)})
            follow(workspace, network, [PASTED[network].format(profile.handle) for profile in profiles], door)

        settings = {part.setting: given[part.name] for part in need.parts if part.name in given}
        with running_worker(child_env, tmp_path, **{f"{network.upper()}_BASE_URL": meta.url}, **settings):
            tick.delay()
            assert soon(all_read)

    found = Doors(workspace).agree(network, "30d")
    for profile in profiles:
        posts = [
            Shown(post.at, post.reactions or 0, post.comments or 0, post.shares if network == "facebook" else 0)
            for post in profile.posts
        ]
        expected = figures(network, posts, profile.followers, now=now)
        assert {name: found[profile.handle][name] for name in expected} == expected
    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
