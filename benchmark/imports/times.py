"""Times as programs write them into files, and the moments in UTC that they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?: ?(?P<zone>Z|z|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?",
)
CLOCK = r"(?: (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)"

# --- how programs write a time, other than ISO 8601 ------------------------------------------------------------------

MONTH_DAY_YEAR = re.compile(rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/(?P<year>[0-9]{{4}}|[0-9]{{2}}){CLOCK}?")
YEAR_MONTH_DAY = re.compile(rf"(?P<year>[0-9]{{4}})/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}}){CLOCK}?")
NAMED_MONTH = re.compile(r"(?:[A-Z][a-z]{2}, )?(?P<name>[A-Z][a-z]{2}) (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4})")
WITH_ABBREVIATION = re.compile(
    rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){CLOCK} (?P<abbreviation>[A-Z]{{3,4}})"
)

MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
# The zones that American programs write as three letters: hours from UTC.
ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip


def zone_named(name: str) -> ZoneInfo | None:
    """The clock of this name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_in_words(name: str) -> str:
    """A clock as people say it."""
    fixed = re.fullmatch(r"Etc/GMT([+-][0-9]{1,2})", name)  # whose signs stand the other way round
    return f"UTC{-int(fixed[1]):+d}" if fixed else name.replace("_", " ")


def written(text: str, way: re.Pattern[str] = ISO) -> datetime | None:
    """The time that a text says, with its zone where one is written; None where it is not written in this way.

    Raises `ValueError` for a day or an hour that does not exist.
    """
    found = way.fullmatch(text)
    if found is None:
        return None
    if way is ISO:
        return _iso(text, found["zone"] or "")
    part = found.groupdict()
    year = int(part["year"])
    month = MONTHS.get(part["name"], 0) if part.get("name") else int(part["month"])
    hour, minute, second = (int(part.get(unit) or 0) for unit in ("hour", "minute", "second"))
    year += 2000 if year < 100 else 0
    moment = datetime(year, month, int(part["day"]), hour, minute, second)  # noqa: DTZ001  its clock is put on above
    if part.get("abbreviation") is None:
        return moment
    hours = ABBREVIATIONS.get(part["abbreviation"])
    return None if hours is None else moment.replace(tzinfo=timezone(timedelta(hours=hours)))


def _iso(text: str, zone: str) -> datetime:
    time = text.removesuffix(zone).rstrip() if zone else text
    return datetime.fromisoformat(time + ("+00:00" if zone in {"UTC", "Z", "z"} else zone))


def in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC, by a clock where it has no zone of its own; of an hour that came twice, the first.

    Raises `ValueError` where the clock never showed this time, because it was put forward.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    if zone.key == "UTC":
        return moment.replace(tzinfo=UTC)
    result = moment.replace(tzinfo=zone).astimezone(UTC)
    if result.astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError("the clock was put forward")
    return result
