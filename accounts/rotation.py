"""Retiring an encryption key: whatever is sealed is sealed again with the first one, and what none opens is named."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Credential, User
from accounts.vault import UnreadableSecretError, reseal, unseal

SEALED = frozenset({"secret", "seed"})  # of an app's codes, and of the codes for a lost phone


@transaction.atomic
def reseal_everything() -> int:
    """Seal networks' keys and second factors with the first of `ENCRYPTION_KEYS`; says how many rows that were.

    All of them or none: where one cannot be opened, `UnreadableSecretError` leaves everything as it was.
    """
    return Credential.objects.reseal() + _reseal_factors()


def _reseal_factors() -> int:
    factors = list(_sealed_factors().select_for_update())
    for factor in factors:
        factor.data |= {name: reseal(factor.data[name]) for name in SEALED & factor.data.keys()}
    sealed: int = Authenticator.objects.bulk_update(factors, ["data"], batch_size=500)
    return sealed


def people_locked_out() -> list[User]:
    """Whose second factor none of today's keys opens: their password lets them no further."""
    factors = _sealed_factors().select_related("user").order_by("user__email")
    return list(dict.fromkeys(factor.user for factor in factors if not _opens(factor)))


def _sealed_factors() -> QuerySet[Authenticator]:
    factors: QuerySet[Authenticator] = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return factors  # a passkey has nothing to seal


def _opens(factor: Authenticator) -> bool:
    try:
        for name in SEALED & factor.data.keys():
            unseal(factor.data[name])
    except UnreadableSecretError:
        return False
    return True
