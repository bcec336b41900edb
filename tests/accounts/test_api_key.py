"""An API key belongs to a workspace, is shown once, and opens nothing once it is revoked or too old."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiKey, Scope
from tests.accounts.looking import opened_by
from tests.factories.accounts import NOON, WorkspaceFactory

pytestmark = pytest.mark.django_db


def test_a_key_opens_its_own_workspace():
    workspace = WorkspaceFactory.create()
    WorkspaceFactory.create()
    key, token = ApiKey.objects.issue(workspace=workspace, name="notebook")

    found, opened = opened_by(token)

    assert (found, opened) == (key, workspace)
    assert (opened.slug, opened.timezone) == (workspace.slug, workspace.timezone)
    assert not found.can_write


def test_a_key_may_write_when_it_was_made_to():
    _key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="robot", scope=Scope.WRITE)

    found, _workspace = opened_by(token)

    assert found.can_write


def test_a_token_is_kept_nowhere_and_shown_by_nothing():
    key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook")
    secret = token.split("_", 2)[2]

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(row)::text FROM accounts_apikey AS row")
        kept = cursor.fetchone()[0]

    assert secret not in kept
    assert secret not in repr(key) + str(key) + repr(vars(key))


@pytest.mark.parametrize(
    "token", ["", "ys_", "Bearer", "ys_aaaaaaaa_" + "x" * 43, "ys_aaaaaaaa_" + "ü" * 43, "x" * 10_000]
)
def test_what_is_no_key_opens_nothing(token):
    ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook")

    assert ApiKey.objects.authenticate(token) is None


def test_a_key_with_the_right_beginning_and_a_wrong_secret_opens_nothing():
    key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook")

    assert ApiKey.objects.authenticate(f"ys_{key.prefix}_" + "x" * 43) is None
    assert ApiKey.objects.authenticate(token + "x") is None
    assert ApiKey.objects.authenticate(token.upper()) is None


def test_a_revoked_key_opens_nothing():
    key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook")

    assert ApiKey.objects.filter(pk=key.pk).revoke(now=NOON) == 1
    assert ApiKey.objects.authenticate(token) is None
    assert ApiKey.objects.filter(pk=key.pk).revoke(now=NOON) == 0


@pytest.mark.parametrize(("at", "opens"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
def test_a_key_opens_until_it_expires(at, opens):
    _key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook", expires_at=NOON)

    assert (ApiKey.objects.authenticate(token, now=NOON + at) is not None) is opens


def test_live_keys_are_those_that_open_something():
    workspace = WorkspaceFactory.create()
    ages = {"old": NOON, "young": NOON + timedelta(seconds=1), "lasting": None, "revoked": None}
    for name, expires_at in ages.items():
        ApiKey.objects.issue(workspace=workspace, name=name, expires_at=expires_at)
    ApiKey.objects.filter(name="revoked").revoke(now=NOON)

    assert {key.name for key in ApiKey.objects.live(now=NOON)} == {"young", "lasting"}


def test_authenticating_costs_one_statement_and_a_write_once_a_minute():
    key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="notebook")

    assert [statements(token, after) for after in (0, 1, 59, 60, 61, 119, 120)] == [2, 1, 1, 2, 1, 1, 2]
    key.refresh_from_db()
    assert key.last_used_at == NOON + timedelta(seconds=120)


def statements(token, after):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ApiKey.objects.authenticate(token, now=NOON + timedelta(seconds=after))
    return len(queries)
