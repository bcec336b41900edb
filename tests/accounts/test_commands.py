"""`create_workspace` and `create_api_key`, typed as an operator types them."""

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError
from django.db import connections

from accounts.models import ApiKey, Role, User, Workspace
from benchmark.management.base import PlainCommand
from tests.accounts.looking import opened_by
from tests.factories.accounts import UserFactory, WorkspaceFactory

pytestmark = pytest.mark.django_db

CHOSEN = {"password1": "seven calm herons", "password2": "seven calm herons"}


@pytest.fixture
def typed(capsys, monkeypatch):
    """Type a command: what it prints to both streams, and its exit status, as from a shell."""
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test's transaction lives on

    def run(*words):
        command, status = load_command_class(get_commands()[words[0]], words[0]), None
        try:
            command.run_from_argv(["manage.py", *words])
        except SystemExit as end:
            status = end.code
        said = capsys.readouterr()
        return status or 0, said.out, said.err

    return run


def link_in(out):
    return out.split()[-1].removeprefix("http://testserver")


def test_a_new_owner_gets_a_link_that_signs_in(client, typed):
    status, out, _err = typed("create_workspace", "Acme Social", "--owner", "Anna@Example.org")

    workspace, link = Workspace.objects.get(), link_in(out)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], CHOSEN)
    assert status == 0
    assert "http://testserver/w/acme-social/" in out
    assert workspace.memberships.get(role=Role.OWNER).user.email == "anna@example.org"
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_an_operators_word_for_an_address_needs_no_confirmation_by_e_mail(client, typed, sends_email):
    _status, out, _err = typed("create_workspace", "Acme", "--owner", "anna@example.org")

    form = client.get(link_in(out), follow=True)
    client.post(form.request["PATH_INFO"], CHOSEN)

    assert "_auth_user_id" in client.session


def test_an_owner_who_has_a_password_signs_in_as_before(typed):
    anna = UserFactory.create()

    _status, out, _err = typed("create_workspace", "Acme", "--owner", anna.email.upper())

    assert f"{anna.email} signs in as before at http://testserver/accounts/login/" in out
    assert "/password/" not in out
    assert User.objects.get() == anna


def test_workspaces_of_the_same_name_get_slugs_of_their_own(typed):
    for _again in range(2):
        typed("create_workspace", "Acme", "--owner", "anna@example.org")

    assert {workspace.slug for workspace in Workspace.objects.all()} == {"acme", "acme-2"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["Acme", "--owner", "anna"], "“anna” is not an e-mail address."),
        (["  ", "--owner", "anna@example.org"], "A workspace needs a name of 1 to 100 characters."),
        (["a" * 101, "--owner", "anna@example.org"], "A workspace needs a name of 1 to 100 characters."),
        (["Acme", "--owner", "off@example.org"], "off@example.org was turned off"),
    ],
)
def test_a_wrong_workspace_is_one_sentence_status_2_and_nothing_half_written(typed, words, sentence):
    UserFactory.create(email="off@example.org", is_active=False)

    status, out, err = typed("create_workspace", *words)

    assert (status, out) == (2, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1
    assert (User.objects.count(), Workspace.objects.count()) == (1, 0)


def test_a_key_is_the_last_word_of_the_last_line(typed):
    workspace = WorkspaceFactory.create()

    status, out, _err = typed("create_api_key", "--workspace", workspace.slug, "--name", "notebook")

    key, opened = opened_by(out.split()[-1])
    assert status == 0
    assert out.splitlines()[-1].endswith(out.split()[-1])
    assert (opened, key.name, key.can_write) == (workspace, "notebook", False)


def test_a_key_writes_when_asked_for(typed):
    workspace = WorkspaceFactory.create()

    _status, out, _err = typed("create_api_key", "--workspace", workspace.slug, "--name", "robot", "--write")

    assert opened_by(out.split()[-1])[0].can_write


@pytest.mark.parametrize(
    ("slug", "name", "sentence"),
    [
        ("nowhere", "notebook", "There is no workspace “nowhere”."),
        ("acme", " ", "A key needs a name of 1 to 100 characters."),
        ("acme", "n" * 101, "A key needs a name of 1 to 100 characters."),
    ],
)
def test_a_wrong_key_is_one_sentence_and_status_2(typed, slug, name, sentence):
    WorkspaceFactory.create(name="Acme")

    status, out, err = typed("create_api_key", "--workspace", slug, "--name", name)

    assert (status, out) == (2, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("name", ["create_workspace", "create_api_key"])
def test_help_shows_an_example_one_can_copy(typed, name):
    status, out, _err = typed(name, "--help")

    assert status == 0
    assert f"example:\n  manage.py {name} " in out


def test_a_forgotten_option_is_status_2_too(typed):
    status, _out, err = typed("create_api_key", "--name", "notebook")

    assert status == 2
    assert "--workspace" in err


def test_a_refusal_from_code_is_an_error_to_catch():
    class Refusing(PlainCommand):
        example = "manage.py refuse"

        def handle(self, *_args, **_options):
            raise CommandError("No.")

    with pytest.raises(CommandError, match="No") as refusal:
        call_command(Refusing())

    assert refusal.value.returncode == 2
