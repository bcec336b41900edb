"""A local server that speaks the part of Telegram's Bot API that Yardstick asks, over chats that a test drew.

It follows the official server: the token in the path, `ok` beside every result, 404 for what can be no token, 401 for
one that is revoked, no word about chats that the bot may not see, and waits in the body.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.servers.answering import Answering, Asked, Refused

CALL = re.compile(r"/bot(\d+:[A-Za-z0-9_-]+)/(getChat|getChatMemberCount)")


@dataclass(kw_only=True)
class DrawnChat:
    """A channel, a group or a person."""

    id: int
    username: str | None
    title: str = "A channel"
    kind: str = "channel"
    members: int = 0
    shut_out: str = ""  # in which words the bot is kept out

    @property
    def body(self) -> dict[str, Any]:
        names = {"username": self.username, "active_usernames": [self.username]} if self.username else {}
        required = {"accent_color_id": 5, "max_reaction_count": 11, "accepted_gift_types": {}}
        return {"id": self.id, "type": self.kind, "title": self.title, **required, **names}


def refusal(status: int, description: str, **parameters: int) -> Refused:
    more = {"parameters": parameters} if parameters else {}
    return Refused(status, {"ok": False, "error_code": status, "description": description} | more)


class TelegramServer(Answering):
    """Answers until it is left. Tests change its chats, its token and its patience while it runs."""

    def __init__(self, chats: Iterable[DrawnChat] = ()) -> None:
        super().__init__()
        self.chats = list(chats)
        self.token = "123456:a-token"
        self.wait = 0

    def body_for(self, asked: Asked) -> Any:
        call = CALL.fullmatch(asked.path)
        if call is None:
            raise refusal(404, "Not Found")
        if call[1] != self.token:
            raise refusal(401, "Unauthorized")
        if self.wait:
            raise refusal(429, f"Too Many Requests: retry after {self.wait}", retry_after=self.wait)
        chat = self._chat(asked.params.get("chat_id", ""))
        return {"ok": True, "result": chat.body if call[2] == "getChat" else chat.members}

    def _chat(self, chat_id: str) -> DrawnChat:
        def is_meant(chat: DrawnChat) -> bool:
            named = chat.username is not None and chat_id.lower() == f"@{chat.username.lower()}"
            return named or chat_id == str(chat.id)

        chat = next(filter(is_meant, self.chats), None)
        if chat is None:
            raise refusal(400, "Bad Request: chat not found")
        if chat.shut_out:
            raise refusal(403, f"Forbidden: {chat.shut_out}")
        return chat
