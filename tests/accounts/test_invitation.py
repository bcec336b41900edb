"""An invitation lets one address into one workspace, once, within seven days."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Invitation, Membership, Role
from accounts.tokens import digest
from tests.factories.accounts import NOON, UserFactory, WorkspaceFactory, member, owner_of


def invite(workspace, email="anna@example.org", role=Role.EDITOR, now=NOON):
    return Invitation.objects.invite(
        workspace=workspace, email=email, role=role, invited_by=owner_of(workspace), now=now
    )


@pytest.mark.django_db
def test_only_a_digest_of_the_token_is_kept():
    invitation, token = invite(WorkspaceFactory.create())

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(row)::text FROM accounts_invitation AS row")
        kept = cursor.fetchone()[0]

    assert token not in kept
    assert digest(token) in kept
    assert token not in repr(invitation)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "opens"),
    [(timedelta(0), True), (timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)],
)
def test_a_link_opens_for_seven_days(after, opens):
    invitation, token = invite(WorkspaceFactory.create())

    found = Invitation.objects.by_token(token, now=NOON + after)

    assert found == (invitation if opens else None)


@pytest.mark.django_db
def test_accepting_makes_a_member_with_the_role_that_was_offered():
    workspace = WorkspaceFactory.create()
    invitation, _token = invite(workspace, email="Anna@Example.org", role=Role.EDITOR)
    anna = UserFactory.create(email="anna@example.org")

    membership = invitation.accept(user=anna, now=NOON)

    assert (membership.workspace, membership.user, membership.role) == (workspace, anna, Role.EDITOR)


@pytest.mark.django_db
def test_a_link_works_once():
    invitation, token = invite(WorkspaceFactory.create())
    anna = UserFactory.create(email="anna@example.org")
    invitation.accept(user=anna, now=NOON)

    assert Invitation.objects.by_token(token, now=NOON) is None
    assert invitation.accept(user=anna, now=NOON) is None


@pytest.mark.django_db
def test_a_link_works_for_its_own_address_only():
    invitation, _token = invite(WorkspaceFactory.create())

    assert invitation.accept(user=UserFactory.create(email="mallory@example.org"), now=NOON) is None
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.django_db
def test_a_link_that_has_grown_too_old_while_it_was_open_in_a_browser_joins_nobody():
    invitation, _token = invite(WorkspaceFactory.create())

    assert invitation.accept(user=UserFactory.create(email="anna@example.org"), now=NOON + timedelta(days=8)) is None


@pytest.mark.django_db
def test_inviting_again_ends_the_link_that_was_open():
    workspace = WorkspaceFactory.create()
    stale, old = invite(workspace, role=Role.OWNER)
    _invitation, new = invite(workspace, role=Role.VIEWER)

    assert Invitation.objects.by_token(old, now=NOON) is None
    assert stale.accept(user=UserFactory.create(email="anna@example.org"), now=NOON) is None
    assert Invitation.objects.by_token(new, now=NOON) == Invitation.objects.get(role=Role.VIEWER)


@pytest.mark.django_db
def test_a_member_keeps_the_role_they_have():
    workspace = WorkspaceFactory.create()
    anna = member(workspace, Role.OWNER, email="anna@example.org")
    invitation, _token = invite(workspace, role=Role.VIEWER)

    assert invitation.accept(user=anna, now=NOON).role == Role.OWNER


@pytest.mark.django_db
def test_two_open_invitations_of_one_address_cannot_stand_in_one_workspace():
    invitation, _token = invite(WorkspaceFactory.create())
    invitation.pk, invitation.token_digest = None, digest("another")

    with pytest.raises(IntegrityError, match="one_open_invitation_per_address"), transaction.atomic():
        invitation.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_accept_once():
    workspace = WorkspaceFactory.create()
    invitation, _token = invite(workspace)
    anna = UserFactory.create(email="anna@example.org")
    accepted, together = [], Barrier(20)

    def click():
        together.wait()
        try:
            accepted.append(invitation.accept(user=anna, now=NOON) is not None)
        finally:
            connection.close()

    clicks = [Thread(target=click) for _ in range(20)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert sorted(accepted) == [False] * 19 + [True]
    assert Membership.objects.filter(workspace=workspace, user=anna).count() == 1
