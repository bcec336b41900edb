"""Answers without a network: recorded ones, and a `get` that plays them back."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmark.networks import NETWORKS
from benchmark.networks.base import Answer, Network
from benchmark.networks.http import error_in
from benchmark.networks.keys import Params

ARRIVED = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


def drawn_answer(
    body: Any, *, url: str = "https://example.org/", status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer with this body, as it would have come in at `ARRIVED`."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(url, status, {name.lower(): value for name, value in (headers or {}).items()}, raw, ARRIVED)


def answer_in(file: Path, *, host: str) -> Answer:
    """The answer in a recorded file, asked of `host`."""
    return answers_in(file, host=host)[0]


def answers_in(file: Path, *, host: str) -> list[Answer]:
    """The answer in a file, and those that come `then`, for what takes more than one question."""
    recorded = json.loads(file.read_text())
    return [_answer_of(each, host) for each in (recorded, *recorded.get("then", ()))]


def _answer_of(recorded: Any, host: str) -> Answer:
    request, response = recorded["request"], recorded["response"]
    url = f"https://{host}{request['path']}"
    if request["query"]:
        url += "?" + urlencode(request["query"], doseq=True)
    return drawn_answer(response["body"], url=url, status=response["status"], headers=response.get("headers"))


class Playback:
    """A `get` that answers by what is asked, says what a network's error means, and remembers the questions."""

    def __init__(self, network: str, answers: Callable[[str, Params], Answer]) -> None:
        self._network: Network = NETWORKS[network]
        self._answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.posted: list[Any] = []

    def __call__(self, url: str, params: Params | None = None, *, body: Any = None) -> Answer:
        self.asked.append((url, dict(params or {})))
        self.posted.append(body)
        found = self._answers(url, params or {})
        query = urlencode(params or {}, doseq=True)
        answer = Answer(f"{url}?{query}" if query else url, found.status, found.headers, found.body, found.received_at)
        error = error_in(answer, self._network)
        if error is not None:
            raise error
        return answer


def in_turn(network: str, answers: Sequence[Answer]) -> Playback:
    """A `get` that gives these answers one after the other, whatever is asked."""
    rest = iter(answers)
    return Playback(network, lambda *_: next(rest))
