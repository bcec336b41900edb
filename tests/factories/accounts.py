"""People, workspaces and what belongs to them, as tests need them."""

from datetime import UTC, datetime

import factory

from accounts.models import Membership, Role, User, Workspace

PASSWORD = "a quiet harbour at dawn"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person who can sign in with `PASSWORD`."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.org")

    @classmethod
    def _create(cls, _model_class: type[User], *_args: object, **fields: object) -> User:
        return User.objects.create_user(**{"password": PASSWORD, **fields})


class WorkspaceFactory(factory.django.DjangoModelFactory[Workspace]):
    """A workspace with its owner; `owner=` gives it to somebody."""

    class Meta:
        model = Workspace

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda number: f"Team {number}")

    @classmethod
    def _create(cls, _model_class: type[Workspace], *_args: object, **fields: object) -> Workspace:
        return Workspace.objects.create_with_owner(**fields)


def member(workspace: Workspace, role: str = Role.VIEWER, **fields: object) -> User:
    """Somebody new in the workspace, with this role."""
    user = UserFactory(**fields)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def owner_of(workspace: Workspace) -> User:
    return workspace.memberships.owning().first().user
