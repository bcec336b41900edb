"""An installation of its own for tests to break: its engines, its worker, and the networks that the worker asks."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
from celery import Celery
from kombu.exceptions import OperationalError
from psycopg.rows import dict_row

from benchmark.demo.running import RUNNING
from benchmark.demo.world import Fault, World
from benchmark.embedded import Addresses, hold
from benchmark.embedded.addresses import RUN_FILE, read, write_private
from benchmark.embedded.locks import Lock
from benchmark.environment import BASE_DIR, PRETEND_FILE
from tests.processes import fresh_environment, kill_all
from tests.resilience.clock import CLOCK
from tests.servers.pretend import pretend_networks

STAGE = [sys.executable, "-m", "tests.resilience.stage"]
WORKER = [
    *(sys.executable, "-m", "celery", "--app", "tests.resilience.worker", "--quiet", "worker"),
    *("--concurrency", "2"),  # so that with five profiles some tasks always wait
    *("--without-gossip", "--without-mingle"),
]
QUEUE = "yardstick"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'benchmark%%'"


@dataclass
class Installation:
    """What runs, and how to drive and break it. Rows are read around the code, each time on a new connection."""

    folder: Path
    world: World
    addresses: Addresses
    worker: "subprocess.Popen[bytes] | None" = None
    beat: Celery = field(init=False)

    def __post_init__(self) -> None:
        # Stands in for beat, whose connection to the broker lives as long as it does.
        self.beat = Celery("beat", broker=self.addresses.redis_url, set_as_current=False)
        self.beat.conf.update(task_default_queue=QUEUE, broker_connection_retry_on_startup=True)

    # --- time --------------------------------------------------------------------------------------------------------

    def set_clock(self, moment: datetime) -> None:
        """It is this moment now, for the worker and for the networks."""
        draft = self.folder / "clock.new"
        draft.write_text(moment.isoformat())
        draft.replace(self.folder / CLOCK)
        self.world.frozen = moment

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat((self.folder / CLOCK).read_text())

    def tick(self) -> None:
        """What beat does every minute."""
        self.beat.send_task("tasks.work.tick", expires=50)

    # --- rows --------------------------------------------------------------------------------------------------------

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.addresses.database_url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def keep_stage(self) -> None:
        """Remember how the rows stand now."""
        self.rows("CREATE SCHEMA kept")
        for table in self.tables():
            self.rows(f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def back_to_stage(self) -> None:
        """Put the rows back, and forget what the networks and the queue were told."""
        self.world.forget()
        self.broker.flushall()
        tables = self.tables()
        with psycopg.connect(self.addresses.database_url) as connection:
            connection.execute("SET session_replication_role = replica")  # in any order
            connection.execute(f"TRUNCATE {', '.join(tables)}")
            for table in tables:
                connection.execute(f"INSERT INTO {table} SELECT * FROM kept.{table}")

    def tables(self) -> list[str]:
        """The tables of profiles, posts and runs."""
        return [row["tablename"] for row in self.rows(TABLES)]

    # --- the worker --------------------------------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        return fresh_environment(self.folder, DJANGO_SETTINGS_MODULE="benchmark.settings", LOG_LEVEL="INFO")

    @property
    def log(self) -> Path:
        return self.folder / "worker.log"

    def start_worker(self) -> None:
        with self.log.open("ab") as said:
            worker = subprocess.Popen(WORKER, env=self.environment, cwd=BASE_DIR, stdout=said, stderr=said)
        self.worker = worker
        soon(lambda: self.worker_answers() or worker.poll() is not None)
        assert worker.poll() is None, self.log.read_text()

    def worker_answers(self) -> bool:
        with suppress(redis.RedisError, OSError, OperationalError):
            return bool(self.beat.control.ping(timeout=0.5, limit=1))
        return False

    def worker_is_idle(self) -> bool:
        """Whether it has nothing in hand, and nothing waits.

        Asked in the order in which a task moves (waits, reserved, active), so that none slips by between two questions.
        A tick queues visits as it ends, behind the first question's back: hence asked twice, with nothing begun since.
        """
        begun = self.begun_by_a_worker_without_work()
        return begun is not None and begun == self.begun_by_a_worker_without_work()

    def begun_by_a_worker_without_work(self) -> dict[str, int] | None:
        """How many tasks of each kind it has taken up so far, or None if it has one in hand or one waits."""
        if self.waiting:
            return None
        asked = self.beat.control.inspect(timeout=2, limit=1)
        for in_hand in (asked.reserved(), asked.active()):
            if in_hand is None or any(in_hand.values()):
                return None
        stats = asked.stats()
        return None if stats is None else next(iter(stats.values()))["total"]

    @property
    def waiting(self) -> int:
        """How many tasks wait in the queue."""
        return int(self.broker.llen(QUEUE))

    def kill_worker(self) -> None:
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait(10)

    def end_worker(self) -> None:
        if self.worker is not None:
            self.worker.terminate()
            try:
                self.worker.wait(15)
            except subprocess.TimeoutExpired:
                self.kill_worker()

    def is_asked_and_waits(self, *, match: str = "", skip: int = 0, times: int = 1, seconds: float) -> bool:
        """Tick, and return in the middle of a visit: after so many requests the next ones wait for their answers."""
        self.world.faults.append(Fault(match=match, skip=skip, times=times, delay=seconds))
        self.tick()
        return soon(lambda: not self.world.faults)

    # --- the engines -------------------------------------------------------------------------------------------------

    @property
    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.addresses.redis_url, socket_timeout=5)

    def broker_answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(self.broker.ping())
        return False

    def kill_broker(self) -> None:
        """SIGKILL; the keeper starts it again, empty."""
        server = psutil.Process(self.broker.info()["process_id"])
        server.kill()
        assert soon(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)

    def database_answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(self.rows("SELECT 1"))
        return False

    def crash_database(self) -> None:
        """What `pg_ctl stop -m immediate` does, which root may not run; the keeper starts it again."""
        mark = self.folder / "postgres" / "postmaster.pid"
        server = psutil.Process(int(mark.read_text().splitlines()[0]))
        server.send_signal(signal.SIGQUIT)
        assert soon(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)

    @contextmanager
    def nobody_restarts_the_engines(self) -> Iterator[None]:
        """What dies inside this block stays dead until its end."""
        keeper = psutil.Process(read(self.folder / RUN_FILE)["keeper"])
        keeper.suspend()
        try:
            yield
        finally:
            keeper.resume()


@contextmanager
def installed(folder: Path, *, at: datetime, followed: Sequence[str]) -> Iterator[Installation]:
    """A new installation in which one workspace follows these profiles, its worker running."""
    server = Lock(folder / RUNNING)  # the worker need not start the pretend networks: they run here
    assert server.take()
    try:
        with hold(folder, profile="fast") as held, pretend_networks() as networks:
            write_private(folder / PRETEND_FILE, {"address": networks.address})
            installation = Installation(folder, networks.world, held.addresses)
            installation.set_clock(at)
            staged = [*STAGE, at.isoformat(), *followed]
            subprocess.run(staged, env=installation.environment, cwd=BASE_DIR, check=True, timeout=120)
            installation.keep_stage()
            installation.start_worker()
            try:
                yield installation
            finally:
                installation.end_worker()
                installation.beat.close()
    finally:
        server.close()
        kill_all(folder)


def soon(condition: Any, *, within: float = 60) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
