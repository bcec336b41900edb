"""What an operator may say, and what a mistake is answered with."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from benchmark import logs
from benchmark.environment import BASE_DIR
from benchmark.middleware import TrustedProxies
from benchmark.networks import NETWORKS
from tests.engines import operators_settings
from tests.processes import fresh_environment, manage

ASK_OVER_HTTPS = """
import django; django.setup()
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
answer = SecurityMiddleware(lambda _: HttpResponse())(RequestFactory().get("/", secure=True))
print(answer.headers.get("Strict-Transport-Security"))
"""
SHOW_AN_ERROR = """
import django; django.setup()
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class
request = RequestFactory().get("/")
reporter = get_exception_reporter_class(request)(request, ValueError, ValueError("it went wrong"), None)
print(reporter.get_traceback_html(), reporter.get_traceback_text())
"""
READS = re.compile(r"\b(?:given|choice|words|secret)\(\s*\"([A-Z_]+)\"")


def test_every_variable_that_is_read_stands_in_the_example_and_no_other():
    sources = [BASE_DIR / "benchmark" / name for name in ("settings.py", "environment.py")]
    read = {name for source in sources for name in READS.findall(source.read_text())}
    keys = {part.setting for network in NETWORKS.values() if network.key_need for part in network.key_need.parts}
    limits = {network.quota.setting for network in NETWORKS.values() if network.quota and network.quota.setting}
    addresses = {f"{key.upper()}_BASE_URL" for key in NETWORKS}
    assert read | keys | limits | addresses == set(operators_settings())


def test_no_setting_stands_twice_in_the_example():
    # Of two the last one wins, so that a value given to the first would be lost.
    assert len(operators_settings()) == len(set(operators_settings()))


def test_only_the_settings_read_the_environment():
    reads = re.compile(r"os\.environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv")
    allowed = {"benchmark/management/commands/up.py"}  # hands the environment on to its children
    product = [path for folder in ("accounts", "benchmark", "tasks") for path in (BASE_DIR / folder).rglob("*.py")]
    reading = {str(path.relative_to(BASE_DIR)) for path in product if reads.search(path.read_text())}
    assert reading - allowed == set()


def test_the_example_gives_nothing_away():
    for line in (BASE_DIR / ".env.example").read_text().splitlines():
        assert not line or line.startswith("#") or line.endswith("="), line


def test_reading_the_settings_starts_nothing_and_writes_nothing(tmp_path: Path):
    read = subprocess.run(
        [sys.executable, "-c", "from benchmark import settings; print(settings.EMBEDDED, settings.REDIS_URL)"],
        env=fresh_environment(tmp_path / "data"),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout == "True redis://127.0.0.1:1/0\n"
    assert not (tmp_path / "data").exists()


def operators(**given: str) -> dict[str, str]:
    """What an operator with servers and an address of their own says."""
    return {
        "DATABASE_URL": "postgresql://me:pw@db.example.org/mine",
        "REDIS_URL": "redis://redis.example.org",
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS[0],
        "SITE_URL": "https://yardstick.example.org",
    } | given


@pytest.mark.parametrize("subdomains", ["", "on"])
def test_an_installation_with_https_is_safe_in_the_eyes_of_django(tmp_path: Path, subdomains: str):
    env = fresh_environment(tmp_path / "data", **operators(HSTS_SUBDOMAINS=subdomains))
    checked = manage("check", "--deploy", "--fail-level", "WARNING", env=env)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_SUBDOMAINS": "on"}, "max-age=31536000; includeSubDomains; preload"),
        ({"SITE_URL": "http://yardstick.example.org", "HSTS_SUBDOMAINS": "on"}, None),
    ],
)
def test_one_host_binds_itself_to_https_and_others_only_when_the_operator_says_so(tmp_path: Path, given, header):
    answered = subprocess.run(
        [sys.executable, "-c", ASK_OVER_HTTPS],
        env=fresh_environment(tmp_path / "data", **operators(**given), DJANGO_SETTINGS_MODULE="benchmark.settings"),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answered.stdout == f"{header}\n"


def test_debug_is_off_unless_somebody_asks_for_it():
    assert settings.DEBUG is False


def page_of_an_error(data_dir: Path, **given: str) -> str:
    """What Django shows in the browser where `DEBUG` is on."""
    env = fresh_environment(data_dir, **given, DEBUG="on", DJANGO_SETTINGS_MODULE="benchmark.settings")
    command = [sys.executable, "-c", SHOW_AN_ERROR]
    return subprocess.run(command, env=env, cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout


def test_the_page_of_an_error_hides_the_passwords_in_an_operators_addresses(tmp_path: Path):
    given = operators(
        DATABASE_URL="postgresql://me:hunter2@db.example.org/mine",
        REDIS_URL="redis://:hunter2@redis.example.org",
        EMAIL_URL="smtp+tls://me:hunter2@mail.example.org:587",
        BLUESKY_BASE_URL="https://me:hunter2@mirror.example.org",
        YOUTUBE_API_KEY="hunter2",
    )
    page = page_of_an_error(tmp_path / "data", **given)
    assert "it went wrong" in page
    assert "CELERY_BROKER_URL" in page
    assert "hunter2" not in page


def test_the_page_of_an_error_hides_what_the_first_start_made(tmp_path: Path):
    secrets = {"postgres": "made-1", "valkey": "made-2", "secret_key": "made-3", "encryption_keys": "made-4"}
    addresses = {
        "database_url": "postgresql://yardstick:made-1@127.0.0.1:1/y",
        "redis_url": "redis://:made-2@127.0.0.1",
    }
    (tmp_path / "keys.json").write_text(json.dumps(secrets))
    (tmp_path / "run.json").write_text(json.dumps(addresses))
    page = page_of_an_error(tmp_path)
    assert "ENGINES" in page
    assert "made-" not in page


# --- what every answer carries ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_load_nothing_from_elsewhere_and_evaluate_nothing():
    policy = Client().get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "img-src 'self' data:;" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_only_the_admin_may_evaluate_what_its_templates_say():
    policy = Client().get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval';" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    ("remote", "forwarded", "client", "secure"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9", False),  # a stranger's word counts for nothing
        ("10.0.0.1", "198.51.100.1", "198.51.100.1", True),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1", True),  # the first may be invented
        ("10.0.0.1", "", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1", True),
    ],
)
def test_the_clients_address_is_what_the_last_trusted_proxy_saw(settings, remote, forwarded, client, secure):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get(
        "/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded, HTTP_X_FORWARDED_PROTO="https"
    )
    TrustedProxies(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == client
    assert request.is_secure() is secure


def test_logs_hide_what_a_fields_name_calls_secret():
    event = {"event": "asked", "api_key": "abc", "Authorization": "Bearer x", "profile": 7}
    shown = logs.without_secrets(None, "info", event)
    assert shown == {"event": "asked", "api_key": "(hidden)", "Authorization": "(hidden)", "profile": 7}
