"""Times and durations: integers of microseconds, read from what people write.

An instant counts from the epoch in UTC. No function here reads a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, NewType

from groupcore.errors import InputError

Duration = NewType("Duration", int)
"""A length of time in microseconds, written ``"10s"``, ``"5m"``, ``"1d"`` in files."""

Resolution = Literal["us", "ms", "s", "min"]
"""How fine a clock is that stamped a fact."""

MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

RESOLUTIONS: dict[str, int] = {"us": 1, "ms": MILLISECOND, "s": SECOND, "min": MINUTE}

_UNITS = {"us": 1, "ms": MILLISECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|m|h|d|w)\s*\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = 253_402_300_800 * SECOND  # the year 10000, where datetime ends
_LONGEST = 100 * 365 * DAY  # longer than any community; write "forever" instead


def duration(value: str | int | timedelta) -> Duration:
    """The microseconds of ``"1.5h"``, of a timedelta, or of an integer that counts them already."""
    if isinstance(value, timedelta):
        return _checked(value // _MICROSECOND, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _checked(value, value)
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None:
        raise InputError(f"{value!r} is no duration; write a number and us, ms, s, m, h, d or w, such as '10s'")
    if len(match[1]) > 30:
        raise _out_of_range(value)
    return _checked(round(float(match[1]) * _UNITS[match[2]]), value)


def _checked(micros: int, written: object) -> Duration:
    if not 0 < micros <= _LONGEST:
        raise _out_of_range(written)
    return Duration(micros)


def _out_of_range(written: object) -> InputError:
    return InputError(f"{written!r:.60} is out of range: a duration is more than 0 and at most 36500d")


def format_duration(micros: int) -> str:
    """The shortest way to write a duration: ``90_000_000`` is ``"90s"``, ``60_000_000`` is ``"1m"``."""
    for unit in ("w", "d", "h", "m", "s", "ms"):
        if micros % _UNITS[unit] == 0:
            return f"{micros // _UNITS[unit]}{unit}"
    return f"{micros}us"


def instant(value: int | str | datetime) -> int:
    """Microseconds since the epoch of an integer, an RFC 3339 string or an aware datetime.

    Raises InputError for a naive time: a time without an offset is a guess.
    """
    if type(value) is int:
        return _in_range(value)
    if isinstance(value, str):
        value = _parsed(value)
    if not isinstance(value, datetime):
        raise InputError(f"{value!r} is no time; write an RFC 3339 string or an integer of microseconds")
    if value.tzinfo is not UTC and value.utcoffset() is None:
        raise InputError(f"the time {value.isoformat()!r} is naive; write its offset, such as 'Z' or '+08:00'")
    return _in_range((value - _EPOCH) // _MICROSECOND)


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper())  # RFC 3339 allows "t" and "z"
    except ValueError:
        raise InputError(f"{text!r} is no RFC 3339 time, such as '2026-11-01T08:00:00Z'") from None


def _in_range(micros: int) -> int:
    if not 0 <= micros < _LATEST:
        raise InputError(f"the time {micros} lies outside the years 1970 to 9999 (microseconds are expected)")
    return micros


def format_instant(micros: int) -> str:
    """The RFC 3339 string of an instant, in UTC, without trailing zeros: ``2026-11-01T08:03:00.25Z``."""
    moment = _EPOCH + timedelta(microseconds=micros)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else "") + "Z"
