"""YouTube, as its Data API v3 shows it to a key: channels, the list of their uploads, and the videos in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from benchmark.networks.base import (
    Answer,
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
    walk,
    with_at,
)
from benchmark.networks.keys import KeyNeed, KeyPart, Params, Quota, in_query
from benchmark.networks.parsing import (
    Id,
    Moment,
    count,
    hashtags,
    in_batches,
    moment_or_none,
    name_or,
    plain,
    until_midnight,
    utc,
    web_address,
)
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://www.googleapis.com"
CHANNELS = f"{BASE}/youtube/v3/channels"
UPLOADS = f"{BASE}/youtube/v3/playlistItems"
VIDEOS = f"{BASE}/youtube/v3/videos"

CHANNEL_PARTS = "snippet,statistics"
VIDEO_PARTS = "snippet,statistics,liveStreamingDetails"

CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
NAME = re.compile(r"[\w.·-]{1,100}")
HASHTAG = re.compile(r"(?<![\w&/])#(\w{1,100})")

PACIFIC = ZoneInfo("America/Los_Angeles")

# First parts of addresses that are pages of YouTube's own.
PAGES = frozenset({
    "watch", "playlist", "shorts", "live", "feed", "results", "hashtag", "embed", "v", "clip", "post", "gaming",
    "music", "premium", "account", "about", "t", "howyoutubeworks", "kids", "tv", "studio", "creators", "redirect",
    "channel",
})  # fmt: skip

NO_PERMISSION = frozenset({"accessNotConfigured", "SERVICE_DISABLED", "keyInvalid", "API_KEY_INVALID", "keyExpired"})
USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
# Said of a channel, with every key: none of them is to blame.
NOT_SHOWN = frozenset({"channelForbidden", "playlistItemsNotAccessible"})


class Picture(msgspec.Struct):
    url: str | None = None


class ChannelSnippet(msgspec.Struct, rename="camel"):
    title: str = ""
    description: str = ""
    custom_url: str | None = None
    published_at: str | None = None
    thumbnails: dict[str, Picture] = {}


class ChannelStatistics(msgspec.Struct, rename="camel"):
    subscriber_count: int | None = None
    hidden_subscriber_count: bool = False
    video_count: int | None = None


class Channel(msgspec.Struct):
    id: Id
    snippet: ChannelSnippet
    statistics: ChannelStatistics = msgspec.field(default_factory=ChannelStatistics)


class Channels(msgspec.Struct):
    items: list[Channel] = []


class Resource(msgspec.Struct, rename="camel"):
    video_id: str | None = None


class UploadSnippet(msgspec.Struct, rename="camel"):
    published_at: str | None = None
    resource_id: Resource = msgspec.field(default_factory=Resource)


class UploadDetails(msgspec.Struct, rename="camel"):
    video_id: str | None = None
    video_published_at: str | None = None


class Upload(msgspec.Struct, rename="camel"):
    """A place in the list of uploads. YouTube names the video twice and may leave either name out."""

    snippet: UploadSnippet = msgspec.field(default_factory=UploadSnippet)
    content_details: UploadDetails = msgspec.field(default_factory=UploadDetails)

    @property
    def video_id(self) -> str | None:
        return self.content_details.video_id or self.snippet.resource_id.video_id

    @property
    def published_at(self) -> datetime | None:
        return moment_or_none(self.content_details.video_published_at or self.snippet.published_at)


class Uploads(msgspec.Struct, rename="camel"):
    items: list[Upload] = []
    next_page_token: str | None = None


class VideoSnippet(msgspec.Struct, rename="camel"):
    published_at: Moment
    title: str = ""
    description: str = ""
    live_broadcast_content: str = "none"


class VideoStatistics(msgspec.Struct, rename="camel"):
    like_count: int | None = None
    comment_count: int | None = None
    view_count: int | None = None


class Video(msgspec.Struct, rename="camel"):
    id: Id
    snippet: VideoSnippet
    statistics: VideoStatistics = msgspec.field(default_factory=VideoStatistics)
    live_streaming_details: dict[str, object] | None = None


class Videos(msgspec.Struct):
    items: list[Video] = []


class Reason(msgspec.Struct):
    reason: str = ""


class Problem(msgspec.Struct):
    errors: list[Reason] = []
    details: list[Reason] = []


class Refusal(msgspec.Struct):
    error: Problem


def recognise(text: str) -> str | None:
    """The channel in what was pasted: a handle, a channel id, `c/name` or `user/name` for older names; or None."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("youtube.com"):
        return _reference_in(link)
    if looks_like_address(name):
        return _reference(name) if name.startswith(("c/", "user/")) else None
    return _reference(name)


def _reference_in(link: Address) -> str | None:
    first, second = link.segment(0), link.segment(1)
    if first == "channel":
        return second if CHANNEL_ID.fullmatch(second) else None
    if first in {"c", "user"}:
        return _reference(f"{first}/{second}")
    if first.startswith("@"):
        return _reference(first)
    return None if first.lower() in PAGES else _reference(f"c/{first}")


def _reference(name: str) -> str | None:
    if CHANNEL_ID.fullmatch(name):
        return name
    folder, slash, bare = name.rpartition("/")
    bare = bare if slash else bare.removeprefix("@")
    return f"{folder}{slash}{bare.lower()}" if folder in {"", "c", "user"} and NAME.fullmatch(bare) else None


def recognises_url(text: str) -> bool:
    """Whether an address is one of YouTube's."""
    link = address(text)
    return link is not None and link.is_on("youtube.com", "youtu.be")


def shown_handle(handle: str) -> str:
    """`@name`; an older name with its folder, and an id, as they are."""
    return handle if "/" in handle or CHANNEL_ID.fullmatch(handle) else with_at(handle)


def profile_url(handle: str) -> str:
    """The channel's page for people."""
    path = f"channel/{handle}" if CHANNEL_ID.fullmatch(handle) else shown_handle(handle)
    return f"https://www.youtube.com/{quote(path, safe='@/')}"


def parse_channel(channel: Channel) -> ProfileRecord:
    """A channel as YouTube shows it; subscribers are rounded by YouTube, or hidden by the owner."""
    snippet, statistics = channel.snippet, channel.statistics
    sign, at, custom = plain(snippet.custom_url).lower().partition("@")
    handle = custom if at and not sign and NAME.fullmatch(custom) else channel.id
    return ProfileRecord(
        external_id=channel.id,
        handle=handle,
        name=name_or(snippet.title, handle),
        url=profile_url(channel.id),
        description=plain(snippet.description),
        avatar_url=_largest(snippet.thumbnails),
        followers=None if statistics.hidden_subscriber_count else count(statistics.subscriber_count),
        posts=count(statistics.video_count),
        created_at=moment_or_none(snippet.published_at),
    )


def _largest(pictures: dict[str, Picture]) -> str | None:
    sizes = (pictures.get(size) for size in ("high", "medium", "default"))
    return next((url for picture in sizes if picture and (url := web_address(picture.url))), None)


def parse_video(video: Video) -> PostRecord | None:
    """A video as a record; None for a premiere or stream that is only announced."""
    if video.snippet.live_broadcast_content == "upcoming":
        return None
    text = "\n\n".join(part for part in (plain(video.snippet.title), plain(video.snippet.description)) if part)
    return PostRecord(
        external_id=video.id,
        url=f"https://www.youtube.com/watch?v={quote(video.id, safe='')}",
        published_at=utc(video.snippet.published_at),
        kind=Kind.VIDEO if video.live_streaming_details is None else Kind.LIVE,
        text=text,
        hashtags=hashtags(HASHTAG.findall(text)),
        reactions=count(video.statistics.like_count),
        comments=count(video.statistics.comment_count),
        views=count(video.statistics.view_count),
    )


def _reasons(answer: Answer) -> set[str]:
    problem = answer.decode(Refusal).error
    return {entry.reason for entry in (*problem.errors, *problem.details)}


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the status says it all."""
    if answer.status not in {400, 403, 404, 429}:
        return None
    reasons = _reasons(answer)
    if reasons & (USED_UP | TOO_FAST):
        return _wait_for(reasons, answer)
    if reasons & NOT_SHOWN:
        return NeedsAttention("profile_private", gettext_noop("This channel does not show its videos to everybody."))
    if reasons & NO_PERMISSION or answer.status == 403:
        return NeedsAttention(
            "credential_refused",
            gettext_noop(
                "YouTube refuses the key. "
                "Check that it is right and that the YouTube Data API v3 is switched on for it."
            ),
        )
    if "playlistNotFound" in reasons:
        return Gone("list_not_found", gettext_noop("This channel has no public videos."))
    return None


def _wait_for(reasons: set[str], answer: Answer) -> TryLater:
    if reasons & TOO_FAST:
        return TryLater("rate_limited", gettext_noop("YouTube asks us to ask more slowly."), after=timedelta(minutes=1))
    return TryLater(
        "quota_used_up",
        gettext_noop("The key has used up YouTube's quota for today. It begins anew at midnight in California."),
        after=until_midnight(answer.received_at, PACIFIC),
    )


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a channel up by what `recognise` gave. An older custom name is tried as handle, then as user name."""
    folder, __, name = reference.rpartition("/")
    questions = {
        "": [{"id": name} if CHANNEL_ID.fullmatch(name) else {"forHandle": f"@{name}"}],
        "c": [{"forHandle": f"@{name}"}, {"forUsername": name}],
        "user": [{"forUsername": name}],
    }[folder]
    answers = (_channels(get, question) for question in questions)
    found = next((channels[0] for channels in answers if channels), None)
    if found is None:
        raise Gone("profile_not_found", gettext_noop("YouTube knows no channel of this name."))
    return parse_channel(found)


def _channels(get: Get, question: Mapping[str, str | int]) -> list[Channel]:
    return get(CHANNELS, {"part": CHANNEL_PARTS, **question}).decode(Channels).items


def profiles(get: Get, channel_ids: Sequence[str]) -> tuple[ProfileRecord, ...]:
    """Look many channels up, fifty a unit of quota. Those that are deleted or suspended are left out."""
    batches = in_batches(channel_ids, YOUTUBE.profiles_size)
    answers = (_channels(get, {"id": ",".join(batch), "maxResults": YOUTUBE.profiles_size}) for batch in batches)
    return tuple(parse_channel(channel) for channels in answers for channel in channels)


def uploads_list(channel_id: str) -> str:
    """The list in which YouTube keeps a channel's uploads: the channel's id with another beginning."""
    if not CHANNEL_ID.fullmatch(channel_id):
        raise UnexpectedAnswer("a channel's id has another form than before")
    return "UU" + channel_id.removeprefix("UC")


def next_page(answer: Answer, body: Uploads) -> tuple[str, Params] | None:
    """The same list after its token; None at the end."""
    return answer.again(pageToken=body.next_page_token) if body.next_page_token else None


def read_videos(get: Get, external_id: str) -> Iterator[Page]:
    """Yield a channel's videos newest first: a page of the uploads list, then the videos in it, two calls a page."""
    start: tuple[str, Params] = (
        UPLOADS,
        {"part": "contentDetails,snippet", "playlistId": uploads_list(external_id), "maxResults": 50},
    )
    try:
        for answer, body in walk(get, start, Uploads, next_page, mark=attrgetter("items")):
            yield _videos_in(get, answer, body)
    except Gone as error:
        if error.code != "list_not_found":
            raise  # a channel without a video has no list


def _videos_in(get: Get, answer: Answer, body: Uploads) -> Page:
    moments = (upload.published_at for upload in body.items)
    past = [moment for moment in moments if moment is not None and moment <= answer.received_at]
    reached = past[-1] if past else None
    video_ids = [upload.video_id for upload in body.items if upload.video_id]
    if not video_ids:
        return Page((), answer.received_at, reached)
    videos = _videos(get, video_ids)
    return Page(videos.posts, videos.read_at, reached)


def _videos(get: Get, video_ids: Sequence[str]) -> Page:
    answer = get(VIDEOS, {"part": VIDEO_PARTS, "id": ",".join(video_ids)})
    records = (parse_video(video) for video in answer.decode(Videos).items)
    # A premiere carries the moment at which it will begin.
    out = (record for record in records if record is not None and record.published_at <= answer.received_at)
    return Page(tuple(out), answer.received_at, None)


def refresh(get: Get, external_ids: Sequence[str]) -> tuple[Page, ...]:
    """Read known videos again; those that are deleted or private are left out."""
    return tuple(_videos(get, batch) for batch in in_batches(external_ids, YOUTUBE.refresh_size))


YOUTUBE = Network(
    key="youtube",
    label="YouTube",
    publishes=frozenset({"followers", "posts", "reactions", "comments", "views"}),
    hidden_on_some_posts=frozenset({"reactions", "comments", "views"}),
    not_published_because=gettext_noop(
        "YouTube shows shares, saves and whom a channel follows to nobody but its owner."
    ),
    engagement_parts=("reactions", "comments"),
    maturity=timedelta(days=14),
    half_life=HalfLife(
        29.0, "measured on two readings, a week apart, of 643 videos about technology in 2026; Graffius 2018: 6 days"
    ),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@channel"),
    shown_handle=shown_handle,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=find,
    posts=read_videos,
    profiles=profiles,
    profiles_size=50,
    refresh=refresh,
    refresh_size=50,
    page_size=50,
    quota=Quota(units=10_000, zone="America/Los_Angeles"),
    key_need=KeyNeed(
        parts=(KeyPart("api_key", "YOUTUBE_API_KEY", "API key"),),
        sign=in_query(key="api_key"),
        how=gettext_noop(
            "Create a project in Google Cloud, switch on the YouTube Data API v3 and make an API key; it is free."
        ),
    ),
    keeps=timedelta(days=30),
    significant_digits=3,
    explain=explain,
    sample="@youtube",
)
