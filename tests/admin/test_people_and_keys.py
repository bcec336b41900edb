"""Members, invitations, API keys, networks' keys, workspaces and people: who sees what once, and what never."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.models import ApiKey, Credential, Invitation, Membership, Role, User, Workspace
from benchmark.networks import NETWORKS
from tests.accounts.looking import first, opened_by
from tests.admin.looking import errors, listed, said, text, url
from tests.factories.accounts import UserFactory, WorkspaceFactory, member, owner_of
from tests.servers.reached import in_place_of
from tests.servers.youtube import DrawnChannel, YouTubeServer

SECRET = "AIza-quite-unreal"


# --- API keys --------------------------------------------------------------------------------------------------------


def test_a_new_key_is_shown_once_and_works(sit, workspace):
    browser = sit("owner")

    page = browser.post(url("apikey", "add"), {"name": "robot", "scope": "write", "last_day": ""})

    token = first(r"(ys_[a-z0-9]{8}_[\w-]{43})", page.content.decode())
    key, opened = opened_by(token)
    assert (opened, key.name, key.can_write) == (workspace, "robot", True)
    assert key.created_by is not None
    assert "no-store" in page["Cache-Control"]
    for address in (url("apikey"), url("apikey", "change", key.pk), url("apikey", "history", key.pk)):
        assert token not in browser.get(address).content.decode()


def test_a_wrong_key_keeps_the_form_and_makes_none(sit, workspace):
    page = sit("owner").post(url("apikey", "add"), {"name": "robot", "scope": "write", "last_day": "2020-01-01"})

    assert (page.status_code, errors(page)) == (422, {"last_day": ["This day has passed."]})
    assert 'value="robot"' in page.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("model", "given", "rows"),
    [
        ("apikey", {"name": "robot", "scope": "write"}, ApiKey),
        ("invitation", {"email": "new@example.org", "role": "owner"}, Invitation),
        ("credential", {"network": "youtube", "api_key": SECRET}, Credential),
    ],
)
def test_what_was_opened_in_one_workspace_adds_nothing_to_another(sit, workspace, model, given, rows):
    browser = sit("owner")
    opened = first(r'name="opened_in" value="([\w-]+)"', browser.get(url(model, "add")).content.decode())
    other = WorkspaceFactory.create(name="Elsewhere")
    Membership.objects.create(workspace=other, user_id=browser.session["_auth_user_id"], role="owner")
    browser.post(f"/admin/workspace/{other.slug}/")

    page = browser.post(url(model, "add"), given | {"opened_in": opened})

    assert (opened, page.status_code) == (workspace.slug, 422)
    assert "You have switched to Elsewhere in another window" in text(page)
    assert not rows.objects.exists()


def test_a_revoked_key_opens_nothing_and_keeps_its_name(sit, workspace):
    key, token = ApiKey.objects.issue(workspace=workspace, name="notebook")

    page = sit("owner").post(url("apikey"), {"action": "revoke", "_selected_action": [key.pk]}, follow=True)

    assert said(page) == ["The key “notebook” no longer works."]
    assert ApiKey.objects.authenticate(token) is None
    assert "Revoked" in text(page)
    assert listed(page) == [key]


def test_a_foreign_key_cannot_be_revoked(sit, workspace):
    key, token = ApiKey.objects.issue(workspace=WorkspaceFactory.create(), name="theirs")

    answer = sit("owner").post(url("apikey"), {"action": "revoke", "_selected_action": [key.pk]})

    assert answer.status_code == 404
    assert ApiKey.objects.authenticate(token) is not None


# --- keys of networks ------------------------------------------------------------------------------------------------


def test_a_networks_key_is_kept_and_never_shown(sit, workspace):
    browser = sit("owner")

    page = browser.post(
        url("credential", "add"), {"network": "youtube", "api_key": SECRET, "name": "Team key"}, follow=True
    )

    credential = Credential.objects.get()
    assert (credential.workspace, credential.reveal()) == (workspace, SECRET)
    assert said(page) == ["The key for YouTube is kept, encrypted."]
    form = browser.get(url("credential", "change", credential.pk))
    history = browser.get(url("credential", "history", credential.pk))
    for answer in (page, form, history):
        for hidden in (SECRET, credential.sealed, credential.fingerprint):
            assert hidden not in answer.content.decode()


def test_another_secret_takes_the_place_of_one_that_was_refused(sit, workspace):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret=SECRET)
    credential.set_aside(reason="YouTube refused it.", now=timezone.now())
    browser = sit("owner")
    assert "YouTube refused it." in text(browser.get(url("credential")))

    browser.post(url("credential", "change", credential.pk), {"name": "New", "api_key": "another"})

    credential.refresh_from_db()
    assert (credential.reveal(), credential.name, credential.state) == ("another", "New", "working")


def test_an_empty_secret_leaves_the_one_that_is_kept(sit, workspace):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret=SECRET)

    sit("owner").post(url("credential", "change", credential.pk), {"name": "Renamed", "api_key": ""})

    credential.refresh_from_db()
    assert (credential.reveal(), credential.name) == (SECRET, "Renamed")


def test_the_same_secret_is_not_kept_twice(sit, workspace):
    Credential.objects.keep(network="youtube", workspace=workspace, secret=SECRET)
    second = Credential.objects.keep(network="youtube", workspace=workspace, secret="another")

    page = sit("owner").post(url("credential", "change", second.pk), {"name": "", "api_key": SECRET})

    assert "This key is kept already." in text(page)
    assert second.reveal() == "another"


def test_the_installations_keys_are_for_its_operators(sit, workspace):
    shared = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET, name="Everybody's")

    assert listed(sit("owner").get(url("credential"))) == []
    assert sit("owner").get(url("credential", "change", shared.pk)).status_code == 404
    assert listed(sit("operator").get(url("credential"))) == [shared]


@pytest.mark.parametrize(("who", "whose"), [("owner", "Harbour"), ("operator", None)])
def test_only_an_operator_keeps_a_key_for_everybody(sit, workspace, who, whose):
    fields = {"network": "youtube", "api_key": SECRET, "name": "", "for_everybody": "on"}

    sit(who).post(url("credential", "add"), fields)

    kept = Credential.objects.get().workspace
    assert (kept.name if kept else None) == whose


# --- members and invitations -----------------------------------------------------------------------------------------


def test_an_owner_changes_a_role_and_removes_a_member(sit, workspace):
    membership, browser = member(workspace).memberships.get(), sit("owner")

    browser.post(url("membership", "change", membership.pk), {"role": "editor"})
    membership.refresh_from_db()
    assert membership.role == "editor"

    browser.post(url("membership", "delete", membership.pk), {"post": "yes"})
    assert not workspace.memberships.filter(pk=membership.pk).exists()


def test_the_last_owner_is_told_to_find_another_first(workspace, client):
    owner = owner_of(workspace)
    client.force_login(owner)
    membership = owner.memberships.get()

    for page, fields in (("change", {"role": "viewer"}), ("delete", {"post": "yes"})):
        answer = client.post(url("membership", page, membership.pk), fields, follow=True)
        assert said(answer) == ["A workspace needs an owner. Make somebody else an owner first."]

    assert owner_of(workspace) == owner


def test_an_owner_who_leaves_is_led_out(workspace, client):
    member(workspace, "owner")
    leaving = workspace.memberships.filter(role=Role.OWNER)[0]
    client.force_login(leaving.user)

    answer = client.post(url("membership", "delete", leaving.pk), {"post": "yes"})

    assert answer["Location"] == "/workspaces/"
    assert client.get("/admin/").status_code == 403


def test_without_e_mail_the_link_of_an_invitation_is_shown_once(sit, workspace):
    browser = sit("owner")

    page = browser.post(url("invitation", "add"), {"email": "Anna@example.org", "role": "editor"})

    link = first(r"http://testserver(/invitations/[\w-]+/)", page.content.decode())
    assert (Invitation.objects.get().email, Invitation.objects.get().role) == ("anna@example.org", "editor")
    assert "no-store" in page["Cache-Control"]
    assert link not in browser.get(url("invitation")).content.decode()
    assert sit("anonymous").get(link).status_code == 200


def test_a_member_is_not_invited_again(sit, workspace):
    page = sit("owner").post(url("invitation", "add"), {"email": owner_of(workspace).email, "role": "viewer"})

    assert errors(page) == {"email": ["This person is a member already."]}


def test_an_open_invitation_is_withdrawn_and_an_accepted_one_stays(sit, workspace):
    now, browser = timezone.now(), sit("owner")
    for email in ("open@example.org", "used@example.org"):
        Invitation.objects.invite(workspace=workspace, email=email, role="viewer", invited_by=None, now=now)
    Invitation.objects.filter(email="used@example.org").update(accepted_at=now)
    late = Invitation.objects.invite(
        workspace=workspace, email="late@example.org", role="viewer", invited_by=None, now=now - timedelta(days=9)
    )
    assert {"Waiting", "Accepted", "Too old: invite again"} <= set(states(browser.get(url("invitation"))))

    for invitation in Invitation.objects.all():
        browser.post(url("invitation", "delete", invitation.pk), {"post": "yes"})

    assert [invitation.email for invitation in Invitation.objects.all()] == ["used@example.org"]
    assert late[0].email == "late@example.org"


# --- workspaces and people -------------------------------------------------------------------------------------------


def test_an_owner_renames_the_workspace_and_its_address_stays(sit, workspace):
    sit("owner").post(
        url("workspace", "change", workspace.pk), {"name": "Harbour North", "timezone": "Europe/Berlin", "slug": "x"}
    )

    workspace.refresh_from_db()
    assert (workspace.name, workspace.timezone, workspace.slug) == ("Harbour North", "Europe/Berlin", "harbour")


def test_an_operator_makes_a_workspace_with_an_owner_who_is_here(sit, workspace):
    anna, browser = UserFactory.create(email="anna@example.org"), sit("operator")

    refused = browser.post(url("workspace", "add"), {"name": "New", "timezone": "UTC", "owner": "nobody@example.org"})
    browser.post(url("workspace", "add"), {"name": "New", "timezone": "UTC", "owner": "Anna@example.org"})

    assert errors(refused) == {"owner": ["Nobody here has this address."]}
    assert owner_of(Workspace.objects.get(name="New")) == anna


def test_an_operator_turns_somebody_off_but_not_themselves(sit, workspace):
    anna, browser = UserFactory.create(), sit("operator")
    me = User.objects.get(is_superuser=True)

    browser.post(url("user", "change", anna.pk), {"name": "Anna"})
    browser.post(url("user", "change", me.pk), {"name": "Me"})

    anna.refresh_from_db()
    me.refresh_from_db()
    assert (anna.name, anna.is_active) == ("Anna", False)
    assert (me.name, me.is_active, me.is_superuser) == ("Me", True, True)


def test_an_operator_helps_who_has_lost_their_phone(sit, workspace):
    anna = UserFactory.create()
    Authenticator.objects.create(user=anna, type="totp", data={"secret": "sealed"})
    browser = sit("operator")

    page = browser.post(url("user"), {"action": "turn_off_two_steps", "_selected_action": [anna.pk]}, follow=True)

    assert not Authenticator.objects.filter(user=anna).exists()
    assert anna.email in said(page)[0]
    assert "sealed" not in page.content.decode()


def test_an_editor_cannot_raise_themselves(sit, workspace):
    anna = member(workspace, "editor")
    browser = sit("anonymous")
    browser.force_login(anna)

    browser.post(url("user", "change", anna.pk), {"is_superuser": "on", "is_active": "on"})
    browser.post(url("membership", "change", anna.memberships.get().pk), {"role": "owner"})

    anna = User.objects.get(pk=anna.pk)
    assert not anna.is_superuser
    assert Membership.objects.get(user=anna).role == "editor"


def states(page):
    return re.findall(r'class="ys-state [^"]*">([^<]+)<', page.content.decode())


def test_the_network_is_chosen_first_and_then_asks_for_its_parts(sit, workspace):
    browser = sit("owner")

    chosen = browser.post(url("credential", "add"), {"network": "youtube"})

    assert (chosen.status_code, chosen.url) == (302, f"{url('credential', 'add')}?network=youtube")
    assert list(browser.get(chosen.url).context["form"].fields) == ["network", "api_key", "name"]


@pytest.mark.parametrize(("secret", "begins"), [("a-key", "The key works:"), ("wrong", "The key does not work.")])
def test_keys_are_tested_from_their_list(sit, workspace, secret, begins):
    credential = Credential.objects.keep(network="youtube", workspace=workspace, secret=secret, name="Ours")
    sample = DrawnChannel(id="UCsamplesamplesample0000", handle="youtube", title="YouTube", subscribers=9, videos=[])
    with YouTubeServer([sample], key="a-key") as server, in_place_of("youtube", server.url):
        asked = {"action": "try_keys", "_selected_action": [credential.pk]}
        answer = sit("owner").post(url("credential"), asked, follow=True)

    (words,) = said(answer)
    assert words.startswith(f"YouTube, Ours: {begins}")
    assert secret not in answer.content.decode()


def test_parts_that_are_left_empty_stay_as_they_are(sit, workspace):
    need = NETWORKS["instagram"].key_need
    assert need is not None
    kept = {"access_token": "old", "account": "17841", "app_secret": "proof", "version": "v26.0"}
    parts = dict(zip([part.name for part in need.parts], kept.values(), strict=True))
    credential = Credential.objects.keep(network="instagram", workspace=workspace, secret=need.pack(parts))
    first = need.parts[0].name

    sit("owner").post(url("credential", "change", credential.pk), {"name": "", first: "new"})

    credential.refresh_from_db()
    assert need.unpack(credential.reveal()) == parts | {first: "new"}


def test_the_form_for_a_key_says_how_to_get_one(sit):
    page = text(sit("owner").get(url("credential", "add") + "?network=ok"))

    assert "Odnoklassniki: Make an app at apiok.ru" in page
