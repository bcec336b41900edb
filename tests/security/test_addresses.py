"""No request leaves for a private address, whatever is pasted at whichever door: watched where sockets are opened."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from benchmark.models import Profile, TrackedProfile
from tests.security.teams import team

pytestmark = pytest.mark.django_db

# Mastodon asks whichever host is named. Names that resolve without asking anybody stand for all names.
PASTED = [
    "anna@127.0.0.1",
    "@anna@127.0.0.1",
    "anna@127.1",
    "anna@2130706433",
    "anna@0x7f000001",
    "anna@0177.0.0.1",
    "anna@0.0.0.0",
    "anna@[::1]",
    "anna@[::ffff:127.0.0.1]",
    "anna@localhost",
    "anna@LOCALHOST.",
    "anna@ip6-localhost",
    f"anna@{socket.gethostname()}",
    "anna@10.0.0.1",
    "anna@169.254.169.254",
    "anna@192.168.1.1:8080",
    "anna@127.0.0.1:5432",
    "https://127.0.0.1/@anna",
    "https://localhost/@anna",
    "https://localhost:6379/@anna",
    "http://169.254.169.254/@anna",
    "https://mastodon.social@127.0.0.1/@anna",
    "https://[::1]/@anna",
    "https://[fd00::1]/users/anna",
    "https://127.0.0.1\\@mastodon.social/@anna",
]

opened: list[Any] | None = None


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if opened is not None and event == "socket.connect":
        opened.append(arguments[1])


sys.addaudithook(watch)  # hears of every connection that Python makes, whichever library asks for it


@contextmanager
def connections() -> Iterator[list[Any]]:
    """The addresses to which connections are opened meanwhile, our own broker's aside."""
    global opened  # noqa: PLW0603  # a hook cannot be taken away again
    found: list[Any] = []
    opened = found
    try:
        yield found
    finally:
        opened = None
        ours = urlsplit(settings.REDIS_URL)
        found[:] = [address for address in found if address[:2] != (ours.hostname, ours.port)]


def test_the_watch_hears_of_connections():
    with socket.create_server(("127.0.0.1", 0)) as server, connections() as found:
        socket.create_connection(server.getsockname()).close()
        expected = [server.getsockname()]
    assert found == expected


@pytest.mark.parametrize("text", PASTED)
def test_whatever_is_pasted_at_the_api_or_a_page_no_private_address_is_asked(text: str):
    ours = team("halcyon")
    api, page = APIClient(), Client()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {ours.token()}")
    page.force_login(ours.owner)
    followed, wanted = TrackedProfile.objects.count(), {"network": "mastodon", "handle": text}
    places = f"/w/{ours.workspace.slug}/competitors"

    with connections() as found:
        answers = [
            api.post("/api/v1/competitors/", wanted),
            api.post("/api/v1/competitors/", {"url": text}),
            api.post("/api/v1/own-accounts/", wanted),
            api.post("/api/v1/competitors/bulk/", {"network": "mastodon", "lines": [text]}),
            page.post(f"{places}/look-up/", wanted),
            page.post(f"{places}/add/", wanted),
            page.post(f"{places}/bulk/", {"network": "mastodon", "lines": text}),
        ]

    assert found == []
    # 503 is what is said of every name that leads nowhere: no name of a private network is told from an unknown one.
    assert [answer.status_code for answer in answers if answer.status_code >= 500 and answer.status_code != 503] == []
    assert all(answer.status_code >= 400 for answer in answers[:3])
    assert TrackedProfile.objects.count() == followed == Profile.objects.count()
