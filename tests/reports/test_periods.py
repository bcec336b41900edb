"""Which days a reader means."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from benchmark.reports.periods import PeriodRefused, parse

NOW = datetime(2026, 3, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "days"),
    [
        ("7d", date(2026, 3, 8), 7),
        ("30d", date(2026, 2, 13), 30),
        ("90d", date(2025, 12, 15), 90),
        ("12m", date(2025, 3, 15), 365),
        (None, date(2026, 2, 13), 30),
        ("", date(2026, 2, 13), 30),
    ],
)
def test_a_named_period_ended_yesterday(text, start, days):
    period = parse(text, now=NOW)

    assert (period.start, period.end, period.days, period.key) == (start, date(2026, 3, 14), days, text or "30d")
    assert period.previous_end == start - timedelta(days=1)
    assert (period.previous_end - period.previous_start).days + 1 == days


def test_yesterday_is_a_utc_day():
    evening_in_new_york = datetime(2026, 3, 14, 21, tzinfo=timezone(timedelta(hours=-5)))

    assert parse("7d", now=evening_in_new_york).end == date(2026, 3, 14)


@pytest.mark.parametrize("text", ["2016-03-01..2016-05-31", "2016-03-01\u20132016-05-31", " 2016-03-01 to 2016-05-31 "])
def test_two_days_are_both_included(text):
    period = parse(text, now=NOW)

    assert (period.start, period.end, period.days) == (date(2016, 3, 1), date(2016, 5, 31), 92)
    assert period.key == "2016-03-01..2016-05-31"
    assert (period.previous_start, period.previous_end) == (date(2015, 11, 30), date(2016, 2, 29))
    assert parse(start="2016-03-01", end=date(2016, 5, 31), now=NOW) == period


def test_a_period_may_end_today():
    assert parse(start="2026-03-15", end="2026-03-15", now=NOW).days == 1


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"text": "31d"}, "period_unknown", "period"),
        ({"text": "2026-02-30..2026-03-01"}, "day_unknown", "period"),
        ({"text": "7d", "start": "2026-01-01", "end": "2026-01-02"}, "period_twice", "period"),
        ({"start": "2026-01-01"}, "period_incomplete", "end"),
        ({"end": "2026-01-01"}, "period_incomplete", "start"),
        ({"start": "soon", "end": "2026-01-02"}, "day_unknown", "start"),
        ({"start": "0016-03-01", "end": "2016-05-31"}, "day_unknown", "start"),
        ({"start": "2026-01-03", "end": "2026-01-02"}, "period_reversed", "end"),
        ({"start": "2026-01-03", "end": "2026-03-16"}, "period_not_over", "end"),
        ({"start": "2020-01-01", "end": "2026-01-02"}, "period_too_long", "period"),
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(asked, code, field):
    with pytest.raises(PeriodRefused) as refusal:
        parse(asked.pop("text", None), **asked, now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert refusal.value.sentence.endswith(".")
