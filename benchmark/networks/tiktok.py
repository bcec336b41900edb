"""TikTok, as its Research API shows it to non-profit researchers: accounts, and their videos month by month."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec

from benchmark.networks.base import (
    Answer,
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
    walk,
)
from benchmark.networks.keys import TOKEN, Exchange, KeyNeed, KeyPart, Params, Quota, as_bearer
from benchmark.networks.parsing import Moment, count, hashtags, name_or, plain, until_midnight, utc, web_address
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://open.tiktokapis.com"
TOKENS = f"{BASE}/v2/oauth/token/"
ACCOUNT = f"{BASE}/v2/research/user/info/"
VIDEOS = f"{BASE}/v2/research/video/query/"

ACCOUNT_FIELDS = "display_name,bio_description,avatar_url,is_verified,follower_count,following_count,video_count"
VIDEO_FIELDS = (
    "id,username,create_time,video_description,hashtag_names"
    ",like_count,comment_count,share_count,favorites_count,view_count"
)

NAME = re.compile(r"[\w.]{1,23}\w", re.ASCII)

# First parts of addresses that are pages of TikTok's own; those of two letters are languages.
PAGES = frozenset({
    "about", "account", "activity", "ads", "amp", "auth", "browse", "business", "channel", "coin", "collection",
    "community", "creators", "developers", "discover", "download", "effects", "embed", "explore", "feedback",
    "following", "follow", "foryou", "friends", "game", "games", "hashtag", "help", "home", "inbox", "jobs", "kids",
    "legal", "link", "live", "login", "logout", "messages", "movie", "music", "node", "notification", "notifications",
    "passport", "place", "player", "playlist", "privacy", "profile", "question", "redirect", "safety", "search",
    "setting", "settings", "share", "shop", "signup", "sticker", "studio", "support", "tag", "terms", "tiktokstudio",
    "topics", "transparency", "trending", "upload", "video", "web",
})  # fmt: skip
HOSTS = frozenset({"tiktok.com", "www.tiktok.com", "m.tiktok.com"})  # others are for links that lead elsewhere

WINDOW = timedelta(days=30)  # the most days that one question may span
# A video may be uploaded so long before TikTok publishes it, and its id is made no later than with the upload.
UPLOADED_AHEAD = timedelta(days=10)
# No video is older: musical.ly, whose videos TikTok took over, began in that year.
FIRST_DAY = date(2014, 1, 1)

NO_PERMISSION = frozenset({"scope_not_authorized", "scope_permission_missed"})

# A number of 64 bits, which a reader that knows only floats would round.
VideoId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class Account(msgspec.Struct):
    display_name: str | None = None
    bio_description: str | None = None
    avatar_url: str | None = None
    is_verified: bool | None = None
    follower_count: int | None = None
    following_count: int | None = None
    video_count: int | None = None


class AccountAnswer(msgspec.Struct):
    data: Account


class Video(msgspec.Struct):
    id: VideoId
    create_time: Moment  # in seconds
    username: str | None = None
    video_description: str | None = None
    hashtag_names: list[str] | None = None
    like_count: int | None = None
    comment_count: int | None = None
    share_count: int | None = None
    favorites_count: int | None = None
    view_count: int | None = None


class Videos(msgspec.Struct):
    videos: list[Video] | None = None
    cursor: int = 0
    search_id: str = ""
    has_more: bool = False


class VideosAnswer(msgspec.Struct):
    data: Videos

    @property
    def videos(self) -> list[Video]:
        return self.data.videos or []


class Problem(msgspec.Struct):
    code: str = ""
    message: str = ""


class Refusal(msgspec.Struct):
    """What stands beside every answer. Where a token is refused it is one word (RFC 6749, 5.2)."""

    error: Problem | str = ""


def recognise(text: str) -> str | None:
    """The account's name in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("tiktok.com"):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    first = link.segment(0)
    if first.startswith("@"):
        return first
    alone = link.host in HOSTS and len(link.segments) == 1 and len(first) > 2
    return first if alone and first.lower() not in PAGES else ""


def recognises_url(text: str) -> bool:
    """Whether an address is one of TikTok's."""
    link = address(text)
    return link is not None and link.is_on("tiktok.com")


def profile_url(handle: str) -> str:
    """The account's page for people."""
    return f"https://www.tiktok.com/@{handle}"


def parse_account(account: Account, username: str) -> ProfileRecord:
    """An account as TikTok shows it.

    The Research API tells no id: the name is all by which an account is known. After a rename it is gone, and one that
    takes over an old name cannot be told from the one before it.
    """
    return ProfileRecord(
        external_id=username,
        handle=username,
        name=name_or(account.display_name, username),
        url=profile_url(username),
        description=plain(account.bio_description),
        avatar_url=web_address(account.avatar_url),
        followers=count(account.follower_count),
        following=count(account.following_count),
        posts=count(account.video_count),
        verified=account.is_verified,
    )


def parse_video(video: Video, username: str) -> PostRecord:
    """A video as a record."""
    return PostRecord(
        external_id=str(video.id),
        url=f"{profile_url(username)}/video/{video.id}",
        published_at=utc(video.create_time),
        kind=Kind.VIDEO,
        text=plain(video.video_description),
        hashtags=hashtags(video.hashtag_names or ()),
        reactions=count(video.like_count),
        comments=count(video.comment_count),
        shares=count(video.share_count),
        saves=count(video.favorites_count),
        views=count(video.view_count),
    )


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means, also one that comes with status 200; None where there is none or the status says it all."""
    if answer.status >= 500:
        return None
    error = answer.decode(Refusal).error
    code, message = (error, "") if isinstance(error, str) else (error.code, error.message)
    known = _credential_error(code) or _limit(code, answer.received_at) or _wrong_question(code, message.lower())
    if known is not None or code in {"", "ok"} or answer.status >= 400:
        return known
    return UnexpectedAnswer(f"a good answer with the error {code[:100]}")


def _credential_error(code: str) -> NetworkError | None:
    if code in NO_PERMISSION:
        sentence = gettext_noop(
            "TikTok does not let this key use the Research API. Check that its research project is approved."
        )
        return NeedsAttention("credential_refused", sentence)
    if code in {"access_token_invalid", "invalid_client", "invalid_request", "unauthorized_client"}:
        sentence = gettext_noop("TikTok refuses the key. Check the client key and the client secret.")
        return NeedsAttention("credential_refused", sentence)
    return None


def _limit(code: str, now: datetime) -> NetworkError | None:
    if code == "daily_quota_limit_exceeded":
        sentence = gettext_noop("The key has used up TikTok's quota for today. It begins anew at midnight UTC.")
        return TryLater("quota_used_up", sentence, after=until_midnight(now))
    if code == "rate_limit_exceeded":
        return TryLater("rate_limited", gettext_noop("TikTok asks us to ask more slowly."), after=timedelta(minutes=1))
    return (
        TryLater("network_unavailable", gettext_noop("TikTok has trouble of its own."))
        if code == "internal_error"
        else None
    )


def _wrong_question(code: str, message: str) -> NetworkError | None:
    """What is wrong with a question is said in words only."""
    if code != "invalid_params":
        return None
    if "private" in message:
        return NeedsAttention("profile_private", gettext_noop("This TikTok account is private."))
    if "search id" in message or "search_id" in message or "cursor" in message:
        return TryLater("network_unavailable", gettext_noop("TikTok has lost its place in the list of videos."))
    return (
        Gone("profile_not_found", gettext_noop("TikTok knows no account of this name.")) if "user" in message else None
    )


def find(get: Get, username: str) -> ProfileRecord:
    """Look an account up by its name."""
    account = _account(get, username).decode(AccountAnswer).data
    if account == Account():
        raise UnexpectedAnswer("an account of which nothing is told")
    return parse_account(account, username)


def _account(get: Get, username: str) -> Answer:
    return get(ACCOUNT, {"fields": ACCOUNT_FIELDS}, body={"username": username})


def read_videos(get: Get, external_id: str) -> Iterator[Page]:
    """Yield an account's videos newest first, in windows of thirty days from today backwards.

    Today is the day on which TikTok answers for the account, which is asked first: a name that nobody has any more
    would otherwise look like an account whose videos are all deleted.
    """
    end = _account(get, external_id).received_at.astimezone(UTC).date()
    seen: set[str] = set()
    while end > FIRST_DAY:
        start = end - WINDOW
        for page in _window(get, external_id, start, end):
            yield Page(
                tuple(post for post in page.posts if post.external_id not in seen), page.read_at, page.reads_down_to
            )
            seen.update(post.external_id for post in page.posts)
        # The day is asked for twice: whether a window's last day belongs to it is not said.
        end = start


def _window(get: Get, username: str, start: date, end: date) -> Iterator[Page]:
    """Yield the pages of one window. Its last page, and no other, proves that the window has been read whole."""
    condition = {"operation": "EQ", "field_name": "username", "field_values": [username]}
    for answer, body in _videos(get, condition, start, end):
        records = [parse_video(video, username) for video in body.videos]
        once = {record.external_id: record for record in records}
        reached = records[-1].published_at if records else None
        whole = None if body.data.has_more else datetime.combine(start, time.min, UTC)
        yield Page(tuple(once.values()), answer.received_at, whole or reached)


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known videos again; those that are gone are left out.

    TikTok wants to know the days also where it is asked for ids. They stand in the ids.
    """
    return tuple(page for ids in _in_windows(external_ids) for page in _read_again(get, ids))


def _in_windows(external_ids: Sequence[str]) -> Iterator[list[int]]:
    """The ids in groups, each of which one question may be about."""
    group: list[int] = []
    for video_id in sorted(map(int, external_ids)):
        if group and (len(group) == TIKTOK.refresh_size or last_day(video_id) > made_on(group[0]) + WINDOW):
            yield group
            group = []
        group.append(video_id)
    if group:
        yield group


def made_on(video_id: int) -> date:
    """The day on which a video's id was made: its upper half holds the seconds since 1970."""
    return datetime.fromtimestamp(video_id >> 32, UTC).date()


def last_day(video_id: int) -> date:
    """The last day on which a video can have been published, given its id: none is in the future."""
    made = made_on(video_id)
    return min(made + UPLOADED_AHEAD, max(made, datetime.now(UTC).date()))


def _read_again(get: Get, ids: Sequence[int]) -> Iterator[Page]:
    condition = {"operation": "IN", "field_name": "video_id", "field_values": list(map(str, ids))}
    for answer, body in _videos(get, condition, made_on(ids[0]), last_day(ids[-1])):
        records = (parse_video(video, (video.username or "").lower()) for video in body.videos)
        yield Page(tuple(records), answer.received_at, None)


def _videos(get: Get, condition: Any, start: date, end: date) -> Iterator[tuple[Answer, VideosAnswer]]:
    """Ask for the videos of some days that meet a condition, page by page, newest first."""
    question = {
        "query": {"and": [condition]},
        "start_date": f"{start:%Y%m%d}",
        "end_date": f"{end:%Y%m%d}",
        "max_count": TIKTOK.page_size,
    }

    def post(url: str, params: Params | None = None, *, body: Any = None) -> Answer:  # noqa: ARG001 (asked by walk)
        return get(url, {"fields": VIDEO_FIELDS}, body=question | dict(params or {}))

    return walk(post, (VIDEOS, {"cursor": 0}), VideosAnswer, next_page, mark=_last_id)


def next_page(_: Answer, body: VideosAnswer) -> tuple[str, Params] | None:
    """Where the window goes on: the cursor together with the search that it belongs to; None at its end."""
    if not body.data.has_more:
        return None
    return VIDEOS, {"cursor": body.data.cursor, "search_id": body.data.search_id}


def _last_id(body: VideosAnswer) -> int | None:
    return body.videos[-1].id if body.videos else None


TIKTOK = Network(
    key="tiktok",
    label="TikTok",
    publishes=frozenset({"followers", "following", "posts", "reactions", "comments", "shares", "saves", "views"}),
    not_published_because=gettext_noop(
        "TikTok shows other people's accounts to approved non-profit research only, not to companies,"
        " and reach to nobody but an account's owner."
    ),
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=7),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@account"),
    profile_url=profile_url,
    known_by_name_only=True,
    base_url=BASE,
    find=find,
    profile=find,
    posts=read_videos,
    refresh=refresh,
    refresh_size=100,
    page_size=100,
    quota=Quota(units=1000, zone="UTC", setting="TIKTOK_DAILY_REQUESTS", unit="requests"),
    key_need=KeyNeed(
        parts=(
            KeyPart("client_key", "TIKTOK_CLIENT_KEY", "Client key"),
            KeyPart("client_secret", "TIKTOK_CLIENT_SECRET", "Client secret"),
        ),
        sign=as_bearer(TOKEN),
        exchange=Exchange(
            TOKENS,
            form=lambda parts: {
                "client_key": parts["client_key"],
                "client_secret": parts["client_secret"],
                "grant_type": "client_credentials",
            },
        ),
        how=(
            gettext_noop(
                "Apply for the Research API at developers.tiktok.com, which is open to approved non-profit "
                "research only"
                " and not to companies; the approved project shows its client key and client secret."
            )
        ),
    ),
    # The owners ask that everything is refreshed within 15 days, or deleted.
    keeps=timedelta(days=15),
    explain=explain,
    errors_in_good_answers=True,
    sample="tiktok",
)
