"""PostgreSQL and Valkey out of wheels: the same engines on a laptop as in production, with nothing to install.

Whoever needs them holds them (`hold`); the first holder starts a keeper, the keeper runs both engines and ends them
when the last holder has left, however it left. Settings only read addresses (`addresses`) and start nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmark import environment
from benchmark.embedded.addresses import Addresses, addresses, new_encryption_key
from benchmark.embedded.errors import EngineError
from benchmark.embedded.holders import hold

__all__ = [
    "DATABASE_URL_HINT",
    "REDIS_URL_HINT",
    "Addresses",
    "EngineError",
    "addresses",
    "engines_for",
    "hold",
    "new_encryption_key",
    "wanted",
]

DATABASE_URL_HINT = "It looks like postgresql://user:password@host:5432/database"
REDIS_URL_HINT = "It looks like redis://:password@host:6379/0"

WITHOUT_ROWS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "help",
        "makemessages",
        "networks",
        "startapp",
        "version",
    }
)


def wanted() -> frozenset[str]:
    """The engines that are ours to run: those for which the operator gave no address."""
    own = {"postgres": environment.own_database(), "valkey": environment.own_redis()}
    return frozenset(engine for engine, address in own.items() if not address)


def touches_rows(arguments: Sequence[str]) -> bool:
    """Whether a command line of `manage.py` needs a database at all."""
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    replays = arguments[1:2] == ["bench"] and "replay" in arguments  # what others have published, and no rows
    return len(arguments) > 1 and not asks_for_help and not replays and arguments[1] not in WITHOUT_ROWS


@contextmanager
def engines_for(arguments: Sequence[str]) -> Iterator[None]:
    """Hold the engines while a command runs; a sentence and exit status 2 where they cannot be had."""
    if not wanted() or not touches_rows(arguments):
        yield
        return
    try:
        held = hold(environment.data_dir(), wanted(), say=tell)
    except EngineError as problem:
        tell(str(problem))
        if arguments[1] != "doctor":
            raise SystemExit(2) from None
        yield  # it can still say how everything else stands
        return
    with held:
        yield


def tell(words: str) -> None:
    """Speak to the operator without getting into what a command prints."""
    print(words, file=sys.stderr, flush=True)
