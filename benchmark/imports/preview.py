"""What a file would bring, in a form that every door can show before anything is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmark.imports.base import FileRefused, FollowersRow, Format, Holds, ParsedFile, PostRow, Problem
from benchmark.imports.meanings import MEANINGS
from benchmark.imports.times import zone_in_words
from benchmark.sentences import Sentence, Translate

FIRST = 5


@dataclass(frozen=True, slots=True)
class Recognised:
    """A column of the file, the word under which Yardstick reads it, and what that means to people."""

    column: str
    means: str

    @property
    def label(self) -> str:
        """What it means, marked for translation; nothing where its name says just that."""
        label = MEANINGS.get(self.means, self.means)
        return "" if label.casefold() == self.column.casefold() else label


@dataclass(frozen=True, slots=True)
class InFile:
    """A profile that the file names, and how many of its rows are good. `name` is what `rows_of` takes."""

    name: str
    handle: str | None
    id: str | None
    network: str | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file is and would bring. Where it cannot be imported, `refusal` says why, and the rest is empty.

    - `network` is the one that the file fixes; `networks` are all that its rows name; neither: the person has to say;
    - `zone` is the clock by which times without a zone were read, `zone_known` whether the tool says so or nobody does;
    - `insights` are the columns that only an account's owner can have: such a file is for an own account;
    - `problems` are the bad rows, of which one refuses the whole file unless bad rows are left out.
    """

    name: str
    refusal: FileRefused | None = None
    format: Format[Any] | None = None
    encoding: str = ""
    network: str | None = None
    networks: tuple[str, ...] = ()
    zone: str = ""
    zone_known: bool = True
    columns: tuple[Recognised, ...] = ()
    ignored: tuple[str, ...] = ()
    rows: int = 0
    duplicates: int = 0
    first: tuple[PostRow, ...] | tuple[FollowersRow, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    profiles: tuple[InFile, ...] = ()
    insights: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Sentence, ...] = ()

    @property
    def holds(self) -> Holds | None:
        """Posts or followers."""
        return self.format.holds if self.format else None

    def as_data(self, translate: Translate) -> dict[str, Any]:
        """The same for programs; what is said to people in the language of `translate`."""
        return {
            "format": self.format and self.format.key,
            "holds": self.holds,
            "encoding": self.encoding,
            "networks": [*self.networks],
            "zone": self.zone,
            "zone_known": self.zone_known,
            "columns": {each.column: each.means for each in self.columns},
            "ignored_columns": [*self.ignored],
            "rows": self.rows,
            "begins": self.begins and self.begins.isoformat(),
            "ends": self.ends and self.ends.isoformat(),
            "profiles": [
                {"name": each.name, "handle": each.handle, "id": each.id, "network": each.network, "rows": each.rows}
                for each in self.profiles
            ],
            "owners_only": [*self.insights],
            "problems": told_problems(self.problems, translate),
            "notes": [note.told(translate) for note in self.notes],
        }


def preview_of(parsed: ParsedFile, *, name: str) -> Preview:
    """A file that was read, as somebody should see it before they import it."""
    networks = tuple(sorted(parsed.networks))
    moments = [*(row.post.published_at for row in parsed.posts), *(row.read_at for row in parsed.followers)]
    return Preview(
        name=name,
        format=parsed.format,
        encoding=parsed.encoding,
        network=networks[0] if len(networks) == 1 else None,
        networks=networks,
        zone=zone_in_words(parsed.zone),
        zone_known=parsed.format.zone_known,
        columns=tuple(Recognised(column, means) for means, column in parsed.columns.items()),
        ignored=parsed.ignored,
        rows=parsed.rows,
        duplicates=parsed.duplicates,
        first=parsed.records[:FIRST],
        begins=min(moments, default=None),
        ends=max(moments, default=None),
        profiles=profiles_in(parsed),
        insights=tuple(word for word in ("reach", "impressions") if word in parsed.columns),
        problems=parsed.problems,
        notes=(*map(Sentence, parsed.format.notes), *parsed.warnings),
    )


def told_problems(problems: Iterable[Problem], translate: Translate) -> list[dict[str, Any]]:
    """Bad rows in plain values, each with its line and its reason in the language of `translate`."""
    return [{"line": problem.line, "reason": problem.reason.told(translate)} for problem in problems]


def profiles_in(parsed: ParsedFile) -> tuple[InFile, ...]:
    """The profiles that a file names, those with most rows first."""
    counted = Counter((row.network, row.owner.key) for row in parsed.records if row.owner is not None)
    owners = {(row.network, row.owner.key): row.owner for row in parsed.records if row.owner is not None}
    return tuple(
        InFile(str(owners[each]), owners[each].handle, owners[each].id, each[0] or parsed.format.network, rows)
        for each, rows in counted.most_common()
    )
