"""What a file would bring to a workspace: the same rules as the import's, and no row written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Self

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy as named

from accounts.models import Workspace
from benchmark import imports
from benchmark.imports import FileRefused, FollowersRow, Holds, Named, ParsedFile, PostRow, Preview, Problem
from benchmark.imports.preview import told_problems
from benchmark.models import Role
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network
from benchmark.tracking import refusals
from benchmark.tracking.files import Asked, Order, asked_for, order_of, refuse_strangers_insights
from benchmark.tracking.homes import Known, known_of
from benchmark.tracking.ledger import MOST_PROBLEMS
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import free_slots


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How somebody wants a file to be imported. Empty: as the file says it itself."""

    network: str = ""
    profile: str = ""
    rows_of: str = ""
    own: bool = False
    zone: str = ""
    counted_at: datetime | None = None
    complete_from: date | None = None
    skip_bad_rows: bool = False
    format: str = imports.AUTO
    holding: Holds | None = None

    @classmethod
    def unpacked(cls, data: Any) -> Self:
        """What a row of the database has kept."""
        return msgspec.convert(data, cls)

    def packed(self) -> Any:
        """The same for a row of the database."""
        return msgspec.to_builtins(self)

    @property
    def options(self) -> dict[str, Any]:
        """The same in the words of `import_file`."""
        return {name: getattr(self, name) or None for name in ("profile", "rows_of", "zone")} | {
            name: getattr(self, name)
            for name in ("network", "own", "counted_at", "complete_from", "skip_bad_rows", "format", "holding")
        }


OF_THE_FILE = {"zone", "format", "holding"}  # said of how it is read, not of what is stored
OF_POSTS = ("published_at", "kind", "text", *COUNTS)
OF_OWNERS = ("reach", "impressions", "followers")
OF_READINGS = ("read_at", "followers", "following", "posts")
WORDS = {"of", "published_at", "read_at", "kind", "text"}  # everything else is a number
HEADS: dict[str, Any] = {
    "of": _lazy("Profile"),
    "published_at": _lazy("Published, in UTC"),
    "read_at": _lazy("Counted, in UTC"),
    "kind": _lazy("Kind"),
    "text": _lazy("Text"),
    "reactions": named("of a post", "Reactions"),
    "comments": named("of a post", "Comments"),
    "shares": named("of a post", "Shares"),
    "quotes": named("of a post", "Quotes"),
    "saves": named("of a post", "Saves"),
    "views": named("of a post", "Views"),
    "reach": named("of a post", "Reach"),
    "impressions": named("of a post", "Impressions"),
    "followers": named("of a profile", "Followers"),
    "following": named("of a profile", "Following"),
    "posts": named("of a profile", "Number of posts"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, time or word of a row. None: not known."""

    value: Any
    is_number: bool

    @property
    def is_moment(self) -> bool:
        return isinstance(self.value, datetime)


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of a file as they will be stored."""

    heads: tuple[tuple[Any, bool], ...]  # each with whether it stands over numbers
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Becoming:
    """A profile for which a file has rows, and what is known of it already."""

    named: Named
    rows: int
    known: Known

    @property
    def name(self) -> str:
        return self.named.name or self.named.reference

    def as_data(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "handle": self.named.reference,
            "rows": self.rows,
            "role": self.known.role,
            "followed": self.known.is_followed,
            "fetched": self.known.fetched is not None,
        }

    @property
    def what(self) -> str:
        """What becomes of it, in words."""
        own, known = self.known.role == Role.OWN, self.known
        if known.is_followed and known.fetched is not None:
            return str(_("Followed already. The file's rows stand beside what is fetched."))
        if known.is_followed:
            return str(_("Followed already. The file adds to what files have brought."))
        if known.tracked is not None:
            return str(_("Was removed. It comes back, with its history."))
        return str(_("New: becomes an own account.") if own else _("New: becomes a competitor, in a free place."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file, and what importing it as somebody wants it would do.

    `rows` would be stored, `others` are good rows of profiles that nobody asked for. `refusal` says why nothing can be
    imported as things stand; what is known of the file is there all the same, where it can be read at all.
    """

    file: Preview
    network: Network | None = None
    profiles: tuple[Becoming, ...] = ()
    rows: int = 0
    others: int = 0
    problems: tuple[Problem, ...] = ()
    counted_at: datetime | None = None
    counts_itself: bool = False  # the file says of its rows when they were counted
    refusal: FileRefused | TrackingRefused | None = None

    @property
    def readable(self) -> bool:
        """Whether the file is one of a known format."""
        return self.file.format is not None

    @property
    def first(self) -> Table:
        """The first rows, with the columns that say anything about them."""
        rows = [fields_of(row) for row in self.file.first]
        names = [name for name in HEADS if any(row.get(name) not in {None, ""} for row in rows)]
        return Table(
            tuple((HEADS[name], name not in WORDS) for name in names),
            tuple(tuple(Cell(row.get(name), name not in WORDS) for name in names) for row in rows),
        )

    @property
    def asks(self) -> bool:
        """Whether nothing is wrong, and only something has to be said that the file leaves open."""
        return self.refusal is not None and self.refusal.code in {"network_missing", "profile_missing"}

    def as_data(self) -> dict[str, Any]:
        """The same for programs."""
        return self.file.as_data(_) | {
            "source": self.file.name,
            "begins": self.file.begins,
            "ends": self.file.ends,
            "network": self.network and self.network.key,
            "problems": self.told_problems(MOST_PROBLEMS),
            "becomes": [each.as_data() for each in self.profiles],
            "rows_to_import": self.rows,
            "rows_of_others": self.others,
            "first": [fields_of(row) for row in self.file.first],
            "refusal": self.refusal and {"code": self.refusal.code, "message": self.refusal.told(_)},
        }

    def told_problems(self, most: int) -> list[dict[str, Any]]:
        """The first bad rows in plain values, as the ledger keeps them."""
        return told_problems(self.problems[:most], _)

    @property
    def names_nobody(self) -> bool:
        """Whether the file leaves open whose rows it has, so that somebody has to say it."""
        return not any(each.handle or each.id for each in self.file.profiles)

    @property
    def importable(self) -> bool:
        """Whether there is something to import, at least without the bad rows."""
        return self.refusal is None and self.rows > 0


def fields_of(row: PostRow | FollowersRow) -> dict[str, Any]:
    """What is stored of a row, by name."""
    of = {"of": str(row.owner) if row.owner else None}
    if isinstance(row, FollowersRow):
        return of | {name: getattr(row, name) for name in OF_READINGS}
    return of | {name: getattr(row.post, name) for name in OF_POSTS} | {name: getattr(row, name) for name in OF_OWNERS}


def look(
    workspace: Workspace,
    file: bytes | BinaryIO,
    name: str,
    wanted: Wanted,
    *,
    now: datetime,
) -> Seen:
    """What a file is and would bring, and what stands in its way. Stores nothing."""
    try:
        parsed = imports.read(file, wanted.format, holding=wanted.holding, zone=wanted.zone or None)
    except FileRefused as refusal:
        return unreadable(name, refusal)
    return look_into(workspace, parsed, name, wanted, now=now)


def unreadable(name: str, refusal: FileRefused) -> Seen:
    """A file that cannot be read at all."""
    return Seen(file=Preview(name=name, refusal=refusal), refusal=refusal, problems=refusal.problems)


def look_into(workspace: Workspace, parsed: ParsedFile, name: str, wanted: Wanted, *, now: datetime) -> Seen:
    """What a file that was read would bring, and what stands in its way."""
    preview = imports.preview_of(parsed, name=name)
    network = NETWORKS.get(wanted.network or preview.network or "")
    known: dict[str, Any] = {
        "file": preview,
        "network": network,
        "problems": parsed.problems,
        "counted_at": wanted.counted_at,
        "counts_itself": bool(parsed.posts) and all(row.counted_at is not None for row in parsed.posts),
    }
    if network is None:
        return Seen(**known, refusal=network_missing())
    try:
        order = order_of(workspace, now=now, **choices(wanted, network))
        asked = asked_for(parsed, order)
        profiles = becoming(asked, order)
    except (FileRefused, TrackingRefused) as refusal:
        problems = refusal.problems if isinstance(refusal, FileRefused) else ()
        return Seen(**known | {"problems": problems or parsed.problems}, refusal=refusal)
    return Seen(
        **known | {"problems": tuple(sorted(asked.problems))}, profiles=profiles, rows=asked.total, others=asked.others
    )


def choices(wanted: Wanted, network: Network) -> dict[str, Any]:
    """What somebody wants, in the words of `order_of`; bad rows are told, whether or not they may be left out."""
    words = wanted.options | {"network": network.key, "skip_bad_rows": True}
    return {name: value for name, value in words.items() if name not in OF_THE_FILE}


def network_missing() -> TrackingRefused:
    """The refusal of a file that could be of any network, until somebody says of which it is."""
    return TrackingRefused(
        "network_missing", _("The file does not say of which network it is: choose the network."), "network"
    )


def becoming(asked: Asked, order: Order) -> tuple[Becoming, ...]:
    """What becomes of each profile. Raises `FileRefused` or `TrackingRefused` where one stands in the way."""
    found = []
    for each, rows in asked.rows.items():
        known = known_of(order.workspace, order.network, each.reference, owner=each.id, own=order.own)
        if asked.file.format.holds is Holds.POSTS:
            refuse_strangers_insights(rows, known.role, order)
        found.append(Becoming(each, len(rows), known))
    refuse_too_many(found, order)
    return tuple(found)


def refuse_too_many(found: Sequence[Becoming], order: Order) -> None:
    """Competitors need a free place each."""
    new = sum(each.known.role == Role.COMPETITOR and not each.known.is_followed for each in found)
    if new and new > len(free_slots(order.workspace, order.network.key)):
        raise refusals.limit_reached(order.network)
