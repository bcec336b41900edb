"""Settings → Keys: the network first, then what it asks for; and a button that tries a key."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Credential
from benchmark import ingest
from benchmark.ingest.keys import Key, reserve
from benchmark.models import State
from benchmark.networks import NETWORKS
from tests.factories.rows import ProfileFactory, TrackedProfileFactory
from tests.servers.reached import in_place_of
from tests.servers.scripted import Scripted, says
from tests.servers.x import DrawnUser, XServer
from tests.servers.youtube import DrawnChannel, YouTubeServer
from tests.web.reading import read

KEYS = "/w/harbour/settings/keys/"
SAMPLE = DrawnChannel(id="UCsamplesamplesample0000", handle="youtube", title="YouTube", subscribers=1_000, videos=[])


@pytest.fixture
def youtube():
    """A YouTube of the test's own, where the product's door asks."""
    with YouTubeServer([SAMPLE], key="a-key") as server, in_place_of("youtube", server.url):
        yield server


def test_every_network_that_asks_for_a_key_can_be_chosen(browser):
    page = browser().get(KEYS).content.decode()

    for network in NETWORKS.values():
        assert (f'href="?network={network.key}#new-network-key"' in page) is (network.key_need is not None)


@pytest.mark.parametrize("network", [network for network in NETWORKS.values() if network.key_need], ids=str)
def test_the_chosen_network_asks_for_each_part_of_its_key_and_says_how_to_get_it(browser, network):
    answer = browser().get(KEYS, {"network": network.key})

    form = answer.context["network_key_form"]
    assert [name for name in form.fields if name not in {"network", "name"}] == [
        part.name for part in network.key_need.parts
    ]
    assert network.key_need.how in answer.context["network_key_form"].need.how
    page = answer.content.decode()
    for part in network.key_need.parts:
        kind = "password" if part.secret else "text"
        assert f'<input type="{kind}" name="network-{part.name}"' in page


@pytest.mark.parametrize("network", ["bluesky", "nobody"])
def test_a_network_without_keys_cannot_be_chosen(browser, network):
    answer = browser().get(KEYS, {"network": network})

    assert answer.status_code == 200
    assert answer.context["network_key_form"].need is None


def test_a_key_that_lacks_a_part_is_refused_at_its_field(browser, workspace):
    answer = browser().post(KEYS + "networks/add/", {"network-network": "youtube", "network-name": "Ours"})

    assert answer.status_code == 422
    assert set(answer.context["network_key_form"].errors) == {"api_key"}
    assert 'value="Ours"' in answer.content.decode()  # the rest is kept
    assert not Credential.objects.exists()


def test_a_key_with_letters_that_cannot_be_sent_is_refused_at_its_field(browser, workspace):
    answer = browser().post(KEYS + "networks/add/", {"network-network": "x", "network-bearer_token": "bad tok é"})

    assert answer.status_code == 422
    assert answer.context["network_key_form"].errors == {
        "bearer_token": ["This holds letters that no key has and that cannot be sent. Copy it anew."]
    }
    assert "bad tok" not in answer.content.decode()
    assert not Credential.objects.exists()


def test_a_key_that_is_entered_wakes_what_waited_for_one(browser, workspace):
    waiting = {"state": State.NEEDS_ATTENTION, "state_code": "credential_missing"}
    profile = ProfileFactory.create(network="youtube", due_at=timezone.now() + timedelta(minutes=50), **waiting)
    TrackedProfileFactory.create(workspace=workspace, profile=profile)

    browser().post(KEYS + "networks/add/", {"network-network": "youtube", "network-api_key": "a-key"})

    profile.refresh_from_db()
    assert profile.due_at is not None
    assert profile.due_at <= timezone.now()


@pytest.mark.parametrize(("secret", "begins"), [("a-key", "The key works:"), ("wrong", "The key does not work.")])
def test_the_button_says_how_a_key_does(browser, workspace, youtube, secret, begins):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret=secret)

    answer = browser().post(f"{KEYS}networks/{credential.pk}/test/", follow=True)

    (said,) = map(str, answer.context["messages"])
    assert said.startswith(begins)
    assert "units are left today." in said
    assert secret not in answer.content.decode()


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_owners_try_keys(browser, workspace, role):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret="a-key")

    assert browser(role).post(f"{KEYS}networks/{credential.pk}/test/").status_code == 403


def test_another_teams_key_is_not_there(browser):
    from tests.factories.accounts import WorkspaceFactory

    credential = Credential.objects.keep(network="youtube", workspace=WorkspaceFactory.create(), secret="a-key")

    assert browser().post(f"{KEYS}networks/{credential.pk}/test/").status_code == 404


# --- the page of networks ---------------------------------------------------------------------------------------------


def stands(browser) -> dict[str, tuple[str, str]]:
    """How the workspace stands with each network, by the page of networks."""
    listed = browser.get("/w/harbour/networks/").context["networks"]
    return {one["network"].key: (one["key"], one["key_sentence"]) for one in listed}


def test_the_page_of_networks_says_whose_key_is_used_and_what_is_left(browser, workspace, monkeypatch):
    assert stands(browser())["youtube"] == ("missing", "")
    assert stands(browser())["bluesky"] == ("not_needed", "")

    monkeypatch.setitem(settings.NETWORK_KEYS, "youtube", "the installation's")
    assert stands(browser())["youtube"] == ("installation", "10,000 of 10,000 units are left today.")

    ours = Credential.objects.keep(network="youtube", workspace=workspace, secret="ours")
    youtube, now = NETWORKS["youtube"], timezone.now()
    reserve(youtube, Key("ours", ours.fingerprint), 250, now=now)
    assert stands(browser())["youtube"] == ("own", "9,750 of 10,000 units are left today.")


def test_a_refused_key_shows_its_reason_and_the_way_to_another(browser, workspace):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret="ours")
    credential.set_aside(reason="YouTube refuses the key.", now=timezone.now())

    assert stands(browser())["youtube"] == ("refused", "YouTube refuses the key.")
    way = 'href="/w/harbour/settings/keys/?network=youtube#new-network-key"'
    assert way in browser().get("/w/harbour/networks/").content.decode()
    assert way not in browser("viewer").get("/w/harbour/networks/").content.decode()


def test_the_competitors_page_says_before_anybody_types_that_a_key_is_missing(browser, workspace):
    way = 'href="/w/harbour/settings/keys/?network=youtube#new-network-key"'

    assert way in browser().get("/w/harbour/competitors/?network=youtube").content.decode()
    assert "new-network-key" not in browser().get("/w/harbour/competitors/?network=bluesky").content.decode()
    Credential.objects.keep(network="youtube", workspace=workspace, secret="ours")
    assert way not in browser().get("/w/harbour/competitors/?network=youtube").content.decode()


# --- what networks say is left ----------------------------------------------------------------------------------------


@pytest.fixture
def x():
    """An X of the test's own, where the product's door asks; it counts calls down from 300."""
    user = DrawnUser(id="1", username="X")
    with XServer([user], token="a-token", window=300) as server, in_place_of("x", server.url):
        yield server


def words(answer) -> str:
    return read(answer).text.replace("\xa0", " ")


def test_what_a_network_says_is_left_stands_wherever_a_key_does(browser, workspace, x):
    workspace.timezone = "Asia/Kolkata"
    workspace.save()
    credential = Credential.objects.keep(network="x", workspace=workspace, secret="a-token")
    left = "X said just now: 299 of 300 calls are left until "

    tried = browser().post(f"{KEYS}networks/{credential.pk}/test/", follow=True)

    (message,) = map(str, tried.context["messages"])
    assert left in message
    assert "cents are left this month." in message
    assert words(tried).count(left) == 2  # in the message, and beside the key
    assert re.search(rf"{left}\d\d:\d\d UTC\.", words(browser().get(KEYS)))
    assert re.search(rf"{left}\d\d:\d\d IST\.", stands(browser())["x"][1])  # the zone of the workspace
    assert left in words(browser("viewer").get("/w/harbour/networks/"))

    cache._cache.get_client().flushdb()  # type: ignore[attr-defined]
    for address in (KEYS, "/w/harbour/networks/"):
        page = words(browser().get(address))
        assert "X said" not in page
        assert "cents are left this month." in page


def test_a_server_that_asks_for_no_key_speaks_only_to_those_who_follow_somebody_there(browser, workspace):
    profiles = [ProfileFactory.create(network="mastodon", external_id=f"{host}.example/1") for host in ("our", "their")]
    TrackedProfileFactory.create(workspace=workspace, profile=profiles[0])
    TrackedProfileFactory.create(profile=profiles[1])
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "240"}
    with Scripted(says({}, headers=headers)) as server, in_place_of("mastodon", server.url):
        for profile in profiles:
            get = ingest.door().for_profile(profile, network=NETWORKS["mastodon"], on_request=lambda: None)
            get(f"https://{profile.external_id.partition('/')[0]}/api/v1/accounts/1")

    page = words(browser().get("/w/harbour/networks/"))
    assert "No key is needed. our.example said just now: 240 of 300 calls are left." in page
    assert "their.example" not in page


def test_the_pages_of_keys_open_while_the_shared_store_is_away(browser, workspace, settings):
    Credential.objects.keep(network="x", workspace=workspace, secret="a-token")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    pages = [words(browser().get(address)) for address in (KEYS, "/w/harbour/networks/")]

    assert all("1,000 of 1,000 cents are left this month." in page for page in pages)
