"""The pretend server runs as long as somebody needs it, and not a moment longer than that, however they left."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.demo import running
from benchmark.embedded.locks import held_by_another
from benchmark.environment import BASE_DIR, PRETEND_FILE, pretend_url

pytestmark = pytest.mark.processes

HOLD_FOR_EVER = """
import sys, time
from pathlib import Path
from benchmark.demo.running import keep
print(keep(Path(sys.argv[1])), flush=True)
time.sleep(600)
"""


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v2/instance", timeout=5) as answer:
            return bool(json.load(answer)["domain"] == "demo.invalid")
    except OSError:
        return False


def becomes(condition: Callable[[], bool], *, within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_running(folder: Path) -> bool:
    return held_by_another(folder / running.RUNNING)


def test_all_holders_share_one_server_and_the_last_one_ends_it(tmp_path: Path):
    with running.hold(tmp_path) as address:
        with running.hold(tmp_path) as same:
            assert same == address
        assert answers(address)
        assert is_running(tmp_path)

    assert becomes(lambda: not is_running(tmp_path))
    assert not answers(address)


def test_everybody_learns_the_address_from_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert pretend_url() is None

    with running.hold(tmp_path) as address:
        assert pretend_url() == address


def test_it_ends_when_its_only_holder_is_killed(tmp_path: Path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_EVER, tmp_path], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        address = holder.stdout.readline().strip()
    assert answers(address)

    holder.kill()
    holder.wait()

    assert becomes(lambda: not is_running(tmp_path))
    assert not answers(address)


def test_a_holder_for_life_starts_it_again_when_it_was_killed(tmp_path: Path):
    address = running.keep(tmp_path)
    process = owner_of(tmp_path)
    os.kill(process, signal.SIGKILL)
    assert becomes(lambda: not is_running(tmp_path))

    again = running.keep(tmp_path)

    assert answers(again)
    assert again == address, "on the same port, where it is free"
    running.for_life(tmp_path).leave()
    running.for_life.cache_clear()
    assert becomes(lambda: not is_running(tmp_path))


def test_one_that_cannot_start_says_where_to_look(tmp_path: Path):
    (tmp_path / PRETEND_FILE).mkdir()

    with pytest.raises(running.NotRunning, match=r"pretend\.log says why"):
        running.Held(tmp_path)


def owner_of(folder: Path) -> int:
    """The process that serves this folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and str(folder).encode() in (entry / "cmdline").read_bytes():
            return int(entry.name)
    raise AssertionError("nobody serves it")
