"""Export files become the same records as a network's answers. Adding a format is a small file and a line here."""

from __future__ import annotations

from typing import Any, BinaryIO

from benchmark.imports.base import (
    BadRow,
    FileRefused,
    FollowersRow,
    Format,
    Holds,
    ParsedFile,
    PostRow,
    Problem,
)
from benchmark.imports.facebook_pages_2016 import FACEBOOK_PAGES_2016
from benchmark.imports.plain_followers import PLAIN_FOLLOWERS
from benchmark.imports.plain_posts import PLAIN_POSTS
from benchmark.imports.reading import read_file

FORMATS: dict[str, Format[Any]] = {
    format_.key: format_ for format_ in (PLAIN_POSTS, PLAIN_FOLLOWERS, FACEBOOK_PAGES_2016)
}
AUTO = "auto"


def read(file: bytes | BinaryIO, format: str = AUTO, *, holding: Holds | None = None) -> ParsedFile:  # noqa: A002
    """What a file holds, by the format that it names or that its header fits; `holding` asks for posts or followers.

    Bad rows are in the answer, each with its line and reason. A file that cannot be read at all raises `FileRefused`.
    """
    if format not in {AUTO, *FORMATS}:
        raise FileRefused("format_unknown", f"There is no format “{format}”. Known are {', '.join([AUTO, *FORMATS])}.")
    wanted = FORMATS.values() if format == AUTO else (FORMATS[format],)
    parsed = read_file(file, [*wanted])
    if holding is not None and parsed.format.holds is not holding:
        raise FileRefused("wrong_content", f"This file holds {parsed.format.holds}, not {holding}.")
    return parsed


__all__ = [
    "AUTO",
    "FORMATS",
    "BadRow",
    "FileRefused",
    "FollowersRow",
    "Format",
    "Holds",
    "ParsedFile",
    "PostRow",
    "Problem",
    "read",
]
