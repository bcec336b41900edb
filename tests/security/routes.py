"""Every address that the product answers, found by walking Django's resolver, and how a test fills it in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, resolve

PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver: how it is written, what it is called, and what answers."""

    pattern: str
    name: str
    view: Any

    @property
    def door(self) -> str:
        """`admin`, `api` or `pages`."""
        first = self.pattern.partition("/")[0]
        return first if first in {"admin", "api"} else "pages"

    @property
    def places(self) -> frozenset[str]:
        """The names of what has to be filled in."""
        return frozenset(filter(None, (name for found in PLACE.findall(self.pattern) for name in found)))

    def filled(self, values: Mapping[str, Any]) -> str:
        """The address with these values. KeyError: nobody has said what belongs there."""
        path = PLACE.sub(lambda found: str(values[found[1] or found[2]]), self.pattern)
        address = "/" + path.replace("^", "").replace("$", "").replace("\\", "")
        assert resolve(address).func is self.view, f"{address} is not answered by {self}"
        return address

    def __str__(self) -> str:
        return f"{self.name} ({self.pattern})"


def routes() -> list[Route]:
    """All of them. Of two with one pattern only the first ever answers."""
    found: dict[str, Route] = {}
    for route in walk(get_resolver().url_patterns):
        found.setdefault(route.pattern, route)
    return list(found.values())


def walk(patterns: Any, before: str = "", inside: tuple[str, ...] = ()) -> Iterator[Route]:
    for found in patterns:
        pattern = before + str(found.pattern)
        if isinstance(found, URLPattern):
            yield Route(pattern, ":".join([*inside, found.name or ""]), found.callback)
        else:
            yield from walk(found.url_patterns, pattern, (*inside, found.namespace) if found.namespace else inside)
