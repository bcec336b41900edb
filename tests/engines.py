"""The embedded engines for a session of pytest: started before Django reads its settings, shared by its workers."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.embedded import hold, new_encryption_key
from benchmark.embedded.holders import Held
from benchmark.embedded.locks import Lock
from benchmark.environment import BASE_DIR, data_dir

FOLDER = "YARDSTICK_TESTS"  # how the workers of xdist learn where their session's engines are


def operators_settings() -> list[str]:
    """The name of every variable that an operator may set."""
    return re.findall(r"^([A-Z][A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE)


def number_of_this_worker() -> int:
    """0 without xdist, 1 for its first worker: the number of its Redis database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(worker.removeprefix("gw")) + 1 if worker else 0


@dataclass
class Session:
    """What this process keeps until pytest ends."""

    folder: Path
    locks: list[Lock] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @classmethod
    def begin(cls) -> "Session":
        """Join the session of the process that started this one, or take the first folder that no session uses."""
        if inherited := os.environ.get(FOLDER):
            return cls(Path(inherited))
        for number in range(1, 100):
            folder = data_dir() / ("tests" if number == 1 else f"tests-{number}")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = Lock(folder / "session.lock")
            if lock.take():
                return cls(folder, [lock])
            lock.close()
        raise RuntimeError(f"a hundred sessions of pytest use {data_dir()} at once")

    def start(self) -> None:
        """Hold the engines and put their addresses where the settings look for them, as an operator would."""
        os.environ[FOLDER] = str(self.folder)
        os.environ |= dict.fromkeys(operators_settings(), "")  # a developer's key must not reach a test
        held = hold(self.folder, profile="fast")
        self.held.append(held)
        number = number_of_this_worker()
        os.environ |= {
            "DATA_DIR": str(self.folder / f"files{number}"),
            "DATABASE_URL": held.addresses.database_url,
            "REDIS_URL": f"{held.addresses.redis_url.rpartition('/')[0]}/{number}",
            "SECRET_KEY": "only for tests, and long enough that nobody warns about it: 0123456789",
            "ENCRYPTION_KEYS": new_encryption_key(),
            "SITE_URL": "http://testserver",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "benchmark.settings",
        }

    def end(self) -> None:
        """Leave the engines; the last process of the session waits until they have ended."""
        while self.held:
            self.held.pop().leave()
        while self.locks:
            self.locks.pop().close()
