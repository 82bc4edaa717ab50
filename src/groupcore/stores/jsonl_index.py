"""What a JSON Lines log is looked up by: kept in arrays, some 45 bytes an event and 30 more for a verdict.

It is made in one pass over the file. Each line is parsed, so that damage is told with its position, and nothing is kept
of it but where it stands, its names as digests, and the head of its stream.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from groupcore.errors import CorruptLog, InputError
from groupcore.events import Head, Row, read_row
from groupcore.stores.files import open_to_read
from groupcore.stores.jsonl_lines import Note, Walk, note_of, read_note
from groupcore.stores.places import Places

_NONE: Sequence[int] = ()


class Index:
    """What is known of the events of a file without reading it again."""

    def __init__(self) -> None:
        self.end = 0  # of the last whole append
        self.offsets = array("Q")  # by position - 1
        self._ids = Places()
        self._answers = Places()  # verdicts, by the fact that they answer
        self._subjects = Places()  # by the number of their stream and whom they are about
        self._numbers: dict[str, int] = {}  # of streams
        self._streams: list[array[int]] = []  # positions, by number
        self._digests: list[str] = []  # of the last event of each

    @property
    def position(self) -> int:
        """The position of the last event."""
        return len(self.offsets)

    # -- looking up

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        return {
            stream: Head(len(positions), digest)
            for stream, positions, digest in zip(self._numbers, self._streams, self._digests, strict=True)
        }

    def heads_of(self, streams: Iterable[str]) -> dict[str, Head]:
        """Where these streams end, as far as there are such streams."""
        numbers = {stream: self._numbers[stream] for stream in streams if stream in self._numbers}
        return {stream: Head(len(self._streams[n]), self._digests[n]) for stream, n in numbers.items()}

    def at(self, id: str) -> int:
        """The position of the event of this id; 0: there is none."""
        return self._ids.last(id)

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which of these ids the file holds."""
        return {id for id in ids if self._ids.last(id)}

    def stream(self, stream: str) -> Sequence[int]:
        """The positions of a stream, in order."""
        return self._streams[self._numbers[stream]] if stream in self._numbers else _NONE

    def about(self, fact_id: str) -> list[int]:
        """The positions of the fact of this id and of the verdicts that name it as their cause, in order."""
        return sorted({*self._ids.of(fact_id), *self._answers.of(fact_id)})

    def concerning(self, stream: str, subjects: Collection[str]) -> list[int]:
        """The positions on *stream* that are about one of *subjects* or about nobody, in order, without chat."""
        number = self._numbers.get(stream)
        names = [_key(number, subject) for subject in (None, *subjects)] if number is not None else []
        return sorted({position for name in names for position in self._subjects.of(name)})

    # -- the file

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
        walk = Walk(path, name, read_note, stop, self.end, self.position)
        for offset, note in walk:
            self._take(offset, note)
        self.end = walk.end

    def add(self, offset: int, row: Row) -> None:
        """Take in the next row, whose line stands at *offset*."""
        self._take(offset, note_of(row))

    def _take(self, offset: int, note: Note) -> None:
        """Take in the next line. Raises CorruptLog for what no append can have written."""
        position, stream, version, id, digest, cause, subjects = note
        _check_names(note)
        before = self._ids.add(id, position)
        if before:
            raise CorruptLog(position, f"its id {id} is that of event {before}")
        number = self._numbers.get(stream)
        if number is None:
            number = self._new_stream(stream)
        positions = self._streams[number]
        if version != len(positions) + 1:
            raise CorruptLog(position, f"{stream}: expected version {len(positions) + 1}, found {version!r}")
        positions.append(position)
        self._digests[number] = digest
        self.offsets.append(offset)
        if type(cause) is str:
            self._answers.add(cause, position)
        for subject in subjects:
            self._subjects.add(_key(number, subject), position)

    def _new_stream(self, stream: str) -> int:
        self._numbers[stream] = len(self._streams)
        self._streams.append(array("I"))
        self._digests.append("")
        return len(self._streams) - 1


def _check_names(note: Note) -> None:
    """The file may say anything, and a writer must not build on it."""
    if not type(note[1]) is type(note[3]) is type(note[4]) is str:
        raise CorruptLog(note.position, "the envelope is damaged: id, stream and digest are strings")


def _key(number: int | None, subject: str | None) -> str:
    """A name for a subject on a stream; no subject is that of nobody."""
    return f"{number}" if subject is None else f"{number} {subject}"
