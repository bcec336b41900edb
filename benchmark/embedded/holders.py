"""Holding the engines: start or join them, use them, leave. The last one to leave waits until they have ended."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmark.embedded.addresses import Addresses, addresses, kept_keys
from benchmark.embedded.errors import EngineError
from benchmark.embedded.locks import HOLDERS, KEEPER, STARTING, Lock, held_by_another
from benchmark.embedded.process import listens
from benchmark.environment import BASE_DIR

BOTH = frozenset({"postgres", "valkey"})
Say = Callable[[str], None]


class Held:
    """The engines run at least until this is closed; a process that dies has closed it."""

    def __init__(self, data_dir: Path, lock: Lock) -> None:
        self.data_dir = data_dir
        self.lock = lock

    @property
    def addresses(self) -> Addresses:
        return addresses(self.data_dir)

    def leave(self, *, within: float = 15.0) -> None:
        """Stop needing the engines; returns once they have ended, or at once where somebody else needs them."""
        self.lock.close()
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and held_by_another(self.data_dir / KEEPER):
            if needed_by_others(self.data_dir):
                return
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.leave()


def needed_by_others(data_dir: Path) -> bool:
    """Somebody shares the lock: it cannot be had alone, yet it can be shared (a keeper that is ending has it alone)."""
    return held_by_another(data_dir / HOLDERS) and not held_by_another(data_dir / HOLDERS, shared=True)


def hold(data_dir: Path, engines: frozenset[str] = BOTH, *, profile: str = "laptop", say: Say = lambda _: None) -> Held:
    """Start the engines of this folder, or join them where they run already."""
    prepare(data_dir)
    lock = Lock(data_dir / HOLDERS)
    if not lock.wait(20, shared=True):  # a keeper is just ending them
        raise EngineError(f"The engines in {data_dir} are being stopped and do not end; see the logs there.")
    starting = Lock(data_dir / STARTING)
    try:
        if not starting.wait(90):
            raise EngineError(f"Another process has been starting the engines in {data_dir} for too long.")
        start_or_join(data_dir, engines, profile=profile, say=say)
    except BaseException:
        lock.close()
        raise
    finally:
        starting.close()
    return Held(data_dir, lock)


def prepare(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept_keys(data_dir)
    except OSError as problem:
        raise EngineError(f"DATA_DIR {data_dir} cannot be used: {problem.strerror or problem}.") from None


def start_or_join(data_dir: Path, engines: frozenset[str], *, profile: str, say: Say) -> None:
    if not joined(data_dir, engines):
        if "postgres" in engines and not (data_dir / "postgres").exists():
            say(f"Preparing the embedded engines in {data_dir} (first start only) …")
        start_keeper(data_dir, engines, profile=profile, say=say)


def joined(data_dir: Path, engines: frozenset[str], *, within: float = 30) -> bool:
    """Whether a keeper lives and its engines listen; one that is just dying is waited for, and then there is none."""
    deadline = time.monotonic() + within
    while held_by_another(data_dir / KEEPER):
        where = addresses(data_dir)
        if missing := engines - where.engines:
            raise EngineError(
                f"The engines in {data_dir} run without {' and '.join(sorted(missing))}, for a process that has "
                "another address for it. Stop that process first."
            )
        if all(listens(where.ports[engine]) for engine in engines):
            return True
        if time.monotonic() > deadline:
            raise EngineError(f"The engines in {data_dir} are said to run but do not answer; see the logs there.")
        time.sleep(0.1)
    return False


def start_keeper(data_dir: Path, engines: frozenset[str], *, profile: str, say: Say) -> None:
    """Start the keeper in a session of its own and wait for its word."""
    with (data_dir / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "benchmark.embedded.keeper", data_dir, ",".join(sorted(engines)), profile],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    with keeper.stdout or open("/dev/null", "rb") as words:  # noqa: PTH123
        answer = json.loads(words.readline() or b"{}")
    keeper.returncode = 0  # it outlives us by design: no warning about a child that still runs
    if "problem" in answer:
        raise EngineError(answer["problem"])
    if "ready" not in answer:
        raise EngineError(f"The engines could not be started; {data_dir / 'keeper.log'} says why.")
    if answer["note"]:
        say(answer["note"])
