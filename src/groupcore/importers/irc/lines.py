"""The lines of IRC logs, in three dialects, each read as an `Entry`.

What people say looks much the same in all of them: ``[12:03] <amy> hello``, ``12:03 <@amy> hello``, ``* amy
waves``. They differ in how they tell of joins, modes and the like: Ubuntu's logs write ``===``, irssi
``-!-``, ZNC ``***``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

Kind = Literal["say", "join", "leave", "kick", "rename", "mode", "day", "system"]
Dialect = Literal["ubuntu", "irssi", "znc"]

TIMELESS = -1


class Entry(NamedTuple):
    """One line. ``second`` counts from midnight, `TIMELESS` where the line has no time.

    ``nick`` is who did it, and ``other`` to whom: the new nick, who kicked. ``text`` is what was said, the
    reason, or the modes. ``exact``: the time has seconds.
    """

    kind: Kind
    second: int = TIMELESS
    exact: bool = False
    nick: str = ""
    text: str = ""
    other: str = ""
    day: date | None = None


Reader: TypeAlias = Callable[[str], Entry | None]

_STAMP = r"\[?(?P<h>[01]\d|2[0-3]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d|60))?\]? {1,2}"
_CHANNEL = r"[#&+!]\S*"
_STAMPED = re.compile(_STAMP + r"(?P<rest>\S.*)\Z", re.DOTALL)
_SAY = re.compile(
    r"\[?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60))?\]? {1,2}<[ @+%&~!]{0,3}([^<>]{1,64})>(?: (.*))?\Z",
    re.DOTALL,
)
_SAID_ELSE = re.compile(
    r"\* (?P<nick>\S{1,64})(?: (?P<text>.*))?\Z"  # /me
    rf"|-(?P<noticed>[^\s:\-][^\s:]{{0,63}}?)(?:\([^)]*\))?(?::{_CHANNEL}?)?- (?P<notice>.*)\Z"  # a notice
    rf"|\((?P<quoted>[^\s/]{{1,64}})/{_CHANNEL}\) (?P<quote>.*)\Z",  # of a channel that is not in view
    re.DOTALL,
)


def reader(dialect: Dialect) -> Reader:
    """The function that reads a line of that dialect: an `Entry`, or None for what is no line of it."""
    return _READERS[dialect]


def detect(lines: Iterable[str]) -> Dialect:
    """The dialect that most of *lines* are in."""
    votes: dict[Dialect, int] = {"ubuntu": 0, "irssi": 0, "znc": 0}
    for line in lines:
        for dialect, mark in _MARKS:
            if mark.match(line):
                votes[dialect] += 1
                break
    return max(votes, key=votes.__getitem__)


_MARKS: tuple[tuple[Dialect, re.Pattern[str]], ...] = (
    ("ubuntu", re.compile(r"=== \S")),
    ("znc", re.compile(r"\[\d\d:\d\d(:\d\d)?\] \*\*\* \S")),
    ("irssi", re.compile(r"\d\d:\d\d(:\d\d)? |--- (Log|Day) ")),
    ("znc", re.compile(r"\[\d\d:\d\d:\d\d\] ")),
    ("ubuntu", re.compile(r"\[\d\d:\d\d\] ")),
)


def channel_in(lines: Iterable[str]) -> str:
    """The first channel that joins, parts or modes among *lines* name, or nothing."""
    for line in lines:
        match = _NAMED.match(line)
        if match is not None:
            return match[1]
    return ""


_NAMED = re.compile(
    r"(?:=== |\[?\d\d:\d\d(?::\d\d)?\]? -!- )"
    r"(?:(?:Server)?[Mm]ode/|.{1,64}? \[.*\]\s+has (?:joined|left) "
    r"|\S+ was kicked (?:off|from) |\S+ changed the topic of )"
    r"([#&]\S*)"
)


def _stamp(match: re.Match[str]) -> tuple[int, bool]:
    second = match["s"]
    return int(match["h"]) * 3600 + int(match["m"]) * 60 + int(second or 0), second is not None


def _said(line: str) -> Entry | None:
    match = _SAY.match(line)
    if match is None:
        return None
    hour, minute, second, nick, text = match.groups()
    at = int(hour) * 3600 + int(minute) * 60
    if second is None:
        return Entry("say", at, False, nick, text or "")
    return Entry("say", at + int(second), True, nick, text or "")


def _told(line: str, system: Callable[[str], Entry | None]) -> Entry | None:
    """A line with a time that is no ordinary message: an action, a notice, or what *system* makes of it."""
    match = _STAMPED.match(line)
    if match is None:
        return None
    second, exact = _stamp(match)
    rest = match["rest"]
    entry = system(rest) or _said_else(rest)
    return None if entry is None else entry._replace(second=second, exact=exact)


def _said_else(rest: str) -> Entry | None:
    match = _SAID_ELSE.match(rest)
    if match is None:
        return None
    for nick, text in (("nick", "text"), ("noticed", "notice"), ("quoted", "quote")):
        if match[nick] is not None:
            return Entry("say", nick=match[nick], text=match[text] or "")
    return None


class _Form(NamedTuple):
    """One form of a system line: the kind of entry it makes from the groups of its pattern."""

    kind: Kind
    pattern: re.Pattern[str]

    def entry(self, line: str) -> Entry | None:
        match = self.pattern.match(line)
        if match is None:
            return None
        found = {key: (value or "").strip() for key, value in match.groupdict().items()}
        return Entry(self.kind, **found)  # type: ignore[arg-type]


def _forms(*pairs: tuple[Kind, str]) -> tuple[_Form, ...]:
    return tuple(_Form(kind, re.compile(pattern + r"\Z", re.DOTALL)) for kind, pattern in pairs)


def _first(forms: tuple[_Form, ...], line: str) -> Entry | None:
    for form in forms:
        entry = form.entry(line)
        if entry is not None:
            return entry
    return None


_NICK = r"(?P<nick>\S.{0,63}?) ?"  # pseudonymised logs hold nicks with a blank in them
_HOST = r" \[.*?\]\s+"

_UBUNTU = _forms(
    ("join", rf"{_NICK}{_HOST}has joined {_CHANNEL}"),
    ("leave", rf"{_NICK}{_HOST}has (?:left {_CHANNEL}|quit)\s*(?:\[(?P<text>.*)\])?"),
    ("rename", rf"{_NICK} is now known as (?P<other>\S+)"),
    ("kick", rf"{_NICK} was kicked off {_CHANNEL} by (?P<other>\S+)(?: \((?P<text>.*)\))?"),
    ("mode", rf"mode/{_CHANNEL} \[(?P<text>.*)\]\s+by (?P<nick>\S+)"),
    ("mode", r"\S+ mode \((?P<text>[+-].*?) ?\)\s+by (?P<nick>\S+)"),
    ("join", rf"{_NICK} entered the room\."),
    ("leave", rf"{_NICK} left the room(?: \((?:quit: )?(?P<text>.*)\))?\."),
    ("system", rf"\S+ \({_CHANNEL}\): set by .*"),
    ("system", rf"\S+ (?:changed|unset) the topic\b.*|(?:Topic|Netsplit|Disconnected)\b.*|{_CHANNEL} .*"),
    ("say", r"(?P<nick>\S{1,64}) (?P<text>.*)"),  # an action
)


def _ubuntu(line: str) -> Entry | None:
    if line.startswith("=== "):
        return _first(_UBUNTU, line[4:].strip())
    return _said(line) or _told(line, lambda _: None)


_IRSSI = _forms(
    ("join", rf"{_NICK}{_HOST}has joined {_CHANNEL}"),
    ("leave", rf"{_NICK}{_HOST}has (?:left {_CHANNEL}|quit)\s*(?:\[(?P<text>.*)\])?"),
    ("rename", rf"{_NICK} is now known as (?P<other>\S+)"),
    ("kick", rf"{_NICK} was kicked from {_CHANNEL} by (?P<other>\S+)(?: \[(?P<text>.*)\])?"),
    ("mode", rf"(?:Server)?[Mm]ode/{_CHANNEL} \[(?P<text>.*)\]\s+by (?P<nick>\S+)"),
    ("system", r".*"),
)
_DAYS = re.compile(r"--- (?:Log opened|Day changed) \S+ (\S+) +(\d{1,2}) (?:([\d:]{8}) )?(\d{4})\Z")


def _irssi(line: str) -> Entry | None:
    if line.startswith("--- "):
        return _day(line)
    return _said(line) or _told(line, _irssi_system)


def _irssi_system(rest: str) -> Entry | None:
    return _first(_IRSSI, rest[4:].strip()) if rest.startswith("-!- ") else None


def _day(line: str) -> Entry | None:
    """A line that tells the date; month and day are in English, as irssi writes them in the C locale."""
    if line.startswith("--- Log closed"):
        return Entry("system")
    match = _DAYS.match(line)
    if match is None:
        return None
    month, day, _, year = match.groups()
    try:
        return Entry("day", day=_english(month, int(day), int(year)))
    except ValueError:
        return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _english(month: str, day: int, year: int) -> date:
    return date(year, _MONTHS.index(month[:3].lower()) + 1, day)


_ZNC = _forms(
    ("join", r"Joins: (?P<nick>\S+)(?: \(.*\))?"),
    ("leave", r"(?:Parts|Quits): (?P<nick>\S+)(?: \([^()]*\))?(?: \((?P<text>.*)\))?"),
    ("kick", r"(?P<nick>\S+) was kicked by (?P<other>\S+)(?: \((?P<text>.*)\))?"),
    ("rename", r"(?P<nick>\S+) is now known as (?P<other>\S+)"),
    ("mode", r"(?P<nick>\S+) sets mode: (?P<text>.*)"),
    ("join", r"(?P<nick>\S+) (?:has )?joined(?: #\S*)?"),
    ("leave", r"(?P<nick>\S+) (?:has )?(?:left|quit)(?: #\S*)?(?: \((?P<text>.*)\))?"),
    ("system", r".*"),
)


def _znc(line: str) -> Entry | None:
    return _said(line) or _told(line, _znc_system)


def _znc_system(rest: str) -> Entry | None:
    return _first(_ZNC, rest[4:].strip()) if rest.startswith("*** ") else None


_READERS: dict[Dialect, Reader] = {"ubuntu": _ubuntu, "irssi": _irssi, "znc": _znc}
