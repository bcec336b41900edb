"""Mastodon and the servers that speak its API: always the account's home server, which alone knows all counts.

Ids are local to a server, so an external id is `<host>/<id>`, for profiles and for posts. A handle names the server
that is asked, also where a team's own domain only points there.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

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
from benchmark.networks.keys import Params
from benchmark.networks.parsing import (
    Id,
    LocalId,
    Moment,
    UserName,
    count,
    hashtags,
    moment_or_none,
    name_or,
    plain,
    text_of_html,
    utc,
    web_address,
)
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

USER = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
HOST = r"(?=.{1,180}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
FULL_HANDLE = re.compile(rf"(?:acct:)?@?(?P<user>{USER})@(?P<host>{HOST})", re.IGNORECASE)
EXTERNAL_ID = re.compile(r"(?P<host>[^/\s?#]+)/(?P<id>[^/\s?#]+)")
NEXT_LINK = re.compile(r"<([^<>]*)>\s*;[^<>]*\brel=\"?next\b", re.IGNORECASE)

# Addresses that look alike (`/@name`) but speak another language.
OTHERS = (
    "youtube.com", "youtu.be", "facebook.com", "fb.com", "instagram.com", "threads.net", "threads.com", "tiktok.com",
    "bsky.app", "bsky.social", "x.com", "twitter.com", "medium.com", "linkedin.com", "t.me", "telegram.me", "vk.com",
    "vk.ru", "vkontakte.ru", "ok.ru", "odnoklassniki.ru", "reddit.com", "pinterest.com", "twitch.tv", "substack.com",
    "flickr.com", "github.com",
)  # fmt: skip

# What a domain answers whose Mastodon server stands under another name.
PERHAPS_ELSEWHERE = frozenset({"profile_not_found", "unexpected_answer", "server_closed"})

MEDIA_KINDS = {"image": Kind.PHOTO, "gifv": Kind.VIDEO, "video": Kind.VIDEO, "audio": Kind.AUDIO}


class Moved(msgspec.Struct):
    acct: Id


class Account(msgspec.Struct):
    id: LocalId
    username: UserName
    acct: str
    display_name: str | None = None
    note: str | None = None
    url: str | None = None
    avatar: str | None = None
    created_at: str | None = None
    followers_count: int | None = None
    following_count: int | None = None
    statuses_count: int | None = None
    suspended: bool | None = None
    moved: Moved | None = None


class Media(msgspec.Struct):
    type: str = ""


class Tag(msgspec.Struct):
    name: str = ""


class Author(msgspec.Struct):
    id: str


class Status(msgspec.Struct):
    id: LocalId
    account: Author
    created_at: Moment
    content: str | None = None
    spoiler_text: str | None = None
    url: str | None = None
    uri: str | None = None
    in_reply_to_id: str | None = None
    reblog: Any = None
    quote: Any = None
    poll: Any = None
    card: Any = None
    media_attachments: list[Media] | None = None
    tags: list[Tag] | None = None
    favourites_count: int | None = None
    replies_count: int | None = None
    reblogs_count: int | None = None
    quotes_count: int | None = None


class WebfingerLink(msgspec.Struct):
    rel: str = ""
    type: str | None = None
    href: str | None = None


class Webfinger(msgspec.Struct):
    links: list[WebfingerLink] = []


def recognise(text: str) -> str | None:
    """The handle in what was pasted, as `user@host`; None where there is none."""
    name = tidy(text)
    full = FULL_HANDLE.fullmatch(name)
    if full is None and looks_like_address(name) and (link := address(name)):
        full = FULL_HANDLE.fullmatch(_handle_in(link))
    return f"{full['user']}@{full['host']}".lower() if full else None


def _handle_in(link: Address) -> str:
    segments = link.segments[1:] if link.segment(0) == "web" else link.segments
    first, second = (*segments, "", "")[:2]
    if link.is_on(*OTHERS):
        return ""
    if first.startswith("@"):
        return first if "@" in first[1:] else f"{first}@{link.host}"
    return f"{second}@{link.host}" if first == "users" else ""


def recognises_url(text: str) -> bool:
    """Whether an address looks like a profile's or a post's on a server of this kind."""
    return looks_like_address(text) and recognise(text) is not None


def profile_url(handle: str) -> str:
    """The profile's page for people."""
    user, _, host = handle.rpartition("@")
    return f"https://{host}/@{quote(user)}"


def split_id(external_id: str) -> tuple[str, str]:
    """Server and local id out of an external id."""
    found = EXTERNAL_ID.fullmatch(external_id)
    if found is None:
        raise Gone("profile_not_found", gettext_noop("This is no id of an account on a Mastodon server."))
    return found["host"], found["id"]


def parse_account(body: Account, host: str) -> ProfileRecord:
    """An account as its home server shows it. Raises `Gone` where the server has suspended it."""
    if body.suspended:
        raise Gone("profile_suspended", gettext_noop("The server %(host)s has suspended this profile."), host=host)
    handle = f"{body.username}@{host}".lower()
    return ProfileRecord(
        external_id=f"{host}/{body.id}",
        handle=handle,
        name=name_or(body.display_name, body.username),
        url=web_address(body.url) or profile_url(handle),
        description=text_of_html(body.note),
        avatar_url=web_address(body.avatar),
        followers=count(body.followers_count),
        following=count(body.following_count),
        posts=count(body.statuses_count),
        created_at=moment_or_none(body.created_at),
        moved_to=_full(body.moved.acct, host) if body.moved else None,
    )


def _full(acct: str, host: str) -> str:
    return acct.lower() if "@" in acct else f"{acct}@{host}".lower()


def kind_of(status: Status) -> Kind:
    """What a post shows beside its text."""
    media = status.media_attachments or []
    if media:
        kind = MEDIA_KINDS.get(media[0].type, Kind.OTHER)
        return Kind.ALBUM if kind is Kind.PHOTO and len(media) > 1 else kind
    shown = ((status.poll, Kind.POLL), (status.quote, Kind.QUOTE), (status.card, Kind.LINK))
    return next((kind for part, kind in shown if part is not None), Kind.TEXT)


def parse_status(status: Status, external_id: str) -> PostRecord | None:
    """An own post as a record; None for boosts, replies and for what somebody else wrote."""
    host, account_id = split_id(external_id)
    if status.reblog is not None or status.in_reply_to_id is not None or status.account.id != account_id:
        return None
    text = (plain(status.spoiler_text), text_of_html(status.content))
    return PostRecord(
        external_id=f"{host}/{status.id}",
        url=web_address(status.url) or web_address(status.uri) or f"https://{host}/statuses/{quote(status.id)}",
        published_at=utc(status.created_at),
        kind=kind_of(status),
        text="\n\n".join(part for part in text if part),
        hashtags=hashtags(tag.name for tag in status.tags or []),
        reactions=count(status.favourites_count),
        comments=count(status.replies_count),
        shares=count(status.reblogs_count),
        quotes=count(status.quotes_count),
    )


def next_page(answer: Answer, body: Sequence[Status]) -> tuple[str, Params] | None:
    """The same list further down.

    Of the `next` link only its parameters are taken over, so that no server sends us to another host. A server that
    gives no links at all is asked for what lies below the last id.
    """
    links = answer.headers.get("link")
    if links is None:
        return answer.again(max_id=body[-1].id) if body else None
    found = NEXT_LINK.search(links)
    return answer.again(**dict(parse_qsl(found[1].partition("?")[2]))) if found else None


def explain(answer: Answer) -> NetworkError | None:
    """What an error of a server means; None where the status says it all."""
    host = urlsplit(answer.url).hostname or ""
    if answer.status in {401, 403}:
        form = gettext_noop("The server %(host)s shows its profiles and posts to signed-in people only.")
        return NeedsAttention("server_closed", form, host=host)
    if answer.status in {404, 410}:
        return Gone("profile_not_found", gettext_noop("The server %(host)s knows no such profile."), host=host)
    return None


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a handle up on its home server; where the domain only points to that server, follow it there."""
    user, _, domain = reference.rpartition("@")
    try:
        return _lookup(get, domain, user)
    except NetworkError as error:
        if error.code not in PERHAPS_ELSEWHERE:
            raise
        host = _home_server(get, user, domain)
        if host is None:
            raise
        return _lookup(get, host, reference)


def _lookup(get: Get, host: str, acct: str) -> ProfileRecord:
    return parse_account(get(f"https://{host}/api/v1/accounts/lookup", {"acct": acct}).decode(Account), host)


def _home_server(get: Get, user: str, domain: str) -> str | None:
    """The server to which a domain's webfinger points; None where nothing is known of the name."""
    try:
        answer = get(f"https://{domain}/.well-known/webfinger", {"resource": f"acct:{user}@{domain}"})
        links = answer.decode(Webfinger).links
    except NetworkError:
        return None
    href = next((link.href for link in links if link.rel == "self" and link.href), "")
    link = address(href)
    return link.host if link and href.startswith("https://") else None


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known account again, by its id on its home server."""
    host, account_id = split_id(external_id)
    return parse_account(get(f"https://{host}/api/v1/accounts/{quote(account_id, safe='')}").decode(Account), host)


def statuses_url(external_id: str) -> str:
    """Where an account's posts are listed."""
    host, account_id = split_id(external_id)
    return f"https://{host}/api/v1/accounts/{quote(account_id, safe='')}/statuses"


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again, one by one: not every server takes a list of ids. Those that are gone are left out."""
    pages = (_read_again(get, external_id) for external_id in external_ids)
    return tuple(page for page in pages if page is not None)


def _read_again(get: Get, external_id: str) -> Page | None:
    host, status_id = split_id(external_id)
    try:
        answer = get(f"https://{host}/api/v1/statuses/{quote(status_id, safe='')}")
    except Gone:
        return None
    status = answer.decode(Status)
    if status.id != status_id:
        raise UnexpectedAnswer("another post than the one that was asked for")
    record = parse_status(status, f"{host}/{status.account.id}")
    return Page((record,), answer.received_at, None) if record else None


MASTODON = Network(
    key="mastodon",
    label="Mastodon",
    publishes=frozenset({"followers", "following", "posts", "reactions", "comments", "shares", "quotes"}),
    hidden_on_some_posts=frozenset({"quotes"}),  # servers before 4.5 do not know them
    not_published_because=gettext_noop(
        "Mastodon counts no views and shows no saves: nobody sees them, not even the author."
    ),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handles_name_hosts=True,
    handle_hint=gettext_noop("@anna@mastodon.social"),
    profile_url=profile_url,
    find=find,
    profile=profile,
    posts=Endpoint(
        url=statuses_url,
        params=lambda external_id: {"limit": 40, "exclude_reblogs": "true", "exclude_replies": "true"},  # noqa: ARG005
        answer_type=list[Status],
        items=list,
        next_page=next_page,
        parse=parse_status,
        moment=lambda status: utc(status.created_at),
    ),
    refresh=refresh,
    refresh_size=20,
    page_size=40,
    # 300 calls are allowed, 300 a quarter of an hour where they page; the rest is left to others at our address.
    windows=(
        Window(calls=270, seconds=300),
        Window(calls=270, seconds=900, only_with=frozenset({"max_id", "min_id", "since_id", "page"})),
    ),
    explain=explain,
)
