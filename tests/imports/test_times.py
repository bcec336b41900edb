"""Times as programs write them, read back as the moments that they mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmark.imports import times

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2037, 12, 31))  # noqa: DTZ001  the clock's own
zones = st.sampled_from(["UTC", "America/Los_Angeles", "Europe/Sofia", "Asia/Kolkata", "Australia/Lord_Howe"])

WAYS = {
    times.ISO: lambda moment: moment.isoformat(sep=" "),
    times.MONTH_DAY_YEAR: lambda moment: f"{moment.month}/{moment.day}/{moment.year} {moment:%H:%M:%S}",
    times.YEAR_MONTH_DAY: lambda moment: f"{moment:%Y/%m/%d %H:%M:%S}",
}


@pytest.mark.parametrize("way", WAYS)
@given(moment=moments.map(lambda moment: moment.replace(microsecond=0)))
def test_what_is_written_in_a_way_is_read_in_it(way, moment):
    assert times.written(WAYS[way](moment), way) == moment


@given(moment=moments)
def test_a_day_with_the_name_of_its_month_is_read(moment):
    day = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][moment.month - 1]

    assert times.written(f"{name} {moment.day}, {moment.year}", times.NAMED_MONTH) == day


@given(moment=moments, zone=zones.map(ZoneInfo))
def test_a_clock_and_utc_agree_wherever_the_clock_showed_the_time(moment, zone):
    try:
        result = times.in_utc(moment, zone)
    except ValueError:
        assume(False)

    assert result.utcoffset() == timedelta(0)
    assert result.astimezone(zone).replace(tzinfo=None) == moment


@given(moment=moments)
def test_los_angeles_is_seven_or_eight_hours_behind(moment):
    try:
        result = times.in_utc(moment, LOS_ANGELES)
    except ValueError:
        assert (moment.month, moment.weekday(), moment.hour) in {(3, 6, 2), (4, 6, 2)}  # a Sunday in spring
    else:
        assert result.replace(tzinfo=None) - moment in {timedelta(hours=7), timedelta(hours=8)}


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("13/13/2025 10:00", times.MONTH_DAY_YEAR),
        ("02/30/2025 10:00", times.MONTH_DAY_YEAR),
        ("02/03/2025 24:00", times.MONTH_DAY_YEAR),
        ("2025/00/10", times.YEAR_MONTH_DAY),
        ("Foo 3, 2025", times.NAMED_MONTH),
    ],
)
def test_a_time_that_does_not_exist_is_not_made_up(text, way):
    with pytest.raises(ValueError, match=r"month|day|hour"):
        times.written(text, way)


@pytest.mark.parametrize("text", ["", "yesterday", "2025-01-01 10:00 tomorrow", "01.02.2025 10:00", "1/2/25 at noon"])
def test_a_time_that_is_written_in_another_way_is_none(text):
    ways = (*WAYS, times.NAMED_MONTH, times.WITH_ABBREVIATION)

    assert [times.written(text, way) for way in ways] == [None] * len(ways)


def test_two_digits_of_a_year_are_of_this_century():
    assert times.written("9/30/17 2:22", times.MONTH_DAY_YEAR) == datetime(2017, 9, 30, 2, 22)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "words"), [("Etc/GMT+5", "UTC-5"), ("UTC", "UTC"), ("America/Los_Angeles", "America/Los Angeles")]
)
def test_a_clock_has_a_name_for_people(name, words):
    assert times.zone_in_words(name) == words


@pytest.mark.parametrize("name", ["Atlantis", "", "../../etc/passwd", "/etc/passwd", "a\0b", "America"])
def test_a_name_of_no_clock_is_none(name):
    assert times.zone_named(name) is None


def test_a_time_with_a_zone_beside_it_needs_no_clock():
    eight = times.written("2015-03-01 09:30 -0800")

    assert eight is not None
    assert times.in_utc(eight, LOS_ANGELES) == datetime(2015, 3, 1, 17, 30, tzinfo=UTC)
