"""One more network is one declaration: here an invented one is put into the registry, and nothing else is touched."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from statistics import mean, median
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import ApiKey, Credential, Scope, Workspace
from benchmark import ingest
from benchmark.models import FetchRun, Post, Profile, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.http import utcnow
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.journeys.doors import Doors
from tests.servers.reached import in_place_of
from tests.servers.semaphore import FLAG, SEMAPHORE, TOWER, DrawnStation, SemaphoreServer, Signal
from tests.web.reading import Element, read

pytestmark = pytest.mark.django_db

NAME = SEMAPHORE.label


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    """The one thing that is changed: the line that a network's file has in `benchmark/networks/__init__.py`."""
    with patch.dict(NETWORKS, {SEMAPHORE.key: SEMAPHORE}):
        yield


@pytest.fixture
def workspace() -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def browser(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(owner_of(workspace))
    return client


@pytest.fixture
def api(workspace: Workspace) -> APIClient:
    _, token = ApiKey.objects.issue(workspace=workspace, name="notebook", scope=Scope.WRITE)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def station(number: int, name: str, *, watchers: int, waves: int) -> DrawnStation:
    """A station with a signal every day for fifty days."""
    noon = utcnow().replace(hour=12, minute=0, second=0, microsecond=0)
    signals = [
        Signal(
            id=f"{name}-{at}", sent=noon - timedelta(days=at + 1), words=f"Ship {at}", waves=waves + at, replies=at % 5
        )
        for at in range(50)
    ]
    return DrawnStation(id=f"s{number}", name=name, watchers=watchers, signals=signals)


@pytest.fixture
def semaphore() -> Iterator[SemaphoreServer]:
    """The invented network itself, where the product's own door asks."""
    stations = [
        station(1, "lighthouse", watchers=500, waves=20),
        station(2, "breakwater", watchers=2_000, waves=90),
        station(3, "pier", watchers=80, waves=3),
    ]
    with SemaphoreServer(stations) as server, in_place_of(SEMAPHORE.key, server.url):
        yield server


def options(page: Element, name: str) -> set[str]:
    """What the choice of this name offers."""
    return {option.attributes["value"] for option in page.one("select", name=name).all("option")}


def printed(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_no_row_has_to_change():
    assert "No changes detected" in printed("makemigrations", "--check", "--dry-run")


def test_the_api_lists_it_knows_its_metrics_and_describes_it(api: APIClient):
    listed = {network["key"]: network for network in api.get("/api/v1/networks/").json()}
    assert listed[SEMAPHORE.key]["publishes"] == ["comments", "followers", "reactions"]

    metrics = {metric["key"] for metric in api.get("/api/v1/metrics/", {"network": SEMAPHORE.key}).json()}
    assert {"engagement_rate", "reactions"} <= metrics
    assert not {"views", "shares"} & metrics

    document = json.loads(api.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)
    choices = [each for each in enums(document) if "bluesky" in each]
    assert choices
    assert all(SEMAPHORE.key in each for each in choices)


def enums(document: Any) -> Iterator[list[str]]:
    """Every list of choices in the description of the API."""
    if isinstance(document, dict) and isinstance(document.get("enum"), list):
        yield document["enum"]
    inside = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for each in inside:
        yield from enums(each)


def test_the_lists_of_the_api_can_be_narrowed_to_it(api: APIClient):
    for path in ("posts/", "competitors/", "own-accounts/", "fetch-runs/"):
        assert api.get(f"/api/v1/{path}", {"network": SEMAPHORE.key}).status_code == 200, path
        assert api.get(f"/api/v1/{path}", {"network": "nowhere"}).status_code == 400, path


def test_the_pages_offer_it(browser: Client):
    competitors = read(browser.get("/w/harbour/competitors/", {"network": SEMAPHORE.key}))
    assert competitors.one("h2", id="add-title").text == f"Add a profile on {NAME}"
    assert any(NAME in tab.text for tab in competitors.one("nav", class_="tabs").all("a"))

    table = BytesIO(b"id,published_at,reactions\n1,2026-03-01T10:00Z,5\n")
    table.name = "posts.csv"
    seen = read(browser.post("/w/harbour/files/", {"file": table, "whose": "competitor"}, follow=True))
    assert SEMAPHORE.key in options(seen, "network")

    networks = read(browser.get("/w/harbour/networks/"))
    assert NAME in [row.one("th").text for row in networks.one("tbody").all("tr")]
    told = networks.one("section", aria_labelledby=f"network-{SEMAPHORE.key}").text
    assert SEMAPHORE.not_published_because in told
    assert SEMAPHORE.key_need is not None
    assert SEMAPHORE.key_need.how in told


def test_the_settings_ask_for_each_part_of_its_key(browser: Client):
    keys = read(browser.get("/w/harbour/settings/keys/", {"network": SEMAPHORE.key}))
    assert keys.one("input", name="network-tower").attributes["type"] == "text"
    assert keys.one("input", name="network-flag").attributes["type"] == "password"


def test_the_admin_offers_it_everywhere(browser: Client):
    for model in ("competitor", "ownaccount"):
        form = read(browser.get(f"/admin/benchmark/{model}/add/"))
        assert SEMAPHORE.key in options(form, "network")
        listed = browser.get(f"/admin/benchmark/{model}/").content.decode()
        assert f"?network={SEMAPHORE.key}" in listed
    assert SEMAPHORE.key in options(read(browser.get("/admin/accounts/credential/add/")), "network")
    asked = read(browser.get("/admin/accounts/credential/add/", {"network": SEMAPHORE.key}))
    assert asked.one("input", name="flag").attributes["type"] == "password"


def test_the_page_of_the_docs_has_it():
    page = printed("networks")
    assert f"\n| {NAME} | " in page
    assert f"\n## {NAME}\n" in page
    assert SEMAPHORE.not_published_because in page


def test_an_address_of_it_is_recognised_without_naming_it(api: APIClient, semaphore: SemaphoreServer):
    Credential.objects.keep(network=SEMAPHORE.key, workspace=None, secret=packed())

    answer = api.post("/api/v1/competitors/", {"url": "https://semaphore.example/pier"})

    assert (answer.status_code, answer.json()["network"]) == (201, SEMAPHORE.key)


def packed() -> str:
    assert SEMAPHORE.key_need is not None
    return SEMAPHORE.key_need.pack({"flag": FLAG, "tower": TOWER})


def test_a_profile_of_it_is_added_read_and_compared(
    browser: Client, api: APIClient, workspace: Workspace, semaphore: SemaphoreServer
):
    key = {"network-network": SEMAPHORE.key, "network-tower": TOWER, "network-flag": FLAG, "network-name": "Ours"}
    assert browser.post("/w/harbour/settings/keys/networks/add/", key).status_code == 302
    tried = browser.post(f"/w/harbour/settings/keys/networks/{Credential.objects.get().pk}/test/", follow=True)
    assert "The key works" in tried.content.decode()

    own = {"network": SEMAPHORE.key, "handle": "lighthouse", "role": "own", "brand": "Lighthouse"}
    assert browser.post("/w/harbour/competitors/add/", own).status_code == 302
    added = api.post("/api/v1/competitors/", {"network": SEMAPHORE.key, "handle": "breakwater"})
    assert added.status_code == 201, added.content
    in_admin = {"workspace": "harbour", "network": SEMAPHORE.key, "handle": "pier"}
    saved = in_admin | {"looked_up": f"{SEMAPHORE.key} pier", "_save": "1"}
    assert browser.post("/admin/benchmark/competitor/add/", saved).status_code == 302
    assert TrackedProfile.objects.of(workspace).filter(network=SEMAPHORE.key).count() == 3

    for profile in Profile.objects.all():
        lease = Profile.objects.lease_one(profile.pk, now=utcnow())
        assert lease is not None
        ingest.fetch(profile, lease=lease, door=ingest.door(), clock=utcnow)

    assert set(FetchRun.objects.values_list("outcome", flat=True)) == {"done"}
    assert Post.objects.count() == 150
    found = Doors(workspace).agree(SEMAPHORE.key, "30d")
    now = datetime.now(UTC)
    for one in semaphore.stations:
        shown = [signal for signal in one.signals if 1 <= (now.date() - signal.sent.date()).days <= 30]
        mature = [signal.waves + signal.replies for signal in shown if now - signal.sent >= SEMAPHORE.maturity]
        values = found[one.name]
        assert values["posts"] == 30
        assert values["reactions"] == sum(signal.waves for signal in shown)
        assert values["comments"] == sum(signal.replies for signal in shown)
        assert values["followers"] == one.watchers
        assert values["engagements_per_post"] == pytest.approx(mean(mature))
        assert values["engagement_rate"] == pytest.approx(median(mature) / one.watchers * 100)
        assert "views" not in values or values["views"] is None
