"""One IRC archive read: its logs, oldest first, and each line of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, tzinfo
from itertools import chain, islice
from typing import Any, ClassVar, get_args

from attrs import field, frozen

from groupcore.errors import InputError
from groupcore.importers.base import BadLine, Item, SkippedLine
from groupcore.importers.irc.dates import LogClock, date_in, zone_of
from groupcore.importers.irc.lines import TIMELESS, Dialect, Entry, channel_in, detect, reader
from groupcore.importers.irc.scribe import Byline, Scribe, fold_nick
from groupcore.importers.sources import TOO_LONG, LogFile, Parts, Source, plain
from groupcore.wire import did_you_mean

SERVICES = ("chanserv", "nickserv", "memoserv", "ubotu", "ubottu", "ubot3", "ubottwo")
LOOK_AHEAD = 5_000  # lines that may be read before the channel shows
_IN_NAME = re.compile(
    r"((?:#|%23)+[^\s/]*?)(?:[._-]?(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d.*)?(?:\.(?:log|txt|raw|irc|weechatlog))*\Z"
)


def _words(value: Any) -> tuple[str, ...]:
    """Nicks, as a list or as ``a,b``, folded."""
    given = value.split(",") if isinstance(value, str) else value
    return tuple(fold_nick(each.strip()) for each in given if each.strip())


def _day(value: Any) -> date | None:
    if value is None or value == "" or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is no date; write it as 2004-11-15") from None


def _dialect(value: str) -> str:
    known = ("auto", *get_args(Dialect))
    if value not in known:
        raise InputError(f"unknown dialect {value!r} ({did_you_mean(value, known)})")
    return value


@frozen
class Irc:
    """Reads IRC logs, oldest first by the dates in their names.

    ``zone`` is where the clock of the logs stands, and must be given. ``group`` names the channel where
    neither path nor lines do, ``date`` the day of logs whose names have none. ``dialect`` is ``ubuntu``,
    ``irssi``, ``znc`` or found out. ``bots`` get the role of bots; ``bridges`` are bots that say what
    others said elsewhere, as ``<amy> hello``. ``feed`` tells two networks apart that go into one log.
    """

    name: ClassVar[str] = "irc"

    zone: str = ""
    feed: str = ""
    group: str = ""
    dialect: str = field(default="auto", converter=_dialect)
    date: date | None = field(default=None, converter=_day)
    bots: tuple[str, ...] = field(default=SERVICES, converter=_words)
    bridges: tuple[str, ...] = field(default=(), converter=_words)

    def __attrs_post_init__(self) -> None:
        zone_of(self.zone)

    def facts(self, source: Source | str) -> Iterator[Item]:
        """The facts of *source*, and between them the lines that are none."""
        zone, read = zone_of(self.zone), dict[tuple[str, str], str]()
        for log in Source.of(source).logs(order=_oldest_first):
            yield from self._log(log, zone, read)

    def _log(self, log: LogFile, zone: tzinfo, read: dict[tuple[str, str], str]) -> Iterator[Item]:
        lines = map(_decoded, log.lines())
        head = list(islice(lines, LOOK_AHEAD))
        group = self.group or channel_of(log.parts, head)
        if not group:
            yield BadLine(0, "nothing names the channel; give group (--group)", log.where)
            return
        byline = Byline(f"irc:{self.feed}" if self.feed else "irc", group, log_name(log.parts))
        other = read.setdefault((byline.group, byline.log), log.where)
        if other != log.where:
            reason = f"{other} is another log of {group} by that name; import one of them with a feed"
            yield BadLine(0, reason, log.where)
            return
        yield from _Reading(self, log, byline, zone, head).items(chain(head, lines))


class _Reading:
    """One log being read, line by line."""

    def __init__(self, settings: Irc, log: LogFile, byline: Byline, zone: tzinfo, head: list[str]) -> None:
        dated = date_in(log.parts)
        self._where = log.where
        self._clock = LogClock(zone, dated[0] if dated else settings.date)
        self._scribe = Scribe(byline, frozenset(settings.bots), frozenset(settings.bridges))
        dialect: Any = detect(head) if settings.dialect == "auto" else settings.dialect
        self._read = reader(dialect)
        self._tells_dates = dialect == "irssi"
        self._waiting: list[tuple[int, Entry]] = []  # without a time, and nothing before them has one
        self._started = False

    def items(self, lines: Iterable[str]) -> Iterator[Item]:
        """What the lines come to."""
        for number, line in enumerate(lines, 1):
            if not line or line.isspace():
                continue
            if not self._clock.running and self._is_undated(line):
                yield BadLine(number, "no date in the name of the log; give date (--date 2004-11-15)", self._where)
                return
            yield from self._line(number, line)
        yield from self._release()

    def _is_undated(self, line: str) -> bool:
        return not self._tells_dates or not line.startswith("--- ")

    def _line(self, number: int, line: str) -> Iterator[Item]:
        entry = self._read(line)
        if entry is None:
            reason = "longer than 16 MiB" if line is _TOO_LONG else "this is no line of an IRC log"
            yield BadLine(number, reason, self._where)
        elif entry.day is not None:
            self._clock.turn_to(entry.day)
        elif entry.kind == "system":
            yield SkippedLine(number, "system", self._where)
        elif entry.second == TIMELESS and not self._started:
            self._waiting.append((number, entry))
        else:
            yield from self._entry(number, entry)

    def _entry(self, number: int, entry: Entry) -> Iterator[Item]:
        if entry.second == TIMELESS:
            at = self._clock.now
        else:
            at = self._clock.at(entry.second)
            if not self._started:
                yield from self._release()
        yield from self._facts(number, entry, at)

    def _release(self) -> Iterator[Item]:
        """Lines at the top without a time have that of the first line with one."""
        self._started = True
        for number, entry in self._waiting:
            yield from self._facts(number, entry, self._clock.now)
        self._waiting.clear()

    def _facts(self, number: int, entry: Entry, at: int) -> Iterator[Item]:
        if not entry.nick.strip():
            yield BadLine(number, "nobody is named who said or did it", self._where)
            return
        count = 0
        for fact in self._scribe.facts(entry, number, at):
            count += 1
            yield fact
        if not count:
            yield SkippedLine(number, entry.kind, self._where)


_TOO_LONG = "\x00 too long"


def _decoded(line: bytes) -> str:
    """The text of a line: UTF-8, and where it is none, the code page of old Windows clients."""
    if line is TOO_LONG:
        return _TOO_LONG
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _oldest_first(parts: Parts) -> Any:
    dated = date_in(parts)
    return dated[0] if dated is not None else date.max


def log_name(parts: Parts) -> str:
    """The name a log goes by in identities: the last parts of its path, as many as bear its date, or one.

    >>> log_name(("logs", "train", "2004-11-15.txt.gz"))
    '2004-11-15.txt'
    >>> log_name(("logs", "2004", "11", "15", "#ubuntu.txt"))
    '2004/11/15/#ubuntu.txt'
    """
    dated = date_in(parts)
    count = dated[1] if dated is not None else 1
    return "/".join((*parts[-count:-1], plain(parts[-1])))


def channel_of(parts: Parts, lines: Iterable[str]) -> str:
    """The channel of a log: from its path, its lines, or the directory that it lies in; or nothing.

    >>> channel_of(("logs", "freenode_#Ubuntu_20041115.log"), [])
    '#ubuntu'
    """
    for part in reversed((*parts[:-1], plain(parts[-1]))):
        named = _IN_NAME.search(part)
        if named is not None:
            return fold_nick(named[1].replace("%23", "#"))
    told = channel_in(lines)
    if told:
        return fold_nick(told)
    folders = (part for part in reversed(parts[:-1]) if re.search(r"[^\W\d_]", part))
    return fold_nick(next(folders, ""))
