"""What Django's `check`, and every worker and server that begins with it, says of our secrets."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from accounts import vault


@register(Tags.security)
def keys_encrypt(**_: Any) -> list[CheckMessage]:
    """Whether a secret could be stored at all. A key that is none is named by its place, never shown."""
    place = vault.place_of_no_key(settings.ENCRYPTION_KEYS)
    if place is None:
        return []
    return [Error(f"ENCRYPTION_KEYS: number {place} is not a key.", hint=vault.NEW_KEY, id="accounts.E001")]
