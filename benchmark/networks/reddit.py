"""Reddit, as its API shows it to an approved app: communities (`r/name`) and people (`u/name`).

Reddit lists by name and knows by id, and a name may come to belong to somebody else, so an external id is
`<full id>:<name>`.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Annotated
from urllib.parse import quote

import msgspec

from benchmark.networks.base import (
    Answer,
    Endpoint,
    Get,
    Gone,
    Kind,
    NeedsAttention,
    Network,
    NetworkError,
    Page,
    PostRecord,
    ProfileRecord,
    UnexpectedAnswer,
    Window,
)
from benchmark.networks.keys import Exchange, KeyNeed, KeyPart, Params, as_bearer
from benchmark.networks.parsing import LocalId, count, in_batches, name_or, plain, web_address
from benchmark.networks.pasted import address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

SITE = "https://www.reddit.com"
BASE = "https://oauth.reddit.com"
BY_ID = f"{BASE}/api/info"

AS_WRITTEN = {"raw_json": 1}  # else texts come as HTML would write them

COMMUNITY, PERSON, POST = "t5", "t2", "t3"  # what Reddit's full ids begin with

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}")
PERSON_NAME = re.compile(r"[A-Za-z0-9_-]{2,20}")
EXTERNAL_ID = re.compile(r"(?P<kind>t2|t5)_[a-z0-9]+:(?P<name>[A-Za-z0-9_-]+)")

# Names that stand for more than one community, or for whoever asks.
MANY = frozenset({"all", "popular", "friends", "mod", "random", "randnsfw", "myrandom"})
NOBODY = frozenset({"me"})

# What stands in a post's place once its words were taken away.
TAKEN_AWAY = frozenset({"[deleted]", "[removed]"})

KINDS_BY_HINT = {"image": Kind.PHOTO, "hosted:video": Kind.VIDEO, "rich:video": Kind.VIDEO}
KINDS_BY_DOMAIN = {"i.redd.it": Kind.PHOTO, "v.redd.it": Kind.VIDEO}

# A moment as Reddit writes it.
Seconds = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]


class Community(msgspec.Struct):
    name: LocalId  # its full id
    display_name: LocalId
    created_utc: Seconds
    title: str | None = None
    public_description: str | None = None
    subscribers: int | None = None
    community_icon: str | None = None
    icon_img: str | None = None


class OwnCommunity(msgspec.Struct):
    """What a person has beside an account: a page of their own, with those who follow it."""

    title: str | None = None
    public_description: str | None = None
    subscribers: int | None = None


class Person(msgspec.Struct):
    name: LocalId
    id: LocalId = ""  # a suspended account shows none
    created_utc: Seconds | None = None
    icon_img: str | None = None
    is_suspended: bool | None = None
    subreddit: OwnCommunity | None = None


class Answered(msgspec.Struct):
    kind: str


class OneCommunity(msgspec.Struct):
    data: Community


class OnePerson(msgspec.Struct):
    data: Person


class Post(msgspec.Struct):
    name: LocalId
    created_utc: Seconds
    permalink: str = ""
    title: str | None = None
    selftext: str | None = None
    author: str | None = None
    author_fullname: str | None = None
    subreddit_id: str | None = None
    score: int | None = None
    num_comments: int | None = None
    num_crossposts: int | None = None
    is_self: bool | None = None
    is_video: bool | None = None
    is_gallery: bool | None = None
    post_hint: str | None = None
    poll_data: object = None
    domain: str | None = None
    crosspost_parent: str | None = None
    removed_by_category: str | None = None
    stickied: bool | None = None
    pinned: bool | None = None


class Thing(msgspec.Struct):
    kind: str
    data: Post


class Things(msgspec.Struct):
    children: list[Thing]
    after: str | None = None


class Listing(msgspec.Struct):
    data: Things


class Problem(msgspec.Struct):
    error: int | None = None
    reason: str | None = None


def recognise(text: str) -> str | None:
    """`r/name` or `u/name`, in what was pasted; None where there is neither."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("reddit.com"):
        return _reference(link.segment(0), link.segment(1))
    folder, _, rest = name.removeprefix("/").partition("/")
    return _reference(folder, rest.removesuffix("/")) if folder in {"r", "u"} else None


def _reference(folder: str, name: str) -> str | None:
    if folder in {"u", "user"} or (folder == "r" and name.lower().startswith("u_")):
        person = name if folder != "r" else name[2:]
        return f"u/{person.lower()}" if PERSON_NAME.fullmatch(person) and person.lower() not in NOBODY else None
    is_community = folder == "r" and NAME.fullmatch(name) and name.lower() not in MANY
    return f"r/{name.lower()}" if is_community else None


def recognises_url(text: str) -> bool:
    """Whether an address is one of Reddit's."""
    link = address(text)
    return link is not None and looks_like_address(tidy(text)) and link.is_on("reddit.com", "redd.it")


def profile_url(handle: str) -> str:
    """The page for people."""
    folder, _, name = handle.partition("/")
    return f"{SITE}/{'user' if folder == 'u' else 'r'}/{quote(name, safe='')}/"


def split_id(external_id: str) -> tuple[str, str]:
    """What an external id is of (a community or a person) and the name by which Reddit lists it."""
    found = EXTERNAL_ID.fullmatch(external_id)
    if found is None:
        raise Gone("profile_not_found", gettext_noop("This is no id of a community or a person on Reddit."))
    return found["kind"], found["name"]


def parse_community(body: Community) -> ProfileRecord:
    """A community as Reddit shows it."""
    name = body.display_name.lower()
    return ProfileRecord(
        external_id=f"{body.name}:{name}",
        handle=f"r/{name}",
        name=name_or(body.title, body.display_name),
        url=profile_url(f"r/{name}"),
        description=plain(body.public_description),
        avatar_url=web_address(body.community_icon) or web_address(body.icon_img),
        followers=count(body.subscribers),
        created_at=_moment(body.created_utc),
    )


def parse_person(body: Person) -> ProfileRecord:
    """A person as Reddit shows one. Raises `Gone` where Reddit has suspended the account."""
    if body.is_suspended:
        raise Gone("profile_suspended", gettext_noop("Reddit has suspended this account."))
    if not body.id:
        raise UnexpectedAnswer("an account without an id")
    name, page = body.name.lower(), body.subreddit or OwnCommunity()
    return ProfileRecord(
        external_id=f"{PERSON}_{body.id}:{name}",
        handle=f"u/{name}",
        name=name_or(page.title, body.name),
        url=profile_url(f"u/{name}"),
        description=plain(page.public_description),
        avatar_url=web_address(body.icon_img),
        followers=count(page.subscribers),
        created_at=None if body.created_utc is None else _moment(body.created_utc),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def kind_of(post: Post) -> Kind:
    """What a post is made of."""
    shown = (
        (post.crosspost_parent, Kind.QUOTE),  # somebody else's post under a title of its own
        (post.poll_data, Kind.POLL),
        (post.is_gallery, Kind.ALBUM),
        (post.is_video, Kind.VIDEO),
        (post.is_self, Kind.TEXT),
    )
    found = next((kind for is_there, kind in shown if is_there), None)
    return found or KINDS_BY_HINT.get(post.post_hint or "") or KINDS_BY_DOMAIN.get(post.domain or "", Kind.LINK)


def is_taken_away(post: Post) -> bool:
    """Whether its author or a moderator has taken the post away; it keeps its place for a while."""
    return bool(post.removed_by_category) or plain(post.selftext) in TAKEN_AWAY


def parse_post(thing: Thing) -> PostRecord | None:
    """A post as a record; None for a comment, and for what was taken away."""
    post = thing.data
    if thing.kind != POST or is_taken_away(post):
        return None
    text = "\n\n".join(part for part in (plain(post.title), plain(post.selftext)) if part)
    return PostRecord(
        external_id=post.name,
        url=web_address(f"{SITE}{post.permalink}")
        or f"{SITE}/comments/{quote(post.name.removeprefix('t3_'), safe='')}",
        published_at=_moment(post.created_utc),
        kind=kind_of(post),
        text=text,
        reactions=count(post.score),
        comments=count(post.num_comments),
        shares=count(post.num_crossposts),
    )


def _address_of(post: Post) -> str:
    found = web_address(f"{SITE}{post.permalink}") if post.permalink.startswith("/") else None
    return found or f"{SITE}/comments/{quote(post.name.removeprefix('t3_'), safe='')}/"


def parse_item(thing: Thing, external_id: str) -> PostRecord | None:
    """An item of the profile's list as a record; None where it is of another community or person, or no post."""
    full_id, _, name = external_id.partition(":")
    post = thing.data
    if full_id.startswith(COMMUNITY):
        return parse_post(thing) if post.subreddit_id in {full_id, None} else None
    # Old posts name their author, and not the author's id.
    is_own = post.author_fullname == full_id if post.author_fullname else (post.author or "").lower() == name
    return parse_post(thing) if is_own else None


def moment_of(thing: Thing) -> datetime | None:
    """The moment by which the list sorts an item; one that is pinned may stand outside of the order."""
    return None if thing.data.stickied or thing.data.pinned else _moment(thing.data.created_utc)


def list_url(external_id: str) -> str:
    """Where the posts of a community or a person are listed."""
    kind, name = split_id(external_id)
    return f"{BASE}/r/{name}/new" if kind == COMMUNITY else f"{BASE}/user/{name}/submitted"


def list_params(external_id: str) -> Params:
    """How they are asked for, newest first."""
    kind, _ = split_id(external_id)
    return {"limit": 100, **AS_WRITTEN} | ({"sort": "new"} if kind == PERSON else {})


def next_page(answer: Answer, body: Listing) -> tuple[str, Params] | None:
    """The same list further down; None at the end."""
    return answer.again(after=body.data.after) if body.data.after else None


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the status says it all."""
    if answer.status == 401:
        return NeedsAttention(
            "credential_refused", gettext_noop("Reddit refuses the app's id and secret. Enter them again.")
        )
    if answer.status == 404:
        return _not_there(_problem(answer))
    return _not_shown(_problem(answer)) if answer.status == 403 else None


def _problem(answer: Answer) -> Problem:
    try:
        return answer.decode(Problem)
    except UnexpectedAnswer:
        return Problem()  # a page for people


def _not_there(problem: Problem) -> NetworkError:
    if problem.reason == "banned":
        return Gone("profile_suspended", gettext_noop("Reddit has banned this community."))
    return Gone("profile_not_found", gettext_noop("Reddit knows no community or person of this name."))


def _not_shown(problem: Problem) -> NetworkError | None:
    if problem.error is None:
        return None  # it stands before Reddit, and says nothing about the profile
    if problem.reason == "quarantined":
        return NeedsAttention(
            "profile_quarantined",
            gettext_noop("Reddit has quarantined this community and hides it from programs."),
        )
    return NeedsAttention("profile_private", gettext_noop("Reddit shows this profile to chosen people only."))


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a community or a person up by name."""
    folder, _, name = reference.partition("/")
    return _about(get, COMMUNITY if folder == "r" else PERSON, name)


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known community or person again."""
    return _about(get, *split_id(external_id))


def _about(get: Get, kind: str, name: str) -> ProfileRecord:
    answer = get(f"{BASE}/{'r' if kind == COMMUNITY else 'user'}/{quote(name, safe='')}/about", AS_WRITTEN)
    if answer.decode(Answered).kind == "Listing":
        raise _not_there(Problem())  # an unknown community's address leads to a search for it
    if kind == COMMUNITY:
        return parse_community(answer.decode(OneCommunity).data)
    return parse_person(answer.decode(OnePerson).data)


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again; those that are gone are left out."""
    return tuple(_read_again(get, batch) for batch in in_batches(external_ids, REDDIT.refresh_size))


def _read_again(get: Get, external_ids: Sequence[str]) -> Page:
    answer = get(BY_ID, {"id": ",".join(external_ids), **AS_WRITTEN})
    records = (parse_post(thing) for thing in answer.decode(Listing).data.children)
    return Page(tuple(record for record in records if record is not None), answer.received_at, None)


REDDIT = Network(
    key="reddit",
    label="Reddit",
    publishes=frozenset({"followers", "reactions", "comments", "shares"}),
    hidden_on_some_posts=frozenset({"shares"}),  # old answers do not know crossposts
    not_published_because=gettext_noop(
        "Reddit shows views to an author and to moderators only, and blurs the score, "
        "which stands for reactions: votes for a post minus votes against it."
    ),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("r/bakery"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    posts=Endpoint(
        url=list_url,
        params=list_params,
        answer_type=Listing,
        items=attrgetter("data.children"),
        next_page=next_page,
        parse=parse_item,
        moment=moment_of,
    ),
    refresh=refresh,
    refresh_size=100,
    page_size=100,
    reads_back_posts=1_000,
    windows=(Window(calls=100, seconds=60, each="key"),),
    key_need=KeyNeed(
        parts=(
            KeyPart("client_id", "REDDIT_CLIENT_ID", "Client id", secret=False),
            KeyPart("client_secret", "REDDIT_CLIENT_SECRET", "Client secret"),
        ),
        sign=as_bearer(),
        how=gettext_noop(
            "Ask Reddit to approve your use of its Data API, then make an app of the type “script” at "
            "reddit.com/prefs/apps and enter its client id and secret. Commercial use takes a contract with Reddit."
        ),
        exchange=Exchange(
            f"{SITE}/api/v1/access_token",
            form=lambda _: {"grant_type": "client_credentials"},
            basic=lambda parts: (parts["client_id"], parts["client_secret"]),
        ),
    ),
    explain=explain,
    sample="r/announcements",
)
