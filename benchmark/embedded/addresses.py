"""The small files under `DATA_DIR` by which processes find the engines: addresses and what must stay secret."""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RUN_FILE = "run.json"
KEYS_FILE = "keys.json"
NOT_RUNNING_DATABASE = "postgresql://yardstick@127.0.0.1:1/yardstick"  # nothing listens there: refused at once
NOT_RUNNING_REDIS = "redis://127.0.0.1:1/0"


@dataclass(frozen=True)
class Addresses:
    """Where the engines listen, and the secrets the first start made; empty before that start."""

    database_url: str = field(default=NOT_RUNNING_DATABASE, repr=False)
    redis_url: str = field(default=NOT_RUNNING_REDIS, repr=False)
    secret_key: str = field(default="", repr=False)
    encryption_keys: str = field(default="", repr=False)
    postgres_port: int = 0
    valkey_port: int = 0
    engines: frozenset[str] = frozenset()

    @property
    def ports(self) -> dict[str, int]:
        return {"postgres": self.postgres_port, "valkey": self.valkey_port}


@dataclass(frozen=True, repr=False)
class Keys:
    """What one installation makes once and never shows."""

    postgres: str
    valkey: str
    secret_key: str
    encryption_keys: str


def addresses(data_dir: Path) -> Addresses:
    """Where the engines of this folder listen, or listened last."""
    run, keys = read(data_dir / RUN_FILE), read(data_dir / KEYS_FILE)
    return Addresses(
        database_url=run.get("database_url", NOT_RUNNING_DATABASE),
        redis_url=run.get("redis_url", NOT_RUNNING_REDIS),
        secret_key=keys.get("secret_key", ""),
        encryption_keys=keys.get("encryption_keys", ""),
        postgres_port=run.get("postgres_port", 0),
        valkey_port=run.get("valkey_port", 0),
        engines=frozenset(run.get("engines", ())),
    )


def publish(data_dir: Path, keys: Keys, *, postgres_port: int, valkey_port: int, engines: frozenset[str]) -> None:
    """Tell every process of this folder where the engines listen."""
    write_private(
        data_dir / RUN_FILE,
        {
            "database_url": database_url(keys, postgres_port),
            "redis_url": f"redis://:{keys.valkey}@127.0.0.1:{valkey_port}/0",
            "postgres_port": postgres_port,
            "valkey_port": valkey_port,
            "engines": sorted(engines),
            "keeper": os.getpid(),
        },
    )


def database_url(keys: Keys, port: int, *, database: str = "yardstick") -> str:
    """The embedded PostgreSQL's address with its password."""
    return f"postgresql://yardstick:{keys.postgres}@127.0.0.1:{port}/{database}"


def kept_keys(data_dir: Path) -> Keys:
    """The installation's secrets, made on the first start and kept in a file that only its owner reads."""
    file = data_dir / KEYS_FILE
    if not file.exists():
        write_private(
            file,
            {
                "postgres": secrets.token_hex(24),
                "valkey": secrets.token_hex(24),
                "secret_key": secrets.token_urlsafe(48),
                "encryption_keys": new_encryption_key(),
            },
        )
    return Keys(**read(file))


def new_encryption_key() -> str:
    """A key for credentials at rest, in the form that `cryptography.fernet` takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def read(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    return found


def write_private(file: Path, values: dict[str, Any]) -> None:
    """Replace a file at once, so that nobody reads half of it, and nobody but its owner reads it at all."""
    draft = file.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        json.dump(values, opened, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
