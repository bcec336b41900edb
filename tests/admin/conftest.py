from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def workspace(db):
    from tests.factories.accounts import WorkspaceFactory

    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def sit(workspace):
    """A browser in which somebody has signed in: a member of the workspace, its operator, or a stranger's owner."""
    from accounts import workspaces
    from tests.factories.accounts import UserFactory, WorkspaceFactory, member, owner_of

    def sit(who="owner", *, at=workspace):
        client = Client()
        if who == "anonymous":
            return client
        if who == "stranger":
            person = owner_of(WorkspaceFactory.create(name="Elsewhere"))
        elif who == "operator":
            person = UserFactory.create(is_superuser=True)
            workspaces.remember(person, at)
        else:
            person = member(at, who)
        client.force_login(person)
        return client

    return sit


@pytest.fixture
def pretend():
    """The pretend networks, where the product looks for them: handles under `.demo.invalid` are answered by these."""
    from benchmark import ingest
    from benchmark.embedded.addresses import write_private
    from benchmark.environment import PRETEND_FILE
    from tests.servers.pretend import pretend_networks

    place = Path(settings.DATA_DIR) / PRETEND_FILE
    with pretend_networks() as running:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_private(place, {"address": running.address})
        yield running
        ingest.door().outside.close()  # type: ignore[attr-defined]
    ingest.door.cache_clear()
    place.unlink()


@pytest.fixture(autouse=True)
def no_worker(request, monkeypatch):
    """Nobody is asked whether workers run, except by the tests of that."""
    if request.node.get_closest_marker("worker") is None:
        from tasks import pulse

        monkeypatch.setattr(pulse, "ask", lambda: (0, 0))
