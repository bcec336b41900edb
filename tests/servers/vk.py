"""A local server that speaks the part of VK's API 5.199 that Yardstick asks, over pages and walls that a test drew.

It follows VK's JSON schema: errors with status 200 that repeat what was sent, walls by offset with the pinned post
first, at most 100 posts and 500 communities a call, a key that is sent as a bearer or as a parameter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.servers.answering import Answering, Asked

MOST_POSTS = 100
MOST_COMMUNITIES = 500


@dataclass(kw_only=True)
class DrawnPost:
    """A post on a wall. None for views: VK shows none. `author`: the owner of the wall, unless another is named."""

    id: int
    published_at: datetime
    text: str = "A post"
    likes: int = 0
    comments: int = 0
    reposts: int = 0
    views: int | None = 0
    author: int | None = None
    repost: bool = False
    pinned: bool = False
    photos: int = 0


@dataclass(kw_only=True)
class DrawnPage:
    """A community (its number below zero, as on walls) or a person, with a wall."""

    owner: int
    name: str
    title: str = "A page"
    followers: int = 0
    closed: bool = False
    deactivated: str = ""
    posts: list[DrawnPost] = field(default_factory=list)

    def wall(self) -> list[DrawnPost]:
        """The posts in VK's order: the pinned one, then newest first."""
        return sorted(self.posts, key=lambda post: (post.pinned, post.published_at), reverse=True)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class VkServer(Answering):
    """Answers on loopback until it is left. Tests change its pages and its key, and let it refuse the next calls."""

    def __init__(self, pages: Iterable[DrawnPage] = (), *, key: str = "a-key") -> None:
        super().__init__()
        self.pages = list(pages)
        self.key = key
        self.refuse: list[Refused] = []

    def body_for(self, asked: Asked) -> Any:
        """What is answered, always with status 200, as VK does it."""
        method, params = asked.path.removeprefix("/method/"), asked.params
        token = params.get("access_token") or asked.bearer
        try:
            return {"response": self._response(method, params, token)}
        except Refused as error:
            sent = {"method": method, "oauth": "1", "access_token": token, **params}
            repeated = [{"key": name, "value": value} for name, value in sent.items()]
            return {"error": {"error_code": error.code, "error_msg": f"{error}: {token}", "request_params": repeated}}

    def _response(self, method: str, params: Mapping[str, str], token: str) -> Any:
        if self.refuse:
            raise self.refuse.pop(0)
        if "v" not in params:
            raise Refused(8, "Invalid request: v (version) is required")
        if token != self.key:
            raise Refused(5, "User authorization failed: invalid access_token (4)")
        if method not in METHODS:
            raise Refused(3, "Unknown method passed")
        return METHODS[method](self, params)

    def page(self, owner: int) -> DrawnPage | None:
        """The page of an owner's number."""
        return next((page for page in self.pages if page.owner == owner), None)


# --- methods ----------------------------------------------------------------------------------------------------------


def resolve(server: VkServer, params: Mapping[str, str]) -> Any:
    """`utils.resolveScreenName`; an empty list for a name that nobody has."""
    page = next((page for page in server.pages if page.name == params["screen_name"]), None)
    return {"type": "group" if page.owner < 0 else "user", "object_id": abs(page.owner)} if page else []


def communities(server: VkServer, params: Mapping[str, str]) -> Any:
    """`groups.getById` of one or of many; those it does not know are left out."""
    ids = (params.get("group_ids") or params["group_id"]).split(",")
    if len(ids) > MOST_COMMUNITIES:
        raise Refused(100, "One of the parameters specified was missing or invalid: too many ids")
    found = [page for number in ids if (page := server.page(-int(number)))]
    return {"groups": [_community(page, params["fields"].split(",")) for page in found], "profiles": []}


def people(server: VkServer, params: Mapping[str, str]) -> Any:
    """`users.get`."""
    return [_person(page) for number in params["user_ids"].split(",") if (page := server.page(int(number)))]


def wall(server: VkServer, params: Mapping[str, str]) -> Any:
    """`wall.get` by offset."""
    page = server.page(int(params["owner_id"]))
    if page is None or page.deactivated:
        raise Refused(18 if page else 100, "User was deleted or banned")
    if page.closed:
        raise Refused(15, "Access denied: this wall is available only for community members")
    start, size = int(params["offset"]), min(int(params["count"]), MOST_POSTS)
    posts = [post for post in page.wall() if params.get("filter") != "owner" or post.author in {None, page.owner}]
    return {"count": len(posts), "items": [_post(page, post) for post in posts[start : start + size]]}


def known_posts(server: VkServer, params: Mapping[str, str]) -> Any:
    """`wall.getById`; those that are gone are left out."""
    ids = params["posts"].split(",")
    if len(ids) > MOST_POSTS:
        raise Refused(100, "One of the parameters specified was missing or invalid: too many posts")
    known = {f"{page.owner}_{post.id}": (page, post) for page in server.pages for post in page.posts}
    return {"items": [_post(*known[key]) for key in ids if key in known]}


METHODS: dict[str, Callable[[VkServer, Mapping[str, str]], Any]] = {
    "utils.resolveScreenName": resolve,
    "groups.getById": communities,
    "users.get": people,
    "wall.get": wall,
    "wall.getById": known_posts,
}


# --- what they show ---------------------------------------------------------------------------------------------------


def _community(page: DrawnPage, fields: list[str]) -> dict[str, Any]:
    always = {"id": -page.owner, "name": page.title, "screen_name": page.name, "is_closed": int(page.closed)}
    if page.deactivated:
        return always | {"type": "page", "deactivated": page.deactivated}
    wanted = {"members_count": page.followers, "description": "About us", "verified": 0}
    return always | {"type": "page"} | {name: value for name, value in wanted.items() if name in fields}


def _person(page: DrawnPage) -> dict[str, Any]:
    first, _, last = page.title.partition(" ")
    shown = {"id": page.owner, "first_name": first, "last_name": last, "is_closed": page.closed}
    if page.deactivated:
        return shown | {"deactivated": page.deactivated}
    return shown | {"can_access_closed": not page.closed, "screen_name": page.name, "followers_count": page.followers}


def _post(page: DrawnPage, post: DrawnPost) -> dict[str, Any]:
    shown = {
        "inner_type": "wall_wallpost",
        "id": post.id,
        "owner_id": page.owner,
        "from_id": post.author or page.owner,
        "date": int(post.published_at.timestamp()),
        "type": "post",
        "post_type": "post",
        "text": post.text,
        "marked_as_ads": 0,
        "attachments": [{"type": "photo"} for _ in range(post.photos)],
        "likes": {"can_like": 1, "count": post.likes, "user_likes": 0},
        "comments": {"can_post": 1, "count": post.comments},
        "reposts": {"count": post.reposts},
    }
    if post.views is not None:
        shown["views"] = {"count": post.views}
    if post.pinned:
        shown["is_pinned"] = 1
    if post.repost:
        shown["copy_history"] = [{"inner_type": "wall_wallpost", "id": 1, "owner_id": -99, "from_id": -99, "date": 1}]
    return shown
