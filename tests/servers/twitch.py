"""A local server that speaks the part of Twitch's Helix that Yardstick asks, over channels that a test drew.

It follows the reference: a key becomes a token, which is checked together with the client's id; at most a hundred
names, ids and videos at a time; paging by a cursor that is missing at the end; 800 points a minute, told in every head.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.servers.answering import Asked, Listening, Reply

MOST = 100

Params = Mapping[str, Sequence[str]]


@dataclass(kw_only=True)
class DrawnVideo:
    """A video: a past broadcast, a highlight or an upload."""

    id: str
    created_at: datetime
    published_at: datetime | None = None
    title: str = "A video"
    description: str = ""
    views: int = 0
    type: str = "archive"


@dataclass(kw_only=True)
class DrawnChannel:
    """A channel with its videos."""

    id: str
    login: str
    description: str = ""
    partner: bool = False
    created_at: datetime = datetime(2015, 5, 5, tzinfo=UTC)
    followers: int = 0
    banned: bool = False
    videos: list[DrawnVideo] = field(default_factory=list)

    def listed(self) -> list[DrawnVideo]:
        """Its videos, newest first."""
        return sorted(self.videos, key=lambda video: video.created_at, reverse=True)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": error, "status": status, "message": message}


class TwitchServer(Listening):
    """Answers on loopback until it is left, for both of Twitch's hosts. Tests change its channels while it runs."""

    def __init__(
        self,
        channels: Iterable[DrawnChannel] = (),
        *,
        client_id: str = "an-id",
        client_secret: str = "a-secret",  # noqa: S107 (a test's)
        points: int = 800,
    ) -> None:
        super().__init__()
        self.channels = list(channels)
        self.client_id = client_id
        self.client_secret = client_secret
        self.points_left = points
        self.tokens: set[str] = set()
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def reply(self, asked: Asked) -> Reply:
        status, body = self._answered(asked)
        window = {
            "Ratelimit-Limit": "800",
            "Ratelimit-Remaining": str(self.points_left),
            "Ratelimit-Reset": str(int(time.time()) + 60),
        }
        return status, window, body

    def _answered(self, asked: Asked) -> tuple[int, Any]:
        if asked.method == "GET":
            return self.answer(asked.path, parse_qs(asked.query, keep_blank_values=True), asked.headers)
        if asked.path == "/oauth2/token":
            return self.exchange(parse_qs(asked.body.decode()))
        return 404, {"status": 404, "message": "not found"}

    def answer(self, path: str, params: Params, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Status and body for one call of Helix."""
        try:
            with self._lock:
                self._admit(path, params, headers)
            method = METHODS.get(path)
            if method is None:
                raise Refused(404, "Not Found", "")
            return 200, method(self, params)
        except Refused as error:
            return error.status, error.body

    def exchange(self, form: Params) -> tuple[int, Any]:
        """Status and body for one call that turns a key into a token."""
        self.asked.append(("token", {}))
        if form.get("grant_type") != ["client_credentials"]:
            return 400, {"status": 400, "message": "missing grant type"}
        if form.get("client_id") != [self.client_id]:
            return 400, {"status": 400, "message": "invalid client"}
        if form.get("client_secret") != [self.client_secret]:
            return 403, {"status": 403, "message": "invalid client secret"}
        token = secrets.token_hex(15)
        self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 5_011_271, "token_type": "bearer"}

    def _admit(self, path: str, params: Params, headers: Mapping[str, str]) -> None:
        self.asked.append((path.removeprefix("/helix/"), {name: list(values) for name, values in params.items()}))
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise Refused(401, "Unauthorized", "Invalid OAuth token")
        if headers.get("client-id") != self.client_id:
            raise Refused(401, "Unauthorized", "Client ID and OAuth token do not match")
        if self.points_left <= 0:
            raise Refused(429, "Too Many Requests", "")
        self.points_left -= 1


# --- methods ----------------------------------------------------------------------------------------------------------


def users(server: TwitchServer, params: Params) -> Any:
    """Channels by name and by id, in no order; unknown and banned ones are left out, without a word."""
    ids, logins = params.get("id", ()), params.get("login", ())
    if not ids and not logins:
        raise Refused(400, "Bad Request", "Must provide an ID, Login or OAuth Token")
    if len(ids) + len(logins) > MOST:
        raise Refused(400, "Bad Request", "The number of ids and logins must be less than or equal to 100")
    found = (
        channel
        for channel in reversed(server.channels)
        if not channel.banned and (channel.id in ids or channel.login in logins)
    )
    return {"data": [_user(channel) for channel in found]}


def followers(server: TwitchServer, params: Params) -> Any:
    """How many follow a channel. An app is not shown who they are."""
    _first(params)
    wanted = params.get("broadcaster_id", [""])[0]
    if not wanted:
        raise Refused(400, "Bad Request", 'Missing required parameter "broadcaster_id"')
    total = next((channel.followers for channel in server.channels if channel.id == wanted), 0)
    return {"total": total, "data": [], "pagination": {}}


def videos(server: TwitchServer, params: Params) -> Any:
    """Videos by id, or a channel's own; one error where not a single id is known."""
    if "id" in params:
        return _known_videos(server, params["id"])
    size = _first(params)
    start = int(params.get("after", ["at-0"])[0].removeprefix("at-"))
    owner = next((channel for channel in server.channels if [channel.id] == params.get("user_id")), None)
    listed = [(owner, video) for video in owner.listed()] if owner else []
    page = [_video(channel, video) for channel, video in listed[start : start + size]]
    more = {"cursor": f"at-{start + size}"} if start + size < len(listed) else {}
    return {"data": page, "pagination": more}


def _known_videos(server: TwitchServer, ids: Sequence[str]) -> Any:
    if len(ids) > MOST:
        raise Refused(400, "Bad Request", "The number of ids must be less than or equal to 100")
    known = {video.id: (channel, video) for channel in server.channels for video in channel.videos}
    found = [_video(*known[key]) for key in ids if key in known]
    if not found:
        raise Refused(404, "Not Found", "no videos were found")
    return {"data": found, "pagination": {}}


def _first(params: Params) -> int:
    size = int(params.get("first", ["20"])[0])
    if not 1 <= size <= MOST:
        reason = "the value must be less than or equal to 100"
        raise Refused(400, "Bad Request", f'The parameter "first" was malformed: {reason}')
    return size


METHODS: dict[str, Callable[[TwitchServer, Params], Any]] = {
    "/helix/users": users,
    "/helix/channels/followers": followers,
    "/helix/videos": videos,
}


# --- resources --------------------------------------------------------------------------------------------------------


def _user(channel: DrawnChannel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "login": channel.login,
        "display_name": channel.login.title(),
        "type": "",
        "broadcaster_type": "partner" if channel.partner else "",
        "description": channel.description,
        "profile_image_url": "https://twitch.example/300x300.png",
        "offline_image_url": "",
        "view_count": 0,
        "created_at": _stamp(channel.created_at),
    }


def _video(channel: DrawnChannel, video: DrawnVideo) -> dict[str, Any]:
    return {
        "id": video.id,
        "stream_id": f"s{video.id}",
        "user_id": channel.id,
        "user_login": channel.login,
        "user_name": channel.login.title(),
        "title": video.title,
        "description": video.description,
        "created_at": _stamp(video.created_at),
        "published_at": _stamp(video.published_at or video.created_at),
        "url": f"https://www.twitch.tv/videos/{video.id}",
        "thumbnail_url": "",
        "viewable": "public",
        "view_count": video.views,
        "language": "en",
        "type": video.type,
        "duration": "3m21s",
        "muted_segments": [],
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
