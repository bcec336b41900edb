"""What a network asks for before it answers: the parts of a key, how they are sent, and what a call may cost."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

Params = Mapping[str, str | int | Sequence[str]]
Parts = Mapping[str, str]

FINGERPRINT_LENGTH = 16

TOKEN = "token"  # noqa: S105 - among a key's parts the name of what an exchange gives


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One value that people enter. `setting` is the environment's name for the installation's own.

    What is optional and no secret only says how a network is asked: the key is the same key with another.
    """

    name: str
    setting: str
    label: str
    secret: bool = True
    optional: bool = False


def can_be_sent(value: str) -> bool:
    """Whether a request's head can carry a value: no network gives keys with other letters."""
    return value.isascii() and value.isprintable()


class KeyParts(dict[str, str]):
    """The parts of a key in clear. Shows nothing of them, not even in a traceback that shows variables."""

    def __repr__(self) -> str:
        return "KeyParts(…)"


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to be asked, in the network's own address, before anything secret is added."""

    url: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a key adds to a question: parameters, headers, and words for `:name` in the address's path."""

    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: Mapping[str, str] = field(default_factory=dict, repr=False)


Sign = Callable[[Question, Parts], Signed]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that turns a key into a token, which every other call carries until it runs out (RFC 6749, 4.4).

    `basic` sends the key as RFC 6749, 2.3.1 prefers it: name and password of the request; else it stands in the form.
    """

    url: str
    form: Callable[[Parts], Mapping[str, str]]
    basic: Callable[[Parts], tuple[str, str]] | None = None

    def headers(self, parts: Parts) -> dict[str, str]:
        """The headers that carry the key, where it goes there."""
        if self.basic is None:
            return {}
        return {"Authorization": "Basic " + b64encode(":".join(self.basic(parts)).encode()).decode()}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNeed:
    """The key that a network asks for, how it is sent, and how people get one."""

    parts: tuple[KeyPart, ...]
    sign: Sign
    how: str
    exchange: Exchange | None = None

    @property
    def settings(self) -> str:
        """The environment's names of the parts that must be given, in words."""
        return ", ".join(part.setting for part in self.parts if not part.optional)

    def pack(self, values: Parts) -> str:
        """A key as it is stored: the value itself where it has one part, else all of them as JSON.

        Raises `KeyError` with the name of a part that is missing.
        """
        entered = {part.name: value for part in self.parts if (value := values.get(part.name, "").strip())}
        for part in self.parts:
            if part.name not in entered and not part.optional:
                raise KeyError(part.name)
        if len(self.parts) == 1:
            return entered[self.parts[0].name]
        return msgspec.json.encode(entered, order="sorted").decode()

    def unpack(self, key: str) -> KeyParts:
        """The parts of a stored key. Raises `ValueError` where it has another form."""
        if len(self.parts) == 1:
            return KeyParts({self.parts[0].name: key})
        try:
            values = KeyParts(msgspec.json.decode(key, type=dict[str, str]))
        except msgspec.DecodeError:
            raise ValueError("the key is not whole") from None  # its own words may show the key
        if missing := [part.name for part in self.parts if not part.optional and not values.get(part.name)]:
            raise ValueError(f"the key lacks {', '.join(missing)}")
        return values

    def without_settings(self, key: str) -> str:
        """A stored key without what only says how the network is asked."""
        settings = {part.name for part in self.parts if part.optional and not part.secret}
        if not settings:
            return key
        try:
            values = self.unpack(key)
        except ValueError:
            return key
        return self.pack({name: value for name, value in values.items() if name not in settings})


def fingerprint(key: str, need: KeyNeed | None) -> str:
    """A name for a key by which its calls are counted. It tells nothing about the key."""
    identity = need.without_settings(key) if need else key
    return hashlib.sha256(identity.encode()).hexdigest()[:FINGERPRINT_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Units that a key may spend in a day or a month, which begin at midnight in `zone`.

    `cost` says what a call may cost at most; it is reserved before the call. Where the answer tells that it was less,
    `spent` says how much, and the rest is given back; `usual` is what a call of a visit costs in the mean, by which
    visits are planned. `units` is the limit where the operator's `setting` sets no
    other; people see units ÷ `shown_per` and `unit`.
    """

    units: int
    zone: str
    monthly: bool = False
    cost: Callable[[Question], int] = field(default=lambda _: 1)
    spent: Callable[[Question, bytes], int] | None = None
    usual: float = 1.0
    setting: str = ""
    shown_per: int = 1
    unit: str = "units"


def in_query(**parameters: str) -> Sign:
    """Parts go as query parameters: `in_query(key="api_key")` sends the part `api_key` as `key`."""
    return lambda _, parts: Signed(params={name: parts[part] for name, part in parameters.items()})


def as_bearer(part: str = TOKEN, **headers: str) -> Sign:
    """A part goes as `Authorization: Bearer`; others as headers, by the part's name (`client_id="Client-Id"`)."""

    def sign(_: Question, parts: Parts) -> Signed:
        others = {header: parts[name] for name, header in headers.items()}
        return Signed(headers={"Authorization": f"Bearer {parts[part]}", **others})

    return sign


def in_path(*names: str) -> Sign:
    """Parts go into the address, where `:name` stands for them."""
    return lambda _, parts: Signed(path={name: parts[name] for name in names})


def app_secret_proof(token: str, secret: str) -> str:
    """Meta's proof that a token's sender also knows the app's secret: HMAC-SHA256 of the one with the other."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
