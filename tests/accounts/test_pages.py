"""The pages about people, keys, invitations and workspaces: who may see them, and what they do."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts import people, workspaces
from accounts.models import ApiKey, Credential, Invitation, Membership, Role
from tests.accounts.looking import first, opened_by
from tests.factories.accounts import UserFactory, WorkspaceFactory, member, owner_of

pytestmark = pytest.mark.django_db


def settings_of(workspace, page=""):
    return f"/w/{workspace.slug}/settings/{page}"


def invite(workspace, email="anna@example.org", role=Role.EDITOR):
    return people.invite(
        workspace=workspace, email=email, role=role, invited_by=owner_of(workspace), now=timezone.now()
    )


def doors(workspace):
    """Every page and form of the settings, with an id of this workspace where one is wanted."""
    invitation, _link = invite(workspace, email="somebody@example.org")
    membership = workspace.memberships.first()
    key, _token = ApiKey.objects.issue(workspace=workspace, name="notebook")
    network_key = Credential.objects.keep(network="youtube", workspace=workspace, secret="AIza-unreal")
    return [
        ("get", "people/", {}),
        ("post", "people/invite/", {"email": "anna@example.org", "role": "viewer"}),
        ("post", f"people/invitations/{invitation.pk}/withdraw/", {}),
        ("post", f"people/{membership.pk}/role/", {"role": "viewer"}),
        ("post", f"people/{membership.pk}/remove/", {}),
        ("get", "keys/", {}),
        ("post", "keys/create/", {"name": "robot", "scope": "write"}),
        ("post", f"keys/{key.pk}/revoke/", {}),
        ("post", "keys/networks/add/", {"network-network": "youtube", "network-api_key": "AIza-stolen"}),
        ("post", f"keys/networks/{network_key.pk}/remove/", {}),
    ]


def knock(client, workspace, listed):
    return {page: getattr(client, method)(settings_of(workspace, page), data) for method, page, data in listed}


def everything():
    rows = [Membership.objects, Invitation.objects, ApiKey.objects, Credential.objects]
    return [sorted(map(repr, table.values())) for table in rows]


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_editors_and_viewers_get_a_403_everywhere_and_change_nothing(signed_in, role):
    workspace = WorkspaceFactory.create()
    browser, listed = signed_in(member(workspace, role)), doors(workspace)
    before = everything()

    answers = knock(browser, workspace, listed)

    assert {answer.status_code for answer in answers.values()} == {403}
    assert everything() == before


@pytest.mark.parametrize("superuser", [False, True])
def test_another_teams_workspace_is_a_404_everywhere(signed_in, superuser):
    theirs, mine = WorkspaceFactory.create(), WorkspaceFactory.create(owner__is_superuser=superuser)
    browser, listed = signed_in(owner_of(mine)), doors(theirs)
    before = everything()

    answers = knock(browser, theirs, listed)

    assert {answer.status_code for answer in answers.values()} == {404}
    assert everything() == before


def test_another_teams_ids_are_a_404_in_ones_own_workspace(signed_in):
    theirs, mine = WorkspaceFactory.create(), WorkspaceFactory.create()
    browser, listed = signed_in(owner_of(mine)), [door for door in doors(theirs) if re.search(r"\d", door[1])]
    before = everything()

    answers = knock(browser, mine, listed)

    assert len(answers) == 5
    assert {answer.status_code for answer in answers.values()} == {404}
    assert everything() == before


def test_strangers_are_asked_to_sign_in(client):
    workspace = WorkspaceFactory.create()

    answers = knock(client, workspace, doors(workspace))

    assert {answer.status_code for answer in answers.values()} == {302}
    assert all(answer["Location"].startswith("/accounts/login/?next=/w/") for answer in answers.values())


def test_a_form_of_another_site_changes_nothing():
    workspace = WorkspaceFactory.create()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner_of(workspace))

    answers = knock(browser, workspace, [door for door in doors(workspace) if door[0] == "post"])

    assert {answer.status_code for answer in answers.values()} == {403}


def test_a_person_who_was_removed_is_out_with_the_next_click(signed_in):
    workspace = WorkspaceFactory.create()
    anna = member(workspace, Role.OWNER)
    browser = signed_in(anna)
    assert browser.get(settings_of(workspace, "people/")).status_code == 200

    people.remove(workspace.memberships.get(user=anna))

    assert browser.get(settings_of(workspace, "people/")).status_code == 404


# --- people -----------------------------------------------------------------------------------------------------------


def test_without_e_mail_the_owner_sees_the_link_once(signed_in):
    workspace = WorkspaceFactory.create()
    browser = signed_in(owner_of(workspace))

    page = browser.post(settings_of(workspace, "people/invite/"), {"email": "Anna@example.org", "role": "editor"})

    link = first(r"http://testserver(/invitations/[\w-]+/)", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    assert link not in browser.get(settings_of(workspace, "people/")).content.decode()
    assert "anna@example.org" in browser.get(settings_of(workspace, "people/")).content.decode()
    assert Client().get(link).status_code == 200


def test_with_e_mail_the_link_goes_to_the_invited_address_alone(signed_in, sends_email):
    workspace = WorkspaceFactory.create(name="Acme & Söhne")
    browser = signed_in(owner_of(workspace))

    page = browser.post(
        settings_of(workspace, "people/invite/"), {"email": "anna@example.org", "role": "editor"}, follow=True
    )

    [mail] = sends_email
    assert (mail.to, mail.subject) == (["anna@example.org"], "Join Acme & Söhne on Yardstick")
    assert re.search(r"http://testserver/invitations/[\w-]{43}/\n", mail.body)
    assert "/invitations/" not in re.sub(r'action="[^"]*"', "", page.content.decode())


@pytest.mark.parametrize(
    "fields",
    [{"email": "no address", "role": "viewer"}, {"email": "anna@example.org", "role": "emperor"}, {}],
)
def test_a_wrong_invitation_is_refused_and_nobody_is_invited(signed_in, fields):
    workspace = WorkspaceFactory.create()

    answer = signed_in(owner_of(workspace)).post(settings_of(workspace, "people/invite/"), fields)

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(signed_in):
    workspace = WorkspaceFactory.create()
    anna = member(workspace)

    answer = signed_in(owner_of(workspace)).post(
        settings_of(workspace, "people/invite/"), {"email": anna.email.upper(), "role": "owner"}
    )

    assert "This person is a member already." in answer.content.decode()


def test_a_withdrawn_invitation_no_longer_opens(signed_in):
    workspace = WorkspaceFactory.create()
    invitation, link = invite(workspace)

    signed_in(owner_of(workspace)).post(settings_of(workspace, f"people/invitations/{invitation.pk}/withdraw/"))

    assert Client().get(link).status_code == 404


def test_an_owner_changes_a_role_and_removes_a_member(signed_in):
    workspace = WorkspaceFactory.create()
    browser, membership = signed_in(owner_of(workspace)), member(workspace).memberships.get()

    browser.post(settings_of(workspace, f"people/{membership.pk}/role/"), {"role": "editor"})
    membership.refresh_from_db()
    assert membership.role == Role.EDITOR

    browser.post(settings_of(workspace, f"people/{membership.pk}/remove/"))
    assert not workspace.memberships.filter(pk=membership.pk).exists()


@pytest.mark.parametrize(("page", "fields"), [("role", {"role": "viewer"}), ("remove", {})])
def test_the_last_owner_is_told_to_find_another_first(signed_in, page, fields):
    workspace = WorkspaceFactory.create()
    membership = workspace.memberships.get()

    answer = signed_in(membership.user).post(
        settings_of(workspace, f"people/{membership.pk}/{page}/"), fields, follow=True
    )

    assert "A workspace needs an owner. Make somebody else an owner first." in answer.content.decode()
    assert owner_of(workspace) == membership.user


def test_an_owner_who_leaves_is_led_to_their_other_workspaces(signed_in):
    workspace = WorkspaceFactory.create()
    member(workspace, Role.OWNER)
    leaving = workspace.memberships.filter(role=Role.OWNER)[0]

    answer = signed_in(leaving.user).post(settings_of(workspace, f"people/{leaving.pk}/remove/"))

    assert answer["Location"] == "/workspaces/"


# --- where an invitation leads ----------------------------------------------------------------------------------------


def test_an_invited_member_of_the_house_joins_with_one_click(signed_in):
    workspace = WorkspaceFactory.create()
    _invitation, link = invite(workspace)
    anna = UserFactory.create(email="anna@example.org")
    browser = signed_in(anna)

    assert "Join the workspace" in browser.get(link).content.decode()
    assert not workspace.memberships.filter(user=anna).exists()
    assert browser.post(link)["Location"] == f"/w/{workspace.slug}/"
    assert workspace.memberships.get(user=anna).role == Role.EDITOR


def test_somebody_elses_link_joins_nobody_and_stays_out_of_the_logs(signed_in, caplog):
    workspace = WorkspaceFactory.create()
    _invitation, link = invite(workspace)
    browser = signed_in(UserFactory.create(email="mallory@example.org"))

    assert "You are signed in as mallory@example.org" in browser.get(link).content.decode()
    assert [visitor.post(link)["Location"] for visitor in (browser, Client())] == [urlsplit(link).path] * 2
    assert workspace.memberships.count() == 1
    assert "/invitations/" not in caplog.text


def test_a_used_a_late_and_an_invented_link_get_the_same_answer(client):
    workspace = WorkspaceFactory.create()
    _used, used = invite(workspace, email="used@example.org")
    _late, late = invite(workspace, email="late@example.org")
    Invitation.objects.filter(email="used@example.org").update(accepted_at=timezone.now())
    Invitation.objects.filter(email="late@example.org").update(expires_at=timezone.now())
    invented = "/invitations/" + "x" * 43 + "/"

    answers = [client.get(link) for link in (used, late, invented)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_page_tells_strangers_nothing_about_who_has_an_account(client):
    workspace = WorkspaceFactory.create()
    UserFactory.create(email="known@example.org")
    pages = [
        client.get(invite(workspace, email=email)[1]).content.decode().replace(email, "")
        for email in ("known@example.org", "new@example.org")
    ]

    assert len({re.sub(r"/invitations/[\w-]+/|%2Finvitations%2F[\w-]+%2F", "", page) for page in pages}) == 1


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_new_key_is_shown_once_and_works(signed_in):
    workspace = WorkspaceFactory.create()
    browser = signed_in(owner_of(workspace))

    page = browser.post(
        settings_of(workspace, "keys/create/"), {"name": "robot", "scope": "write", "last_day": "2100-12-31"}
    )

    token = first(r"(ys_[a-z0-9]{8}_[\w-]{43})", page.content.decode())
    key, opened = opened_by(token)
    assert (opened, key.name, key.can_write, key.created_by) == (workspace, "robot", True, owner_of(workspace))
    assert key.expires_at == datetime(2101, 1, 1, tzinfo=UTC)
    assert "no-store" in page["Cache-Control"]
    assert token not in browser.get(settings_of(workspace, "keys/")).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "scope": "read"},
        {"name": "robot", "scope": "everything"},
        {"name": "robot", "scope": "read", "last_day": "2020-01-01"},
        {"name": "r" * 101, "scope": "read"},
    ],
)
def test_a_wrong_key_is_refused_and_none_is_made(signed_in, fields):
    workspace = WorkspaceFactory.create()

    answer = signed_in(owner_of(workspace)).post(settings_of(workspace, "keys/create/"), fields)

    assert answer.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_revoked_key_leaves_the_list_and_opens_nothing(signed_in):
    workspace = WorkspaceFactory.create()
    key, token = ApiKey.objects.issue(workspace=workspace, name="notebook of Bert")
    browser = signed_in(owner_of(workspace))
    assert "notebook of Bert" in browser.get(settings_of(workspace, "keys/")).content.decode()

    browser.post(settings_of(workspace, f"keys/{key.pk}/revoke/"))

    page = browser.get(settings_of(workspace, "keys/"))  # once more for the note that it no longer works
    assert "notebook of Bert" not in browser.get(settings_of(workspace, "keys/")).content.decode()
    assert "no longer works" in page.content.decode()
    assert ApiKey.objects.authenticate(token) is None


def test_a_network_key_is_kept_encrypted_and_shown_to_nobody(signed_in):
    workspace = WorkspaceFactory.create()
    browser = signed_in(owner_of(workspace))
    fields = {"network-network": "youtube", "network-api_key": " AIza-unreal ", "network-name": "Team key"}

    page = browser.post(settings_of(workspace, "keys/networks/add/"), fields, follow=True).content.decode()

    [kept] = Credential.objects.usable(network="youtube", workspaces=[workspace.pk])
    assert (kept.workspace, kept.reveal()) == (workspace, "AIza-unreal")
    assert "Team key" in page
    assert "AIza" not in page


@pytest.mark.parametrize(
    "fields", [{"network-network": "bluesky", "network-api_key": "x"}, {"network-network": "youtube"}]
)
def test_a_network_key_for_a_network_that_wants_none_or_without_a_secret_is_refused(signed_in, fields):
    workspace = WorkspaceFactory.create()

    answer = signed_in(owner_of(workspace)).post(settings_of(workspace, "keys/networks/add/"), fields)

    assert answer.status_code == 422
    assert not Credential.objects.exists()


def test_a_key_the_network_refused_says_so_and_can_be_removed(signed_in):
    workspace = WorkspaceFactory.create()
    browser = signed_in(owner_of(workspace))
    key = Credential.objects.keep(network="youtube", workspace=workspace, secret="AIza-unreal")
    key.set_aside(reason="it expired on 3 May", now=timezone.now())

    assert "Needs attention</span> it expired on 3 May" in browser.get(settings_of(workspace, "keys/")).content.decode()
    browser.post(settings_of(workspace, f"keys/networks/{key.pk}/remove/"))
    assert not Credential.objects.exists()


# --- workspaces -------------------------------------------------------------------------------------------------------


def test_the_list_to_switch_holds_ones_own_workspaces(signed_in):
    mine, _theirs = WorkspaceFactory.create(name="Mine"), WorkspaceFactory.create(name="Theirs")

    page = signed_in(owner_of(mine)).get("/workspaces/").content.decode()

    assert f'href="/w/{mine.slug}/"' in page
    assert "Theirs" not in page


def test_a_person_in_no_workspace_learns_how_to_get_into_one(signed_in):
    page = signed_in(UserFactory.create()).get("/workspaces/").content.decode()

    assert "ask an owner of your team" in page
    assert "Create a workspace" not in page


def test_the_workspace_used_last_is_remembered_and_costs_a_write_only_when_it_changes(
    signed_in, django_assert_num_queries
):
    anna = UserFactory.create()
    first, second = WorkspaceFactory.create(name="A", owner=anna), WorkspaceFactory.create(name="B", owner=anna)
    browser = signed_in(anna)
    assert workspaces.last_used(anna) == first

    browser.get(settings_of(second, "keys/"))

    anna.refresh_from_db()
    assert workspaces.last_used(anna) == second
    with django_assert_num_queries(0):
        workspaces.remember(anna, second)


def test_a_workspace_that_is_gone_or_was_left_is_not_where_one_lands(signed_in):
    anna = UserFactory.create()
    stays, left, gone = (WorkspaceFactory.create(name=name, owner=anna) for name in ("A stays", "B left", "C gone"))
    member(left, Role.OWNER)

    workspaces.remember(anna, left)
    people.remove(left.memberships.get(user=anna))
    assert workspaces.last_used(anna) == stays

    workspaces.remember(anna, gone)
    gone.delete()
    anna.refresh_from_db()
    assert workspaces.last_used(anna) == stays


@pytest.mark.parametrize("page", ["people/", "keys/"])
def test_twice_the_rows_cost_the_same_queries(signed_in, page, django_assert_max_num_queries):
    workspace = WorkspaceFactory.create()
    browser = signed_in(owner_of(workspace))

    costs = []
    for _doubling in range(2):
        for number in range(5):
            anna = member(workspace, name="Anna")
            invite(workspace, email=f"{number}-{anna.email}")
            ApiKey.objects.issue(workspace=workspace, name="notebook", created_by=anna)
        browser.get(settings_of(workspace, page))
        with django_assert_max_num_queries(12) as queries:
            browser.get(settings_of(workspace, page))
        costs.append(len(queries))

    assert costs[0] == costs[1]
