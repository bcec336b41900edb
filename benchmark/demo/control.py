"""The control room of the pretend networks: stop the clock, order faults, rename and remove accounts.

POST /pretend/clock     {"now": "2026-11-01T12:00:00Z"}        null lets it run again
POST /pretend/delay     {"seconds": 0.2}                       for every answer
POST /pretend/faults    [{"times": 2, "status": 429, "headers": {"Retry-After": "1"}, "match": "getAuthorFeed"}]
POST /pretend/rename    {"network": "bluesky", "handle": "anna", "to": "berta"}
POST /pretend/state     {"network": "mastodon", "handle": "anna", "state": "suspended"}
POST /pretend/load      {"accounts": 500}
POST /pretend/forget    {}                                     everything as in the beginning
GET  /pretend/asked                                            the requests that came in
GET  /pretend/faults                                           the faults that are still due
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from benchmark.demo.wire import Reply, as_json
from benchmark.demo.world import Fault, Unknown, World


class Clock(msgspec.Struct, forbid_unknown_fields=True):
    now: datetime | None


class Delay(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class Renaming(msgspec.Struct, forbid_unknown_fields=True):
    network: str
    handle: str
    to: str


class Standing(msgspec.Struct, forbid_unknown_fields=True):
    network: str
    handle: str
    state: str


class Load(msgspec.Struct, forbid_unknown_fields=True):
    accounts: int


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


def answer(world: World, method: str, path: str, body: bytes) -> Reply:
    """Do what was ordered; 422 with the reason where it cannot be done."""
    name = path.removeprefix("/pretend/")
    try:
        if method == "GET":
            return as_json(READ[name](world))
        order, do = DO[name]
        do(world, msgspec.json.decode(body, type=order))
    except KeyError:
        return as_json({"error": f"There is no {method} {path}."}, status=404)
    except (Unknown, msgspec.MsgspecError) as problem:
        return as_json({"error": str(problem)}, status=422)
    return as_json({})


def set_clock(world: World, order: Clock) -> None:
    world.frozen = order.now.astimezone(UTC) if order.now else None


def set_delay(world: World, order: Delay) -> None:
    world.delay = order.seconds


def add_faults(world: World, order: list[Fault]) -> None:
    world.faults.extend(order)


def rename(world: World, order: Renaming) -> None:
    world.rename(order.network, order.handle, order.to)


def put(world: World, order: Standing) -> None:
    world.put(order.network, order.handle, order.state)


def set_load(world: World, order: Load) -> None:
    world.load = order.accounts


READ: dict[str, Callable[[World], object]] = {
    "asked": lambda world: list(world.asked),
    "faults": lambda world: world.faults,
}
DO: dict[str, tuple[object, Callable[..., None]]] = {
    "clock": (Clock, set_clock),
    "delay": (Delay, set_delay),
    "faults": (list[Fault], add_faults),
    "rename": (Renaming, rename),
    "state": (Standing, put),
    "load": (Load, set_load),
    "forget": (Nothing, lambda world, _: world.forget()),
}
