"""Whose rows a file holds, and which of them somebody has asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from benchmark.imports.base import FileRefused, FollowersRow, Owner, ParsedFile, PostRow, Problem, shown
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network
from benchmark.sentences import Sentence, Word, gettext_noop

MOST_NAMED = 8

AnyRow = TypeVar("AnyRow", PostRow, FollowersRow)


@dataclass(frozen=True, slots=True)
class Named:
    """A profile that a file is imported for: how its network is asked, and what the file knows about it."""

    reference: str
    id: str | None = None
    name: str = ""


@dataclass(slots=True)
class Choice:
    """The rows of each profile that was asked for; how many belong to others; rows that belong to nobody."""

    rows: dict[Named, list[Any]] = field(default_factory=dict)
    others: int = 0
    problems: list[Problem] = field(default_factory=list)


def no_handle(text: str) -> Sentence:
    """Why a text names nobody."""
    return Sentence(gettext_noop("%(text)s is no handle"), {"text": shown(text)})


def whose(
    parsed: ParsedFile,
    *,
    network: Network,
    profile: str | None = None,
    rows_of: str | None = None,
    known_ids: frozenset[str] = frozenset(),
    refused: Callable[[str], Sentence] = no_handle,
) -> Choice:
    """The rows of one profile, or of every profile that the file names.

    `profile` is the reference of the one that is asked for; `rows_of` says what the file calls it, where the file knows
    neither handle nor id; `known_ids` are the ids that the reference is known to stand for already; `refused` says why
    a text is no handle. Raises `FileRefused` where it cannot be told whose rows are meant.
    """
    if parsed.networks and network.key not in parsed.networks:
        raise of_another_network(parsed, network)
    everything: Sequence[Any] = parsed.records
    rows = [row for row in everything if row.network in {None, network.key}]
    if rows_of is not None:
        rows = [row for row in rows if row.owner is not None and row.owner.is_called(rows_of)]
        if not rows:
            form = gettext_noop("This file has no rows of %(name)s. %(those)s")
            raise FileRefused("rows_of_nobody", form, name=shown(rows_of), those=those_of(parsed.owners))
    if profile is None:
        choice = of_everybody(rows, network, refused)
    else:
        choice = of_one(rows, parsed, network, profile, is_named=rows_of is not None, known_ids=known_ids)
    choice.others = len(everything) - sum(map(len, choice.rows.values())) - len(choice.problems)
    return choice


def of_everybody(rows: Sequence[AnyRow], network: Network, refused: Callable[[str], Sentence]) -> Choice:
    """The rows of each profile that the file names by a handle, an address or an id."""
    choice = Choice()
    by_key: dict[str, Named | None] = {}
    by_reference: dict[str, Named] = {}
    for row in rows:
        owner = row.owner
        written = (owner.handle or owner.id) if owner else None
        if owner is None or written is None:
            form = gettext_noop(
                "This file does not say which profile of its network it is about: name its handle. %(those)s"
            )
            raise FileRefused("profile_missing", form, those=those_of(row.owner for row in rows if row.owner))
        if owner.key not in by_key:
            reference = network.recognise(written)
            named = Named(reference, owner.id, owner.name) if reference else None
            by_key[owner.key] = by_reference.setdefault(named.reference, named) if named else None
        found = by_key[owner.key]
        if found is None:
            choice.problems.append(Problem(row.line, refused(written)))
        else:
            choice.rows.setdefault(found, []).append(row)
    return choice


def of_one(
    rows: Sequence[AnyRow],
    parsed: ParsedFile,
    network: Network,
    profile: str,
    *,
    is_named: bool,
    known_ids: frozenset[str],
) -> Choice:
    """The rows of the one profile that was asked for."""
    owners: dict[str, Owner] = {row.owner.key: row.owner for row in rows if row.owner is not None}
    mine = [owner for owner in owners.values() if is_owner(owner, network, {profile, *known_ids})]
    if len(owners) > 1 and not mine and not is_named:
        if not parsed.format.one_profile:
            form = gettext_noop(
                "This file does not say which of its profiles is %(profile)s. %(those)s Say whose rows are meant, as "
                "the file calls them."
            )
            raise FileRefused("file_of_many_profiles", form, profile=profile, those=those_of(owners.values()))
        return of_the_most(rows, profile)
    if len(owners) == 1 and not mine and not is_named:
        handle = next(iter(owners.values())).handle
        if handle is not None:
            form = gettext_noop("This file's rows belong to %(handle)s, not to %(profile)s. Import it for %(handle)s.")
            raise FileRefused("file_of_another_profile", form, handle=handle, profile=profile)
    meant = mine or [*owners.values()]
    keys = {owner.key for owner in meant}
    kept = [row for row in rows if row.owner is None or row.owner.key in keys]
    return Choice({Named(profile, meant[0].id, meant[0].name) if meant else Named(profile): kept})


def is_owner(owner: Owner, network: Network, wanted: set[str]) -> bool:
    """Whether a profile of a file is one of these references."""
    return owner.id in wanted or (owner.handle is not None and network.recognise(owner.handle) in wanted)


def of_the_most(rows: Sequence[AnyRow], profile: str) -> Choice:
    """The rows of the profile that most of them belong to, and a problem for each that belongs to another."""
    owners = Counter(row.owner for row in rows)
    owner = owners.most_common(1)[0][0]
    form = gettext_noop("belongs to the profile %(this)s, while the other posts of this file belong to %(that)s")
    strangers = [row for row in rows if row.owner != owner]
    return Choice(
        {Named(profile, owner.id if owner else None): [row for row in rows if row.owner == owner]},
        problems=[Problem(row.line, Sentence(form, {"this": str(row.owner), "that": str(owner)})) for row in strangers],
    )


def of_another_network(parsed: ParsedFile, network: Network) -> FileRefused:
    """The refusal of a file from elsewhere."""
    return FileRefused(
        "wrong_network",
        gettext_noop("This file is %(format)s, of %(networks)s and not of %(network)s. Choose its network."),
        format=Sentence(parsed.format.label),
        networks=", ".join(sorted(NETWORKS[key].label for key in parsed.networks)),
        network=network.label,
    )


def those_of(owners: Iterable[Owner]) -> Word:
    """Whom a file names, in words; nothing where it names nobody."""
    names = list(dict.fromkeys(str(owner) for owner in owners))
    if not names:
        return ""
    listed, more = ", ".join(map(shown, names[:MOST_NAMED])), len(names) - MOST_NAMED
    if more > 0:
        form = gettext_noop("It has rows of %(names)s and %(more)s more.")
        return Sentence(form, {"names": listed, "more": f"{more:,}"})
    return Sentence(gettext_noop("It has rows of %(names)s."), {"names": listed})
