"""Export files become the same records as a network's answers. Adding a format is one small file in `formats/`."""

from __future__ import annotations

from typing import BinaryIO

from benchmark.imports.base import (
    BadRow,
    FileRefused,
    FollowersRow,
    Format,
    Holds,
    Owner,
    ParsedFile,
    PostRow,
    Problem,
)
from benchmark.imports.formats import FORMATS
from benchmark.imports.packing import pack, unpack
from benchmark.imports.preview import Preview, preview_of
from benchmark.imports.reading import read_file
from benchmark.imports.unusable import UNUSABLE
from benchmark.imports.whose import Choice, Named, whose
from benchmark.sentences import gettext_noop

AUTO = "auto"
HOLDS_SOMETHING_ELSE = {
    Holds.POSTS: gettext_noop("This file holds posts, not followers."),
    Holds.FOLLOWERS: gettext_noop("This file holds followers, not posts."),
}


def read(
    file: bytes | BinaryIO,
    format: str = AUTO,  # noqa: A002  the word for it
    *,
    holding: Holds | None = None,
    zone: str | None = None,
) -> ParsedFile:
    """What a file holds, by the format that it names or that its header fits; `holding` asks for posts or followers.

    `zone` is the clock of times without a zone, for formats that do not say which it is. Bad rows are in the answer,
    each with its line and reason. A file that cannot be read at all raises `FileRefused`.
    """
    if format == AUTO:
        parsed = read_file(file, [*FORMATS.values()], unusable=UNUSABLE, zone=zone)
    elif format in FORMATS:
        parsed = read_file(file, [FORMATS[format]], zone=zone)
    else:
        form = gettext_noop("There is no format “%(format)s”. Known are %(known)s.")
        raise FileRefused("format_unknown", form, format=format, known=", ".join([AUTO, *FORMATS]))
    if holding is not None and parsed.format.holds is not holding:
        raise FileRefused("wrong_content", HOLDS_SOMETHING_ELSE[parsed.format.holds])
    return parsed


def preview(file: bytes | BinaryIO, name: str, format: str = AUTO, *, zone: str | None = None) -> Preview:  # noqa: A002
    """What a file would bring, before anything is stored; one that cannot be imported says why."""
    try:
        return preview_of(read(file, format, zone=zone), name=name)
    except FileRefused as refusal:
        return Preview(name=name, refusal=refusal)


__all__ = [
    "AUTO",
    "FORMATS",
    "UNUSABLE",
    "BadRow",
    "Choice",
    "FileRefused",
    "FollowersRow",
    "Format",
    "Holds",
    "Named",
    "Owner",
    "ParsedFile",
    "PostRow",
    "Preview",
    "Problem",
    "pack",
    "preview",
    "preview_of",
    "read",
    "unpack",
    "whose",
]
