"""The only way into the admin is our own sign-in, second factors included."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.urls import reverse

from tests.admin.looking import url
from tests.factories.accounts import PASSWORD, UserFactory, member


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    cache.clear()


@pytest.mark.parametrize("who", ["owner", "operator"])
def test_a_password_alone_does_not_let_in_who_has_a_second_factor(client, workspace, who):
    person = UserFactory.create(is_superuser=True) if who == "operator" else member(workspace, who)
    TOTP.activate(person, generate_totp_secret())
    fields = {"username": person.email, "login": person.email, "password": PASSWORD}

    client.post(reverse("admin:login"), fields | {"next": "/admin/"})
    client.post("/accounts/login/?next=/admin/", fields)

    assert client.get("/admin/").status_code == 302
    assert client.get(url("competitor")).status_code == 302


def test_who_is_turned_off_is_out_at_once(client, workspace):
    anna = member(workspace, "owner")
    client.force_login(anna)
    assert client.get("/admin/").status_code == 200

    anna.is_active = False
    anna.save()

    assert client.get("/admin/").status_code == 302


def test_who_becomes_a_viewer_is_out_at_once(client, workspace):
    anna = member(workspace, "editor")
    client.force_login(anna)

    anna.memberships.update(role="viewer")

    assert client.get(url("competitor")).status_code == 403


def test_the_password_is_changed_where_everybody_changes_theirs(sit, workspace):
    answer = sit("owner").get(reverse("admin:password_change"))

    assert answer["Location"] == reverse("account_change_password")


def test_the_admin_has_its_own_content_policy_and_is_not_kept_by_caches(sit, workspace):
    answer = sit("owner").get("/admin/")

    assert "'unsafe-eval'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
