"""What `manage.py doctor` looks at: each finding says in plain words how it stands, and what to do if it is wrong."""

import platform
import re
import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from accounts import rotation
from accounts.models import Credential
from accounts.vault import NEW_KEY, UnreadableSecretError
from benchmark.management import preflight
from benchmark.models import Profile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from tasks import pulse

DISK_NEEDED = 1_000_000_000  # bytes
OVERDUE = timedelta(minutes=15)
WORKER_ANSWERS_WITHIN = 2.0
GIVE_AGAIN = "Put the lost encryption key back, at the end of ENCRYPTION_KEYS, or enter the networks' keys anew."


class State(StrEnum):
    OK = "ok"
    NOTE = "note"  # worth knowing; nothing is broken
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """How one thing stands."""

    about: str
    state: State
    says: str
    do: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def diagnose(*, now: datetime) -> Iterator[Finding]:
    """Look at everything; what depends on the engines is left out when they do not answer."""
    yield python_version()
    yield packages(settings.BASE_DIR / "requirements.txt")
    yield disk(settings.DATA_DIR)
    keys = encryption()
    yield keys
    yield mail()
    engines = [
        engine("database", preflight.database_problem, well="PostgreSQL answers"),
        engine("redis", preflight.redis_problem, well="Broker and cache answer"),
    ]
    yield from engines
    if any(finding.state == State.WRONG for finding in engines):
        return
    yield worker()
    yield beat(now=now)
    outdated = migrations()
    yield outdated
    if outdated.state == State.OK:
        if keys.state == State.OK:
            yield credentials()
            yield second_factors()
        yield from (key for network in NETWORKS.values() if (key := network_key(network)))
        yield overdue(now=now)


def python_version() -> Finding:
    return Finding("python", State.OK, f"Python {platform.python_version()} in {sys.prefix}")


def packages(requirements: Path) -> Finding:
    """Whether what is installed is what was tried together."""
    pinned = dict(re.findall(r"^([A-Za-z0-9_-]+)(?:\[[a-z,]+\])?==(\S+)", requirements.read_text(), re.MULTILINE))
    differing = [f"{name} {installed(name)}" for name, version in pinned.items() if installed(name) != version]
    if not differing:
        return Finding("packages", State.OK, f"{len(pinned)} packages, at the versions that were tried together")
    says = f"Other versions than requirements.txt names: {', '.join(differing)}."
    return Finding("packages", State.WRONG, says, "make setup")


def installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(missing)"


def disk(data_dir: Path) -> Finding:
    folder = next(path for path in (data_dir, *data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    says = f"{free / 1e9:.1f} GB free where DATA_DIR lies ({data_dir})"
    if free >= DISK_NEEDED:
        return Finding("disk", State.OK, says)
    return Finding("disk", State.WRONG, f"Only {says}.", "Make room, or move DATA_DIR to a larger disk.")


def encryption() -> Finding:
    if problem := preflight.encryption_problem():
        return Finding("encryption", State.WRONG, problem, f"Make one: {NEW_KEY}")
    return Finding("encryption", State.OK, "Credentials are encrypted at rest")


def mail() -> Finding:
    if not settings.SENDS_EMAIL:
        return Finding(
            "e-mail", State.NOTE, "No mail is sent; links are shown to the operator.", "Set EMAIL_URL to send mail."
        )
    try:
        with get_connection(timeout=10):
            return Finding("e-mail", State.OK, f"Mail is sent from {settings.DEFAULT_FROM_EMAIL}")
    except (OSError, smtplib.SMTPException) as problem:
        return Finding("e-mail", State.WRONG, f"The mail server cannot be used: {problem}.", "Check EMAIL_URL.")


def engine(about: str, problem: Callable[[], str | None], *, well: str) -> Finding:
    says = problem()
    if says is None:
        return Finding(about, State.OK, well)
    return Finding(about, State.WRONG, says, "Start it, or correct the address.")


def worker() -> Finding:
    running, _waiting = pulse.ask(within=WORKER_ANSWERS_WITHIN)
    if running:
        return Finding("worker", State.OK, f"{running} running")
    do = "Start everything with `make run`, or a worker with `celery --app tasks worker`."
    return Finding("worker", State.WRONG, "No worker answers: nothing is fetched.", do)


def beat(*, now: datetime) -> Finding:
    if pulse.schedule_runs(now=now):
        return Finding("beat", State.OK, "The schedule is running")
    do = "Start everything with `make run`, or beat, once per installation, with `celery --app tasks beat`."
    return Finding("beat", State.WRONG, "The schedule is not running: nothing becomes due.", do)


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return Finding("migrations", State.OK, "The database has the form this version needs")
    return Finding("migrations", State.WRONG, f"{len(waiting)} migrations are waiting.", "python manage.py migrate")


def credentials() -> Finding:
    """Whether every stored secret can still be read with the keys at hand."""
    unreadable = [str(row) for row in Credential.objects.all() if not can_be_read(row)]
    if unreadable:
        return Finding("credentials", State.WRONG, f"Cannot be decrypted: {', '.join(unreadable)}.", GIVE_AGAIN)
    return Finding("credentials", State.OK, "Every stored credential can be decrypted")


def can_be_read(credential: Credential) -> bool:
    try:
        credential.reveal()
    except (UnreadableSecretError, ValueError):  # no secret can be opened with something that is no key
        return False
    return True


def second_factors() -> Finding:
    """Whether everybody who signs in by two steps can take the second one."""
    locked_out = [user.email for user in rotation.people_locked_out()]
    if locked_out:
        do = "Give the key they were encrypted with again, at the end of ENCRYPTION_KEYS, or turn two-step sign-in off "
        do += "for these people in the admin, so that they can set it up anew."
        says = f"Second factors cannot be decrypted: {', '.join(locked_out)}."
        return Finding("second factors", State.WRONG, says, do)
    return Finding("second factors", State.OK, "Every stored second factor can be decrypted")


def network_key(network: Network) -> Finding | None:
    """Whether a network that asks for a key has one; wrong only where somebody waits for it."""
    need = network.key_need
    if need is None:
        return None
    kept = Credential.objects.filter(network=network.key, state="working")
    if settings.NETWORK_KEYS.get(network.key) or any(map(can_be_read, kept)):
        return Finding(network.key, State.OK, f"{network.label} has a key")
    if kept:
        says = f"{network.label} has a key that cannot be decrypted, so its profiles cannot be fetched."
        return Finding(network.key, State.WRONG, says, GIVE_AGAIN)
    waiting = Profile.objects.fetched().followed().filter(network=network.key).count()
    says = f"{network.label} has no key, so its profiles cannot be fetched" + (
        f"; {waiting} wait for it." if waiting else "."
    )
    return Finding(network.key, State.WRONG if waiting else State.NOTE, says, f"Set {need.settings}. {_(need.how)}")


def overdue(*, now: datetime) -> Finding:
    late = Profile.objects.fetched().followed().filter(due_at__lt=now - OVERDUE).count()
    if not late:
        return Finding("fetching", State.OK, "No profile waits longer than it should")
    do = "Look at the findings above; if worker and beat run, start more workers."
    return Finding("fetching", State.WRONG, f"{late} profiles have been due for more than 15 minutes.", do)
