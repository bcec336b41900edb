"""What people paste: on which network it is, and the reference by which that network is asked."""

from __future__ import annotations

from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.networks.silent import GIVE_NOTHING, silent_at
from benchmark.tracking import refusals


def recognise(text: str, network: str | None = None) -> tuple[Network, str]:
    """The network and the reference in a handle, an @handle or an address; the network may be left open.

    Raises `TrackingRefused` for another network's address, and where the text fits none or several.
    """
    text = text.strip()
    if not text:
        raise refusals.nothing_given()
    if network is None:
        return on_any_network(text)
    return on_network(text, known_network(network))


def known_network(key: str) -> Network:
    """The network of this key. Raises `TrackingRefused` where there is none, or where it gives nothing."""
    if key in GIVE_NOTHING:
        raise refusals.gives_nothing(GIVE_NOTHING[key], "network")
    if key not in NETWORKS:
        raise refusals.unknown_network(key)
    return NETWORKS[key]


def on_network(text: str, network: Network) -> tuple[Network, str]:
    """The reference on the network that was named."""
    reference = network.recognise(text)
    if reference is not None:
        return network, reference
    refuse_silent(text)
    meant = next((other for other in NETWORKS.values() if other.recognises_url(text)), None)
    if meant is None or meant is network:
        raise refusals.not_a_handle(text, network)
    raise refusals.wrong_network(text, network, meant)


def on_any_network(text: str) -> tuple[Network, str]:
    """The reference on the network whose address it is, or else on the only one that has such handles."""
    fitting = [network for network in NETWORKS.values() if network.recognise(text) is not None]
    by_address = [network for network in fitting if network.recognises_url(text)]
    candidates = by_address or fitting
    if not candidates:
        refuse_silent(text)
        raise refusals.not_a_handle_anywhere(text)
    if len(candidates) > 1:
        raise refusals.ambiguous(text, candidates)
    return on_network(text, candidates[0])


def refuse_silent(text: str) -> None:
    """Raises `TrackingRefused` for an address of a network that gives nothing about other people's accounts."""
    silent = silent_at(text)
    if silent is not None:
        raise refusals.gives_nothing(silent, "handle")
