"""A local server that speaks the part of the YouTube Data API v3 that Yardstick asks, over channels that a test drew.

It follows Google's discovery document and its pages on errors: parts, paging by token, at most 50 ids, counts as text,
rounded subscribers, one unit of quota for every call, also for a refused one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.answering import Asked, Listening, Reply

MOST = 50


@dataclass(kw_only=True)
class DrawnVideo:
    """A video. None for a count: its owner hides it."""

    id: str
    published_at: datetime
    title: str = "A video"
    description: str = ""
    likes: int | None = 0
    comments: int | None = 0
    views: int | None = 0
    live: bool = False
    upcoming: bool = False
    private: bool = False


@dataclass(kw_only=True)
class DrawnChannel:
    """A channel with its videos. None for subscribers: their number is hidden."""

    id: str
    handle: str
    title: str = "A channel"
    description: str = ""
    user_name: str = ""
    created_at: datetime = datetime(2015, 5, 5, tzinfo=UTC)
    subscribers: int | None = 0
    videos: list[DrawnVideo] = field(default_factory=list)

    @property
    def uploads(self) -> str:
        """The list in which its videos stand."""
        return "UU" + self.id.removeprefix("UC")

    def listed(self) -> list[DrawnVideo]:
        """What everybody sees of it, newest first."""
        shown = (video for video in self.videos if not video.private)
        return sorted(shown, key=lambda video: video.published_at, reverse=True)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, reason: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        problem = {"message": message, "domain": "youtube", "reason": reason}
        self.body = {"error": {"code": code, "message": message, "errors": [problem], **more}}


class YouTubeServer(Listening):
    """Answers on loopback until it is left. Tests change its channels, its key and its quota while it runs."""

    def __init__(self, channels: Iterable[DrawnChannel] = (), *, key: str = "a-key", quota: int = 10_000) -> None:
        super().__init__()
        self.channels = list(channels)
        self.key = key
        self.units_left = quota
        self.asked: list[tuple[str, dict[str, str]]] = []

    def reply(self, asked: Asked) -> Reply:
        status, body = self.answer(asked.path, asked.params)
        return status, {}, body

    def answer(self, path: str, params: Mapping[str, str]) -> tuple[int, Any]:
        """Status and body for one call."""
        try:
            with self._lock:
                self._admit(path, params)
            method = METHODS.get(path)
            if method is None:
                raise Refused(404, "notFound", "Not Found")
            return 200, method(self, params)
        except Refused as error:
            return error.code, error.body

    def _admit(self, path: str, params: Mapping[str, str]) -> None:
        self.asked.append((path.rpartition("/")[2], {name: value for name, value in params.items() if name != "key"}))
        if "key" not in params:
            raise Refused(403, "forbidden", "The request is missing a valid API key.", status="PERMISSION_DENIED")
        if params["key"] != self.key:
            details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
            raise Refused(400, "badRequest", "API key not valid.", status="INVALID_ARGUMENT", details=details)
        if self.units_left <= 0:
            raise Refused(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
        self.units_left -= 1


# --- methods ----------------------------------------------------------------------------------------------------------


def channels(server: YouTubeServer, params: Mapping[str, str]) -> Any:
    """`channels.list` by id, handle or user name; unknown ones are left out, without a word."""
    parts = _parts(params)
    handle = params.get("forHandle", "").removeprefix("@").lower()
    by: dict[str, Callable[[DrawnChannel], bool]] = {
        "id": lambda channel: channel.id in params["id"].split(","),
        "forHandle": lambda channel: channel.handle.lower() == handle,
        "forUsername": lambda channel: channel.user_name.lower() == params["forUsername"].lower() != "",
    }
    chosen = [name for name in by if name in params]
    if len(chosen) != 1:
        raise Refused(400, "missingRequiredParameter", "No filter selected.")
    if params.get("id", "").count(",") >= MOST:
        raise Refused(400, "invalidFilters", "Too many ids.")
    most = int(params.get("maxResults", "5"))
    found = [channel for channel in server.channels if by[chosen[0]](channel)][:most]
    items = [_resource("channel", channel.id, _channel(channel), parts) for channel in found]
    body: dict[str, Any] = {"kind": "youtube#channelListResponse", "etag": "x", "pageInfo": _info(len(items), most)}
    return body | {"items": items} if items else body


def playlist_items(server: YouTubeServer, params: Mapping[str, str]) -> Any:
    """`playlistItems.list` of an uploads list; there is none while nothing was uploaded."""
    parts = _parts(params)
    owner = next((channel for channel in server.channels if channel.uploads == params.get("playlistId")), None)
    if owner is None or not owner.listed():
        raise Refused(404, "playlistNotFound", "The playlist cannot be found.")
    size = min(int(params.get("maxResults", "5")), MOST)
    start = _token(params)
    videos = owner.listed()
    items = [
        _resource("playlistItem", f"item-{video.id}", _place(owner, video, position), parts)
        for position, video in enumerate(videos[start : start + size], start=start)
    ]
    body = {
        "kind": "youtube#playlistItemListResponse",
        "etag": "x",
        "items": items,
        "pageInfo": _info(len(videos), size),
    }
    return body | ({"nextPageToken": f"at-{start + size}"} if start + size < len(videos) else {})


def videos(server: YouTubeServer, params: Mapping[str, str]) -> Any:
    """`videos.list` by id, in the order of the question; deleted and private ones are left out."""
    parts = _parts(params)
    ids = params.get("id", "").split(",")
    if len(ids) > MOST:
        raise Refused(400, "invalidFilters", "Too many ids.")
    known = {video.id: (channel, video) for channel in server.channels for video in channel.listed()}
    items = [_resource("video", key, _video(*known[key]), parts) for key in ids if key in known]
    return {
        "kind": "youtube#videoListResponse",
        "etag": "x",
        "items": items,
        "pageInfo": _info(len(items), len(items)),
    }


METHODS: dict[str, Callable[[YouTubeServer, Mapping[str, str]], Any]] = {
    "/youtube/v3/channels": channels,
    "/youtube/v3/playlistItems": playlist_items,
    "/youtube/v3/videos": videos,
}


# --- resources --------------------------------------------------------------------------------------------------------


def _parts(params: Mapping[str, str]) -> Sequence[str]:
    if not params.get("part"):
        raise Refused(400, "missingRequiredParameter", "No filter selected. Expected one of: part")
    return params["part"].split(",")


def _token(params: Mapping[str, str]) -> int:
    token = params.get("pageToken", "at-0")
    if not token.startswith("at-") or not token[3:].isdigit():
        raise Refused(400, "invalidPageToken", "The request specifies an invalid page token.")
    return int(token[3:])


def _resource(kind: str, key: str, members: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    shown = {name: value for name, value in members.items() if name in parts and value is not None}
    return {"kind": f"youtube#{kind}", "etag": "x", "id": key, **shown}


def _info(total: int, size: int) -> dict[str, int]:
    return {"totalResults": total, "resultsPerPage": size}


def _channel(channel: DrawnChannel) -> dict[str, Any]:
    return {
        "snippet": {
            "title": channel.title,
            "description": channel.description,
            "customUrl": f"@{channel.handle.lower()}",
            "publishedAt": _stamp(channel.created_at),
            "thumbnails": {"default": {"url": "https://yt.example/88.jpg", "width": 88, "height": 88}},
        },
        "statistics": {
            "viewCount": str(sum(video.views or 0 for video in channel.listed())),
            "subscriberCount": str(rounded(channel.subscribers or 0)),
            "hiddenSubscriberCount": channel.subscribers is None,
            "videoCount": str(len(channel.listed())),
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": channel.uploads}},
    }


def _place(channel: DrawnChannel, video: DrawnVideo, position: int) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": video.id}
    return {
        "snippet": {
            "publishedAt": _stamp(video.published_at),
            "channelId": channel.id,
            "title": video.title,
            "playlistId": channel.uploads,
            "position": position,
            "resourceId": resource,
        },
        "contentDetails": {"videoId": video.id, "videoPublishedAt": _stamp(video.published_at)},
    }


def _video(channel: DrawnChannel, video: DrawnVideo) -> dict[str, Any]:
    counts = {"viewCount": video.views, "likeCount": video.likes, "favoriteCount": 0, "commentCount": video.comments}
    return {
        "snippet": {
            "publishedAt": _stamp(video.published_at),
            "channelId": channel.id,
            "channelTitle": channel.title,
            "title": video.title,
            "description": video.description,
            "liveBroadcastContent": "upcoming" if video.upcoming else "none",
        },
        "statistics": {name: str(count) for name, count in counts.items() if count is not None},
        "liveStreamingDetails": {"actualStartTime": _stamp(video.published_at)} if video.live else None,
    }


def rounded(subscribers: int) -> int:
    """As YouTube shows a number of subscribers: three digits, the rest cut off."""
    unit = int("1" + "0" * max(len(str(subscribers)) - 3, 0))
    return subscribers // unit * unit


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
