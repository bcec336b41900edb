"""Published figures: facts with their source, year and full definition, shipped as data and loaded from files.

Nothing is overwritten. A figure is known by `models.IDENTITY`; one that is there with other content is corrected: the
old row stays, with the moment at which it was replaced.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils.translation import gettext as _

from benchmark.industry.definition import BY_FOLLOWER, NOT_STATED
from benchmark.metrics.base import Statistic, Unit
from benchmark.models import INDUSTRIES, IndustryFigure
from benchmark.models.figure import ALL, figure_networks
from benchmark.networks.base import COUNTS

FILE = Path(__file__).with_name("published.csv")
NAMES = Path(__file__).with_name("industries.csv")
LARGEST = 1_000_000  # characters of a file

COLUMNS = (
    "publisher", "source", "source_url", "year", "edition", "network", "industry", "follower_tier", "post_format",
    "measure", "parts", "denominator", "over_posts", "over_profiles", "value", "unit", "profiles", "target", "note",
)  # fmt: skip
NEEDED = ("publisher", "source", "network", "industry", "measure", "parts", "over_posts", "over_profiles", "unit")
OURS = "our_industry"  # a column for publishers' names that are in no table yet
YES_OR_NO = {"yes": True, "": True, "no": False}

# The words of a definition: ours, and those for what others measure and we do not.
VOCABULARY: dict[str, frozenset[str]] = {
    "parts": frozenset(
        {*COUNTS, "interactions", "posts", "followers", "reach", "impressions", "viewers", "profiles", "link clicks"}
    ),
    "denominator": frozenset(
        {*BY_FOLLOWER, "", "followers_at_start", "views", "reach", "impressions", "profiles", "year_before", NOT_STATED}
    ),
    "over_posts": frozenset({*Statistic, "per_month", "change", NOT_STATED}),
    "over_profiles": frozenset(
        {"median", "mean", "p10", "p25", "p75", "p90", "share", "assumption", NOT_STATED}
    ),
    "unit": frozenset(
        {*Unit, "per_day", "per_month", "per_1000_impressions", "ratio", "percent_as_printed", "percent_change",
         "percent_per_month", "percent_per_year"}
    ),
}  # fmt: skip
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)

CONTENT = tuple(
    field.name
    for field in IndustryFigure._meta.concrete_fields
    if field.name not in {"id", "added_at", "replaced_at", "industry"}
)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be a figure, with the reason in a sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: figures that are not stored, each with its line, and lines that are refused."""

    figures: tuple[tuple[int, IndustryFigure], ...]
    refused: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that is there, and what is to take its place."""

    old: IndustryFigure
    new: IndustryFigure

    @property
    def differs(self) -> list[tuple[str, Any, Any]]:
        """Each field in which they differ, as it is and as it will be."""
        both = ((name, getattr(self.old, name), getattr(self.new, name)) for name in CONTENT)
        return [(name, before, after) for name, before, after in both if before != after]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring. A file with refused lines brings nothing."""

    new: tuple[IndustryFigure, ...]
    changed: tuple[Correction, ...]
    unchanged: int
    refused: tuple[BadLine, ...]

    @property
    def figures(self) -> list[IndustryFigure]:
        """What would be stored."""
        return [*self.new, *(each.new for each in self.changed)]


class FileRefused(ValueError):
    """A text that is no table of figures. `sentence` is for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- reading ---------------------------------------------------------------------------------------------------------


def read(text: str) -> Read:
    """The figures of a CSV in the form of the shipped one. Raises `FileRefused` where it has another form."""
    if len(text) > LARGEST:
        raise FileRefused(_("The file is larger than %(most)d characters.") % {"most": LARGEST})
    if "\x00" in text:
        raise FileRefused(_("The file is no text. Save it as CSV in UTF-8."))
    lines = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        _check_heads(lines.fieldnames or ())
        found, refused = _figures(lines)
    except csv.Error as error:
        raise FileRefused(
            _("Near line %(line)d the file cannot be read as CSV: %(error)s.")
            % {"line": lines.line_num, "error": error}
        ) from error
    if not (found or refused):
        raise FileRefused(_("The file has no line below its heads."))
    return Read(tuple(found), tuple(refused))


def _check_heads(heads: Sequence[str]) -> None:
    missing = [name for name in (*NEEDED, "value") if name not in heads]
    unknown = [name for name in heads if name not in (*COLUMNS, OURS)]
    if missing:
        sentence = _("The file has no column “%(name)s”. Its heads are those of the shipped file: %(names)s.")
        raise FileRefused(sentence % {"name": missing[0], "names": ", ".join(COLUMNS)})
    if unknown:
        sentence = _("The column “%(name)s” is not known. Take it out, or use one of: %(names)s.")
        raise FileRefused(sentence % {"name": unknown[0][:40], "names": ", ".join((*COLUMNS, OURS))})


def _figures(lines: csv.DictReader[str]) -> tuple[list[tuple[int, IndustryFigure]], list[BadLine]]:
    found: list[tuple[int, IndustryFigure]] = []
    refused: list[BadLine] = []
    places: dict[tuple[object, ...], int] = {}
    for cells in lines:
        number = lines.line_num
        try:
            figure = _figure(cells)
            first = places.setdefault(figure.identity, number)
            if first != number:
                raise ValueError(_("Line %(line)d has the same figure already.") % {"line": first})
        except ValueError as error:
            refused.append(BadLine(number, str(error)))
        else:
            found.append((number, figure))
    return found, refused


def _figure(cells: Mapping[str | Any, Any]) -> IndustryFigure:
    """The figure of a line. Raises `ValueError` with the sentence that says what is wrong with it."""
    if None in cells or None in cells.values():
        raise ValueError(_("The line has not as many cells as the file has heads."))
    given = {name: str(cell).strip() for name, cell in cells.items()}
    if missing := next((name for name in NEEDED if not given[name]), None):
        raise ValueError(_("“%(name)s” is empty.") % {"name": missing})
    if given["network"] not in dict(figure_networks()):
        raise ValueError(_("There is no network “%(name)s”.") % {"name": given["network"][:40]})
    for _name, sentence in wrong_words(given):
        raise ValueError(sentence)
    theirs, ours = given.pop("industry"), given.pop(OURS, "")
    figure = IndustryFigure(
        **given
        | {
            "published_industry": theirs,
            "industry": _our_industry(given["publisher"], theirs, ours),
            "year": _whole(given.get("year", ""), "year", least=1990, most=2200),
            "profiles": _whole(given.get("profiles", ""), "profiles", least=1),
            "value": _number(given["value"]),
            "target": _yes_or_no(given.get("target", "")),
        }
    )
    _check_lengths(figure)
    return figure


def wrong_words(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each word that is in no definition, with its sentence: misspelt, a figure would stand beside nothing."""
    for name, words in VOCABULARY.items():
        said = given.get(name, "")
        for word in said.split("+") if name == "parts" else [said]:
            if word not in words:
                known = ", ".join(sorted(filter(None, words)))
                sentence = _("“%(word)s” is no word for “%(name)s”. Known: %(known)s.")
                yield name, sentence % {"word": word[:40], "name": name, "known": known}


def _our_industry(publisher: str, theirs: str, ours: str) -> str:
    """The industry of ours that a publisher means; a name that no table has says it in a column of its own."""
    if ours:
        if ours not in {ALL, *INDUSTRIES}:
            raise ValueError(_("There is no industry “%(name)s” here.") % {"name": ours[:40]})
        return ours
    names = our_industries()
    known = names.get((publisher.casefold(), theirs.casefold())) or names.get(("", theirs.casefold()))
    if known is None:
        sentence = _("“%(name)s” is no industry that is known of %(publisher)s. Name ours in a column “%(column)s”.")
        raise ValueError(sentence % {"name": theirs[:60], "publisher": publisher[:60], "column": OURS})
    return known


@cache
def our_industries() -> dict[tuple[str, str], str]:
    """Which industry of ours each publisher's name means; without a publisher, our own keys and names."""
    own = {("", name.casefold()): key for key, label in INDUSTRIES.items() for name in (key, label)}
    with NAMES.open(encoding="utf-8", newline="") as lines:
        theirs = {
            (line["publisher"].casefold(), line["theirs"].casefold()): line["ours"] for line in csv.DictReader(lines)
        }
    return {("", ALL): ALL} | own | theirs


def _whole(text: str, name: str, *, least: int, most: int = 10**9) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise ValueError(_("“%(text)s” is no number for “%(name)s”.") % {"text": text[:40], "name": name})
    return int(text)


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text) or abs(float(text)) >= 1e15:
        raise ValueError(_("“%(text)s” is no number. Write it as 0.046.") % {"text": text[:40]})
    return float(text)


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES_OR_NO:
        raise ValueError(_("“target” is either yes or no."))
    return YES_OR_NO[text.casefold()]


def _check_lengths(figure: IndustryFigure) -> None:
    for field in IndustryFigure._meta.concrete_fields:
        length = getattr(field, "max_length", None)
        if length and len(getattr(figure, field.name)) > length:
            name = "industry" if field.name == "published_industry" else field.name
            raise ValueError(_("“%(name)s” is longer than %(most)d characters.") % {"name": name, "most": length})
    if figure.source_url:
        try:
            URLValidator(schemes=("http", "https"))(figure.source_url)
        except ValidationError:
            raise ValueError(_("“%(url)s” is no address.") % {"url": figure.source_url[:80]}) from None


# --- loading ---------------------------------------------------------------------------------------------------------


def preview(text: str) -> Preview:
    """What a file would bring, compared with what is there. Raises `FileRefused`."""
    found = read(text)
    return _compared([figure for _line, figure in found.figures], found.refused)


@transaction.atomic
def store(figures: Iterable[IndustryFigure], *, now: datetime) -> int:
    """Add figures; one that is there with other content is replaced and stays. Returns how many rows came in."""
    with connection.cursor() as cursor:  # whoever else adds the same figure waits, and then finds it
        cursor.execute("LOCK TABLE benchmark_industryfigure IN SHARE ROW EXCLUSIVE MODE")
    compared = _compared(list(figures), ())
    old, new = [each.old for each in compared.changed], [each.new for each in compared.changed]
    IndustryFigure.objects.replace(old, [*compared.new, *new], now=now)
    return len(compared.new) + len(new)


def _compared(figures: Sequence[IndustryFigure], refused: Sequence[BadLine]) -> Preview:
    there = {figure.identity: figure for figure in IndustryFigure.objects.current()}
    known = [(there.get(figure.identity), figure) for figure in figures]
    changed = [Correction(old, new) for old, new in known if old is not None and content(old) != content(new)]
    new = tuple(figure for old, figure in known if old is None)
    return Preview(new, tuple(changed), len(figures) - len(new) - len(changed), tuple(refused))


def content(figure: IndustryFigure) -> tuple[object, ...]:
    """All that a figure says."""
    return tuple(getattr(figure, name) for name in CONTENT)


# --- what is shipped -------------------------------------------------------------------------------------------------


@cache
def shipped() -> tuple[IndustryFigure, ...]:
    """The figures of the package's own file, as rows that are not stored yet."""
    found = read(FILE.read_text(encoding="utf-8"))
    if found.refused:
        raise ValueError(f"line {found.refused[0].line} of {FILE}: {found.refused[0].reason}")
    return tuple(figure for _line, figure in found.figures)


def load_shipped(*, now: datetime) -> int:
    """Bring the shipped figures that have never been here: what somebody has corrected or taken out stays so."""
    ever = {content(figure) for figure in IndustryFigure.objects.all()}
    return store([copied(figure) for figure in shipped() if content(figure) not in ever], now=now)


def copied(figure: IndustryFigure) -> IndustryFigure:
    """The same figure as a row of its own."""
    return IndustryFigure(industry=figure.industry, **{name: getattr(figure, name) for name in CONTENT})


def load_after_migrations(**_: object) -> None:
    """A receiver of `post_migrate`, so that an installation has its figures as soon as it has its tables."""
    load_shipped(now=datetime.now(UTC))
