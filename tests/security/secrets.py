"""Secrets that a test plants, in every form in which they could come out again, and where it looks for them."""

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlsplit

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.networks.keys import app_secret_proof

PLANTED = "pL4nted"  # stands in every secret, so that one of them cut in two is found too


def with_keys() -> list[Network]:
    """The networks that ask for a key."""
    return [network for network in NETWORKS.values() if network.key_need is not None]


def parts_of(network: Network, whose: str) -> dict[str, str]:
    """Every part of a key for the network; what is no secret is what its server expects."""
    assert network.key_need is not None
    known = {"account": "17841400000000000", "version": "202605" if network.key == "linkedin" else "v26.0"}
    parts = {
        part.name: planted(network, part.name, whose) if part.secret else known.get(part.name, f"app-{whose}")
        for part in network.key_need.parts
    }
    if network.key == "telegram":  # no other form is a bot's token
        parts["token"] = f"123456:{parts['token']}"
    return parts


def planted(network: Network, part: str, whose: str) -> str:
    """A secret that is nowhere else."""
    tail = hashlib.sha256(f"{network.key} {part} {whose}".encode()).hexdigest()[:12]
    return f"{PLANTED}-{network.key}-{part.replace('_', '-')}-{whose}-{tail}"


def secrets_in(network: Network, parts: Mapping[str, str]) -> set[str]:
    """What of a key must come out nowhere: its secret parts, and what is made of them for a call."""
    assert network.key_need is not None
    found = {parts[part.name] for part in network.key_need.parts if part.secret}
    if "app_secret" in parts:
        found.add(app_secret_proof(parts["access_token"], parts["app_secret"]))
    if "client_id" in parts:
        found.add(base64.b64encode(f"{parts['client_id']}:{parts['client_secret']}".encode()).decode())
    return found


def forms_of(secret: str) -> set[str]:
    """A secret as it is, as addresses and JSON write it, in hexadecimal, and in base64 wherever it begins."""
    in_base64 = {base64.b64encode(b" " * shift + secret.encode())[4:-4].decode() for shift in range(3)}
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        secret.encode().hex(),
    } | in_base64


@dataclass
class Places:
    """Texts by the place where they were found, and the search through them."""

    texts: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, text: str | bytes) -> None:
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        self.texts[place] = self.texts.get(place, "") + said

    def showing(self, secrets: set[str]) -> dict[str, list[str]]:
        """The places that show a secret, with what stands around it; none of them should be there."""
        found: dict[str, list[str]] = {}
        forms = {form for secret in secrets for form in forms_of(secret)} | {PLANTED}
        for place, text in self.texts.items():
            at = [text.find(form) for form in forms if form in text]
            if at:
                found[place] = [text[max(0, start - 100) : start + 60] for start in at[:3]]
        return found


def every_row() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text, and what sessions hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(one)::text FROM "{table}" one')
            yield table, "\n".join(row for (row,) in cursor.fetchall())
    for session in Session.objects.all():
        yield "django_session", json.dumps(session.get_decoded())


def every_value_in_redis() -> str:
    """All that stands in the queue, the cache and the windows just now."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    with client:
        return "\n".join(f"{name!r} {client.dump(name)!r}" for name in client.scan_iter())


@contextmanager
def overheard() -> Iterator[bytearray]:
    """Everything that is said to Redis meanwhile: messages to the broker, answers for the cache, windows."""
    said, last = bytearray(), f"the end of {threading.get_ident()}".encode()
    where = urlsplit(settings.REDIS_URL)
    with socket.create_connection((where.hostname or "localhost", where.port or 6379)) as wire:

        def listen() -> None:
            while last not in said[-4096:] and (part := wire.recv(65536)):
                said.extend(part)

        password = f"AUTH {where.password}\r\n" if where.password else ""
        wire.sendall(f"{password}MONITOR\r\n".encode())
        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        yield said
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.echo(last)
        listener.join(20)
        assert not listener.is_alive()
