"""The pretend networks on loopback: `python -m benchmark.demo.server --port 8090`.

`/xrpc/…` answers as Bluesky's AppView, `/api/…` and `/.well-known/webfinger` as a Mastodon server, `/pictures/…` draws
pictures, and `/pretend/…` is the control room in which tests stop the clock and order faults. All but the last may be
asked as it was, or will be, at another moment, under `/at/<moment>/…`: so ninety days are replayed in a minute.
"""

import argparse
import re
import socket
import time
from collections.abc import Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from benchmark.demo import bluesky, control, mastodon
from benchmark.demo.wire import Ask, Reply
from benchmark.demo.world import Asked, Fault, Unknown, World

AT = re.compile(r"/at/([^/?]+)(/.*)")
PICTURE = re.compile(r"/pictures/(\w+)/([\w-]+)/[\w-]+\.png")


class Handler(BaseHTTPRequestHandler):
    """One connection: requests in, answers of the world out."""

    protocol_version = "HTTP/1.1"
    server_version = "Pretend/1"
    sys_version = ""
    timeout: ClassVar[float] = 75.0
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece

    def __init__(self, world: World, *args: Any) -> None:
        self.world = world
        super().__init__(*args)

    def do_GET(self) -> None:
        if self.path.startswith("/pretend/"):
            self.send(control.answer(self.world, "GET", self.path, b""))
            return
        host = self.headers.get("Host", "")
        fault = self.world.note(Asked("GET", host, self.path, dict(self.headers)))
        time.sleep(self.world.delay + (fault.delay if fault else 0))
        if fault and fault.hang_up:
            self.close_connection = True
            return
        reply = failed(fault, self.path) if fault and fault.status else self.reply(host)
        self.send(reply, cut=fault.cut if fault else None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked_by_a_page = self.headers.get_content_type() != "application/json"  # no page can send that unasked
        if asked_by_a_page or not self.path.startswith("/pretend/"):
            self.send(Reply(404, b"{}"))
            return
        self.send(control.answer(self.world, "POST", self.path, body))

    def reply(self, host: str) -> Reply:
        """What the networks say, at the moment in which the request lives."""
        found = AT.fullmatch(self.path)
        moment, target = found.groups() if found else (None, self.path)
        parts = urlsplit(target)
        if parts.path.startswith("/pictures/"):
            return picture(self.world, parts.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        ask = Ask(self.world, host, parts.path, query, self.world.now(moment))
        return bluesky.answer(ask) if parts.path.startswith("/xrpc/") else mastodon.answer(ask)

    def send(self, reply: Reply, *, cut: float | None = None) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body if cut is None else reply.body[: int(len(reply.body) * cut)])
        self.close_connection = self.close_connection or cut is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that the base class gives it)
        """Keep quiet: the control room remembers what was asked."""


def failed(fault: Fault, path: str) -> Reply:
    """The error that was ordered, worded as the network that was asked would word it."""
    status = fault.status or 500
    worded = bluesky.failure(status) if "/xrpc/" in path else mastodon.failure(status)
    return Reply(status, fault.body.encode() or worded.body, fault.headers, worded.content_type)


def picture(world: World, path: str) -> Reply:
    from benchmark.demo import pictures  # drawing is seldom asked for, and slow to load

    found = PICTURE.fullmatch(path)
    try:
        account = world.by_key(found[1], found[2]) if found else None
    except Unknown:
        account = None
    return Reply(200, pictures.avatar(account), content_type="image/png") if account else Reply(404, b"")


class PretendServer(ThreadingHTTPServer):
    """Listens on loopback and nowhere else."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, world: World, port: int = 0) -> None:
        self.world = world
        super().__init__(("127.0.0.1", port), partial(Handler, world))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any) -> None:
        """A client that hung up is no error of ours."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark.demo.server", description="Pretend Bluesky and Mastodon on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any free one")
    parser.add_argument("--load", type=int, default=0, help="so many generated accounts: load-1, load-2 …")
    options = parser.parse_args(arguments)
    with PretendServer(World(load=options.load), options.port) as server:
        print(server.address, flush=True)  # noqa: T201 (the one line that whoever started it waits for)
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
