"""A web server on loopback that says what a test wrote down, good manners or bad."""

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Reply = Callable[[BaseHTTPRequestHandler], None]


def says(body: Any = None, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A whole answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return reply


def sends_on(location: str, status: int = 302) -> Reply:
    """A redirect."""
    return says(status=status, headers={"Location": location})


def packed(body: Any, *, cut: int = 0) -> Reply:
    """An answer in gzip, with so many bytes missing at its end."""
    raw = gzip.compress(json.dumps(body).encode())
    return says(raw[: len(raw) - cut], headers={"Content-Encoding": "gzip"})


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Fewer bytes than promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"feed": [')
    handler.close_connection = True


def breaks_a_chunk(handler: BaseHTTPRequestHandler) -> None:
    """A chunk that ends in its middle."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\n{")
    handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all."""
    handler.close_connection = True


def trickles(handler: BaseHTTPRequestHandler) -> None:
    """A body that never ends, one byte after the other."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    trickle(handler)


def trickles_headers(handler: BaseHTTPRequestHandler) -> None:
    """A head that never ends, one byte after the other."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    trickle(handler)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    try:
        for _ in range(200):
            handler.wfile.write(b"1")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return  # the other side has lost its patience, as it should


class Scripted:
    """Gives its replies in turn, the last one for ever; remembers what it was asked."""

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        self.replies = list(replies)
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []  # empty where nothing was posted
        lock = threading.Lock()
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def do_GET(self) -> None:
                with lock:
                    script.paths.append(self.path)
                    script.headers.append({name.lower(): value for name, value in self.headers.items()})
                    script.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                    reply = script.replies.pop(0) if len(script.replies) > 1 else script.replies[0]
                reply(self)

            do_POST = do_GET  # noqa: N815 (the server's own name)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the parser's own name)
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the script."""
