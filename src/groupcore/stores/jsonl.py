"""A log in a JSON Lines file: to read with any tool, to keep in a repository, to mail.

One line is one event with its envelope, in the order of the log (`jsonl_lines` says how appends are told
apart). One process writes at a time, under a lock on the file; any number read meanwhile. An append is one
write and one sync. What a writer that was stopped left behind the last whole append is cut when the next
writer opens the log, and ``repaired`` says so; a line that is damaged elsewhere is `CorruptLog`.

A writer holds an index of the file in memory (`jsonl_index`), about 45 bytes an event, and makes it in one pass when it
opens the log. A reader reads straight from the file, and makes the index when it is first asked for an id, a stream or
the heads. For large logs take SQLite.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import RLock

from groupcore.errors import CorruptLog, InputError, StoreError
from groupcore.events import Head, Row, read_row
from groupcore.stores.base import (
    ANYTHING,
    Store,
    check_expected,
    check_storable,
    closed,
    only_read,
    place,
    refuse_duplicates,
)
from groupcore.stores.files import Fsync, Tape, check_path, open_to_read
from groupcore.stores.jsonl_erasing import remove_copy, rewritten
from groupcore.stores.jsonl_index import Index
from groupcore.stores.jsonl_lines import Walk, lines_of
from groupcore.stores.jsonl_shelf import JsonlShelf
from groupcore.stores.shelf import Shelf


class JsonlStore(Store):
    """The log in the JSON Lines file *path*.

    A new file is made unless *create* is false. With *read_only* the file is never changed. *fsync* is
    ``durable`` or ``relaxed`` (faster, and the last appends are lost if the power fails).
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        create: bool = True,
        fsync: Fsync = "durable",
    ) -> None:
        self.name = os.fspath(path)
        self._path = Path(path).absolute()
        self._lock = RLock()
        self._index: Index | None = None  # None: the file has to be looked at (again)
        self._torn: str | None = None
        self._open = True
        self._tape: Tape | None = None
        self._fsync: Fsync = fsync
        self._seen = (0, 0, 0)  # the file as it was when a reader looked last
        check_path(self._path, self.name, read_only=read_only, create=create)
        if read_only:
            next(iter(Walk(self._path, self.name, read_row, self._size())), None)  # refuses what is no log
        else:
            self._tape = Tape(self._path, self.name, fsync)
            remove_copy(self._path)
            self._look(self._tape)

    def _look(self, tape: Tape) -> None:
        try:
            self._indexed()
        except BaseException:
            tape.close()
            raise

    @property
    def repaired(self) -> str | None:
        """What was found behind the last whole append, and what was done about it (readers leave it out)."""
        with self._lock:
            self._indexed()
            return self._torn

    # -- writing

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, in one write, and return them numbered and chained."""
        with self._lock:
            index = self._indexed()
            if self._tape is None:
                raise only_read(self.name)
            check_storable(drafts)
            refuse_duplicates(drafts, index.known(draft.id for draft in drafts))
            check_expected(expect, index.heads_of(expect))
            rows = place(drafts, index.position, index.heads_of({draft.stream for draft in drafts}))
            if rows:
                self._write(self._tape, index, rows)
            return rows

    def _write(self, tape: Tape, index: Index, rows: list[Row]) -> None:
        lines = lines_of(rows)
        self._index = None  # whatever interrupts us from here on, the file is looked at again
        try:
            tape.write(index.end, b"".join(lines))
        except StoreError:
            self._index = index  # the file was cut back, or will be before the next write
            raise
        for line, row in zip(lines, rows, strict=True):
            index.add(index.end, row)
            index.end += len(line)
        self._index = index

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away, and its salt; how many had one. O(log): the file is made anew."""
        with self._lock:
            index = self._indexed()
            if self._tape is None:
                raise only_read(self.name)
            found = self._pick(sorted({position for id in ids if (position := index.at(id))}))
            meant = {row.position for row in found if row.private is not None}
            if meant:
                self._index = None
                self._tape = rewritten(self._path, self._tape, index, meant, self._fsync)
            return len(meant)

    # -- the index

    def _indexed(self) -> Index:
        """The index, caught up with the file; a writer that has to make it anew repairs the file's end."""
        if not self._open:
            raise closed(self.name)
        if self._index is not None and self._tape is not None:
            return self._index
        size = self._size()
        index = self._index if self._index is not None and self._still_fits(self._index) else Index()
        self._index = None
        index.catch_up(self._path, self.name, size)
        self._settle(index, size)
        self._index = index
        return index

    def _still_fits(self, index: Index) -> bool:
        """Whether the file that a reader has looked at has only grown: an erasure writes it anew, and shorter."""
        status = self._path.stat()
        seen, self._seen = self._seen, (status.st_ino, status.st_size, status.st_mtime_ns)
        return seen == self._seen or index.fits(self._path, self.name)

    def _settle(self, index: Index, size: int) -> None:
        """Deal with what stands behind the last whole append."""
        self._torn = None
        if self._tape is not None:
            if size > index.end:
                self._torn = f"cut {size - index.end} bytes {_unfinished(index)}"
                self._tape.cut(index.end)
            if self._lacks_newline(index.end):
                self._torn = "ended the last line"
                self._tape.write(index.end, b"\n")
                index.end += 1
        elif size > index.end + self._lacks_newline(index.end):
            self._torn = f"left out {size - index.end} bytes {_unfinished(index)}"

    def _lacks_newline(self, end: int) -> bool:
        return end > 0 and self._bytes(end - 1, 1) != b"\n"

    def _bytes(self, offset: int, count: int) -> bytes:
        with open_to_read(self._path, self.name) as file:
            file.seek(offset)
            return file.read(count)

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError as error:
            raise StoreError(f"{self.name}: {error.strerror}") from None

    # -- reading

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        with self._lock:
            return self._indexed().known(ids)

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order, straight from the file."""
        with self._lock:
            if self._tape is None and self._index is None:
                walk = Walk(self._path, self.name, read_row, self._readable())
                return (row for _, row in walk if row.position > after)
            return self._between(max(after, 0), self._indexed().position)

    def _readable(self) -> int:
        if not self._open:
            raise closed(self.name)
        return self._size()

    def _between(self, after: int, last: int) -> Iterator[Row]:
        """The rows behind *after*, up to *last*; where they stand is looked up once somebody reads them."""
        if after >= last:
            return
        with self._lock:
            index = self._indexed()
            stop = index.offsets[last] if last < index.position else index.end
            walk = Walk(self._path, self.name, read_row, stop, index.offsets[after], after)
        for _, row in walk:
            yield row

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order."""
        with self._lock:
            positions = self._indexed().stream(stream)
            count = len(positions)
            return self._pick(positions[number] for number in range(max(after, 0), count))

    def concerning(self, stream: str, subjects: Collection[str]) -> Iterator[Row]:
        """The rows of *stream* that are about one of *subjects* or about nobody, in order, messages left out."""
        with self._lock:
            return self._pick(self._indexed().concerning(stream, subjects))

    def get(self, id: str) -> Row | None:
        """The row of this id, or None."""
        with self._lock:
            position = self._indexed().at(id)
            return next(self._pick([position])) if position else None

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order."""
        with self._lock:
            index = self._indexed()
            rows = self._pick(index.about(fact_id))
            return [row for row in rows if row.id == fact_id or row.id.startswith(f"{fact_id}/")]

    def _pick(self, positions: Iterable[int]) -> Iterator[Row]:
        """The rows at these positions; where they stand is looked up once somebody reads them."""
        with self._lock:
            offsets = self._indexed().offsets
            file = open_to_read(self._path, self.name)
        with file:
            for position in positions:
                file.seek(offsets[position - 1])
                try:
                    yield read_row(file.readline())
                except InputError as error:
                    raise CorruptLog(position, str(error)) from None

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        with self._lock:
            return self._indexed().heads()

    @property
    def shelf(self) -> Shelf:
        """Snapshots, in a directory beside the file."""
        return JsonlShelf(self._path, self._check_writable)

    def _check_writable(self) -> None:
        if not self._open:
            raise closed(self.name)
        if self._tape is None:
            raise only_read(self.name)

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        with self._lock:
            return self._indexed().position

    def close(self) -> None:
        """Let go of the file and of its lock."""
        with self._lock:
            self._open, self._index = False, None
            if self._tape is not None:
                self._tape.close()


def _unfinished(index: Index) -> str:
    return f"behind event {index.position}: an append that was never finished"
