"""Whether the ground is firm: one clear sentence for each thing that stands in the way of a start, or None."""

import socket
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts import checks

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)


def encryption_problem() -> str | None:
    """Why no secret could be stored."""
    return next((check.msg for check in checks.keys_encrypt()), None)


def database_problem() -> str | None:
    """Why the database cannot be used."""
    parameters: dict[str, Any] = connection.get_connection_params()
    where = f"{parameters.get('host') or 'the local socket'}:{parameters.get('port') or 5432}"
    try:
        with psycopg.connect(**{**parameters, "connect_timeout": 5}) as found:
            return version_problem(found.info.server_version, where=where)
    except (psycopg.Error, UnicodeError, OSError) as problem:
        return refusal(str(problem), where=where, user=parameters.get("user"), database=parameters.get("dbname"))


def refusal(said: str, *, where: str, user: object, database: object) -> str:
    """PostgreSQL's refusal in our words; the end of its first line holds the reason."""
    hint = "Check DATABASE_URL."
    if "password authentication failed" in said or "no password supplied" in said:
        return f"The database at {where} refuses the password of the user {user}. {hint}"
    if "does not exist" in said and "database" in said:
        return f"There is no database {database!r} at {where}. Create it, or check DATABASE_URL."
    reason = said.strip().splitlines()[0].rpartition("failed: ")[2] if said.strip() else "no answer"
    return f"The database at {where} cannot be reached: {reason.rstrip('.')}. {hint}"


def version_problem(version: int, *, where: str) -> str | None:
    """Whether a server is too old, by the number it names itself (150004 is 15.4)."""
    if version // 10_000 >= OLDEST_POSTGRES:
        return None
    return (
        f"The database at {where} is PostgreSQL {version // 10_000}.{version % 10_000}; "
        f"Yardstick needs {OLDEST_POSTGRES} or newer."
    )


def redis_problem() -> str | None:
    """Why the broker and cache cannot be used."""
    address = urlsplit(settings.REDIS_URL)
    where = f"{address.hostname or 'localhost'}:{address.port or 6379}"
    once = Retry(NoBackoff(), retries=0)
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5, retry=once)
    try:
        version = str(client.info("server")["redis_version"])
    except redis.AuthenticationError:
        return f"The Redis server at {where} refuses the password. Check REDIS_URL."
    except (redis.RedisError, OSError) as problem:
        return f"The Redis server at {where} cannot be reached: {str(problem).rstrip('.')}. Check REDIS_URL."
    finally:
        client.close()
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        return f"The Redis server at {where} is version {version}; Yardstick needs 6.2 or newer."
    return None


def port_problem(port: int) -> str | None:
    """Whether somebody listens where we want to."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return f"Port {port} may only be used by root. Choose another one: PORT=8000 make run"
        except OSError:
            return f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run"
    return None
