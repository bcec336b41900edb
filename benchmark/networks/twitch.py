"""Twitch, as its Helix API shows it to an app: channels, how many follow them, and their videos with views."""

import re
from collections.abc import Sequence
from datetime import timedelta
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
)
from benchmark.networks.keys import Exchange, KeyNeed, KeyPart, Params, as_bearer
from benchmark.networks.parsing import (
    Id,
    Moment,
    count,
    in_batches,
    moment_or_none,
    name_or,
    plain,
    utc,
    web_address,
)
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.twitch.tv"
USERS = f"{BASE}/helix/users"
FOLLOWERS = f"{BASE}/helix/channels/followers"
VIDEOS = f"{BASE}/helix/videos"

LOGIN = re.compile(r"[a-z0-9_]{2,25}", re.IGNORECASE)

# Hosts on which the first part of an address is a channel; others of Twitch's are pages for developers and readers.
CHANNELS_ON = frozenset({"twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv"})
# First parts that come before a channel's name.
BEFORE_A_CHANNEL = frozenset({"popout", "moderator", "embed", "u"})
# First parts of addresses that are pages of Twitch's own.
PAGES = frozenset({
    "activate", "annual-recap", "bits", "broadcast", "clip", "collections", "creatorcamp", "directory", "downloads",
    "drops", "following", "friends", "inventory", "jobs", "login", "logout", "messages", "p", "partner", "payments",
    "prime", "privacy", "products", "search", "settings", "signup", "store", "subs", "subscriptions", "team", "teams",
    "turbo", "user", "videos", "video", "wallet", "year-in-review",
})  # fmt: skip

KINDS = {"archive": Kind.LIVE, "highlight": Kind.VIDEO, "upload": Kind.VIDEO}


class User(msgspec.Struct):
    id: Id
    login: Id
    display_name: str | None = None
    broadcaster_type: str = ""
    description: str | None = None
    profile_image_url: str | None = None
    created_at: str | None = None


class Users(msgspec.Struct):
    data: list[User]


class Followers(msgspec.Struct):
    total: int | None = None


class Video(msgspec.Struct):
    id: Id
    created_at: Moment
    user_id: str = ""
    published_at: str | None = None
    title: str | None = None
    description: str | None = None
    type: str = ""
    view_count: int | None = None


class Pagination(msgspec.Struct):
    cursor: str | None = None


class Videos(msgspec.Struct):
    data: list[Video]
    pagination: Pagination = msgspec.field(default_factory=Pagination)


class Problem(msgspec.Struct):
    message: str = ""


def recognise(text: str) -> str | None:
    """The channel's name in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("twitch.tv"):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if LOGIN.fullmatch(name) else None


def _name_in(link: Address) -> str:
    first, second = link.segment(0).lower(), link.segment(1)
    if link.host == "player.twitch.tv":
        return link.query.get("channel", "")
    if link.host == "dashboard.twitch.tv":
        return second if first == "u" else ""
    if link.host not in CHANNELS_ON or first in PAGES:
        return ""
    return second if first in BEFORE_A_CHANNEL else first


def recognises_url(text: str) -> bool:
    """Whether an address is one of Twitch's."""
    link = address(text)
    return link is not None and link.is_on("twitch.tv")


def profile_url(handle: str) -> str:
    """The channel's page for people."""
    return f"https://www.twitch.tv/{quote(handle, safe='')}"


def parse_user(user: User, followers: int | None) -> ProfileRecord:
    """A channel as Twitch shows it. Partners carry the sign that others call verified."""
    handle = user.login.lower()
    return ProfileRecord(
        external_id=user.id,
        handle=handle,
        name=name_or(user.display_name, handle),
        url=profile_url(handle),
        description=plain(user.description),
        avatar_url=web_address(user.profile_image_url),
        followers=count(followers),
        verified=user.broadcaster_type == "partner",
        created_at=moment_or_none(user.created_at),
    )


def parse_video(video: Video) -> PostRecord:
    """A video as a record. Twitch counts views of it and nothing else."""
    return PostRecord(
        external_id=video.id,
        url=f"https://www.twitch.tv/videos/{quote(video.id, safe='')}",
        published_at=moment_or_none(video.published_at) or utc(video.created_at),
        kind=KINDS.get(video.type, Kind.VIDEO),
        text="\n\n".join(part for part in (plain(video.title), plain(video.description)) if part),
        views=count(video.view_count),
    )


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the status says it all."""
    if answer.status == 401:
        sentence = gettext_noop("Twitch refuses the key. Check the client ID and make a new client secret.")
        return NeedsAttention("credential_refused", sentence)
    if answer.status == 400 and "identifiers" in answer.decode(Problem).message.lower():
        return _unknown()  # a name of a form that no channel has
    return None


def _unknown() -> Gone:
    sentence = gettext_noop("Twitch shows no channel of this name: it is unknown, renamed or banned.")
    return Gone("profile_not_found", sentence)


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a channel up by its name; a number may also be an id, but somebody's name goes before it."""
    question: Params = {"login": reference, "id": reference} if reference.isdecimal() else {"login": reference}
    users = get(USERS, question).decode(Users).data
    named = [user for user in users if user.login.lower() == reference]
    return _first(get, named or users)


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known channel again, by its id."""
    return _first(get, get(USERS, {"id": external_id}).decode(Users).data)


def profiles(get: Get, external_ids: Sequence[str]) -> tuple[ProfileRecord, ...]:
    """Read many known channels again; banned and deleted ones are left out. Followers take a call each."""
    batches = in_batches(external_ids, TWITCH.profiles_size)
    users = (user for batch in batches for user in get(USERS, {"id": batch}).decode(Users).data)
    return tuple(_with_followers(get, user) for user in users)


def _first(get: Get, users: Sequence[User]) -> ProfileRecord:
    if not users:
        raise _unknown()
    return _with_followers(get, users[0])


def _with_followers(get: Get, user: User) -> ProfileRecord:
    question: Params = {"broadcaster_id": user.id, "first": 1}
    return parse_user(user, get(FOLLOWERS, question).decode(Followers).total)


def next_page(answer: Answer, body: Videos) -> tuple[str, Params] | None:
    """The same list after its cursor; None at the end."""
    return answer.again(after=body.pagination.cursor) if body.pagination.cursor else None


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known videos again; those that are deleted or have expired are left out."""
    pages = (_read_again(get, batch) for batch in in_batches(external_ids, TWITCH.refresh_size))
    return tuple(page for page in pages if page is not None)


def _read_again(get: Get, video_ids: Sequence[str]) -> Page | None:
    try:
        answer = get(VIDEOS, {"id": video_ids})
    except Gone:
        return None  # not one of them is there any more
    return Page(tuple(map(parse_video, answer.decode(Videos).data)), answer.received_at, None)


TWITCH = Network(
    key="twitch",
    label="Twitch",
    publishes=frozenset({"followers", "views"}),
    not_published_because=gettext_noop(
        "Twitch knows no likes, comments or shares of videos, shows subscribers and viewers over time to a channel's"
        " owner only, and lets past broadcasts expire after 7 to 60 days."
    ),
    engagement_parts=(),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("twitchdev"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    profiles=profiles,
    profiles_size=100,
    posts=Endpoint(
        url=lambda user_id: VIDEOS,  # noqa: ARG005 (the channel stands in the parameters)
        params=lambda user_id: {"user_id": user_id, "type": "all", "sort": "time", "first": 100},
        answer_type=Videos,
        items=lambda body: body.data,
        next_page=next_page,
        parse=lambda video, user_id: parse_video(video) if video.user_id in {"", user_id} else None,
        moment=lambda video: utc(video.created_at),
    ),
    refresh=refresh,
    refresh_size=100,
    page_size=100,
    expires={Kind.LIVE: timedelta(days=7)},  # of partners after 60; whose stay longer is not told for sure
    windows=(Window(calls=800, seconds=60, each="key"),),
    key_need=KeyNeed(
        parts=(
            KeyPart("client_id", "TWITCH_CLIENT_ID", "Client ID", secret=False),
            KeyPart("client_secret", "TWITCH_CLIENT_SECRET", "Client secret"),
        ),
        sign=as_bearer(client_id="Client-Id"),
        how=gettext_noop(
            "Register an application in Twitch's developer console (dev.twitch.tv/console) and make a client secret"
            " for it; it is free and nobody has to approve it."
        ),
        exchange=Exchange(
            url="https://id.twitch.tv/oauth2/token",
            form=lambda parts: {
                "client_id": parts["client_id"],
                "client_secret": parts["client_secret"],
                "grant_type": "client_credentials",
            },
        ),
    ),
    explain=explain,
    sample="twitch",
)
