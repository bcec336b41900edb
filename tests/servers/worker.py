"""A real Celery worker beside a test, on the test's own database and queue."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmark.environment import BASE_DIR
from tasks.app import app

WORKER = [sys.executable, "-m", "celery", "--app", "tasks", "--quiet", "worker", "--loglevel", "INFO"]


@contextmanager
def running_worker(env: Mapping[str, str], folder: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that answers. `env` is what `child_env` gives, `settings` what the operator has set beyond that."""
    said = folder / "worker.log"
    with said.open("ab") as log:
        process = subprocess.Popen(
            WORKER,
            env={**env, "DATA_DIR": str(folder), "LOG_LEVEL": "INFO", **settings},
            cwd=BASE_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        assert soon(lambda: app.control.ping(timeout=0.5, limit=1)), said.read_text()
        yield process
    finally:
        process.terminate()
        process.wait(20)


def soon(condition: Callable[[], object], *, within: float = 60) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
