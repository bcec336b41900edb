"""Running the product as an operator does: a command in a process of its own, watched and ended from outside."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmark.embedded.process import free_port
from benchmark.environment import BASE_DIR
from tests.engines import FOLDER, operators_settings

MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]


def fresh_environment(data_dir: Path, **given: str) -> dict[str, str]:
    """The environment of somebody who has set nothing but what is given."""
    mine = {name: value for name, value in os.environ.items() if name not in {FOLDER, "DJANGO_SETTINGS_MODULE"}}
    nothing = dict.fromkeys(operators_settings(), "")
    return mine | nothing | {"DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"} | given


def manage(*arguments: str, env: Mapping[str, str], seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a command of `manage.py` to its end."""
    return subprocess.run(
        [*MANAGE, *arguments], env=env, capture_output=True, text=True, timeout=seconds, check=False, cwd=BASE_DIR
    )


def family(data_dir: Path) -> list[psutil.Process]:
    """Every living process that works in this folder or was started with it."""
    return [process for process in psutil.process_iter() if belongs(process, data_dir)]


def belongs(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and (
            process.environ().get("DATA_DIR") == str(data_dir)
            or process.cwd().startswith(str(data_dir))
            or str(data_dir) in process.cmdline()
        )
    except psutil.Error:
        return False


def gone_within(data_dir: Path, seconds: float) -> bool:
    """Whether nobody is left in time."""
    deadline = time.monotonic() + seconds
    while family(data_dir):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def kill_all(data_dir: Path) -> None:
    """SIGKILL for everybody who works in this folder."""
    for process in family(data_dir):
        with suppress(psutil.NoSuchProcess):
            process.kill()


@dataclass
class Product:
    """`manage.py up`, with what it has said so far."""

    data_dir: Path
    env: Mapping[str, str]
    said: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    @classmethod
    def in_folder(cls, data_dir: Path, **given: str) -> "Product":
        return cls(data_dir, fresh_environment(data_dir, **{"PORT": str(free_port()), **given}))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def output(self) -> str:
        return "".join(self.said)

    def start(self, *, within: float = 60) -> "Product":
        """Return once it has said that it runs."""
        self.process = subprocess.Popen(
            [*MANAGE, "up", "--no-demo"],
            env=self.env,
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        running = threading.Event()
        threading.Thread(target=self.listen, args=(self.process, running), daemon=True).start()
        if not running.wait(within) or self.process.poll() is not None:
            self.kill()
            raise AssertionError(f"it did not start within {within} seconds:\n{self.output}")
        return self

    def listen(self, process: "subprocess.Popen[str]", running: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.said.append(line)
                if "is running on" in line:
                    running.set()
        running.set()  # it has ended; nobody needs to wait any longer

    def page(self, path: str = "/accounts/login/") -> int:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return int(answer.status)

    def end(self, number: signal.Signals = signal.SIGTERM, *, within: float = 10) -> int:
        """Ask it to end, and return its status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(within)

    def kill(self) -> None:
        """SIGKILL for everybody at once; what the kernel ends by itself is waited for."""
        kill_all(self.data_dir)
        if self.process is not None:
            self.process.wait(10)
