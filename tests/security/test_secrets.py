"""Networks' keys are planted, used, refused and repeated by every network; then they are looked for, and are nowhere.

Both a workspace's keys, entered on the web, and the installation's, from the environment, go through a real worker and
the real door: to servers that take them, and to servers that refuse them and repeat them in their refusals.
"""

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import workspaces
from accounts.models import Credential, CredentialState
from benchmark import ingest
from benchmark.models import FetchRun, Profile, Role
from benchmark.networks import NETWORKS, http
from tasks.work import tick
from tests.factories.accounts import UserFactory
from tests.factories.rows import BrandFactory
from tests.security.routes import routes
from tests.security.secrets import (
    Places,
    every_row,
    every_value_in_redis,
    overheard,
    parts_of,
    planted,
    secrets_in,
    with_keys,
)
from tests.security.teams import Team, team
from tests.servers import linkedin, meta, ok, reddit, telegram, tiktok, twitch, vk, x, youtube
from tests.servers.repeating import TURNS, Repeating
from tests.servers.worker import running_worker, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

OURS, EVERYBODYS, WRONG = "ours", "everybodys", "wrong"  # whose key it is
HANDLE = "harbour"


def key_of(network: str, whose: str) -> dict[str, str]:
    return parts_of(NETWORKS[network], whose)


def secrets_of(*whose: str) -> set[str]:
    """All planted secrets of these keys."""
    return {
        secret for network in with_keys() for each in whose for secret in secrets_in(network, parts_of(network, each))
    }


GRANTED = {network.key: planted(network, "granted", "token") for network in with_keys()}


def facebook() -> meta.MetaServer:
    """A page whose posts go on in an address that has the token in it."""
    now = timezone.now()
    posts = [meta.DrawnPost(id=f"1_{at}", at=now - timedelta(days=at + 1)) for at in range(120)]
    return meta_server("facebook", posts=posts)


def meta_server(network: str, **drawn: Any) -> meta.MetaServer:
    key = key_of(network, OURS)
    profile = meta.DrawnProfile(id="1", handle=HANDLE, followers=1_000, **drawn)
    return meta.MetaServer([profile], token=key["access_token"], secret=key.get("app_secret", ""))


def linkedin_server() -> linkedin.LinkedInServer:
    server = linkedin.LinkedInServer([linkedin.DrawnOrganisation(id=1, vanity_name=HANDLE, followers=1_000)])
    server.token = key_of("linkedin", OURS)["access_token"]
    return server


def telegram_server() -> telegram.TelegramServer:
    server = telegram.TelegramServer([telegram.DrawnChat(id=-1001, username=HANDLE, members=1_000)])
    server.token = key_of("telegram", OURS)["token"]
    return server


def tiktok_server() -> tiktok.TikTokServer:
    server = tiktok.TikTokServer([tiktok.DrawnAccount(username=HANDLE, followers=1_000)])
    server.key = key_of("tiktok", OURS)
    return server


def ok_server() -> ok.OkServer:
    key = key_of("ok", OURS)
    groups = [ok.DrawnGroup(id="5001", name=HANDLE, members=1_000)]
    return ok.OkServer(groups, key=key["application_key"], secret=key["application_secret"], token=key["access_token"])


def reddit_server() -> reddit.RedditServer:
    key = key_of("reddit", OURS)
    communities = [reddit.DrawnCommunity(id="2qh1", name=HANDLE, subscribers=1_000)]
    return reddit.RedditServer(communities, client=(key["client_id"], key["client_secret"]))


# Each network as its own local server plays it, with our key for the right one.
SERVERS: Mapping[str, Callable[[], Any]] = {
    "facebook": facebook,
    "instagram": lambda: meta_server("instagram"),
    "linkedin": linkedin_server,
    "ok": ok_server,
    "reddit": reddit_server,
    "telegram": telegram_server,
    "threads": lambda: meta_server("threads"),
    "tiktok": tiktok_server,
    "twitch": lambda: twitch.TwitchServer(
        [twitch.DrawnChannel(id="101", login=HANDLE)],
        client_id=key_of("twitch", OURS)["client_id"],
        client_secret=key_of("twitch", OURS)["client_secret"],
    ),
    "vk": lambda: vk.VkServer([vk.DrawnPage(owner=-11, name=HANDLE)], key=key_of("vk", OURS)["service_key"]),
    "x": lambda: x.XServer([x.DrawnUser(id="7001", username=HANDLE)], token=key_of("x", OURS)["bearer_token"]),
    "youtube": lambda: youtube.YouTubeServer(
        [youtube.DrawnChannel(id=f"UC{HANDLE:A<22}", handle=HANDLE)], key=key_of("youtube", OURS)["api_key"]
    ),
}
PASTED = {"reddit": f"r/{HANDLE}", "ok": f"https://ok.ru/{HANDLE}", "youtube": f"@{HANDLE}"}


@contextmanager
def standing_in(servers: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The servers in their networks' places, for this process as well as, by what is yielded, for a worker."""
    with ExitStack() as running:
        for server in servers.values():
            running.enter_context(server)
        addresses = {key: server.url for key, server in servers.items()}
        installation = {
            network.key: network.key_need.pack(parts_of(network, EVERYBODYS))
            for network in with_keys()
            if network.key_need
        }
        given = {"NETWORK_BASE_URLS": addresses, "NETWORK_KEYS": installation}
        running.enter_context(override_settings(**given))
        ingest.door.cache_clear()
        yield {f"{key.upper()}_BASE_URL": address for key, address in addresses.items()} | environment()
        outside = ingest.door().outside
        assert isinstance(outside, http.Door)
        outside.close()
        ingest.door.cache_clear()


def environment() -> dict[str, str]:
    """The installation's keys as an operator gives them."""
    return {
        part.setting: parts_of(network, EVERYBODYS)[part.name]
        for network in with_keys()
        if network.key_need
        for part in network.key_need.parts
    }


def body(answer: HttpResponseBase) -> bytes:
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(parts) + str(dict(answer.headers)).encode() + str(answer.cookies).encode()


class Readers:
    """The owner, whoever runs the installation, and a program with a key; they open everything there is."""

    def __init__(self, ours: Team, places: Places) -> None:
        self.ours = ours
        self.places = places
        self.owner = Client(raise_request_exception=False)
        self.owner.force_login(ours.owner)
        operator = UserFactory.create(is_superuser=True)
        workspaces.remember(operator, ours.workspace)
        self.operator = Client(raise_request_exception=False)
        self.operator.force_login(operator)
        self.api = APIClient(raise_request_exception=False)
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {ours.token()}")

    @property
    def home(self) -> str:
        return f"/w/{self.ours.workspace.slug}/"

    def open(self, address: str, **query: str) -> None:
        """Open an address in every way."""
        for client in (self.api,) if address.startswith("/api/") else (self.owner, self.operator):
            answer = client.get(address, query)
            assert answer.status_code < 500, address
            self.places.add(address, body(answer))

    def send(self, client: Any, address: str, fields: Mapping[str, Any], *, expect: int) -> None:
        """Send a form, and keep the answer as well as the page that it leads to."""
        answer = client.post(address, fields)
        assert answer.status_code == expect, (address, answer.content)
        self.places.add(address, body(answer))
        if answer.status_code == 302:
            self.places.add(address, body(client.get(answer["Location"])))

    def enter_keys(self) -> None:
        """Enter our keys: on the web, after one that lacks a part; one of them in the admin, where it is changed."""
        for network in with_keys():
            assert network.key_need is not None
            parts = parts_of(network, OURS)
            fields = {"network-network": network.key, **{f"network-{name}": value for name, value in parts.items()}}
            if len(parts) > 1:
                short = dict(list(fields.items())[:2]) | {"network-name": "x" * 101}
                self.send(self.owner, f"{self.home}settings/keys/networks/add/", short, expect=422)
            self.send(self.owner, f"{self.home}settings/keys/networks/add/", fields, expect=302)
        wrong = parts_of(NETWORKS["vk"], WRONG)
        self.send(
            self.owner, "/admin/accounts/credential/add/", {"network": "vk", **wrong, "name": "y" * 101}, expect=422
        )
        kept = Credential.objects.get(network="vk", workspace=self.ours.workspace)
        change = f"/admin/accounts/credential/{kept.pk}/change/"
        self.send(self.owner, change, {"name": "Changed", **wrong, "service_key": wrong["service_key"]}, expect=302)
        self.send(self.owner, change, {"name": "Changed back", **parts_of(NETWORKS["vk"], OURS)}, expect=302)

    def try_keys(self) -> None:
        """Press the button that tests a key, on the web and in the admin."""
        for credential in Credential.objects.filter(workspace=self.ours.workspace):
            self.send(self.owner, f"{self.home}settings/keys/networks/{credential.pk}/test/", {}, expect=302)
        chosen = list(Credential.objects.values_list("pk", flat=True))
        wanted = {"action": "try_keys", "_selected_action": chosen}
        self.send(self.operator, "/admin/accounts/credential/", wanted, expect=302)

    def look_up(self, name: str) -> None:
        """Ask about somebody on every network, on the web, in the admin and over the API."""
        for network in with_keys():
            fields = {"network": network.key, "handle": PASTED.get(network.key, HANDLE).replace(HANDLE, name)}
            self.send(self.owner, f"{self.home}competitors/look-up/", fields, expect=422)
            answer = self.api.post("/api/v1/competitors/", fields)
            assert 400 <= answer.status_code < 504, answer.content
            self.places.add("/api/v1/competitors/", answer.content)

    def open_everything(self) -> None:
        """Every address of the product that can be opened, and what it has for each network, profile and key."""
        values = self.ours.values
        for address in [route.filled(values(route)) for route in routes() if "logout" not in route.name]:
            self.open(address)
        for network in SERVERS:
            for address in ("", "export.csv", "export.json"):
                self.open(f"{self.home}compare/{network}/{address}")
            self.open(f"/api/v1/benchmarks/{network}/")
            for address in ("competitors/", "settings/keys/", "files/"):
                self.open(self.home + address, network=network)
            for address in ("/api/v1/posts/", "/api/v1/competitors/", "/admin/benchmark/fetchrun/"):
                self.open(address, network=network)
        for rows, address in (
            (Credential.objects.all(), "/admin/accounts/credential/{}/change/"),
            (Credential.objects.all(), "/admin/accounts/credential/{}/history/"),
            (Credential.objects.all(), "/admin/accounts/credential/{}/delete/"),
            (FetchRun.objects.all(), "/admin/benchmark/fetchrun/{}/change/"),
            (FetchRun.objects.all(), "/api/v1/fetch-runs/{}/"),
            (Profile.objects.all(), "/admin/benchmark/profile/{}/change/"),
            (Profile.objects.all(), "/api/v1/profiles/{}/"),
        ):
            for row in rows:
                self.open(address.format(row.pk))


def follow_everybody(ours: Team) -> None:
    from benchmark import tracking

    brand = BrandFactory.create(workspace=ours.workspace, name="Harbour", role=Role.COMPETITOR)
    for network in with_keys():
        tracking.track(
            ours.workspace,
            network.key,
            PASTED.get(network.key, HANDLE),
            role=Role.COMPETITOR,
            brand=brand,
            by=tracking.By.command(),
            door=ingest.door(),
            now=timezone.now(),
        )


def visit_all() -> None:
    """Let the worker read every profile once, whatever has become of it or of the keys."""
    Credential.objects.update(state=CredentialState.WORKING, reason="", set_aside_at=None)
    followed = Profile.objects.filter(network__in=SERVERS)
    before = FetchRun.objects.filter(network__in=SERVERS).count()
    followed.update(due_at=timezone.now(), lease="", lease_until=None)
    tick.delay()
    ended = FetchRun.objects.filter(network__in=SERVERS).exclude(finished_at=None)
    assert soon(lambda: ended.count() >= before + followed.count(), within=90)


@pytest.mark.timeout(600)  # twelve rounds of visits to every network, with their pauses, then every page there is
def test_no_secret_comes_out_anywhere(child_env: Mapping[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert set(SERVERS) == {network.key for network in with_keys()}, "every network that asks for a key takes part"
    caplog.set_level(logging.DEBUG)
    places = Places()
    ours = team("halcyon")
    ours.rows["credential"].delete()
    readers = Readers(ours, places)
    ours.rows["credential"].save()
    debug = {"LOG_LEVEL": "DEBUG"}

    with overheard() as said_to_redis:
        readers.enter_keys()
        with standing_in({network: make() for network, make in SERVERS.items()}) as given:
            follow_everybody(ours)
            with running_worker(child_env, tmp_path, **given, **debug):
                visit_all()
            readers.try_keys()
        done = FetchRun.objects.filter(network__in=SERVERS).values_list("network", "outcome")
        assert set(done) == {(network, "done") for network in SERVERS}

        repeating = {network: Repeating(GRANTED[network]) for network in SERVERS}
        with standing_in(repeating) as given:
            with running_worker(child_env, tmp_path, **given, **debug):
                for turn in TURNS:
                    for server in repeating.values():
                        server.turn = turn
                    visit_all()
            for turn in TURNS[:2]:
                for server in repeating.values():
                    server.turn = turn
                Credential.objects.update(state=CredentialState.WORKING, reason="", set_aside_at=None)
                readers.look_up("somebody")
                readers.try_keys()
            Credential.objects.update(state=CredentialState.WORKING, reason="", set_aside_at=None)
            for server in repeating.values():
                server.granted, server.turn = "", TURNS[1]
            readers.try_keys()
            places.add("redis", every_value_in_redis())
            readers.open_everything()
    for place, text in every_row():
        places.add(f"table {place}", text)
    places.add("what was said to Redis", bytes(said_to_redis))
    places.add("this process's log", caplog.text)
    places.add("the worker's log", (tmp_path / "worker.log").read_text())
    for command in (["networks"], ["doctor"], ["report", "--workspace", ours.workspace.slug, "--network", "vk"]):
        places.add(" ".join(command), printed(*command))

    used = "\n".join(server.heard for server in repeating.values())
    sent = {secret for secret in secrets_of(OURS, EVERYBODYS) if secret in used}
    assert len(sent) >= 2 * len(SERVERS), "both keys were used on every network"
    assert places.texts["table accounts_credential"].count("set_aside")
    assert "fetch_profile" in places.texts["what was said to Redis"]
    assert "fetch" in places.texts["the worker's log"]
    assert places.showing(secrets_of(OURS, EVERYBODYS, WRONG) | set(GRANTED.values())) == {}


def printed(*command: str) -> str:
    out = io.StringIO()
    with suppress(SystemExit):
        call_command(*command, stdout=out, stderr=out)
    return out.getvalue()
