"""The pretend networks inside a test: a server in a thread, its world at hand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from benchmark.demo.server import PretendServer
from benchmark.demo.world import World


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Pretend:
    """A running server and its world."""

    address: str
    world: World

    def get(self, path: str, *, host: str = "demo.invalid", at: datetime | None = None, **query: Any) -> Answered:
        """Ask as a client would, at another moment if one is given."""
        prefix = f"/at/{at.isoformat().replace('+00:00', 'Z')}" if at else ""
        asked = urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        return self._ask("GET", prefix + path + ("?" + asked if asked else ""), None, host)

    def order(self, name: str, order: object) -> Answered:
        """Give an order to the control room."""
        return self._ask("POST", f"/pretend/{name}", json.dumps(order), "127.0.0.1")

    def _ask(self, method: str, target: str, body: str | None, host: str) -> Answered:
        connection = HTTPConnection(self.address.removeprefix("http://"), timeout=20)
        try:
            connection.request(method, target, body, {"Host": host, "Content-Type": "application/json"})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answered(response.status, headers, response.read())
        finally:
            connection.close()


@contextmanager
def pretend_networks(*, now: datetime | None = None, load: int = 0) -> Iterator[Pretend]:
    """Both pretend networks on a free port, their clock stopped where a moment is given."""
    world = World(load=load)
    world.frozen = now
    with PretendServer(world) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Pretend(server.address, world)
        finally:
            server.shutdown()
            thread.join()
