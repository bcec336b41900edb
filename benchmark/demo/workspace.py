"""The demo workspace: its sign-in, and its own brand and competitors, followed like any others."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import people
from accounts.models import Membership, Role, User, Workspace
from benchmark import tracking
from benchmark.demo import DOMAIN
from benchmark.demo.cast import COMPETITORS, OWN, Company
from benchmark.demo.replay import begins, door_at
from benchmark.ingest import Door
from benchmark.models import Brand, Profile, TrackedProfile
from benchmark.models import Role as BrandRole

SLUG = "demo"
NAME = "Demo"
EMAIL = "demo@yardstick.invalid"
INDUSTRY = "food_beverage"


class SlugTaken(Exception):
    """The address `demo` belongs to a workspace of somebody else."""


def demo_workspace() -> Workspace | None:
    """The demo workspace, where there is one. A team that calls itself `demo` is none."""
    return Workspace.objects.filter(slug=SLUG, memberships__user__email=EMAIL).first()


@transaction.atomic
def create(*, password: str, address: str, now: datetime) -> Workspace:
    """The demo whole, or nothing of it: its workspace, its one person, and what it follows. Raises `SlugTaken`.

    `address` is where the pretend networks listen. The past is there once it has been replayed.
    """
    if Workspace.objects.filter(slug=SLUG).exists():
        raise SlugTaken
    person = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, name=NAME)
    set_password(person, password)
    people.vouch_for(person)
    workspace = Workspace.objects.create(slug=SLUG, name=NAME)
    Membership.objects.create(workspace=workspace, user=person, role=Role.OWNER)
    then = begins(now)
    with door_at(address, lambda: then) as door:
        for role, companies in ((BrandRole.OWN, (OWN,)), (BrandRole.COMPETITOR, COMPETITORS)):
            for company in companies:
                follow(workspace, company, role, door=door, then=then)
    return workspace


def follow(workspace: Workspace, company: Company, role: BrandRole, *, door: Door, then: datetime) -> None:
    """Follow a company of the cast as it was then, and pause it as of then: so the replay knows it (`replay`)."""
    brand = Brand.objects.create(
        workspace=workspace, role=role, name=company.name, industry=INDUSTRY, colour=company.colour
    )
    for network in company.networks:
        found = tracking.look_up(workspace, network, handle_of(company, network), door=door, now=then)
        tracked = tracking.follow(workspace, found, role=role, by=tracking.By.command(), brand=brand, now=then)
        tracking.pause(tracked, now=then)


def set_password(person: User, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])


def handle_of(company: Company, network: str) -> str:
    """The company's handle as people of that network write it."""
    return f"@{company.key}@{DOMAIN}" if network == "mastodon" else f"{company.key}.{DOMAIN}"


@transaction.atomic
def remove(workspace: Workspace) -> None:
    """Take the demo away: the workspace, its person, and the pretend profiles that nobody else follows."""
    people_of_it = list(User.objects.filter(email=EMAIL))
    TrackedProfile.objects.of(workspace).delete()
    workspace.delete()
    for person in people_of_it:
        person.delete()
    Profile.objects.filter(pretend=True, tracked=None).delete()
