"""The lines of a JSON Lines log: where appends end, which lines count, and what is no log at all.

Each line is one event with its envelope (`events.write_row`). An append of several events marks every line
but its last with ``"more": true`` behind the other keys, so that an append counts when its last line is
whole. What stands behind the last whole append was never acknowledged, and is not read.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from groupcore.errors import CorruptLog, InputError, NotALog, StoreError
from groupcore.events import NO_HEAD, Head, Row, read_row, write_row
from groupcore.stores.files import open_to_read
from groupcore.wire import loads

MORE = b',"more":true}'
"""How the lines of an append end, but for its last."""
# The first line of every log begins so, with the time and the key "cause", "claimed_at" or "data" behind it.
_START = b'{"at":'
_TORN_START = re.compile(_START + rb'-?\d*(,("([cd][^\n]*)?)?)?')


class Placed(NamedTuple):
    """A row and the offset of its line."""

    offset: int
    row: Row


def lines_of(rows: Iterable[Row]) -> list[bytes]:
    """The lines of one append."""
    lines = [write_row(row) for row in rows]
    return [line[:-1] + MORE + b"\n" for line in lines[:-1]] + [line + b"\n" for line in lines[-1:]]


class Walk:
    """The whole appends of a file between two offsets, row by row.

    ``end`` is where the last whole append ended, and moves while one iterates. Only the rows of an append
    whose last line has not been met are held.
    """

    def __init__(self, path: Path, name: str, stop: int, start: int = 0, position: int = 0) -> None:
        self.name = name
        self.end = start
        self._path = path
        self._stop = stop
        self._position = position

    def __iter__(self) -> Iterator[Placed]:
        held: list[Placed] = []
        with open_to_read(self._path, self.name) as file:
            file.seek(self.end)
            for offset, line in self._lines(file):
                if line.isspace():
                    self.end = self.end if held else offset + len(line)
                    continue
                row = self._row(line)
                if row is None:
                    return
                held.append(Placed(offset, row))
                if line.rstrip().endswith(MORE):
                    continue
                self.end = offset + len(line)
                yield from held
                held.clear()

    def _lines(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """The lines that end before the stop."""
        offset = self.end
        if offset == 0:
            self._check_start(file)
        for line in file:
            if offset + len(line) > self._stop:
                return
            yield offset, line
            offset += len(line)

    def _row(self, line: bytes) -> Row | None:
        """The row of a line, or None for the torn one at the end."""
        try:
            row = read_row(line)
        except InputError as error:
            if self._position == 0:
                _refuse_stranger(line, self.name)
            if not line.endswith(b"\n"):
                return None
            raise CorruptLog(self._position + 1, str(error)) from None
        if row.position != self._position + 1:
            raise CorruptLog(self._position + 1, f"the line says that it is event {row.position!r}")
        self._position += 1
        return row

    def _check_start(self, file: BinaryIO) -> None:
        """Refuse what cannot be JSON at all before a line of it is read: it may have no line ends."""
        start = file.read(64).lstrip()
        file.seek(0)
        if start and not start.startswith(b"{"):
            hint = ", but an SQLite file" if start.startswith(b"SQLite format 3") else ""
            raise NotALog(f"{self.name} is no log of groupcore in JSON Lines{hint}")


def _refuse_stranger(line: bytes, name: str) -> None:
    """Raise NotALog where the first line of a file is none of ours; return where it is ours, and damaged."""
    if b'"digest":' in line and b'"version":' in line:
        return
    try:
        given = loads(line)
    except InputError:
        if line.endswith(b"\n") or not _is_torn_start(line):
            raise NotALog(f"{name} is no log of groupcore: its first line is no event") from None
        return
    if isinstance(given, Mapping) and "groupcore" in given:  # the first line of files that later versions may write
        found = given.get("format")
        raise StoreError(f"{name} was written by a newer groupcore (its format is {found!r}, this version knows 1)")
    if isinstance(given, Mapping) and "type" in given and "at" in given:
        raise NotALog(f"{name} is a file of facts: import it first: groupcore import facts {name} LOG")
    raise NotALog(f"{name} is no log of groupcore: its first line is no event")


def _is_torn_start(line: bytes) -> bool:
    """Whether a writer of ours may have been stopped within this first line. Others' files are never cut."""
    return _START.startswith(line) or _TORN_START.fullmatch(line) is not None


class Index:
    """What is known of the events of a file without reading it again: about 300 bytes an event."""

    def __init__(self) -> None:
        self.end = 0  # of the last whole append
        self.offsets = array("Q")  # by position - 1
        self.ids: dict[str, int] = {}  # positions
        self.answers: dict[str, list[int]] = {}  # positions of verdicts, by the fact that they answer
        self.streams: dict[str, array[int]] = {}  # positions
        self.heads: dict[str, Head] = {}

    @property
    def position(self) -> int:
        """The position of the last event."""
        return len(self.offsets)

    def fits(self, path: Path, name: str) -> bool:
        """Whether the last event stands where it did: then all before it do, for an erasure makes lines shorter."""
        if not self.offsets:
            return True
        with open_to_read(path, name) as file:
            file.seek(self.offsets[-1])
            line = file.readline()
            rest = file.read(max(self.end - file.tell(), 0))
        reached = self.offsets[-1] + len(line.rstrip(b"\n")) + len(rest)
        try:
            return not rest.strip() and reached <= self.end <= reached + 1 and read_row(line).position == self.position
        except InputError:
            return False

    def catch_up(self, path: Path, name: str, stop: int) -> None:
        """Take in the whole appends that stand behind the end, up to the offset *stop*."""
        walk = Walk(path, name, stop, self.end, self.position)
        for offset, row in walk:
            self._check(row)
            self.add(offset, row)
        self.end = walk.end

    def add(self, offset: int, row: Row) -> None:
        """Take in the next row, whose line stands at *offset*."""
        self.offsets.append(offset)
        self.ids[row.id] = row.position
        self.streams.setdefault(row.stream, array("Q")).append(row.position)
        self.heads[row.stream] = Head(row.version, row.digest)
        if row.cause is not None:
            self.answers.setdefault(row.cause, []).append(row.position)

    def _check(self, row: Row) -> None:
        """Refuse what no append can have written: a writer must not build on it."""
        names: tuple[object, ...] = (row.id, row.stream, row.digest)  # whatever the file says
        if not all(isinstance(name, str) for name in names):
            raise CorruptLog(self.position + 1, "the envelope is damaged: id, stream and digest are strings")
        if row.id in self.ids:
            raise CorruptLog(self.position + 1, f"its id {row.id} is that of event {self.ids[row.id]}")
        expected = self.heads.get(row.stream, NO_HEAD).version + 1
        if row.version != expected:
            raise CorruptLog(self.position + 1, f"{row.stream}: expected version {expected}, found {row.version!r}")

    def about(self, fact_id: str) -> list[int]:
        """The positions of the fact of this id and of the verdicts that name it as their cause, in order."""
        fact = self.ids.get(fact_id)
        answers = self.answers.get(fact_id, [])
        return sorted([fact, *answers] if fact is not None else answers)
