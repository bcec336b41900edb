"""X, as its API v2 shows it to an app's bearer token: paid for by the post and by the profile, not by the call.

The description of July 2026 (2.167) gave several members and a parameter new names. Posts are asked for by the old
ones, and by the new ones where X does not know those any more; answers in both are read alike.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

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
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.x.com"
USERS = f"{BASE}/2/users"
POSTS = f"{BASE}/2/tweets"

USER_FIELDS = {"user.fields": "created_at,description,profile_image_url,protected,public_metrics,verified"}
WITH_MEDIA = {"expansions": "attachments.media_keys", "media.fields": "type"}
OLD_NAMES = {"tweet.fields": "attachments,created_at,entities,note_tweet,public_metrics,referenced_tweets"}
# To what a post refers would be told by an expansion only, at the price of every post that is quoted.
NEW_NAMES = {"post.fields": "attachments,created_at,entities,note_post,public_metrics"}

# Posts are paid for one by one, so a list is read in small helpings. After one that held nothing but replies and
# reposts, which are left out of it, the next is as large as X allows: it costs no more, and the list comes to its end.
HELPING, LARGEST_HELPING = 20, 100
USUAL_HELPING = 10  # where a question names none

# Prices, in tenths of a cent.
A_POST, A_USER = 5, 10
PRICES = {"tweets": A_POST, "posts": A_POST, "users": A_USER}
ABOUT_POSTS = re.compile(r"/2/(users/[^/]+/)?tweets$")

# Showings are counted since December 2022; an older post shows zero.
VIEWS_SINCE = datetime(2022, 12, 1, tzinfo=UTC)

USER_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
USER_ID = re.compile(r"[0-9]{1,19}")
LONGEST_USER_NAME = 15

# First parts of addresses that are pages of X's own.
PAGES = frozenset({
    "i", "home", "explore", "search", "search-advanced", "hashtag", "settings", "messages", "notifications", "intent",
    "share", "login", "signup", "logout", "compose", "tos", "privacy", "about", "jobs", "download", "account",
    "who_to_follow", "lists", "bookmarks", "communities", "topics", "follow", "rules", "personalization", "oauth",
})  # fmt: skip

MEDIA_KINDS = {"photo": Kind.PHOTO, "video": Kind.VIDEO, "animated_gif": Kind.VIDEO}

CREDITS_COME_BACK = timedelta(hours=6)  # somebody buys new ones; asking costs nothing until then


class UserMetrics(msgspec.Struct):
    followers_count: int | None = None
    following_count: int | None = None
    tweet_count: int | None = None
    post_count: int | None = None


class User(msgspec.Struct):
    id: Id
    username: Id
    name: str | None = None
    description: str | None = None
    profile_image_url: str | None = None
    created_at: str | None = None
    protected: bool | None = None
    verified: bool | None = None
    public_metrics: UserMetrics | None = None


class OneUser(msgspec.Struct):
    data: User


class Users(msgspec.Struct):
    data: list[User] | None = None


class PostMetrics(msgspec.Struct):
    like_count: int | None = None
    reply_count: int | None = None
    retweet_count: int | None = None
    repost_count: int | None = None
    quote_count: int | None = None
    bookmark_count: int | None = None
    impression_count: int | None = None


class Hashtag(msgspec.Struct):
    tag: str = ""


class Link(msgspec.Struct):
    expanded_url: str | None = None


class Entities(msgspec.Struct):
    hashtags: list[Hashtag] | None = None
    urls: list[Link] | None = None


class Note(msgspec.Struct):
    """The whole of a long post; its `text` is cut."""

    text: str | None = None
    entities: Entities | None = None


class Attachments(msgspec.Struct):
    media_keys: list[str] | None = None
    poll_ids: list[str] | None = None


class Reference(msgspec.Struct):
    type: str = ""


class Post(msgspec.Struct):
    id: Id
    created_at: Moment
    text: str | None = None
    note_tweet: Note | None = None
    note_post: Note | None = None
    entities: Entities | None = None
    attachments: Attachments | None = None
    referenced_tweets: list[Reference] | None = None
    referenced_posts: list[Reference] | None = None
    public_metrics: PostMetrics | None = None

    @property
    def note(self) -> Note | None:
        return self.note_post or self.note_tweet

    @property
    def references(self) -> set[str]:
        """How it refers to other posts: `retweeted`, `quoted`, `replied_to`."""
        return {reference.type for reference in self.referenced_posts or self.referenced_tweets or []}


class Media(msgspec.Struct):
    media_key: str | None = None
    type: str = ""


class Includes(msgspec.Struct):
    media: list[Media] | None = None


class Meta(msgspec.Struct):
    next_token: str | None = None


class Posts(msgspec.Struct):
    data: list[Post] | None = None
    includes: Includes | None = None
    meta: Meta | None = None

    @property
    def shown(self) -> list[tuple[Post, tuple[str, ...]]]:
        """Each post with the types of the media in it, which stand apart from it."""
        media = (self.includes.media if self.includes else None) or []
        types = {one.media_key: one.type for one in media if one.media_key}
        return [(post, tuple(types.get(key, "") for key in _media_keys(post))) for post in self.data or []]


class Problem(msgspec.Struct):
    type: str = ""
    title: str = ""
    detail: str = ""

    @property
    def kind(self) -> str:
        """The last part of the address by which X names a problem; the host before it has changed."""
        return self.type.rpartition("/")[2]


class Reply(msgspec.Struct):
    """Any good answer. What X could not give stands in `errors`, beside what it could."""

    data: Any = None
    errors: list[Problem] | None = None


class Brought(msgspec.Struct):
    """What an answer brought that is paid for."""

    data: Any = None
    includes: dict[str, Any] | None = None


def recognise(text: str) -> str | None:
    """The handle in what was pasted, or `i/user/<id>` for an id; None where there is neither."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("x.com", "twitter.com"):
        return _reference_in(link)
    if looks_like_address(name):
        return _by_id(name.removeprefix("i/user/")) if name.startswith("i/user/") else None
    return _by_id(name) if len(name) > LONGEST_USER_NAME else _by_name(name.removeprefix("@"))


def _reference_in(link: Address) -> str | None:
    first, second = link.segment(0), link.segment(1)
    if first == "i" and second == "user":
        return _by_id(link.segment(2))
    if first == "intent":
        return _by_name(link.query.get("screen_name", "")) or _by_id(link.query.get("user_id", ""))
    return None if first.lower() in PAGES else _by_name(first.removeprefix("@"))


def _by_name(name: str) -> str | None:
    return name.lower() if USER_NAME.fullmatch(name) else None


def _by_id(text: str) -> str | None:
    return f"i/user/{text}" if USER_ID.fullmatch(text) else None


def recognises_url(text: str) -> bool:
    """Whether an address is one of X's."""
    link = address(text)
    return link is not None and link.is_on("x.com", "twitter.com")


def profile_url(handle: str) -> str:
    """The profile's page for people."""
    return f"https://x.com/{quote(handle)}"


def parse_user(user: User) -> ProfileRecord:
    """A profile as X shows it."""
    handle = user.username.lower()
    metrics = user.public_metrics or UserMetrics()
    return ProfileRecord(
        external_id=user.id,
        handle=handle,
        name=name_or(user.name, user.username),
        url=profile_url(handle),
        description=plain(html.unescape(user.description or "")),
        avatar_url=web_address((user.profile_image_url or "").replace("_normal.", "_400x400.")),
        followers=count(metrics.followers_count),
        following=count(metrics.following_count),
        posts=count(_either(metrics.post_count, metrics.tweet_count)),
        verified=user.verified,
        created_at=moment_or_none(user.created_at),
    )


def _either(new: int | None, old: int | None) -> int | None:
    return old if new is None else new


def parse_post(post: Post, media: Sequence[str] = ()) -> PostRecord | None:
    """An own post as a record, given the types of its media; None for reposts and replies."""
    if post.references & {"retweeted", "replied_to"}:
        return None
    metrics = post.public_metrics or PostMetrics()
    published_at = utc(post.created_at)
    text = (post.note.text if post.note else None) or post.text or ""
    return PostRecord(
        external_id=post.id,
        # Leads to the post whatever its author is called by now; asking for the name would cost as much as two posts.
        url=f"https://x.com/i/web/status/{quote(post.id, safe='')}",
        published_at=published_at,
        kind=kind_of(post, media),
        text=plain(html.unescape(text)),
        hashtags=hashtags(hashtag.tag for entities in _entities(post) for hashtag in entities.hashtags or []),
        reactions=count(metrics.like_count),
        comments=count(metrics.reply_count),
        shares=count(_either(metrics.repost_count, metrics.retweet_count)),
        quotes=count(metrics.quote_count),
        saves=count(metrics.bookmark_count),
        views=_views(metrics, published_at),
    )


def _views(metrics: PostMetrics, published_at: datetime) -> int | None:
    views = count(metrics.impression_count)
    return None if views == 0 and published_at < VIEWS_SINCE else views


def _entities(post: Post) -> list[Entities]:
    found = (post.entities, post.note.entities if post.note else None)
    return [entities for entities in found if entities is not None]


def _media_keys(post: Post) -> list[str]:
    return (post.attachments.media_keys if post.attachments else None) or []


def kind_of(post: Post, media: Sequence[str]) -> Kind:
    """What a post shows beside its text."""
    if media:
        return Kind.ALBUM if len(media) > 1 else MEDIA_KINDS.get(media[0], Kind.OTHER)
    shown = (
        (bool(post.attachments and post.attachments.poll_ids), Kind.POLL),
        ("quoted" in post.references or any(map(_leads_to_a_post, _links(post))), Kind.QUOTE),
        (any(map(_leads_away, _links(post))), Kind.LINK),
    )
    return next((kind for is_there, kind in shown if is_there), Kind.TEXT)


def _links(post: Post) -> Iterable[str]:
    return (link.expanded_url or "" for entities in _entities(post) for link in entities.urls or [])


def _leads_away(url: str) -> bool:
    """Whether a link leads out of X; its own pictures and posts are links too."""
    link = address(url)
    return link is not None and not link.is_on("x.com", "twitter.com")


def _leads_to_a_post(url: str) -> bool:
    """Whether a link leads to a post, which X shows as a quote; one to a post's own pictures goes on behind it."""
    link = address(url)
    return link is not None and link.is_on("x.com", "twitter.com") and link.segments[1:-1] == ("status",)


def next_page(answer: Answer, body: Posts) -> tuple[str, Params] | None:
    """The same list after its token; None at the end."""
    token = body.meta.next_token if body.meta else None
    return (
        answer.again(pagination_token=token, max_results=HELPING if body.data else LARGEST_HELPING) if token else None
    )


def explain(answer: Answer) -> NetworkError | None:
    """What an answer's problems mean; None for a good answer, and where the status says it all."""
    if 200 <= answer.status < 300:
        return _in_a_good_answer(answer)
    problem = _problem(answer)
    if answer.status == 402 or problem.kind == "usage-capped":
        return TryLater(
            "quota_used_up",
            gettext_noop(
                "This key's account has used up its credits at X. Buy more, or raise its cap, in X's developer console."
            ),
            after=CREDITS_COME_BACK,
        )
    if answer.status == 401:
        return NeedsAttention(
            "credential_refused", gettext_noop("X refuses the bearer token. Copy it anew from X's developer console.")
        )
    if answer.status == 403 and problem.kind:
        return NeedsAttention(
            "credential_refused",
            gettext_noop(
                "X does not let this key's app read. Attach the app to a project with credits in X's developer console."
            ),
        )
    return None


def _problem(answer: Answer) -> Problem:
    try:
        return answer.decode(Problem)
    except UnexpectedAnswer:
        return Problem()  # of something that stands before X


def _in_a_good_answer(answer: Answer) -> NetworkError | None:
    reply = answer.decode(Reply)
    problems = reply.errors or []
    of_many = "ids" in parse_qs(urlsplit(answer.url).query)
    if any(problem.kind == "internal-error" for problem in problems) and (of_many or not reply.data):
        return TryLater("network_unavailable", gettext_noop("X has trouble of its own and could not give everything."))
    if not problems or reply.data or of_many:
        return None  # of many, those that X does not know are left out
    return _of_a_profile(problems[0])


def _of_a_profile(problem: Problem) -> NetworkError:
    if problem.kind == "not-authorized-for-resource":
        return _private()
    if problem.kind != "resource-not-found":
        return UnexpectedAnswer(problem.title)
    if problem.detail.startswith("User has been suspended"):
        return Gone("profile_suspended", gettext_noop("X has suspended this profile."))
    return Gone("profile_not_found", gettext_noop("X knows no profile of this name."))


def _private() -> NeedsAttention:
    sentence = gettext_noop("The owner of this profile shows its posts to chosen followers only.")
    return NeedsAttention("profile_private", sentence)


def cost(question: Question) -> int:
    """What a call may cost at most, in tenths of a cent: every post and every profile that it may bring."""
    ids = question.params.get("ids")
    named = str(ids).count(",") + 1 if ids else None
    if not ABOUT_POSTS.search(question.url):
        return (named or 1) * A_USER
    posts = named or int(str(question.params.get("max_results", USUAL_HELPING)))
    with_authors = "author_id" in str(question.params.get("expansions", ""))
    return posts * (A_POST + A_USER if with_authors else A_POST)


def spent(question: Question, body: bytes) -> int:
    """What an answer cost: the posts and profiles that it brought. One that broke off may have cost everything."""
    try:
        brought = msgspec.json.decode(body, type=Brought)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return cost(question) if body.lstrip().startswith(b"{") else 0  # else a page of something that stands before X
    included = brought.includes or {}
    beside = sum(_size(included.get(name)) * price for name, price in PRICES.items())
    return beside + _size(brought.data) * (A_POST if ABOUT_POSTS.search(question.url) else A_USER)


def _size(resources: object) -> int:
    return len(resources) if isinstance(resources, list) else int(bool(resources))


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a profile up by what `recognise` gave; a number may also be an id, but somebody's name goes before it."""
    by_id = reference.removeprefix("i/user/")
    if by_id != reference:
        return _public(_user_by_id(get, by_id))
    try:
        return _public(_user_by_name(get, reference))
    except Gone as unknown:
        if not reference.isdecimal() or unknown.code != "profile_not_found":
            raise
    return _public(_user_by_id(get, reference))


def _public(user: User) -> ProfileRecord:
    """A profile whose posts everybody may read. One that was followed before it became private is still read."""
    if user.protected:
        raise _private()
    return parse_user(user)


def _user_by_name(get: Get, name: str) -> User:
    return get(f"{USERS}/by/username/{quote(name, safe='')}", USER_FIELDS).decode(OneUser).data


def _user_by_id(get: Get, external_id: str) -> User:
    return get(f"{USERS}/{quote(external_id, safe='')}", USER_FIELDS).decode(OneUser).data


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Read a known profile again, by its id."""
    return parse_user(_user_by_id(get, external_id))


def profiles(get: Get, external_ids: Sequence[str]) -> list[ProfileRecord]:
    """Read up to a hundred known profiles again in one call; those that are gone are left out."""
    users = get(USERS, {"ids": ",".join(external_ids), **USER_FIELDS}).decode(Users).data
    return [parse_user(user) for user in users or []]


def about_posts(get: Get) -> Get:
    """Asks for posts, by the names of fields that X knows.

    A question by other names brings posts without what was asked for, or is refused. It is asked once more then; the
    pages that follow keep to the names of the first.
    """

    def ask(url: str, params: Params | None = None, *, body: Any = None) -> Answer:
        question = {name: value for name, value in (params or {}).items() if name not in OLD_NAMES} | WITH_MEDIA
        if not question.keys() & NEW_NAMES:
            with suppress(UnexpectedAnswer):
                answer = get(url, question | OLD_NAMES, body=body)
                answer.decode(Posts)
                return answer
        return get(url, question | NEW_NAMES, body=body)

    return ask


list_posts = Endpoint(
    url=lambda external_id: f"{USERS}/{quote(external_id, safe='')}/tweets",
    params=lambda external_id: {"max_results": HELPING, "exclude": "retweets,replies"},  # noqa: ARG005
    answer_type=Posts,
    items=lambda body: body.shown,
    next_page=next_page,
    parse=lambda shown, external_id: parse_post(*shown),  # noqa: ARG005 (the list shows nobody else's)
    moment=lambda shown: utc(shown[0].created_at),
)


def read_posts(get: Get, external_id: str) -> Iterator[Page]:
    """Yield a profile's posts newest first, without its replies and what it reposted."""
    return list_posts(about_posts(get), external_id)


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known posts again; those that are gone are left out."""
    return tuple(_read_again(about_posts(get), batch) for batch in in_batches(external_ids, X.refresh_size))


def _read_again(get: Get, external_ids: Sequence[str]) -> Page:
    answer = get(POSTS, {"ids": ",".join(external_ids)})
    records = (parse_post(*shown) for shown in answer.decode(Posts).shown)
    return Page(tuple(record for record in records if record is not None), answer.received_at, None)


X = Network(
    key="x",
    label="X",
    publishes=frozenset(
        {
            "followers",
            "following",
            "posts",
            "reactions",
            "comments",
            "shares",
            "quotes",
            "saves",
            "views",
        }
    ),
    hidden_on_some_posts=frozenset({"views"}),  # of posts before December 2022
    not_published_because=gettext_noop(
        "X shows reach in people, visits to the profile and clicks on links to the author only."
    ),
    engagement_parts=("reactions", "comments", "shares", "quotes"),
    maturity=timedelta(days=3),
    half_life=HalfLife(0.4, "Graffius 2022: 24 minutes, the mean of several studies"),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@anna"),
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    profiles=profiles,
    profiles_size=100,
    posts=read_posts,
    refresh=refresh,
    refresh_size=100,
    page_size=HELPING,
    reads_back_posts=800,  # the newest 3,200, but 800 where replies are left out
    windows=(
        Window(calls=300, seconds=900, each="key", only_with=frozenset({"user.fields"})),
        Window(calls=3_500, seconds=900, each="key", only_with=frozenset({"ids"})),
        Window(calls=10_000, seconds=900, each="key", only_with=frozenset({"max_results"})),
    ),
    quota=Quota(
        units=10_000,  # ten dollars
        zone="UTC",
        monthly=True,
        cost=cost,
        spent=spent,
        usual=60,  # half of a user and a page of twenty posts
        setting="X_MONTHLY_LIMIT_CENTS",
        shown_per=10,
        unit="cents",
    ),
    key_need=KeyNeed(
        parts=(KeyPart("bearer_token", "X_BEARER_TOKEN", "Bearer token"),),
        sign=as_bearer("bearer_token"),
        how=gettext_noop(
            "Make an app inside a project in X's developer console, buy credits and copy the app's bearer token. "
            "X charges half a cent for every post and one cent for every profile that is read."
        ),
    ),
    explain=explain,
    errors_in_good_answers=True,
    sample="@X",
)
