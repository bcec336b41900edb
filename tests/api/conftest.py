from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.servers.reached import pretend  # noqa: F401  (a fixture)


@pytest.fixture
def workspace(db):
    from tests.factories.accounts import WorkspaceFactory

    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def api(workspace) -> Callable[..., APIClient]:
    """A client with a key of the workspace, or of another one; it may write unless told otherwise."""
    from accounts.models import ApiKey, Scope

    def api(of=None, *, writes: bool = True) -> APIClient:
        scope = Scope.WRITE if writes else Scope.READ
        _, token = ApiKey.objects.issue(workspace=of or workspace, name="notebook", scope=scope)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return api


@pytest.fixture
def ask(api) -> Callable[..., Any]:
    """Ask for an address under /api/v1/ and get what the answer says, once its status is as expected."""

    def ask(
        path: str, sent: Any = None, *, method: str = "", expect: int = 200, client: Any = None, **query: Any
    ) -> Any:
        verb = method or ("post" if sent is not None else "get")
        caller = getattr(client or api(), verb)
        answer = caller(f"/api/v1/{path}", query if verb == "get" else sent)
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    return ask
