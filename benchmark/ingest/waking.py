"""Profiles that wait for a key are due at once when there is one that may help, instead of within the hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.models import Credential, CredentialState, Workspace
from benchmark.ingest.keys import QUOTA_USED_UP
from benchmark.models import Profile, State, TrackedProfile
from benchmark.networks.http import utcnow

WAIT_FOR_A_KEY = Q(state=State.NEEDS_ATTENTION, state_code__startswith="credential_") | Q(state_code=QUOTA_USED_UP)


def wake(network: str, *, workspace: Workspace | None, now: datetime) -> int:
    """Make due what waits for a key of a network: what the key's workspace reads, or all where the key is everybody's.

    Says how many profiles that are.
    """
    waiting = Profile.objects.fetched().filter(WAIT_FOR_A_KEY, network=network, due_at__gt=now)
    if workspace is not None:
        reading = TrackedProfile.objects.current().filter(workspace=workspace, paused_at=None)
        waiting = waiting.filter(pk__in=reading.values("profile"))
    return waiting.update(due_at=now)


def wake_with(credential: Credential, *, now: datetime) -> int:
    """Make due what a key that works may help."""
    if credential.state != CredentialState.WORKING:
        return 0
    return wake(credential.network, workspace=credential.workspace, now=now)


def wake_when_kept(instance: Credential, **_: Any) -> None:
    """A receiver of `post_save`, so that no door on which a key is entered has to think of it."""
    wake_with(instance, now=utcnow())


def wake_with_the_environments_keys(*, now: datetime) -> int:
    """Make due what the keys of the environment may help: whoever starts a worker may have changed them."""
    given = [network for network, key in settings.NETWORK_KEYS.items() if key]
    return sum(wake(network, workspace=None, now=now) for network in given)
