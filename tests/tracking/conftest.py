from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from accounts.models import Workspace
    from benchmark.models import TrackedProfile
    from tests.tracking.outside import Outside


@pytest.fixture
def outside() -> Outside:
    """A Bluesky where anna, bert and cleo are."""
    from tests.tracking.outside import Outside

    outside = Outside()
    for handle in ("anna.example.org", "bert.example.org", "cleo.example.org"):
        outside.has(handle)
    return outside


@pytest.fixture
def workspace(db: None) -> Workspace:
    from tests.factories.accounts import WorkspaceFactory

    return WorkspaceFactory.create()


@pytest.fixture
def follow(workspace: Workspace, outside: Outside) -> Callable[..., TrackedProfile]:
    """Follow a pasted text on Bluesky, as a door would."""
    from benchmark import tracking
    from tests.factories.rows import NOON

    def follow(text: str, *, network: str | None = "bluesky", **how: Any) -> TrackedProfile:
        how = {"workspace": workspace, "door": outside.door(), "by": tracking.By.command(), "now": NOON, **how}
        return tracking.track(how.pop("workspace"), network, text, **how)

    return follow
