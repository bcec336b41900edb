"""VK, as its API 5.199 shows it to an app's service key: communities and people, and what stands on their walls.

VK names the owner of a wall by one number: a person's id as it is, a community's id below zero. That number is the
external id of a profile, and `<owner>_<post>` that of a post.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

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
    TryLater,
    UnexpectedAnswer,
    Window,
)
from benchmark.networks.keys import KeyNeed, KeyPart, Params, Question, Quota, as_bearer
from benchmark.networks.parsing import (
    count,
    hashtags,
    in_batches,
    name_or,
    plain,
    since_1970,
    web_address,
)
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.vk.com"
RESOLVE = f"{BASE}/method/utils.resolveScreenName"
COMMUNITIES = f"{BASE}/method/groups.getById"
PEOPLE = f"{BASE}/method/users.get"
WALL = f"{BASE}/method/wall.get"
POSTS = f"{BASE}/method/wall.getById"

VERSION = "5.199"
COMMUNITY_FIELDS = "members_count,description,verified,photo_200"
PERSON_FIELDS = "followers_count,about,verified,photo_200,screen_name"

PAGE_SIZE = 100
OVERLAP = 5  # so many posts of a page are asked for again with the next, in case some were deleted in between

HOSTS = ("vk.com", "vk.ru", "vkontakte.ru")
NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,62}[A-Za-z0-9_])?")
OWNER = re.compile(r"-?[1-9]\d{0,18}")
COMMUNITY = re.compile(r"(?:club|public|event)([1-9]\d{0,18})", re.IGNORECASE)
PERSON = re.compile(r"id([1-9]\d{0,18})", re.IGNORECASE)
# Pages that name their owner by number: wall-1_45, photos-1, topic-1_2, video5_6.
OF_AN_OWNER = re.compile(
    r"(?:(?:photo|album|video|clip|topic|product|page|story|podcast|doc)(?=-?\d+_)"
    r"|wall|photos|albums|videos|clips|board|market|audios)(-?[1-9]\d{0,18})(?:_.*)?"
)
# Pages of an app, a chat, a gift: no profile's.
OF_NOBODY = re.compile(r"(?:app|im|write|gifts?|stickers)-?\d+(?:_.*)?")

# First parts of addresses that are pages of VK's own.
PAGES = frozenset({
    "about", "al_feed.php", "albums", "apps", "audio", "audios", "authorize", "away.php", "blog", "bookmarks", "bugs",
    "clips", "data_protection", "dev", "docs", "edit", "events", "fave", "feed", "friends", "games", "gifts", "groups",
    "help", "im", "jobs", "join", "legal", "live", "login", "mail", "market", "music", "news", "notifications",
    "people", "photos", "podcasts", "privacy", "reg", "search", "services", "settings", "share.php", "stickers",
    "stories", "support", "terms", "video", "videos", "vkpay", "wall", "write",
})  # fmt: skip

MENTION = re.compile(r"\[(?:(?:id|club|public|event|app)-?\d+[^|\[\]]*|https?://[^|\[\]\s]+)\|([^\[\]]+)\]")
HASHTAG = re.compile(r"(?<![\w&/#])#(\w{1,100})")  # `#bread@bakery` searches the bakery's wall for #bread

KINDS = {
    "photo": Kind.PHOTO,
    "posted_photo": Kind.PHOTO,
    "graffiti": Kind.PHOTO,
    "photos_list": Kind.ALBUM,
    "album": Kind.ALBUM,
    "video": Kind.VIDEO,
    "clip": Kind.VIDEO,
    "video_playlist": Kind.VIDEO,
    "audio": Kind.AUDIO,
    "audio_playlist": Kind.AUDIO,
    "podcast": Kind.AUDIO,
    "link": Kind.LINK,
    "article": Kind.LINK,
    "page": Kind.LINK,
    "poll": Kind.POLL,
    "event": Kind.EVENT,
    "note": Kind.NOTE,
}
NOT_ON_THE_WALL = frozenset({"reply", "postpone", "suggest"})

# The numbers of VK's errors, by what helps.
TOO_FAST = 6
FLOOD = 9
CAPTCHA = frozenset({14, 3300})
USED_UP = 29
OUT_OF_ORDER = frozenset({1, 10, 13, 32, 36, 43})
EXPIRED = frozenset({1114, 1117, 3609})
REFUSED = frozenset({2, 4, 5, 16, 17, 24, 25, 27, 28, 37, 38, 42, 101, 1116, 1118, 3301, 3302, 3303, 3304, 3610, 3611})
NO_RIGHTS = frozenset({7, 20, 21})
BANNED = 18
CLOSED = frozenset({15, 19, 30, 200, 201, 203, 204, 210})
UNKNOWN = frozenset({39, 40, 104, 113, 125})
BAD_PARAMETER = 100

Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class Resolved(msgspec.Struct):
    type: str = ""
    object_id: Number | None = None


class Resolution(msgspec.Struct):
    response: Resolved | list[Any]  # an empty list: nobody has this name


class Community(msgspec.Struct):
    id: Number
    name: str = ""
    screen_name: str | None = None
    is_closed: int = 0
    deactivated: str | None = None
    members_count: int | None = None
    description: str | None = None
    verified: int | None = None
    photo_200: str | None = None
    photo_100: str | None = None

    @property
    def hides_its_wall(self) -> bool:
        return self.is_closed != 0


class CommunityList(msgspec.Struct):
    groups: list[Community] = []


class Communities(msgspec.Struct):
    """VK lists communities under `groups` since 5.199, and bare before."""

    response: CommunityList | list[Community]

    @property
    def items(self) -> list[Community]:
        return self.response if isinstance(self.response, list) else self.response.groups


class PersonCounters(msgspec.Struct):
    followers: int | None = None


class Person(msgspec.Struct):
    id: Number
    first_name: str = ""
    last_name: str = ""
    screen_name: str | None = None
    domain: str | None = None
    is_closed: bool = False
    can_access_closed: bool = True
    deactivated: str | None = None
    followers_count: int | None = None
    counters: PersonCounters = msgspec.field(default_factory=PersonCounters)
    about: str | None = None
    verified: int | None = None
    photo_200: str | None = None

    @property
    def hides_its_wall(self) -> bool:
        return self.is_closed and not self.can_access_closed


class People(msgspec.Struct):
    response: list[Person]


class Counted(msgspec.Struct):
    count: int | None = None


class Attachment(msgspec.Struct):
    type: str = ""
    video: Any = None


class Post(msgspec.Struct):
    """A post. VK promises none of its members; a deleted one may be left as no more than its number."""

    id: Number | None = None
    owner_id: Number | None = None
    from_id: Number | None = None
    date: int | None = None
    post_type: str = "post"
    is_deleted: bool = False
    is_pinned: int = 0
    text: str = ""
    attachments: list[Attachment] = []
    copy_history: list[Any] = []
    likes: Counted = msgspec.field(default_factory=Counted)
    comments: Counted = msgspec.field(default_factory=Counted)
    reposts: Counted = msgspec.field(default_factory=Counted)
    views: Counted = msgspec.field(default_factory=Counted)


class PostList(msgspec.Struct):
    items: list[Post] = []
    count: int = 0


class Wall(msgspec.Struct):
    response: PostList


class KnownPosts(msgspec.Struct):
    """VK lists known posts under `items` since 5.199, and bare before."""

    response: PostList | list[Post]

    @property
    def items(self) -> list[Post]:
        return self.response if isinstance(self.response, list) else self.response.items


class Problem(msgspec.Struct):
    """Only the number: VK's words and `request_params` repeat what was sent, and may show a key."""

    error_code: int = 0


class Refusal(msgspec.Struct):
    error: Problem | None = None


def recognise(text: str) -> str | None:
    """The profile in what was pasted: a short name, `club1` for a community's number, `id1` for a person's; or None."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on(*HOSTS):
        return _reference_in(link)
    if looks_like_address(name):
        return None
    return _reference(name.removeprefix("@"))


def _reference_in(link: Address) -> str | None:
    first, second = link.segment(0), link.segment(1)
    if first == "clips" or (first == "video" and second.startswith("@")):
        return _reference(second.removeprefix("@"))
    if not first or first.lower() in PAGES:
        owner = OF_AN_OWNER.fullmatch(link.query.get("w", "") or link.query.get("z", ""))
        return _of_owner(owner[1]) if owner else None
    if first.startswith("@"):
        return _reference(first[1:].partition("-")[0])  # a profile's articles, or one of them
    return _reference(first)


def _reference(name: str) -> str | None:
    if OWNER.fullmatch(name):
        return _of_owner(name)
    if owner := OF_AN_OWNER.fullmatch(name):
        return _of_owner(owner[1])
    if community := COMMUNITY.fullmatch(name):
        return f"club{community[1]}"
    return name.lower() if NAME.fullmatch(name) and not OF_NOBODY.fullmatch(name) else None


def _of_owner(owner: str) -> str:
    return f"club{owner[1:]}" if owner.startswith("-") else f"id{owner}"


def recognises_url(text: str) -> bool:
    """Whether an address is one of VK's."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The profile's page for people."""
    return f"https://vk.com/{quote(handle)}"


def parse_profile(page: Community | Person) -> ProfileRecord:
    """A community or a person as VK shows it. Raises `Gone` where the page is banned or deleted."""
    if page.deactivated == "deleted":
        raise Gone("profile_deactivated", gettext_noop("The owner has deleted this VK page."))
    if page.deactivated:
        raise Gone("profile_suspended", gettext_noop("VK has banned this page."))
    return _community(page) if isinstance(page, Community) else _person(page)


def _community(page: Community) -> ProfileRecord:
    handle = _handle(page.screen_name) or f"club{page.id}"
    return ProfileRecord(
        external_id=f"-{page.id}",
        handle=handle,
        name=name_or(page.name, handle),
        url=profile_url(handle),
        description=readable(page.description),
        avatar_url=web_address(page.photo_200) or web_address(page.photo_100),
        followers=count(page.members_count),
        verified=_yes_or_no(page.verified),
    )


def _person(page: Person) -> ProfileRecord:
    handle = _handle(page.screen_name) or _handle(page.domain) or f"id{page.id}"
    shown = page.followers_count if page.followers_count is not None else page.counters.followers
    return ProfileRecord(
        external_id=str(page.id),
        handle=handle,
        name=name_or(f"{page.first_name} {page.last_name}", handle),
        url=profile_url(handle),
        description=readable(page.about),
        avatar_url=web_address(page.photo_200),
        followers=count(shown),
        verified=_yes_or_no(page.verified),
    )


def _handle(name: str | None) -> str:
    return name.lower() if name and NAME.fullmatch(name) else ""


def _yes_or_no(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def readable(text: str | None) -> str:
    """The text as a reader sees it: mentions by their name, and lines where older answers write `<br>`."""
    return plain(MENTION.sub(r"\1", (text or "").replace("<br>", "\n")))


def kind_of(post: Post) -> Kind:
    """What a post shows beside its text."""
    if post.copy_history:
        return Kind.QUOTE
    if not post.attachments:
        return Kind.TEXT
    first = post.attachments[0]
    kind = KINDS.get(first.type, Kind.OTHER)
    if kind is Kind.VIDEO and isinstance(first.video, Mapping) and first.video.get("type") == "live":
        return Kind.LIVE
    photos = sum(attachment.type == first.type for attachment in post.attachments)
    return Kind.ALBUM if kind is Kind.PHOTO and photos > 1 else kind


def parse_post(post: Post, owner: str) -> PostRecord | None:
    """An own post as a record; None for what others wrote, for reposts without words of one's own, and what is gone."""
    published_at = since_1970(post.date)
    if published_at is None or post.id is None or post.is_deleted or post.post_type in NOT_ON_THE_WALL:
        return None
    if str(post.owner_id) != owner or post.from_id != post.owner_id:
        return None
    text = readable(post.text)
    if post.copy_history and not text:
        return None
    external_id = f"{post.owner_id}_{post.id}"
    return PostRecord(
        external_id=external_id,
        url=f"https://vk.com/wall{external_id}",
        published_at=published_at,
        kind=kind_of(post),
        text=text,
        hashtags=hashtags(HASHTAG.findall(text)),
        reactions=count(post.likes.count),
        comments=count(post.comments.count),
        shares=count(post.reposts.count),
        views=count(post.views.count),
    )


def next_page(answer: Answer, body: Wall) -> tuple[str, Params] | None:
    """The same wall further down, beginning with the last posts of this page; None at the end.

    Positions count posts that are not shown, too, so that a page may be short without being the last.
    """
    url, params = answer.again()
    offset = int(str(params.get("offset", 0)))
    if not body.response.items or offset + PAGE_SIZE >= body.response.count:
        return None
    return url, params | {"offset": offset + PAGE_SIZE - OVERLAP}


def explain(answer: Answer) -> NetworkError | None:
    """What an error inside a good answer means; None for a good answer, and where the status says it all."""
    if not 200 <= answer.status < 300:
        return None
    error = answer.decode(Refusal).error
    return None if error is None else _meaning(error.error_code, answer)


def _meaning(code: int, answer: Answer) -> NetworkError:
    if code in UNKNOWN or (code == BAD_PARAMETER and "group_id=" in urlsplit(answer.url).query):
        return Gone("profile_not_found", gettext_noop("VK knows no such page."))
    if code == BANNED:
        return Gone("profile_suspended", gettext_noop("VK has banned this page, or its owner has deleted it."))
    if code in CLOSED:
        return NeedsAttention(
            "profile_private", gettext_noop("VK does not show this wall to everybody: it is closed or blocked.")
        )
    return _trouble_with_key(code) or _pause(code)


def _trouble_with_key(code: int) -> NeedsAttention | None:
    if code in EXPIRED:
        return NeedsAttention(
            "credential_expired", gettext_noop("VK's key has expired. Enter the app's service key in its place.")
        )
    if code in REFUSED:
        sentence = gettext_noop(
            "VK refuses the key. Copy the service key of your app again, and see that the app is switched on."
        )
        return NeedsAttention("credential_refused", sentence)
    if code in NO_RIGHTS:
        sentence = gettext_noop(
            "VK does not let this key read walls. Enter the service key of an app, not the key of a community."
        )
        return NeedsAttention("credential_lacks_rights", sentence)
    return None


def _pause(code: int) -> TryLater:
    if code == TOO_FAST:
        return TryLater("rate_limited", gettext_noop("VK asks us to ask more slowly."), after=timedelta(seconds=1))
    if code == FLOOD:
        return TryLater(
            "rate_limited", gettext_noop("VK has had too many questions of one kind."), after=timedelta(minutes=10)
        )
    if code == USED_UP:
        sentence = gettext_noop("The key has used up what VK allows in a day.")
        return TryLater("quota_used_up", sentence, after=timedelta(hours=1))  # VK does not say when the day ends
    if code in CAPTCHA:
        sentence = gettext_noop(
            "VK wants a person to solve a captcha for this key. A service key is not asked for one."
        )
        return TryLater("captcha_needed", sentence, after=timedelta(hours=1))
    if code in OUT_OF_ORDER:
        return TryLater("network_unavailable", gettext_noop("VK has trouble of its own."))
    return UnexpectedAnswer(f"VK's error {code}")


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a page up by what `recognise` gave. Raises `NeedsAttention` where its wall is closed: nothing to compare."""
    page = _page(get, _owner_of(get, reference))
    record = parse_profile(page)
    if page.hides_its_wall:
        raise NeedsAttention("profile_private", gettext_noop("VK shows this wall to members or friends only."))
    return record


def _owner_of(get: Get, reference: str) -> str:
    if community := COMMUNITY.fullmatch(reference):
        return f"-{community[1]}"
    if person := PERSON.fullmatch(reference):
        return person[1]
    found = get(RESOLVE, {"screen_name": reference, "v": VERSION}).decode(Resolution).response
    if isinstance(found, list) or found.object_id is None:
        raise Gone("profile_not_found", gettext_noop("VK knows no page of this name."))
    if found.type not in {"user", "group", "page", "event"}:
        raise Gone(
            "profile_not_found", gettext_noop("On VK this name belongs to an app, not to a community or a person.")
        )
    return str(found.object_id) if found.type == "user" else f"-{found.object_id}"


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known page again, by its number."""
    return parse_profile(_page(get, external_id))


def _page(get: Get, owner: str) -> Community | Person:
    pages: Sequence[Community | Person]
    if owner.startswith("-"):
        question = {"group_id": owner[1:], "fields": COMMUNITY_FIELDS, "v": VERSION}
        pages = get(COMMUNITIES, question).decode(Communities).items
    else:
        pages = _people(get, [owner])
    if not pages:
        raise Gone("profile_not_found", gettext_noop("VK knows no such page."))
    return pages[0]


def _people(get: Get, ids: Sequence[str]) -> list[Person]:
    return get(PEOPLE, {"user_ids": ",".join(ids), "fields": PERSON_FIELDS, "v": VERSION}).decode(People).response


def profiles(get: Get, external_ids: Sequence[str]) -> Sequence[ProfileRecord]:
    """Read many known pages again; unknown, banned and deleted ones are left out."""
    communities = [external_id[1:] for external_id in external_ids if external_id.startswith("-")]
    people = [external_id for external_id in external_ids if not external_id.startswith("-")]
    pages: list[Community | Person] = []
    for batch in in_batches(communities, VK.profiles_size):
        question = {"group_ids": ",".join(batch), "fields": COMMUNITY_FIELDS, "v": VERSION}
        pages += get(COMMUNITIES, question).decode(Communities).items
    for batch in in_batches(people, VK.profiles_size):
        pages += _people(get, batch)
    return [parse_profile(page) for page in pages if not page.deactivated]


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again; those that are gone are left out."""
    return tuple(_read_again(get, batch) for batch in in_batches(external_ids, VK.refresh_size))


def _read_again(get: Get, external_ids: Sequence[str]) -> Page:
    answer = get(POSTS, {"posts": ",".join(external_ids), "v": VERSION})
    records = (parse_post(post, str(post.owner_id)) for post in answer.decode(KnownPosts).items)
    return Page(tuple(record for record in records if record is not None), answer.received_at, None)


def wall_calls(question: Question) -> int:
    """What a call takes of the day's quota: VK counts calls of `wall.get` and, as far as it says, no others."""
    return 1 if question.url == WALL else 0


VK = Network(
    key="vk",
    label="VK",
    publishes=frozenset({"followers", "reactions", "comments", "shares", "views"}),
    hidden_on_some_posts=frozenset({"views"}),
    not_published_because=gettext_noop(
        "VK shows reach and saves to a page's own team only, and tells neither whom a page follows nor, "
        "with the profile, how many posts it has."
    ),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("apiclub"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    posts=Endpoint(
        url=lambda owner: WALL,  # noqa: ARG005 (the owner stands in the parameters)
        params=lambda owner: {"owner_id": owner, "filter": "owner", "count": PAGE_SIZE, "offset": 0, "v": VERSION},
        answer_type=Wall,
        items=lambda body: body.response.items,
        next_page=next_page,
        parse=parse_post,
        moment=lambda post: None if post.is_pinned else since_1970(post.date),  # a pinned post stands out of order
    ),
    refresh=refresh,
    refresh_size=100,
    profiles=profiles,
    profiles_size=500,
    page_size=PAGE_SIZE,
    windows=(Window(calls=5, seconds=1, each="key"),),
    quota=Quota(
        units=5_000, zone="Europe/Moscow", cost=wall_calls, setting="VK_WALL_CALLS_PER_DAY", unit="calls of wall.get"
    ),
    key_need=KeyNeed(
        parts=(KeyPart("service_key", "VK_SERVICE_KEY", "Service key"),),
        sign=as_bearer("service_key"),
        how=gettext_noop(
            "Make an app of your own at dev.vk.com and copy the service key from its settings; it is free."
        ),
    ),
    explain=explain,
    errors_in_good_answers=True,
    sample="apiclub",
)
