"""Which addresses may be asked, and the socket layer that asks no other.

A name is resolved once; every address that it has must be public; the connection goes to an address that was checked,
while the name itself goes on into TLS. So neither a private address behind a public name nor a name that changes its
mind between check and connection gets anywhere.
"""

import math
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore

Resolve = Callable[[str, int], Sequence[str]]

HTTPS = 443
ADDRESSES_TRIED = 3

# Beside what `ipaddress` calls private in every supported version of Python.
SPECIAL_V4 = [
    ip_network(block)
    for block in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
]
PUBLIC_V6 = ip_network("2000::/3")
# Teredo and other IETF assignments, documentation, 6to4, more documentation: nobody serves a network's API from there.
SPECIAL_V6 = [ip_network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The name leads to an address that is not public."""


_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything that is read and written inside has this long together, however slowly the other side trickles."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _remaining(timeout: float | None) -> float | None:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole answer took too long")
    limit = min(left, math.inf if timeout is None else timeout)
    return None if limit == math.inf else limit


def is_public(address: str) -> bool:
    """Whether an address is one of the open Internet, also where another one is wrapped in it."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public_v4(ip) if isinstance(ip, IPv4Address) else _is_public_v6(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in block for block in SPECIAL_V4)


def _is_public_v6(ip: IPv6Address) -> bool:
    wrapped = ip.ipv4_mapped
    if ip in NAT64:
        wrapped = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if wrapped is not None:
        return _is_public_v4(wrapped)
    return ip in PUBLIC_V6 and ip.is_global and not any(ip in block for block in SPECIAL_V6)


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class _TimedStream(httpcore.NetworkStream):
    """A stream whose reads and writes all end with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _remaining(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class TimedBackend(httpcore.NetworkBackend):
    """Connects to any address, for those that the operator gave; all within the deadline."""

    def __init__(self, sockets: httpcore.NetworkBackend | None = None) -> None:
        self._sockets = sockets or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(host, port, _remaining(timeout), local_address, socket_options)
        return _TimedStream(stream)


class CheckedBackend(TimedBackend):
    """Connects to public addresses only, on the port of https only."""

    def __init__(self, resolver: Resolve = resolve, sockets: httpcore.NetworkBackend | None = None) -> None:
        super().__init__(sockets)
        self._resolve = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure = httpcore.ConnectError("the name has no address")
        for address in self._checked(host, port)[:ADDRESSES_TRIED]:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = httpcore.ConnectError(str(error))
        raise failure

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name cannot be resolved: {error}") from error
        # One private address among public ones is enough: such a name is not to be trusted with any.
        if port != HTTPS or not all(is_public(address) for address in addresses):
            raise AddressRefused
        return addresses
