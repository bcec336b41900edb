"""Every file format that Yardstick knows, by its key. Adding one is a file in this folder that declares a `Format`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from benchmark.imports.base import Format

FIRST = ("plain_posts", "plain_followers")  # what people who have the choice should write


def declared() -> Iterator[Format[Any]]:
    """The formats of all files in this folder."""
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Format):
                yield value


def in_order() -> list[Format[Any]]:
    """The plain ones first, the others by their names."""
    once = {format_.key: format_ for format_ in declared()}  # one may stand in another's file too
    rank = {key: place for place, key in enumerate(FIRST)}
    return sorted(once.values(), key=lambda each: (rank.get(each.key, len(rank)), each.label.lower()))


FORMATS: dict[str, Format[Any]] = {format_.key: format_ for format_ in in_order()}
