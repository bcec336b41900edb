"""What answering costs: whichever route is asked, twice the rows take the same number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from benchmark.models import Role, RunKind
from tests.factories.accounts import member
from tests.factories.rows import (
    NOON,
    AvatarFactory,
    BrandFactory,
    FetchRunFactory,
    PostFactory,
    PostReadingFactory,
    ProfileFactory,
    ProfileReadingFactory,
    TrackedProfileFactory,
)
from tests.security.routes import Route, routes
from tests.security.teams import Team, team

pytestmark = pytest.mark.django_db

FEW = 5
ASKED = {"api:series": {"metric": "engagement_rate"}}  # what an address needs beside itself
DOORS = ("pages", "api", "admin")


def grow(ours: Team, number: int) -> None:
    """Give the team more of everything that a list may show."""
    workspace, profile = ours.workspace, ours.rows["profile"]
    for at in range(number):
        moment = NOON + timedelta(minutes=ProfileFactory._meta.model.objects.count() * 100 + at)
        rival = ProfileFactory.create(read=True)
        AvatarFactory.create(profile=rival)
        TrackedProfileFactory.create(workspace=workspace, profile=rival)
        TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory.create(read=True), role=Role.OWN)
        BrandFactory.create(workspace=workspace)
        member(workspace)
        for of in (profile, rival):
            PostReadingFactory.create(post=PostFactory.create(profile=of))
            ProfileReadingFactory.create(profile=of, read_at=moment)
            FetchRunFactory.create(profile=of)
            FetchRunFactory.create(profile=of, workspace=workspace, kind=RunKind.IMPORT)


@contextmanager
def counted() -> Iterator[list[int]]:
    found: list[int] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found.append(len(queries))


def costs(client: Client | APIClient, of: list[Route], ours: Team) -> dict[str, int]:
    """The number of queries that each route takes which has something to show."""
    found = {}
    for route in of:
        address, asked = route.filled(ours.values(route)), ASKED.get(route.name, {})
        status = client.get(address, asked).status_code  # and what is kept from one answer to the next is there now
        assert status in {200, 405} or route.door != "api", route
        if status == 200:
            with counted() as queries:
                client.get(address, asked)
            found[str(route)] = queries[0]
    return found


@pytest.mark.parametrize("door", DOORS)
def test_twice_the_rows_cost_the_same_queries_on_every_route(door: str):
    ours = team("halcyon")
    client: Client | APIClient
    if door == "api":
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {ours.token()}")
    else:
        client = Client()
        client.force_login(ours.owner)
    of_door = [route for route in routes() if route.door == door]

    grow(ours, FEW)
    few = costs(client, of_door, ours)
    grow(ours, FEW)
    many = costs(client, of_door, ours)

    assert len(few) > 15
    assert many == few
