"""What a comparison is computed from: the posts and readings of its rows, as columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache

import numpy as np

from benchmark.metrics.asking import array
from benchmark.metrics.base import FOLLOWERS
from benchmark.metrics.columns import Bools, Columns, Floats, Ints, ask_columns, count, known, micros, moment, whole
from benchmark.metrics.followers import Course, Edge, ask_courses
from benchmark.networks.base import COUNTS, Kind, Network

KINDS = tuple(kind.value for kind in Kind)
_PLACES = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
KIND_PLACE = f"CASE kind {_PLACES} ELSE {KINDS.index(Kind.OTHER)} END"  # a post's, in the database
MARGIN = timedelta(days=8)  # around the period, so that readings next to its ends are there
GRACE = timedelta(days=1)  # how long before the period's end the last complete reading may lie


@dataclass(frozen=True, slots=True)
class Source:
    """A profile whose posts and readings a row is made of: a fetched one, or what a file brought."""

    profile_id: int
    history_from: date | None
    history_to: datetime | None
    from_file: bool = False
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """A row of a comparison. A file stands behind a fetched profile: of the same post, the fetched one counts."""

    sources: tuple[Source, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Whole UTC days, and the days before them that changes refer to."""

    start: date
    end: date
    previous_start: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def begins(self) -> datetime:
        return midnight(self.start)

    @property
    def ends(self) -> datetime:
        """The end of the last day, which is no longer part of it."""
        return midnight(self.end + timedelta(days=1))

    @property
    def previous_begins(self) -> datetime:
        return midnight(self.previous_start)


def midnight(day: date) -> datetime:
    """The moment at which a UTC day begins."""
    return datetime.combine(day, time(), tzinfo=UTC)


@dataclass(frozen=True)
class Posts:
    """Posts of both periods in the order of rows and of time. `columns` holds NaN where a number is not known."""

    row: Ints
    profile: Ints
    id: Ints
    published: Ints
    read: Ints
    kind: Ints  # a place in KINDS
    current: Bools
    mature: Bools
    dropped: Bools  # counts no longer kept
    lacks: Bools  # parts of the engagements that their file has not: posts x parts
    backfilled: Bools  # the follower count is of another time
    columns: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.row)

    def places(self, ids: Ints) -> tuple[Ints, Bools]:
        """Where the posts with these ids stand, and which of the ids are here at all."""
        order, in_order = self._by_id
        at = np.searchsorted(in_order, ids)
        there = at < len(self)
        there[there] = in_order[at[there]] == ids[there]
        return order[at[there]], there

    @cached_property
    def _by_id(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.id)
        return order, self.id[order]

    def where(self, there: Bools) -> Posts:
        """Only these posts."""
        columns = {name: column[there] for name, column in self.columns.items()}
        arrays = {each.name: getattr(self, each.name)[there] for each in fields(self) if each.name != "columns"}
        return Posts(columns=columns, **arrays)


@dataclass(frozen=True, slots=True)
class AtEnd:
    """Followers at the end of the period, and in which rows the count is of another time."""

    value: Floats
    elsewhere: Bools


@dataclass(frozen=True)
class Frame:
    """Everything that metrics are computed from, for the rows of one network and period."""

    network: Network
    subjects: tuple[Subject, ...]
    span: Span
    now: datetime
    posts: Posts
    followers: tuple[Course, ...]
    reasons: tuple[str | None, ...]  # why a row has no figures over posts in the period
    previous_reasons: tuple[str | None, ...]
    measured_reach: Bools  # rows whose owner's reach is known

    @property
    def rows(self) -> int:
        return len(self.subjects)

    @cached_property
    def unknown(self) -> Bools:
        """Rows that have no figures over posts."""
        return np.array([reason is not None for reason in self.reasons], dtype=np.bool_)

    @cached_property
    def unknown_before(self) -> Bools:
        """Rows that had none in the previous period."""
        return np.array([reason is not None for reason in self.previous_reasons], dtype=np.bool_)

    @cached_property
    def group(self) -> Ints:
        """Each post's row, those of the previous period counted on from the last row."""
        return self.posts.row + np.where(self.posts.current, 0, self.rows)

    @cached_property
    def published(self) -> Ints:
        """How many posts each group has."""
        return np.bincount(self.group, minlength=2 * self.rows)

    @cached_property
    def young(self) -> Ints:
        """How many of each row's posts, of this period and the one before, were still moving when last read."""
        return np.bincount(self.posts.row[~self.posts.mature], minlength=self.rows)

    @cached_property
    def latest_bases(self) -> list[str]:
        """What a change of latest counts rests on, row by row."""
        return ["mixed_age" if young else "latest" for young in self.young.tolist()]

    @cached_property
    def edges(self) -> tuple[list[Edge], list[Edge], list[Edge]]:
        """Each row's followers before the previous period, before this one, and at its end."""
        earlier, before, end = map(micros, (self.span.previous_begins, self.span.begins, self.span.ends))
        found = {
            moment: [course.edge(moment) for course in self.followers]
            for moment in dict.fromkeys((earlier, before, end))
        }
        return found[earlier], found[before], found[end]

    @cached_property
    def followers_at_end(self) -> AtEnd:
        """What is known of the followers at the period's end, however long before or after it was read."""
        end = np.array([micros(self.span.ends)])
        value, elsewhere = np.full(self.rows, np.nan), np.zeros(self.rows, dtype=np.bool_)
        for row, (course, edge) in enumerate(zip(self.followers, self.edges[2], strict=True)):
            if edge.reason is None:
                value[row] = edge.value
            else:
                value[row : row + 1], elsewhere[row : row + 1] = course.when(end)
                elsewhere[row] |= edge.reason == "readings_too_far_apart"
        return AtEnd(value, elsewhere)

    def only(self, start: date, end: date) -> Frame:
        """The same rows over some of the period's days, without what came before."""
        span = Span(start=start, end=end, previous_start=start)
        reasons = tuple(_why_unknown(self.network, subject, start, span.ends, self.now) for subject in self.subjects)
        posts = self.posts.where(
            (self.posts.published >= micros(span.begins)) & (self.posts.published < micros(span.ends))
        )
        return replace(self, span=span, posts=posts, reasons=reasons, previous_reasons=("not_read_yet",) * self.rows)

    def rows_with(self, posts: Bools) -> Bools:
        """Rows of which at least one of these posts is of the period."""
        return np.bincount(self.posts.row[posts & self.posts.current], minlength=self.rows) > 0


def read(
    network: Network, subjects: Sequence[Subject], *, span: Span, now: datetime, workspace_id: int | None = None
) -> Frame:
    """Read what the rows need, in a number of queries that does not grow with them.

    `workspace_id` opens what only that workspace's own accounts know.
    """
    return ask_frame(network, subjects, span=span, now=now, workspace_id=workspace_id)()


def ask_frame(
    network: Network, subjects: Sequence[Subject], *, span: Span, now: datetime, workspace_id: int | None = None
) -> Callable[[], Frame]:
    """Ask for it, and give the function that waits: who reads several frames can compute with one meanwhile."""
    found = _ask_posts(network, subjects, span)
    begin, end = span.previous_begins - MARGIN, span.ends + MARGIN
    profiles = [[source.profile_id for source in subject.sources] for subject in subjects]
    insights = _ask_insights(subjects, span, workspace_id)
    courses = ask_courses(profiles, begin=begin, end=end, digits=network.significant_digits)

    def answer() -> Frame:
        posts = _posts(network, subjects, found(), span=span, now=now)  # while the others are being read
        reach, saves = _insights(posts, insights())
        posts.columns["saves"] = np.where(np.isnan(posts.columns["saves"]), saves, posts.columns["saves"])
        measured = np.zeros(len(subjects), dtype=np.bool_)
        measured[posts.row[~np.isnan(reach)]] = True
        posts.columns["measured_reach"] = reach
        posts.columns["reach"] = reach_or_views(network, posts.columns, measured[posts.row])
        reasons, previous_reasons = (
            tuple(_why_unknown(network, subject, start, ends, now) for subject in subjects)
            for start, ends in ((span.start, span.ends), (span.previous_start, span.begins))
        )
        followers = courses()  # only now: until here there was something to do without them
        return Frame(
            network=network,
            subjects=tuple(subjects),
            span=span,
            now=now,
            posts=_with_followers(posts, followers),
            followers=tuple(followers),
            reasons=reasons,
            previous_reasons=previous_reasons,
            measured_reach=measured,
        )

    return answer


# Read out of the covering index alone.
POSTS = """benchmark_post
 WHERE profile_id = ANY(%(profiles)s::bigint[]) AND published_at >= %(begin)s AND published_at < %(end)s"""

FIELDS = ", ".join(("profile_id", "id", "published_at", "read_at", "kind", *COUNTS))

# The same, and of the files that stand behind fetched profiles the posts that were not fetched.
POSTS_AND_FILES = f"""(
    SELECT {FIELDS} FROM {POSTS}
    UNION ALL
    SELECT {FIELDS} FROM benchmark_post AS post
      JOIN unnest(%(files)s::bigint[], %(behind)s::bigint[]) AS pair (file, fetched) ON pair.file = post.profile_id
     WHERE published_at >= %(begin)s AND published_at < %(end)s
       AND NOT EXISTS (SELECT 1 FROM benchmark_post AS twin
                        WHERE twin.profile_id = pair.fetched AND twin.external_id = post.external_id)
) AS posts"""  # noqa: S608 - our own words only


@lru_cache
def _post(counts: tuple[str, ...]) -> dict[str, str]:
    """The columns of a post, with these counts."""
    return {
        "profile": whole("profile_id"),
        "id": whole("id"),
        "published": moment("published_at"),
        "read": moment("read_at"),
        "kind": whole(KIND_PLACE),
        **{name: count(name) for name in counts},
    }


def _ask_posts(network: Network, subjects: Sequence[Subject], span: Span) -> Callable[[], Columns]:
    behind, fetched = _behind(subjects)
    files = any(source.from_file for subject in subjects for source in subject.sources)
    given = {
        "profiles": array(subject.sources[0].profile_id for subject in subjects),
        "begin": span.previous_begins,
        "end": span.ends,
    }
    if behind:
        given |= {"files": array(behind), "behind": array(fetched)}
    told = tuple(name for name in COUNTS if files or name in network.publishes)
    return ask_columns(_post(told), POSTS_AND_FILES if behind else POSTS, given)


def ask_earlier(frame: Frame, since: datetime) -> Callable[[], Posts] | None:
    """Ask for the rows' posts from a moment until the frame's own begin; None where it holds them already."""
    if since >= frame.span.previous_begins:
        return None
    given = {
        "profiles": array(subject.sources[0].profile_id for subject in frame.subjects),
        "begin": since,
        "end": frame.span.previous_begins,
    }
    found = ask_columns(_post(COUNTS), POSTS, given)
    return lambda: _posts(frame.network, frame.subjects, found(), span=frame.span, now=frame.now)


def _behind(subjects: Sequence[Subject]) -> tuple[list[int], list[int]]:
    """The files that stand behind fetched profiles, and the profile before each."""
    pairs = [(source.profile_id, each.sources[0].profile_id) for each in subjects for source in each.sources[1:]]
    return [file for file, _fetched in pairs], [fetched for _file, fetched in pairs]


def _posts(network: Network, subjects: Sequence[Subject], found: Columns, *, span: Span, now: datetime) -> Posts:
    sources = [source for subject in subjects for source in subject.sources]
    ids = np.array([source.profile_id for source in sources], dtype=np.int64)
    rows = np.array([row for row, subject in enumerate(subjects) for _ in subject.sources], dtype=np.int64)
    by_id = np.argsort(ids)
    source = by_id[np.searchsorted(ids[by_id], found["profile"])]
    order = np.lexsort((found["id"], found["published"], rows[source]))
    found = {name: column[order] for name, column in found.items()}
    source = source[order]

    fetched = np.array([not each.from_file for each in sources], dtype=np.bool_)
    kept_from = micros(now - network.keeps) if network.keeps else 0
    dropped = fetched[source] & (found["read"] < kept_from)
    nothing = np.full(len(source), np.nan)
    columns = {name: np.where(dropped, np.nan, known(found[name])) if name in found else nothing for name in COUNTS}
    lacks = np.array([[part in each.lacks for part in network.engagement_parts] for each in sources], dtype=np.bool_)
    lacks = lacks.reshape(len(sources), len(network.engagement_parts))  # where nobody is followed too
    columns["engagements"] = engagements(network, columns, lacks[source])
    columns["posts"] = np.ones(len(source))
    return Posts(
        row=rows[source],
        profile=found["profile"],
        id=found["id"],
        published=found["published"],
        read=found["read"],
        kind=found["kind"],
        current=found["published"] >= micros(span.begins),
        mature=found["read"] - found["published"] >= network.maturity // timedelta(microseconds=1),
        dropped=dropped,
        lacks=lacks[source],
        backfilled=np.zeros(len(source), dtype=np.bool_),
        columns=columns,
    )


def engagements(network: Network, counts: Mapping[str, Floats], lacks: Bools) -> Floats:
    """The sum of the network's parts; NaN where one is hidden. What a file lacks (posts x parts) is left out."""
    parts = [np.where(lacks[:, part], 0.0, counts[name]) for part, name in enumerate(network.engagement_parts)]
    total: Floats = np.sum(parts, axis=0)
    return np.where(lacks.all(axis=1), np.nan, total)


def reach_or_views(network: Network, columns: Mapping[str, Floats], measured: Bools) -> Floats:
    """Reach where the row's owner measured it; elsewhere the views, if the network publishes them.

    Views that only a file knows are nothing that a network publishes.
    """
    views = columns["views"] if network.views_are_published else np.full(len(measured), np.nan)
    return np.where(measured, columns["measured_reach"], views)


def _with_followers(posts: Posts, followers: Sequence[Course]) -> Posts:
    when_posted = np.full(len(posts), np.nan)
    backfilled = np.zeros(len(posts), dtype=np.bool_)
    ends = np.searchsorted(posts.row, np.arange(len(followers) + 1))
    for course, begin, end in zip(followers, ends[:-1], ends[1:], strict=True):
        when_posted[begin:end], backfilled[begin:end] = course.when(posts.published[begin:end])
    posts.columns[FOLLOWERS] = when_posted
    return replace(posts, backfilled=backfilled)


# Of a post that is fetched and in a file, the fetched one counts: what the file's owner knows is about that one too.
INSIGHT = {
    "post": whole("coalesce(twin.id, post.id)"),
    "reach": count("insight.reach"),
    "saves": count("insight.saves"),
}
INSIGHTS = """benchmark_post AS post
  JOIN benchmark_owninsight AS insight ON insight.post_id = post.id AND insight.workspace_id = %(workspace)s
  LEFT JOIN unnest(%(files)s::bigint[], %(behind)s::bigint[]) AS pair (file, fetched) ON pair.file = post.profile_id
  LEFT JOIN benchmark_post AS twin ON twin.profile_id = pair.fetched AND twin.external_id = post.external_id
 WHERE post.profile_id = ANY(%(profiles)s::bigint[])
   AND post.published_at >= %(begin)s AND post.published_at < %(end)s"""


def _ask_insights(subjects: Sequence[Subject], span: Span, workspace_id: int | None) -> Callable[[], Columns | None]:
    """What the workspace alone knows of its own posts."""
    own = [source.profile_id for subject in subjects if subject.own for source in subject.sources]
    if workspace_id is None or not own:
        return lambda: None
    files, fetched = _behind([subject for subject in subjects if subject.own])
    given = {
        "workspace": workspace_id, "profiles": array(own), "begin": span.previous_begins, "end": span.ends,
        "files": array(files), "behind": array(fetched),
    }  # fmt: skip
    return ask_columns(INSIGHT, INSIGHTS, given)


def _insights(posts: Posts, found: Columns | None) -> tuple[Floats, Floats]:
    """Reach and saves; NaN where nobody measured them."""
    reach, saves = np.full(len(posts), np.nan), np.full(len(posts), np.nan)
    if found is not None and len(found["post"]):
        at, there = posts.places(found["post"])
        reach[at], saves[at] = known(found["reach"][there]), known(found["saves"][there])
    return reach, saves


def _why_unknown(network: Network, subject: Subject, start: date, ends: datetime, now: datetime) -> str | None:
    """Why figures over the posts of these days would be wrong; None where the days lie inside the history."""
    until = min(ends, now) - GRACE
    # Where a network lists nobody's posts, only a file can have brought some.
    sources = [source for source in subject.sources if network.lists_posts or source.from_file]
    read_whole = _joined(sources)
    if not read_whole:
        return "not_read_yet" if sources else "not_published"
    if any(begin <= start and until <= end for begin, end in read_whole):
        return None
    begin, _ = read_whole[-1]
    return "history_starts_later" if start < begin else "history_ends_earlier"


def _joined(sources: Sequence[Source]) -> list[tuple[date, datetime]]:
    """From which day to which moment posts were read whole, where one source takes over from another too."""
    spans = sorted(
        (source.history_from, source.history_to)
        for source in sources
        if source.history_from is not None and source.history_to is not None
    )
    joined: list[tuple[date, datetime]] = []
    for begin, end in spans:
        if joined and midnight(begin) <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
