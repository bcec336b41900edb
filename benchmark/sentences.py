"""Sentences of the layers that know no Django: marked where they are written, translated by whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

Translate = Callable[[str], str]
Word = Union[str, "Sentence"]


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation, under the name by which `makemessages` finds it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: a marked form, and the words that stand in it where parts of it change.

    A word that is a sentence itself is translated too. Any other is shown as it is: a name, a number, what a file says.
    """

    form: str
    words: Mapping[str, Word] = field(default_factory=dict)

    def told(self, translate: Translate) -> str:
        """The sentence in the language of `translate`."""
        form = translate(self.form)
        if not self.words:
            return form
        told = {name: word.told(translate) if isinstance(word, Sentence) else word for name, word in self.words.items()}
        return (form % told).strip()  # the last word may say nothing

    def __str__(self) -> str:
        """The sentence in English."""
        return self.told(str)


def said_already(text: str) -> Sentence:
    """A text that is in the reader's language as it is."""
    return Sentence("%(text)s", {"text": text})


class Told(Exception):
    """An error that is told to people: `sentence` says it in English, `told` in other languages."""

    def __init__(self, form: str, **words: Word) -> None:
        self.said = Sentence(form, words)
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        return str(self.said)

    def told(self, translate: Translate) -> str:
        """What it says, in the language of `translate`."""
        return self.said.told(translate)
