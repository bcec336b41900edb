"""A server that stands in place of any network, refuses everything, and repeats in its refusal all that it was sent."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from tests.servers.answering import Answering, Asked, Reply

Shape = Callable[[str], Any]


def plain(said: str) -> Any:
    """As Reddit, LinkedIn and Telegram refuse."""
    return {"message": said, "reason": said, "description": said, "code": said, "ok": False, "error": 401}


def nested(said: str) -> Any:
    """As Meta and Google refuse."""
    inner = {"message": said, "reason": said, "domain": said}
    told = {"message": said, "type": said, "code": 190, "error_user_msg": said, "errors": [inner], "fbtrace_id": said}
    return {"error": told | {"error_subcode": 463}}


def listed(said: str) -> Any:
    """As X refuses."""
    told = {"title": said, "detail": said, "type": "about:blank", "status": 401}
    return told | {"errors": [told]}


def numbered(said: str) -> Any:
    """As VK and Odnoklassniki refuse, inside a good answer."""
    sent = [{"key": "access_token", "value": said}]
    inner = {
        "error_code": 5,
        "error_msg": said,
        "request_params": sent,
        "code": "access_token_invalid",
        "message": said,
    }
    return {"error": inner, "error_code": 102, "error_msg": said, "error_data": said}


def bare(said: str) -> Any:
    """A text where an object belongs."""
    return said


# Status and shape, each for a round of visits.
TURNS: tuple[tuple[int, Shape], ...] = (
    (401, plain),
    (401, nested),
    (400, nested),
    (403, listed),
    (404, plain),
    (429, plain),
    (500, nested),
    (302, plain),
    (200, numbered),
    (200, bare),
)

TOKENS = frozenset({"/v2/oauth/token/", "/api/v1/access_token"})


class Repeating(Answering):
    """Answers until it is left, as its `turn` says. Whoever asks for a token is given `granted`, if any."""

    def __init__(self, granted: str) -> None:
        super().__init__()
        self.granted = granted
        self.turn = TURNS[0]

    @property
    def heard(self) -> str:
        """Everything that was ever sent here."""
        return "\n".join(map(words, self.asked))

    def reply(self, asked: Asked) -> Reply:
        """A token for those who ask for one; for all others the refusal."""
        with self._lock:
            self.asked.append(asked)
        if asked.path in TOKENS and self.granted:
            return 200, {}, {"access_token": self.granted, "token_type": "bearer", "expires_in": 3600}
        status, shape = self.turn
        said = words(asked)
        headers = {"Retry-After": "0", "WWW-Authenticate": quote(said)}
        if status == 302:
            headers["Location"] = f"/elsewhere?said={quote(said)}"
        return status, headers, shape(said)


def words(asked: Asked) -> str:
    """A call as it came in, on one line."""
    headers = " ".join(f"{name}: {value}" for name, value in asked.headers.items())
    return f"{asked.method} {unquote(asked.path)}?{unquote(asked.query)} {headers} {asked.body.decode()}"
