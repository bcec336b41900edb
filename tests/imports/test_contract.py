"""What every format and every refusal of a file promises: its words can be said in any language."""

from pathlib import Path
from typing import Any

import pytest

from benchmark import imports
from benchmark.imports import FORMATS, UNUSABLE, Format
from benchmark.imports.encodings import NOT_TEXT
from benchmark.imports.meanings import MEANINGS
from benchmark.imports.unusable import OF_FOLLOWERS, OF_POSTS
from tests.marks import marked_in, said_unmarked

SOURCES = sorted(Path(imports.__file__).parent.rglob("*.py"))

each_format = pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_refusal_is_marked_for_translation(source: Path):
    assert said_unmarked(source) == []


@each_format
def test_what_a_format_declares_to_people_is_marked_for_translation(format_: Format[Any]):
    assert {format_.label, *format_.notes} - marked_in(SOURCES) == set()


def test_what_is_said_of_columns_and_of_files_that_are_refused_is_marked_for_translation():
    declared = {*MEANINGS.values(), *OF_POSTS, *OF_FOLLOWERS, *NOT_TEXT.values()}
    declared |= {words for kind in UNUSABLE for words in (kind.label, kind.missing)}

    assert declared - marked_in(SOURCES) == set()


def test_what_templates_translate_holds_no_percent_sign():
    declared = [
        *MEANINGS.values(),
        *(words for format_ in FORMATS.values() for words in (format_.label, *format_.notes)),
    ]

    assert [words for words in declared if "%" in words] == []  # they would look for another sentence


@each_format
def test_every_column_that_a_format_reads_has_a_meaning(format_: Format[Any]):
    assert format_.words - MEANINGS.keys() == set()
