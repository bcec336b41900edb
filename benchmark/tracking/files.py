"""What a workspace's files bring: posts and followers, into the same rows and by the same ingest as what is fetched.

A file's rows stay the workspace's own: they hang on a profile of their own, beside the fetched one where there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial, reduce
from typing import Any, BinaryIO

from django.db.models import Count
from django.utils.translation import ngettext

from accounts.models import Workspace
from benchmark import imports, ingest
from benchmark.imports import FileRefused, FollowersRow, Holds, Named, ParsedFile, PostRow, Problem
from benchmark.imports.base import INSIGHTS, OF_A_POST
from benchmark.imports.meanings import MEANINGS
from benchmark.imports.whose import no_handle
from benchmark.models import FetchRun, OwnInsight, Profile, ProfileReading, Role, TrackedProfile, Trigger
from benchmark.networks.base import Kind, Network, PostRecord
from benchmark.networks.parsing import in_batches
from benchmark.sentences import Sentence, gettext_noop, said_already
from benchmark.tracking.homes import Home, home_of, known_ids
from benchmark.tracking.ledger import entered, note_problems
from benchmark.tracking.recognising import known_network, on_network
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import stand_in_line

AT_ONCE = 1_000

LEAVE_OUT = gettext_noop("Leave wrong rows out, and import the others")  # the box to tick on a page
# What helps against wrong rows, by the way in which somebody asks for an import.
WITHOUT_THEM = {
    Trigger.PERSON: Sentence(
        gettext_noop("Mend the file, or import it again and tick “%(box)s”."), {"box": Sentence(LEAVE_OUT)}
    ),
    Trigger.API_KEY: Sentence(gettext_noop("Mend the file, or send skip_bad_rows=true to import the other rows.")),
    Trigger.COMMAND: Sentence(gettext_noop("Mend the file, or import the other rows with --skip-bad-rows.")),
}

Progress = Callable[[int, int], None]  # rows stored so far, and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file: the run in the ledger, what is followed now, and the rows that were left out.

    `others` are good rows of profiles that nobody asked for.
    """

    run: FetchRun
    file: ParsedFile
    tracked: tuple[TrackedProfile, ...]
    left_out: tuple[Problem, ...]
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks to be imported, for which profile, and how."""

    workspace: Workspace
    network: Network
    reference: str | None
    rows_of: str | None
    own: bool
    counted_at: datetime
    complete_from: date | None
    skip_bad_rows: bool
    asked_by: Trigger
    now: datetime
    on_progress: Progress


@dataclass(slots=True)
class Asked:
    """The good rows of a file by the profile that they are imported for."""

    file: ParsedFile
    rows: dict[Named, list[Any]]
    problems: list[Problem]
    others: int

    @property
    def total(self) -> int:
        """How many rows there are to store."""
        return sum(map(len, self.rows.values()))


def no_progress(_done: int, _total: int) -> None:
    """For callers that show none."""


def import_file(
    workspace: Workspace,
    file: bytes | BinaryIO | ParsedFile,
    *,
    network: str,
    source: str,
    by: ingest.By,
    now: datetime,
    holding: Holds | None = None,
    profile: str | None = None,
    rows_of: str | None = None,
    own: bool = False,
    counted_at: datetime | None = None,
    complete_from: date | None = None,
    format: str = imports.AUTO,  # noqa: A002  the word for it
    zone: str | None = None,
    skip_bad_rows: bool = False,
    run: FetchRun | None = None,
    on_progress: Progress = no_progress,
) -> Imported:
    """Store a file of posts or of follower counts, and follow the profiles that were not followed.

    A file that was read before is taken as it was read. `holding` insists on posts or on followers. Posts are counted
    at a moment (default: now). `profile` is whose rows are wanted; without it, those of every profile that the file
    names. `rows_of` is what the file calls that profile, where it knows neither handle nor id. One bad row refuses the
    whole file, unless bad rows are to be left out. `run` is the one of the ledger, where it was opened before. Raises
    `FileRefused` or `TrackingRefused`; then nothing is stored but the refusal, in the ledger. The same file again
    changes nothing but the ledger.
    """
    with entered(workspace, network, source=source, by=by, now=now, run=run) as entry:
        order = order_of(
            workspace,
            network=network,
            profile=profile,
            rows_of=rows_of,
            own=own,
            counted_at=counted_at,
            complete_from=complete_from,
            skip_bad_rows=skip_bad_rows,
            asked_by=by.trigger,
            now=now,
            on_progress=on_progress,
        )
        parsed = file if isinstance(file, ParsedFile) else imports.read(file, format, holding=holding, zone=zone)
        asked = asked_for(parsed, order)
        stand_in_line(workspace)
        homes = [store(named, rows, asked, order=order, run=entry) for named, rows in asked.rows.items()]
        return what_came_of(asked, homes, entry)


import_posts = partial(import_file, holding=Holds.POSTS)
import_followers = partial(import_file, holding=Holds.FOLLOWERS)


# --- before anything is stored ---------------------------------------------------------------------------------------


def order_of(
    workspace: Workspace,
    *,
    network: str,
    profile: str | None,
    rows_of: str | None,
    own: bool,
    counted_at: datetime | None,
    complete_from: date | None,
    skip_bad_rows: bool,
    now: datetime,
    asked_by: Trigger = Trigger.PERSON,
    on_progress: Progress = no_progress,
) -> Order:
    """What was asked for, once it is understood. Raises `TrackingRefused` or `FileRefused` where it is impossible."""
    on = known_network(network)
    reference = on_network(profile, on)[1] if profile else None
    moment = counted_at or now
    refuse_impossible_times(moment, complete_from, now)
    return Order(
        workspace=workspace,
        network=on,
        reference=reference,
        rows_of=rows_of or None,
        own=own,
        counted_at=moment,
        complete_from=complete_from,
        skip_bad_rows=skip_bad_rows,
        asked_by=asked_by,
        now=now,
        on_progress=on_progress,
    )


def asked_for(parsed: ParsedFile, order: Order) -> Asked:
    """The good rows of a file that an order is about. Raises `FileRefused` where there are none, or bad ones."""

    def too_early(rows: Sequence[Any]) -> list[Problem]:
        if parsed.format.holds is Holds.FOLLOWERS:
            return later(rows, order.now)
        return [*counted_later(rows, order.now), *published_later(rows, order.counted_at)]

    return chosen(parsed, order, order.reference, order.rows_of, further=too_early)


def store(named: Named, rows: Sequence[Any], asked: Asked, *, order: Order, run: FetchRun) -> Home:
    """Store the rows of one profile, whatever they are."""
    if asked.file.format.holds is Holds.FOLLOWERS:
        return store_followers(named, rows, asked, order=order, run=run)
    home = home_for(named, order)
    refuse_strangers_insights(rows, home.tracked.role, order)
    store_posts(home, rows, asked, order=order, run=run)
    return home


def refuse_impossible_times(counted_at: datetime, complete_from: date | None, now: datetime) -> None:
    """A file cannot have been counted in the future, nor be complete from a day after it was counted."""
    if counted_at > now:
        form = gettext_noop("The time of counting, %(time)s, has not come yet.")
        raise FileRefused("counted_in_the_future", form, time=minute(counted_at))
    if complete_from is not None and complete_from > counted_at.date():
        form = gettext_noop("The file cannot be complete from %(day)s: it was counted on %(counted)s.")
        counted = f"{counted_at:%Y-%m-%d}"
        raise FileRefused("complete_after_counting", form, day=f"{complete_from}", counted=counted)


def published_later(rows: Sequence[PostRow], counted_at: datetime) -> list[Problem]:
    """A problem for each post that is younger than its own counts."""
    form = gettext_noop(
        "was published at %(published)s UTC, after the counting at %(counted)s UTC: "
        "give the full time of counting, or check both zones"
    )
    return [
        Problem(row.line, Sentence(form, {"published": minute(row.post.published_at), "counted": minute(counted)}))
        for row in rows
        if row.post.published_at > (counted := row.counted_at or counted_at)
    ]


def counted_later(rows: Sequence[PostRow], now: datetime) -> list[Problem]:
    """A problem for each row whose own time of counting has not come yet."""
    form = gettext_noop("was counted at %(time)s UTC, which has not come yet")
    return [
        Problem(row.line, Sentence(form, {"time": minute(row.counted_at)}))
        for row in rows
        if row.counted_at and row.counted_at > now
    ]


def later(rows: Sequence[FollowersRow], now: datetime) -> list[Problem]:
    """A problem for each reading that has not happened yet."""
    form = gettext_noop("its time, %(time)s UTC, has not come yet")
    return [Problem(row.line, Sentence(form, {"time": minute(row.read_at)})) for row in rows if row.read_at > now]


def minute(moment: datetime) -> str:
    """A moment as a sentence shows it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def chosen(
    parsed: ParsedFile,
    order: Order,
    reference: str | None,
    rows_of: str | None,
    *,
    further: Callable[[Sequence[Any]], list[Problem]],
) -> Asked:
    """The good rows that somebody asked for. Raises `FileRefused` where there are bad ones that may not be left out."""
    choice = imports.whose(
        parsed,
        network=order.network,
        profile=reference,
        rows_of=rows_of,
        known_ids=known_ids(order.workspace, order.network, reference) if reference else frozenset(),
        refused=lambda text: why_no_handle(text, order.network),
    )
    rows = [row for each in choice.rows.values() for row in each]
    problems = [*parsed.problems, *choice.problems, *further(rows)]
    good = {row.line for row in good_rows(rows, problems, order)}
    by_profile = {
        named: kept
        for named, each in sorted(choice.rows.items(), key=lambda item: item[0].reference)
        if (kept := [row for row in each if row.line in good])
    }
    return Asked(parsed, by_profile, problems, choice.others)


def home_for(named: Named, order: Order) -> Home:
    """Where the rows of one profile belong."""
    return home_of(
        order.workspace, order.network, named.reference, owner=named.id, name=named.name, own=order.own, now=order.now
    )


def why_no_handle(text: str, network: Network) -> Sentence:
    """Why a text names no profile of a network."""
    try:
        on_network(text, network)
    except TrackingRefused as refusal:
        return said_already(refusal.sentence)
    return no_handle(text)


def good_rows(rows: Sequence[Any], problems: Sequence[Problem], order: Order) -> list[Any]:
    """The rows without a problem. Raises `FileRefused` where there is one and none may be left out."""
    if problems and not order.skip_bad_rows:
        sentence = ngettext(
            "%(n)s row is wrong, so nothing was imported.",
            "%(n)s rows are wrong, so nothing was imported.",
            len(problems),
        )
        wrong = sentence % {"n": f"{len(problems):,}"}
        remedy = WITHOUT_THEM[order.asked_by]
        raise FileRefused(
            "bad_rows", "%(wrong)s %(remedy)s", wrong=wrong, remedy=remedy, problems=tuple(sorted(problems))
        )
    bad = {problem.line for problem in problems}
    good = [row for row in rows if row.line not in bad]
    if not good:
        form = gettext_noop("No row of this file is good: nothing was imported.")
        raise FileRefused("bad_rows", form, problems=tuple(sorted(problems)))
    return good


def refuse_strangers_insights(rows: Sequence[PostRow], role: str, order: Order) -> None:
    """Reach and impressions are an owner's: in a competitor's file they cannot be what they say they are."""
    if role == Role.OWN:
        return
    told = [
        name for name in INSIGHTS if any(getattr(each, name) is not None for each in insights_in(rows, order.network))
    ]
    if told:
        form = gettext_noop("Only owners know %(what)s. Import for an own account, or leave those columns out.")
        raise FileRefused("insights_only_for_own", form, what=in_words([Sentence(MEANINGS[name]) for name in told]))


def in_words(names: Sequence[Sentence]) -> Sentence:
    """Names as a sentence lists them."""
    both, all_ = gettext_noop("%(others)s and %(last)s"), gettext_noop("%(others)s, %(last)s")
    *before, last = names
    if not before:
        return last
    others = reduce(lambda others, each: Sentence(all_, {"others": others, "last": each}), before)
    return Sentence(both, {"others": others, "last": last})


def what_came_of(asked: Asked, homes: Sequence[Home], run: FetchRun) -> Imported:
    """Write into the ledger whose rows these were, what was left out, and by which format the file was read."""
    left_out = tuple(sorted(asked.problems))
    run.profile = homes[0].profile if len(homes) == 1 else None
    run.source = f"{run.source[:200]} ({asked.file.format.key})"
    run.save(update_fields=["source"])
    note_problems(run, left_out)
    tracked = tuple(home.tracked for home in homes)
    return Imported(run=run, file=asked.file, tracked=tracked, left_out=left_out, others=asked.others)


# --- posts -----------------------------------------------------------------------------------------------------------


def store_posts(
    home: Home,
    rows: Sequence[PostRow],
    asked: Asked,
    *,
    order: Order,
    run: FetchRun,
) -> None:
    """Store good rows, as they stood at the moment of counting, and make the touched days anew."""
    profile, fields = home.profile, asked.file.fields
    counted_at, complete_from = order.counted_at, order.complete_from
    touched: set[date] = set()
    for moment, counted in by_moment(rows, counted_at).items():
        for batch in in_batches(counted, AT_ONCE):
            records = with_what_is_known(profile, [public_part(row, order.network) for row in batch], fields)
            stored = ingest.store_posts(profile, records, read_at=moment)
            touched |= stored.days
            run.seen += stored.seen
            run.new += stored.new
            run.changed += stored.changed
            order.on_progress(run.seen, asked.total)
        store_insights(home, counted, order.network, brought=asked.file.columns.keys(), read_at=moment)
    changed = store_readings(profile, audience(rows), asked.file.fields)[0]
    before = (profile.lacks, profile.history_from, profile.history_to)
    if changed:
        profile.refresh_from_db()
    profile.lacks = lacking(profile, fields)
    if profile.lacks != before[0]:
        touched |= set(profile.posts.values_list("published_at__date", flat=True))
    last = max(row.counted_at or counted_at for row in rows)
    profile.read_at = max(profile.read_at or last, last)
    if complete_from is not None or asked.file.format.whole:
        extend_history(profile, complete_from or min(row.post.published_at for row in rows).date(), last)
    if touched or changed or home.is_new or before != (profile.lacks, profile.history_from, profile.history_to):
        profile.changed_at = order.now
    profile.save()
    ingest.rebuild_days(profile, touched)


def by_moment(rows: Sequence[PostRow], counted_at: datetime) -> dict[datetime, list[PostRow]]:
    """Rows by the moment of their counts: the file's own where it says so, else that of the whole file."""
    moments: dict[datetime, list[PostRow]] = defaultdict(list)
    for row in rows:
        moments[row.counted_at or counted_at].append(row)
    return dict(sorted(moments.items()))


def public_part(row: PostRow, network: Network) -> PostRecord:
    """The part of a row that its network shows to everybody; saves are an owner's where the network hides them."""
    return row.post if "saves" in network.publishes else replace(row.post, saves=None)


def audience(rows: Sequence[PostRow]) -> list[FollowersRow]:
    """The followers that the profile had when it posted, where the file says so."""
    return [
        FollowersRow(line=row.line, read_at=row.post.published_at, followers=row.followers)
        for row in rows
        if row.followers is not None
    ]


def with_what_is_known(profile: Profile, records: list[PostRecord], brought: frozenset[str]) -> list[PostRecord]:
    """The records of a file with the fields for which it has no column as an earlier file has left them."""
    absent = [name for name in OF_A_POST if name not in brought]
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


@dataclass(frozen=True, slots=True)
class Insight:
    """What a row says that only the owner of the account can know."""

    external_id: str
    reach: int | None
    impressions: int | None
    saves: int | None


def insights_in(rows: Iterable[PostRow], network: Network, *, own: bool = False) -> list[Insight]:
    """What only owners know, by row. Saves that everybody sees are among it for an own account alone."""
    with_saves = own or "saves" not in network.publishes
    return [
        insight
        for row in rows
        if (
            insight := Insight(row.post.external_id, row.reach, row.impressions, row.post.saves if with_saves else None)
        )
        != Insight(row.post.external_id, None, None, None)
    ]


def store_insights(
    home: Home, rows: Sequence[PostRow], network: Network, *, brought: Iterable[str], read_at: datetime
) -> None:
    """Keep what only the owner knows, for this workspace alone; an older file never replaces a newer one.

    A column that the file does not have takes nothing away.
    """
    if home.tracked.role != Role.OWN:
        return
    known = {insight.external_id: insight for insight in insights_in(rows, network, own=True)}
    fields = [name for name in INSIGHTS if name in brought]
    if not known or not fields:
        return
    posts = home.profile.posts.filter(external_id__in=known).exclude(
        insights__workspace=home.tracked.workspace, insights__read_at__gt=read_at
    )
    OwnInsight.objects.bulk_create(
        [
            OwnInsight(
                workspace=home.tracked.workspace,
                post_id=post,
                read_at=read_at,
                **{name: getattr(known[external_id], name) for name in fields},
            )
            for post, external_id in posts.order_by("id").values_list("id", "external_id")
        ],
        update_conflicts=True,
        unique_fields=["workspace", "post"],
        update_fields=[*fields, "read_at"],
        batch_size=AT_ONCE,
    )


def lacking(profile: Profile, brought: frozenset[str]) -> list[str]:
    """The parts of an engagement that no file of this profile has ever brought."""
    absent = [part for part in profile.on.engagement_parts if part not in brought]
    counted: dict[str, int] = profile.posts.aggregate(**{part: Count(part) for part in absent}) if absent else {}
    return [part for part in absent if not counted[part]]


def extend_history(profile: Profile, oldest: date, counted_at: datetime) -> None:
    """Let the history reach as far as the files do; where they leave a hole, only as far as the later one."""
    since, until = profile.history_from, profile.history_to
    day = timedelta(days=1)
    if since is None or until is None or oldest > until.date() + day:
        profile.history_from, profile.history_to = oldest, counted_at
    elif counted_at.date() + day >= since:
        profile.history_from, profile.history_to = min(since, oldest), max(until, counted_at)


# --- followers -------------------------------------------------------------------------------------------------------


def store_followers(named: Named, rows: Sequence[FollowersRow], asked: Asked, *, order: Order, run: FetchRun) -> Home:
    """Store the readings of one profile, and make the touched days anew."""
    home = home_for(named, order)
    profile = home.profile
    changed, new = store_readings(profile, rows, asked.file.fields)
    run.seen += len({row.read_at for row in rows})
    run.new += new
    run.changed += changed - new
    order.on_progress(run.seen, asked.total)
    if changed or home.is_new:
        latest = max(row.read_at for row in rows)
        profile.refresh_from_db()
        profile.read_at = max(profile.read_at or latest, latest)
        profile.changed_at = order.now
        profile.save(update_fields=["read_at", "changed_at"])
    return home


def store_readings(profile: Profile, rows: Sequence[FollowersRow], brought: frozenset[str]) -> tuple[int, int]:
    """Store what is not stored already. Returns how many readings were new or changed, and how many of them new."""
    fresh = {row.read_at: row for row in rows}
    known = {reading.read_at: reading for reading in profile.readings.filter(read_at__in=fresh)} if fresh else {}
    readings = [reading_of(row, known.get(moment), brought) for moment, row in fresh.items()]
    changed = [reading for reading in readings if not says_the_same(reading, known.get(reading.read_at))]
    ingest.store_readings(profile, changed)
    return len(changed), len(fresh.keys() - known.keys())


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
