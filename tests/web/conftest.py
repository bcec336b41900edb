from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def workspace(db):
    from tests.factories.accounts import WorkspaceFactory

    return WorkspaceFactory(name="Harbour")


@pytest.fixture
def browser(workspace):
    """A browser in which a member of the workspace has signed in: its owner, or somebody with another role."""
    from tests.factories.accounts import member, owner_of

    def browser(role="owner"):
        client = Client()
        client.force_login(owner_of(workspace) if role == "owner" else member(workspace, role))
        return client

    return browser


@pytest.fixture
def pretend():
    """The pretend networks, where the product looks for them: handles under `.demo.invalid` are answered by these."""
    from benchmark import ingest
    from benchmark.embedded.addresses import write_private
    from benchmark.environment import PRETEND_FILE
    from benchmark.networks.http import Door
    from tests.servers.pretend import pretend_networks

    place = Path(settings.DATA_DIR) / PRETEND_FILE
    with pretend_networks() as running:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_private(place, {"address": running.address})
        yield running
        outside = ingest.door().outside
        assert isinstance(outside, Door)
        outside.close()
    ingest.door.cache_clear()
    place.unlink()
