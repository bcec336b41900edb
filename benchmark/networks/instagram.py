"""Instagram's professional accounts, as Business Discovery shows them to the owner of another one.

It takes user names only, so a profile is asked by its handle; the id in the answer tells whether it is the same. A post
by several accounts stands among the posts of each of them.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import msgspec

from benchmark.networks.base import (
    Answer,
    Endpoint,
    Get,
    HalfLife,
    Kind,
    NeedsAttention,
    Network,
    Page,
    PostRecord,
    ProfileRecord,
    UnexpectedAnswer,
    Window,
)
from benchmark.networks.keys import KeyNeed, KeyPart, Params
from benchmark.networks.meta import (
    BASE,
    GRAPH,
    OBJECT_NOT_SHOWN,
    TOKEN,
    Errors,
    allowance,
    app_parts,
    hashtags_in,
    no_such_profile,
    sign_with,
)
from benchmark.networks.parsing import Id, Moment, count, name_or, plain, utc, web_address
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

ACCOUNT = f"{GRAPH}/:account"

PROFILE_FIELDS = "id,username,name,biography,profile_picture_url,followers_count,follows_count,media_count"
MEDIA_FIELDS = "id,caption,permalink,timestamp,media_type,like_count,comments_count,view_count"

HOSTS = ("instagram.com", "instagr.am", "ig.me")
NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_.]{1,30}(?<!\.)")
CURSOR = re.compile(r"[\w.=+/~-]+")

# First parts of addresses that are no accounts.
OTHERS = frozenset({
    "p", "reel", "reels", "tv", "explore", "accounts", "direct", "about", "legal", "developer", "web", "share", "s",
    "press", "challenge", "emails", "session", "nametag", "ar", "create", "archive", "your_activity", "popular",
})  # fmt: skip

KINDS = {"IMAGE": Kind.PHOTO, "VIDEO": Kind.VIDEO, "CAROUSEL_ALBUM": Kind.ALBUM}


class Media(msgspec.Struct):
    id: Id
    timestamp: Moment
    caption: str | None = None
    permalink: str | None = None
    media_type: str | None = None
    like_count: int | None = None
    comments_count: int | None = None
    view_count: int | None = None


class Cursors(msgspec.Struct):
    after: str | None = None


class Paging(msgspec.Struct):
    cursors: Cursors = msgspec.field(default_factory=Cursors)


class MediaList(msgspec.Struct):
    data: list[Media] = []
    paging: Paging = msgspec.field(default_factory=Paging)


class Account(msgspec.Struct):
    id: Id
    username: Id
    name: str | None = None
    biography: str | None = None
    profile_picture_url: str | None = None
    followers_count: int | None = None
    follows_count: int | None = None
    media_count: int | None = None


class Discovered(msgspec.Struct):
    business_discovery: Account


class AccountMedia(msgspec.Struct):
    media: MediaList = msgspec.field(default_factory=MediaList)


class DiscoveredMedia(msgspec.Struct):
    business_discovery: AccountMedia


def recognise(text: str) -> str | None:
    """The user name in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on(*HOSTS):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    if link.host.removeprefix("www.").removeprefix("m.") not in HOSTS:
        return ""  # Instagram's pages about itself
    first, second = link.segment(0), link.segment(1)
    if first in {"_u", "_n", "stories", "m"}:
        return "" if second == "highlights" else second
    return "" if first.lower() in OTHERS else first


def recognises_url(text: str) -> bool:
    """Whether an address is one of Instagram's."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The account's page for people."""
    return f"https://www.instagram.com/{quote(handle)}/"


def parse_account(account: Account) -> ProfileRecord:
    """An account as Instagram shows it."""
    handle = account.username.lower()
    return ProfileRecord(
        external_id=account.id,
        handle=handle,
        name=name_or(account.name, handle),
        url=profile_url(handle),
        description=plain(account.biography),
        avatar_url=web_address(account.profile_picture_url),
        followers=count(account.followers_count),
        following=count(account.follows_count),
        posts=count(account.media_count),
    )


def parse_media(media: Media, handle: str) -> PostRecord:
    """A post as a record. Likes that the owner hides are left out by Instagram, and so are views of pictures."""
    text = plain(media.caption)
    return PostRecord(
        external_id=media.id,
        url=web_address(media.permalink) or profile_url(handle),
        published_at=utc(media.timestamp),
        kind=KINDS.get(media.media_type or "", Kind.OTHER),
        text=text,
        hashtags=hashtags_in(text),
        reactions=count(media.like_count),
        comments=count(media.comments_count),
        views=count(media.view_count),
    )


def discovery(handle: str, fields: str) -> Params:
    """The question for an account: its fields stand inside a field of our own account."""
    if not NAME.fullmatch(handle):
        raise UnexpectedAnswer("an account's name has another form than before")
    return {"fields": f"business_discovery.username({handle}){{{fields}}}"}


def find(get: Get, handle: str) -> ProfileRecord:
    """Look an account up by its user name."""
    return parse_account(get(ACCOUNT, discovery(handle, PROFILE_FIELDS)).decode(Discovered).business_discovery)


def media_of(handle: str, after: str = "") -> tuple[str, Params]:
    """The question for a page of an account's posts, beginning after a cursor."""
    cursor = f".after({after})" if after else ""
    return ACCOUNT, discovery(handle, f"media.limit({INSTAGRAM.page_size}){cursor}{{{MEDIA_FIELDS}}}")


def read_media(get: Get, handle: str) -> Iterator[Page]:
    """Yield an account's posts newest first, as far back as Instagram shows them."""

    def next_page(_: Answer, body: DiscoveredMedia) -> tuple[str, Params] | None:
        after = body.business_discovery.media.paging.cursors.after
        if after and not CURSOR.fullmatch(after):
            raise UnexpectedAnswer("a cursor has another form than before")
        return media_of(handle, after) if after else None

    endpoint = Endpoint(
        url=lambda of: media_of(of)[0],
        params=lambda of: media_of(of)[1],
        answer_type=DiscoveredMedia,
        items=lambda body: body.business_discovery.media.data,
        next_page=next_page,
        parse=parse_media,
        moment=lambda media: utc(media.timestamp),
    )
    return endpoint(get, handle)


def account_not_shown() -> NeedsAttention:
    """The error for an own account that the token does not open."""
    return NeedsAttention(
        "credential_refused",
        gettext_noop(
            "Instagram does not show your own account to this token. Check the account's id, and whose token it is."
        ),
    )


def question_refused() -> NeedsAttention:
    """The error for a field that Instagram does not know."""
    return NeedsAttention(
        "question_refused",
        gettext_noop(
            "Instagram refuses the question. Check that your own account is a professional one, that the app's "
            "secret is"
            " right, and that the version of the Graph API still exists."
        ),
    )


INSTAGRAM = Network(
    key="instagram",
    label="Instagram",
    publishes=frozenset({"followers", "following", "posts", "reactions", "comments", "views"}),
    hidden_on_some_posts=frozenset({"reactions", "views"}),
    not_published_because=gettext_noop("Instagram shows reach, shares and saves to an account's owner only."),
    engagement_parts=("reactions", "comments"),
    maturity=timedelta(days=7),
    half_life=HalfLife(
        4.0, "between Takumi 2016 (1 hour) and Simply Measured 2014 (19); Axiomium: 20-30 % within 1 hour"
    ),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@nasa"),
    profile_url=profile_url,
    asks_by_handle=True,
    base_url=BASE,
    find=find,
    profile=find,
    posts=read_media,
    page_size=50,
    windows=(Window(calls=50, seconds=900, each="key"),),
    key_need=KeyNeed(
        parts=(
            KeyPart(TOKEN, "INSTAGRAM_ACCESS_TOKEN", "Access token"),
            KeyPart("account", "INSTAGRAM_ACCOUNT_ID", "Id of your own professional account", secret=False),
            *app_parts("INSTAGRAM"),
        ),
        sign=sign_with("account"),
        how=gettext_noop(
            "Make a Meta app with Instagram's Facebook Login, link your own professional account to a Page, and take a"
            " token with instagram_basic, instagram_manage_insights and pages_read_engagement. The account's id is the"
            " instagram_business_account of the Page."
        ),
    ),
    explain=Errors(
        label="Instagram",
        permissions="The token lacks a permission. It needs instagram_basic, instagram_manage_insights and"
        " pages_read_engagement.",
        own={
            (110, None): no_such_profile(
                "Instagram shows no professional account of this name: it does not exist, is a personal one, or is"
                " limited by age."
            ),
            OBJECT_NOT_SHOWN: account_not_shown,
            (100, None): question_refused,
        },
    ),
    allowance=allowance,
    sample="nasa",
)
