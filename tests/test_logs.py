"""What the log says of real requests: a refusal in one line of information, a failure of ours with its traceback."""

import io
import json
import logging
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import ApiKey, Role, Scope
from benchmark.api import reference
from tests.factories.accounts import WorkspaceFactory, member
from tests.servers.reached import in_place_of
from tests.servers.scripted import Scripted, says

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(caplog):
    """The lines that the product writes meanwhile, as an operator who wants information sees them."""
    root, written = logging.getLogger(), io.StringIO()
    (ours,) = (handler for handler in root.handlers if handler.name == "events")
    handler = logging.StreamHandler(written)
    handler.setFormatter(ours.formatter)
    root.addHandler(handler)
    with caplog.at_level(logging.INFO):
        yield lambda: written.getvalue().splitlines()
    root.removeHandler(handler)


@pytest.fixture
def workspace():
    return WorkspaceFactory.create()


def status_of(address, sent=None, **headers):
    """Ask as a program or a browser does, over a socket."""
    body = None if sent is None else json.dumps(sent).encode()
    try:
        with urlopen(Request(address, body, {"Content-Type": "application/json", **headers})) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}


@pytest.fixture
def with_key(workspace):
    _, token = ApiKey.objects.issue(workspace=workspace, name="notebook", scope=Scope.WRITE)
    return {"Authorization": f"Bearer {token}"}


def test_what_a_role_does_not_allow_is_a_line_of_information(live_server, workspace, log):
    visitor = signed_in(member(workspace, Role.VIEWER))

    assert status_of(f"{live_server.url}/admin/", **visitor) == 403

    (line,) = log()
    assert "[info     ] Forbidden (Permission denied): /admin/" in line


def test_a_form_from_elsewhere_and_an_address_that_leads_nowhere_are_lines_of_information(live_server, log):
    assert status_of(f"{live_server.url}/accounts/login/", {}) == 403
    assert status_of(f"{live_server.url}/nowhere/") == 404

    assert ["[info     ]" in line for line in log()] == [True, True]


def test_a_network_that_cannot_be_asked_is_a_line_of_information(live_server, with_key, log):
    with Scripted(says({}, status=503)) as server, in_place_of("bluesky", server.url):
        asked = {"network": "bluesky", "handle": "anna.example.org"}
        assert status_of(f"{live_server.url}/api/v1/competitors/", asked, **with_key) == 503

    assert len(server.paths) == 3
    (line,) = log()
    assert "[info     ] Service Unavailable: /api/v1/competitors/" in line


def test_a_failure_of_ours_is_an_error_with_its_traceback(live_server, with_key, log, monkeypatch):
    monkeypatch.setattr(reference, "metric_infos", lambda _: 1 / 0)

    assert status_of(f"{live_server.url}/api/v1/metrics/", **with_key) == 500

    assert "[error    ] Internal Server Error: /api/v1/metrics/" in log()[0]
    assert "ZeroDivisionError: division by zero" in log()


def test_who_wants_warnings_alone_hears_nothing_of_refusals(live_server, log, caplog):
    with caplog.at_level(logging.WARNING):
        assert status_of(f"{live_server.url}/nowhere/") == 404

    assert log() == []
