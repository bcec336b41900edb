"""What may change about the pretend networks: their clock, who is called what, who is gone, which faults are due."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from benchmark.demo.cast import NETWORKS, Account, cast, generated

STATES = ("", "deleted", "suspended", "deactivated", "hidden", "locked")
REMEMBERED = 10_000  # requests


class Unknown(LookupError):
    """There is no such account, network or state."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes wrong with the next `times` requests whose target contains `match`, after `skip` that go well.

    `delay` seconds pass first. Then `status` answers an error with `headers` and `body` (empty: as the network words
    it), `cut` sends so much of the true body and hangs up, `hang_up` answers nothing at all.
    """

    times: int = 1
    skip: int = 0
    match: str = ""
    delay: float = 0.0
    status: int | None = None
    headers: dict[str, str] = {}
    body: str = ""
    cut: float | None = None
    hang_up: bool = False


class World:
    """The pretend networks as they stand. One for all threads of a server."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), load: int = 0) -> None:
        self.clock = clock
        self.load = load  # how many generated accounts there are
        self.frozen: datetime | None = None
        self.delay = 0.0
        self.handles: dict[tuple[str, str], str] = {}  # (network, key) → the handle after a renaming
        self.states: dict[tuple[str, str], str] = {}
        self.faults: list[Fault] = []
        self.asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self.lock = threading.Lock()

    # --- time --------------------------------------------------------------------------------------------------------

    def now(self, said: str | None = None) -> datetime:
        """The frozen moment, else the one that is asked about, else the present."""
        if self.frozen is not None:
            return self.frozen
        return datetime.fromisoformat(said).astimezone(UTC) if said else self.clock()

    # --- accounts ----------------------------------------------------------------------------------------------------

    def accounts(self, network: str) -> dict[str, Account]:
        """The cast of a network and its generated accounts, by key."""
        if network not in NETWORKS:
            raise Unknown(f"There is no pretend {network}.")
        return cast(network)

    def by_key(self, network: str, key: str) -> Account | None:
        if account := self.accounts(network).get(key):
            return account
        number = key.removeprefix("load-")
        if number != key and number.isdecimal() and 1 <= int(number) <= self.load:
            return generated(network, int(number))
        return None

    def by_handle(self, network: str, handle: str) -> Account | None:
        """Whoever is called so now: a renamed account leaves its old handle free."""
        for (where, key), called in self.handles.items():
            if (where, called) == (network, handle):
                return self.by_key(network, key)
        return None if (network, handle) in self.handles else self.by_key(network, handle)

    def handle(self, account: Account) -> str:
        return self.handles.get((account.network, account.key), account.key)

    def state(self, account: Account) -> str:
        return self.states.get((account.network, account.key), account.state)

    def rename(self, network: str, handle: str, to: str) -> None:
        """Give an account another handle; its id stays."""
        account = self.called(network, handle)
        if self.by_handle(network, to):
            raise Unknown(f"{to} is taken on {network}.")
        self.handles[network, account.key] = to

    def put(self, network: str, handle: str, state: str) -> None:
        """Let an account be deleted, suspended, deactivated, hidden, locked or, with an empty state, well again."""
        if state not in STATES:
            raise Unknown(f"{state!r} is none of {', '.join(filter(None, STATES))}.")
        self.states[network, self.called(network, handle).key] = state

    def called(self, network: str, handle: str) -> Account:
        account = self.by_handle(network, handle)
        if account is None:
            raise Unknown(f"Nobody is called {handle} on {network}.")
        return account

    # --- faults ------------------------------------------------------------------------------------------------------

    def note(self, asked: Asked) -> Fault | None:
        """Remember the request, and say what goes wrong with it."""
        with self.lock:
            self.asked.append(asked)
            for at, fault in enumerate(self.faults):
                if fault.match not in asked.target:
                    continue
                if fault.skip:
                    self.faults[at] = msgspec.structs.replace(fault, skip=fault.skip - 1)
                    continue
                left = msgspec.structs.replace(fault, times=fault.times - 1)
                self.faults[at : at + 1] = [left] if left.times else []
                return fault
        return None

    def forget(self) -> None:
        """Everything as in the beginning."""
        with self.lock:
            self.frozen, self.delay, self.load = None, 0.0, 0
            self.handles, self.states, self.faults = {}, {}, []
            self.asked.clear()
