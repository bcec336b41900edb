"""A key is tried on a profile that everybody may read: what it can do, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Credential
from accounts.vault import UnreadableSecretError
from benchmark.ingest.doors import Door
from benchmark.ingest.keys import Clock, left_of
from benchmark.ingest.waking import wake_with
from benchmark.networks import NETWORKS
from benchmark.networks.base import Get, NeedsAttention, Network, NetworkError


@dataclass(frozen=True, slots=True)
class Trial:
    """How a key did. `sentences` say what it can do, what is missing and what is left of its budget."""

    works: bool
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.sentences)


def try_key(credential: Credential, *, door: Door, clock: Clock) -> Trial:
    """Try a stored key. One that works wakes what waits for it; one that its network refuses is set aside.

    It costs what the network counts for a profile and a page of posts; where posts cost money, the profile alone.
    """
    network = NETWORKS[credential.network]
    try:
        get = door.with_key(network, credential, clock=clock)
    except UnreadableSecretError as error:
        return Trial(works=False, sentences=(str(error),))
    trial = _tried(network, get)
    if trial.works:
        credential.trust_again()
        wake_with(credential, now=clock())
    (left,) = left_of([(network, credential.fingerprint)], now=clock())
    return Trial(trial.works, (*trial.sentences, left)) if left else trial


def _tried(network: Network, get: Get) -> Trial:
    reference = network.recognise(network.sample) or network.sample
    names = {"network": network.label, "profile": network.sample}
    try:
        record = network.find(get, reference)
    except NetworkError as error:
        refused = isinstance(error, NeedsAttention)
        verdict = _("The key does not work.") if refused else _("The key could not be tried.")
        return Trial(works=False, sentences=(verdict, error.told(_)))
    if not network.lists_posts:
        found = _("The key works: it reads profiles on %(network)s, tried on %(profile)s.") % names
        return Trial(works=True, sentences=(found, _(network.not_published_because)))
    if network.quota is not None and network.quota.monthly:
        untried = _("The key works: it read the profile %(profile)s. Posts were not tried, since they cost money.")
        return Trial(works=True, sentences=(untried % names,))
    try:
        next(iter(network.posts(get, network.asked_by(record))), None)
    except NetworkError as error:
        lacking = _("The key reads profiles on %(network)s, but not posts.") % names
        return Trial(works=True, sentences=(lacking, error.told(_)))
    return Trial(
        works=True,
        sentences=(_("The key works: it reads profiles and posts on %(network)s, tried on %(profile)s.") % names,),
    )
