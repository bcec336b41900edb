"""Retiring an encryption key: whatever is sealed is sealed again with the first one."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import Credential
from accounts.vault import reseal

SEALED = ("secret", "seed")  # of an app's codes, and of the codes for a lost phone


@transaction.atomic
def reseal_everything() -> int:
    """Seal networks' keys and second factors with the first of `ENCRYPTION_KEYS`; says how many rows that were.

    All of them or none: where one cannot be opened, `UnreadableSecretError` leaves everything as it was.
    """
    return Credential.objects.reseal() + _reseal_factors()


def _reseal_factors() -> int:
    factors = list(Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN))
    for factor in factors:
        factor.data |= {name: reseal(factor.data[name]) for name in SEALED if name in factor.data}
    sealed: int = Authenticator.objects.bulk_update(factors, ["data"], batch_size=500)
    return sealed
