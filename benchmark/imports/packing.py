"""What was read of a file, as bytes and back: so that a large file is read once, for its preview and for its import."""

from __future__ import annotations

import gzip
from dataclasses import fields
from typing import Any

import msgspec

from benchmark.imports.base import FollowersRow, ParsedFile, PostRow, Problem
from benchmark.imports.formats import FORMATS
from benchmark.sentences import Sentence


class Packed(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A file that was read, with its format by its key; `asked_zone` is the clock that somebody had named."""

    asked_zone: str
    format: str
    encoding: str
    zone: str
    posts: tuple[PostRow, ...]
    followers: tuple[FollowersRow, ...]
    problems: tuple[Problem, ...]
    duplicates: int
    columns: dict[str, str]
    fields: frozenset[str]
    ignored: tuple[str, ...]
    warnings: tuple[Sentence, ...]


def pack(parsed: ParsedFile, *, asked_zone: str) -> bytes:
    """What was read of a file, small enough to be kept."""
    known = {field.name: getattr(parsed, field.name) for field in fields(parsed)}
    packed = Packed(**known | {"format": parsed.format.key, "asked_zone": asked_zone})
    return gzip.compress(msgspec.msgpack.encode(packed), 1)


def unpack(data: bytes, *, asked_zone: str) -> ParsedFile | None:
    """What was read of a file; None where another clock is asked for, or where another version has packed it."""
    try:
        packed = msgspec.msgpack.decode(gzip.decompress(data), type=Packed)
    except msgspec.DecodeError:
        return None
    if packed.asked_zone != asked_zone or packed.format not in FORMATS:
        return None
    known: dict[str, Any] = {field.name: getattr(packed, field.name) for field in fields(ParsedFile)}
    return ParsedFile(**known | {"format": FORMATS[packed.format]})
