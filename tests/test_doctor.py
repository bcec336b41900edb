"""`manage.py doctor`: what is wrong, in plain words, and what to do."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.management import call_command
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Credential
from benchmark.environment import BASE_DIR
from benchmark.management import diagnosis, preflight
from benchmark.management.diagnosis import State
from benchmark.networks import NETWORKS
from tasks.app import BEAT_SEEN, beat_tells_that_it_lives
from tests.factories.accounts import UserFactory

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_versions_that_were_tried_together_are_found(tmp_path: Path):
    found = diagnosis.packages(BASE_DIR / "requirements.txt")
    assert found.state == State.OK, found.says

    (tmp_path / "requirements.txt").write_text("Django==1.0  # old\nabsent-package[extra]==2.0\n")
    found = diagnosis.packages(tmp_path / "requirements.txt")
    assert found.state == State.WRONG
    assert "Django 5.2" in found.says
    assert "absent-package (missing)" in found.says
    assert found.do == "make setup"


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert diagnosis.disk(tmp_path / "not" / "there" / "yet").state == State.OK
    monkeypatch.setattr(diagnosis, "DISK_NEEDED", 10**18)
    found = diagnosis.disk(tmp_path)
    assert found.state == State.WRONG
    assert found.says.startswith("Only ")


def test_something_that_is_no_encryption_key_is_found(settings):
    settings.ENCRYPTION_KEYS = [*settings.ENCRYPTION_KEYS, "hunter2"]
    found = diagnosis.encryption()
    assert (found.state, found.says) == (State.WRONG, "ENCRYPTION_KEYS: number 2 is not a key.")


def test_a_mail_server_that_does_not_answer_is_found(settings):
    assert diagnosis.mail().state == State.NOTE
    settings.SENDS_EMAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    found = diagnosis.mail()
    assert found.state == State.WRONG
    assert found.says.startswith("The mail server cannot be used: ")


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (None, State.WRONG),
        (NOW - timedelta(minutes=10), State.WRONG),
        (NOW - timedelta(minutes=1), State.OK),
    ],
)
def test_a_schedule_that_has_stopped_is_found(seen: datetime | None, state: State):
    cache.delete(BEAT_SEEN)
    if seen is not None:
        cache.set(BEAT_SEEN, seen.isoformat())
    assert diagnosis.beat(now=NOW).state == state


def test_beat_says_that_it_lives_when_it_begins():
    cache.delete(BEAT_SEEN)
    beat_tells_that_it_lives()
    assert diagnosis.beat(now=datetime.now(UTC)).state == State.OK


@pytest.mark.django_db
def test_a_missing_worker_is_found():
    found = diagnosis.worker()
    assert (found.state, found.says) == (State.WRONG, "No worker answers: nothing is fetched.")


@pytest.mark.django_db
def test_migrations_that_wait_are_found(monkeypatch: pytest.MonkeyPatch):
    assert diagnosis.migrations().state == State.OK
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("0001", False)])
    assert diagnosis.migrations().says == "1 migrations are waiting."


@pytest.mark.django_db
def test_a_credential_whose_key_was_lost_is_found(settings):
    Credential.objects.keep(network="youtube", workspace=None, secret="AIza", name="ours")
    assert diagnosis.credentials().state == State.OK
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    found = diagnosis.credentials()
    assert (found.state, found.says) == (State.WRONG, "Cannot be decrypted: YouTube · ours.")


@pytest.mark.django_db
def test_without_proper_keys_the_examination_goes_on_without_what_they_would_open(settings):
    Credential.objects.keep(network="youtube", workspace=None, secret="AIza")
    settings.ENCRYPTION_KEYS = ["hunter2"]
    about = {finding.about: finding.state for finding in diagnosis.diagnose(now=NOW)}
    assert about["encryption"] == State.WRONG
    assert about.keys().isdisjoint({"credentials", "second factors"})
    assert "fetching" in about


@pytest.mark.django_db
def test_second_factors_whose_key_was_lost_are_found(settings):
    anna, berta, carla = (UserFactory.create(email=f"{name}@example.org") for name in ("anna", "berta", "carla"))
    RecoveryCodes.activate(berta)
    TOTP.activate(berta, generate_totp_secret())
    RecoveryCodes.activate(anna)
    passkey = {"name": "Key", "credential": {}}
    Authenticator.objects.create(user=carla, type=Authenticator.Type.WEBAUTHN, data=passkey)
    assert diagnosis.second_factors().state == State.OK
    lost = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    found = diagnosis.second_factors()
    assert (found.state, found.says) == (
        State.WRONG,
        "Second factors cannot be decrypted: anna@example.org, berta@example.org.",
    )
    settings.ENCRYPTION_KEYS = [*settings.ENCRYPTION_KEYS, *lost]
    assert diagnosis.second_factors().state == State.OK


@pytest.mark.django_db
def test_a_network_without_a_key_is_noted_and_a_stored_key_is_enough():
    youtube = NETWORKS["youtube"]
    found = diagnosis.network_key(youtube)
    assert found is not None
    assert (found.state, found.do.startswith("Set YOUTUBE_API_KEY. ")) == (State.NOTE, True)
    Credential.objects.keep(network="youtube", workspace=None, secret="AIza")
    found = diagnosis.network_key(youtube)
    assert found is not None
    assert found.state == State.OK
    assert diagnosis.network_key(NETWORKS["bluesky"]) is None


@pytest.mark.django_db
def test_a_networks_key_that_cannot_be_decrypted_is_no_key(settings):
    Credential.objects.keep(network="facebook", workspace=None, secret="token")
    for lost in (Fernet.generate_key().decode(), "hunter2"):
        settings.ENCRYPTION_KEYS = [lost]
        found = diagnosis.network_key(NETWORKS["facebook"])
        assert found is not None
        assert (found.state, found.says) == (
            State.WRONG,
            "Facebook has a key that cannot be decrypted, so its profiles cannot be fetched.",
        )
        assert found.do.endswith("at the end of ENCRYPTION_KEYS, or enter the networks' keys anew.")
    settings.NETWORK_KEYS = {**settings.NETWORK_KEYS, "facebook": "the environment's"}
    found = diagnosis.network_key(NETWORKS["facebook"])
    assert found is not None
    assert found.state == State.OK


@pytest.mark.django_db
def test_the_answer_for_programs_says_the_same_and_the_status_is_one(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert answer["healthy"] is False
    worker = next(finding for finding in answer["findings"] if finding["about"] == "worker")
    assert worker == {
        "about": "worker",
        "state": "wrong",
        "says": "No worker answers: nothing is fetched.",
        "do": "Start everything with `make run`, or a worker with `celery --app tasks worker`.",
    }


def test_engines_that_do_not_answer_end_the_examination_early(settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(preflight, "database_problem", lambda: "The database is away.")
    found = list(diagnosis.diagnose(now=NOW))
    assert found[-2].says == "The database is away."
    assert "worker" not in {finding.about for finding in found}
