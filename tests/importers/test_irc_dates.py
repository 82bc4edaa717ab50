from __future__ import annotations

from datetime import date, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.clock import HOUR, MINUTE, format_instant
from groupcore.errors import InputError
from groupcore.importers.irc.dates import LogClock, date_in, zone_of

UTC = zone_of("UTC")
BERLIN = zone_of("Europe/Berlin")


def reads(times: str, zone: tzinfo = UTC, day: date = date(2026, 11, 1)) -> str:
    """The instants of *times* on one clock, without date where it is that of *day*, in UTC."""
    clock = LogClock(zone, day)
    seconds = [int(time[:2]) * 3600 + int(time[3:]) * 60 for time in times.split()]
    return " ".join(format_instant(clock.at(second))[8:16] for second in seconds)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2004-11-15.txt", date(2004, 11, 15)),
        ("20041115.log", date(2004, 11, 15)),
        ("2004-11-15_18-2.txt", date(2004, 11, 15)),
        ("net_#tea_20041115.log", date(2004, 11, 15)),
        ("2004.11.15", date(2004, 11, 15)),
        ("2004/11/15/#tea.txt", date(2004, 11, 15)),
        ("2004/11-15.txt", date(2004, 11, 15)),
        ("200411151800.log", None),
        ("2004-13-15.txt", None),
        ("#tea.log", None),
    ],
)
def test_dates_in_paths(name: str, found: date | None) -> None:
    dated = date_in(tuple(name.split("/")))
    assert (dated[0] if dated else None) == found


def test_a_clock_that_falls_far_back_has_passed_midnight() -> None:
    assert reads("22:00 23:59 00:00 00:01") == "01T22:00 01T23:59 02T00:00 02T00:01"
    assert reads("15:00 05:00 04:00 23:00 03:00") == "01T15:00 02T05:00 02T04:00 02T23:00 03T03:00"


def test_a_clock_of_twelve_hours_passes_noon() -> None:
    assert reads("11:59 12:59 01:00 11:00 12:30 01:00") == "01T11:59 01T12:59 01T13:00 01T23:00 02T00:30 02T01:00"
    assert reads("11:58 00:03") == "01T11:58 01T12:03"


def test_a_clock_that_showed_the_afternoon_has_24_hours() -> None:
    assert reads("13:00 12:50 00:55") == "01T13:00 01T12:50 02T00:55"


def test_a_line_a_little_out_of_order_stays_where_it_says() -> None:
    assert reads("10:05 10:04 10:06") == "01T10:05 01T10:04 01T10:06"


def test_the_hour_that_autumn_repeats_is_told_apart_by_the_order_of_lines() -> None:
    times = "01:59 02:00 02:30 02:59 02:00 02:59 03:00"
    assert reads(times, BERLIN, date(2026, 10, 25)) == "24T23:59 25T00:00 25T00:30 25T00:59 25T01:00 25T01:59 25T02:00"


def test_times_that_spring_skips_count_on_from_before() -> None:
    assert reads("01:59 02:30 03:30", BERLIN, date(2026, 3, 29)) == "29T00:59 29T01:30 29T01:30"


def test_a_day_that_the_log_names_starts_anew() -> None:
    clock = LogClock(UTC, None)
    assert not clock.running
    clock.turn_to(date(2026, 11, 1))
    clock.at(23 * 3600)
    clock.turn_to(date(2026, 11, 2))
    assert format_instant(clock.at(0)) == "2026-11-02T00:00:00Z"


@given(steps=st.lists(st.integers(0, 350), min_size=1, max_size=40), zone=st.sampled_from([UTC, BERLIN]))
def test_a_log_that_is_never_silent_for_six_hours_keeps_its_time(steps: list[int], zone: tzinfo) -> None:
    """Times cut to the minute of the day, and counted on by the order of the lines, are the times again."""
    clock = LogClock(zone, date(2026, 6, 1))
    start = clock.at(13 * 3600)
    minute = 0
    for step in steps:
        minute += step
        assert clock.at((13 * 60 + minute) % 1440 * 60) - start == minute * MINUTE
    assert start % HOUR == 0


def test_a_zone_may_be_an_offset() -> None:
    hours = [zone_of(name).utcoffset(None) for name in ("+08:00", "-03:30", "UTC")]
    assert hours == [timedelta(hours=8), -timedelta(hours=3, minutes=30), timedelta()]
    for wrong in ("+8", "+25:00", "+08:61", "08:00", "Mars"):
        with pytest.raises(
            InputError, match=r"unknown zone .*write UTC, \+08:00, or a name such as Europe/Berlin|did you"
        ):
            zone_of(wrong)
