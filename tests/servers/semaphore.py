"""An invented network, declared and served here alone: what a test of adding one more network adds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import msgspec

from benchmark.networks.base import Answer, Endpoint, Get, Gone, Kind, Network, NetworkError, PostRecord, ProfileRecord
from benchmark.networks.keys import KeyNeed, KeyPart, Params, as_bearer
from tests.servers.answering import Answering, Asked, Refused

BASE = "https://api.semaphore.example"
FLAG, TOWER = "red-over-white", "north-17"  # the two parts of the key that the server takes
PAGE = 20


class Station(msgspec.Struct):
    id: str
    name: str
    watchers: int


class Signal(msgspec.Struct):
    id: str
    sent: datetime
    words: str
    waves: int
    replies: int


class Log(msgspec.Struct):
    signals: list[Signal]
    older: str | None = None


def recognise(text: str) -> str | None:
    name = text.strip().removeprefix("https://semaphore.example/")
    return name.lower() if name.isalnum() else None


def parse_station(station: Station) -> ProfileRecord:
    return ProfileRecord(
        external_id=station.id,
        handle=station.name,
        name=station.name.title(),
        url=f"https://semaphore.example/{station.name}",
        followers=station.watchers,
    )


def parse_signal(signal: Signal, _: str) -> PostRecord:
    return PostRecord(
        external_id=signal.id,
        url=f"https://semaphore.example/signals/{signal.id}",
        published_at=signal.sent,
        kind=Kind.TEXT,
        text=signal.words,
        reactions=signal.waves,
        comments=signal.replies,
    )


def older(answer: Answer, log: Log) -> tuple[str, Params] | None:
    return answer.again(before=log.older) if log.older else None


def explain(answer: Answer) -> NetworkError | None:
    return Gone("profile_not_found", "Semaphore knows no station of this name.") if answer.status == 404 else None


def find(get: Get, reference: str) -> ProfileRecord:
    return parse_station(get(f"{BASE}/stations/{reference}").decode(Station))


SEMAPHORE = Network(
    key="semaphore",
    label="Semaphore",
    publishes=frozenset({"followers", "reactions", "comments"}),
    not_published_because="Semaphore counts who waves back and who replies, and nothing else.",
    engagement_parts=("reactions", "comments"),
    maturity=timedelta(days=2),
    recognise=recognise,
    recognises_url=lambda text: text.startswith("https://semaphore.example/"),
    handle_hint="station",
    profile_url=lambda handle: f"https://semaphore.example/{handle}",
    base_url=BASE,
    find=find,
    profile=find,
    posts=Endpoint(
        url=lambda station: f"{BASE}/stations/{station}/signals",
        params=lambda _: {},
        answer_type=Log,
        items=attrgetter("signals"),
        next_page=older,
        parse=parse_signal,
        moment=attrgetter("sent"),
    ),
    page_size=PAGE,
    key_need=KeyNeed(
        parts=(
            KeyPart("tower", "SEMAPHORE_TOWER", "Number of your tower", secret=False),
            KeyPart("flag", "SEMAPHORE_FLAG", "Flag of the day"),
        ),
        sign=as_bearer("flag", tower="Tower"),
        how="Ask the keeper of the next tower for the flag of the day.",
    ),
    explain=explain,
    sample="lighthouse",
)


@dataclass(kw_only=True)
class DrawnStation:
    """A station and its signals, newest first."""

    id: str
    name: str
    watchers: int
    signals: Sequence[Signal] = field(default_factory=tuple)


class SemaphoreServer(Answering):
    """Answers until it is left, whoever shows the flag of the day and the number of a tower."""

    def __init__(self, stations: Iterable[DrawnStation]) -> None:
        super().__init__()
        self.stations = list(stations)

    def body_for(self, asked: Asked) -> Any:
        if (asked.bearer, asked.headers.get("tower")) != (FLAG, TOWER):
            raise Refused(401, {"error": "wrong flag"})
        name, _, part = asked.path.removeprefix("/stations/").partition("/")
        station = next((one for one in self.stations if name in {one.id, one.name}), None)
        if station is None:
            raise Refused(404, {"error": "no such station"})
        if not part:
            return {"id": station.id, "name": station.name, "watchers": station.watchers}
        start = int(asked.params.get("before", "0"))
        shown = msgspec.to_builtins(station.signals[start : start + PAGE])
        return {"signals": shown, "older": str(start + PAGE) if start + PAGE < len(station.signals) else None}
