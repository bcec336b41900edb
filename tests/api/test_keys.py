"""Who may ask, and how a refusal looks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from rest_framework.test import APIClient

from accounts.models import ApiKey

pytestmark = pytest.mark.django_db


def test_nobody_asks_without_a_key(workspace):
    answer = APIClient().get("/api/v1/competitors/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["", "nonsense", "ys_abcdefgh_" + "x" * 43])
def test_a_key_that_nobody_made_is_refused(workspace, token):
    answer = APIClient().get("/api/v1/competitors/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")


def test_an_expired_key_is_refused(workspace):
    _, token = ApiKey.objects.issue(workspace=workspace, name="old", expires_at=timezone.now() - timedelta(minutes=1))
    answer = APIClient().get("/api/v1/competitors/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")


def test_a_key_that_may_only_read_changes_nothing(api, workspace):
    answer = api(writes=False).post("/api/v1/brands/", {"name": "Acme"})
    assert (answer.status_code, answer.json()["code"]) == (403, "key_is_read_only")
    assert not workspace.brands.exists()


def test_every_error_has_the_same_members(ask, api):
    errors = [
        ask("competitors/999/", expect=404),
        ask("competitors/", {}, expect=400),
        ask("benchmarks/myspace/", expect=404),
        ask("benchmarks/bluesky/", expect=400, period="fortnight"),
        api().delete("/api/v1/networks/").json(),
        APIClient().get("/api/v1/brands/").json(),
    ]
    assert {tuple(sorted(error)) for error in errors} == {("code", "fields", "message")}


def test_a_wrong_field_is_named(ask):
    refused = ask("competitors/", {"network": "bluesky"}, expect=400)
    assert refused == {
        "code": "invalid",
        "message": "Give a handle or a url.",
        "fields": [{"field": "handle", "code": "required", "message": "Give a handle or a url."}],
    }


def test_a_key_that_asks_too_often_is_told_when_to_come_back(api, monkeypatch):
    from benchmark.api.throttling import PerKey

    monkeypatch.setattr(PerKey, "THROTTLE_RATES", {"key": "2/min"})
    client = api()
    statuses = [client.get("/api/v1/networks/").status_code for _ in range(3)]
    refused = client.get("/api/v1/networks/")
    assert statuses == [200, 200, 429]
    assert (refused.json()["code"], 0 < int(refused.headers["Retry-After"]) <= 60) == ("throttled", True)


def test_a_cache_that_is_away_shuts_nobody_out(api, monkeypatch):
    from benchmark.api import throttling

    away = MovingWindowRateLimiter(RedisStorage("redis://127.0.0.1:1/0"))
    monkeypatch.setattr(throttling, "counts", lambda: away)
    assert api().get("/api/v1/competitors/").status_code == 200
