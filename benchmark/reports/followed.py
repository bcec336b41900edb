"""Whom a workspace follows on one network, and what is known about reading them: one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from benchmark.metrics.asking import ask
from benchmark.metrics.frame import Source, Subject
from benchmark.models import Role
from benchmark.models.standing import standing_of
from benchmark.networks import NETWORKS

FOLLOWED = """
SELECT tracked.id, tracked.network, tracked.role, tracked.paused_at, brand.id, brand.name, brand.colour, brand.industry,
       profile.id, profile.handle, profile.name, profile.url, profile.pretend, avatar.profile_id IS NOT NULL,
       profile.workspace_id IS NOT NULL, profile.lacks, profile.history_from, profile.history_to, profile.read_at,
       profile.state, profile.state_code, profile.state_sentence,
       file.id, file.lacks, file.history_from, file.history_to,
       count(*) OVER (PARTITION BY brand.name) > 1
  FROM benchmark_trackedprofile AS tracked
  JOIN benchmark_brand AS brand ON brand.id = tracked.brand_id
  JOIN benchmark_profile AS profile ON profile.id = tracked.profile_id
  LEFT JOIN benchmark_profile AS file ON file.id = tracked.file_profile_id
  LEFT JOIN benchmark_avatar AS avatar ON avatar.profile_id = profile.id
 WHERE tracked.workspace_id = %(workspace)s AND tracked.network = %(network)s AND tracked.removed_at IS NULL
 ORDER BY (tracked.role = 'own') DESC, tracked.slot, tracked.id
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """A row of a report before it has figures, in the order of the query's columns."""

    tracked_id: int
    network: str
    role: str
    paused_at: datetime | None
    brand_id: int
    brand: str
    colour: str
    industry: str
    profile_id: int
    handle: str
    profile_name: str
    url: str
    pretend: bool
    has_avatar: bool
    from_file: bool
    lacks: list[str]
    history_from: date | None
    history_to: datetime | None
    read_at: datetime | None
    state: str
    state_code: str
    state_sentence: str
    file_id: int | None
    file_lacks: list[str] | None
    file_from: date | None
    file_to: datetime | None
    brand_has_others: bool

    @property
    def own(self) -> bool:
        return self.role == Role.OWN

    @property
    def name(self) -> str:
        """What people call it."""
        return self.profile_name or self.handle

    @property
    def label(self) -> str:
        """What the page calls it: its brand, with the handle where a brand has several profiles here."""
        return f"{self.brand} ({self.shown_handle})" if self.brand_has_others else self.brand

    @property
    def shown_handle(self) -> str:
        """The handle as the network writes it."""
        return NETWORKS[self.network].shown_handle(self.handle)

    @property
    def standing(self) -> str:
        """How reading it stands, in one word."""
        return standing_of(
            removed_at=None,
            paused_at=self.paused_at,
            from_file=self.from_file,
            history_to=self.history_to,
            state=self.state,
        )

    @property
    def subject(self) -> Subject:
        """The profiles that its figures are made of."""
        first = Source(
            profile_id=self.profile_id,
            history_from=self.history_from,
            history_to=self.history_to,
            from_file=self.from_file,
            lacks=frozenset(self.lacks),
        )
        if self.file_id is None:
            return Subject((first,), own=self.own)
        file = Source(
            profile_id=self.file_id,
            history_from=self.file_from,
            history_to=self.file_to,
            from_file=True,
            lacks=frozenset(self.file_lacks or ()),
        )
        return Subject((first, file), own=self.own)


def followed(workspace_id: int, network: str) -> list[Followed]:
    """Everybody who is followed and not removed: own accounts first, then by slot."""
    answer = ask(FOLLOWED, {"workspace": workspace_id, "network": network})
    return [Followed(*row) for row in answer()]
