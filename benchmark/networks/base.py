"""The words in which a network is declared: what it publishes, how it is asked, what its answers become.

A network is one value of `Network` in one small file, with pure `parse_*` functions beside it. Nothing here knows
HTTP, rows or settings: the `Get` that is handed in owns time-outs, retries, windows, quota and the same-host rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from benchmark.networks.allowance import Allowance, counted
from benchmark.networks.keys import KeyNeed, Params, Quota
from benchmark.sentences import Sentence, Told, Word, gettext_noop

T = TypeVar("T")

# The accounts of the demo live under this reserved domain; a network never knows them.
PRETEND_DOMAIN = "demo.invalid"

# A list that grows by pages without news is broken, not long.
PAGES_WITHOUT_NEWS = 10

# The counts that a post can carry, in the order in which tables show them.
COUNTS = ("reactions", "comments", "shares", "quotes", "saves", "views")


def is_pretend(name: str) -> bool:
    """Whether a handle, an id or a host is one of the demo's: only those are asked of the pretend server."""
    host = name.removeprefix("did:web:").partition("/")[0].rpartition("@")[2].lower()
    return host == PRETEND_DOMAIN or host.endswith("." + PRETEND_DOMAIN)


def server_in(external_id: str) -> str:
    """The server that an id belongs to, where ids are local to one; empty where they are the network's."""
    server, _, local_id = external_id.rpartition("/")
    return server if server and local_id else ""


def with_at(handle: str) -> str:
    """`@anna`: how most networks write a handle."""
    return f"@{handle}"


class Kind(StrEnum):
    """What a post is made of, in one vocabulary for all networks."""

    TEXT = "text"
    PHOTO = "photo"
    ALBUM = "album"
    VIDEO = "video"
    LIVE = "live"
    AUDIO = "audio"
    LINK = "link"
    POLL = "poll"
    QUOTE = "quote"
    EVENT = "event"
    NOTE = "note"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecord:
    """What a network says about a profile. None: the network does not publish it; zero: it said zero."""

    external_id: str
    handle: str
    name: str
    url: str
    description: str = ""
    avatar_url: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    verified: bool | None = None
    created_at: datetime | None = None
    moved_to: str | None = None  # the handle under which the owner goes on elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecord:
    """What a network says about a post. None: not published, or hidden on this post; zero: it said zero."""

    external_id: str
    url: str
    published_at: datetime
    kind: Kind
    text: str = ""
    hashtags: tuple[str, ...] = ()
    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    quotes: int | None = None
    saves: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a profile's posts, newest first, and the moment at which its answer arrived.

    `reads_down_to` is the age down to which the list has been read without a gap once this page is in; None where
    the page proves nothing (it was empty). Posts of other people that the list showed in between are left out.
    """

    posts: tuple[PostRecord, ...]
    read_at: datetime
    reads_down_to: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a network that came in whole.

    `url` is what was asked, in the network's own address: never with a key, never with the address that replaced it.
    """

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)
    received_at: datetime

    def decode(self, as_type: type[T]) -> T:
        """The body as typed values. Raises `UnexpectedAnswer` where it has another shape."""
        try:
            return msgspec.json.decode(self.body, type=as_type, strict=False)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
            raise UnexpectedAnswer(str(error)) from error

    def json(self) -> Any:
        """The body as plain values. Raises `UnexpectedAnswer` where it is not JSON."""
        return self.decode(object)

    def again(self, /, **changes: str | int) -> tuple[str, dict[str, str | int | Sequence[str]]]:
        """The same question with some parameters changed, as address and parameters: how most lists go on."""
        url, _, query = self.url.partition("?")
        params: dict[str, str | int | Sequence[str]] = {
            name: values[0] if len(values) == 1 else values for name, values in parse_qs(query).items()
        }
        return url, params | changes


class Get(Protocol):
    """Asks a network once. Raises a `NetworkError`; an answer that comes back is a good one (status 2xx).

    With a `body` the question is posted as JSON.
    """

    def __call__(self, url: str, params: Params | None = None, *, body: Any = None) -> Answer: ...


class Remedy(StrEnum):
    """What helps against an error."""

    TRY_LATER = "try_later"
    NEEDS_ATTENTION = "needs_attention"
    GONE = "gone"


class NetworkError(Told):
    """A network did not give what was asked. `code` is stable, the sentence is for people."""

    remedy: Remedy
    code: str

    def __init__(self, code: str, form: str, **words: Word) -> None:
        super().__init__(form, **words)
        self.code = code


class TryLater(NetworkError):
    """Nothing is wrong with the profile or the key; the same question may succeed after `after`."""

    remedy = Remedy.TRY_LATER

    def __init__(self, code: str, form: str, *, after: timedelta | None = None, **words: Word) -> None:
        super().__init__(code, form, **words)
        self.after = after


class UnexpectedAnswer(TryLater):
    """The network answered in a shape that its description does not know."""

    def __init__(self, detail: str) -> None:
        form = gettext_noop("The network answered in a form that Yardstick does not know yet.")
        super().__init__("unexpected_answer", form)
        self.detail = detail


class NeedsAttention(NetworkError):
    """A person has to do something: a key, a permission, a private profile."""

    remedy = Remedy.NEEDS_ATTENTION


class Gone(NetworkError):
    """The profile is not there (any more): unknown, deleted, suspended."""

    remedy = Remedy.GONE


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in `seconds`, for all workers together; counted per `each` (host, or key).

    With `only_with`, only calls that carry one of these parameters count.
    """

    calls: int
    seconds: int
    each: str = "host"
    only_with: frozenset[str] = frozenset()


def walk(
    get: Get,
    start: tuple[str, Params],
    as_type: type[T],
    next_page: Callable[[Answer, T], tuple[str, Params] | None],
    *,
    mark: Callable[[T], object],
) -> Iterator[tuple[Answer, T]]:
    """Ask for one page after the other until there is no next one, or the next one was asked before.

    An empty page is not the end while it points on. A list that points on and on without reaching further than `mark`
    says is given up.
    """
    target: tuple[str, Params] | None = start
    asked: list[tuple[str, Params]] = []
    reached: object = object()
    standing = 0
    while target is not None and target not in asked:
        asked.append(target)
        answer = get(*target)
        body = answer.decode(as_type)
        yield answer, body
        standing = standing + 1 if mark(body) == reached else 0
        if standing == PAGES_WITHOUT_NEWS:
            raise UnexpectedAnswer("the list goes on without an end")
        reached = mark(body)
        target = next_page(answer, body)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A list of posts that is read page by page: where it stands, where its items are, how it goes on.

    `url` and `params` are made from the profile's external id; `items` takes the items out of the decoded body,
    `next_params` says what to ask for next (None at the end) given the answer; `parse` makes a record, or None for an
    item that is not the profile's own post; `moment` is the time by which the network sorts an item.
    """

    url: Callable[[str], str]
    params: Callable[[str], Params]
    answer_type: type[Any]
    items: Callable[[Any], Sequence[Any]]
    next_page: Callable[[Answer, Any], tuple[str, Params] | None]
    parse: Callable[[Any, str], PostRecord | None]
    moment: Callable[[Any], datetime | None]

    def __call__(self, get: Get, external_id: str) -> Iterator[Page]:
        """Yield pages newest first until the list ends."""
        start = (self.url(external_id), self.params(external_id))
        seen: set[str] = set()
        for answer, body in walk(get, start, self.answer_type, self.next_page, mark=self._reached):
            records = (self.parse(item, external_id) for item in self.items(body))
            fresh = {record.external_id: record for record in records if record and record.external_id not in seen}
            yield Page(tuple(fresh.values()), answer.received_at, self._reached(body))
            seen.update(fresh)

    def _reached(self, body: Any) -> datetime | None:
        moments = [moment for item in self.items(body) if (moment := self.moment(item)) is not None]
        # The last item, not the oldest: a pinned post may stand above everything that is younger.
        return moments[-1] if moments else None


class Known(Protocol):
    """A profile as it was last seen, whether in a row or in an answer."""

    @property
    def external_id(self) -> str: ...

    @property
    def handle(self) -> str: ...


class ReadPosts(Protocol):
    """Reads a profile's posts page by page, newest first; the caller decides when to stop."""

    def __call__(self, get: Get, external_id: str, /) -> Iterator[Page]: ...


def cannot_be_fetched(*_: object) -> Any:
    """Stands where a network has been declared for files only."""
    sentence = gettext_noop("This network cannot be fetched yet. Import its files instead.")
    raise NeedsAttention("network_not_fetchable", sentence)


@dataclass(frozen=True, slots=True)
class HalfLife:
    """The age, in hours, at which a post has half of the count that it has when mature, and who says so."""

    hours: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network: what it publishes about third parties, and how it is asked.

    - `recognise` takes what people paste (handle, @handle, URL) and gives the reference to ask for, or None;
      `recognises_url` says whether a URL is one of this network's (to name the network that a stray URL belongs to).
    - `find` looks a reference up, `profile` asks again by id, `posts` lists.
    - `refresh` reads known posts by id, up to `refresh_size` in one call, whosever they are; those that are gone are
      left out.
    - `engagement_parts` are added up to engagements; `maturity` is the age at which a post has 95 % of its final count.
    - `shown_handle` writes a handle as people know it from the network; `handle_hint` is an example.
    - `half_life` is a published one: what a young post comes to is told by it until there is a history here; None:
      none is known, and a twenty-fourth of the maturity stands for it.
    - `handles_name_hosts`: handles end in a domain, so that the demo's names can be told from real ones.
    - `asks_by_handle` where the network takes no ids: `profile` and `posts` are given the handle last seen instead, and
      the id in the answer tells whether it still is the same profile.
    - `known_by_name_only` where the network tells no id of a profile: a renamed one is gone, and one that takes over
      its name cannot be told from it.
    - `profiles` asks for up to `profiles_size` profiles by id in one call; those it does not know are left out.
    - `lists_posts` is False where other people's posts cannot be had at all; `not_published_because` says why.
    - `expires` says of posts of which kinds the network itself takes down, and how old they are then at least: a list
      proves nothing about older ones, and one that is not there any more need not have been deleted.
    - `keeps` is how long unrefreshed counts and text may be kept; None: no limit.
    - `significant_digits` is the precision to which the network rounds followers; None: exact.
    - `explain` gives the error that an answer means, or None; it sees good answers too where `errors_in_good_answers`.
    - `allowance` reads from an answer what is left of the calls that are allowed, and for how long nobody should call.
    - `sample` is a profile that everybody may read: a key is tested with it.
    """

    key: str
    label: str
    publishes: frozenset[str]
    engagement_parts: tuple[str, ...]
    maturity: timedelta
    recognise: Callable[[str], str | None]
    recognises_url: Callable[[str], bool]
    handle_hint: str
    shown_handle: Callable[[str], str] = with_at
    profile_url: Callable[[str], str]
    half_life: HalfLife | None = None
    handles_name_hosts: bool = False
    asks_by_handle: bool = False
    known_by_name_only: bool = False
    hidden_on_some_posts: frozenset[str] = frozenset()
    not_published_because: str = ""
    fetchable: bool = True
    base_url: str = ""
    find: Callable[[Get, str], ProfileRecord] = cannot_be_fetched
    profile: Callable[[Get, str], ProfileRecord] = cannot_be_fetched
    posts: ReadPosts = cannot_be_fetched
    lists_posts: bool = True
    refresh: Callable[[Get, Sequence[str]], tuple[Page, ...]] = cannot_be_fetched
    refresh_size: int = 0
    profiles: Callable[[Get, Sequence[str]], Sequence[ProfileRecord]] = cannot_be_fetched
    profiles_size: int = 0
    page_size: int = 0
    reads_back: timedelta = timedelta(days=730)
    reads_back_posts: int = 2000
    expires: Mapping[Kind, timedelta] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    quota: Quota | None = None
    key_need: KeyNeed | None = None
    keeps: timedelta | None = None
    significant_digits: int | None = None
    explain: Callable[[Answer], NetworkError | None] = field(default=lambda _: None)
    errors_in_good_answers: bool = False
    allowance: Callable[[Answer], Allowance] = counted
    sample: str = ""

    def __str__(self) -> str:
        return self.label

    def is_pretend(self, reference: str) -> bool:
        """Whether a handle or id is one of the demo's: only where handles name hosts is its domain reserved."""
        return self.handles_name_hosts and is_pretend(reference)

    def asked_by(self, profile: Known) -> str:
        """What the network knows a profile by: its id, which outlives a rename, unless it takes handles only."""
        return profile.handle if self.asks_by_handle else profile.external_id

    @property
    def host(self) -> str:
        """The one host that is asked; empty where every server is asked for itself."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def lists_all_for(self) -> timedelta | None:
        """For how long every post stays in the list unless its owner deletes it; None: for ever."""
        return min(self.expires.values(), default=None)

    @property
    def views_are_published(self) -> bool:
        """Whether the number of showings of a post is public here."""
        return "views" in self.publishes


def credential_missing(network: Network) -> NeedsAttention:
    """Nobody has given a key for the network; how people get one."""
    how = Sentence(network.key_need.how) if network.key_need else ""
    form = gettext_noop("%(network)s asks for a key. %(how)s")
    return NeedsAttention("credential_missing", form, network=network.label, how=how)
