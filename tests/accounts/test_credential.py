"""A network's key lies encrypted, is found by who may use it, and outlives a change of encryption keys."""

import pickle
from hashlib import sha256

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import vault
from accounts.models import Credential, CredentialState
from benchmark.networks import NETWORKS
from tests.factories.accounts import NOON, WorkspaceFactory

SECRET = "AIza-not-a-real-key-0123456789"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text())
def test_what_was_sealed_is_unsealed_as_it_was(secret):
    assert vault.unseal(vault.seal(secret)) == secret


def test_the_first_key_encrypts_and_all_decrypt(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = vault.seal(SECRET)

    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert vault.unseal(sealed) == SECRET
    assert Fernet(NEW).decrypt(vault.seal(SECRET)).decode() == SECRET


@pytest.mark.parametrize("opened", [vault.unseal, vault.reseal])
def test_a_lost_key_is_said_plainly_without_the_secret(settings, opened):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = vault.seal(SECRET)
    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(vault.UnreadableSecretError, match="no longer in ENCRYPTION_KEYS") as refusal:
        opened(sealed)

    assert sealed not in str(refusal.value)


def test_a_key_that_is_none_fails_the_check_and_is_not_shown(settings):
    settings.ENCRYPTION_KEYS = [NEW, "hunter2"]

    (found,) = [message for message in run_checks() if message.id == "accounts.E001"]

    assert found.is_serious()
    assert "number 2 is not a key" in str(found)
    assert "hunter2" not in str(found)


@pytest.mark.django_db
def test_every_secret_is_sealed_again_with_the_first_key(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    kept = [Credential.objects.keep(network="youtube", workspace=None, secret=f"{SECRET}{n}") for n in range(3)]
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert Credential.objects.reseal() == 3

    settings.ENCRYPTION_KEYS = [NEW]
    assert [Credential.objects.get(pk=one.pk).reveal() for one in kept] == [f"{SECRET}{n}" for n in range(3)]


@pytest.mark.django_db
def test_a_secret_stands_in_clear_nowhere_but_where_it_is_revealed():
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET, name="Team key")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(row)::text FROM accounts_credential AS row")
        kept = cursor.fetchone()[0]
    shown = [repr(credential), str(credential), repr(vars(credential)), serializers.serialize("json", [credential])]

    assert SECRET not in kept
    assert not [text for text in shown if SECRET in text]
    assert SECRET.encode() not in pickle.dumps(credential)
    assert credential.reveal() == SECRET


@pytest.mark.django_db
def test_the_same_secret_again_is_the_same_row_trusted_again():
    first = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)
    first.set_aside(reason="key_expired", now=NOON)

    again = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)

    assert again.pk == first.pk
    assert (again.state, again.reason, again.set_aside_at) == (CredentialState.WORKING, "", None)


@pytest.mark.django_db
def test_a_fingerprint_names_a_secret_and_stays_when_keys_change(settings):
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)
    settings.ENCRYPTION_KEYS = [NEW]

    assert credential.fingerprint == vault.fingerprint("youtube", SECRET)
    assert credential.fingerprint != vault.fingerprint("youtube", SECRET + "x")
    assert credential.fingerprint not in SECRET


@pytest.mark.django_db
@pytest.mark.parametrize(("network", "version"), [("facebook", "v26.0"), ("linkedin", "202605")])
def test_another_version_of_the_interface_makes_no_other_key_of_it(network, version):
    need = NETWORKS[network].key_need
    assert need is not None
    plain = need.pack({"access_token": SECRET})
    first = Credential.objects.keep(network=network, workspace=None, secret=plain)

    newer = Credential.objects.keep(
        network=network, workspace=None, secret=need.pack({"access_token": SECRET, "version": version})
    )

    assert (newer.pk, newer.fingerprint) == (first.pk, first.fingerprint)
    assert need.unpack(Credential.objects.get().reveal())["version"] == version
    assert first.fingerprint == sha256(plain.encode()).hexdigest()[:16]


@pytest.mark.parametrize("changed", [{"access_token": "another"}, {"app_secret": "of the app"}])
def test_every_secret_part_makes_another_key(changed):
    need = NETWORKS["facebook"].key_need
    assert need is not None
    parts = {"access_token": SECRET, "version": "v26.0"}

    before, after = need.pack(parts), need.pack(parts | changed)

    assert vault.fingerprint("facebook", before) != vault.fingerprint("facebook", after)


def test_a_key_of_another_form_has_a_fingerprint_too():
    assert vault.fingerprint("facebook", "no JSON") != vault.fingerprint("facebook", '{"version": "v1"}')


@pytest.mark.django_db
def test_a_key_whose_version_was_changed_while_it_was_refused_stays_in_use():
    need = NETWORKS["facebook"].key_need
    assert need is not None
    asked_with = Credential.objects.keep(
        network="facebook", workspace=None, secret=need.pack({"access_token": SECRET, "version": "v1.0"})
    )
    Credential.objects.keep(network="facebook", workspace=None, secret=need.pack({"access_token": SECRET}))

    asked_with.set_aside(reason="This version is over.", now=NOON)

    assert Credential.objects.get().state == CredentialState.WORKING


@pytest.mark.django_db
def test_another_secret_in_a_row_ends_its_being_set_aside():
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)
    credential.set_aside(reason="key_expired", now=NOON)

    credential.replace_secret("another")
    credential.save()

    kept = Credential.objects.get()
    assert (kept.reveal(), kept.state) == ("another", "working")
    assert kept.fingerprint == vault.fingerprint("youtube", "another")


@pytest.mark.django_db
def test_a_workspace_uses_its_own_keys_before_the_installations_and_never_anothers():
    mine, other = WorkspaceFactory.create(), WorkspaceFactory.create()
    keep = Credential.objects.keep
    shared = keep(network="youtube", workspace=None, secret="shared")
    own = keep(network="youtube", workspace=mine, secret="own")
    keep(network="youtube", workspace=other, secret="theirs")
    keep(network="x", workspace=mine, secret="for another network")
    keep(network="youtube", workspace=mine, secret="refused").set_aside(reason="key_expired", now=NOON)

    assert list(Credential.objects.usable(network="youtube", workspaces=[mine.pk])) == [own, shared]
    assert list(Credential.objects.usable(network="youtube", workspaces=[])) == [shared]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "since"), [("working", NOON), ("set_aside", None)])
def test_a_credential_is_set_aside_exactly_when_it_has_a_time(state, since):
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=SECRET)

    with pytest.raises(IntegrityError, match="credential_set_aside_has_a_time"), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(state=state, set_aside_at=since)


@pytest.mark.django_db
def test_a_key_is_titled_by_its_network_as_people_write_it():
    kept = Credential.objects.keep(network="ok", workspace=None, secret=SECRET, name="Ours")
    assert str(kept) == "Odnoklassniki · Ours"
    assert str(Credential(network="gone", name="Old")) == "gone · Old"
