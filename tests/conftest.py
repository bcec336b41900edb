"""Real engines for every test: one PostgreSQL and one Valkey, a database and a Redis number for each worker.

This file is read before Django's settings are. It starts (or, in a worker of xdist, joins) the embedded engines and puts
their addresses into the environment, so that the settings under test are read exactly as in production.
"""

import os
import re
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def forget_the_operators_settings() -> None:
    """A key or an address in the developer's environment or `.env` must not reach a test."""
    for name in re.findall(r"^#? ?([A-Z][A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE):
        os.environ[name] = ""


def folder_of_this_session() -> Path:
    """`DATA_DIR/tests`, or the next free one beside it while another session of pytest uses that."""
    from benchmark.embedded.locks import Lock
    from benchmark.environment import data_dir

    for number in range(1, 100):
        folder = data_dir() / ("tests" if number == 1 else f"tests-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder / "session.lock")
        if lock.take():
            SESSION.append(lock)
            return folder
        lock.close()
    raise RuntimeError("a hundred sessions of pytest at once")


def start_engines() -> None:
    """Hold the engines for the life of this process, and say where they are."""
    from benchmark.embedded import hold, new_encryption_key

    folder = Path(os.environ.get("YARDSTICK_TESTS") or folder_of_this_session())
    os.environ["YARDSTICK_TESTS"] = str(folder)
    forget_the_operators_settings()
    held = hold(folder, profile="fast")
    HELD.append(held)
    number = int(WORKER.removeprefix("gw") or 0) + 1 if WORKER else 0
    os.environ |= {
        "DATA_DIR": str(folder / f"files{number}"),
        "SITE_URL": "http://testserver",
        "DATABASE_URL": held.addresses.database_url,
        "REDIS_URL": f"{held.addresses.redis_url.rpartition('/')[0]}/{number}",
        "SECRET_KEY": "only for tests, and long enough that nobody warns about it: 0123456789",
        "ENCRYPTION_KEYS": new_encryption_key(),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "benchmark.settings",
    }


SESSION: list[object] = []
HELD: list[object] = []
start_engines()

from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    """Leave the engines; the last process of this session waits until they have ended."""
    from benchmark.embedded import Held

    while HELD:
        held = HELD.pop()
        assert isinstance(held, Held)
        held.leave()
