"""Bluesky's own server software (its directory, its servers and its AppView) on loopback, where Node can have it."""

import json
import os
import select
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from benchmark.embedded import postgres, valkey
from benchmark.embedded.addresses import database_url, kept_keys
from benchmark.embedded.process import dies_with_parent, free_port, listens, stop
from tests.servers.worker import soon

PACKAGE = "@atproto/dev-env@0.3.215"  # for Node 18.7 or newer
OLDEST_NODE = (18, 7)
SCRIPT = Path(__file__).with_suffix(".cjs")
INSTALLS_WITHIN, STARTS_WITHIN = 420, 120


class Seeded(msgspec.Struct, rename="camel"):
    """A post as its author wrote it."""

    uri: str
    text: str
    created_at: datetime


class Town(msgspec.Struct):
    """Where the AppView answers, who lives there (by name, their DIDs), and Anna's posts, newest first."""

    address: str
    people: dict[str, str]
    posts: list[Seeded]
    picture: str
    newest: str
    deleted: str


@dataclass(frozen=True)
class Node:
    """Node with the package, as it lies in a folder."""

    program: str
    modules: Path


def node_with_the_package(folder: Path) -> Node:
    """Node, and the package in this folder, installed once; skips the test where either cannot be had."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.skip("no Node with npm on this machine, so Bluesky's own server cannot run")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.removeprefix("v").split(".")[:2]) < OLDEST_NODE:
        pytest.skip(f"Bluesky's own server needs Node 18.7 or newer, and this is {version}")
    stamp = folder / PACKAGE.rpartition("/")[2]
    if not stamp.exists():
        install(npm, folder)
        stamp.touch()
    return Node(program, folder / "node_modules")


def install(npm: str, folder: Path) -> None:
    """Get the package; skips the test with npm's last words where that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True}))
    command = [npm, "install", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000", PACKAGE]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALLS_WITHIN, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not get {PACKAGE} within {INSTALLS_WITHIN} seconds")
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        pytest.skip(f"npm cannot install {PACKAGE} here: {'; '.join(errors[:3])[:300]}")


@contextmanager
def bluesky_network(node: Node, folder: Path) -> Iterator[Town]:
    """The network with its people, until it is left. Its engines lie in the folder, and end with it."""
    with engines(folder) as environment, (folder / "node.log").open("wb") as log:
        ports = ",".join(str(free_port()) for _ in range(4))
        process = subprocess.Popen(
            [node.program, SCRIPT],
            env={**os.environ, **environment, "NODE_PATH": str(node.modules), "PORTS": ports, "LOG_ENABLED": "false"},
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 (no thread of the test runs yet)
        )
        try:
            yield msgspec.json.decode(first_line(process, folder / "node.log"), type=Town)
        finally:
            stop(process, (signal.SIGTERM, 5), (signal.SIGKILL, 5))
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()


def first_line(process: "subprocess.Popen[bytes]", log: Path) -> bytes:
    """What the program says once everything can be read."""
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], STARTS_WITHIN)
    line = process.stdout.readline() if readable else b""
    assert line, f"Bluesky's own server did not start: {log.read_text()[-2000:]}"
    return line


@contextmanager
def engines(folder: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL and a Valkey of the network's own; it knows no password for the latter."""
    keys, postgres_port, valkey_port = kept_keys(folder), free_port(), free_port()
    database = postgres.Postgres(folder, folder / "postgres.log", "fast")
    server = database.start(keys, port=postgres_port)
    options = ["--port", str(valkey_port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
    queue = subprocess.Popen(
        [valkey.binary(), *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509
    )  # fmt: skip
    try:
        assert soon(lambda: listens(valkey_port), within=15)
        yield {
            "DB_POSTGRES_URL": database_url(keys, postgres_port),
            "REDIS_HOST": f"127.0.0.1:{valkey_port}",
        }
    finally:
        stop(queue, (signal.SIGTERM, 3), (signal.SIGKILL, 2))
        database.end(server)
        if database.home != folder:
            shutil.rmtree(database.home, ignore_errors=True)
