"""Starting and ending the whole product, as an operator sees it."""

import os
import signal
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic

import psutil
import psycopg
import pytest

from benchmark.embedded import addresses
from benchmark.embedded.process import free_port
from tests.processes import Product, family, fresh_environment, gone_within, manage

pytestmark = pytest.mark.processes


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    product = Product.in_folder(tmp_path / "data")
    yield product
    product.kill()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One installation that several tests look at while it runs."""
    product = Product.in_folder(tmp_path_factory.mktemp("running") / "data")
    yield product.start()
    product.kill()


def execute(data_dir: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(addresses(data_dir).database_url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_start_serves_pages_and_both_ways_to_end_it_leave_no_process(product: Product):
    product.start()
    assert product.page() == 200
    keys = (product.data_dir / "keys.json").read_text()
    assert product.end(signal.SIGTERM, within=10) == 0
    assert family(product.data_dir) == []

    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # how many times slower everything is just now
    begun = monotonic()
    product.start()
    assert product.page() == 200
    assert monotonic() - begun < 10 * busy
    assert (product.data_dir / "keys.json").read_text() == keys
    assert product.end(signal.SIGINT, within=10) == 0
    assert family(product.data_dir) == []
    assert "Traceback" not in product.output


def test_after_the_whole_tree_was_killed_the_next_start_has_every_committed_row(product: Product):
    product.start()
    execute(product.data_dir, "CREATE TABLE witness AS SELECT 42 AS seen")
    product.kill()
    assert gone_within(product.data_dir, 10)

    product.start()
    assert product.page() == 200
    assert execute(product.data_dir, "SELECT seen FROM witness") == [(42,)]
    assert product.end() == 0


def test_when_only_the_parent_is_killed_nobody_outlives_it(product: Product):
    product.start()
    assert product.process is not None
    assert len(family(product.data_dir)) > 5
    product.process.kill()
    product.process.wait(5)
    assert gone_within(product.data_dir, 10), [process.cmdline() for process in family(product.data_dir)]


def test_a_worker_that_was_killed_is_started_again(running: Product):
    before = worker(running)
    before.kill()
    deadline = monotonic() + 15
    while "worker ended with status -9; starting it again." not in running.output and monotonic() < deadline:
        threading.Event().wait(0.1)
    assert worker(running).pid != before.pid


def worker(product: Product, *, within: float = 20) -> psutil.Process:
    deadline = monotonic() + within
    while monotonic() < deadline:
        for process in family(product.data_dir):
            if {"celery", "worker"} <= set(process.cmdline()):
                return process
        threading.Event().wait(0.1)
    raise AssertionError(f"no worker:\n{product.output}")


def test_what_is_secret_can_only_be_read_by_its_owner(running: Product):
    assert stat.S_IMODE(running.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((running.data_dir / "keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((running.data_dir / "run.json").stat().st_mode) == 0o600


def test_a_second_start_from_the_same_folder_is_refused(running: Product):
    second = manage("up", env=fresh_environment(running.data_dir, PORT=str(free_port())))
    assert second.returncode == 2
    assert (
        second.stderr == f"Yardstick already runs from {running.data_dir}. Stop it first, or give another DATA_DIR.\n"
    )
    assert running.page() == 200


def test_the_doctor_finds_nothing_wrong_with_a_running_installation(running: Product):
    deadline = monotonic() + 30  # web comes first; worker and beat need a moment more
    while (examined := manage("doctor", env=running.env)).returncode != 0 and monotonic() < deadline:
        threading.Event().wait(0.5)
    assert examined.returncode == 0, examined.stdout
    assert "Everything works." in examined.stdout


def test_servers_of_the_operator_are_used_and_none_are_started(child_env: Mapping[str, str], tmp_path: Path):
    product = Product(tmp_path, {**child_env, "DATA_DIR": str(tmp_path), "PORT": str(free_port()), "SITE_URL": ""})
    try:
        product.start()
        assert product.page() == 200
        assert not (tmp_path / "run.json").exists()
        assert not (tmp_path / "keys.json").exists()
        assert [process for process in family(tmp_path) if "postgres" in process.name()] == []
        assert product.end() == 0
    finally:
        product.kill()


# --- what stands in the way of a start: one sentence each, status 2 ---------------------------------------------------


def test_a_taken_port_is_named(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = manage("up", env=fresh_environment(tmp_path / "data", PORT=str(port)))
    assert refused.returncode == 2
    assert f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert family(tmp_path / "data") == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://me:pw@127.0.0.1:1/mine"},
            "The database at 127.0.0.1:1 cannot be reached",
        ),
        (
            {"DATABASE_URL": "postgresql://me:pw@nowhere.invalid/mine"},
            "The database at nowhere.invalid:5432 cannot be reached",
        ),
        (
            {"DATABASE_URL": "nonsense"},
            "DATABASE_URL does not name a PostgreSQL database. It looks like postgresql://user:password@host:5432/data",
        ),
        (
            {"DATABASE_URL": "mysql://me:pw@127.0.0.1/mine"},
            "DATABASE_URL does not name a PostgreSQL database. It looks like postgresql://user:password@host:5432/data",
        ),
        (
            {"DATABASE_URL": "postgresql://me:pw@127.0.0.1:port/mine"},
            "DATABASE_URL cannot be read",
        ),
        ({"DATABASE_URL": "postgresql://me:pw@127.0.0.1:1"}, "DATABASE_URL names a server and no database."),
        ({"ENCRYPTION_KEYS": "abc"}, "ENCRYPTION_KEYS: number 1 is not a key. Make one: python -c"),
        ({"EMAIL_URL": "nonsense"}, "EMAIL_URL cannot be read: Invalid email schema. Give it as smtp+tls://"),
        ({"REDIS_URL": "http://127.0.0.1"}, "REDIS_URL does not name a Redis or Valkey server."),
        ({"REDIS_URL": "redis://127.0.0.1:port"}, "REDIS_URL cannot be read"),
        ({"PORT": "eighty"}, "PORT is 'eighty'. It is a number from 1 to 65535; 8000 is the default."),
        ({"SIGNUP": "closed"}, "SIGNUP is 'closed'. It is one of: invitation, open (the default is invitation)."),
        ({"TRUSTED_PROXIES": "proxy"}, "TRUSTED_PROXIES: 'proxy' does not appear to be an IPv4 or IPv6 network."),
        ({"BLUESKY_BASE_URL": "mirror"}, "BLUESKY_BASE_URL is 'mirror'. Give the whole address"),
        ({"BLUESKY_BASE_URL": "http://:80"}, "BLUESKY_BASE_URL is 'http://:80'. Give the whole address"),
        ({"BLUESKY_BASE_URL": "http://m:99999"}, "BLUESKY_BASE_URL is 'http://m:99999'. Give the whole address"),
        ({"SITE_URL": "yardstick.example.org"}, "SITE_URL is 'yardstick.example.org'. Give the whole address"),
    ],
)
def test_a_wrong_address_or_setting_gets_one_sentence(given: dict[str, str], sentence: str, tmp_path: Path):
    elsewhere = {"DATABASE_URL": "postgresql://me:pw@127.0.0.1:1/mine", "REDIS_URL": "redis://127.0.0.1:1"}
    secrets = {"SECRET_KEY": "s" * 50, "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"]}
    port = {"PORT": str(free_port())}
    refused = manage("up", env=fresh_environment(tmp_path / "data", **{**elsewhere, **secrets, **port, **given}))
    assert refused.returncode == 2
    assert refused.stderr.startswith(sentence), refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://me:hunter2/x@127.0.0.1/mine"),
        ("REDIS_URL", "redis://:hunter2/x@127.0.0.1"),
        ("REDIS_URL", "redis://:hunter2#x@127.0.0.1"),
        ("EMAIL_URL", "smtp+tls://me:hunter2/x@127.0.0.1"),
    ],
)
def test_a_password_that_breaks_its_address_is_not_quoted(name: str, address: str, tmp_path: Path):
    elsewhere = {"DATABASE_URL": "postgresql://me:pw@127.0.0.1:1/mine", "REDIS_URL": "redis://127.0.0.1:1"}
    secrets = {"SECRET_KEY": "s" * 50, "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"]}
    refused = manage("check", env=fresh_environment(tmp_path / "data", **{**elsewhere, **secrets, name: address}))
    assert refused.returncode != 0
    assert f"{name} cannot be read: its host or port is none. In a password, write / as %2F" in refused.stderr
    assert "hunter2" not in refused.stderr + refused.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda url: url.replace("yardstick:", "yardstick:wrong"), "refuses the password of the user yardstick."),
        (lambda url: url.rpartition("/")[0] + "/absent", "There is no database 'absent' at 127.0.0.1:"),
    ],
)
def test_a_server_that_refuses_us_is_quoted_in_plain_words(change, sentence: str, tmp_path: Path):
    given = {
        "DATABASE_URL": change(os.environ["DATABASE_URL"]),
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": "s" * 50,
        "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"],
        "PORT": str(free_port()),
    }
    refused = manage("up", env=fresh_environment(tmp_path / "data", **given))
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ENCRYPTION_KEYS"])
def test_a_database_of_your_own_asks_for_secrets_of_your_own(missing: str, tmp_path: Path):
    given = {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": "s" * 50,
        "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"],
    }
    refused = manage("up", env=fresh_environment(tmp_path / "data", **{**given, missing: ""}))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{missing} is missing. ")


def test_a_postgresql_that_is_too_old_is_named_with_its_version(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=speak_like_postgres, args=(server, "14.9"), daemon=True).start()
        given = {
            "DATABASE_URL": f"postgresql://me@127.0.0.1:{port}/mine",
            "REDIS_URL": os.environ["REDIS_URL"],
            "SECRET_KEY": "s" * 50,
            "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"],
            "PORT": str(free_port()),
        }
        refused = manage("up", env=fresh_environment(tmp_path / "data", **given))
    assert refused.returncode == 2
    assert refused.stderr == f"The database at 127.0.0.1:{port} is PostgreSQL 14.9; Yardstick needs 15 or newer.\n"


def speak_like_postgres(server: socket.socket, version: str) -> None:
    """Accept one client as a server of that version would: no encryption, no password, ready."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    def parameter(name: str, value: str) -> bytes:
        return message(b"S", f"{name}\0{value}\0".encode())

    client, _ = server.accept()
    with client:
        while int.from_bytes(client.recv(4), "big") == 8:  # asks for encryption first, in eight bytes
            client.recv(4)
            client.sendall(b"N")
        client.recv(65536)
        client.sendall(
            message(b"R", (0).to_bytes(4, "big"))
            + parameter("server_version", version)
            + parameter("client_encoding", "UTF8")
            + message(b"Z", b"I")
        )
        client.recv(65536)
