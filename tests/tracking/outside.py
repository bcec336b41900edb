"""Bluesky as a test draws it: profiles by handle, answered in Bluesky's own words through the real declaration."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from benchmark.ingest import Door
from benchmark.networks.base import Answer, Get, Gone, Network, NetworkError
from benchmark.networks.bluesky import BLUESKY
from tests.factories.rows import NOON


def picture() -> bytes:
    """A picture that can be opened."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()


class Outside:
    """What lies behind the door. Profiles are named by handle; each has an id, a name and followers."""

    def __init__(self) -> None:
        self.profiles: dict[str, dict[str, Any]] = {}
        self.trouble: NetworkError | None = None
        self.asked: list[tuple[str, bool]] = []
        self.before_answer: Callable[[], None] = lambda: None

    def has(self, handle: str, *, did: str = "", name: str = "", followers: int = 1_000, labels: Any = ()) -> str:
        """Let there be a profile of this handle. Returns its id."""
        did = did or f"did:plc:{handle.replace('.', '')}"
        self.profiles[handle] = {
            "did": did,
            "handle": handle,
            "displayName": name or handle.partition(".")[0].title(),
            "avatar": f"https://cdn.example.org/{handle}.jpg",
            "followersCount": followers,
            "followsCount": 10,
            "postsCount": 100,
            "labels": [*labels],
        }
        return did

    def door(self, **keys: str) -> Door:
        return Door(self, keys=keys)

    def open(self, network: Network, *, pretend: bool = False, **_how: Any) -> Get:
        assert network is BLUESKY

        def get(url: str, params: Mapping[str, Any] | None = None, *, body: Any = None) -> Answer:
            actor = str((params or {}).get("actor"))
            self.asked.append((actor, pretend))
            self.before_answer()
            if self.trouble is not None:
                raise self.trouble
            if actor not in self.profiles:
                raise Gone("profile_not_found", "Bluesky knows no profile of this name.")
            return Answer(url, 200, {}, json.dumps(self.profiles[actor]).encode(), NOON)

        return get

    def picture(self, url: str, **_how: Any) -> bytes | None:
        return picture() if url.startswith("https://cdn.example.org/") else None
