"""Times and durations: read from what people write, or refused with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.clock import DAY, HOUR, MINUTE, SECOND, WEEK, duration, format_duration, format_instant, instant
from groupcore.errors import InputError

LAST = 253_402_300_799_999_999  # the last microsecond of the year 9999


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("10s", 10 * SECOND),
        ("1.5h", 90 * MINUTE),
        ("0.1s", 100_000),
        (" 5 m ", 5 * MINUTE),
        ("1us", 1),
        ("2ms", 2_000),
        ("30d", 30 * DAY),
        ("2w", 2 * WEEK),
        ("36500d", 36_500 * DAY),
        ("00010s", 10 * SECOND),
        (7, 7),
        (timedelta(hours=1), HOUR),
        (timedelta(microseconds=3), 3),
    ],
)
def test_a_duration_is_read(written: Any, micros: int) -> None:
    assert duration(written) == micros


@pytest.mark.parametrize(
    "written",
    [
        "", "10", "s", "-1s", "+1s", "1e3s", "10 sec", "1h30m", "10S", "1,5h", ".5s", "5.s", "1d\nx", "forever",
        None, 1.5, True, b"10s", [], {"s": 1},
    ],
)  # fmt: skip
def test_what_is_no_duration_is_refused(written: Any) -> None:
    with pytest.raises(InputError, match="is no duration; write a number and us, ms, s, m, h, d or w, such as '10s'"):
        duration(written)


@pytest.mark.parametrize(
    "written",
    [
        "0s",
        "0.0000001s",
        "36500.1d",
        "9" * 400 + "s",
        "0." + "0" * 400 + "1s",
        0,
        -1,
        10**30,
        timedelta(0),
        timedelta(-1),
    ],
)
def test_a_duration_out_of_range_is_refused(written: Any) -> None:
    with pytest.raises(InputError, match="is out of range: a duration is more than 0 and at most 36500d") as error:
        duration(written)
    assert len(str(error.value)) < 200


@given(st.integers(1, 36_500 * DAY))
def test_a_duration_is_written_as_it_is_read(micros: int) -> None:
    assert duration(format_duration(micros)) == micros


@pytest.mark.parametrize(
    ("micros", "written"),
    [(90 * SECOND, "90s"), (60 * SECOND, "1m"), (HOUR, "1h"), (7 * DAY, "1w"), (1_500, "1500us"), (2_000, "2ms")],
)
def test_a_duration_is_written_in_its_largest_unit(micros: int, written: str) -> None:
    assert format_duration(micros) == written


EIGHT = 1_793_520_000_000_000  # 2026-11-01T08:00:00Z


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("2026-11-01T08:00:00Z", EIGHT),
        ("2026-11-01t08:00:00z", EIGHT),
        ("2026-11-01T16:00:00+08:00", EIGHT),
        ("2026-11-01T02:30:00-05:30", EIGHT),
        ("2026-11-01T08:00:00-00:00", EIGHT),
        ("2026-11-01 08:00:00Z", EIGHT),
        ("2026-11-01T08:00:00.25Z", EIGHT + 250_000),
        ("2026-11-01T08:00:00.000001Z", EIGHT + 1),
        ("2026-11-01T08:00:00.123456789Z", EIGHT + 123_456),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59.999999Z", LAST),
        (0, 0),
        (LAST, LAST),
        (datetime(2026, 11, 1, 8, tzinfo=UTC), EIGHT),
        (datetime(2026, 11, 1, 16, tzinfo=timezone(timedelta(hours=8))), EIGHT),
    ],
)
def test_an_instant_is_read(written: Any, micros: int) -> None:
    assert instant(written) == micros


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-11-01T08:00:00", "the time '2026-11-01T08:00:00' is naive; write its offset, such as 'Z'"),
        ("2026-11-01", "is naive"),
        (datetime(2026, 11, 1, 8), "is naive"),  # noqa: DTZ001
        ("", "is no RFC 3339 time, such as '2026-11-01T08:00:00Z'"),
        ("soon", "is no RFC 3339 time"),
        ("2026-13-01T08:00:00Z", "is no RFC 3339 time"),
        ("2026-02-30T08:00:00Z", "is no RFC 3339 time"),
        ("2026-11-01T08:00:60Z", "is no RFC 3339 time"),
        ("2026-11-01T08:00:00+99:00", "is no RFC 3339 time"),
        ("2026-11-01T08:00:00Z ", "is no RFC 3339 time"),
        ("\ud800", "is no RFC 3339 time"),
        ("1793520000", "is no RFC 3339 time"),
        ("1969-12-31T23:59:59Z", "lies outside the years 1970 to 9999"),
        ("0001-01-01T00:00:00+23:59", "lies outside the years 1970 to 9999"),
        ("9999-12-31T23:59:59-23:59", "lies outside the years 1970 to 9999"),
        (-1, "lies outside the years 1970 to 9999 (microseconds are expected)"),
        (LAST + 1, "lies outside the years 1970 to 9999"),
        (10**400, "lies outside the years 1970 to 9999"),
        (1_793_520_000.0, "is no time; write an RFC 3339 string or an integer of microseconds"),
        (True, "is no time"),
        (None, "is no time"),
        (date(2026, 11, 1), "is no time"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(written: Any, reason: str) -> None:
    with pytest.raises(InputError) as error:
        instant(written)
    assert reason in str(error.value)


@given(st.integers(0, LAST))
def test_an_instant_is_written_as_it_is_read(micros: int) -> None:
    assert instant(format_instant(micros)) == micros


@given(st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_aware_datetimes_of_any_zone_are_the_instant_they_name(moment: datetime) -> None:
    assert instant(moment) == instant(moment.isoformat())
    assert format_instant(instant(moment)).endswith("Z")


def test_an_instant_is_written_without_trailing_zeros() -> None:
    assert format_instant(EIGHT) == "2026-11-01T08:00:00Z"
    assert format_instant(EIGHT + 250_000) == "2026-11-01T08:00:00.25Z"
