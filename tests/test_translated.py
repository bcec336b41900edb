"""What layers without Django say to people comes out of every door in the reader's language."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import ApiKey, Scope
from benchmark import ingest
from benchmark.models import FetchRun
from benchmark.networks import NETWORKS
from benchmark.networks.bluesky import BLUESKY
from benchmark.networks.youtube import YOUTUBE
from tests.admin.looking import text
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.factories.rows import NOON
from tests.imports.drawing import table

pytestmark = pytest.mark.django_db

# A note, columns, and a bad row; then nothing that anybody knows.
CONTENT = table("""
    Post ID | Account ID | Account username | Publish time     | Date     | Views | Views | Likes
    18001   | 178        | harbour          | 01/15/2025 12:00 | Lifetime | 90    | 80    | 7
    18002   | 178        | harbour          | yesterday        | Lifetime | 90    | 90    | 7
""")
UNKNOWN = b"a,b\n1,2\n"

FORMAT = "[Meta Business Suite: Instagram posts]"
NOTE = "[Its reach and views are what only the owner sees: such a file is for an own account.]"
WARNING = "[The column “Views” is there twice and the two do not agree: neither was taken.]"
COLUMN = "[time of publishing]"
REASON = "[Publish time “yesterday” is not a time such as 03/18/2025 09:48]"
NO_FORMAT = (
    "[No known format has these columns: “a”, “b”. It has no column for [[[the id or link of a post] and none for "
    "[the time of publishing]] and none for [any count of a post]]."
)
ONE_WRONG = "[1 row is wrong, so nothing was imported."
FROM_A_FILE = [FORMAT, NOTE, WARNING, COLUMN, REASON]


@pytest.fixture
def workspace():
    return WorkspaceFactory.create(name="Harbour")


@pytest.fixture
def client(workspace):
    client = Client()
    client.force_login(owner_of(workspace))
    return client


@pytest.fixture
def ask(workspace):
    """A program with a key of the workspace."""
    _, token = ApiKey.objects.issue(workspace=workspace, name="notebook", scope=Scope.WRITE)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def command(workspace, capsys, tmp_path):
    """A command about a file; returns what it prints, or what it is refused with."""

    def command(content, *options):
        path = tmp_path / "content.csv"
        path.write_bytes(content)
        try:
            call_command("import_posts", str(path), "--network", "instagram", "--workspace", workspace.slug, *options)
        except CommandError as refusal:
            return str(refusal)
        return capsys.readouterr().out

    return command


@pytest.fixture(params=["web", "admin"])
def pages(request, client, workspace):
    """Where somebody chooses a file, and how it is sent there: on the pages, and in the admin."""
    address = f"/w/{workspace.slug}/files/" if request.param == "web" else "/admin/benchmark/upload/add/"

    def choose(content):
        answer = client.post(address, {"whose": "own", "file": SimpleUploadedFile("content.csv", content)})
        return answer.headers["Location"]

    return choose


def missing(sentences, told):
    """Those of the sentences that were not told."""
    return [sentence for sentence in sentences if sentence not in told]


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_page_says_what_a_file_is_in_the_readers_language(in_brackets, pages, client):
    address = pages(CONTENT)

    assert missing(FROM_A_FILE, text(client.get(address)).replace("( ", "(")) == []

    refused = text(client.post(address, {"whose": "own", "network": "instagram", "import": "1"}, follow=True))
    assert missing([ONE_WRONG, REASON], refused) == []


def test_a_page_refuses_a_file_in_the_readers_language(in_brackets, pages, client):
    assert NO_FORMAT in text(client.get(pages(UNKNOWN)))


def test_the_formats_are_listed_in_the_readers_language(in_brackets, client, workspace):
    assert FORMAT in text(client.get(f"/w/{workspace.slug}/files/"))


def test_the_api_keeps_its_codes_and_says_the_rest_in_the_installations_language(in_brackets, ask):
    def send(content, **known):
        sent = {"file": SimpleUploadedFile("content.csv", content), "network": "instagram", "own": True, **known}
        return ask.post("/api/v1/imports/", sent, "multipart").json()

    seen = send(CONTENT, preview=True)
    assert (seen["format"], seen["columns"]["Publish time"]) == ("meta_instagram_posts", "published_at")
    assert seen["notes"] == [NOTE, WARNING]
    assert seen["problems"] == [{"line": 3, "reason": REASON}]

    refused = send(CONTENT)
    assert (refused["code"], FetchRun.objects.get().code) == ("bad_rows", "bad_rows")
    assert missing([ONE_WRONG, f"[line 3: {REASON}]"], refused["message"]) == []

    unknown = send(UNKNOWN)
    assert (unknown["code"], unknown["message"].startswith(NO_FORMAT)) == ("format_unknown", True)


def test_a_command_says_what_lower_layers_say_in_the_installations_language(in_brackets, command):
    assert missing(FROM_A_FILE, command(CONTENT, "--preview")) == []
    assert json.loads(command(CONTENT, "--preview", "--json"))["notes"] == [NOTE, WARNING]
    assert missing([ONE_WRONG, f"[line 3: {REASON}]"], command(CONTENT, "--own")) == []
    assert missing([FORMAT, WARNING, f"[line 3: {REASON}]"], command(CONTENT, "--own", "--skip-bad-rows")) == []
    assert command(UNKNOWN).startswith(NO_FORMAT)


def test_the_ledger_keeps_why_rows_were_left_out_in_the_readers_language(in_brackets, command):
    command(CONTENT, "--own", "--skip-bad-rows")

    assert FetchRun.objects.get().problems == [{"line": 3, "reason": REASON}]


def test_a_run_that_broke_off_says_so_in_the_installations_language(in_brackets):
    for kind in ("fetch", "import"):
        FetchRun.objects.create(kind=kind, network="bluesky", trigger="command", started_at=NOON)

    ingest.close_interrupted_runs(now=NOON + timedelta(days=1))

    assert [*FetchRun.objects.order_by("kind").values_list("sentence", flat=True)] == [
        f"[{ingest.ledger.INTERRUPTED}]",
        f"[{ingest.ledger.IMPORT_INTERRUPTED}]",
    ]


# --- networks --------------------------------------------------------------------------------------------------------


def test_what_networks_keep_to_themselves_is_said_in_the_readers_language(in_brackets, client, ask, workspace, capsys):
    call_command("networks", "--format", "json")
    printed = {network["key"]: network for network in json.loads(capsys.readouterr().out)}
    answered = {network["key"]: network for network in ask.get("/api/v1/networks/").json()}
    shown = text(client.get(f"/w/{workspace.slug}/networks/"))

    for network in NETWORKS.values():
        because, hint = f"[{network.not_published_because}]", f"[{network.handle_hint}]"
        assert because in shown
        for told in (printed[network.key], answered[network.key]):
            assert (told["not_published_because"], told["handle_hint"]) == (because, hint)


def test_how_to_get_a_key_is_said_in_the_readers_language(in_brackets, client, ask, workspace):
    assert YOUTUBE.key_need is not None
    how = f"[{YOUTUBE.key_need.how}]"

    assert how in text(client.get(f"/w/{workspace.slug}/networks/"))
    assert how in text(client.get(f"{reverse('accounts:keys', args=[workspace.slug])}?network=youtube"))
    assert how in text(client.get("/admin/accounts/credential/add/?network=youtube"))
    assert how in [network["needs_key"] for network in ask.get("/api/v1/networks/").json()]


def test_how_a_handle_is_written_is_said_in_the_readers_language(in_brackets, client, workspace):
    hint = f"[{BLUESKY.handle_hint}]"
    form = client.get(f"/w/{workspace.slug}/competitors/?network=bluesky").content.decode()

    assert f'placeholder="{hint}"' in form
    assert f"Paste anything: {hint}" in text(client.get(f"/w/{workspace.slug}/competitors/?network=bluesky"))
    assert hint in text(client.get("/admin/benchmark/competitor/add/"))
