"""The lines of a JSON Lines log: where appends end, which lines count, and what is no log at all.

Each line is one event with its envelope (`events.write_row`). An append of several events marks every line
but its last with ``"more": true`` behind the other keys, so that an append counts when its last line is
whole. What stands behind the last whole append was never acknowledged, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

from groupcore.errors import CorruptLog, InputError, NotALog, StoreError
from groupcore.events import Row, read_row, write_row
from groupcore.stores.files import open_to_read
from groupcore.stores.subjects import CHAT, Subjects, subjects_of
from groupcore.wire import glance, loads

MORE = b',"more":true}'
"""How the lines of an append end, but for its last."""
_MORE_LINE = MORE + b"\n"
_FLAT = 20  # brackets of a line that is certainly not too deep to be read
# The first line of every log begins so, with the time and the key "cause", "claimed_at" or "data" behind it.
_START = b'{"at":'
_TORN_START = re.compile(_START + rb'-?\d*(,("([cd][^\n]*)?)?)?')


class Note(NamedTuple):
    """What an index keeps of a line: its row is not built, and what it says is not kept."""

    position: int
    stream: str
    version: int
    id: str
    digest: str
    cause: str | None
    subjects: Subjects


_note_of: Callable[[tuple[Any, ...]], Note] = partial(tuple.__new__, Note)  # the same, in half the time
T = TypeVar("T", Row, Note)


def read_note(line: bytes) -> Note:
    """The note of a line of a log, in a fifth of the time of its row. Raises InputError for what is no row."""
    given: Any = glance(line) if line.count(b"[") + line.count(b"{") <= _FLAT else None
    try:
        if _is_whole(given):
            return _note_of(
                (
                    given["position"],
                    given["stream"],
                    given["version"],
                    given["id"],
                    given["digest"],
                    given.get("cause"),
                    () if given["type"] in CHAT else _subjects(given),
                )
            )
    except (KeyError, TypeError, AttributeError):
        pass
    return note_of(read_row(line))  # unusual, or it says what is wrong


def _is_whole(given: Any) -> bool:
    """Whether all is there that a row cannot do without; raises where something is of another kind."""
    data = given["data"]
    for key in given.get("private", ()):
        data[key]
    return type(data) is dict and "schema" in given and "at" in given and "group" in given and "recorded_at" in given


def _subjects(given: Mapping[str, Any]) -> Subjects:
    hidden = given.get("private", ())
    plain = {key: value for key, value in given["data"].items() if key not in hidden}
    return subjects_of(given["type"], plain)


def note_of(row: Row) -> Note:
    """The note of a row."""
    plain = {} if row.type in CHAT else loads(row.data)
    return Note(row.position, row.stream, row.version, row.id, row.digest, row.cause, subjects_of(row.type, plain))


def lines_of(rows: Iterable[Row]) -> list[bytes]:
    """The lines of one append."""
    lines = [write_row(row) for row in rows]
    return [line[:-1] + MORE + b"\n" for line in lines[:-1]] + [line + b"\n" for line in lines[-1:]]


class Walk(Generic[T]):
    """The whole appends of a file between two offsets, row by row or note by note, each with the offset of its line.

    ``end`` is where the last whole append ended, and moves while one iterates. Only the rows of an append
    whose last line has not been met are held.
    """

    def __init__(
        self, path: Path, name: str, read: Callable[[bytes], T], stop: int, start: int = 0, position: int = 0
    ) -> None:
        self.name = name
        self._read: Callable[[bytes], T] = read
        self.end = start
        self._path = path
        self._stop = stop
        self._position = position

    def __iter__(self) -> Iterator[tuple[int, T]]:
        held: list[tuple[int, T]] = []
        with open_to_read(self._path, self.name) as file:
            file.seek(self.end)
            for offset, line in self._lines(file):
                if line.isspace():
                    self.end = self.end if held else offset + len(line)
                    continue
                row = self._row(line)
                if row is None:
                    return
                held.append((offset, row))
                if line.endswith(_MORE_LINE) or line.rstrip().endswith(MORE):
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

    def _row(self, line: bytes) -> T | None:
        """What a line says, or None for the torn one at the end."""
        try:
            row = self._read(line)
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
