"""SQLite, as far as logs, keys and projections use it alike: connections, transactions, whose file it is, its errors.

Each of them says in its own words what is wrong with its file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = "file::memory:"
"""Where a database lies that is gone when it is closed."""


def place(path: Path, mode: str) -> str:
    """Where `connect` finds the file, to be opened in a *mode* of SQLite's, such as ``ro`` or ``rwc``."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def connect(where: str, patience: float) -> sqlite3.Connection:
    """A connection that begins no transaction by itself and may change threads; the caller sees to it that one uses it.

    *patience* is how many seconds a writer waits for another process.
    """
    return sqlite3.connect(where, timeout=patience, isolation_level=None, check_same_thread=False, uri=True)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is done in the block, or nothing; one process at a time."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def number(db: sqlite3.Connection, sql: str) -> int:
    """The one number that *sql* gives."""
    return int(db.execute(sql).fetchone()[0])


# --- whose file it is ---------------------------------------------------------------------------------------------


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether nobody has laid out anything in it yet."""
    return number(db, "PRAGMA application_id") == 0 == number(db, "SELECT count(*) FROM sqlite_master")


def lay_out(db: sqlite3.Connection, tables: str, application_id: int, format: int) -> None:
    """Make the *tables* in a blank file, and note whose they are. Call it in a transaction."""
    for statement in tables.split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {application_id}")
    db.execute(f"PRAGMA user_version = {format}")


def owner(db: sqlite3.Connection) -> tuple[int, int]:
    """Whose file it is, and in which format: the numbers that `lay_out` noted."""
    return number(db, "PRAGMA application_id"), number(db, "PRAGMA user_version")


# --- errors -------------------------------------------------------------------------------------------------------


def code_of(error: sqlite3.Error) -> int:
    """SQLite's primary code; 0 for what Python's own module raises."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another process was using the file."""
    return code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
