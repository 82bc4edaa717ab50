"""When a line of an IRC log was written: date from its name, time from the line, zone from the user.

Such logs hold local times of the day, often without seconds, and no date. What follows from the order of
the lines is used: a clock that falls far back has passed midnight, one that falls back in the hour that
daylight saving repeats is in its second round.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from groupcore.errors import InputError
from groupcore.wire import did_you_mean

_DAY = 86_400
_NOON = 43_200
_FAR = 6 * 3_600  # a clock set back, or a line out of order, is nearer than that
_NEAR = 3_600  # noon on a clock of twelve hours: 12:59 and then 01:00
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (local times are reckoned with)
_DATE = re.compile(r"(?<!\d)((?:19[7-9]|20\d)\d)[-_./]?(\d\d)[-_./]?(\d\d)(?!\d)")


def zone_of(name: str) -> tzinfo:
    """The zone of that name in the IANA database, or of an offset. Raises InputError: a zone is never guessed.

    >>> zone_of("+08:00").utcoffset(None)
    datetime.timedelta(seconds=28800)
    """
    if not name:
        raise InputError("IRC logs hold local times; give their zone, such as 'UTC' or 'Europe/Berlin'")
    if name.upper() in ("UTC", "Z"):
        return UTC
    if _OFFSET.fullmatch(name):
        return _offset(name)
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, zoneinfo.available_timezones())
        told = hint if len(hint) < 80 else "write UTC, +08:00, or a name such as Europe/Berlin"
        raise InputError(f"unknown zone {name!r} ({told})") from None


_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")


def _offset(written: str) -> tzinfo:
    hours, minutes = written[1:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(ahead if written[0] == "+" else -ahead)


def date_in(parts: tuple[str, ...]) -> tuple[date, int] | None:
    """The date in the path of a log, and how many of its last parts bear it.

    >>> date_in(("logs", "2004-11-15_18-2.txt"))
    (datetime.date(2004, 11, 15), 1)
    >>> date_in(("logs", "2004", "11", "15", "#ubuntu.txt"))
    (datetime.date(2004, 11, 15), 4)
    """
    for count in range(1, min(4, len(parts)) + 1):
        for match in _DATE.finditer("/".join(parts[-count:])):
            try:
                return date(int(match[1]), int(match[2]), int(match[3])), count
            except ValueError:
                continue
    return None


class LogClock:
    """Turns the times of one log, line by line in its order, into instants."""

    def __init__(self, zone: tzinfo, day: date | None) -> None:
        self._zone = zone
        self._midnight: datetime | None = None
        if day is not None:
            self.turn_to(day)

    @property
    def running(self) -> bool:
        """Whether a date is known."""
        return self._midnight is not None

    def turn_to(self, day: date) -> None:
        """The lines that follow are of that day."""
        self._midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        self._added = 0  # seconds, for what came after this day
        self._last = 0
        self._in_24_hours = False
        self._wall = self._midnight
        self._second_round = False
        self._instant = self._reckoned(self._midnight)

    @property
    def now(self) -> int:
        """The instant of the last line that had a time: microseconds since the epoch."""
        return self._instant

    def at(self, second: int) -> int:
        """The instant of the next line, *second* seconds into the day by its clock."""
        if second == self._last:
            return self._instant
        if second < self._last:
            self._fall_back(second)
        self._last = second
        self._in_24_hours = self._in_24_hours or second >= _NOON + 3_600
        assert self._midnight is not None, "a date was given"
        self._instant = self._reckoned(self._midnight + timedelta(seconds=second + self._added))
        return self._instant

    def _fall_back(self, second: int) -> None:
        if self._last - second <= _FAR:
            return
        noon = not self._in_24_hours and 0 <= second + _NOON - self._last <= _NEAR
        self._added += _NOON if noon else _DAY

    def _reckoned(self, wall: datetime) -> int:
        """The instant of a local time; one that the spring skips counts on from before."""
        early = self._offset(wall, fold=0)
        late = self._offset(wall, fold=1)
        if early <= late:
            self._second_round = False
        elif wall < self._wall:
            self._second_round = True
        self._wall = wall
        offset = late if self._second_round else early
        return (wall - offset - _EPOCH) // timedelta(microseconds=1)

    def _offset(self, wall: datetime, *, fold: int) -> timedelta:
        offset = wall.replace(tzinfo=self._zone, fold=fold).utcoffset()
        return offset if offset is not None else timedelta(0)
