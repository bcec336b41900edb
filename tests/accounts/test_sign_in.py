"""Signing in, signing up, and the second factor, into the pages and into the admin."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse
from django.utils import timezone

from accounts import people, vault
from accounts.adapter import MfaAdapter
from accounts.models import Invitation, Role, User, Workspace
from tests.accounts.looking import first
from tests.factories.accounts import PASSWORD, UserFactory, WorkspaceFactory, member, owner_of

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP, ADMIN = "/accounts/login/", "/accounts/signup/", "/admin/"
CHOSEN = {"password1": "seven calm herons", "password2": "seven calm herons"}


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def sign_in_and_confirm(client):
    sign_in(client, UserFactory.create().email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_signed_in(client):
    return "_auth_user_id" in client.session


# --- by password -----------------------------------------------------------------------------------------------------


def test_an_address_in_any_case_and_its_password_sign_in(client):
    UserFactory.create(email="anna@example.org")

    answer = sign_in(client, "Anna@Example.org")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    UserFactory.create(email="anna@example.org")

    known, unknown = sign_in(client, "anna@example.org", "wrong"), sign_in(client, "nobody@example.org", "wrong")

    assert errors(known) == errors(unknown) == ["The email address and/or password you specified are not correct."]
    assert not is_signed_in(client)


def test_guessing_is_stopped_and_the_right_password_with_it(client):
    UserFactory.create(email="anna@example.org")
    for _attempt in range(5):
        sign_in(client, "anna@example.org", "wrong")

    answer = sign_in(client, "anna@example.org")

    assert "Too many failed login attempts" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_person_who_was_turned_off_stays_outside(client):
    UserFactory.create(email="anna@example.org", is_active=False)

    sign_in(client, "anna@example.org")

    assert not is_signed_in(client)


def test_signing_in_leads_back_to_where_one_wanted_to_go_but_never_elsewhere(client):
    UserFactory.create(email="anna@example.org")

    assert sign_in(client, "anna@example.org", next="/workspaces/")["Location"] == "/workspaces/"
    client.logout()
    assert sign_in(client, "anna@example.org", next="https://evil.example/")["Location"] == "/"


# --- by a link an operator hands on ----------------------------------------------------------------------------------


def test_a_new_owner_sets_a_password_with_a_link_that_works_once(client):
    anna = User.objects.create_user("anna@example.org")
    link = people.set_password_link(anna)

    form = client.get(link, follow=True)
    answer = client.post(form.request["PATH_INFO"], CHOSEN)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    client.logout()
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_the_link_ends_after_some_days(client, time_machine_at):
    link = people.set_password_link(User.objects.create_user("anna@example.org"))

    time_machine_at(timezone.now() + timedelta(days=4))

    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_setting_a_password_by_link_asks_for_the_second_factor_too(client):
    anna, _secret = person_with_totp()
    form = client.get(people.set_password_link(anna), follow=True)

    answer = client.post(form.request["PATH_INFO"], CHOSEN)

    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_without_e_mail_a_forgotten_password_page_says_who_helps(client):
    answer = client.get("/accounts/password/reset/")

    assert "manage.py changepassword" in answer.content.decode()


def test_with_e_mail_known_and_unknown_addresses_get_the_same_answer(client, sends_email):
    UserFactory.create(email="anna@example.org")

    answers = [client.post("/accounts/password/reset/", {"email": f"{who}@example.org"}) for who in ("anna", "nobody")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/reset/done/")}
    assert [mail.to for mail in sends_email] == [["anna@example.org"], ["nobody@example.org"]]


# --- signing up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_uninvited(client, method):
    answer = getattr(client, method)(SIGNUP, {"email": "mallory@example.org", **CHOSEN})

    assert "People join by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_an_invited_person_signs_up_and_is_a_member(client):
    workspace, link = invited("anna@example.org", Role.EDITOR)
    client.get(link)

    answer = client.post(SIGNUP, {"email": "anna@example.org", "name": "Anna", **CHOSEN})

    anna = User.objects.get(email="anna@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    assert anna.name == "Anna"
    assert workspace.memberships.get(user=anna).role == Role.EDITOR


def test_an_invited_person_cannot_sign_up_with_another_address(client):
    workspace, link = invited("anna@example.org")
    client.get(link)

    client.post(SIGNUP, {"email": "mallory@example.org", **CHOSEN})

    assert not User.objects.filter(email="mallory@example.org").exists()
    assert workspace.memberships.filter(user__email="anna@example.org").exists()


def test_an_invitation_lets_nobody_sign_up_twice(client):
    _workspace, link = invited("anna@example.org")
    client.get(link)
    client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})
    client.post("/accounts/logout/")

    answer = client.post(SIGNUP, {"email": "second@example.org", **CHOSEN})

    assert "People join by invitation" in answer.content.decode()


def test_an_invitation_withdrawn_meanwhile_closes_the_sign_up(client):
    _workspace, link = invited("anna@example.org")
    client.get(link)
    Invitation.objects.all().delete()

    client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})

    assert not User.objects.filter(email="anna@example.org").exists()


def test_an_invitation_used_in_the_same_moment_makes_no_account(client, monkeypatch):
    _workspace, link = invited("anna@example.org")
    client.get(link)
    monkeypatch.setattr(Invitation, "accept", lambda *_, **__: None)  # somebody else was first

    answer = client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})

    assert answer.status_code == 404
    assert not User.objects.filter(email="anna@example.org").exists()


def test_a_link_that_came_by_e_mail_has_proven_the_address(client, sends_email):
    _workspace, link = invited("anna@example.org")
    client.get(link)

    client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})

    assert is_signed_in(client)
    assert EmailAddress.objects.get(email="anna@example.org").verified


def test_where_sign_up_is_open_a_person_makes_a_workspace_of_their_own(client, settings):
    settings.SIGNUP = "open"

    client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})
    answer = client.post("/workspaces/new/", {"name": "Anna's", "timezone": "Europe/Berlin"})

    workspace = Workspace.objects.get()
    assert answer["Location"] == "/w/annas/"
    assert (owner_of(workspace).email, workspace.timezone) == ("anna@example.org", "Europe/Berlin")


def test_where_sign_up_is_open_and_e_mail_is_sent_the_address_is_confirmed_first(client, settings, sends_email):
    settings.SIGNUP = "open"

    client.post(SIGNUP, {"email": "anna@example.org", **CHOSEN})

    assert not is_signed_in(client)
    assert [mail.to for mail in sends_email] == [["anna@example.org"]]


def test_where_e_mail_is_sent_signing_up_tells_nobody_who_has_an_account(client, settings, sends_email):
    settings.SIGNUP = "open"
    UserFactory.create(email="anna@example.org")

    answers = [client.post(SIGNUP, {"email": f"{who}@example.org", **CHOSEN}) for who in ("anna", "bert")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/confirm-email/")}


@pytest.mark.parametrize("fields", [{"name": "", "timezone": "UTC"}, {"name": "A", "timezone": "Europe/Atlantis"}])
def test_a_workspace_with_a_wrong_name_or_zone_is_refused(client, settings, signed_in, fields):
    settings.SIGNUP = "open"

    answer = signed_in(UserFactory.create()).post("/workspaces/new/", fields)

    assert answer.status_code == 422
    assert not Workspace.objects.exists()


def test_where_sign_up_is_by_invitation_nobody_but_the_operator_makes_workspaces(signed_in):
    fields = {"name": "Mine", "timezone": "UTC"}

    assert signed_in(UserFactory.create()).post("/workspaces/new/", fields).status_code == 403
    assert signed_in(UserFactory.create(is_superuser=True)).post("/workspaces/new/", fields).status_code == 302


# --- the second factor, and the admin --------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["/workspaces/", ADMIN])
def test_a_password_alone_signs_nobody_in_who_has_a_second_factor(client, wanted):
    anna, _secret = person_with_totp(is_superuser=True)

    answer = sign_in(client, anna.email, next=wanted)

    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)
    assert client.get(ADMIN).status_code == 302


def test_the_code_of_the_app_completes_the_way_into_the_admin(client):
    anna, secret = person_with_totp(is_superuser=True)
    way = client.get(ADMIN, follow=True)
    assert way.request["PATH_INFO"] == LOGIN
    sign_in(client, anna.email, next=ADMIN)

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert answer["Location"] == ADMIN
    assert client.get(ADMIN).status_code == 200


def test_a_wrong_code_keeps_the_door_shut(client):
    anna, secret = person_with_totp()
    sign_in(client, anna.email)

    client.post(reverse("mfa_authenticate"), {"code": f"{(int(code_of(secret)) + 1) % 1_000_000:06}"})

    assert not is_signed_in(client)


def test_a_recovery_code_opens_once(client):
    anna, _secret = person_with_totp()
    code = RecoveryCodes.activate(anna).get_unused_codes()[0]

    opened = []
    for _attempt in range(2):
        sign_in(client, anna.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        opened.append(is_signed_in(client))
        client.logout()

    assert opened == [True, False]


def test_the_admins_own_password_form_signs_nobody_in(client):
    anna, _secret = person_with_totp(is_superuser=True)

    answer = client.post("/admin/login/", {"username": anna.email, "password": PASSWORD, "next": ADMIN})

    assert answer["Location"].startswith(LOGIN)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("editor", 200), ("viewer", 403)])
def test_owners_and_editors_enter_the_admin_and_viewers_are_told_they_may_not(signed_in, role, status):
    answer = signed_in(member(WorkspaceFactory.create(), role)).get(ADMIN, follow=True)

    assert answer.status_code == status


def test_the_apps_secret_lies_encrypted(client):
    anna, secret = person_with_totp()

    kept = Authenticator.objects.get(user=anna).data["secret"]

    assert secret not in kept
    assert vault.unseal(kept) == secret


def test_the_picture_for_the_app_is_dark_on_white_on_every_ground():
    picture = MfaAdapter().build_totp_svg("otpauth://totp/anna?secret=AAAA")

    assert '<rect fill="white"' in picture
    assert 'fill="#000000"' in picture


def test_a_person_sets_up_an_app_and_gets_recovery_codes(client):
    sign_in_and_confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = first(r"<code>([A-Z2-7]+)</code>", page)

    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)

    assert answer.request["PATH_INFO"] == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<li><code>\d+</code></li>", answer.content.decode())) == 10


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
        "account_email", "account_logout", "account_reauthenticate",
    ],
)  # fmt: skip
def test_every_page_about_ones_own_account_stands(client, name):
    sign_in_and_confirm(client)

    answer = client.get(reverse(name), secure=True)

    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("name", ["account_inactive", "account_email_verification_sent", "account_login"])
def test_every_page_for_strangers_stands(client, name):
    answer = client.get(reverse(name), secure=True)

    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


def test_changing_a_factor_asks_for_the_password_again_and_after_a_while_once_more(client, time_machine_at):
    sign_in(client, UserFactory.create().email)
    setting_up = reverse("mfa_activate_totp")

    asked = client.get(setting_up)
    confirmed = client.post(asked["Location"], {"password": PASSWORD})
    time_machine_at(timezone.now() + timedelta(hours=1))
    later = client.get(setting_up)

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert confirmed["Location"] == setting_up
    assert later["Location"].startswith(reverse("account_reauthenticate"))


# --- helpers ---------------------------------------------------------------------------------------------------------


def errors(answer):
    return answer.context["form"].non_field_errors()


def invited(email, role=Role.VIEWER):
    workspace = WorkspaceFactory.create()
    _invitation, link = people.invite(
        workspace=workspace, email=email, role=role, invited_by=owner_of(workspace), now=timezone.now()
    )
    return workspace, link


def person_with_totp(**fields):
    anna, secret = UserFactory.create(**fields), generate_totp_secret()
    TOTP.activate(anna, secret)
    return anna, secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
