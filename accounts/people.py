"""Who joins a workspace, as what, and who leaves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, Membership, User, Workspace

OWNER_RULES = "workspace_keeps_an_owner_when_one_leaves, workspace_keeps_an_owner_when_one_changes"


class LastOwnerError(Exception):
    """The change would leave a workspace without an owner."""


def change_role(membership: Membership, *, role: str) -> None:
    """Give a member another role; raises `LastOwnerError` when nobody would own the workspace."""
    with _an_owner_stays():
        membership.role = role
        membership.save(update_fields=["role"])


def remove(membership: Membership) -> None:
    """Take a person out of a workspace; raises `LastOwnerError` when nobody would own it."""
    with _an_owner_stays():
        membership.delete()


@contextmanager
def _an_owner_stays() -> Iterator[None]:
    """Ask the database's rule now instead of at commit, so that its refusal can be told to a person."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            yield
            cursor.execute(f"SET CONSTRAINTS {OWNER_RULES} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {OWNER_RULES} DEFERRED")
    except IntegrityError as refusal:
        if "without an owner" not in str(refusal):
            raise
        raise LastOwnerError from refusal


def invite(*, workspace: Workspace, email: str, role: str, invited_by: User, now: datetime) -> tuple[Invitation, str]:
    """Invite an address, by e-mail where this installation sends any; the link is for where it does not."""
    invitation, token = Invitation.objects.invite(
        workspace=workspace, email=email, role=role, invited_by=invited_by, now=now
    )
    link = settings.SITE_URL + reverse("accounts:invitation", args=[token])
    if settings.SENDS_EMAIL:
        _send_invitation(invitation, link=link)
    return invitation, link


def _send_invitation(invitation: Invitation, *, link: str) -> None:
    words = {"invitation": invitation, "link": link}
    subject = render_to_string("accounts/email/invitation_subject.txt", words)
    message = render_to_string("accounts/email/invitation_message.txt", words)
    send_mail(" ".join(subject.split()), message, None, [invitation.email])


def vouch_for(user: User) -> None:
    """Take an operator's word that the address is this person's, so that no confirmation is asked for at sign-in."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def set_password_link(user: User) -> str:
    """A link to set a password with, once, within `PASSWORD_RESET_TIMEOUT`: for the operator to hand on."""
    uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
