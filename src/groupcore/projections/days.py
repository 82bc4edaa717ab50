"""Local days: to which day of the calendar an instant belongs, in a zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from groupcore.clock import DAY
from groupcore.errors import InputError

CHINA = "+08:00"
"""The zone of official statistics: their days are UTC+8."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


class Calendar:
    """The days of *zone*: an offset such as ``+08:00``, or a name such as ``Asia/Shanghai``.

    >>> Calendar("+08:00").day_of(16 * 3_600_000_000)
    datetime.date(1970, 1, 2)
    """

    def __init__(self, zone: str = CHINA) -> None:
        self.zone = zone
        self._offset = _offset(zone)
        self._zone: tzinfo = _named(zone) if self._offset is None else timezone(self._offset * _MICROSECOND)

    def day_of(self, at: int) -> date:
        """The day that the instant *at* lies in."""
        try:
            if self._offset is not None:
                return date.fromordinal(_FIRST + (at + self._offset) // DAY)
            return (_EPOCH + at * _MICROSECOND).astimezone(self._zone).date()
        except (OverflowError, ValueError):
            return date.max if at > 0 else date.min

    def end_of(self, day: date) -> int:
        """The instant at which *day* is over."""
        begins = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        if self._offset is not None or day == date.max:
            return (begins - _EPOCH) // _MICROSECOND + DAY
        after = day + timedelta(days=1)
        return (datetime(after.year, after.month, after.day, tzinfo=self._zone) - _EPOCH) // _MICROSECOND


def _offset(zone: str) -> int | None:
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes >= 24 * 60:
        raise InputError(f"{zone!r} is no offset from UTC")
    return (-minutes if match[1] == "-" else minutes) * 60_000_000


def _named(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (OSError, ValueError, KeyError):  # KeyError: ZoneInfoNotFoundError is one
        raise InputError(f"there is no time zone {zone!r}; write +08:00, or a name such as Asia/Shanghai") from None
