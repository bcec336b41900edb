"""An encryption key is retired: what it had sealed stays readable without it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Credential
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "AIza-not-a-real-key-0123456789"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_an_older_key_may_go_once_everything_is_sealed_again(settings, capsys):
    settings.ENCRYPTION_KEYS = [OLD]
    user, code_secret = UserFactory.create(), generate_totp_secret()
    kept = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)
    codes_app = TOTP.activate(user, code_secret).instance
    codes = RecoveryCodes.activate(user).get_unused_codes()

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_secrets")

    settings.ENCRYPTION_KEYS = [NEW]
    assert Credential.objects.get(pk=kept.pk).reveal() == SECRET
    assert decrypt(Authenticator.objects.get(pk=codes_app.pk).data["secret"]) == code_secret
    lost_phone = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    assert RecoveryCodes(lost_phone).get_unused_codes() == codes
    assert capsys.readouterr().out == "Secrets sealed with the first of ENCRYPTION_KEYS: 3. The others may go.\n"


def test_a_passkey_has_nothing_to_seal_and_stays_as_it_is():
    passkey = Authenticator.objects.create(
        user=UserFactory.create(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    call_command("rotate_secrets")
    assert Authenticator.objects.get(pk=passkey.pk).data == passkey.data


def test_one_secret_that_cannot_be_opened_leaves_all_as_they_were(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    Credential.objects.keep(network="youtube", workspace=None, secret="lost")
    settings.ENCRYPTION_KEYS = [NEW]
    readable = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_secrets")

    assert Credential.objects.get(pk=readable.pk).sealed == readable.sealed


def test_something_that_is_no_key_ends_in_a_sentence_and_changes_nothing(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    kept = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)
    settings.ENCRYPTION_KEYS = ["garbage", OLD]

    with pytest.raises(CommandError) as refused:
        call_command("rotate_secrets")

    assert str(refused.value) == "ENCRYPTION_KEYS: number 1 is not a key. Nothing was changed."
    assert refused.value.returncode == 2
    assert Credential.objects.get(pk=kept.pk).sealed == kept.sealed
