"""A local server that speaks the part of X's API v2 that Yardstick asks, over profiles that a test drew.

It follows X's descriptions 2.159 (`tweet.fields`, `retweet_count`) and, where `new_names` is set, 2.167 (`post.fields`,
`repost_count`): fields on request, past names that it does not know, media beside the posts, paging by token, at most
100 ids, problems inside good answers, a bearer token, windows and prepaid credits: half a cent for every post and a
cent for every profile that it gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.answering import Asked, Listening, Reply

MOST = 100
A_POST, A_USER = 5, 10  # tenths of a cent

QUOTED = "https://x.com/miller/status/1"

PROBLEMS, BLANK = "https://api.twitter.com/2/problems/", "about:blank"
OLD_NAMES = {"post": "tweet", "repost": "retweet"}


@dataclass(kw_only=True)
class DrawnPost:
    """A post. `media` are the types of its pictures and films; `refers` is how it refers to another post."""

    id: str
    published_at: datetime
    text: str = "A post"
    likes: int = 0
    replies: int = 0
    reposts: int = 0
    quotes: int = 0
    bookmarks: int = 0
    views: int = 0
    media: tuple[str, ...] = ()
    refers: str = ""


@dataclass(kw_only=True)
class DrawnUser:
    """A profile with its posts."""

    id: str
    username: str
    name: str = "A profile"
    description: str = ""
    created_at: datetime = datetime(2015, 5, 5, tzinfo=UTC)
    followers: int = 0
    following: int = 0
    protected: bool = False
    suspended: bool = False
    posts: list[DrawnPost] = field(default_factory=list)


class Refused(Exception):
    """An answer with another status than 200."""

    def __init__(self, status: int, title: str, kind: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.body = {"title": title, "detail": title, "type": f"{PROBLEMS}{kind}" if kind else BLANK, "status": status}


class XServer(Listening):
    """Answers on loopback until it is left. `credit` is what the account has left, in tenths of a cent."""

    def __init__(
        self,
        users: Iterable[DrawnUser] = (),
        *,
        token: str = "a-token",  # noqa: S107 (of a server for tests)
        credit: int = 10**9,
        window: int = 10**6,
        new_names: bool = False,
    ) -> None:
        super().__init__()
        self.users = list(users)
        self.token = token
        self.credit = credit
        self.billed = 0
        self.window = self.window_left = window
        self.new_names = new_names
        self.asked: list[tuple[str, dict[str, str]]] = []

    def reply(self, asked: Asked) -> Reply:
        status, body = self.answer(asked.path, asked.params, asked.headers.get("authorization", ""))
        window = {
            "x-rate-limit-limit": str(self.window),
            "x-rate-limit-remaining": str(self.window_left),
            "x-rate-limit-reset": str(int(datetime.now(UTC).timestamp()) + 600),
        }
        return status, window, body

    def answer(self, path: str, params: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        """Status and body for one call."""
        with self._lock:
            self.asked.append((path, dict(params)))
            try:
                self._admit(authorization)
                body = self._body(path, params)
                self._bill(path, body)
            except Refused as error:
                return error.status, error.body
            return 200, body

    def _admit(self, authorization: str) -> None:
        if authorization != f"Bearer {self.token}":
            raise Refused(401, "Unauthorized")
        if self.window_left <= 0:
            raise Refused(429, "Too Many Requests")
        self.window_left -= 1
        if self.credit <= 0:
            raise Refused(402, "CreditsDepleted", "credits")

    def _bill(self, path: str, body: Mapping[str, Any]) -> None:
        data = body.get("data", [])
        given = len(data) if isinstance(data, list) else 1
        price = given * (A_POST if path.endswith("/tweets") and "/by/" not in path else A_USER)
        self.credit -= price
        self.billed += price

    def _body(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        match path.strip("/").split("/"):
            case ["2", "users"]:
                return self._many(params, "user", {user.id: self._user(user, params) for user in self._shown()})
            case ["2", "users", "by", "username", name]:
                return self._one(params, "username", name, lambda user: user.username.lower() == name.lower())
            case ["2", "users", key]:
                return self._one(params, "id", key, lambda user: user.id == key)
            case ["2", "users", key, "tweets"]:
                return self._list(key, params)
            case ["2", "tweets"]:
                posts = {post.id: post for user in self._shown() if not user.protected for post in user.posts}
                found = self._many(params, "tweet", {key: self._post(post, params) for key, post in posts.items()})
                return found | self._includes([posts[key] for key in _ids(params) if key in posts], params)
        raise Refused(404, "Not Found")

    def _shown(self) -> list[DrawnUser]:
        return [user for user in self.users if not user.suspended]

    def _one(self, params: Mapping[str, str], parameter: str, value: str, is_meant: Any) -> dict[str, Any]:
        user = next((user for user in self.users if is_meant(user)), None)
        if user is None:
            return {"errors": [_not_found(f"Could not find user with {parameter}: [{value}].", parameter, value)]}
        if user.suspended:
            problem = _not_found(f"User has been suspended: [{value}].", parameter, value)
            return {"errors": [problem | {"title": "Forbidden"}]}
        return {"data": self._user(user, params)}

    def _many(self, params: Mapping[str, str], what: str, known: Mapping[str, Any]) -> dict[str, Any]:
        ids = _ids(params)
        data = [known[key] for key in ids if key in known]
        unknown = [key for key in ids if key not in known]
        errors = [_not_found(f"Could not find {what} with ids: [{key}].", "ids", key, what) for key in unknown]
        return ({"data": data} if data else {}) | ({"errors": errors} if errors else {})

    def _list(self, key: str, params: Mapping[str, str]) -> dict[str, Any]:
        user = next((user for user in self._shown() if user.id == key), None)
        if user is None:
            return {"errors": [_not_found(f"Could not find user with id: [{key}].", "id", key)]}
        if user.protected:
            detail = f"Sorry, you are not authorized to see the user with id: [{key}]."
            problem = _not_found(detail, "id", key) | {"title": "Authorization Error"}
            return {"errors": [problem | {"type": f"{PROBLEMS}not-authorized-for-resource", "section": "data"}]}
        left_out = {"retweets": "retweeted", "replies": "replied_to"}
        unwanted = {left_out[name] for name in params.get("exclude", "").split(",") if name}
        size, start = int(params.get("max_results", "10")), int(params.get("pagination_token", "0"))
        if not 5 <= size <= MOST:
            raise Refused(400, "Invalid Request", "invalid-request")
        newest = sorted(user.posts, key=lambda post: post.published_at, reverse=True)
        looked_at = newest[start : start + size]
        posts = [post for post in looked_at if post.refers not in unwanted]
        meta: dict[str, Any] = {"result_count": len(posts)}
        if posts:
            meta |= {"newest_id": posts[0].id, "oldest_id": posts[-1].id}
        if start + size < len(newest):
            meta["next_token"] = str(start + size)
        data = [self._post(post, params) for post in posts]
        return ({"data": data} if data else {}) | self._includes(posts, params) | {"meta": meta}

    def _name(self, name: str) -> str:
        """A member's name as this description has it."""
        first, _, rest = name.partition("_")
        return name if self.new_names else f"{OLD_NAMES.get(first, first)}_{rest}"

    def _user(self, user: DrawnUser, params: Mapping[str, str]) -> dict[str, Any]:
        metrics = {"followers_count": user.followers, "following_count": user.following, "listed_count": 0}
        members = {
            "created_at": _stamp(user.created_at),
            "description": user.description,
            "public_metrics": metrics | {self._name("post_count"): len(user.posts)},
            "profile_image_url": "https://pbs.example/1_normal.jpg",
            "protected": user.protected,
            "verified": False,
        }
        return {"id": user.id, "username": user.username, "name": user.name} | _asked_for(
            members, params, "user.fields"
        )

    def _post(self, post: DrawnPost, params: Mapping[str, str]) -> dict[str, Any]:
        metrics = {
            self._name("repost_count"): post.reposts,
            "reply_count": post.replies,
            "like_count": post.likes,
            "quote_count": post.quotes,
            "bookmark_count": post.bookmarks,
            "impression_count": post.views,
        }
        members: dict[str, Any] = {"created_at": _stamp(post.published_at), "public_metrics": metrics}
        if post.media:
            members["attachments"] = {"media_keys": _media_keys(post)}
        if post.refers == "quoted":
            members["entities"] = {"urls": [{"start": 0, "end": 5, "url": "https://t.co/1", "expanded_url": QUOTED}]}
        if post.refers:
            members["referenced_tweets"] = [{"type": post.refers, "id": "1"}]
        fields = "post.fields" if self.new_names else "tweet.fields"
        return {"id": post.id, "text": post.text} | _asked_for(members, params, fields)

    def _includes(self, posts: Iterable[DrawnPost], params: Mapping[str, str]) -> dict[str, Any]:
        if "attachments.media_keys" not in params.get("expansions", ""):
            return {}
        pairs = [pair for post in posts for pair in zip(_media_keys(post), post.media, strict=True)]
        return {"includes": {"media": [{"media_key": key, "type": kind} for key, kind in pairs]}} if pairs else {}


def _ids(params: Mapping[str, str]) -> list[str]:
    ids = params.get("ids", "").split(",")
    if not params.get("ids") or len(ids) > MOST:
        raise Refused(400, "Invalid Request", "invalid-request")
    return ids


def _not_found(detail: str, parameter: str, value: str, what: str = "user") -> dict[str, str]:
    return {
        "type": f"{PROBLEMS}resource-not-found",
        "title": "Not Found Error",
        "detail": detail,
        "parameter": parameter,
        "resource_id": value,
        "resource_type": what,
        "value": value,
    }


def _asked_for(members: Mapping[str, Any], params: Mapping[str, str], fields: str) -> dict[str, Any]:
    wanted = params.get(fields, "").split(",")
    return {name: value for name, value in members.items() if name in wanted}


def _media_keys(post: DrawnPost) -> list[str]:
    return [f"3_{post.id}{number}" for number, _ in enumerate(post.media)]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
