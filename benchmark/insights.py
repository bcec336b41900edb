"""Findings in plain sentences."""

from __future__ import annotations

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    """One finding: what it is about (`leads`, `we_stand`, `watch`), its code, its text, and the rows that it names."""

    about: str
    code: str
    text: str
    metric: str | None = None
    tracked_ids: tuple[int, ...] = ()
