"""`manage.py demo`: makes the demo, says how to sign in, takes it away again."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User, Workspace
from benchmark import tracking
from benchmark.demo import replay, running, workspace
from benchmark.models import Brand, FetchRun, Post, Profile, TrackedProfile
from tests.factories.accounts import WorkspaceFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture(autouse=True)
def small_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but the own brand, and a visit every nine days: a replay that takes seconds."""
    monkeypatch.setattr(workspace, "COMPETITORS", ())
    monkeypatch.setattr(replay, "STRIDES", ((timedelta(days=90), timedelta(0), timedelta(days=9)),))


@pytest.fixture(autouse=True)
def pretend_server() -> Iterator[str]:
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    with running.hold(settings.DATA_DIR) as address:
        yield address


def demo(*arguments: str) -> str:
    said = StringIO()
    call_command("demo", *arguments, stdout=said)
    return said.getvalue()


def signs_in(password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": workspace.EMAIL, "password": password})
    return "_auth_user_id" in client.session


def test_the_demo_is_made_with_a_password_that_is_shown_once():
    said = demo("--create")

    shown = re.search(rf"Sign in as {re.escape(workspace.EMAIL)} with the password (\S+)", said)
    assert shown
    assert signs_in(shown[1])
    assert f"{settings.SITE_URL}/w/demo/" in said
    assert shown[1] not in demo()


def test_another_password_can_be_chosen_and_changed():
    demo("--create", "--password", "first of many")
    assert signs_in("first of many")

    said = demo("--password", "second of many")

    assert "has the new password" in said
    assert signs_in("second of many")
    assert not signs_in("first of many")


def test_a_password_that_is_too_short_is_refused():
    with pytest.raises(CommandError, match="at least 10 characters"):
        demo("--password", "short")

    assert workspace.demo_workspace() is None


def test_the_replay_can_be_waited_for():
    demo("--create")
    assert "0 of 22 visits" in demo()

    said = demo("--replay")

    assert "are in" in said
    assert Post.objects.count() > 200
    assert "replayed already" in demo("--replay")


def test_nothing_of_the_demo_is_left_when_it_is_removed():
    demo("--create")

    said = demo("--remove")

    assert "gone" in said
    for model in (Workspace, User, Brand, TrackedProfile, Profile, Post, FetchRun):
        assert not model._default_manager.exists(), model
    assert "no demo" in demo("--remove")


def test_a_pretend_profile_that_somebody_else_follows_stays_when_the_demo_goes(pretend_server: str):
    demo("--create")
    other = WorkspaceFactory.create()
    with replay.door_at(pretend_server, timezone.now) as door:
        tracking.track(
            other, "bluesky", "harbelow.demo.invalid", by=tracking.By.command(), door=door, now=timezone.now()
        )

    demo("--remove")

    assert [profile.handle for profile in Profile.objects.all()] == ["harbelow.demo.invalid"]
    assert Workspace.objects.get() == other


def test_a_team_that_is_called_demo_keeps_its_address():
    WorkspaceFactory(name="demo")

    with pytest.raises(CommandError, match="/w/demo/"):
        demo("--create")
    assert "no demo" in demo("--remove")
    assert Workspace.objects.filter(slug="demo").exists()


def test_a_replay_needs_a_demo():
    with pytest.raises(CommandError, match="There is no demo"):
        demo("--replay")
