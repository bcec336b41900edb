"""Several programs as one: lines told apart, restarts, and an end that reaches grandchildren."""

import os
import signal
import time
from time import monotonic

import psutil
import pytest

from benchmark.management.process_tree import ProcessTree, Program, python

pytestmark = pytest.mark.processes


def tree(*programs: tuple[str, str]) -> tuple[ProcessTree, list[str]]:
    said: list[str] = []
    return (
        ProcessTree(
            [Program(name, python("-u", "-c", code)) for name, code in programs],
            environment=os.environ,
            say=said.append,
        ),
        said,
    )


def until(said: list[str], words: str, *, within: float = 10) -> None:
    deadline = monotonic() + within
    while words not in "\n".join(said):
        assert monotonic() < deadline, said
        time.sleep(0.05)


def test_each_line_says_whose_it_is():
    programs, said = tree(
        ("web", "print('hello'); import time; time.sleep(60)"),
        ("worker", "print('ready'); import time; time.sleep(60)"),
    )
    programs.start("web", "worker")
    until(said, "web    | hello")
    until(said, "worker | ready")
    programs.stop()


def test_a_program_that_ignores_the_polite_request_is_ended_all_the_same():
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
    programs, said = tree(("stubborn", stubborn))
    programs.start("stubborn")
    until(said, "up")
    begun = monotonic()
    programs.stop(grace=0.5)
    assert monotonic() - begun < 5
    process = programs.programs[0].process
    assert process is not None
    assert process.returncode == -signal.SIGKILL


def test_what_a_program_has_started_ends_with_it():
    parent = "import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', %r]).pid); time.sleep(60)"
    programs, said = tree(("parent", parent % "import time; time.sleep(60)"))
    programs.start("parent")
    until(said, "parent | ")
    grandchild = psutil.Process(int(said[0].split("| ")[1]))
    programs.stop(grace=0.5)
    grandchild.wait(5)
    assert not grandchild.is_running()


def test_a_program_that_keeps_ending_ends_the_whole():
    programs, said = tree(("broken", "raise SystemExit(3)"), ("fine", "import time; time.sleep(60)"))
    programs.start("broken", "fine")
    while programs.watch(0.1):
        continue
    programs.stop(grace=0.5)
    assert said.count("broken ended with status 3; starting it again.") == 3
    assert said[-1] == "broken keeps ending; its last lines above say why. Stopping."
    assert not programs.stopping


def test_signals_that_come_at_once_end_the_whole_like_a_single_one():
    programs, said = tree(("fine", "import time; print('up'); time.sleep(60)"))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    programs.stop_on_signals()
    try:
        programs.start("fine")
        until(said, "fine | up")
        for _ in range(50):
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGHUP)
        assert not programs.watch(0.01)
    finally:
        programs.stop(grace=0.5)
        for number, handler in before.items():
            signal.signal(number, handler)
    process = programs.programs[0].process
    assert process is not None
    assert process.returncode is not None
