"""What a network's answer says is left of the calls that it allows, and for how long nobody should call.

Most networks count calls down in their headers; one that says it in another way declares a function of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmark.networks.base import Answer

HOLDS = timedelta(minutes=15)  # nobody is shown what was said longer ago
LONGEST_PAUSE = timedelta(days=1)
SPELLINGS = ("ratelimit", "x-ratelimit", "x-rate-limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one answer says. None: it does not say.

    `left` of `limit` calls, or of 100 per cent where `in_percent`, until the moment `until`, when the network counts
    anew; `pause` is how long nobody should call.
    """

    said_at: datetime
    left: float | None = None
    limit: float | None = None
    in_percent: bool = False
    until: datetime | None = None
    pause: timedelta | None = None

    @property
    def share(self) -> float | None:
        """The part of what is allowed that is left; None where that cannot be told."""
        return self.left / self.limit if self.left is not None and self.limit else None

    def holds(self, now: datetime) -> bool:
        """Whether it still says something about the present."""
        return now - self.said_at < HOLDS and (self.until is None or now < self.until)


def scarcest(allowances: Iterable[Allowance], *, now: datetime) -> Allowance | None:
    """The one of which the smallest part is left, of those that still hold; a network may count several things."""
    shares = [(allowance.share, allowance) for allowance in allowances if allowance.holds(now)]
    known = [(share, allowance) for share, allowance in shares if share is not None]
    return min(known, key=lambda each: each[0])[1] if known else None


def counted(answer: Answer) -> Allowance:
    """Calls that are counted down, in each spelling of the headers. Reddit says how many were made, not the limit."""
    left, limit, used = (_number(_header(answer, part)) for part in ("remaining", "limit", "used"))
    if limit is None and left is not None and used is not None:
        limit = float(round(left + used))
    wait = wait_in(_header(answer, "reset"), answer.received_at)
    used_up = answer.status == 429 or (left is not None and left < 1)
    return Allowance(
        said_at=answer.received_at,
        left=left,
        limit=limit,
        until=None if wait is None else answer.received_at + wait,
        pause=wait if used_up else None,
    )


def wait_in(text: str | None, now: datetime) -> timedelta | None:
    """Seconds, Unix seconds, an HTTP date or an ISO time, as the wait that it means: never negative, a day at most."""
    if text is None:
        return None
    seconds = _number(text)
    if seconds is None:
        moment = _moment(text)
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    elif seconds > 1e9:
        seconds -= now.timestamp()
    return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_PAUSE)


def _header(answer: Answer, part: str) -> str | None:
    names = (f"{spelling}-{part}" for spelling in SPELLINGS)
    return next((answer.headers[name] for name in names if name in answer.headers), None)


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\s*\d{1,12}(\.\d*)?\s*", text, re.ASCII) else None


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return moment.replace(tzinfo=moment.tzinfo or UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None
