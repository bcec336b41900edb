from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts import people
from accounts.models import User, Workspace
from accounts.models.workspace import NAME_LENGTH
from benchmark.management.base import PlainCommand


class Command(PlainCommand):
    help = "Make a workspace and its owner, and print how the owner signs in."
    example = 'manage.py create_workspace "Acme Social" --owner anna@example.org'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what people call the workspace; its address is made from it")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who owns it; made when new here")

    @transaction.atomic
    def handle(self, *_args: Any, name: str, owner: str, **_options: Any) -> None:
        person = self._person(owner)
        workspace = Workspace.objects.create_with_owner(name=self._name(name), owner=person)
        self.stdout.write(f"Workspace “{workspace.name}” stands at {settings.SITE_URL}/w/{workspace.slug}/")
        self.stdout.write(how_to_sign_in(person))

    def _name(self, name: str) -> str:
        name = name.strip()
        if not name or len(name) > NAME_LENGTH:
            raise CommandError(f"A workspace needs a name of 1 to {NAME_LENGTH} characters.")
        return name

    def _person(self, email: str) -> User:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"“{email}” is not an e-mail address.") from None
        known = User.objects.filter(email=email).first()
        if known is not None and not known.is_active:
            raise CommandError(
                f"{known.email} was turned off and cannot own a workspace. Turn this person on again first."
            )
        return known or self._new_person(email)

    def _new_person(self, email: str) -> User:
        person = User.objects.create_user(email)
        people.vouch_for(person)
        return person


def how_to_sign_in(person: User) -> str:
    """One line for the operator: a link to set the first password, or the sign-in page for somebody who has one."""
    if person.has_usable_password():
        return f"{person.email} signs in as before at {settings.SITE_URL}/accounts/login/"
    days = settings.PASSWORD_RESET_TIMEOUT // 86400
    return (
        f"{person.email} sets a password and signs in with this link, which works once, "
        f"within {days} days: {people.set_password_link(person)}"
    )
