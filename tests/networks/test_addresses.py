"""Which addresses may be asked, and that no other ever is."""

import httpcore
import pytest

from benchmark.networks.addresses import AddressRefused, CheckedBackend, Resolve, is_public, within

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 (to be refused)
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # a cloud's metadata
    "100.64.0.1",  # carrier-grade NAT
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",  # documentation
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",  # benchmarking
    "192.88.99.1",  # 6to4 relays
    "224.0.0.1",  # multicast
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "5f00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::10.0.0.1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:c0a8:101::1",
    "2001:0:7f00:1::",  # Teredo
    "not an address",
    "",
]
PUBLIC = ["93.184.216.34", "1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


class Sockets(httpcore.NetworkBackend):
    """Opens nothing, remembers where it was sent; refuses the addresses it was told to."""

    def __init__(self, *, down: tuple[str, ...] = ()) -> None:
        self.opened: list[tuple[str, int]] = []
        self._down = down

    def connect_tcp(self, host, port, *_, **__):
        self.opened.append((host, port))
        if host in self._down:
            raise httpcore.ConnectError("down")
        return httpcore.NetworkStream()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address):
    sockets = Sockets()

    assert not is_public(address)
    with pytest.raises(AddressRefused):
        CheckedBackend(lambda *_: [address], sockets).connect_tcp("social.example", 443)
    assert sockets.opened == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_asked(address):
    sockets = Sockets()

    assert is_public(address)
    CheckedBackend(lambda *_: [address], sockets).connect_tcp("social.example", 443)
    assert sockets.opened == [(address, 443)]


@pytest.mark.parametrize("addresses", [["1.1.1.1", "10.0.0.1"], ["::1", "1.1.1.1"]])
def test_one_private_address_among_several_is_enough_to_refuse(addresses):
    sockets = Sockets()

    with pytest.raises(AddressRefused):
        CheckedBackend(lambda *_: addresses, sockets).connect_tcp("social.example", 443)
    assert sockets.opened == []


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_that_is_asked():
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])
    sockets = Sockets()

    CheckedBackend(lambda *_: next(answers), sockets).connect_tcp("rebinding.example", 443)

    assert sockets.opened == [("1.1.1.1", 443)]
    assert next(answers) == ["127.0.0.1"]


def test_an_address_that_is_down_gives_way_to_the_next():
    sockets = Sockets(down=("2606:4700:4700::1111",))

    CheckedBackend(lambda *_: ["2606:4700:4700::1111", "1.1.1.1"], sockets).connect_tcp("two.example", 443)

    assert sockets.opened == [("2606:4700:4700::1111", 443), ("1.1.1.1", 443)]


def test_not_more_than_three_addresses_are_tried():
    many = [f"1.1.1.{number}" for number in range(1, 9)]
    sockets = Sockets(down=tuple(many))

    with pytest.raises(httpcore.ConnectError):
        CheckedBackend(lambda *_: many, sockets).connect_tcp("many.example", 443)
    assert len(sockets.opened) == 3


@pytest.mark.parametrize("port", [80, 22, 8443])
def test_only_the_port_of_https_is_asked(port):
    with pytest.raises(AddressRefused):
        CheckedBackend(lambda *_: ["1.1.1.1"], Sockets()).connect_tcp("social.example", port)


def test_a_name_without_an_address_cannot_be_reached():
    def unknown(host, port):
        raise OSError("Name or service not known")

    resolvers: list[Resolve] = [unknown, lambda *_: []]
    for resolver in resolvers:
        with pytest.raises(httpcore.ConnectError):
            CheckedBackend(resolver, Sockets()).connect_tcp("nowhere.example", 443)


def test_nothing_is_opened_once_the_time_is_over():
    sockets = Sockets()

    with within(0), pytest.raises(httpcore.ReadTimeout):
        CheckedBackend(lambda *_: ["1.1.1.1"], sockets).connect_tcp("social.example", 443)
    assert sockets.opened == []
