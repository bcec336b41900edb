"""A Facebook Page that a file has brought and that is fetched as well: one followed profile, two histories."""

from datetime import UTC, datetime

import pytest

from benchmark import ingest, tracking
from benchmark.models import Post, Profile, TrackedProfile
from benchmark.networks import NETWORKS, http
from tests.factories.rows import NOON
from tests.imports.drawing import table
from tests.servers.meta import TOKEN, DrawnProfile, MetaServer

pytestmark = pytest.mark.django_db

POSTS = table("""
    status_id | status_message | status_type | status_published    | num_reactions | num_comments | num_shares
    777_1001  | Bread          | photo       | 2016-02-24 10:00:00 | 100           | 20           | 3
""")


@pytest.fixture
def import_file(workspace):
    """Import the Page's file of 2016, as a door would."""

    def import_file():
        return tracking.import_posts(
            workspace,
            POSTS,
            network="facebook",
            profile="bakery",
            source="bakery.csv",
            counted_at=datetime(2016, 3, 1, tzinfo=UTC),
            by=tracking.By.command(),
            now=NOON,
        )

    return import_file


@pytest.fixture
def follow_page(workspace):
    """Follow the Page through the real door to a server, as somebody pastes it."""
    need = NETWORKS["facebook"].key_need
    assert need is not None
    key = need.pack({"access_token": TOKEN})
    page = DrawnProfile(id="777", handle="Bakery", name="Bakery", followers=12_345)

    def follow_page():
        with MetaServer([page]) as server, http.Door(base_urls={"facebook": server.url}) as outside:
            door = ingest.Door(outside, keys={"facebook": key})
            pasted = "https://www.facebook.com/Bakery"
            return tracking.track(workspace, "facebook", pasted, by=tracking.By.command(), door=door, now=NOON)

    return follow_page


@pytest.mark.parametrize("order", ["file first", "fetched first"])
def test_a_page_can_be_imported_and_fetched(import_file, follow_page, order):
    acts = [import_file, follow_page]
    for act in acts if order == "file first" else reversed(acts):
        act()

    tracked = TrackedProfile.objects.get()
    fetched, filed = tracked.profile, tracked.file_profile
    assert filed is not None
    assert (fetched.external_id, fetched.workspace, fetched.followers) == ("777", None, 12_345)
    assert (filed.external_id, filed.workspace) == ("777", tracked.workspace)
    assert list(Post.objects.filter(profile=filed).values_list("external_id", flat=True)) == ["777_1001"]
    assert not Post.objects.filter(profile=fetched).exists()
    assert Profile.objects.count() == 2
