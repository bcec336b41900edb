"""A local server that speaks the part of LinkedIn's Community Management API that Yardstick asks.

It follows the reference pages: three headers for every call, lists as `List(1,2)` with brackets that are not encoded,
urns in paths that are, empty lists for unknown names, statuses for unknown numbers, and limits by the day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.servers.answering import Answering, Asked, Refused

SIZE = re.compile(r"/rest/networkSizes/(urn%3Ali%3Aorganization%3A\d+)")
LOOKED_UP = re.compile(r"ids=List\((\d+(?:,\d+)*)\)")


@dataclass(kw_only=True)
class DrawnOrganisation:
    """An organisation that LinkedIn knows."""

    id: int
    vanity_name: str
    name: str = "An organisation"
    followers: int = 0

    @property
    def body(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "vanityName": self.vanity_name,
            "localizedName": self.name,
            "primaryOrganizationType": "NONE",
            "locations": [],
        }


def refusal(status: int, code: str, message: str = "") -> Refused:
    return Refused(status, {"serviceErrorCode": 100, "code": code, "message": message, "status": status})


class LinkedInServer(Answering):
    """Answers until it is left. Tests change its organisations, its token, its versions and its limit meanwhile."""

    def __init__(self, organisations: Iterable[DrawnOrganisation] = (), *, calls: int = 500) -> None:
        super().__init__()
        self.organisations = list(organisations)
        self.token = "a-token"
        self.token_expired = False
        self.versions = {"202605"}
        self.calls_left = calls

    def body_for(self, asked: Asked) -> Any:
        self._admit(asked)
        if asked.path == "/rest/organizations" and asked.params.get("q") == "vanityName":
            name = asked.params["vanityName"]
            elements = [each.body for each in self.organisations if each.vanity_name == name]
            return {"elements": elements, "paging": {"count": 10, "start": 0, "links": []}}
        if asked.path == "/rest/organizationsLookup" and (ids := LOOKED_UP.fullmatch(asked.query)):
            known = {str(each.id): each.body for each in self.organisations}
            wanted = ids[1].split(",")
            return {
                "results": {key: known[key] for key in wanted if key in known},
                "statuses": {key: 200 if key in known else 404 for key in wanted},
                "errors": {},
            }
        if urn := SIZE.fullmatch(asked.path):
            return self._size(unquote(urn[1]).rpartition(":")[2], asked.params)
        raise refusal(400, "ILLEGAL_ARGUMENT", f"Invalid request {asked.path}?{asked.query}")

    def _admit(self, asked: Asked) -> None:
        if asked.bearer != self.token:
            raise refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if self.token_expired:
            raise refusal(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
        if asked.headers.get("linkedin-version") not in self.versions:
            raise refusal(426, "NONEXISTENT_VERSION", "Requested version is not active")
        if asked.headers.get("x-restli-protocol-version") != "2.0.0":
            raise refusal(400, "ILLEGAL_ARGUMENT", "Unsupported protocol version")
        if self.calls_left <= 0:
            raise refusal(429, "TOO_MANY_REQUESTS", "Resource level throttle APPLICATION DAY limit is reached.")
        self.calls_left -= 1

    def _size(self, key: str, params: dict[str, str]) -> Any:
        sizes = {str(each.id): each.followers for each in self.organisations}
        if key not in sizes or params != {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}:
            raise refusal(404, "RESOURCE_NOT_FOUND", "Could not find entity")
        return {"firstDegreeSize": sizes[key]}
