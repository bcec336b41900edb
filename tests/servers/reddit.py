"""A local server that speaks the part of Reddit's API that Yardstick asks, over communities that a test drew.

It follows Reddit's documentation: a token against client id and secret, listings of at most a hundred with a name to go
on after, posts by their full ids, refusals with a reason, and what is left of ten minutes in every answer.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.answering import Asked, Listening, Reply

MOST = 100
CALLS = 1000  # in a window
STATUS = {"private": 403, "quarantined": 403, "gold_only": 403, "banned": 404, "": 404}


@dataclass(kw_only=True)
class DrawnPost:
    """A post in a community, by a person."""

    id: str
    community: str
    author: str
    published_at: datetime
    title: str = "A post"
    score: int = 1
    comments: int = 0
    crossposts: int = 0
    taken_away: bool = False


@dataclass(kw_only=True)
class DrawnCommunity:
    """A community. `closed` is the reason for which it is shown to nobody."""

    id: str
    name: str
    title: str = "A community"
    subscribers: int = 0
    closed: str = ""


@dataclass(kw_only=True)
class DrawnPerson:
    """A person. A suspended one shows hardly anything."""

    id: str
    name: str
    followers: int = 0
    suspended: bool = False


class Refused(Exception):
    """An answer with another status than 200."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.body = {"message": "Refused", "error": status} | ({"reason": reason} if reason else {})


@dataclass
class RedditServer(Listening):
    """Answers on loopback until it is left. Tests change what it knows, its tokens and its calls while it runs."""

    communities: Iterable[DrawnCommunity] = ()
    people: Iterable[DrawnPerson] = ()
    posts: Iterable[DrawnPost] = ()
    client: tuple[str, str] = ("an-app", "a-secret")
    calls_left: int = CALLS
    tokens: list[str] = field(default_factory=list)
    granted: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def reply(self, asked: Asked) -> Reply:
        status, body = self._answered(asked)
        window = {
            "X-Ratelimit-Used": str(CALLS - self.calls_left),
            "X-Ratelimit-Remaining": f"{self.calls_left}.0",
            "X-Ratelimit-Reset": "300",
        }
        return status, window, body

    def _answered(self, asked: Asked) -> tuple[int, Any]:
        authorization = asked.headers.get("authorization", "")
        if asked.method == "GET":
            return self.answer(asked.path, asked.params, authorization)
        if asked.path == "/api/v1/access_token":
            return self.grant(authorization, asked.form)
        return 404, {"message": "Not Found", "error": 404}

    def grant(self, authorization: str, form: Mapping[str, str]) -> tuple[int, Any]:
        """A token for an app that Reddit knows."""
        given = tuple(b64decode(authorization.removeprefix("Basic ")).decode().split(":", 1))
        if given != self.client:
            return 401, {"message": "Unauthorized", "error": 401}
        if form != {"grant_type": "client_credentials"}:
            return 200, {"error": "unsupported_grant_type"}
        with self._lock:
            self.granted += 1
            self.tokens.append(f"token-{self.granted}")
            return 200, {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 86400, "scope": "*"}

    def answer(self, path: str, params: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        """Status and body for one call."""
        with self._lock:
            self.asked.append((path, dict(params)))
            if authorization.removeprefix("Bearer ") not in self.tokens:
                return 401, {"message": "Unauthorized", "error": 401}
            if self.calls_left <= 0:
                return 429, {"message": "Too Many Requests", "error": 429}
            self.calls_left -= 1
            try:
                return 200, self._body(path, params)
            except Refused as error:
                return error.status, error.body

    def _body(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        match path.strip("/").split("/"):
            case ["r", name, "about"]:
                return {"kind": "t5", "data": _about_community(self._community(name))}
            case ["user", name, "about"]:
                return {"kind": "t2", "data": _about_person(self._person(name))}
            case ["r", name, "new"]:
                community = self._community(name)
                return self._listing([post for post in self.posts if post.community == community.name], params)
            case ["user", name, "submitted"]:
                person = self._person(name)
                if person.suspended or params.get("sort") != "new":
                    raise Refused(403)
                return self._listing([post for post in self.posts if post.author == person.name], params)
            case ["api", "info"]:
                ids = params["id"].split(",")[:MOST]
                found = [post for post in self.posts if f"t3_{post.id}" in ids]
                return {"kind": "Listing", "data": {"children": [self._thing(post) for post in found], "after": None}}
        raise Refused(404)

    def _community(self, name: str) -> DrawnCommunity:
        found = next((one for one in self.communities if one.name.lower() == name.lower()), None)
        if found is None or found.closed:
            reason = found.closed if found else ""
            raise Refused(STATUS[reason], reason)
        return found

    def _person(self, name: str) -> DrawnPerson:
        found = next((one for one in self.people if one.name.lower() == name.lower()), None)
        if found is None:
            raise Refused(404)
        return found

    def _listing(self, posts: list[DrawnPost], params: Mapping[str, str]) -> dict[str, Any]:
        newest = sorted(posts, key=lambda post: post.published_at, reverse=True)
        names = [f"t3_{post.id}" for post in newest]
        start = names.index(params["after"]) + 1 if "after" in params else 0
        end = start + min(int(params.get("limit", "25")), MOST)
        after = names[end - 1] if end < len(newest) else None
        children = [self._thing(post) for post in newest[start:end]]
        return {"kind": "Listing", "data": {"children": children, "after": after, "before": None, "modhash": ""}}

    def _thing(self, post: DrawnPost) -> dict[str, Any]:
        community = next(one for one in self.communities if one.name == post.community)
        person = next((one for one in self.people if one.name == post.author), None)
        data = {
            "id": post.id,
            "name": f"t3_{post.id}",
            "subreddit": community.name,
            "subreddit_id": f"t5_{community.id}",
            "author": post.author,
            "author_fullname": f"t2_{person.id}" if person else None,
            "title": post.title,
            "selftext": "[deleted]" if post.taken_away else "",
            "is_self": True,
            "is_video": False,
            "permalink": f"/r/{community.name}/comments/{post.id}/a_post/",
            "created_utc": post.published_at.timestamp(),
            "score": post.score,
            "num_comments": post.comments,
            "num_crossposts": post.crossposts,
            "view_count": None,
            "stickied": False,
        }
        return {"kind": "t3", "data": data}


def _about_community(community: DrawnCommunity) -> dict[str, Any]:
    return {
        "id": community.id,
        "name": f"t5_{community.id}",
        "display_name": community.name,
        "title": community.title,
        "public_description": "",
        "subscribers": community.subscribers,
        "subreddit_type": "public",
        "created_utc": datetime(2015, 5, 5, tzinfo=UTC).timestamp(),
    }


def _about_person(person: DrawnPerson) -> dict[str, Any]:
    if person.suspended:
        return {"name": person.name, "is_suspended": True, "total_karma": 0}
    return {
        "id": person.id,
        "name": person.name,
        "created_utc": datetime(2015, 5, 5, tzinfo=UTC).timestamp(),
        "subreddit": {"title": "", "public_description": "", "subscribers": person.followers},
    }
