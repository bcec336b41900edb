"""The process that runs the engines: `python -m benchmark.embedded.keeper DATA_DIR ENGINES PROFILE`.

It starts them, says one line, restarts an engine that died, and ends both when nobody holds them any more. It has a
session of its own, so that Ctrl-C in a terminal reaches the engines last; if it is killed, the kernel ends them.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmark.embedded import valkey
from benchmark.embedded.addresses import addresses, kept_keys, publish
from benchmark.embedded.errors import EngineError
from benchmark.embedded.locks import HOLDERS, KEEPER, Lock
from benchmark.embedded.postgres import Postgres
from benchmark.embedded.process import free_port

LOOK_EVERY = 0.2  # seconds between two looks at the holders and the engines
KEEP_LOG = 5_000_000  # bytes


@dataclass
class Engine:
    """A running engine, and how to start and end it."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    end: Callable[["subprocess.Popen[bytes]"], None]
    server: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0

    def run(self) -> None:
        self.server, self.started = self.start(), time.monotonic()

    def keep_running(self) -> None:
        """Start it again after a crash; not more than once in two seconds."""
        if self.server is not None and self.server.poll() is not None and time.monotonic() - self.started > 2:
            log(f"{self.name} ended with status {self.server.returncode}; starting it again")
            self.run()

    def stop(self) -> None:
        if self.server is not None:
            self.end(self.server)


def main(data_dir: Path, wanted: frozenset[str], profile: str) -> int:
    alive = Lock(data_dir / KEEPER)
    if not alive.take():
        return answer(problem=f"Another keeper runs in {data_dir}.")
    signal.signal(signal.SIGTERM, leave)
    for name in ("postgres.log", "valkey.log", "keeper.log"):
        shorten(data_dir / name)
    engines: list[Engine] = []
    try:
        note = start(data_dir, wanted, profile, engines)
    except (EngineError, OSError) as problem:
        end(engines)
        return answer(problem=str(problem))
    answer(ready=True, note=note)
    try:
        keep(data_dir, engines)
    finally:
        end(engines)
    return 0


def start(data_dir: Path, wanted: frozenset[str], profile: str, engines: list[Engine]) -> str:
    """Start what is wanted, tell everybody where it listens, and return what the operator should know."""
    keys, last = kept_keys(data_dir), addresses(data_dir)
    postgres_port, valkey_port = free_port(last.postgres_port), free_port(last.valkey_port)
    postgres = Postgres(data_dir, data_dir / "postgres.log", profile)
    known = {
        "valkey": Engine(
            "valkey",
            lambda: valkey.start(data_dir / "valkey", data_dir / "valkey.log", port=valkey_port, password=keys.valkey),
            valkey.end,
        ),
        "postgres": Engine("postgres", lambda: postgres.start(keys, port=postgres_port), postgres.end),
    }
    for name in sorted(wanted):
        known[name].run()
        engines.append(known[name])
    publish(data_dir, keys, postgres_port=postgres_port, valkey_port=valkey_port, engines=wanted)
    if "postgres" in wanted and postgres.as_nobody:
        return f"Running as root without user namespaces: the database runs as `nobody` in {postgres.home}."
    return ""


def keep(data_dir: Path, engines: list[Engine]) -> None:
    """Watch over the engines until the last holder has left."""
    holders = Lock(data_dir / HOLDERS)
    while not holders.take():
        for engine in engines:
            try:
                engine.keep_running()
            except (EngineError, OSError) as problem:
                log(f"{engine.name}: {problem}")
        time.sleep(LOOK_EVERY)


def end(engines: list[Engine]) -> None:
    for engine in reversed(engines):
        engine.stop()


def leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def answer(**words: object) -> int:
    """Say the one line that the holder waits for; afterwards nobody listens."""
    print(json.dumps(words), flush=True)
    sys.stdout.close()
    return 1 if "problem" in words else 0


def log(words: str) -> None:
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), words, file=sys.stderr, flush=True)


def shorten(file: Path) -> None:
    """Start a log anew once it has grown long; the one before it stays."""
    if file.exists() and file.stat().st_size > KEEP_LOG:
        file.replace(file.with_suffix(".old.log"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), frozenset(sys.argv[2].split(",")), sys.argv[3]))
