"""Why something is not tracked: a stable code for programs, and one sentence for people: what, where, what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.models import COMPETITOR_LIMIT, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, Network, NetworkError, TryLater
from benchmark.networks.silent import Silent
from benchmark.sentences import Translate

LONGEST_SHOWN = 60

# What helps, beside what a network itself says.
ADVICE: dict[str, Any] = {
    "profile_not_found": gettext_lazy("Check the spelling, or paste the profile's address."),
    "profile_private": gettext_lazy("Only public profiles can be compared."),
    "profile_suspended": gettext_lazy("Try again when it is back."),
    "profile_deactivated": gettext_lazy("Try again when it is back."),
    "credential_missing": gettext_lazy(
        "Ask whoever runs this installation, or add a key of your own to the workspace."
    ),
    "credential_refused": gettext_lazy("Check the key in the workspace's settings."),
}


class TrackingRefused(Exception):
    """What was asked is not done. `field` names the field of a form or request that has to change."""

    def __init__(self, code: str, sentence: str, field: str = "handle") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field

    def told(self, _translate: Translate) -> str:
        """The sentence, which is in the reader's language from the start: as what a lower layer refuses is told."""
        return self.sentence


def unknown_network(key: str) -> TrackingRefused:
    known = ", ".join(NETWORKS)
    sentence = _("There is no network “%(network)s”. Known are: %(known)s.") % {"network": shown(key), "known": known}
    return TrackingRefused("unknown_network", sentence, "network")


def unknown_role(role: str) -> TrackingRefused:
    sentence = _("“%(role)s” is no role. It is own or competitor.") % {"role": shown(role)}
    return TrackingRefused("unknown_role", sentence, "role")


def unknown_industry(key: str) -> TrackingRefused:
    sentence = _("There is no industry “%(industry)s”. Choose one of the list, or leave it empty.")
    return TrackingRefused("unknown_industry", sentence % {"industry": shown(key)}, "industry")


def nothing_given() -> TrackingRefused:
    return TrackingRefused("handle_missing", _("Give a handle, or paste the profile's address."))


def not_a_handle(text: str, network: Network) -> TrackingRefused:
    sentence = _("“%(text)s” is no handle on %(network)s. Write it like %(hint)s, or paste the profile's address.")
    words = {"text": shown(text), "network": network, "hint": _(network.handle_hint)}
    return TrackingRefused("handle_not_recognised", sentence % words)


def not_a_handle_anywhere(text: str) -> TrackingRefused:
    sentence = _("“%(text)s” is no handle on any network. Choose the network, or paste the profile's address.")
    return TrackingRefused("handle_not_recognised", sentence % {"text": shown(text)})


def wrong_network(text: str, asked: Network, meant: Network) -> TrackingRefused:
    sentence = _("“%(text)s” is an address on %(meant)s, not on %(asked)s. Add it under %(meant)s.")
    words = {"text": shown(text), "meant": meant, "asked": asked}
    return TrackingRefused("wrong_network", sentence % words, "network")


def gives_nothing(silent: Silent, field: str) -> TrackingRefused:
    return TrackingRefused("network_gives_nothing", _(silent.sentence), field)


def ambiguous(text: str, networks: list[Network]) -> TrackingRefused:
    names = _(" or ").join(network.label for network in networks)
    sentence = _("“%(text)s” could be on %(networks)s. Choose the network, or paste the profile's address.")
    return TrackingRefused("network_ambiguous", sentence % {"text": shown(text), "networks": names}, "network")


def not_fetchable(network: Network) -> TrackingRefused:
    sentence = _("%(network)s cannot be fetched yet. Import a file of the profile's posts instead.")
    return TrackingRefused("network_not_fetchable", sentence % {"network": network}, "network")


def from_a_file(tracked: TrackedProfile) -> TrackingRefused:
    network = tracked.on
    if not network.fetchable:
        return not_fetchable(network)
    sentence = _("%(profile)s is known from a file only. Add its handle on %(network)s to have it fetched.")
    return TrackingRefused("known_from_a_file", sentence % {"profile": tracked.profile, "network": network})


def limit_reached(network: Network) -> TrackingRefused:
    sentence = _(
        "All %(limit)s places for competitors on %(network)s are taken. Remove one, and its place is free again."
    )
    return TrackingRefused("competitor_limit_reached", sentence % {"limit": COMPETITOR_LIMIT, "network": network})


def already_tracked(tracked: TrackedProfile) -> TrackingRefused:
    if tracked.role == Role.OWN:
        sentence = _("%(profile)s is followed already, as an own account for %(brand)s.")
    else:
        sentence = _("%(profile)s is followed already, as the competitor in place %(slot)s for %(brand)s.")
    words = {"profile": tracked.profile, "slot": tracked.slot, "brand": tracked.brand}
    return TrackingRefused("already_tracked", sentence % words)


def brand_elsewhere() -> TrackingRefused:
    return TrackingRefused("brand_not_found", _("There is no such brand in this workspace."), "brand")


def brand_of_other_role(name: str, role: Role) -> TrackingRefused:
    if role is Role.OWN:
        sentence = _("The brand “%(brand)s” is a competitor's. Choose another, or give a name to make a new one.")
    else:
        sentence = _("The brand “%(brand)s” is one of our own. Choose another, or give a name to make a new one.")
    return TrackingRefused("brand_of_other_role", sentence % {"brand": shown(name)}, "brand")


def brand_name_missing() -> TrackingRefused:
    return TrackingRefused("brand_name_missing", _("Give the brand a name."), "brand")


def brand_name_too_long(longest: int) -> TrackingRefused:
    sentence = _("A brand's name has at most %(longest)s characters.") % {"longest": longest}
    return TrackingRefused("brand_name_too_long", sentence, "brand")


def brand_name_taken(name: str) -> TrackingRefused:
    sentence = _("There is a brand “%(brand)s” already. Choose another name.") % {"brand": shown(name)}
    return TrackingRefused("brand_exists", sentence, "brand")


def too_many_lines(most: int) -> TrackingRefused:
    sentence = _("Paste at most %(most)s lines at a time.") % {"most": most}
    return TrackingRefused("too_many_lines", sentence, "lines")


def removed(tracked: TrackedProfile) -> TrackingRefused:
    sentence = _("%(profile)s has been removed. Bring it back first.") % {"profile": tracked.profile}
    return TrackingRefused("removed", sentence)


def refused_by(error: NetworkError, network: Network) -> TrackingRefused:
    """What a network's own refusal means for somebody who is adding a profile. Nothing has been saved."""
    if error.code == "quota_used_up":
        return TrackingRefused(error.code, _("%(why)s Nothing was saved.") % {"why": error.told(_)}, "network")
    if isinstance(error, TryLater):
        sentence = _("%(network)s could not be asked just now: %(why)s Nothing was saved; try again in a few minutes.")
        words = {"network": network, "why": error.told(_)}
        return TrackingRefused("network_unavailable", sentence % words, "network")
    advice = ADVICE.get(error.code, ADVICE["profile_not_found"] if isinstance(error, Gone) else "")
    field = "handle" if isinstance(error, Gone) or error.code.startswith("profile_") else "network"
    return TrackingRefused(error.code, f"{error.told(_)} {advice}".strip(), field)


def shown(text: str) -> str:
    """Pasted text as a sentence shows it: on one line, and not too much of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_SHOWN else f"{flat[: LONGEST_SHOWN - 1]}…"
