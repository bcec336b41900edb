"""Rows that cannot be wrong: people, workspaces, memberships."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import people
from accounts.models import Membership, Role, User, Workspace
from tests.factories.accounts import UserFactory, WorkspaceFactory, member, owner_of


@pytest.mark.django_db
def test_an_address_is_one_address_in_any_case():
    anna = User.objects.create_user("Anna@Example.ORG")

    assert anna.email == "anna@example.org"
    assert User.objects.get(email="ANNA@example.org") == anna
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("aNNa@example.org")


@pytest.mark.django_db
def test_the_database_refuses_an_address_in_capitals_whoever_writes_it():
    anna = UserFactory.create()

    with (
        pytest.raises(IntegrityError, match="email_in_lower_case"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_user SET email = 'Anna@example.org' WHERE id = %s", [anna.pk])


@pytest.mark.django_db
def test_a_person_without_a_password_cannot_sign_in_yet():
    anna = User.objects.create_user("anna@example.org")

    assert not anna.has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "enters"), [("owner", True), ("editor", True), ("viewer", False)])
def test_who_enters_the_admin_follows_from_membership(role, enters):
    assert member(WorkspaceFactory.create(), role).is_staff is enters


@pytest.mark.django_db
def test_a_person_without_a_workspace_enters_the_admin_as_superuser_only():
    assert not UserFactory.create().is_staff
    assert User.objects.create_superuser("root@example.org", "x").is_staff


@pytest.mark.django_db
def test_a_workspace_gets_the_first_free_slug_of_its_name():
    anna = UserFactory.create()
    names = ["Acme Social", "ACME  social!", "Acme Social", "Компания", "a" * 100, "a" * 100]

    slugs = [Workspace.objects.create_with_owner(name=name, owner=anna).slug for name in names]

    assert slugs == ["acme-social", "acme-social-2", "acme-social-3", "workspace", "a" * 45, "a" * 45 + "-2"]


@pytest.mark.django_db(transaction=True)
def test_workspaces_of_one_name_made_at_once_get_slugs_of_their_own():
    anna = UserFactory.create()

    at_once(lambda _: Workspace.objects.create_with_owner(name="Acme", owner=anna), range(8))

    assert {workspace.slug for workspace in Workspace.objects.all()} == {"acme", *(f"acme-{n}" for n in range(2, 9))}


@pytest.mark.django_db
def test_a_time_zone_is_one_that_exists():
    workspace = WorkspaceFactory.create(timezone="Europe/Berlin")
    workspace.full_clean()

    workspace.timezone = "Europe/Atlantis"

    with pytest.raises(ValidationError, match="Europe/Berlin is one"):
        workspace.full_clean()


@pytest.mark.django_db
def test_a_role_nobody_declared_is_refused():
    anna = UserFactory.create()
    with pytest.raises(IntegrityError, match="membership_role_known"), transaction.atomic():
        Membership.objects.create(workspace=WorkspaceFactory.create(), user=anna, role="emperor")


# --- a workspace without an owner cannot exist --------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_workspace_cannot_begin_without_an_owner():
    with pytest.raises(IntegrityError, match="without an owner"):
        Workspace.objects.create(name="Nobody's", slug="nobodys")

    assert not Workspace.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_viewer_and_an_editor_do_not_make_an_owner():
    with pytest.raises(IntegrityError, match="without an owner"):
        begin_with(Role.EDITOR, Role.VIEWER)

    assert not Workspace.objects.exists()


@transaction.atomic
def begin_with(*roles):
    workspace = Workspace.objects.create(name="Headless", slug="headless")
    for role in roles:
        member(workspace, role)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM accounts_membership",
        "UPDATE accounts_membership SET role = 'viewer'",
        "UPDATE accounts_membership SET workspace_id = (SELECT max(id) FROM accounts_workspace)",
    ],
)
def test_the_last_owner_cannot_go_whatever_the_way(change):
    workspace = WorkspaceFactory.create()
    WorkspaceFactory.create()

    with pytest.raises(IntegrityError, match="without an owner"), connection.cursor() as cursor:
        cursor.execute(f"{change} WHERE workspace_id = %s", [workspace.pk])

    assert workspace.memberships.get().role == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_a_person_who_alone_owns_a_workspace_cannot_be_deleted():
    owner = owner_of(WorkspaceFactory.create())

    with pytest.raises(IntegrityError, match="without an owner"):
        owner.delete()

    assert User.objects.filter(pk=owner.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_ownership_is_handed_over_within_one_transaction_in_either_order():
    workspace = WorkspaceFactory.create()
    old = workspace.memberships.get()
    new = member(workspace).memberships.get()

    with transaction.atomic():
        workspace.memberships.filter(pk=old.pk).update(role=Role.EDITOR)
        workspace.memberships.filter(pk=new.pk).update(role=Role.OWNER)

    assert owner_of(workspace) == new.user


@pytest.mark.django_db(transaction=True)
def test_a_workspace_may_be_deleted_with_everybody_in_it():
    workspace = WorkspaceFactory.create()
    member(workspace)

    workspace.delete()

    assert not Membership.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [people.remove, lambda one: people.change_role(one, role=Role.VIEWER)])
def test_two_owners_who_leave_at_the_same_moment_leave_one_behind(leave):
    for _round in range(5):
        workspace = WorkspaceFactory.create()
        member(workspace, Role.OWNER)

        outcomes = at_once(leave, workspace.memberships.all())

        assert sorted(outcomes) == ["done", "last owner"]
        assert workspace.memberships.filter(role=Role.OWNER).count() == 1


@pytest.mark.django_db
def test_the_refusal_comes_before_the_commit_so_that_it_can_be_told():
    workspace = WorkspaceFactory.create()

    with pytest.raises(people.LastOwnerError):
        people.remove(workspace.memberships.get())

    assert workspace.memberships.filter(role=Role.OWNER).exists()


def at_once(act, subjects):
    """Do it to each in a thread of its own, all at the same moment; gives how each ended."""
    outcomes = []
    together = Barrier(len(subjects))

    def attempt(subject):
        together.wait()
        try:
            act(subject)
            outcomes.append("done")
        except people.LastOwnerError:
            outcomes.append("last owner")
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=[subject]) for subject in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
