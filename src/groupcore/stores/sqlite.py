"""A log in an SQLite file: the default. One file, many processes, durable at commit, any size.

Readers never block a writer: a read takes a page of rows at a time. Writers wait for each other, and one that
waits for too long gets StoreLocked. Positions are given inside the transaction that commits, so that no
reader sees one event before another of a lower position.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import attrgetter
from pathlib import Path
from threading import RLock
from typing import Any

from groupcore.errors import CorruptLog, InputError
from groupcore.events import NO_HEAD, Head, Row, row_of
from groupcore.stores.base import (
    ANYTHING,
    EVERYTHING,
    Store,
    check_expected,
    check_storable,
    closed,
    is_text,
    only_read,
    place,
    refuse_duplicates,
)
from groupcore.stores.files import Fsync, check_path
from groupcore.stores.shelf import Shelf
from groupcore.stores.sqlite_erasing import erase_private, scrub
from groupcore.stores.sqlite_file import INSERT, READ_COLUMNS, connect, told
from groupcore.stores.sqlite_shelf import SqliteShelf
from groupcore.stores.sqlite_subjects import NO_CHAT, SUBJECT
from groupcore.stores.subjects import concerning

_PAGE = 100  # rows read at a time: more of them leave the cache before they are looked at
_CHUNK = 500  # variables of one statement; older SQLite takes 999

_PUT_HEAD = "INSERT OR REPLACE INTO heads (stream, version, digest) VALUES (?, ?, ?)"


class SqliteStore(Store):
    """The log in the SQLite file *path*.

    A new file is made unless *create* is false. *read_only* opens files on read-only media too. *fsync*
    is ``durable`` or ``relaxed`` (faster, and if the power fails the last appends are lost, each as a whole).
    *patience* is how many seconds an append waits for other writers.
    """

    keeps_heads = True

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        create: bool = True,
        fsync: Fsync = "durable",
        patience: float = 5.0,
    ) -> None:
        self.name = os.fspath(path)
        self._patience = patience
        self._read_only = read_only
        self._lock = RLock()
        where = Path(path).absolute()
        check_path(where, self.name, read_only=read_only, create=create)
        self._connection: sqlite3.Connection | None = connect(
            where, self.name, read_only=read_only, create=create, fsync=fsync, patience=patience
        )

    # -- writing

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, in one transaction, and return them numbered and chained."""
        check_storable(drafts)
        with self._writing() as db:
            heads = self._heads_of(db, {draft.stream for draft in drafts} | expect.keys())
            if any(heads.get(stream, NO_HEAD).version != version for stream, version in expect.items()):
                refuse_duplicates(drafts, self._known(db, [draft.id for draft in drafts]))
                check_expected(expect, heads)
            rows = place(drafts, _last(db), heads)
            self._insert(db, rows)
            db.executemany(_PUT_HEAD, [(stream, *heads[stream]) for stream in {row.stream for row in rows}])
            return rows

    def _insert(self, db: sqlite3.Connection, rows: list[Row]) -> None:
        """Ids are looked up only when one was refused: an append that succeeds pays nothing for them."""
        try:
            db.executemany(INSERT, rows)
        except sqlite3.IntegrityError as error:
            db.execute("ROLLBACK")
            refuse_duplicates(rows, self._known(db, [row.id for row in rows]))
            raise CorruptLog(rows[0].position, f"it does not fit what is there ({error})") from None
        except OverflowError:
            raise InputError("an integer of more than 64 bits cannot be stored") from None

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away, and its salt; how many had one. O(log): the file is made anew."""
        with self._writing() as db:
            count = erase_private(db, ids)
        if ids:
            with self._using() as db:
                scrub(db, self.name)
        return count

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, begun as a writer: one that begins as a reader may lose what it read."""
        with self._using() as db:
            if self._read_only:
                raise only_read(self.name)
            if db.in_transaction:
                db.execute("ROLLBACK")  # an interrupt kept the last one from ending
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _using(self, position: int = 0) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread; *position* is that of the next event to be read, for the error."""
        with self._lock:
            if self._connection is None:
                raise closed(self.name)
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise told(error, self.name, self._patience, position) from error

    # -- reading

    @property
    def repaired(self) -> str | None:
        """Always None: SQLite repairs what a stopped writer left, and tells nobody."""
        return None

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        with self._using() as db:
            return self._known(db, ids)

    @staticmethod
    def _known(db: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
        return {id for (id,) in _select_in(db, "SELECT id FROM events WHERE id", ids)}

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order, a page at a time."""
        order = "position > ? AND position <= ? ORDER BY position"
        return self._pages(order, (), after if after > 0 else EVERYTHING, self.position, attrgetter("position"))

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order, a page at a time."""
        with self._using() as db:
            version = self._heads_of(db, [stream]).get(stream, NO_HEAD).version
        order = "stream = ? AND version > ? AND version <= ? ORDER BY version"
        return self._pages(order, (stream,), after, version, attrgetter("version"))

    def concerning(self, stream: str, subjects: Collection[str]) -> Iterator[Row]:
        """The rows of *stream* about one of *subjects* or about nobody, in order, looked up in an index."""
        if not is_text(stream):
            return iter(())
        about = f"stream = ? AND {NO_CHAT} AND {SUBJECT}"
        rows = self._rows(f"{about} IS NULL", (stream,))
        for subject in _as_extracted(subjects):
            rows += self._rows(f"{about} = ?", (stream, subject))
        return concerning(sorted(rows, key=attrgetter("version")), subjects)

    def _pages(
        self, order: str, given: tuple[str, ...], after: int, last: int, number: Callable[[Row], int]
    ) -> Iterator[Row]:
        """The rows whose *number* lies behind *after*, up to *last*. Pages go by number and not by count."""
        position = 0
        while after < last:
            rows = self._rows(f"{order} LIMIT {_PAGE}", (*given, after, last), position + 1)
            if not rows:
                return  # somebody took rows away; it is the chain that tells
            yield from rows
            after, position = number(rows[-1]), rows[-1].position

    def _rows(self, condition: str, given: tuple[Any, ...], position: int = 0) -> list[Row]:
        with self._using(position) as db:
            found = db.execute(f"SELECT {READ_COLUMNS} FROM events WHERE {condition}", given)
            return list(map(row_of, found))

    def get(self, id: str) -> Row | None:
        """The row of this id, or None."""
        rows = self._rows("id = ?", (id,)) if is_text(id) else []
        return rows[0] if rows else None

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order. O(log n): their ids begin with the fact's."""
        if not is_text(fact_id):
            return []
        condition = "id = ? OR (id > ? AND id < ? AND cause = ?) ORDER BY position"
        return self._rows(condition, (fact_id, f"{fact_id}/", f"{fact_id}0", fact_id))  # "0" comes after "/"

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        with self._using() as db:
            return _as_heads(db.execute("SELECT stream, version, digest FROM heads"))

    @staticmethod
    def _heads_of(db: sqlite3.Connection, streams: Iterable[str]) -> dict[str, Head]:
        return _as_heads(_select_in(db, "SELECT stream, version, digest FROM heads WHERE stream", streams))

    @property
    def shelf(self) -> Shelf:
        """Snapshots, in a table of their own."""
        return SqliteShelf(self._using, self._writing, self._patience)

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        with self._using() as db:
            return _last(db)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:  # another thread may be reading: closing under it would crash
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def _last(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0])


def _as_heads(found: Iterable[tuple[str, int, str]]) -> dict[str, Head]:
    return {stream: Head(version, digest) for stream, version, digest in found}


def _select_in(db: sqlite3.Connection, select: str, values: Iterable[str]) -> Iterator[Any]:
    """The rows of a select whose last column is one of *values*, some hundreds at a time."""
    rest = filter(is_text, values)
    while chunk := tuple(islice(rest, _CHUNK)):
        yield from db.execute(f"{select} IN ({', '.join('?' * len(chunk))})", chunk)


def _as_extracted(subjects: Collection[str]) -> set[str]:
    """*subjects* as SQLite takes them out of JSON: up to a NUL, in some of its versions."""
    asked = set(filter(is_text, subjects))
    return asked | {subject.partition("\0")[0] for subject in asked}
