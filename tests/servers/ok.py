"""A local server that speaks the part of Odnoklassniki's API that Yardstick asks, over groups that a test drew.

It follows the public documentation: every call signed, errors with status 200 that repeat what was signed, topics by
anchor, newest first.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.answering import Answering, Asked

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(kw_only=True)
class DrawnTopic:
    """A topic of a group. `author`: the group itself, unless a person is named. `listed`: known by its id as well."""

    id: str
    published_at: datetime
    text: str = "A topic"
    likes: int = 0
    comments: int = 0
    reshares: int = 0
    author: str = ""
    listed: bool = True


@dataclass(kw_only=True)
class DrawnGroup:
    """A group with its topics."""

    id: str
    name: str
    title: str = "A group"
    members: int = 0
    access: str = "OPEN"
    topics: list[DrawnTopic] = field(default_factory=list)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class OkServer(Answering):
    """Answers on loopback until it is left. Tests change its groups and the rights of the app."""

    def __init__(self, groups: Iterable[DrawnGroup] = (), *, key: str, secret: str, token: str = "") -> None:
        super().__init__()
        self.groups = list(groups)
        self.key, self.secret, self.token = key, secret, token
        self.may_read = True

    def body_for(self, asked: Asked) -> Any:
        """What is answered, always with status 200, as Odnoklassniki does it."""
        try:
            self._admit(asked.path, asked.params)
            return METHODS[asked.params["method"]](self, asked.params)
        except Refused as error:
            return {"error_code": error.code, "error_msg": str(error), "error_data": None}

    def _admit(self, path: str, params: Mapping[str, str]) -> None:
        if path != "/fb.do" or params.get("method") not in METHODS or params.get("format") != "json":
            raise Refused(3, "METHOD : Method does not exist")
        if params.get("application_key") != self.key:
            raise Refused(101, "PARAM_API_KEY : Invalid application key")
        if params.get("access_token", "") != self.token:
            raise Refused(102, "PARAM_SESSION_EXPIRED : Session expired")
        signed = {name: value for name, value in params.items() if name not in {"sig", "access_token"}}
        line = "".join(f"{name}={signed[name]}" for name in sorted(signed))
        if params.get("sig") != hashed(line + (hashed(self.token + self.secret) if self.token else self.secret)):
            raise Refused(104, f"PARAM_SIGNATURE : Invalid signature {params.get('sig')}, calculated by string {line}")
        if not self.may_read:
            raise Refused(10, "PERMISSION_DENIED : User must grant an access to permission 'VALUABLE_ACCESS'")

    def group(self, key: str) -> DrawnGroup:
        """The group with this id."""
        found = next((group for group in self.groups if group.id == key), None)
        if found is None:
            raise Refused(160, "PARAM_GROUP_ID : Invalid group id")
        return found


def hashed(text: str) -> str:
    """The MD5 that signatures are made with."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


# --- methods ----------------------------------------------------------------------------------------------------------


def url_info(server: OkServer, params: Mapping[str, str]) -> Any:
    """`url.getInfo`."""
    name = params["url"].rpartition("/")[2]
    found = next((group for group in server.groups if group.name == name), None)
    return {"type": "GROUP", "objectId": int(found.id)} if found else {"type": "UNKNOWN"}


def group_info(server: OkServer, params: Mapping[str, str]) -> Any:
    """`group.getInfo` of one or several groups; unknown ones are left out."""
    asked = params["uids"].split(",")
    return [
        {
            "uid": group.id,
            "name": group.title,
            "shortname": group.name,
            "members_count": group.members,
            "access_type": group.access,
        }
        for group in server.groups
        if group.id in asked
    ]


def counters(server: OkServer, params: Mapping[str, str]) -> Any:
    """`group.getCounters`."""
    return {"counters": {"themes": len(server.group(params["group_id"]).topics)}}


def topics(server: OkServer, params: Mapping[str, str]) -> Any:
    """`mediatopic.getTopics` by anchor."""
    group = server.group(params["gid"])
    if group.access != "OPEN":
        raise Refused(455, "GROUP_ACCESS : Access to the group is denied")
    newest = sorted(group.topics, key=lambda topic: topic.published_at, reverse=True)
    start = int(base64.b64decode(params["anchor"])) if "anchor" in params else 0
    end = start + int(params["count"])
    shown = {"media_topics": [_topic(group, topic) for topic in newest[start:end]], "has_more": end < len(newest)}
    return shown | {"anchor": base64.b64encode(str(end).encode()).decode()}


def known_topics(server: OkServer, params: Mapping[str, str]) -> Any:
    """`mediatopic.getByIds`; those that are gone are left out."""
    asked = params["topic_ids"].split(",")
    return {"media_topics": [_topic(*known) for known in _all(server) if known[1].id in asked and known[1].listed]}


def discussion(server: OkServer, params: Mapping[str, str]) -> Any:
    """`discussions.get` of a topic, by Moscow's clock."""
    found = next((known for known in _all(server) if known[1].id == params["discussionId"]), None)
    if found is None:
        raise Refused(300, "NOT_FOUND : Discussion not found")
    group, topic = found
    return {
        "discussion": {
            "object_id": topic.id,
            "object_type": "GROUP_TOPIC",
            "title": topic.text,
            "creation_date": topic.published_at.astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:%S"),
            "like_count": topic.likes,
            "total_comments_count": topic.comments,
            "ref_objects": [{"id": group.id, "type": "GROUP"}],
        }
    }


METHODS: dict[str, Callable[[OkServer, Mapping[str, str]], Any]] = {
    "url.getInfo": url_info,
    "group.getInfo": group_info,
    "group.getCounters": counters,
    "mediatopic.getTopics": topics,
    "mediatopic.getByIds": known_topics,
    "discussions.get": discussion,
}


# --- what they show ---------------------------------------------------------------------------------------------------


def _all(server: OkServer) -> Iterable[tuple[DrawnGroup, DrawnTopic]]:
    return ((group, topic) for group in server.groups for topic in group.topics)


def _topic(group: DrawnGroup, topic: DrawnTopic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "created_ms": int(topic.published_at.timestamp() * 1000),
        "author_ref": f"user:{topic.author}" if topic.author else f"group:{group.id}",
        "owner_ref": f"group:{group.id}",
        "media": [{"type": "text", "text": topic.text, "text_tokens": [{"text": topic.text}]}],
        "like_summary": {"count": topic.likes, "self": False, "like_id": "x"},
        "discussion_summary": {"discussion_type": "GROUP_TOPIC", "comments_count": topic.comments},
        "reshare_summary": {"count": topic.reshares, "self": False},
    }
