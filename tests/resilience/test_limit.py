"""Twenty competitors and no more, through the front door: the real web server, its threads, and the REST API."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from accounts.models import ApiKey, Scope, Workspace
from benchmark.embedded.addresses import write_private
from benchmark.embedded.process import free_port, listens
from benchmark.environment import BASE_DIR, PRETEND_FILE
from benchmark.models import Brand, Profile, TrackedProfile
from tests.factories.accounts import WorkspaceFactory
from tests.resilience.installation import soon
from tests.servers.pretend import pretend_networks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

ATTEMPTS = 200
AT_ONCE = 40
GRANIAN = [
    *(sys.executable, "-m", "granian", "benchmark.management.serving:application", "--interface", "wsgi", "--no-ws"),
    *("--host", "127.0.0.1", "--log-level", "warning", "--workers", "1", "--blocking-threads", "16"),
]


@pytest.fixture
def web(child_env: Mapping[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of a real web server that knows two hundred generated accounts of the pretend networks."""
    port = free_port()
    with pretend_networks(load=ATTEMPTS) as networks:
        write_private(tmp_path / PRETEND_FILE, {"address": networks.address})
        env = {**child_env, "DATA_DIR": str(tmp_path)}
        server = subprocess.Popen([*GRANIAN, "--port", str(port)], env=env, cwd=BASE_DIR)
        try:
            assert soon(lambda: listens(port) or server.poll() is not None)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def post(address: str, sent: object, *, token: str) -> tuple[int, str]:
    """The status of the answer, and its code where it is an error."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(f"{address}/api/v1/competitors/", json.dumps(sent).encode(), headers)
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, ""
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)["code"]


def key_of(workspace: Workspace) -> str:
    _, token = ApiKey.objects.issue(workspace=workspace, name="notebook", scope=Scope.WRITE)
    return token


def test_two_hundred_requests_at_once_leave_exactly_twenty_and_every_refusal_is_the_clear_one(web: str):
    workspace = WorkspaceFactory.create()
    tokens = [key_of(workspace), key_of(workspace)]

    def add(number: int) -> tuple[int, str]:
        wanted = {"network": "bluesky", "handle": f"load-{number}.demo.invalid"}
        return post(web, wanted, token=tokens[number % 2])

    with ThreadPoolExecutor(AT_ONCE) as many:
        answers = Counter(many.map(add, range(1, ATTEMPTS + 1)))

    assert answers == {(201, ""): 20, (409, "competitor_limit_reached"): 180}
    assert {*TrackedProfile.objects.values_list("slot", flat=True)} == {*range(1, 21)}
    assert (Profile.objects.count(), Brand.objects.count()) == (20, 20)  # a refusal leaves nothing behind


def test_many_teams_adding_at_once_share_profiles_and_each_has_its_own_twenty(web: str):
    teams = [WorkspaceFactory.create() for _ in range(4)]
    tokens = [key_of(workspace) for workspace in teams]

    def add(number: int) -> tuple[int, str]:
        wanted = {"network": "mastodon", "handle": f"load-{number // 4 + 1}@demo.invalid"}
        return post(web, wanted, token=tokens[number % 4])

    with ThreadPoolExecutor(AT_ONCE) as many:
        answers = Counter(many.map(add, range(25 * 4)))

    assert answers == {(201, ""): 80, (409, "competitor_limit_reached"): 20}
    for workspace in teams:
        slots = TrackedProfile.objects.filter(workspace=workspace).values_list("slot", flat=True)
        assert (len(slots), {*slots}) == (20, {*range(1, 21)})
    assert Profile.objects.count() <= 25
