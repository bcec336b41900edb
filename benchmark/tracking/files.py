"""What a workspace's files bring: posts and followers, into the same rows and by the same ingest as what is fetched.

A file's rows stay the workspace's own: they hang on a profile of their own, beside the fetched one where there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Workspace
from benchmark import imports, ingest
from benchmark.imports import FileRefused, FollowersRow, Holds, ParsedFile, PostRow, Problem
from benchmark.models import FetchRun, OwnInsight, Profile, ProfileReading, TrackedProfile
from benchmark.networks.base import COUNTS, Kind, Network, PostRecord
from benchmark.networks.parsing import in_batches
from benchmark.tracking.homes import Home, home_of
from benchmark.tracking.ledger import MOST_PROBLEMS, entered
from benchmark.tracking.recognising import known_network, on_network
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import stand_in_line

AT_ONCE = 1_000
OF_A_RECORD = ("url", "kind", "text", "hashtags", *COUNTS)

Progress = Callable[[int, int], None]  # rows stored so far, and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file: the run in the ledger, what is followed now, and the rows that were left out."""

    run: FetchRun
    file: ParsedFile
    tracked: tuple[TrackedProfile, ...]
    left_out: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks to be imported, for which profile, and how."""

    workspace: Workspace
    network: Network
    own: bool
    skip_bad_rows: bool
    now: datetime
    on_progress: Progress


def no_progress(_done: int, _total: int) -> None:
    """For callers that show none."""


def import_posts(
    workspace: Workspace,
    file: bytes | BinaryIO,
    *,
    network: str,
    profile: str,
    source: str,
    by: ingest.By,
    now: datetime,
    own: bool = False,
    counted_at: datetime | None = None,
    complete_from: date | None = None,
    format: str = imports.AUTO,  # noqa: A002  the word for it
    skip_bad_rows: bool = False,
    on_progress: Progress = no_progress,
) -> Imported:
    """Store a file of a profile's posts, counted at a moment, and follow the profile if it was not followed.

    One bad row refuses the whole file, unless bad rows are to be left out. Raises `FileRefused` or `TrackingRefused`;
    then nothing is stored but the refusal, in the ledger. The same file again changes nothing but the ledger.
    """
    with entered(workspace, network, source=source, by=by, now=now) as run:
        on, reference = on_network(profile, known_network(network))
        order = Order(
            workspace=workspace, network=on, own=own, skip_bad_rows=skip_bad_rows, now=now, on_progress=on_progress
        )
        moment = counted_at or now
        refuse_impossible_times(moment, complete_from, now)
        parsed = imports.read(file, format, holding=Holds.POSTS)
        problems = [*parsed.problems, *published_later(parsed.posts, moment)]
        rows = good_rows(parsed.posts, problems, order)
        refuse_strangers_insights(rows, reference, order)
        stand_in_line(workspace)
        home = home_of(workspace, on, reference, owner=parsed.owner, own=own, now=now)
        store_posts(home, rows, parsed, order=order, run=run, counted_at=moment, complete_from=complete_from)
        run.profile = home.profile
        return Imported(run=run, file=parsed, tracked=(home.tracked,), left_out=note(run, parsed, problems))


def import_followers(
    workspace: Workspace,
    file: bytes | BinaryIO,
    *,
    network: str,
    source: str,
    by: ingest.By,
    now: datetime,
    own: bool = False,
    format: str = imports.AUTO,  # noqa: A002
    skip_bad_rows: bool = False,
    on_progress: Progress = no_progress,
) -> Imported:
    """Store a file of follower counts, of as many profiles as it names, and follow those that were not followed."""
    with entered(workspace, network, source=source, by=by, now=now) as run:
        order = Order(
            workspace=workspace,
            network=known_network(network),
            own=own,
            skip_bad_rows=skip_bad_rows,
            now=now,
            on_progress=on_progress,
        )
        parsed = imports.read(file, format, holding=Holds.FOLLOWERS)
        named, strangers = by_reference(parsed.followers, order.network)
        problems = [*parsed.problems, *strangers, *(problem for rows in named.values() for problem in later(rows, now))]
        good_rows(parsed.followers, problems, order)
        left_out = {problem.line for problem in problems}
        stand_in_line(workspace)
        homes = []
        for reference, rows in sorted(named.items()):
            kept = [row for row in rows if row.line not in left_out]
            if kept:
                homes.append(store_followers(reference, kept, parsed, order=order, run=run))
        run.profile = homes[0].profile if len(homes) == 1 else None
        tracked = tuple(home.tracked for home in homes)
        return Imported(run=run, file=parsed, tracked=tracked, left_out=note(run, parsed, problems))


# --- before anything is stored ---------------------------------------------------------------------------------------


def refuse_impossible_times(counted_at: datetime, complete_from: date | None, now: datetime) -> None:
    """A file cannot have been counted in the future, nor be complete from a day after it was counted."""
    if counted_at > now:
        sentence = _("The time of counting, %(time)s, has not come yet.") % {"time": minute(counted_at)}
        raise FileRefused("counted_in_the_future", sentence)
    if complete_from is not None and complete_from > counted_at.date():
        sentence = _("The file cannot be complete from %(from)s: it was counted on %(counted)s.")
        words = {"from": complete_from, "counted": f"{counted_at:%Y-%m-%d}"}
        raise FileRefused("complete_after_counting", sentence % words)


def published_later(rows: Sequence[PostRow], counted_at: datetime) -> list[Problem]:
    """A problem for each post that is younger than its own counts."""
    reason = _(
        "was published at %(published)s UTC, after the counting at %(counted)s UTC: "
        "give the full time of counting, or check both zones"
    )
    return [
        Problem(row.line, reason % {"published": minute(row.post.published_at), "counted": minute(counted_at)})
        for row in rows
        if row.post.published_at > counted_at
    ]


def later(rows: Sequence[FollowersRow], now: datetime) -> list[Problem]:
    """A problem for each reading that has not happened yet."""
    reason = _("its time, %(time)s UTC, has not come yet")
    return [Problem(row.line, reason % {"time": minute(row.read_at)}) for row in rows if row.read_at > now]


def minute(moment: datetime) -> str:
    """A moment as a sentence shows it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def by_reference(rows: Sequence[FollowersRow], network: Network) -> tuple[dict[str, list[FollowersRow]], list[Problem]]:
    """The readings of each profile, and a problem for each row whose profile is none on this network."""
    named: dict[str, list[FollowersRow]] = defaultdict(list)
    strangers: list[Problem] = []
    for row in rows:
        try:
            named[on_network(row.profile, network)[1]].append(row)
        except TrackingRefused as refusal:
            strangers.append(Problem(row.line, refusal.sentence))
    return named, strangers


def good_rows(rows: Sequence[Any], problems: Sequence[Problem], order: Order) -> list[Any]:
    """The rows without a problem. Raises `FileRefused` where there is one and none may be left out."""
    if problems and not order.skip_bad_rows:
        sentence = ngettext(
            "%(n)s row is wrong, so nothing was imported. Mend it, or import the others without it.",
            "%(n)s rows are wrong, so nothing was imported. Mend them, or import the others without them.",
            len(problems),
        )
        raise FileRefused("bad_rows", sentence % {"n": f"{len(problems):,}"}, problems=tuple(sorted(problems)))
    wrong = {problem.line for problem in problems}
    good = [row for row in rows if row.line not in wrong]
    if not good:
        sentence = _("No row of this file is good: nothing was imported.")
        raise FileRefused("bad_rows", sentence, problems=tuple(sorted(problems)))
    return good


def refuse_strangers_insights(rows: Sequence[PostRow], reference: str, order: Order) -> None:
    """Reach and impressions are an owner's: in a competitor's file they cannot be what they say they are."""
    if order.own or all(row.reach is None and row.impressions is None for row in rows):
        return
    own = TrackedProfile.objects.of(order.workspace).own().filter(network=order.network.key, profile__handle=reference)
    if not own.exists():
        sentence = _("Only owners know reach and impressions. Import for an own account, or leave those columns out.")
        raise FileRefused("insights_only_for_own", sentence)


def note(run: FetchRun, parsed: ParsedFile, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Write into the ledger what was left out, and by which format the file was read."""
    left_out = tuple(sorted(problems))
    run.source = f"{run.source[:200]} ({parsed.format.key})"
    run.save(update_fields=["source"])
    run.refused = len(left_out)
    run.problems = [{"line": problem.line, "reason": problem.reason} for problem in left_out[:MOST_PROBLEMS]]
    return left_out


# --- posts -----------------------------------------------------------------------------------------------------------


def store_posts(
    home: Home,
    rows: Sequence[PostRow],
    parsed: ParsedFile,
    *,
    order: Order,
    run: FetchRun,
    counted_at: datetime,
    complete_from: date | None,
) -> None:
    """Store good rows, as they stood at the moment of counting, and make the touched days anew."""
    profile = home.profile
    touched: set[date] = set()
    for batch in in_batches(rows, AT_ONCE):
        records = with_what_is_known(profile, [row.post for row in batch], parsed.fields)
        stored = ingest.store_posts(profile, records, read_at=counted_at)
        touched |= stored.days
        run.seen += stored.seen
        run.new += stored.new
        run.changed += stored.changed
        order.on_progress(run.seen, len(rows))
    store_insights(home, rows, read_at=counted_at)
    oldest = complete_from or min(row.post.published_at for row in rows).date()
    before = (profile.lacks, profile.history_from, profile.history_to)
    profile.lacks = lacking(profile, parsed.fields)
    if profile.lacks != before[0]:
        touched |= set(profile.posts.values_list("published_at__date", flat=True))
    extend_history(profile, oldest, counted_at)
    if touched or home.is_new or before != (profile.lacks, profile.history_from, profile.history_to):
        profile.changed_at = order.now
    profile.save()
    ingest.rebuild_days(profile, touched)


def with_what_is_known(profile: Profile, records: list[PostRecord], brought: frozenset[str]) -> list[PostRecord]:
    """The records of a file with the fields for which it has no column as an earlier file has left them."""
    absent = [name for name in OF_A_RECORD if name not in brought]
    if "text" in brought:  # hashtags are read out of a text too
        absent = [name for name in absent if name != "hashtags"]
    if not absent:
        return records
    posts = profile.posts.filter(external_id__in=[record.external_id for record in records])
    known = {post.pop("external_id"): as_fields(post) for post in posts.values("external_id", *absent)}
    return [replace(record, **known.get(record.external_id, {})) for record in records]


def as_fields(post: dict[str, Any]) -> dict[str, Any]:
    """Columns of a stored post as the fields of a record."""
    types: dict[str, Callable[[Any], Any]] = {"kind": Kind, "hashtags": tuple}
    return {name: types[name](value) if name in types else value for name, value in post.items()}


def store_insights(home: Home, rows: Sequence[PostRow], *, read_at: datetime) -> None:
    """Keep what only the owner knows, for this workspace alone; an older file never replaces a newer one."""
    known = {row.post.external_id: row for row in rows if row.reach is not None or row.impressions is not None}
    if not known:
        return
    posts = home.profile.posts.filter(external_id__in=known).exclude(
        insights__workspace=home.tracked.workspace, insights__read_at__gt=read_at
    )
    OwnInsight.objects.bulk_create(
        [
            OwnInsight(
                workspace=home.tracked.workspace,
                post_id=post,
                reach=known[external_id].reach,
                impressions=known[external_id].impressions,
                read_at=read_at,
            )
            for post, external_id in posts.order_by("id").values_list("id", "external_id")
        ],
        update_conflicts=True,
        unique_fields=["workspace", "post"],
        update_fields=["reach", "impressions", "read_at"],
        batch_size=AT_ONCE,
    )


def lacking(profile: Profile, brought: frozenset[str]) -> list[str]:
    """The parts of an engagement that no file of this profile has ever brought."""
    absent = [part for part in profile.on.engagement_parts if part not in brought]
    counted: dict[str, int] = profile.posts.aggregate(**{part: Count(part) for part in absent}) if absent else {}
    return [part for part in absent if not counted[part]]


def extend_history(profile: Profile, oldest: date, counted_at: datetime) -> None:
    """Let the history reach as far as the files do; where they leave a hole, only as far as the later one."""
    profile.read_at = max(profile.read_at or counted_at, counted_at)
    since, until = profile.history_from, profile.history_to
    day = timedelta(days=1)
    if since is None or until is None or oldest > until.date() + day:
        profile.history_from, profile.history_to = oldest, counted_at
    elif counted_at.date() + day >= since:
        profile.history_from, profile.history_to = min(since, oldest), max(until, counted_at)


# --- followers -------------------------------------------------------------------------------------------------------


def store_followers(
    reference: str, rows: Sequence[FollowersRow], parsed: ParsedFile, *, order: Order, run: FetchRun
) -> Home:
    """Store the readings of one profile, and make the touched days anew."""
    home = home_of(order.workspace, order.network, reference, owner=None, own=order.own, now=order.now)
    profile = home.profile
    fresh = {row.read_at: row for row in rows}
    known = {reading.read_at: reading for reading in profile.readings.filter(read_at__in=fresh)}
    readings = [reading_of(row, known.get(moment), parsed.fields) for moment, row in fresh.items()]
    changed = [reading for reading in readings if not says_the_same(reading, known.get(reading.read_at))]
    ingest.store_readings(profile, changed)
    run.seen += len(readings)
    run.new += len(fresh.keys() - known.keys())
    run.changed += len(changed) - len(fresh.keys() - known.keys())
    order.on_progress(run.seen, len(parsed.followers))
    if changed or home.is_new:
        latest = max(fresh)
        profile.refresh_from_db()
        profile.read_at = max(profile.read_at or latest, latest)
        profile.changed_at = order.now
        profile.save(update_fields=["read_at", "changed_at"])
    return home


def reading_of(row: FollowersRow, known: ProfileReading | None, brought: frozenset[str]) -> ingest.Reading:
    """A row as a reading, with the figures for which the file has no column as an earlier file has left them."""
    return ingest.Reading(
        read_at=row.read_at,
        followers=row.followers,
        following=row.following if known is None or "following" in brought else known.following,
        posts=row.posts if known is None or "posts" in brought else known.posts_published,
    )


def says_the_same(reading: ingest.Reading, known: ProfileReading | None) -> bool:
    """Whether a reading is stored already as it is."""
    figures = (reading.followers, reading.following, reading.posts)
    return known is not None and figures == (known.followers, known.following, known.posts_published)
