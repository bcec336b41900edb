"""Secrets at rest: the first of `ENCRYPTION_KEYS` encrypts, all of them decrypt."""

from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from benchmark.networks import NETWORKS, keys

NEW_KEY = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"


class UnreadableSecretError(Exception):
    """None of today's keys opens this secret."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be opened: the key it was encrypted with is no longer in ENCRYPTION_KEYS. "
            "Put that key back, or enter the secret again."
        )


def seal(secret: str) -> str:
    """The secret as it may lie in a row."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret in clear, for the one call that needs it."""
    try:
        return _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError from None


def reseal(sealed: str) -> str:
    """The same secret under the first key, so that the older ones can be retired."""
    try:
        return _fernet(tuple(settings.ENCRYPTION_KEYS)).rotate(sealed.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError from None


def fingerprint(network: str, secret: str) -> str:
    """A name for a network's key that tells nothing about it and stays when encryption keys change.

    It stays too when nothing but the settings change that are kept beside the key.
    """
    declared = NETWORKS.get(network)
    return keys.fingerprint(secret, declared.key_need if declared else None)


def place_of_no_key(keys: Sequence[str]) -> int | None:
    """The place, counted from one, of the first of these that encrypts nothing; None where all are keys."""
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            return place
    return None


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
