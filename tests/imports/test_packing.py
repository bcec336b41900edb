"""What was read of a file comes out of its bytes as it went in, whatever the format."""

import gzip

import msgspec
import pytest
from hypothesis import assume, given

from benchmark import imports
from benchmark.imports import FileRefused, ParsedFile
from tests.imports.drawing import drawn
from tests.imports.test_preview import META, scribbled

POSTS = drawn("""
    id | published_at         | kind  | text          | hashtags | reactions | reach | mood
    1  | 2026-02-01T10:00:00Z | photo | Größe & süß   | tide     | 100       | 20    | fine
    1  | 2026-02-01T10:00:00Z | photo | Größe & süß   | tide     | 100       | 20    | fine
    2  | someday              | link  | x             |          | 1         |       | fine
""")


def again(parsed: ParsedFile) -> ParsedFile | None:
    return imports.unpack(imports.pack(parsed, asked_zone="UTC"), asked_zone="UTC")


@pytest.mark.parametrize("parsed", [POSTS, imports.read(META)], ids=["posts", "an export"])
def test_what_was_read_is_there_again(parsed: ParsedFile):
    assert again(parsed) == parsed
    assert [str(problem) for problem in parsed.problems]


@given(scribbled())
def test_whatever_was_read_of_any_format_is_there_again(drawn_file):
    format_, file = drawn_file
    try:
        parsed = imports.read(file, format_.key)
    except FileRefused:
        assume(False)

    assert again(parsed) == parsed


def test_what_was_read_by_another_clock_is_not_taken():
    assert imports.unpack(imports.pack(POSTS, asked_zone="UTC"), asked_zone="Asia/Seoul") is None


def test_what_another_version_has_packed_is_not_taken():
    assert imports.unpack(gzip.compress(msgspec.msgpack.encode(["UTC", "plain_posts", 7])), asked_zone="UTC") is None
