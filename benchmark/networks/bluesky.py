"""Bluesky, as its public AppView shows it: no key, every count but views."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
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
    Window,
    with_at,
)
from benchmark.networks.keys import Params
from benchmark.networks.parsing import (
    Id,
    Moment,
    count,
    hashtags,
    in_batches,
    moment_or_none,
    name_or,
    plain,
    utc,
    web_address,
)
from benchmark.networks.pasted import address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://public.api.bsky.app"
PROFILE = f"{BASE}/xrpc/app.bsky.actor.getProfile"
PROFILES = f"{BASE}/xrpc/app.bsky.actor.getProfiles"
AUTHOR_FEED = f"{BASE}/xrpc/app.bsky.feed.getAuthorFeed"
POSTS = f"{BASE}/xrpc/app.bsky.feed.getPosts"

HANDLE = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]{1,500}")

# Under this label an owner asks that people who are not signed in do not see the profile. The server leaves it to us.
HIDDEN_FROM_LOGGED_OUT = "!no-unauthenticated"

KINDS = {
    "app.bsky.embed.images#view": Kind.PHOTO,
    "app.bsky.embed.gallery#view": Kind.ALBUM,
    "app.bsky.embed.video#view": Kind.VIDEO,
    "app.bsky.embed.external#view": Kind.LINK,
    "app.bsky.embed.record#view": Kind.QUOTE,
    "app.bsky.embed.recordWithMedia#view": Kind.QUOTE,
}


class Label(msgspec.Struct):
    src: str
    val: str
    neg: bool = False


class Verification(msgspec.Struct, rename="camel"):
    verified_status: str = "none"
    trusted_verifier_status: str = "none"


class Profile(msgspec.Struct, rename="camel"):
    did: Id
    handle: Id
    display_name: str | None = None
    description: str | None = None
    avatar: str | None = None
    followers_count: int | None = None
    follows_count: int | None = None
    posts_count: int | None = None
    created_at: str | None = None
    labels: list[Label] = []
    verification: Verification | None = None


class Profiles(msgspec.Struct):
    profiles: list[Profile]


class Author(msgspec.Struct):
    did: str


class Feature(msgspec.Struct):
    tag: str | None = None


class Facet(msgspec.Struct):
    features: list[Feature] = []


class Written(msgspec.Struct, rename="camel"):
    """What the author's program wrote; the network only passes it on."""

    text: str = ""
    created_at: str | None = None
    facets: list[Facet] | None = None
    tags: list[str] | None = None
    reply: Any = None


class Post(msgspec.Struct, rename="camel"):
    uri: Id
    author: Author
    record: Any
    indexed_at: Moment
    embed: Any = None
    like_count: int | None = None
    reply_count: int | None = None
    repost_count: int | None = None
    quote_count: int | None = None
    bookmark_count: int | None = None


class Reason(msgspec.Struct, rename="camel"):
    """Why a post stands in the feed where it does."""

    type: str = msgspec.field(name="$type", default="")
    indexed_at: str | None = None


class FeedItem(msgspec.Struct):
    post: Post
    reply: Any = None
    reason: Reason | None = None


class Feed(msgspec.Struct):
    feed: list[FeedItem]
    cursor: str | None = None


class Posts(msgspec.Struct):
    posts: list[Post]


class Problem(msgspec.Struct):
    error: str = ""
    message: str = ""


def recognise(text: str) -> str | None:
    """The handle or DID in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if name.startswith("at://"):
        name = name.removeprefix("at://").partition("/")[0]
    elif link and link.is_on("bsky.app") and link.segment(0) == "profile":
        name = link.segment(1)
    elif link and link.host.endswith(".bsky.social") and not link.segments:
        name = link.host
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    if DID.fullmatch(name):
        return name
    return name.lower() if HANDLE.fullmatch(name) else None


def recognises_url(text: str) -> bool:
    """Whether an address is one of Bluesky's."""
    link = address(text)
    return tidy(text).startswith("at://") or (link is not None and link.is_on("bsky.app", "bsky.social"))


def profile_url(handle: str) -> str:
    """The profile's page for people."""
    return f"https://bsky.app/profile/{quote(handle, safe=':')}"


def is_hidden(body: Profile) -> bool:
    """Whether the owner asks that only people who are signed in see the profile."""
    return any(label.val == HIDDEN_FROM_LOGGED_OUT and label.src == body.did and not label.neg for label in body.labels)


def parse_profile(body: Profile) -> ProfileRecord:
    """A profile as Bluesky shows it. Raises `NeedsAttention` where its owner hides it from people not signed in."""
    if is_hidden(body):
        raise NeedsAttention(
            "profile_hidden_from_logged_out",
            gettext_noop(
                "The owner of this profile asks Bluesky to show it to signed-in people only. Yardstick respects that."
            ),
        )
    handle = body.did if body.handle == "handle.invalid" else body.handle.lower()
    return ProfileRecord(
        external_id=body.did,
        handle=handle,
        name=name_or(body.display_name, handle),
        url=profile_url(handle),
        description=plain(body.description),
        avatar_url=web_address(body.avatar),
        followers=count(body.followers_count),
        following=count(body.follows_count),
        posts=count(body.posts_count),
        verified=_verified(body.verification),
        created_at=moment_or_none(body.created_at),
    )


def _verified(verification: Verification | None) -> bool:
    if verification is None:
        return False
    return "valid" in {verification.verified_status, verification.trusted_verifier_status}


def _written(record: Any) -> Written:
    try:
        return msgspec.convert(record, Written)
    except msgspec.ValidationError:
        return Written()


def published_at(post: Post, written: Written) -> datetime:
    """The earlier of the claimed and the indexed moment: by it the network sorts."""
    indexed = utc(post.indexed_at)
    return min(moment_or_none(written.created_at) or indexed, indexed)


def kind_of(embed: Any) -> Kind:
    """What a post shows beside its text."""
    if not isinstance(embed, Mapping):
        return Kind.TEXT
    kind = KINDS.get(str(embed.get("$type")), Kind.OTHER)
    images = embed.get("images")
    return Kind.ALBUM if kind is Kind.PHOTO and isinstance(images, list) and len(images) > 1 else kind


def parse_post(post: Post, did: str) -> PostRecord | None:
    """An own post as a record; None for replies and for what somebody else wrote."""
    written = _written(post.record)
    if post.author.did != did or written.reply is not None:
        return None
    features = [feature.tag for facet in written.facets or [] for feature in facet.features if feature.tag]
    return PostRecord(
        external_id=post.uri,
        url=f"{profile_url(did)}/post/{quote(post.uri.rpartition('/')[2], safe='')}",
        published_at=published_at(post, written),
        kind=kind_of(post.embed),
        text=plain(written.text),
        hashtags=hashtags(features + (written.tags or [])),
        reactions=count(post.like_count),
        comments=count(post.reply_count),
        shares=count(post.repost_count),
        quotes=count(post.quote_count),
        saves=count(post.bookmark_count),
    )


def _is_repost(item: FeedItem) -> bool:
    return item.reason is not None and item.reason.type.endswith("#reasonRepost")


def parse_item(item: FeedItem, did: str) -> PostRecord | None:
    """An item of the feed as a record; None for reposts and replies."""
    return None if _is_repost(item) or item.reply is not None else parse_post(item.post, did)


def moment_of(item: FeedItem) -> datetime | None:
    """The moment by which the feed sorts an item; a pinned post stands outside of the order."""
    if item.reason is None:
        return published_at(item.post, _written(item.post.record))
    return moment_or_none(item.reason.indexed_at) if _is_repost(item) else None


def next_page(answer: Answer, body: Feed) -> tuple[str, Params] | None:
    """The same list after its cursor; None at the end."""
    return answer.again(cursor=body.cursor) if body.cursor else None


def explain(answer: Answer) -> NetworkError | None:
    """What an error of the AppView means; None where the status says it all."""
    if answer.status != 400:
        return None
    problem = answer.decode(Problem)
    if problem.error == "AccountTakedown":
        return Gone("profile_suspended", gettext_noop("Bluesky has suspended this profile."))
    if problem.error == "AccountDeactivated":
        return Gone("profile_deactivated", gettext_noop("The owner has deactivated this profile."))
    if re.search(r"profile not found|unable to resolve handle|must be a valid did", problem.message, re.IGNORECASE):
        return Gone("profile_not_found", gettext_noop("Bluesky knows no profile of this name."))
    return None


def profile(get: Get, actor: str) -> ProfileRecord:
    """Look a profile up by its handle or DID."""
    return parse_profile(get(PROFILE, {"actor": actor}).decode(Profile))


def profiles(get: Get, dids: Sequence[str]) -> tuple[ProfileRecord, ...]:
    """Look many profiles up. Those that are unknown, suspended or hidden by their owner are left out."""
    batches = in_batches(dids, BLUESKY.profiles_size)
    answers = (get(PROFILES, {"actors": batch}).decode(Profiles).profiles for batch in batches)
    return tuple(parse_profile(body) for answer in answers for body in answer if not is_hidden(body))


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again; those that are gone are left out."""
    return tuple(_read_again(get, uris) for uris in in_batches(external_ids, BLUESKY.refresh_size))


def _read_again(get: Get, uris: Sequence[str]) -> Page:
    answer = get(POSTS, {"uris": uris})
    records = (parse_post(post, post.author.did) for post in answer.decode(Posts).posts)
    return Page(tuple(record for record in records if record is not None), answer.received_at, None)


BLUESKY = Network(
    key="bluesky",
    label="Bluesky",
    publishes=frozenset({"followers", "following", "posts", "reactions", "comments", "shares", "quotes", "saves"}),
    not_published_because=gettext_noop(
        "Bluesky counts no views: nobody sees how often a post was shown, not even its author."
    ),
    engagement_parts=("reactions", "comments", "shares", "quotes"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handles_name_hosts=True,
    handle_hint=gettext_noop("@anna.bsky.social"),
    shown_handle=lambda handle: handle if handle.startswith("did:") else with_at(handle),
    profile_url=profile_url,
    base_url=BASE,
    find=profile,
    profile=profile,
    posts=Endpoint(
        url=lambda did: AUTHOR_FEED,  # noqa: ARG005 (the profile stands in the parameters)
        params=lambda did: {"actor": did, "limit": 100, "filter": "posts_no_replies"},
        answer_type=Feed,
        items=attrgetter("feed"),
        next_page=next_page,
        parse=parse_item,
        moment=moment_of,
    ),
    profiles=profiles,
    profiles_size=25,
    refresh=refresh,
    refresh_size=25,
    page_size=100,
    windows=(
        Window(calls=2_800, seconds=300),
    ),  # 3,000 are allowed; the rest is left to others behind the same address
    explain=explain,
)
