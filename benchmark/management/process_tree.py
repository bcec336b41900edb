"""Several programs as one: started together, their lines told apart, ended together and within a time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from benchmark.embedded.process import dies_with_parent

GRACE = 5.0  # seconds a program has to end by itself; with the engines' own time it stays under ten
RESTARTS = 3  # within this many seconds:
RESTARTS_WITHIN = 60.0
Say = Callable[[str], None]


@dataclass
class Program:
    """One program of the tree, running or to be started again."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[str] | None" = None
    starts: list[float] = field(default_factory=list)

    @property
    def keeps_failing(self) -> bool:
        return len([moment for moment in self.starts if time.monotonic() - moment < RESTARTS_WITHIN]) > RESTARTS


class ProcessTree:
    """Runs programs in sessions of their own: Ctrl-C reaches this process alone, which ends them in order."""

    def __init__(self, programs: Sequence[Program], *, environment: Mapping[str, str], say: Say) -> None:
        self.programs = list(programs)
        self.environment = environment
        self.say = say
        self.width = max(len(program.name) for program in programs)
        # A plain value, not an event: a second signal may come while the first is being noted, and would wait for ever
        # for the lock that an event takes.
        self.stopping = False

    def start(self, *names: str) -> None:
        """Start these programs; the others follow when they are named."""
        for program in self.programs:
            if program.name in names:
                self.launch(program)

    def launch(self, program: Program) -> None:
        program.process = subprocess.Popen(
            program.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 (two system calls, no lock)
        )
        program.starts.append(time.monotonic())
        threading.Thread(target=self.relay, args=(program.name, program.process), daemon=True).start()

    def relay(self, name: str, process: "subprocess.Popen[str]") -> None:
        """Pass on what a program prints, with its name before each line."""
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.say(f"{name:<{self.width}} | {line.rstrip()}")

    def watch(self, seconds: float = 0.3) -> bool:
        """Wait a moment and start again what has died; False when it is time to end, or something keeps failing."""
        time.sleep(seconds)
        if self.stopping:
            return False
        for program in self.programs:
            if program.process is not None and program.process.poll() is not None:
                if program.keeps_failing:
                    self.say(f"{program.name} keeps ending; its last lines above say why. Stopping.")
                    return False
                self.say(f"{program.name} ended with status {program.process.returncode}; starting it again.")
                end_group(program.process, signal.SIGKILL)  # what it may have left behind
                self.launch(program)
        return True

    def stop(self, grace: float = GRACE) -> None:
        """End all programs at once, first politely, and everything they started."""
        running = [program.process for program in self.programs if program.process is not None]
        for process in running:
            end_group(process, signal.SIGTERM, only_leader=True)
        deadline = time.monotonic() + grace
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in running:
            end_group(process, signal.SIGKILL)
            process.wait()

    def stop_on_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal all mean the same: end everything."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask)


def end_group(process: "subprocess.Popen[str]", number: signal.Signals, *, only_leader: bool = False) -> None:
    """Send a signal to a program, or to all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if only_leader:
            process.send_signal(number)
        else:
            os.killpg(process.pid, number)


def python(*arguments: str) -> list[str]:
    """A command line for this Python."""
    return [sys.executable, *arguments]
