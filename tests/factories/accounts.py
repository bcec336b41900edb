"""People and workspaces, as tests need them."""

from datetime import UTC, datetime
from typing import Any

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Role, User, Workspace

PASSWORD = "a quiet harbour at dawn"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    """A person who can sign in with `PASSWORD`."""

    class Meta:
        model = User

    email = Sequence(lambda number: f"person{number}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *_args: Any, **fields: Any) -> User:
        return model_class.objects.create_user(**{"password": PASSWORD, **fields})


class WorkspaceFactory(DjangoModelFactory[Workspace]):
    """A workspace with its owner; `owner=` gives it to somebody."""

    class Meta:
        model = Workspace

    owner = SubFactory(UserFactory)
    name = Sequence(lambda number: f"Team {number}")

    @classmethod
    def _create(cls, model_class: type[Workspace], *_args: Any, **fields: Any) -> Workspace:
        return model_class.objects.create_with_owner(**fields)


def member(workspace: Workspace, role: str = Role.VIEWER, **fields: Any) -> User:
    """Somebody new in the workspace, with this role."""
    user = UserFactory.create(**fields)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def owner_of(workspace: Workspace) -> User:
    return workspace.memberships.filter(role=Role.OWNER)[0].user
