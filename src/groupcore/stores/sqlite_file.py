"""The SQLite file of a log: its tables, how it is opened and recognised, and SQLite's errors in our words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from groupcore import sqlite
from groupcore.errors import CorruptLog, NotALog, StoreError, StoreLocked
from groupcore.events import Row
from groupcore.sqlite import code_of, is_blank, is_locked, lay_out, owner, place, transaction
from groupcore.stores.files import Fsync
from groupcore.stores.sqlite_subjects import INDEX, is_indexed, make_index

APPLICATION_ID = 0x67636C67  # "gclg": whose file this is
FORMAT = 1  # in user_version; raised when a table changes

COLUMNS = ", ".join(f'"{name}"' for name in Row._fields)
# A cell that somebody else updated may have become text: the chain is to say so, not a TypeError.
READ_COLUMNS = COLUMNS.replace('"data"', "CAST(data AS BLOB)").replace('"private"', "CAST(private AS BLOB)")
INSERT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' * len(Row._fields))})"

SCHEMA = f"""
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    schema INTEGER NOT NULL,
    at INTEGER NOT NULL,
    "group" TEXT,
    cause TEXT,
    resolution TEXT NOT NULL,
    source TEXT NOT NULL,
    claimed_at INTEGER,
    judged TEXT,
    org_seen INTEGER,
    recorded_at INTEGER NOT NULL,
    data BLOB NOT NULL,
    private BLOB,
    salt TEXT,
    private_digest TEXT,
    digest TEXT NOT NULL
);
CREATE UNIQUE INDEX events_of_streams ON events (stream, version);
{INDEX};
CREATE TABLE heads (stream TEXT PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
"""

T = TypeVar("T")


def connect(
    path: Path, name: str, *, read_only: bool, create: bool, fsync: Fsync, patience: float
) -> sqlite3.Connection:
    """A connection to the log in this file, made if it may be. Raises StoreError where there is none."""
    try:
        if read_only:
            return _connect_reader(path, name, patience)
        db = sqlite.connect(place(path, "rwc" if create else "rw"), patience)
        return _checked(db, lambda: _prepare(db, name, create, fsync, patience))
    except sqlite3.Error as error:
        raise told(error, name, patience) from error


def _connect_reader(path: Path, name: str, patience: float) -> sqlite3.Connection:
    """Where SQLite can put no shared memory beside the file (read-only media), nobody can write either."""
    db = sqlite.connect(place(path, "ro"), patience)
    try:
        return _checked(db, lambda: _recognise(db, name))
    except sqlite3.OperationalError as error:
        if code_of(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or _has_wal(path):
            raise
    db = sqlite.connect(place(path, "ro&immutable=1"), patience)
    return _checked(db, lambda: _recognise(db, name))


def _has_wal(path: Path) -> bool:
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _checked(db: sqlite3.Connection, check: Callable[[], object]) -> sqlite3.Connection:
    try:
        check()
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, name: str, create: bool, fsync: Fsync, patience: float) -> None:
    db.execute(f"PRAGMA synchronous = {'FULL' if fsync == 'durable' else 'NORMAL'}")
    db.execute("PRAGMA fullfsync = 1")  # macOS: a plain sync does not reach the disk
    db.execute("PRAGMA cache_size = -16384")  # 16 MiB: ids are random, and land all over their index
    db.execute("PRAGMA journal_size_limit = 67108864")  # a large append leaves no large file behind
    if create and is_blank(db):
        _create(db)
    _recognise(db, name)
    if not is_indexed(db):
        _patiently(lambda: make_index(db), patience)
    if db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _patiently(lambda: db.execute("PRAGMA journal_mode = WAL").fetchone(), patience)


def _create(db: sqlite3.Connection) -> None:
    """Lay out the tables, unless somebody else has done so meanwhile."""
    with transaction(db):
        if is_blank(db):
            lay_out(db, SCHEMA, APPLICATION_ID, FORMAT)


def _patiently(action: Callable[[], T], patience: float) -> T:
    """SQLite does not wait for other processes while it changes to a write-ahead log: so we do."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.005)


def _recognise(db: sqlite3.Connection, name: str) -> None:
    """Raise NotALog for the file of another application, StoreError for one of a newer version."""
    if is_blank(db):
        raise NotALog(f"{name} is an empty SQLite file and no log of groupcore")
    application_id, found = owner(db)
    if application_id != APPLICATION_ID:
        raise NotALog(f"{name} is an SQLite file of another application and no log of groupcore")
    if found > FORMAT:
        raise StoreError(
            f"{name} was written by a newer groupcore (its format is {found}, this version knows {FORMAT})"
        )
    db.execute("SELECT 1 FROM events, heads LIMIT 1").fetchone()  # a file cut short is found here


def is_sqlite(path: Path) -> bool:
    """Whether the existing file is one of SQLite's, by its own word (see `files.check_path` for why)."""
    db = sqlite.connect(place(path, "ro"), 0)
    try:
        db.execute("PRAGMA schema_version").fetchone()
        return True
    except sqlite3.DatabaseError as error:
        return code_of(error) != sqlite3.SQLITE_NOTADB
    finally:
        db.close()


_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full; nothing was recorded",
    sqlite3.SQLITE_IOERR: "the disk failed; nothing was recorded",
    sqlite3.SQLITE_READONLY: "the file may only be read; nothing was recorded",
    sqlite3.SQLITE_CANTOPEN: "the file, or the directory that it lies in, may not be read or written",
}


def told(error: sqlite3.Error, name: str, patience: float = 0, position: int = 0) -> StoreError:
    """The error in our words. *position* is that of the event that was to be read; 0 while opening."""
    code = code_of(error)
    if is_locked(error):
        return StoreLocked(f"{name}: another process is writing to it, for more than {patience:g} s; try again")
    if code in _WORDS:
        return StoreError(f"{name}: {_WORDS[code]} ({error})")
    if code == sqlite3.SQLITE_NOTADB or (code == sqlite3.SQLITE_CORRUPT and not position):
        return NotALog(f"{name} is no log of groupcore, or was cut short ({error})")
    if isinstance(error, sqlite3.DatabaseError) and position:
        return CorruptLog(position, f"the file is damaged ({error})")
    return StoreError(f"{name}: {error}")
