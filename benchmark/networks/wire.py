"""One request and its whole answer: timeouts, sizes, addresses, and a key that leaves no trace."""

import logging
import os
import re
import ssl
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote

import httpcore
import httpx

from benchmark.networks.addresses import AddressRefused, CheckedBackend, Resolve, TimedBackend, resolve, within
from benchmark.networks.keys import Signed, can_be_sent

# At its lowest level httpcore writes down the heads of answers, and a server that sends us on repeats the key there.
logging.getLogger("httpcore").setLevel(logging.INFO)

GZIP = frozenset({"gzip", "x-gzip"})


class TooLarge(Exception):
    """The answer is larger than any honest one."""


class Truncated(Exception):
    """The answer ended before its end."""


class UnfitKey(Exception):
    """The key holds letters that no request can carry."""


class Secret:
    """A value that is sent but never shown."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(…)"

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value


@dataclass(frozen=True, slots=True)
class Seal:
    """Adds a key to a request at the last moment. Shows nothing of it.

    `kept_token` is the token in it that an earlier call got for the key; it may have run out since.
    """

    sign: Callable[[], Signed] = field(repr=False)
    kept_token: Secret | None = None

    def put_on(self, request: httpx.Request) -> httpx.Request:
        """The same request with the key in it. Raises `UnfitKey`."""
        signed = self.sign()
        if not all(map(can_be_sent, signed.headers.values())):
            raise UnfitKey
        path, mark, query = request.url.raw_path.partition(b"?")
        for name, value in signed.path.items():
            path = re.sub(rf":{name}\b".encode(), _in_path(value), path)
        url = request.url.copy_with(raw_path=path + mark + query)
        headers = request.headers.copy()
        headers.update(dict(signed.headers))
        return httpx.Request(
            request.method,
            url.copy_merge_params(dict(signed.params)) if signed.params else url,
            headers=headers,
            stream=request.stream,
            extensions=request.extensions,
        )


def _in_path(value: str) -> bytes:
    """The value as a part of a path: without a letter that ends one, or that means something in a pattern."""
    return quote(value, safe=":").encode()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `trusted` addresses were given by the operator and need not be public."""

    url: httpx.URL
    trusted: bool = False
    host: str | None = None  # what the Host header says where the address was replaced
    seal: Seal | None = None  # adds the key
    body: bytes | None = field(default=None, repr=False)  # posted, where there is one; a key may stand in it
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Received:
    """A whole answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)  # a token may stand in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how much is waited for, in seconds and bytes."""

    connect: float = 5.0
    read: float = 10.0
    whole: float = 25.0
    pause: float = 3.0
    attempts: int = 3
    backoff: float = 0.2
    redirects: int = 3
    answer_bytes: int = 8 * 1024 * 1024
    picture_bytes: int = 2 * 1024 * 1024


@cache
def _well_known_roots() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.HTTPTransport):
    """httpx's transport over our own sockets. Keys are added here, below everything that logs or raises addresses."""

    def __init__(self, backend: httpcore.NetworkBackend, tls: ssl.SSLContext | None) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or _well_known_roots(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._sent(request)
        except (httpx.HTTPError, AddressRefused, UnfitKey) as error:
            failure = type(error)(str(error))  # afresh: the frames below hold the key
        raise failure

    def _sent(self, request: httpx.Request) -> httpx.Response:
        seal: Seal | None = request.extensions.get("seal")
        if seal is not None:
            request = seal.put_on(request)
        return super().handle_request(request)


class Wire:
    """Long-lived connections of this process: one pool for the open Internet, one for the operator's addresses."""

    def __init__(
        self,
        *,
        user_agent: str,
        patience: Patience,
        resolver: Resolve = resolve,
        sockets: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.patience = patience
        self._user_agent = user_agent
        self._tls = tls
        self._backends = {False: CheckedBackend(resolver, sockets), True: TimedBackend()}
        self._clients: dict[bool, httpx.Client] = {}
        self._process = os.getpid()
        self._lock = threading.Lock()

    def send(self, target: Target, *, accept: str, cap: int) -> Received:
        """Ask once. Raises httpx's errors, `AddressRefused`, `UnfitKey`, `TooLarge` and `Truncated`."""
        client = self._client(trusted=target.trusted)
        headers = {"Accept": accept} | ({"Host": target.host} if target.host else {})
        if target.body is not None:
            headers["Content-Type"] = target.content_type
        request = client.build_request(
            "GET" if target.body is None else "POST",
            target.url,
            headers=headers,
            content=target.body,
            extensions={"seal": target.seal},
        )
        with within(self.patience.whole):
            response = client.send(request, stream=True)
            try:
                return Received(response.status_code, dict(response.headers), _whole_body(response, cap))
            finally:
                response.close()

    def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients = {}

    def _client(self, *, trusted: bool) -> httpx.Client:
        with self._lock:
            if self._process != os.getpid():  # a fork must not share its parent's connections
                self._clients, self._process = {}, os.getpid()
            if trusted not in self._clients:
                self._clients[trusted] = self._new_client(self._backends[trusted])
            return self._clients[trusted]

    def _new_client(self, backend: httpcore.NetworkBackend) -> httpx.Client:
        client = httpx.Client(
            transport=_Transport(backend, self._tls),
            timeout=httpx.Timeout(self.patience.read, connect=self.patience.connect),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
            follow_redirects=False,
            trust_env=False,
        )
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
        return client


def _whole_body(response: httpx.Response, cap: int) -> bytes:
    """The body, unpacked piece by piece, so that a small packed answer cannot grow beyond the cap."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in GZIP | {"", "identity"}:
        raise httpx.DecodingError("an encoding that was not asked for")
    unpack = zlib.decompressobj(wbits=31) if encoding in GZIP else None
    body = bytearray()
    received = 0
    for part in response.iter_raw():
        received += len(part)
        body += part if unpack is None else _unpacked(unpack, part, cap + 1 - len(body))
        if max(received, len(body)) > cap:
            raise TooLarge
    if unpack is not None and received and not unpack.eof:
        raise Truncated
    return bytes(body)


def _unpacked(unpack: "zlib._Decompress", part: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(part, room)
    except zlib.error as error:
        raise Truncated from error
