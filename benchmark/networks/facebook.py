"""Facebook Pages, as the Graph API shows them to an app that Meta has reviewed, and as files bring them."""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from benchmark.networks.base import (
    Answer,
    Endpoint,
    Get,
    Gone,
    HalfLife,
    Kind,
    NeedsAttention,
    Network,
    Page,
    PostRecord,
    ProfileRecord,
    Window,
)
from benchmark.networks.keys import KeyNeed, KeyPart, Params
from benchmark.networks.meta import (
    BASE,
    GRAPH,
    OBJECT_NOT_SHOWN,
    PROOF,
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

PAGE_SIZE = 50  # a hundred are allowed, but the answer may then grow too heavy

PAGE_FIELDS = "id,name,username,about,description,picture{url,is_silhouette},followers_count,verification_status"
POST_FIELDS = (
    "id,message,created_time,permalink_url,status_type,attachments{media_type},shares"
    ",reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count).filter(stream)"
)

HOSTS = ("facebook.com", "fb.com", "fb.me", "fb.watch")

NAME = re.compile(r"[\w.-]{1,80}")
PAGE_ID = re.compile(r"\d{4,25}")
NAME_WITH_ID = re.compile(r".+-(\d{9,25})")

# First parts of addresses that are no Pages.
OTHERS = frozenset({
    "events", "groups", "watch", "share", "sharer", "photo", "photos", "reel", "reels", "stories", "hashtag",
    "marketplace", "gaming", "login", "help", "policies", "business", "ads", "settings", "messages", "notifications",
    "friends", "search", "posts", "videos", "privacy",
})  # fmt: skip
# Addresses of Facebook's programs that tell a Page's id; others (photo.php, l.php, which leads out) are no Pages.
PROGRAM = ".php"
WITH_ID = frozenset({"profile.php", "permalink.php", "story.php"})

MEDIA_KINDS = {
    "album": Kind.ALBUM,
    "animated_image_share": Kind.PHOTO,
    "event": Kind.EVENT,
    "link": Kind.LINK,
    "music": Kind.AUDIO,
    "note": Kind.NOTE,
    "photo": Kind.PHOTO,
    "video": Kind.VIDEO,
}
# What a post without attachments says about itself.
STATUS_KINDS = {
    "added_photos": Kind.PHOTO,
    "added_video": Kind.VIDEO,
    "created_event": Kind.EVENT,
    "created_note": Kind.NOTE,
    "mobile_status_update": Kind.TEXT,
    "shared_story": Kind.LINK,
    "wall_post": Kind.TEXT,
}

VERIFIED = {"blue_verified": True, "gray_verified": True, "not_verified": False}

NOT_SHOWN = no_such_profile(
    "Facebook shows no Page of this name: it does not exist, is a person's profile, or is limited by age or country."
)


class Picture(msgspec.Struct):
    url: str | None = None
    is_silhouette: bool = False


class Cover(msgspec.Struct):
    data: Picture = msgspec.field(default_factory=Picture)


class FacebookPage(msgspec.Struct):
    id: Id
    name: str | None = None
    username: str | None = None
    about: str | None = None
    description: str | None = None
    picture: Cover = msgspec.field(default_factory=Cover)
    followers_count: int | None = None
    verification_status: str | None = None


class Attachment(msgspec.Struct):
    media_type: str | None = None


class Attachments(msgspec.Struct):
    data: list[Attachment] = []


class Summary(msgspec.Struct):
    total_count: int | None = None


class Summed(msgspec.Struct):
    summary: Summary = msgspec.field(default_factory=Summary)


class Shares(msgspec.Struct):
    count: int | None = None


class Post(msgspec.Struct):
    id: Id
    created_time: Moment
    message: str | None = None
    permalink_url: str | None = None
    status_type: str | None = None
    attachments: Attachments = msgspec.field(default_factory=Attachments)
    shares: Shares | None = None
    reactions: Summed = msgspec.field(default_factory=Summed)
    comments: Summed = msgspec.field(default_factory=Summed)


class Paging(msgspec.Struct):
    next: str | None = None


class Posts(msgspec.Struct):
    data: list[Post] = []
    paging: Paging = msgspec.field(default_factory=Paging)


def recognise(text: str) -> str | None:
    """The Page's name or number in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("facebook.com", "fb.com"):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    first, second = link.segment(0), link.segment(1)
    if first.lower().endswith(PROGRAM):
        return link.query.get("id", "") if first.lower() in WITH_ID else ""
    if first == "pg":
        return second
    if first in {"pages", "people", "p"}:
        last = link.segments[-1]
        return last if PAGE_ID.fullmatch(last) else _id_behind(last)
    if first.lower() in OTHERS:
        return ""
    return _id_behind(first) or first


def _id_behind(name: str) -> str:
    found = NAME_WITH_ID.fullmatch(name)
    return found[1] if found else ""


def recognises_url(text: str) -> bool:
    """Whether an address is one of Facebook's."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The Page for people."""
    return f"https://www.facebook.com/{quote(handle)}"


def parse_page(page: FacebookPage) -> ProfileRecord:
    """A Page as Facebook shows it. Its followers are meant, not those who once liked it."""
    handle = (page.username or "").lower()
    handle = handle if NAME.fullmatch(handle) else page.id
    return ProfileRecord(
        external_id=page.id,
        handle=handle,
        name=name_or(page.name, handle),
        url=profile_url(handle),
        description=plain(page.about) or plain(page.description),
        avatar_url=None if page.picture.data.is_silhouette else web_address(page.picture.data.url),
        followers=count(page.followers_count),
        verified=VERIFIED.get(page.verification_status or ""),
    )


def parse_post(post: Post) -> PostRecord:
    """A post as a record."""
    text = plain(post.message)
    page, _, local = post.id.partition("_")
    return PostRecord(
        external_id=post.id,
        url=web_address(post.permalink_url) or f"https://www.facebook.com/{quote(page)}/posts/{quote(local)}",
        published_at=utc(post.created_time),
        kind=_kind(post),
        text=text,
        hashtags=hashtags_in(text),
        reactions=count(post.reactions.summary.total_count),
        comments=count(post.comments.summary.total_count),
        shares=_shares(post),
    )


def _kind(post: Post) -> Kind:
    if post.attachments.data:
        return MEDIA_KINDS.get(post.attachments.data[0].media_type or "", Kind.OTHER)
    return STATUS_KINDS.get(post.status_type or "", Kind.TEXT if post.message else Kind.OTHER)


def _shares(post: Post) -> int | None:
    """Facebook leaves the shares out where there are none; in an answer without any count they were not asked for."""
    if post.shares is not None:
        return count(post.shares.count)
    counted = post.reactions.summary.total_count, post.comments.summary.total_count
    return None if counted == (None, None) else 0


def address_of(reference: str) -> str:
    """Where a Page or a post is asked for, by its id; a Page by its name too."""
    return f"{GRAPH}/{quote(reference, safe='')}"


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a Page up by its name or its id."""
    return parse_page(get(address_of(reference), {"fields": PAGE_FIELDS}).decode(FacebookPage))


def next_page(answer: Answer, body: Posts) -> tuple[str, Params] | None:
    """The question that Facebook points to, asked where we asked before; the token in it stays behind."""
    if not body.paging.next:
        return None
    pointed = parse_qsl(urlsplit(body.paging.next).query, keep_blank_values=True)
    return answer.url.partition("?")[0], {name: value for name, value in pointed if name not in {TOKEN, PROOF}}


read_posts = Endpoint(
    url=lambda external_id: f"{address_of(external_id)}/posts",
    params=lambda _: {"fields": POST_FIELDS, "limit": PAGE_SIZE},
    answer_type=Posts,
    items=lambda body: body.data,
    next_page=next_page,
    parse=lambda post, _: parse_post(post),
    moment=lambda post: utc(post.created_time),
)


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again; those that are deleted are left out.

    Each is asked for by itself. Since v26.0 the Graph API knows no other question; before, one about many was refused
    for a single post that is gone, and counted against the limits as many calls all the same.
    """
    return tuple(page for external_id in external_ids if (page := _read_again(get, external_id)))


def _read_again(get: Get, external_id: str) -> Page | None:
    try:
        answer = get(address_of(external_id), {"fields": POST_FIELDS})
    except Gone:
        return None
    return Page((parse_post(answer.decode(Post)),), answer.received_at, None)


def not_permitted() -> NeedsAttention:
    """The error for a Page that the app may not read."""
    return NeedsAttention("credential_not_permitted", NOT_PERMITTED)


NOT_PERMITTED = gettext_noop(
    "Facebook does not let this app read the Page. Let Meta review Page Public Content Access for it, and give the"
    " app's secret beside the token."
)

FACEBOOK = Network(
    key="facebook",
    label="Facebook",
    publishes=frozenset({"followers", "reactions", "comments", "shares"}),
    not_published_because=gettext_noop("Facebook shows reach, views and saves to a Page's own team only."),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    half_life=HalfLife(
        1.5, "Wiselytics 2014: half within 90 minutes, three quarters within 5 hours (Graffius 2022: 50 minutes)"
    ),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("nasa"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=find,
    posts=read_posts,
    refresh=refresh,
    refresh_size=1,
    page_size=PAGE_SIZE,
    reads_back_posts=600,  # of a year no more are shown, whatever a Page has published
    windows=(Window(calls=50, seconds=900, each="key"),),
    key_need=KeyNeed(
        parts=(KeyPart(TOKEN, "FACEBOOK_ACCESS_TOKEN", "Access token"), *app_parts("FACEBOOK")),
        sign=sign_with(),
        how=gettext_noop(
            "Make a Meta app, let Meta review Page Public Content Access and verify your company, and take the token of"
            " the app, or a system user's token with the app's secret. Files can be imported without it."
        ),
    ),
    explain=Errors(
        label="Facebook",
        permissions=NOT_PERMITTED,
        own={(803, None): NOT_SHOWN, OBJECT_NOT_SHOWN: NOT_SHOWN, (100, None): not_permitted},
    ),
    allowance=allowance,
    sample="nasa",
)
