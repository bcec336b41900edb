"""File locks that the kernel drops when a process ends, even by SIGKILL: nobody can forget to release one."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

HOLDERS = "holders.lock"  # shared by everybody who needs the engines; the keeper waits for it alone
KEEPER = "keeper.lock"  # held by the keeper as long as it lives
STARTING = "starting.lock"  # held by the one who looks for a keeper, or starts one


class Lock:
    """One lock on one file."""

    def __init__(self, file: Path) -> None:
        self.descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock if it can be had at once."""
        with suppress(BlockingIOError):
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
        return False

    def wait(self, seconds: float, *, shared: bool = False) -> bool:
        """Take the lock within so many seconds."""
        deadline = time.monotonic() + seconds
        while not self.take(shared=shared):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def release(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self.descriptor)


def held_by_another(file: Path, *, shared: bool = False) -> bool:
    """Whether somebody holds the lock in a way that keeps this kind of holder out."""
    lock = Lock(file)
    try:
        return not lock.take(shared=shared)
    finally:
        lock.close()
