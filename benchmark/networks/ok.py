"""Odnoklassniki, as its API shows groups and their topics to an app that was given the rights for it.

Every call is signed: its parameters in order, the app's secret behind them, and MD5 over all of it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import md5
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

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
from benchmark.networks.keys import KeyNeed, KeyPart, Params, Parts, Question, Signed
from benchmark.networks.parsing import (
    Id,
    count,
    hashtags,
    in_batches,
    name_or,
    plain,
    since_1970,
    utc,
    web_address,
)
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.ok.ru"
CALL = f"{BASE}/fb.do"

GROUP_FIELDS = "uid,name,description,shortname,members_count,pic_avatar,access_type,created_ms"
TOPIC_FIELDS = "media_topic.*"

HOSTS = ("ok.ru", "odnoklassniki.ru")
NAME = re.compile(r"(?=.*[A-Za-z_])[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])")
GROUP_ID = re.compile(r"[1-9]\d{5,18}")
GROUP_PAGE = re.compile(r"group([1-9]\d{5,18})")
HASHTAG = re.compile(r"(?<![\w&/#])#(\w{1,100})")

MOSCOW = ZoneInfo("Europe/Moscow")  # discussions give its clock, and do not say so

# First parts of addresses that are pages of Odnoklassniki's own.
PAGES = frozenset({
    "apps", "app", "dk", "discover", "discussions", "events", "feed", "friends", "game", "games", "gifts", "group",
    "groups", "guests", "help", "hobby", "live", "login", "market", "marks", "messages", "music", "notifications",
    "online", "photos", "post", "profile", "promo", "search", "settings", "shop", "stickers", "suggestions", "topic",
    "video", "videoembed",
})  # fmt: skip

KINDS = {
    "photo": Kind.PHOTO,
    "movie": Kind.VIDEO,
    "video": Kind.VIDEO,
    "link": Kind.LINK,
    "poll": Kind.POLL,
    "music": Kind.AUDIO,
}

# The numbers of Odnoklassniki's errors, by what helps.
OUT_OF_ORDER = frozenset({1, 2, 30, 31, 5000, 9999})
TOO_FAST = frozenset({7, 8, 11})
ADDRESS_BLOCKED = 9
REFUSED = frozenset({101, 103, 104, 105, 210, 900})
EXPIRED = 102
NO_RIGHTS = frozenset({10, 50, 200, 451, 453, 457})
UNKNOWN = frozenset({106, 110, 160, 300})
CLOSED = frozenset({455, 456, 458})

Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Found(msgspec.Struct, rename="camel"):
    type: str = ""
    object_id: Number | None = None


class Group(msgspec.Struct):
    uid: Id
    name: str = ""
    description: str | None = None
    shortname: str | None = None
    members_count: int | None = None
    picture: str | None = msgspec.field(name="picAvatar", default=None)
    pic_avatar: str | None = None
    access_type: str = "OPEN"
    created_ms: int | None = None


class GroupCounters(msgspec.Struct):
    themes: int | None = None


class Counters(msgspec.Struct):
    counters: GroupCounters = msgspec.field(default_factory=GroupCounters)


class Media(msgspec.Struct):
    type: str = ""
    text: str | None = None
    photos: list[Any] = []


class Counted(msgspec.Struct):
    count: int | None = None


class Discussed(msgspec.Struct):
    comments_count: int | None = None


class Topic(msgspec.Struct):
    id: Id
    created_ms: Number
    author_ref: str | None = None
    owner_ref: str | None = None
    media: list[Media] = []
    like_summary: Counted = msgspec.field(default_factory=Counted)
    discussion_summary: Discussed = msgspec.field(default_factory=Discussed)
    reshare_summary: Counted = msgspec.field(default_factory=Counted)


class Topics(msgspec.Struct):
    media_topics: list[Topic] = []
    anchor: str | None = None
    has_more: bool = False


class Reference(msgspec.Struct):
    id: str = ""
    type: str = ""


class Discussion(msgspec.Struct):
    object_id: Id
    creation_date: str
    title: str = ""
    like_count: int | None = None
    total_comments_count: int | None = None
    ref_objects: list[Reference] = []


class Discussions(msgspec.Struct):
    discussion: Discussion | None = None


class Refusal(msgspec.Struct):
    """Only the number: the words of an error repeat what was signed."""

    error_code: int | None = None


ANSWER: Any = Refusal | list[Any]  # a good answer may be a list


def recognise(text: str) -> str | None:
    """The group in what was pasted, as its short name or its number; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on(*HOSTS):
        return _reference_in(link)
    if looks_like_address(name):
        return None
    return _reference(name.removeprefix("@"))


def _reference_in(link: Address) -> str | None:
    first, second = link.segment(0), link.segment(1)
    if first == "group":
        return second if GROUP_ID.fullmatch(second) else None
    if first == "dk":
        group = link.query.get("st.groupId", "")
        return group if GROUP_ID.fullmatch(group) else None
    return None if first.lower() in PAGES else _reference(first)


def _reference(name: str) -> str | None:
    if GROUP_ID.fullmatch(name):
        return name
    if page := GROUP_PAGE.fullmatch(name):
        return page[1]
    return name.lower() if NAME.fullmatch(name) else None


def recognises_url(text: str) -> bool:
    """Whether an address is one of Odnoklassniki's."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The group's page for people."""
    return f"https://ok.ru/group/{handle}" if GROUP_ID.fullmatch(handle) else f"https://ok.ru/{quote(handle)}"


def sign(question: Question, parts: Parts) -> Signed:
    """The signature of a call, and the key that it was made with.

    Within a session the token takes part by way of the secret, not among the parameters.
    """
    token = parts.get("access_token", "")
    secret = _md5(token + parts["application_secret"]) if token else parts["application_secret"]
    signed: dict[str, Any] = {**question.params, "application_key": parts["application_key"]}
    line = "".join(f"{name}={signed[name]}" for name in sorted(signed))
    added = {"application_key": parts["application_key"], "sig": _md5(line + secret)}
    return Signed(params=added | ({"access_token": token} if token else {}))


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()  # as Odnoklassniki asks for it


def parse_group(group: Group, counters: GroupCounters | None = None) -> ProfileRecord:
    """A group as Odnoklassniki shows it."""
    handle = group.shortname.lower() if group.shortname and NAME.fullmatch(group.shortname) else group.uid
    return ProfileRecord(
        external_id=group.uid,
        handle=handle,
        name=name_or(group.name, handle),
        url=profile_url(handle),
        description=plain(group.description),
        avatar_url=web_address(group.picture) or web_address(group.pic_avatar),
        followers=count(group.members_count),
        posts=count(counters.themes) if counters else None,
        created_at=None if group.created_ms is None else since_1970(group.created_ms / 1000),
    )


def kind_of(media: Sequence[Media]) -> Kind:
    """What a topic shows beside its text."""
    shown = [block for block in media if block.type != "text"]
    if not shown:
        return Kind.TEXT
    kind = KINDS.get(shown[0].type, Kind.OTHER)
    photos = sum(max(len(block.photos), 1) for block in shown if block.type == "photo")
    return Kind.ALBUM if kind is Kind.PHOTO and photos > 1 else kind


def parse_topic(topic: Topic, group: str) -> PostRecord | None:
    """A topic as a record; None for one that somebody else wrote into the group."""
    own = f"group:{group}"
    published_at = since_1970(topic.created_ms / 1000)
    if published_at is None or {topic.author_ref or own, topic.owner_ref or own} != {own}:
        return None
    text = "\n\n".join(words for block in topic.media if block.type == "text" and (words := plain(block.text)))
    return PostRecord(
        external_id=topic.id,
        url=topic_url(group, topic.id),
        published_at=published_at,
        kind=kind_of(topic.media),
        text=text,
        hashtags=hashtags(HASHTAG.findall(text)),
        reactions=count(topic.like_summary.count),
        comments=count(topic.discussion_summary.comments_count),
        shares=count(topic.reshare_summary.count),
    )


def parse_discussion(discussion: Discussion) -> PostRecord | None:
    """A topic as its discussion shows it: without its media and reshares; None where it stands in no group."""
    group = next((reference.id for reference in discussion.ref_objects if reference.type == "GROUP"), "")
    published_at = _moscow(discussion.creation_date)
    if published_at is None or not GROUP_ID.fullmatch(group):
        return None
    text = plain(discussion.title)
    return PostRecord(
        external_id=discussion.object_id,
        url=topic_url(group, discussion.object_id),
        published_at=published_at,
        kind=Kind.OTHER,
        text=text,
        hashtags=hashtags(HASHTAG.findall(text)),
        reactions=count(discussion.like_count),
        comments=count(discussion.total_comments_count),
    )


def topic_url(group: str, topic: str) -> str:
    """A topic's page for people."""
    return f"https://ok.ru/group/{group}/topic/{quote(topic, safe='')}"


def _moscow(text: str) -> datetime | None:
    try:
        return utc(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=MOSCOW))
    except ValueError:
        return None


def next_page(answer: Answer, body: Topics) -> tuple[str, Params] | None:
    """The same list behind its anchor; None at the end."""
    return answer.again(anchor=body.anchor) if body.has_more and body.anchor else None


def explain(answer: Answer) -> NetworkError | None:
    """What an error inside a good answer means; None for a good answer, and where the status says it all."""
    if not 200 <= answer.status < 300:
        return None
    body: Refusal | list[Any] = answer.decode(ANSWER)
    return _meaning(body.error_code) if isinstance(body, Refusal) and body.error_code is not None else None


def _meaning(code: int) -> NetworkError:
    if code in UNKNOWN:
        return Gone("profile_not_found", gettext_noop("Odnoklassniki knows no such group."))
    if code in CLOSED:
        return NeedsAttention("profile_private", gettext_noop("Odnoklassniki does not show this group to everybody."))
    return _trouble_with_key(code) or _pause(code)


def _trouble_with_key(code: int) -> NeedsAttention | None:
    if code == EXPIRED:
        sentence = gettext_noop("Odnoklassniki's access token has expired. Enter a new one, or the key without it.")
        return NeedsAttention("credential_expired", sentence)
    if code in REFUSED:
        sentence = gettext_noop("Odnoklassniki refuses the key. Copy the app's public key and its secret again.")
        return NeedsAttention("credential_refused", sentence)
    if code in NO_RIGHTS:
        sentence = gettext_noop(
            "The Odnoklassniki app lacks rights. Ask api-support@ok.ru for VALUABLE_ACCESS and GROUP_CONTENT."
        )
        return NeedsAttention("credential_lacks_rights", sentence)
    return None


def _pause(code: int) -> NetworkError:
    if code in TOO_FAST:
        return TryLater(
            "rate_limited", gettext_noop("Odnoklassniki allows no more calls for a while."), after=timedelta(hours=1)
        )
    if code == ADDRESS_BLOCKED:
        sentence = gettext_noop("Odnoklassniki has blocked this server's address. Ask its support to open it again.")
        return NeedsAttention("address_blocked", sentence)
    if code in OUT_OF_ORDER:
        return TryLater("network_unavailable", gettext_noop("Odnoklassniki has trouble of its own."))
    return UnexpectedAnswer(f"Odnoklassniki's error {code}")


def _question(method: str, **params: str | int) -> tuple[str, Mapping[str, str | int]]:
    return CALL, {"method": method, "format": "json", **params}


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a group up by its short name or number. Raises `NeedsAttention` where it is closed: nothing to compare."""
    group = _group(get, reference if GROUP_ID.fullmatch(reference) else _id_of(get, reference))
    if group.access_type != "OPEN":
        raise NeedsAttention("profile_private", gettext_noop("Odnoklassniki shows this group to its members only."))
    return parse_group(group)


def _id_of(get: Get, name: str) -> str:
    found = get(*_question("url.getInfo", url=profile_url(name))).decode(Found)
    if found.type == "PROFILE":
        raise Gone(
            "profile_not_found",
            gettext_noop("This is a person's page. Odnoklassniki shows apps the groups of others only."),
        )
    if found.type != "GROUP" or found.object_id is None:
        raise Gone("profile_not_found", gettext_noop("Odnoklassniki knows no group of this name."))
    return str(found.object_id)


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known group again, with the number of its topics: two calls."""
    group = _group(get, external_id)
    answer = get(*_question("group.getCounters", group_id=external_id, counterTypes="themes"))
    return parse_group(group, answer.decode(Counters).counters)


def _group(get: Get, external_id: str) -> Group:
    groups = get(*_question("group.getInfo", uids=external_id, fields=GROUP_FIELDS)).decode(list[Group])
    if not groups:
        raise Gone("profile_not_found", gettext_noop("Odnoklassniki knows no such group."))
    return groups[0]


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known topics again. Those that the list leaves out are asked for as discussions before they are gone."""
    pages = []
    for batch in in_batches(external_ids, OK.refresh_size):
        pages.append(listed := _read_again(get, batch))
        missing = sorted(set(batch) - {post.external_id for post in listed.posts})
        pages += [page for topic in missing if (page := _as_discussion(get, topic)) is not None]
    return tuple(pages)


def _read_again(get: Get, external_ids: Sequence[str]) -> Page:
    answer = get(*_question("mediatopic.getByIds", topic_ids=",".join(external_ids), fields=TOPIC_FIELDS))
    groups = ((topic, (topic.owner_ref or "").partition("group:")[2]) for topic in answer.decode(Topics).media_topics)
    records = (parse_topic(topic, group) for topic, group in groups if GROUP_ID.fullmatch(group))
    return Page(tuple(record for record in records if record is not None), answer.received_at, None)


def _as_discussion(get: Get, topic: str) -> Page | None:
    try:
        answer = get(*_question("discussions.get", discussionId=topic, discussionType="GROUP_TOPIC"))
    except Gone:
        return None
    discussion = answer.decode(Discussions).discussion
    record = parse_discussion(discussion) if discussion else None
    return Page((record,), answer.received_at, None) if record else None


OK = Network(
    key="ok",
    label="Odnoklassniki",
    publishes=frozenset({"followers", "posts", "reactions", "comments", "shares"}),
    hidden_on_some_posts=frozenset({"shares"}),  # a topic that is only seen as a discussion
    not_published_because=gettext_noop(
        "Odnoklassniki shows views and reach to a group's own team only, and counts no saves."
    ),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("apiok"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    posts=Endpoint(
        url=lambda group: CALL,  # noqa: ARG005 (the group stands in the parameters)
        params=lambda group: _question(
            "mediatopic.getTopics", gid=group, count=50, direction="FORWARD", fields=TOPIC_FIELDS
        )[1],
        answer_type=Topics,
        items=lambda body: body.media_topics,
        next_page=next_page,
        parse=parse_topic,
        moment=lambda topic: since_1970(topic.created_ms / 1000),
    ),
    refresh=refresh,
    refresh_size=50,  # its owners name no number; public clients ask for up to 100
    page_size=50,
    # Here, too, its owners name no number, but they block addresses that ask too fast.
    windows=(Window(calls=3, seconds=1),),
    key_need=KeyNeed(
        parts=(
            KeyPart("application_key", "OK_APPLICATION_KEY", "Public key of the app", secret=False),
            KeyPart("application_secret", "OK_APPLICATION_SECRET", "Secret key of the app"),
            KeyPart("access_token", "OK_ACCESS_TOKEN", "Access token", optional=True),
        ),
        sign=sign,
        how=(
            gettext_noop(
                "Make an app at apiok.ru, ask api-support@ok.ru by mail for the rights VALUABLE_ACCESS and "
                "GROUP_CONTENT, "
                "and copy the app's public key and its secret key."
            )
        ),
    ),
    explain=explain,
    errors_in_good_answers=True,
    sample="apiok",
)
