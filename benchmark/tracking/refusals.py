"""Why something is not tracked: a stable code for programs, and one sentence for people: what, where, what to do."""

from __future__ import annotations

from benchmark.models import COMPETITOR_LIMIT, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, Network, NetworkError, TryLater
from benchmark.networks.silent import Silent

LONGEST_SHOWN = 60

# What helps, beside what a network itself says.
ADVICE = {
    "profile_not_found": "Check the spelling, or paste the profile's address.",
    "profile_private": "Only public profiles can be compared.",
    "profile_suspended": "Try again when it is back.",
    "profile_deactivated": "Try again when it is back.",
    "credential_missing": "Ask whoever runs this installation, or add a key of your own to the workspace.",
    "credential_refused": "Check the key in the workspace's settings.",
}


class TrackingRefused(Exception):
    """What was asked is not done. `field` names the field of a form or request that has to change."""

    def __init__(self, code: str, sentence: str, field: str = "handle") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field


def unknown_network(key: str) -> TrackingRefused:
    known = ", ".join(NETWORKS)
    return TrackingRefused("unknown_network", f"There is no network “{shown(key)}”. Known are: {known}.", "network")


def unknown_role(role: str) -> TrackingRefused:
    return TrackingRefused("unknown_role", f"“{shown(role)}” is no role. It is own or competitor.", "role")


def unknown_industry(key: str) -> TrackingRefused:
    sentence = f"There is no industry “{shown(key)}”. Choose one of the list, or leave it empty."
    return TrackingRefused("unknown_industry", sentence, "industry")


def nothing_given() -> TrackingRefused:
    return TrackingRefused("handle_missing", "Give a handle, or paste the profile's address.")


def not_a_handle(text: str, network: Network) -> TrackingRefused:
    like = f"Write it like {network.handle_hint}, or paste the profile's address."
    sentence = f"“{shown(text)}” is no handle on {network}. {like}"
    return TrackingRefused("handle_not_recognised", sentence)


def not_a_handle_anywhere(text: str) -> TrackingRefused:
    sentence = f"“{shown(text)}” is no handle on any network. Choose the network, or paste the profile's address."
    return TrackingRefused("handle_not_recognised", sentence)


def wrong_network(text: str, asked: Network, meant: Network) -> TrackingRefused:
    sentence = f"“{shown(text)}” is an address on {meant}, not on {asked}. Add it under {meant}."
    return TrackingRefused("wrong_network", sentence, "network")


def gives_nothing(silent: Silent, field: str) -> TrackingRefused:
    return TrackingRefused("network_gives_nothing", silent.sentence, field)


def ambiguous(text: str, networks: list[Network]) -> TrackingRefused:
    names = " or ".join(network.label for network in networks)
    sentence = f"“{shown(text)}” could be on {names}. Choose the network, or paste the profile's address."
    return TrackingRefused("network_ambiguous", sentence, "network")


def not_fetchable(network: Network) -> TrackingRefused:
    sentence = f"{network} cannot be fetched yet. Import a file of the profile's posts instead."
    return TrackingRefused("network_not_fetchable", sentence, "network")


def from_a_file(tracked: TrackedProfile) -> TrackingRefused:
    network = tracked.on
    if not network.fetchable:
        return not_fetchable(network)
    sentence = f"{tracked.profile} is known from a file only. Add its handle on {network} to have it fetched."
    return TrackingRefused("known_from_a_file", sentence)


def limit_reached(network: Network) -> TrackingRefused:
    taken = f"All {COMPETITOR_LIMIT} places for competitors on {network} are taken."
    sentence = f"{taken} Remove one, and its place is free again."
    return TrackingRefused("competitor_limit_reached", sentence)


def already_tracked(tracked: TrackedProfile) -> TrackingRefused:
    which = "an own account" if tracked.role == Role.OWN else f"the competitor in place {tracked.slot}"
    sentence = f"{tracked.profile} is followed already, as {which} for {tracked.brand}."
    return TrackingRefused("already_tracked", sentence)


def brand_elsewhere() -> TrackingRefused:
    return TrackingRefused("brand_not_found", "There is no such brand in this workspace.", "brand")


def brand_of_other_role(name: str, role: Role) -> TrackingRefused:
    other = "a competitor's" if role is Role.OWN else "one of our own"
    sentence = f"The brand “{shown(name)}” is {other}. Choose another, or give a name to make a new one."
    return TrackingRefused("brand_of_other_role", sentence, "brand")


def brand_name_missing() -> TrackingRefused:
    return TrackingRefused("brand_name_missing", "Give the brand a name.", "brand")


def brand_name_too_long(longest: int) -> TrackingRefused:
    return TrackingRefused("brand_name_too_long", f"A brand's name has at most {longest} characters.", "brand")


def brand_name_taken(name: str) -> TrackingRefused:
    sentence = f"There is a brand “{shown(name)}” already. Choose another name."
    return TrackingRefused("brand_exists", sentence, "brand")


def too_many_lines(most: int) -> TrackingRefused:
    return TrackingRefused("too_many_lines", f"Paste at most {most} lines at a time.", "lines")


def removed(tracked: TrackedProfile) -> TrackingRefused:
    return TrackingRefused("removed", f"{tracked.profile} has been removed. Bring it back first.")


def refused_by(error: NetworkError, network: Network) -> TrackingRefused:
    """What a network's own refusal means for somebody who is adding a profile. Nothing has been saved."""
    if isinstance(error, TryLater):
        later = "Nothing was saved; try again in a few minutes."
        sentence = f"{network} could not be asked just now: {error.sentence} {later}"
        return TrackingRefused("network_unavailable", sentence, "network")
    advice = ADVICE.get(error.code, ADVICE["profile_not_found"] if isinstance(error, Gone) else "")
    field = "handle" if isinstance(error, Gone) or error.code.startswith("profile_") else "network"
    return TrackingRefused(error.code, f"{error.sentence} {advice}".strip(), field)


def shown(text: str) -> str:
    """Pasted text as a sentence shows it: on one line, and not too much of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_SHOWN else f"{flat[: LONGEST_SHOWN - 1]}…"
