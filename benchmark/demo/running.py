"""The pretend server as a process: started by the first who needs it, ended when the last has left, however it left."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from benchmark.demo.server import PretendServer
from benchmark.demo.world import World
from benchmark.embedded.addresses import read, write_private
from benchmark.embedded.locks import Lock, held_by_another
from benchmark.embedded.process import free_port
from benchmark.environment import BASE_DIR, PRETEND_FILE

HOLDERS = "pretend-holders.lock"  # shared by everybody who needs the server
RUNNING = "pretend.lock"  # held by the server as long as it lives
STARTING = "pretend-starting.lock"  # held by whoever looks for a server, or starts one
LOOK_EVERY = 0.2


class NotRunning(Exception):
    """The pretend server cannot be started; the message says where to look."""


class Held:
    """The pretend server runs at least until this is left; a process that dies has left it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = Lock(data_dir / HOLDERS)
        self.join()

    @property
    def address(self) -> str:
        return str(read(self.data_dir / PRETEND_FILE)["address"])

    def join(self) -> None:
        """Find the server running, or start it."""
        starting = Lock(self.data_dir / STARTING)
        try:
            if not self.lock.wait(10, shared=True) or not starting.wait(30):
                raise NotRunning(f"The pretend networks are held up; {self.data_dir / 'pretend.log'} may say why.")
            if not held_by_another(self.data_dir / RUNNING):
                start(self.data_dir)
        except BaseException:
            self.leave()
            raise
        finally:
            starting.close()

    def leave(self) -> None:
        self.lock.close()


@contextmanager
def hold(data_dir: Path) -> Iterator[str]:
    """The address of the pretend server, which runs as long as the block does."""
    held = Held(data_dir)
    try:
        yield held.address
    finally:
        held.leave()


def keep(data_dir: Path) -> str:
    """The address of the pretend server, held for the rest of this process's life and started again if it died."""
    held = for_life(data_dir)
    held.join()
    return held.address


@cache
def for_life(data_dir: Path) -> Held:
    return Held(data_dir)


def start(data_dir: Path) -> None:
    """Start the server in a session of its own and wait for its word."""
    with (data_dir / "pretend.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmark.demo.running", data_dir],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    if server.stdout is not None:
        with server.stdout as words:
            answer = words.readline()
    server.returncode = 0  # it outlives us by design: no warning about a child that still runs
    if not answer:
        raise NotRunning(f"The pretend networks do not start; {data_dir / 'pretend.log'} says why.")


def serve_while_held(data_dir: Path) -> None:
    """Be the server until nobody needs it any more."""
    running = Lock(data_dir / RUNNING)
    if not running.take():
        return
    file = data_dir / PRETEND_FILE
    last = read(file).get("port", 0)
    with PretendServer(World(), free_port(last)) as server:
        write_private(file, {"address": server.address, "port": server.server_address[1]})
        threading.Thread(target=end_when_left, args=(server, data_dir), daemon=True).start()
        print(json.dumps({"address": server.address}), flush=True)  # noqa: T201 (whoever started us waits for it)
        sys.stdout.close()
        with suppress(KeyboardInterrupt):
            server.serve_forever(poll_interval=0.1)
    running.close()  # before the holders' lock, which goes with the process: the next holder must not find us running


def end_when_left(server: PretendServer, data_dir: Path) -> None:
    holders = Lock(data_dir / HOLDERS)
    while not holders.take():
        time.sleep(LOOK_EVERY)
    server.shutdown()


if __name__ == "__main__":
    serve_while_held(Path(sys.argv[1]))
