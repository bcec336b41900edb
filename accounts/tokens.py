"""Random tokens that are shown once and kept only as a digest."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A token nobody can guess, safe in an address and on a command line."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What the database keeps of a token: enough to recognise it, useless to whoever reads it."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, *, kept: str) -> bool:
    """Whether the digest was made of this token, in a time that tells nothing about it."""
    return hmac.compare_digest(digest(token), kept)
