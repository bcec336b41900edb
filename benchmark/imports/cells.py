"""The cells of one row, read one by one. A value that cannot be read raises `BadRow` with a reason that names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from benchmark.imports.base import BadRow, FileRefused, shown
from benchmark.imports.times import ISO, in_utc, written
from benchmark.networks.parsing import LARGEST_COUNT, hashtags
from benchmark.sentences import Sentence, gettext_noop

LONGEST_ID = 255
LONGEST_TEXT = 100_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

# Whole numbers only, with the ".0" that spreadsheets and data frames put behind them.
COUNT = re.compile(r"([0-9]{1,40})(?:\.0+)?")
ROUNDED_ID = re.compile(r"-?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
BROKEN_FORMULA = re.compile(r"#(?:NAME\?|VALUE!|REF!|DIV/0!|N/A|NUM!|NULL!)")
HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d]\w*)")
# What spreadsheets make of decimals that look like a day to them: 3.May, 3-May, May-03, and whole dates.
BECAME_A_DATE = re.compile(
    r"[0-9]{1,2}[./-] ?[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?[./-][0-9]{1,4}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:.]+)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a format's columns stand in a file, what the file calls them, and how its values are to be read."""

    place: Mapping[str, int]
    name: Mapping[str, str]
    zone: ZoneInfo
    blank: frozenset[str] = frozenset()
    thousands: str = ""


class Cells:
    """One row of a file by the words of its format."""

    __slots__ = ("_layout", "_values", "line")

    def __init__(self, values: list[str], layout: Layout, *, line: int) -> None:
        self._values = values
        self._layout = layout
        self.line = line

    def called(self, word: str) -> str:
        """What the file calls a column."""
        return self._layout.name.get(word, word)

    def value(self, word: str) -> str:
        """What stands in a column; empty where the file has none, and where it says that it knows nothing."""
        place = self._layout.place.get(word)
        value = self._values[place].strip() if place is not None and place < len(self._values) else ""
        blank = self._layout.blank
        return "" if blank and value.casefold() in blank else value

    def text(self, word: str, *, longest: int = LONGEST_TEXT) -> str:
        """The words in a column; empty where the file has none."""
        value = self.value(word)
        if len(value) > longest:
            form = gettext_noop("%(column)s is longer than %(longest)s characters")
            raise BadRow(form, column=self.called(word), longest=f"{longest:,}")
        return value

    def needed(self, word: str, *, longest: int = LONGEST_TEXT) -> str:
        """The words in a column that no row may leave blank."""
        value = self.text(word, longest=longest)
        if not value:
            raise self.blank(word)
        return value

    def identity(self, word: str) -> str:
        """An id, which is text: one that a spreadsheet has turned into a number or a formula is lost."""
        value = self.needed(word, longest=LONGEST_ID)
        if value.startswith('="') and value.endswith('"'):  # how people keep a spreadsheet from reading a number
            value = value[2:-1].strip()
        if ROUNDED_ID.fullmatch(value):
            raise self.unfit(
                word, value, gettext_noop("%(column)s %(value)s was rounded by a spreadsheet. Export it as text")
            )
        if BROKEN_FORMULA.fullmatch(value):
            form = gettext_noop("%(column)s %(value)s is what a spreadsheet left of an id. Export it as text")
            raise self.unfit(word, value, form)
        if not value:
            raise self.blank(word)
        return value

    def count(self, word: str) -> int | None:
        """A count. Blank is None: not known, which is not zero."""
        value = self.value(word)
        if not value:
            return None
        if self._layout.thousands:
            value = re.sub(rf"(?<=[0-9]){re.escape(self._layout.thousands)}(?=[0-9]{{3}}(?![0-9]))", "", value)
        whole = COUNT.fullmatch(value)
        if whole is None:
            if BECAME_A_DATE.fullmatch(value):
                raise numbers_became_dates(self.called(word), value)
            raise self.unfit(word, value, gettext_noop("%(column)s %(value)s is not a whole number"))
        number = int(whole[1])
        if number > LARGEST_COUNT:
            raise self.unfit(word, value, gettext_noop("%(column)s %(value)s is larger than any count can be"))
        return number

    def sum_of(self, *words: str) -> int | None:
        """The sum of counts, of which those that the row leaves blank are nothing; None where it leaves all blank."""
        known = [count for word in words if (count := self.count(word)) is not None]
        return sum(known) if known else None

    def moment(
        self, word: str, way: re.Pattern[str] = ISO, *, example: str = "2026-03-01T09:30:00Z", text: str | None = None
    ) -> datetime:
        """A moment in UTC, by the file's own clock; a zone that is written beside the time wins.

        `text` stands for what is in the column, where a format writes it in an unusual way or in two columns.
        """
        value = text if text is not None else self.needed(word)
        try:
            read = written(value, way)
            if read is None:
                form = gettext_noop("%(column)s %(value)s is not a time such as %(example)s")
                raise self.unfit(word, value, form, example=example)
            result = in_utc(read, self._layout.zone)
        except (ValueError, OverflowError) as error:
            raise self.unfit(word, value, gettext_noop("%(column)s %(value)s is no day or time that exists")) from error
        if result < EARLIEST:
            raise self.unfit(word, value, gettext_noop("%(column)s %(value)s lies before 1990"))
        return result

    def address(self, word: str) -> str:
        """A web address, or nothing. Any other scheme is refused: people will click on it."""
        value = self.text(word, longest=2_000)
        if value and not value.lower().startswith(("https://", "http://")):
            raise self.unfit(word, value, gettext_noop("%(column)s %(value)s does not begin with https://"))
        return value

    def blank(self, word: str) -> BadRow:
        """The refusal of a row that leaves blank what it may not."""
        return BadRow(gettext_noop("%(column)s is blank"), column=self.called(word))

    def unfit(self, word: str, value: str, form: str, **words: str) -> BadRow:
        """The refusal of a row for what stands in a column. The form names `%(column)s` and `%(value)s`."""
        return BadRow(form, column=self.called(word), value=shown(value), **words)


def numbers_became_dates(where: str, value: str) -> FileRefused:
    """The refusal of a file whose numbers are lost: one such value is enough, because the others are no surer.

    `where` is the column or the row in which it stands; empty where that has no name.
    """
    form = gettext_noop(
        "In %(where)s stands %(value)s where a number belongs: a spreadsheet has turned decimals into dates, and the "
        "numbers are lost. Download the file again and import it without opening it."
    )
    place = shown(where) if where else Sentence(gettext_noop("a row without a name"))
    return FileRefused("numbers_became_dates", form, where=place, value=shown(value))


def hashtags_in(text: str) -> tuple[str, ...]:
    """The hashtags of a text, each once, without the sign; a number alone is none."""
    return hashtags(HASHTAG.findall(text))
