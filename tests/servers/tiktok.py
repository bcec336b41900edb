"""A local server that speaks TikTok's Research API, over accounts that a test drew.

It follows the reference pages: tokens for a key, questions in JSON, windows of thirty days at most, pages by cursor and
search id that may be short, 64-bit ids as numbers, one unit of the day's quota for every call, `ok` beside all data.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.answering import Answering, Asked, Refused

MOST = 100
LONGEST = timedelta(days=30)


def video_id(made_at: datetime, number: int = 0) -> int:
    """An id as TikTok makes them: the seconds since 1970, and what tells apart the videos of a second."""
    return int(made_at.timestamp()) << 32 | number


@dataclass(kw_only=True)
class DrawnVideo:
    """A video. A hidden one takes a place in a page and is not shown, as deleted and private ones do."""

    id: int
    published_at: datetime
    description: str = ""
    hashtags: list[str] = field(default_factory=list)
    likes: int = 0
    comments: int = 0
    shares: int = 0
    saves: int = 0
    views: int = 0
    hidden: bool = False


@dataclass(kw_only=True)
class DrawnAccount:
    """An account with its videos."""

    username: str
    name: str = "An account"
    followers: int = 0
    following: int = 0
    private: bool = False
    videos: list[DrawnVideo] = field(default_factory=list)


def refusal(status: int, code: str, message: str = "") -> Refused:
    return Refused(status, {"data": {}, "error": {"code": code, "message": message, "log_id": "1"}})


class TikTokServer(Answering):
    """Answers until it is left. Tests change its accounts, its key, its tokens and its quota while it runs."""

    def __init__(self, accounts: Iterable[DrawnAccount] = (), *, quota: int = 1000) -> None:
        super().__init__()
        self.accounts = {account.username: account for account in accounts}
        self.key = {"client_key": "a-key", "client_secret": "a-secret"}
        self.units_left = quota
        self.tokens: set[str] = set()
        self.tokens_given = 0
        self.scopes = True

    def body_for(self, asked: Asked) -> Any:
        if asked.method != "POST":
            raise refusal(404, "not_found")
        if asked.path == "/v2/oauth/token/":
            return self._token(asked.form)
        self._admit(asked)
        methods = {"/v2/research/user/info/": self._account, "/v2/research/video/query/": self._videos}
        if asked.path not in methods:
            raise refusal(404, "not_found")
        fields = asked.params.get("fields", "").split(",")
        data = methods[asked.path](json.loads(asked.body), fields)
        return {"data": data, "error": {"code": "ok", "message": "", "log_id": "1"}}

    def _token(self, form: dict[str, str]) -> Any:
        if form != self.key | {"grant_type": "client_credentials"}:
            raise Refused(401, {"error": "invalid_client", "error_description": "Client key is wrong.", "log_id": "1"})
        self.tokens_given += 1
        token = f"clt.{self.tokens_given}"
        self.tokens.add(token)
        return {"access_token": token, "expires_in": 7200, "token_type": "Bearer"}

    def _admit(self, asked: Asked) -> None:
        if asked.bearer not in self.tokens:
            raise refusal(401, "access_token_invalid", "The access token is invalid or not found in the request.")
        if not self.scopes:
            raise refusal(401, "scope_not_authorized", "The user did not authorize the scope.")
        if self.units_left <= 0:
            raise refusal(429, "daily_quota_limit_exceeded")
        self.units_left -= 1

    def _account(self, question: dict[str, Any], fields: list[str]) -> Any:
        account = self.accounts.get(question["username"])
        if account is None:
            raise refusal(400, "invalid_params", "The username cannot be found")
        if account.private:
            raise refusal(400, "invalid_params", "This user is private")
        return shown(account_body(account), fields)

    def _videos(self, question: dict[str, Any], fields: list[str]) -> Any:
        start, end = moment(question["start_date"]), moment(question["end_date"])
        (condition,) = question["query"]["and"]
        if not start <= end <= start + LONGEST or question["max_count"] > MOST:
            raise refusal(400, "invalid_params", "The window is too long.")
        meant = set(condition["field_values"])
        assert (condition["operation"], condition["field_name"]) in {("EQ", "username"), ("IN", "video_id")}
        videos = [
            (account, video)
            for account in self.accounts.values()
            for video in account.videos
            if meant & {account.username, str(video.id)} and start <= video.published_at < end + timedelta(days=1)
        ]
        videos.sort(key=lambda drawn: drawn[1].id, reverse=True)
        search_id = f"{sorted(meant)}-{start:%Y%m%d}-{end:%Y%m%d}"
        if question["cursor"] and question.get("search_id") != search_id:
            raise refusal(400, "invalid_params", "Search Id is invalid or expired")
        upto = question["cursor"] + question["max_count"]
        page = videos[question["cursor"] : upto]
        return {
            "videos": [shown(video_body(*drawn), fields) for drawn in page if not drawn[1].hidden],
            "cursor": upto,
            "search_id": search_id,
            "has_more": upto < len(videos),
        }


def moment(day: str) -> datetime:
    return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)


def shown(body: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    if unknown := set(fields) - set(body):
        raise refusal(400, "invalid_params", f"fields is invalid: {sorted(unknown)}")
    return {name: body[name] for name in fields}


def account_body(account: DrawnAccount) -> dict[str, Any]:
    return {
        "display_name": account.name,
        "bio_description": "",
        "avatar_url": "https://p16.example/a.jpeg",
        "is_verified": False,
        "follower_count": account.followers,
        "following_count": account.following,
        "likes_count": sum(video.likes for video in account.videos),
        "video_count": len(account.videos),
    }


def video_body(account: DrawnAccount, video: DrawnVideo) -> dict[str, Any]:
    return {
        "id": video.id,
        "username": account.username,
        "create_time": int(video.published_at.timestamp()),
        "video_description": video.description,
        "hashtag_names": video.hashtags,
        "like_count": video.likes,
        "comment_count": video.comments,
        "share_count": video.shares,
        "favorites_count": video.saves,
        "view_count": video.views,
    }
