"""What nobody foresaw happens while a key is in hand: neither the page of the error nor the log shows the key."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from accounts.models import Credential, Workspace
from benchmark import ingest
from benchmark.networks import Network, http
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.security.secrets import Places, parts_of, secrets_in, with_keys

pytestmark = pytest.mark.django_db

KEYS = "/w/harbour/settings/keys/networks/add/"
LOOK_UP = "/w/harbour/competitors/look-up/"


class Unforeseen(Exception):
    """A mistake that no line of ours waits for."""


def stumbles(*_: object) -> list[str]:
    """Stands where names become addresses, below everything that knows of keys."""
    raise Unforeseen


@pytest.fixture
def workspace() -> Workspace:
    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def browser(workspace: Workspace) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(owner_of(workspace))
    return client


@pytest.fixture
def _broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's door, with a mistake below it."""
    with http.Door(resolver=stumbles) as outside:
        monkeypatch.setattr(ingest, "door", lambda: ingest.Door(outside, keys={}))
        yield


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize("debug", [False, True], ids=["as in production", "with DEBUG"])
@pytest.mark.parametrize("network", with_keys(), ids=str)
def test_an_unforeseen_error_below_a_call_shows_no_key(
    network: Network, debug: bool, browser: Client, workspace: Workspace, caplog: pytest.LogCaptureFixture
):
    assert network.key_need is not None
    parts = parts_of(network, "ours")
    Credential.objects.keep(network=network.key, workspace=workspace, secret=network.key_need.pack(parts))
    caplog.set_level(logging.DEBUG)
    places = Places()
    handle = "r/harbour" if network.key == "reddit" else "harbour"

    with override_settings(DEBUG=debug, NETWORK_KEYS={network.key: network.key_need.pack(parts)}):
        answer = browser.post(LOOK_UP, {"network": network.key, "handle": handle})

    assert answer.status_code == 500
    assert ("Unforeseen" in answer.content.decode()) is debug
    places.add("the page", answer.content)
    places.add("the log", caplog.text)
    assert "Unforeseen" in caplog.text
    assert places.showing(secrets_in(network, parts)) == {}


@pytest.mark.parametrize("debug", [False, True], ids=["as in production", "with DEBUG"])
@pytest.mark.parametrize("network", with_keys(), ids=str)
def test_an_unforeseen_error_while_a_key_is_entered_does_not_show_it(
    network: Network, debug: bool, browser: Client, caplog: pytest.LogCaptureFixture
):
    parts = parts_of(network, "ours")
    fields = {"network-network": network.key, **{f"network-{name}": value for name, value in parts.items()}}
    caplog.set_level(logging.DEBUG)
    places = Places()

    with override_settings(DEBUG=debug, ENCRYPTION_KEYS=["no key at all"]):
        answer = browser.post(KEYS, fields)

    assert answer.status_code == 500
    places.add("the page", answer.content)
    places.add("the log", caplog.text)
    assert places.showing(secrets_in(network, parts)) == {}
