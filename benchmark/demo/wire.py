"""What the pretend networks have in common on the wire."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from benchmark.demo import DOMAIN
from benchmark.demo.cast import Account
from benchmark.demo.world import World

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a pretend network, and the moment in which it is asked."""

    world: World
    host: str
    path: str
    query: Mapping[str, Sequence[str]]
    now: datetime

    def one(self, name: str, default: str = "") -> str:
        """The last value given for a parameter."""
        return self.query.get(name, (default,))[-1]

    def every(self, name: str) -> Sequence[str]:
        """All values given for a parameter."""
        return self.query.get(name, ())

    def is_true(self, name: str) -> bool:
        return self.one(name).lower() in {"1", "true", "t", "on"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON


class Refused(Exception):
    """The network answers with an error."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status)
        self.reply = as_json(body, status=status)


def as_json(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, msgspec.json.encode(body), headers or {})


def in_milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def stamp(moment: datetime) -> str:
    """A time as both networks write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def noise(*words: object) -> bytes:
    """32 bytes that follow from the words."""
    return hashlib.sha256("|".join(map(str, words)).encode()).digest()


def cid(*words: object) -> str:
    """A content identifier in its right form (CIDv1, dag-cbor, SHA-256)."""
    return "b" + base64.b32encode(b"\x01\x71\x12\x20" + noise(*words)).decode().lower().rstrip("=")


def picture_url(account: Account, kind: str = "avatar") -> str:
    """Where a picture of the account stands; the server draws it when asked."""
    return f"https://{DOMAIN}/pictures/{account.network}/{account.key}/{kind}.png"
