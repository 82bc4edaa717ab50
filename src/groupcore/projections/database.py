"""The database of projections, or of an outbox: an SQLite file of its own beside the log, or memory.

It is told apart from a log and from other files by its application id, and is never taken for one of them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from attrs import frozen

from groupcore import sqlite
from groupcore.errors import StoreError, StoreLocked
from groupcore.sqlite import code_of, connect, is_blank, is_locked, lay_out, owner, place, transaction

MEMORY = "memory:"


@frozen
class DatabaseKind:
    """What a database is for: its noun, its application id, its format and its tables."""

    noun: str
    application_id: int
    format: int
    tables: str
    durable: bool
    upgrades: tuple[str, ...] = ()  # what makes format 2 of format 1, 3 of 2, and so on


BOOKMARKS = """
CREATE TABLE bookmarks (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, position INTEGER NOT NULL, origin TEXT NOT NULL,
    anchor TEXT NOT NULL, vocabulary TEXT NOT NULL, skipped INTEGER NOT NULL, because TEXT NOT NULL, problem TEXT
)
"""

VIEWS = DatabaseKind("database of projections", 0x67637677, 1, BOOKMARKS, durable=False)
"""Projections can be made anew from the log: their database need not reach the disk at once."""


class Database:
    """The database in the file *path*, made unless *create* is false; ``memory:`` is gone when it is closed.

    *patience* is how many seconds a writer waits for another process. Safe to use from several threads.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = MEMORY,
        *,
        kind: DatabaseKind = VIEWS,
        read_only: bool = False,
        create: bool = True,
        patience: float = 5.0,
    ) -> None:
        self.name = os.fspath(path)
        self.kind = kind
        self._patience = patience
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        where = _location(self.name, read_only=read_only, create=create)
        try:
            self._connection = connect(where, patience)
            self._prepare(self._connection, read_only=read_only)
        except sqlite3.Error as error:
            self.close()
            raise self._told(error) from error
        except BaseException:
            self.close()
            raise

    def _prepare(self, db: sqlite3.Connection, *, read_only: bool) -> None:
        if not read_only:
            db.execute(f"PRAGMA synchronous = {'FULL' if self.kind.durable else 'NORMAL'}")
            with transaction(db):  # one of several processes lays out the tables
                if is_blank(db):
                    lay_out(db, self.kind.tables, self.kind.application_id, self.kind.format)
                self._upgrade(db)
        self._recognise(db)
        if not read_only:
            _write_ahead(db)

    def _upgrade(self, db: sqlite3.Connection) -> None:
        """Bring what an older version laid out to our format, where it was that version's to lay out."""
        application_id, found = owner(db)
        if application_id != self.kind.application_id:
            return
        for format, statements in enumerate(self.kind.upgrades, start=2):
            for statement in statements.split(";") if found < format else ():
                db.execute(statement)
        if self.kind.upgrades and found < self.kind.format:
            db.execute(f"PRAGMA user_version = {self.kind.format}")

    def _recognise(self, db: sqlite3.Connection) -> None:
        application_id, found = owner(db)
        if application_id != self.kind.application_id:
            raise StoreError(f"{self.name} is no {self.kind.noun}")
        if found > self.kind.format:
            raise StoreError(f"{self.name} was written by a newer groupcore (format {found}, not {self.kind.format})")
        if self.kind.upgrades and found < self.kind.format:
            raise StoreError(f"{self.name} was written by an older groupcore; open it once for writing")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all that is done in the block, or nothing."""
        with self._using() as db:
            if db.in_transaction:
                db.execute("ROLLBACK")  # an interrupt kept the last one from ending
            with transaction(db):
                yield db

    def scrub(self) -> None:
        """Make the file anew, so that nothing is left in it of what was taken out of the tables.

        Somebody who is just reading may keep a part of it in the file's write-ahead log until they are done.
        """
        with self._using() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def rows(self, sql: str, given: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """What a SELECT gives: all of it, from one moment."""
        with self._using() as db:
            return db.execute(sql, given).fetchall()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                raise StoreError(f"{self.name} is closed")
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise self._told(error) from error

    def _told(self, error: sqlite3.Error) -> StoreError:
        if is_locked(error):
            return StoreLocked(f"{self.name}: another process is writing to it, for more than {self._patience:g} s")
        if code_of(error) == sqlite3.SQLITE_NOTADB:
            return StoreError(f"{self.name} is no {self.kind.noun}")
        if "no such table" in str(error):
            return StoreError(f"{self.name} has no such tables yet; run the projections first ({error})")
        return StoreError(f"{self.name}: {error}")

    def close(self) -> None:
        """Let go of the file. Closing twice is no error."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _location(name: str, *, read_only: bool, create: bool) -> str:
    if name == MEMORY:
        return sqlite.MEMORY
    mode = "ro" if read_only else "rwc" if create else "rw"
    if mode != "rwc" and not Path(name).exists():
        raise StoreError(f"no such file: {name}")
    if Path(name).is_dir():
        raise StoreError(f"{name} is a directory; name a file in it")
    return place(Path(name), mode)


def _write_ahead(db: sqlite3.Connection) -> None:
    """Let readers read while a writer writes; where another process is just there, the next to open it does this."""
    try:
        db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_BUSY:
            raise
