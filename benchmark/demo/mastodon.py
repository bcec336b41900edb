"""The pretend world in the words of a Mastodon server: accounts, statuses, `Link` headers and error bodies."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from benchmark.demo import DOMAIN, life
from benchmark.demo.cast import MASTODON, Account
from benchmark.demo.life import Deed, What
from benchmark.demo.wire import Ask, Refused, Reply, as_json, in_milliseconds, noise, picture_url, stamp
from benchmark.networks.base import Kind

VERSION = "4.6.4"
MOST = 40
PINNED_AGE = timedelta(days=60)
CLOSED = {"automatic": [], "manual": [], "current_user": "denied"}
OPEN = {"automatic": ["public"], "manual": [], "current_user": "automatic"}


def answer(ask: Ask) -> Reply:
    """What the server says to a path of its API."""
    try:
        reply = route(ask)
    except Refused as refused:
        reply = refused.reply
    reset = datetime.fromtimestamp(int(ask.now.timestamp()) // 300 * 300 + 300, tz=UTC)
    limits = {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "299", "x-ratelimit-reset": stamp(reset)}
    return Reply(reply.status, reply.body, limits | dict(reply.headers), reply.content_type)


def route(ask: Ask) -> Reply:
    for pattern, known in ROUTES:
        if found := pattern.fullmatch(ask.path):
            return known(ask, *found.groups())
    raise Refused(404, {"error": "Not Found"})


def failure(status: int) -> Reply:
    """An error of the server itself, as Mastodon words it."""
    words = {
        429: "Too many requests",
        401: "This API requires an authenticated user",
        503: "Remote data could not be fetched",
    }
    return as_json({"error": words.get(status, "Internal server error")}, status=status)


# --- paths -----------------------------------------------------------------------------------------------------------


def lookup(ask: Ask) -> Reply:
    name, _, domain = ask.one("acct").removeprefix("@").partition("@")
    account = ask.world.by_handle(MASTODON, name.lower()) if domain in {"", DOMAIN, ask.host} else None
    return as_json(account_entity(ask, present(ask, account)))


def by_id(ask: Ask, number: str) -> Reply:
    return as_json(account_entity(ask, present(ask, with_id(ask, number))))


def statuses(ask: Ask, number: str) -> Reply:
    account = present(ask, with_id(ask, number))
    if ask.world.state(account) == "suspended":
        return as_json([])
    limit = min(whole(ask, "limit", 20), MOST)
    if ask.is_true("pinned"):
        return as_json([status_entity(ask, deed) for deed in pinned_posts(ask, account)])
    below, above = whole(ask, "max_id", 0), whole(ask, "min_id", 0) or whole(ask, "since_id", 0)
    listed = (deed for deed in life.deeds(account, ask.now) if wanted(ask, deed, below=below, above=above))
    chosen = list(islice(listed, limit))
    links = {"link": link(ask, chosen)} if chosen else {}
    return as_json([status_entity(ask, deed) for deed in chosen], headers=links)


def status(ask: Ask, number: str) -> Reply:
    deed = deed_with_id(ask, number)
    if deed is None:
        raise Refused(404, {"error": "Record not found"})
    return as_json(status_entity(ask, deed))


def several_statuses(ask: Ask) -> Reply:
    asked = [*ask.every("id[]"), *ask.every("id")]
    found = (deed_with_id(ask, number) for number in asked)
    return as_json([status_entity(ask, deed) for deed in found if deed is not None])


def webfinger(ask: Ask) -> Reply:
    name, _, domain = ask.one("resource").removeprefix("acct:").partition("@")
    account = ask.world.by_handle(MASTODON, name.lower()) if domain in {DOMAIN, ask.host} else None
    if account is None or ask.world.state(account) == "deleted" or ask.now < life.opened_at(account):
        return Reply(404, b"")
    entity = account_entity(ask, account)
    body = {
        "subject": f"acct:{ask.world.handle(account)}@{domain}",
        "aliases": [entity["url"], entity["uri"]],
        "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": entity["url"]},
            {"rel": "self", "type": "application/activity+json", "href": entity["uri"]},
        ],
    }
    return Reply(200, as_json(body).body, content_type="application/jrd+json; charset=utf-8")


def instance(ask: Ask) -> Reply:
    picture = f"https://{DOMAIN}/pictures/server.png"
    return as_json(
        {
            "domain": DOMAIN,
            "title": "A pretend server",
            "version": VERSION,
            "source_url": "https://github.com/mastodon/mastodon",
            "description": "Nobody here exists.",
            "usage": {"users": {"active_month": len(ask.world.accounts(MASTODON))}},
            "thumbnail": {"url": picture},
            "icon": [{"src": picture, "size": "96x96"}],
            "languages": ["en"],
            "configuration": {
                "urls": {"streaming": f"wss://{DOMAIN}", "about": f"https://{DOMAIN}/about"},
                "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
                "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
                "media_attachments": {
                    "supported_mime_types": ["image/png"],
                    "image_size_limit": 16777216,
                    "image_matrix_limit": 33177600,
                    "video_size_limit": 103809024,
                    "video_frame_rate_limit": 120,
                    "video_matrix_limit": 8294400,
                },
                "polls": {
                    "max_options": 4,
                    "max_characters_per_option": 50,
                    "min_expiration": 300,
                    "max_expiration": 2629746,
                },
                "translation": {"enabled": False},
            },
            "registrations": {"enabled": False, "approval_required": False},
            "api_versions": {"mastodon": 7},
            "contact": {"email": f"nobody@{DOMAIN}", "account": None},
            "rules": [],
        }
    )


ROUTES: tuple[tuple[re.Pattern[str], Callable[..., Reply]], ...] = (
    (re.compile(r"/api/v1/accounts/lookup"), lookup),
    (re.compile(r"/api/v1/accounts/(\d+)"), by_id),
    (re.compile(r"/api/v1/accounts/(\d+)/statuses"), statuses),
    (re.compile(r"/api/v1/statuses"), several_statuses),
    (re.compile(r"/api/v1/statuses/(\d+)"), status),
    (re.compile(r"/api/v2/instance/?"), instance),
    (re.compile(r"/\.well-known/webfinger"), webfinger),
)


# --- ids: milliseconds, then sixteen bits; here the account and the place within the day -----------------------------


@lru_cache(maxsize=100_000)
def account_id(account: Account) -> str:
    return str(in_milliseconds(life.opened_at(account)) << 16 | int.from_bytes(noise(MASTODON, account.key)[:2]))


@lru_cache(maxsize=100_000)
def status_id(deed: Deed) -> str:
    return str(in_milliseconds(deed.at) << 16 | noise(MASTODON, deed.account.key)[0] << 8 | deed.number)


def with_id(ask: Ask, number: str) -> Account | None:
    return next((account for account in residents(ask) if account_id(account) == number), None)


def residents(ask: Ask) -> list[Account]:
    """Everybody on the server, generated accounts included."""
    keys = [*ask.world.accounts(MASTODON), *(f"load-{number}" for number in range(1, ask.world.load + 1))]
    return [account for key in keys if (account := ask.world.by_key(MASTODON, key))]


def deed_with_id(ask: Ask, number: str) -> Deed | None:
    day = datetime.fromtimestamp((int(number) >> 16) / 1000, tz=UTC).date()
    for account in residents(ask):
        for deed in life.deeds_of(account, day):
            if status_id(deed) == number:
                return deed if deed.stands(ask.now) and not ask.world.state(account) else None
    return None


def present(ask: Ask, account: Account | None) -> Account:
    if account is None or ask.world.state(account) == "deleted" or ask.now < life.opened_at(account):
        raise Refused(404, {"error": "Record not found"})
    return account


def whole(ask: Ask, name: str, default: int) -> int:
    given = ask.one(name)
    return int(given) if given.isdecimal() else default


# --- lists -----------------------------------------------------------------------------------------------------------


def wanted(ask: Ask, deed: Deed, *, below: int, above: int) -> bool:
    """Whether the list that was asked for holds this status."""
    number = int(status_id(deed))
    return not (
        (below and number >= below)
        or (above and number <= above)
        or (deed.what is What.REPLY and ask.is_true("exclude_replies") and not to_itself(deed))
        or (deed.what is What.REPOST and ask.is_true("exclude_reblogs"))
        or (ask.is_true("only_media") and not media(deed))
        or (ask.one("tagged") and ask.one("tagged").lower() not in deed.said.hashtags)
    )


def to_itself(deed: Deed) -> bool:
    """Mastodon counts answers to oneself as part of a thread, not as replies."""
    return deed.other is not None and deed.other.account is deed.account


def pinned_posts(ask: Ask, account: Account) -> list[Deed]:
    old = (
        deed for deed in life.deeds(account, ask.now - PINNED_AGE) if deed.what is What.POST and deed.stands(ask.now)
    )
    return list(islice(old, 1))


def link(ask: Ask, chosen: list[Deed]) -> str:
    """The `Link` header, on the host that was asked."""
    scheme = "https" if re.fullmatch(r"[a-z0-9.-]*[a-z]", ask.host) else "http"
    kept = [(name, value) for name, values in ask.query.items() for value in values if name not in {"max_id", "min_id"}]
    older = urlencode([*kept, ("max_id", status_id(chosen[-1]))])
    newer = urlencode([*kept, ("min_id", status_id(chosen[0]))])
    base = f"{scheme}://{ask.host}{ask.path}"
    return f'<{base}?{older}>; rel="next", <{base}?{newer}>; rel="prev"'


# --- entities --------------------------------------------------------------------------------------------------------


def account_entity(ask: Ask, account: Account) -> dict[str, Any]:
    suspended, standing = ask.world.state(account) == "suspended", life.standing(account, ask.now)
    handle = ask.world.handle(account)
    picture = f"https://{DOMAIN}/avatars/original/missing.png" if suspended else picture_url(account)
    entity: dict[str, Any] = {
        "id": account_id(account),
        "username": handle,
        "acct": handle,
        "display_name": "" if suspended else account.name,
        "locked": ask.world.state(account) == "locked",
        "bot": False,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "created_at": stamp(datetime.combine(account.opened, datetime.min.time(), tzinfo=UTC)),
        "note": "" if suspended else f"<p>{html.escape(account.about)}</p>",
        "url": f"https://{DOMAIN}/@{handle}",
        "uri": f"https://{DOMAIN}/ap/users/{account_id(account)}",
        "avatar": picture,
        "avatar_static": picture,
        "avatar_description": "",
        "header": f"https://{DOMAIN}/headers/original/missing.png",
        "header_static": f"https://{DOMAIN}/headers/original/missing.png",
        "header_description": "",
        "followers_count": 0 if suspended else standing.followers,
        "following_count": 0 if suspended else standing.following,
        "statuses_count": 0 if suspended else standing.deeds,
        "last_status_at": None if suspended or not standing.last else standing.last.isoformat(),
        "hide_collections": False,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "noindex": False,
        "feature_approval": CLOSED,
        "emojis": [],
        "roles": [],
        "fields": [],
    }
    return entity | {"suspended": True} if suspended else entity


def status_entity(ask: Ask, deed: Deed) -> dict[str, Any]:
    boosts = deed.other if deed.what is What.REPOST else None
    answers = deed.other if deed.what is What.REPLY else None
    counts = deed.counts(ask.now)
    page = f"https://{DOMAIN}/@{ask.world.handle(deed.account)}/{status_id(deed)}"
    return {
        "id": status_id(deed),
        "created_at": stamp(deed.at),
        "in_reply_to_id": status_id(answers) if answers else None,
        "in_reply_to_account_id": account_id(answers.account) if answers else None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://{DOMAIN}/ap/users/{account_id(deed.account)}/statuses/{status_id(deed)}",
        "url": page,
        "replies_count": counts.comments,
        "reblogs_count": counts.shares,
        "favourites_count": counts.reactions,
        "quotes_count": counts.quotes,
        "edited_at": None,
        "content": "" if boosts else content(deed),
        "reblog": status_entity(ask, boosts) if boosts else None,
        "application": {"name": "Web", "website": None},
        "account": account_entity(ask, deed.account),
        "media_attachments": media(deed),
        "mentions": [],
        "tags": [{"name": tag, "url": f"https://{DOMAIN}/tags/{tag}"} for tag in tags(deed)],
        "emojis": [],
        "tagged_collections": [],
        "quote": None,
        "card": card(deed),
        "poll": poll(ask, deed),
        "quote_approval": OPEN,
    }


def tags(deed: Deed) -> tuple[str, ...]:
    return () if deed.what is What.REPOST else deed.said.hashtags


def content(deed: Deed) -> str:
    """The text as HTML, with its hashtags as links."""
    words = html.escape(deed.said.text, quote=True)
    for tag in deed.said.hashtags:
        linked = f'<a href="https://{DOMAIN}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        words = words.replace(f" #{tag}", f" {linked}")
    return f"<p>{words}</p>"


def media(deed: Deed) -> list[dict[str, Any]]:
    if deed.what is not What.POST or deed.kind not in {Kind.PHOTO, Kind.ALBUM, Kind.VIDEO}:
        return []
    kind = "video" if deed.kind is Kind.VIDEO else "image"
    urls = [
        picture_url(deed.account, f"{kind}-{status_id(deed)}-{at}") for at in range(3 if deed.kind is Kind.ALBUM else 1)
    ]
    return [
        {
            "id": str(int(status_id(deed)) + at),
            "type": kind,
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "description": "A cup of coffee.",
            "blurhash": None,
            "meta": {"original": {"width": 1200, "height": 900}},
        }
        for at, url in enumerate(urls)
    ]


def card(deed: Deed) -> dict[str, Any] | None:
    if deed.what is not What.POST or deed.kind is not Kind.LINK:
        return None
    site = f"https://{deed.account.key}.{DOMAIN}"
    return {
        "url": f"{site}/journal/{status_id(deed)}",
        "title": f"The journal of {deed.account.name}",
        "description": deed.said.text,
        "type": "link",
        "author_name": deed.account.name,
        "author_url": site,
        "authors": [{"name": deed.account.name, "url": site, "account": None}],
        "provider_name": deed.account.name,
        "provider_url": site,
        "html": "",
        "width": 0,
        "height": 0,
        "embed_url": site,
        "image": None,
        "blurhash": None,
        "published_at": None,
    }


def poll(ask: Ask, deed: Deed) -> dict[str, Any] | None:
    if deed.what is not What.POST or deed.kind is not Kind.POLL:
        return None
    ends = deed.at + timedelta(days=1)
    votes = deed.counts(min(ask.now, ends)).reactions
    return {
        "id": str(int(status_id(deed)) + 9),
        "expires_at": stamp(ends),
        "expired": ask.now >= ends,
        "multiple": False,
        "votes_count": votes,
        "voters_count": votes,
        "options": [
            {"title": "The usual", "votes_count": votes - votes // 3},
            {"title": "Surprise us", "votes_count": votes // 3},
        ],
        "emojis": [],
    }
