"""The pretend world in the words of Bluesky's public AppView: its methods, cursors, filters and error bodies."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, NoReturn

from benchmark.demo import DOMAIN, life
from benchmark.demo.cast import BLUESKY, Account
from benchmark.demo.life import Deed, What
from benchmark.demo.wire import Ask, Refused, Reply, as_json, cid, in_milliseconds, picture_url, stamp
from benchmark.networks.base import Kind

ACTOR = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+|([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*")
CURSOR = re.compile(r"(\d+)__([a-z0-9]+)")
TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LIMITS = {"ratelimit-limit": "3000", "ratelimit-remaining": "2999", "ratelimit-policy": "3000;w=300"}
PINNED_AGE = timedelta(days=60)


def answer(ask: Ask) -> Reply:
    """What the AppView says to `/xrpc/<method>`."""
    try:
        method = METHODS.get(ask.path.removeprefix("/xrpc/"))
        if method is None:
            refuse("MethodNotImplemented", "Method Not Implemented", status=501)
        reset = str(int(ask.now.timestamp()) // 300 * 300 + 300)
        return as_json(method(ask), headers=LIMITS | {"ratelimit-reset": reset})
    except Refused as refused:
        return refused.reply


def failure(status: int) -> Reply:
    """An error of the server itself, as the AppView words it."""
    error, message = {
        429: ("RateLimitExceeded", "Rate Limit Exceeded"),
        502: ("UpstreamFailure", "Upstream Failure"),
        503: ("NotEnoughResources", "Not Enough Resources"),
    }.get(status, ("InternalServerError", "Internal Server Error"))
    return as_json({"error": error, "message": message}, status=status)


def refuse(error: str, message: str, *, status: int = 400) -> NoReturn:
    raise Refused(status, {"error": error, "message": message})


# --- methods ---------------------------------------------------------------------------------------------------------


def get_profile(ask: Ask) -> Any:
    if not ask.every("actor"):
        refuse("InvalidRequest", 'Error: Params must have the property "actor"')
    account = actor(ask, ask.one("actor"))
    if account is None or ask.world.state(account) == "deleted" or ask.now < life.opened_at(account):
        raise Refused(400, NOT_FOUND)
    if ask.world.state(account) == "suspended":
        refuse("AccountTakedown", "Account has been suspended")
    if ask.world.state(account) == "deactivated":
        refuse("AccountDeactivated", "Account is deactivated")
    return profile_detailed(ask, account)


def get_profiles(ask: Ask) -> Any:
    asked = ask.every("actors")
    if not asked:
        refuse("InvalidRequest", 'Error: Params must have the property "actors"')
    if len(asked) > 25:
        refuse("InvalidRequest", "Error: actors must not have more than 25 elements")
    found = [account for name in asked if (account := actor(ask, name)) and shown(ask, account)]
    return {"profiles": [profile_detailed(ask, account) for account in found]}


def resolve_handle(ask: Ask) -> Any:
    account = actor(ask, ask.one("handle"))
    if account is None or ask.world.state(account) == "deleted" or ask.now < life.opened_at(account):
        refuse("InvalidRequest", "Unable to resolve handle")
    return {"did": did(account)}


def get_posts(ask: Ask) -> Any:
    asked = ask.every("uris")
    if len(asked) > 25:
        refuse("InvalidRequest", "Error: uris must not have more than 25 elements")
    found = (by_uri(ask, uri) for uri in asked)
    return {"posts": [post_view(ask, deed) for deed in found if deed is not None]}


def get_author_feed(ask: Ask) -> Any:
    limit = within(ask, "limit", default=50, most=100)
    account = actor(ask, ask.one("actor"))
    if account is None or not shown(ask, account):
        raise Refused(400, NOT_FOUND)
    passes = FILTERS.get(ask.one("filter", "posts_with_replies"), FILTERS["posts_with_replies"])
    after = position(ask.one("cursor"))
    listed = (deed for deed in life.deeds(account, ask.now) if passes(deed) and (after is None or place(deed) < after))
    items = list(islice(listed, limit))
    feed = [feed_view(ask, deed) for deed in items]
    if ask.is_true("includePins") and after is None and (pinned := pinned_post(ask, account)):
        feed.insert(0, {"post": post_view(ask, pinned), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}})
    if len(items) < limit:
        return {"feed": feed}
    milliseconds, content = place(items[-1])
    return {"feed": feed, "cursor": f"{milliseconds}__{content}"}


METHODS: dict[str, Callable[[Ask], Any]] = {
    "app.bsky.actor.getProfile": get_profile,
    "app.bsky.actor.getProfiles": get_profiles,
    "app.bsky.feed.getAuthorFeed": get_author_feed,
    "app.bsky.feed.getPosts": get_posts,
    "com.atproto.identity.resolveHandle": resolve_handle,
}
NOT_FOUND = {"error": "InvalidRequest", "message": "Profile not found"}
FILTERS: dict[str, Callable[[Deed], bool]] = {
    "posts_with_replies": lambda _: True,
    "posts_no_replies": lambda deed: deed.what is not What.REPLY,
    "posts_with_media": lambda deed: deed.what is What.POST and deed.kind in {Kind.PHOTO, Kind.ALBUM, Kind.VIDEO},
    "posts_with_video": lambda deed: deed.what is What.POST and deed.kind is Kind.VIDEO,
    "posts_and_author_threads": lambda deed: deed.what is not What.REPLY or to_itself(deed),
}


# --- who and where ---------------------------------------------------------------------------------------------------


def did(account: Account) -> str:
    return f"did:web:{account.key}.{DOMAIN}"


def actor(ask: Ask, name: str) -> Account | None:
    """The account by its handle or DID."""
    if not ACTOR.fullmatch(name):
        refuse("InvalidRequest", "Error: actor must be a valid did or a handle")
    label, _, domain = name.removeprefix("did:web:").partition(".")
    if domain.lower() != DOMAIN:
        return None
    return ask.world.by_key(BLUESKY, label) if name.startswith("did:") else ask.world.by_handle(BLUESKY, label.lower())


def shown(ask: Ask, account: Account) -> bool:
    return ask.world.state(account) not in {"deleted", "suspended", "deactivated"} and ask.now >= life.opened_at(
        account
    )


def within(ask: Ask, name: str, *, default: int, most: int) -> int:
    given = ask.one(name, str(default))
    if not given.isdecimal():
        refuse("InvalidRequest", f"Error: {name} must be an integer")
    if int(given) < 1:
        refuse("InvalidRequest", f"Error: {name} can not be less than 1")
    if int(given) > most:
        refuse("InvalidRequest", f"Error: {name} can not be greater than {most}")
    return int(given)


def position(cursor: str) -> tuple[int, str] | None:
    """Where a cursor stands; a damaged one is an error of the server, not of the request."""
    if not cursor:
        return None
    found = CURSOR.fullmatch(cursor)
    if found is None:
        refuse("InternalServerError", "Internal Server Error", status=500)
    return int(found[1]), found[2]


def place(deed: Deed) -> tuple[int, str]:
    """By what a feed is sorted."""
    return in_milliseconds(deed.at), content_of(deed)


def to_itself(deed: Deed) -> bool:
    return deed.other is not None and deed.other.account is deed.account


def pinned_post(ask: Ask, account: Account) -> Deed | None:
    """The account's pinned post: older than everything on the first page."""
    old = (
        deed for deed in life.deeds(account, ask.now - PINNED_AGE) if deed.what is What.POST and deed.stands(ask.now)
    )
    return next(old, None)


# --- ids -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def record_key(deed: Deed) -> str:
    """A TID: thirteen letters out of the time and a clock id, which here says the place within the day."""
    value = in_milliseconds(deed.at) * 1000 << 10 | deed.number
    return "".join(TID_LETTERS[value >> shift & 31] for shift in range(60, -1, -5))


def moment_and_number(key: str) -> tuple[int, int] | None:
    """Out of a record key again what it was made from."""
    if len(key) != 13 or set(key) - set(TID_LETTERS):
        return None
    value = 0
    for letter in key:
        value = value << 5 | TID_LETTERS.index(letter)
    return (value >> 10) // 1000, value & 1023


def uri(deed: Deed) -> str:
    collection = "app.bsky.feed.repost" if deed.what is What.REPOST else "app.bsky.feed.post"
    return f"at://{did(deed.account)}/{collection}/{record_key(deed)}"


@lru_cache(maxsize=100_000)
def content_of(deed: Deed) -> str:
    return cid(uri(deed))


def by_uri(ask: Ask, asked: str) -> Deed | None:
    """The post with this address, where it stands and its author is shown."""
    parts = asked.removeprefix("at://").split("/")
    if not asked.startswith("at://") or len(parts) != 3 or parts[1] != "app.bsky.feed.post":
        return None
    account, made = actor(ask, parts[0]), moment_and_number(parts[2])
    if account is None or made is None or not shown(ask, account):
        return None
    day = datetime.fromtimestamp(made[0] / 1000, tz=ask.now.tzinfo).date()
    return next((deed for deed in life.deeds_of(account, day) if uri(deed) == asked and deed.stands(ask.now)), None)


# --- views -----------------------------------------------------------------------------------------------------------


def profile_basic(ask: Ask, account: Account) -> dict[str, Any]:
    return {
        "did": did(account),
        "handle": f"{ask.world.handle(account)}.{DOMAIN}",
        "displayName": account.name,
        "avatar": picture_url(account),
        "associated": {"activitySubscription": {"allowSubscriptions": "followers"}},
        "labels": labels(ask, account),
        "createdAt": stamp(life.opened_at(account)),
    }


def profile_detailed(ask: Ask, account: Account) -> dict[str, Any]:
    standing = life.standing(account, ask.now)
    return profile_basic(ask, account) | {
        "description": account.about,
        "indexedAt": stamp(life.opened_at(account)),
        "banner": picture_url(account, "banner"),
        "followersCount": standing.followers,
        "followsCount": standing.following,
        "postsCount": standing.posts,
        "associated": {
            "lists": 0,
            "feedgens": 0,
            "starterPacks": 0,
            "labeler": False,
            "activitySubscription": {"allowSubscriptions": "followers"},
        },
    }


def labels(ask: Ask, account: Account) -> list[dict[str, Any]]:
    if ask.world.state(account) != "hidden":
        return []
    about = f"at://{did(account)}/app.bsky.actor.profile/self"
    return [
        {
            "src": did(account),
            "uri": about,
            "cid": cid(about),
            "val": "!no-unauthenticated",
            "cts": "1970-01-01T00:00:00.000Z",
        }
    ]


def feed_view(ask: Ask, deed: Deed) -> dict[str, Any]:
    """One line of a feed: an own post, a reply with what it answers, or somebody else's post that was reposted."""
    if deed.other is None:
        return {"post": post_view(ask, deed)}
    if deed.what is What.REPOST:
        by = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": profile_basic(ask, deed.account),
            "uri": uri(deed),
            "cid": content_of(deed),
            "indexedAt": stamp(deed.at),
        }
        return {"post": post_view(ask, deed.other), "reason": by}
    answered = post_view(ask, deed.other) | {"$type": "app.bsky.feed.defs#postView"}
    return {"post": post_view(ask, deed), "reply": {"root": answered, "parent": answered}}


def post_view(ask: Ask, deed: Deed) -> dict[str, Any]:
    counts = deed.counts(ask.now)
    view = {
        "uri": uri(deed),
        "cid": content_of(deed),
        "author": profile_basic(ask, deed.account),
        "record": record(deed),
        "bookmarkCount": counts.saves,
        "replyCount": counts.comments,
        "repostCount": counts.shares,
        "likeCount": counts.reactions,
        "quoteCount": counts.quotes,
        "indexedAt": stamp(deed.at),
        "labels": [],
    }
    shown_as = embed(deed)
    return view | {"embed": shown_as} if shown_as else view


def record(deed: Deed) -> dict[str, Any]:
    """What the author wrote."""
    written: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": deed.said.text,
        "langs": ["en"],
        "createdAt": stamp(deed.at),
    }
    if facets := list(tag_facets(deed)):
        written["facets"] = facets
    if deed.what is What.REPLY and deed.other:
        answered = {"cid": content_of(deed.other), "uri": uri(deed.other)}
        written["reply"] = {"root": answered, "parent": answered}
    return written


def tag_facets(deed: Deed) -> Iterator[dict[str, Any]]:
    """Where the hashtags stand in the text, counted in bytes."""
    text = deed.said.text.encode()
    for tag in deed.said.hashtags:
        start = text.rindex(f"#{tag}".encode())
        yield {
            "index": {"byteStart": start, "byteEnd": start + len(tag) + 1},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}],
        }


def embed(deed: Deed) -> dict[str, Any] | None:
    """What hangs on a post, as it is shown."""
    if deed.what is not What.POST:
        return None
    shape = {"aspectRatio": {"width": 4, "height": 3}}
    match deed.kind:
        case Kind.PHOTO | Kind.ALBUM:
            number = 1 if deed.kind is Kind.PHOTO else 3
            pictures = [picture_url(deed.account, f"photo-{record_key(deed)}-{at}") for at in range(number)]
            images = [{"thumb": url, "fullsize": url, "alt": "A cup of coffee.", **shape} for url in pictures]
            return {"$type": "app.bsky.embed.images#view", "images": images}
        case Kind.VIDEO:
            playlist = picture_url(deed.account, f"video-{record_key(deed)}").replace(".png", ".m3u8")
            return {"$type": "app.bsky.embed.video#view", "cid": cid(playlist), "playlist": playlist, **shape}
        case Kind.LINK:
            page = f"https://{deed.account.key}.{DOMAIN}/journal/{record_key(deed)}"
            about = {"uri": page, "title": f"The journal of {deed.account.name}", "description": deed.said.text}
            return {"$type": "app.bsky.embed.external#view", "external": about}
    return None
