"""That the check of marks finds what is not marked, in every way in which a sentence may be written."""

from pathlib import Path

import pytest

from tests.marks import marked_in, said_unmarked

SOURCE = """
LOST = gettext_noop("It is lost.")
PLAIN = "It is plain."
EITHER = {1: gettext_noop("One."), 2: "Two."}
KINDS = {"a": gettext_noop("An a."), "b": gettext_noop("A b.")}

def say(told, many, form):
    sentence = gettext_noop("%(what)s is " "gone.") if told else LOST
    raise FileRefused("code", SAID, what=Sentence("%(this)s %(that)s", told))
    for key, what in KINDS.items():
        ...
"""


@pytest.mark.parametrize(
    "said",
    ["LOST", "sentence", "KINDS['a']", "what", "form", "'%(this)s: %(that)s'", "gettext_noop('Now.')"],
)
def test_a_marked_sentence_is_found_to_be_marked(tmp_path: Path, said: str):
    assert said_unmarked(drawn(tmp_path, said)) == []


@pytest.mark.parametrize(
    "said",
    [
        "PLAIN",
        "EITHER[2]",
        "'Gone.'",
        "f'{told} is gone.'",
        "'a' + told",
        "'%s is gone' % told",
        "LOST if told else PLAIN",
    ],
)
def test_a_sentence_without_a_mark_is_named(tmp_path: Path, said: str):
    (named,) = said_unmarked(drawn(tmp_path, said))

    assert named.startswith("source.py:9: ")


def test_a_marked_sentence_is_known_whole(tmp_path: Path):
    assert marked_in([drawn(tmp_path, "LOST")]) == {"It is lost.", "One.", "An a.", "A b.", "%(what)s is gone."}


def drawn(folder: Path, said: str) -> Path:
    """A file that refuses with this sentence."""
    file = folder / "source.py"
    file.write_text(SOURCE.replace("SAID", said))
    return file
