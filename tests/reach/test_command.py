"""`fit_reach`, as somebody types it."""

import json

import pytest
from django.core.management import CommandError, call_command

from benchmark.models import ReachModel
from tests.factories.accounts import WorkspaceFactory
from tests.reach.rows import account, own_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create(name="Acme")


@pytest.fixture
def say(capsys):
    """Type the command; returns what it prints."""

    def say(*words):
        call_command("fit_reach", *words)
        return capsys.readouterr().out

    return say


def test_it_learns_every_network_on_which_reach_is_known_and_prints_a_line_for_each(say, workspace):
    own_page(workspace)
    own_page(workspace, network="instagram", n=7)
    account(workspace, [100] * 20, own=True, network="bluesky")

    lines = say("--workspace", "acme").splitlines()

    assert [line.split()[:3] for line in lines] == [
        ["workspace", "network", "posts"],
        ["acme", "facebook", "40"],
        ["acme", "instagram", "7"],
    ]
    assert "the posts that came next" in lines[1]
    assert "too few posts" in lines[2]
    assert ReachModel.objects.count() == 2


def test_as_json_it_says_everything_but_the_parameters(say, workspace):
    own_page(workspace)
    own_page(WorkspaceFactory.create(name="Other"))

    both = json.loads(say("--format", "json"))
    one = json.loads(say("--workspace", "acme", "--network", "facebook", "--format", "json"))
    none = json.loads(say("--workspace", "acme", "--network", "x", "--format", "json"))

    assert [found["workspace"] for found in both] == ["acme", "other"]
    assert len(one) == 1
    assert (one[0]["posts"], one[0]["tried_on"], one[0]["tried"], one[0]["drifts"]) == (40, "time", 20, False)
    assert one[0]["error"] < 5
    assert "parameters" not in one[0]
    assert none == []


def test_with_nothing_to_learn_from_it_says_what_to_do(say):
    assert say().startswith("No reach of own posts is known. Import a file")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--network", "myspace"], "There is no network “myspace”."),
        (["--workspace", "nobody"], "There is no workspace “nobody”."),
    ],
)
def test_what_does_not_exist_is_refused_in_one_sentence(say, words, sentence):
    with pytest.raises(CommandError) as refused:
        say(*words)

    assert str(refused.value).startswith(sentence)


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        call_command("fit_reach", "--help")

    assert "example:\n  manage.py fit_reach --workspace acme" in capsys.readouterr().out
