"""PostgreSQL and Valkey out of wheels: started, shared, ended, and recovered after every kind of death."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmark import embedded
from benchmark.embedded import Addresses, EngineError, addresses, hold, touches_rows
from benchmark.embedded import postgres as postgres_engine
from benchmark.embedded.addresses import database_url, kept_keys
from benchmark.embedded.holders import Held
from benchmark.embedded.process import free_port
from benchmark.environment import BASE_DIR
from tests.processes import family, gone_within, kill_all

pytestmark = pytest.mark.processes
AT_ONCE = Retry(NoBackoff(), retries=0)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    kill_all(folder)


def run(folder: Path) -> Held:
    return hold(folder, profile="fast")


def execute(where: Addresses, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(where.database_url, connect_timeout=3) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def named(folder: Path, name: str) -> psutil.Process:
    """The engine, or the keeper, of this folder: the oldest process of that name."""
    found = [process for process in family(folder) if name in " ".join(process.cmdline())]
    return min(found, key=lambda process: process.create_time())


def eventually(holds: Callable[[], bool], *, within: float = 10) -> bool:
    deadline = monotonic() + within
    while not holds():
        if monotonic() > deadline:
            return False
        sleep(0.1)
    return True


def answers(where: Addresses) -> bool:
    try:
        execute(where, "SELECT 1")
        return bool(redis.Redis.from_url(where.redis_url, retry=AT_ONCE).ping())
    except (psycopg.OperationalError, redis.RedisError):
        return False


def test_two_share_the_engines_and_the_last_to_leave_ends_them(folder: Path):
    first, second = run(folder), run(folder)
    assert first.addresses == second.addresses
    first.leave()
    assert answers(second.addresses)
    second.leave()
    assert not answers(second.addresses)
    assert family(folder) == []


def test_data_and_addresses_stay_from_one_start_to_the_next(folder: Path):
    with run(folder) as held:
        before = held.addresses
        execute(before, "CREATE TABLE witness AS SELECT 'here' AS word")
    with run(folder) as held:
        assert held.addresses == before
        assert execute(held.addresses, "SELECT word FROM witness") == [("here",)]


def test_a_port_that_was_taken_meanwhile_is_replaced(folder: Path):
    with run(folder) as held:
        before = held.addresses.postgres_port
    with socket.create_server(("127.0.0.1", before)), run(folder) as held:
        assert held.addresses.postgres_port != before
        assert answers(held.addresses)


def test_when_every_holder_is_killed_the_engines_end_by_themselves(folder: Path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder)], stdout=subprocess.PIPE, text=True, cwd=BASE_DIR
    )
    assert holder.stdout is not None
    with holder.stdout as words:
        assert words.readline() == "held\n"
    assert len(family(folder)) > 3
    holder.send_signal(signal.SIGKILL)
    holder.wait(5)
    assert gone_within(folder, 10)


HOLDING = """
import sys, time
from pathlib import Path
from benchmark.embedded import hold
held = hold(Path(sys.argv[1]), profile="fast")
print("held", flush=True)
time.sleep(600)
"""


def test_an_engine_that_was_killed_is_back_at_the_same_address(folder: Path):
    with run(folder) as held:
        execute(held.addresses, "CREATE TABLE witness AS SELECT 7 AS seen")
        named(folder, "valkey-server").kill()
        named(folder, "bin/postgres").kill()
        assert eventually(lambda: not answers(held.addresses))
        assert eventually(lambda: answers(held.addresses), within=20)
        assert execute(held.addresses, "SELECT seen FROM witness") == [(7,)]


def test_after_everything_was_killed_the_next_holder_recovers(folder: Path):
    held = run(folder)
    execute(held.addresses, "CREATE TABLE witness AS SELECT 7 AS seen")
    kill_all(folder)
    held.lock.close()
    assert eventually(lambda: not answers(held.addresses))
    assert (folder / "postgres" / "postmaster.pid").exists()
    with run(folder) as again:
        assert execute(again.addresses, "SELECT seen FROM witness") == [(7,)]


def test_a_killed_keeper_takes_the_engines_with_it(folder: Path):
    held = run(folder)
    named(folder, "benchmark.embedded.keeper").kill()
    assert gone_within(folder, 10)
    held.lock.close()
    with run(folder) as again:
        assert answers(again.addresses)


def test_a_mark_whose_number_belongs_to_a_stranger_now_does_not_stop_a_start(folder: Path):
    with run(folder):
        mark = (folder / "postgres" / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        (folder / "postgres" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *mark[1:]]) + "\n")
        with run(folder) as held:
            assert answers(held.addresses)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_major_version_is_refused_with_the_way_out(folder: Path):
    with run(folder):
        pass
    (folder / "postgres" / "PG_VERSION").write_text("13\n")
    with pytest.raises(EngineError, match=r"^Version mismatch: .* written by PostgreSQL 13, .*pg_dump.*pg_restore"):
        run(folder)
    assert gone_within(folder, 5)


def test_a_start_that_was_cut_short_leaves_nothing_half_made(folder: Path):
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with run(folder) as held:
        assert answers(held.addresses)
    assert not (folder / "postgres.new").exists()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match=r"^DATA_DIR .*/file/data cannot be used: Not a directory\.$"):
        hold(tmp_path / "file" / "data")


def test_the_folder_may_have_any_name(tmp_path: Path):
    folder = tmp_path / "Zoë's data, 100 %"
    try:
        with run(folder) as held:
            assert answers(held.addresses)
            with redis.Redis.from_url(held.addresses.redis_url, retry=AT_ONCE) as client:
                assert client.config_get("dir") == {"dir": str(folder / "valkey")}
    finally:
        kill_all(folder)


def test_engines_refuse_whoever_does_not_know_the_password(folder: Path):
    with run(folder) as held:
        where = held.addresses
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(f"postgresql://yardstick@127.0.0.1:{where.postgres_port}/yardstick")
        with redis.Redis(port=where.valkey_port, retry=AT_ONCE) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert kept_keys(folder).valkey not in " ".join(named(folder, "valkey-server").cmdline())


def test_nothing_outside_the_folder_changes(folder: Path):
    around = [*folder.parents, Path(sys.prefix), postgres_engine.wheel(), postgres_engine.wheel() / "bin" / "postgres"]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in around]
    with run(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700
        assert (folder / "postgres").stat().st_uid == os.geteuid()
    assert [(path.stat().st_mode, path.stat().st_uid) for path in around] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs this way")
def test_root_without_user_namespaces_has_one_folder_outside_for_nobody(folder: Path):
    folder.mkdir(mode=0o700)
    keys, port = kept_keys(folder), free_port()
    postgres = postgres_engine.Postgres(folder, folder / "postgres.log", "fast")
    postgres.__dict__["as_nobody"] = True  # as on a system that forbids namespaces
    try:
        server = postgres.start(keys, port=port)
        assert psutil.Process(server.pid).username() == "nobody"
        assert postgres.home.parent == Path("/var/tmp")  # noqa: S108
        assert stat.S_IMODE(postgres.home.stat().st_mode) == 0o700
        with psycopg.connect(database_url(keys, port)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        postgres.end(server)
        assert not (folder / "postgres").exists()
    finally:
        shutil.rmtree(postgres.home, ignore_errors=True)


def test_a_process_that_needs_another_set_of_engines_is_told_so(folder: Path):
    with hold(folder, frozenset({"valkey"})):
        assert not (folder / "postgres").exists()
        with pytest.raises(EngineError, match="run without postgres, for a process that has another address for it"):
            run(folder)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["manage.py"], False),
        (["manage.py", "help"], False),
        (["manage.py", "up", "--help"], False),
        (["manage.py", "check"], False),
        (["manage.py", "up"], True),
        (["manage.py", "fetch", "--all"], True),
        (["manage.py", "bench"], True),
        (["manage.py", "bench", "--only", "replay"], False),
    ],
)
def test_engines_are_started_only_for_commands_that_touch_rows(arguments: list[str], needed: bool):
    assert touches_rows(arguments) is needed


def test_an_engine_is_ours_to_run_unless_its_address_is_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "redis://example.org")
    assert embedded.wanted() == {"postgres"}


def test_before_the_first_start_addresses_point_nowhere(tmp_path: Path):
    assert addresses(tmp_path) == Addresses()
    assert not answers(addresses(tmp_path))
