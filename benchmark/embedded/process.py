"""Child processes that never outlive their parent, and that leave root behind where an engine refuses it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

SET_PARENT_DEATH_SIGNAL = 1  # linux/prctl.h
NEW_USER_NAMESPACE = 0x10000000  # linux/sched.h
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(number: signal.Signals, *, without_root: bool = False) -> Callable[[], None]:
    """What a child does before it becomes the program: ask the kernel for a signal when its parent is gone.

    With `without_root` it first enters a user namespace of its own, in which it is nobody, yet still owns its files.
    """
    parent = os.getpid()

    def prepare() -> None:
        if without_root and LIBC is not None and LIBC.unshare(NEW_USER_NAMESPACE) != 0:
            os._exit(126)
        end_with_parent(number)
        if os.getppid() != parent:  # it was gone before we asked
            os._exit(125)

    return prepare


def end_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to signal this process when its parent is gone. Other systems than Linux cannot."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, number, 0, 0, 0)


def namespaces_work() -> bool:
    """Whether a process may enter a user namespace of its own here; some systems and containers forbid it."""
    if LIBC is None:
        return False
    tried = subprocess.run(
        [sys.executable, "-c", "pass"],
        preexec_fn=dies_with_parent(signal.SIGKILL, without_root=True),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return tried.returncode == 0


def stop(child: "subprocess.Popen[bytes]", *steps: tuple[signal.Signals, float]) -> None:
    """Ask a child to end, ever less politely, until it has."""
    for number, seconds in steps:
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def listens(port: int) -> bool:
    """Whether somebody answers on a port of the loopback address."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def free_port(preferred: int = 0) -> int:
    """A port of the loopback address that nobody listens on; the preferred one where it is free."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise OSError("no free port on 127.0.0.1")
