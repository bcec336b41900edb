"""A local server that speaks the parts of Meta's APIs that Yardstick asks, over profiles that a test drew.

It follows Meta's field specifications and pages on paging, errors and limits: only fields that were asked for, Business
Discovery inside a field of the own account, time paging by whole addresses (with the token in them), pages that are cut
before they are filtered and so may be empty, errors told by code and subcode, and usage in headers.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlencode

from tests.servers.answering import Asked, Listening, Reply

ACCOUNT = "17841400000000000"
TOKEN = "a-token"

DISCOVERY = re.compile(r"business_discovery\.username\(([^)]*)\)\{(.*)\}")
MEDIA = re.compile(r"media\.limit\((\d+)\)(?:\.after\((\w+)\))?\{([^}]*)\}")


@dataclass(kw_only=True)
class DrawnPost:
    """A post. None for a count: it is hidden, or not there. A filtered one has its place on a page and is not shown."""

    id: str
    at: datetime
    text: str = ""
    kind: str = "photo"
    reactions: int | None = 0
    comments: int | None = 0
    shares: int = 0
    views: int | None = None
    filtered: bool = False


@dataclass(kw_only=True)
class DrawnProfile:
    """An account or a Page with its posts, newest first unless the test pins one. A personal one is shown to nobody."""

    id: str
    handle: str
    name: str = "A profile"
    followers: int = 0
    following: int = 0
    personal: bool = False
    posts: list[DrawnPost] = field(default_factory=list)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: int, subcode: int | None = None, message: str = "No.") -> None:
        super().__init__(message)
        self.status = status
        told = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
        self.body = {"error": told | ({"error_subcode": subcode} if subcode else {})}


class MetaServer(Listening):
    """Answers on loopback until it is left. Tests change its profiles, its token and its usage while it runs."""

    def __init__(
        self, profiles: Iterable[DrawnProfile] = (), *, token: str = TOKEN, secret: str = "", reviewed: bool = True
    ) -> None:
        super().__init__()
        self.profiles = list(profiles)
        self.token = token
        self.secret = secret
        self.reviewed = reviewed
        self.usage: dict[str, str] = {}
        self.refusal: Refused | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []

    def reply(self, asked: Asked) -> Reply:
        status, body = self.answer(asked.path, asked.params)
        return status, self.usage, body

    def answer(self, path: str, params: Mapping[str, str]) -> tuple[int, Any]:
        """Status and body for one call."""
        try:
            self._admit(path, params)
            version, _, node = path.strip("/").partition("/")
            if not re.fullmatch(r"v\d+\.\d+", version):
                raise Refused(400, 2635, message="You are calling a deprecated version.")
            return 200, self._node(unquote(node), params)
        except Refused as error:
            return error.status, error.body

    def _admit(self, path: str, params: Mapping[str, str]) -> None:
        with self._lock:
            self.asked.append((path, {name: value for name, value in params.items() if name != "access_token"}))
        if self.refusal is not None:
            raise self.refusal
        if params.get("access_token") != self.token:
            raise Refused(400, 190, 463, "Error validating access token")
        proof = hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if self.secret and params.get("appsecret_proof") != proof:
            raise Refused(400, 100, message="API calls from the server require an appsecret_proof argument")

    def _node(self, node: str, params: Mapping[str, str]) -> Any:
        if node == ACCOUNT:
            return discovered(self, params)
        if node == "profile_lookup":
            return looked_up(self, params)
        name, _, edge = node.partition("/")
        return posts(self, self.page(name), params) if edge == "posts" else self._page_or_post(name, params["fields"])

    def _page_or_post(self, key: str, fields: str) -> Any:
        if "_" in key:
            known = {post.id: post for page in self.profiles for post in page.posts if not post.filtered}
            if key not in known:
                raise Refused(400, 100, 33, "Unsupported get request.")
            return only(fields, _post(known[key]))
        return only(fields, _page(self.page(key)))

    def page(self, name: str) -> DrawnProfile:
        """The Page of this name or id."""
        if not self.reviewed:
            raise Refused(400, 10, message="This endpoint requires the 'Page Public Content Access' feature")
        found = next((page for page in self.profiles if name.lower() in {page.id, page.handle.lower()}), None)
        if found is None or found.personal:
            raise Refused(404, 803, message=f"Some of the aliases you requested do not exist: {name}")
        return found

    def account(self, name: str) -> DrawnProfile | None:
        """The professional account of this name."""
        return next((one for one in self.profiles if one.handle == name and not one.personal), None)


# --- questions --------------------------------------------------------------------------------------------------------


def discovered(server: MetaServer, params: Mapping[str, str]) -> Any:
    """Business Discovery: another account, or a page of its posts, inside a field of the own one."""
    asked = DISCOVERY.fullmatch(params.get("fields", ""))
    if asked is None:
        raise Refused(400, 100, message="Tried accessing nonexisting field")
    found = server.account(asked[1])
    if found is None:
        raise Refused(400, 110, 2207013, "Invalid user id")
    media = MEDIA.fullmatch(asked[2])
    inner = {"media": _media_list(found, *media.groups())} if media else only(asked[2], _account(found))
    return {"business_discovery": inner | {"id": found.id}, "id": ACCOUNT}


def _media_list(account: DrawnProfile, limit: str, after: str | None, fields: str) -> Any:
    start = int((after or "at0").removeprefix("at"))
    end = start + int(limit)
    shown = [only(fields, _media(post)) for post in account.posts[start:end] if not post.filtered]
    more = {"paging": {"cursors": {"after": f"at{end}"}}} if end < len(account.posts) else {}
    return {"data": shown, **more}


def posts(server: MetaServer, page: DrawnProfile, params: Mapping[str, str]) -> Any:
    """A Page's posts. What comes next is told as a whole address, with the token in it."""
    start = int(params.get("__paging_token", "0"))
    end = start + min(int(params.get("limit", "25")), 100)
    shown = [only(params["fields"], _post(post)) for post in page.posts[start:end] if not post.filtered]
    if end >= len(page.posts):
        return {"data": shown}
    onward = {"access_token": server.token, "fields": params["fields"], "limit": str(end - start), "since": ""}
    onward |= {"until": str(int(page.posts[end].at.timestamp())), "__paging_token": str(end)}
    return {"data": shown, "paging": {"next": f"https://graph.facebook.com/v26.0/{page.id}/posts?{urlencode(onward)}"}}


def looked_up(server: MetaServer, params: Mapping[str, str]) -> Any:
    """Threads' look-up: Meta's own profiles, and everybody's for an app that was reviewed."""
    if not server.reviewed and params["username"] not in {"meta", "threads", "instagram", "facebook"}:
        raise Refused(403, 10, message="Application does not have permission for this action")
    found = server.account(params["username"])
    if found is None or found.followers < 100:
        raise Refused(400, 100, message="Invalid parameter")
    shown = {"username": found.handle, "name": found.name, "biography": "", "is_verified": False}
    return only(params["fields"], shown | {"follower_count": found.followers})


# --- nodes ------------------------------------------------------------------------------------------------------------


def only(fields: str, node: Mapping[str, Any]) -> dict[str, Any]:
    """The members that were asked for, and the id, which comes by itself."""
    asked = {re.split(r"[.({]", name)[0] for name in re.split(r",(?![^{(]*[})])", fields)} | {"id"}
    return {name: value for name, value in node.items() if name in asked and value is not None}


def _account(account: DrawnProfile) -> dict[str, Any]:
    return {
        "id": account.id,
        "username": account.handle,
        "name": account.name,
        "biography": "Bread since 1926",
        "profile_picture_url": "https://cdn.example/p.jpg",
        "followers_count": account.followers,
        "follows_count": account.following,
        "media_count": len(account.posts),
    }


def _media(post: DrawnPost) -> dict[str, Any]:
    return {
        "id": post.id,
        "caption": post.text or None,
        "permalink": f"https://www.instagram.com/p/{post.id}/",
        "timestamp": stamp(post.at),
        "media_type": {"photo": "IMAGE", "video": "VIDEO", "album": "CAROUSEL_ALBUM"}[post.kind],
        "like_count": post.reactions,
        "comments_count": post.comments,
        "view_count": post.views,
    }


def _page(page: DrawnProfile) -> dict[str, Any]:
    return {
        "id": page.id,
        "name": page.name,
        "username": page.handle,
        "about": "Bread since 1926",
        "picture": {"data": {"url": "https://cdn.example/p.jpg", "is_silhouette": False}},
        "fan_count": 1,
        "followers_count": page.followers,
        "verification_status": "not_verified",
    }


def _post(post: DrawnPost) -> dict[str, Any]:
    return {
        "id": post.id,
        "message": post.text or None,
        "created_time": stamp(post.at),
        "permalink_url": f"https://www.facebook.com/{post.id.replace('_', '/posts/')}",
        "status_type": "mobile_status_update" if post.kind == "status" else f"added_{post.kind}s",
        "attachments": None if post.kind == "status" else {"data": [{"media_type": post.kind}]},
        "shares": {"count": post.shares} if post.shares else None,
        "reactions": {"data": [], "summary": {"total_count": post.reactions, "viewer_reaction": "NONE"}},
        "comments": {"data": [], "summary": {"order": "chronological", "total_count": post.comments}},
    }


def stamp(moment: datetime) -> str:
    """A moment as Meta writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
