"""Real engines for every test: one PostgreSQL and one Valkey, with a database and a Redis number for each worker.

This file is read before Django's settings are, so that the settings under test are read exactly as in production.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from benchmark.environment import BASE_DIR
from tests.engines import Session

SESSION = Session.begin()
SESSION.start()

from django.conf import settings  # noqa: E402 (only now are the engines there)
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

NO_SHARED_DATA = "the shared reference data is not here (SHARED_DATA, or the folder `shared` beside the checkout)"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the workers of xdist find no settings to read before they know their own database, queue and folder."""
    if session.config.pluginmanager.hasplugin("dsession"):
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    SESSION.end()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test sees what another has left in the cache or the queue; asked only of tests that use rows."""
    yield
    if {"db", "transactional_db", "live_server"} & set(request.fixturenames) or request.node.get_closest_marker(
        "django_db"
    ):
        cache._cache.get_client().flushdb()  # type: ignore[attr-defined]


@pytest.fixture
def child_env(transactional_db: None) -> Mapping[str, str]:
    """The environment for a real process of the product (worker, server, command) on this test's database and queue."""
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return os.environ | {"DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def in_brackets() -> Iterator[None]:
    """Whatever passes gettext stands in brackets."""
    from tests.language import spoken_in_brackets

    with spoken_in_brackets():
        yield


@pytest.fixture
def files_only(monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a network that cannot be fetched: Facebook, declared for its files only."""
    from dataclasses import fields, replace

    from benchmark.networks import NETWORKS
    from benchmark.networks.base import Network, cannot_be_fetched

    cannot = {field.name: cannot_be_fetched for field in fields(Network) if field.default is cannot_be_fetched}
    declared = replace(NETWORKS["facebook"], fetchable=False, base_url="", key_need=None, **cannot)
    monkeypatch.setitem(NETWORKS, declared.key, declared)
    return declared.key


# --- reference data that is not part of this repository --------------------------------------------------------------


def shared_folder() -> Path | None:
    """Published data sets and recorded answers, where the machine has them."""
    folder = Path(os.environ.get("SHARED_DATA") or BASE_DIR.parent / "shared")
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data, with `data/`, `specs/` and `industry_benchmarks.csv`; skips where it is absent."""
    folder = shared_folder()
    if folder is None:
        pytest.skip(NO_SHARED_DATA)
    return folder


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that needs the data must not be skipped where the data is."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or shared_folder() is None or reporter is None:
        return
    skipped = [
        report for report in reporter.stats.get("skipped", []) if "shared reference data" in str(report.longrepr)
    ]
    if skipped:
        reporter.write_line(f"{len(skipped)} tests were skipped for want of data that is here.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
