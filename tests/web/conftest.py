import pytest
from django.test import Client

from tests.servers.reached import pretend  # noqa: F401  # a fixture


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
