"""What the small servers of the networks have in common: they listen on loopback, and answer in JSON."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, Mapping[str, str], Any]


@dataclass(frozen=True)
class Asked:
    """One call as it came in: its path as it was sent, its query whole and in parts, its headers, its body."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else ""


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


class Listening:
    """Listens on loopback until it is left; a network's server says what it replies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Listener(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The address that stands in for the network's."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()

    def reply(self, asked: Asked) -> Reply:
        """Status, headers and body for one call."""
        raise NotImplementedError


class Answering(Listening):
    """Remembers what it is asked, one call at a time; a network's server says with what it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []

    def body_for(self, asked: Asked) -> Any:
        """What a call is answered with; raises `Refused`."""
        raise NotImplementedError

    def reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            try:
                return 200, {}, self.body_for(asked)
            except Refused as refused:
                return refused.status, refused.headers, refused.body


def _handler(server: Listening) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            self.send_reply()

        def do_POST(self) -> None:
            self.send_reply()

        def send_reply(self) -> None:
            url = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            status, more, answer = server.reply(Asked(self.command, url.path, url.query, headers, body))
            raw = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the parser's own name)
            """Say nothing."""

    return Handler


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64  # sixteen threads may call at once
