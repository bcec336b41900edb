"""Which days a benchmark is about: `7d`, `30d`, `90d`, `12m`, or any first and last day. A day is a UTC day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from benchmark.reports.value import Period

NAMED = {"7d": 7, "30d": 30, "90d": 90, "12m": 365}
DEFAULT = "30d"
LONGEST = 1100  # days: three years, so that a year can be compared with the one before

FROM_TO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s*(?:\.\.|\u2013|\u2014|/|to|,)\s*(\d{4}-\d{2}-\d{2})\s*")


class PeriodRefused(ValueError):
    """What was asked for is not a period. `code` is stable, `sentence` is for people, `field` says where."""

    def __init__(self, code: str, sentence: str, *, field: str = "period") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field


def parse(text: str | None = None, *, start: str | date = "", end: str | date = "", now: datetime) -> Period:
    """The period that a reader means, resolved to its days. Raises `PeriodRefused`."""
    if start or end:
        if text:
            raise PeriodRefused("period_twice", _("Give either a period or a start and an end, not both."))
        if not (start and end):
            missing = "end" if start else "start"
            raise PeriodRefused("period_incomplete", _("Give both a start and an end."), field=missing)
        return between(_day(start, "start"), _day(end, "end"), now=now)
    name = (text or DEFAULT).strip()
    if name in NAMED:
        return _ended_yesterday(name, now=now)
    if match := FROM_TO.fullmatch(name):
        return between(_day(match[1], "period"), _day(match[2], "period"), now=now)
    raise PeriodRefused(
        "period_unknown",
        _("“%(period)s” is not a period. Use 7d, 30d, 90d, 12m, or two days such as 2025-03-01..2025-05-31.")
        % {"period": name[:40]},
    )


def between(start: date, end: date, *, now: datetime) -> Period:
    """The days from the first to the last, both included."""
    if end < start:
        raise PeriodRefused("period_reversed", _("The period ends before it starts."), field="end")
    if end > now.astimezone(UTC).date():
        raise PeriodRefused(
            "period_not_over", _("The period ends in the future. Let it end today at the latest."), field="end"
        )
    days = (end - start).days + 1
    if days > LONGEST:
        sentence = _("The period has %(days)d days; at most %(most)d can be compared.") % {
            "days": days,
            "most": LONGEST,
        }
        raise PeriodRefused("period_too_long", sentence)
    return _period(start, end, key=f"{start.isoformat()}..{end.isoformat()}")


def with_the_day_before(period: Period) -> Period:
    """The same days and the one before them, at whose end growth begins."""
    return _period(period.start - timedelta(days=1), period.end, key=period.key)


def _ended_yesterday(name: str, *, now: datetime) -> Period:
    end = now.astimezone(UTC).date() - timedelta(days=1)
    return _period(end - timedelta(days=NAMED[name] - 1), end, key=name)


def _period(start: date, end: date, *, key: str) -> Period:
    days = (end - start).days + 1
    return Period(
        start=start,
        end=end,
        days=days,
        key=key,
        previous_start=start - timedelta(days=days),
        previous_end=start - timedelta(days=1),
    )


def _day(given: str | date, field: str) -> date:
    if isinstance(given, datetime):
        return given.astimezone(UTC).date()
    if isinstance(given, date):
        return given
    try:
        day = date.fromisoformat(given.strip())
    except ValueError as error:
        sentence = _("“%(day)s” is not a day. Write it as 2025-03-01.") % {"day": given.strip()[:40]}
        raise PeriodRefused("day_unknown", sentence, field=field) from error
    if not 1990 <= day.year <= 2200:
        raise PeriodRefused("day_unknown", _("The year %(year)d is out of range.") % {"year": day.year}, field=field)
    return day
