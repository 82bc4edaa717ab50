"""The facts of one IRC log: who is who in it, and what each entry comes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from attrs import frozen

from groupcore.clock import Resolution
from groupcore.events import (
    Fact,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MemberRenamed,
    MessagePosted,
    RoleGranted,
    RoleRevoked,
    fact_id,
)
from groupcore.importers.irc.lines import Entry
from groupcore.messages import scrub

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~", "abcdefghijklmnopqrstuvwxyz{}|^")
_BRIDGED = re.compile(r"(?:\[(?P<net>[^\]]{1,64})\] ?)?<(?P<nick>[^<>]{1,64})>(?: (?P<text>.*))?\Z", re.DOTALL)
_DRESSING = re.compile(r"[\x02\x0f\x11\x16\x1d-\x1f\u200b-\u200f\u2060\ufeff]|\x03(?:\d{1,2}(?:,\d{1,2})?)?")
_WITH_WORD = frozenset("beIqoahvkfjl")  # modes that are followed by a word of their own
_ONLY_SET = frozenset("lfj")  # ... when they are set, not when they are taken back


def fold_nick(nick: str) -> str:
    """The nick as servers compare it (rfc1459): ``{}|^`` are the small letters of ``[]\\~``.

    >>> fold_nick("Amy[Away]")
    'amy{away}'
    """
    return nick.translate(_LOWER)


class Nicks:
    """Who is who in one log. A member keeps their first nick as id, whatever they call themselves later."""

    def __init__(self) -> None:
        self._renamed: dict[str, str] = {}

    def id(self, nick: str) -> str:
        """The id of whoever bears that nick now."""
        folded = nick.translate(_LOWER)
        return self._renamed.get(folded, folded)

    def rename(self, nick: str, to: str) -> str:
        """The id of who takes the nick *to*."""
        id = self.id(nick)
        self._renamed.pop(fold_nick(nick), None)
        if fold_nick(to) == id:
            self._renamed.pop(id, None)
        else:
            self._renamed[fold_nick(to)] = id
        return id

    def forget(self, nick: str) -> None:
        """Whoever bore the nick is gone; the next who bears it is somebody else."""
        self._renamed.pop(fold_nick(nick), None)


@frozen
class Byline:
    """Where the facts of one log belong: its source, the group, and the name it goes by in identities."""

    source: str
    group: str
    log: str


class Scribe:
    """Writes down the facts of one log, entry by entry."""

    def __init__(self, byline: Byline, bots: frozenset[str], bridges: frozenset[str]) -> None:
        self._line = byline
        self._bots = bots
        self._bridges = bridges
        self._nicks = Nicks()
        self._met: set[str] = set()
        self._write: dict[str, Callable[[Entry, int, int], Iterator[Fact]]] = {
            "say": self._say,
            "join": self._join,
            "leave": self._leave,
            "kick": self._kick,
            "rename": self._rename,
            "mode": self._mode,
        }

    def facts(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        """The facts of an entry on line *number*, at that instant; often one, sometimes none."""
        if self._bots and self._nicks.id(entry.nick) in self._bots:
            yield from self._meet(self._nicks.id(entry.nick), entry, number, at)
        yield from self._write[entry.kind](entry, number, at)

    def _meet(self, bot: str, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        """A bot gets its role when a log first shows it: logs may be imported in any order."""
        if bot not in self._met:
            self._met.add(bot)
            yield self._fact(RoleGranted, entry, number, at, member=bot, role="bot")

    def _say(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        author, text = self._nicks.id(entry.nick), entry.text
        if author in self._bridges:
            author, text = _unwrapped(author, text)
        line = self._line
        yield MessagePosted(
            id=fact_id(line.source, line.group, "message-posted", line.log, number),
            at=at,
            group=line.group,
            resolution="s" if entry.exact else "min",
            source=line.source,
            message=f"{line.log}:{number}",
            author=author,
            text=text,
        )

    def _join(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        member = self._nicks.id(entry.nick)
        yield self._fact(MemberJoined, entry, number, at, member=member, name=entry.nick)

    def _leave(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        member = self._nicks.id(entry.nick)
        self._nicks.forget(entry.nick)
        yield self._fact(MemberLeft, entry, number, at, member=member, reason=entry.text)

    def _kick(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        member, by = self._nicks.id(entry.nick), self._nicks.id(entry.other)
        self._nicks.forget(entry.nick)
        yield self._fact(MemberRemoved, entry, number, at, member=member, by=by, reason=entry.text)

    def _rename(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        if entry.nick != entry.other:
            member = self._nicks.rename(entry.nick, entry.other)
            yield self._fact(MemberRenamed, entry, number, at, member=member, name=entry.other)

    def _mode(self, entry: Entry, number: int, at: int) -> Iterator[Fact]:
        by = self._nicks.id(entry.nick)
        for granted, nick in operators(entry.text):
            member = self._nicks.id(nick)
            kind = RoleGranted if granted else RoleRevoked
            yield self._fact(kind, entry, number, at, member=member, role="admin", by=by)

    def _fact(self, cls: type[F], entry: Entry, number: int, at: int, *, member: str, **fields: str) -> F:
        line = self._line
        resolution: Resolution = "s" if entry.exact else "min"
        id = fact_id(line.source, line.group, cls.type, line.log, number, member, fields.get("role", ""))
        own: dict[str, Any] = {"member": member, **fields}
        return cls(id=id, at=at, group=line.group, resolution=resolution, source=line.source, **own)


F = TypeVar("F", bound=Fact)


def operators(modes: str) -> Iterator[tuple[bool, str]]:
    """Who becomes an operator (True) or is one no more, by a change of modes such as ``+o-v amy bo``."""
    letters, *words = modes.split() or [""]
    granted = True
    for letter in letters:
        if letter in "+-":
            granted = letter == "+"
        elif letter in _WITH_WORD and (granted or letter not in _ONLY_SET):
            if not words:
                return
            word = words.pop(0)
            if letter == "o":
                yield granted, word


def _unwrapped(bridge: str, text: str) -> tuple[str, str]:
    """Who spoke through a bridge, and what they said: ``[net] <amy> hi`` is ``hi`` by ``amy@net``."""
    match = _BRIDGED.match(_DRESSING.sub("", text[:200]) + text[200:])
    name = match["nick"].strip() if match is not None else ""
    if match is None or not name:
        return bridge, text
    return scrub(f"{name}@{match['net'] or bridge}"), match["text"] or ""
