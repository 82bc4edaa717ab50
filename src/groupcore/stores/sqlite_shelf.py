"""Snapshots in a table of their own in the SQLite file. It is made with the first, and the log is whole without it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from groupcore.stores.base import is_text
from groupcore.stores.shelf import Shelf, Snapshot

_TABLE = """
CREATE TABLE IF NOT EXISTS snapshots (
    stream TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    stamp TEXT NOT NULL,
    rules TEXT NOT NULL,
    due INTEGER,
    content TEXT NOT NULL,
    seal TEXT NOT NULL,
    body BLOB NOT NULL
)
"""
_FIELDS = ", ".join(Snapshot._fields[:-1])
_GET = f"SELECT {_FIELDS}, CAST(body AS BLOB) FROM snapshots WHERE stream = ?"
_PUT = f"INSERT OR REPLACE INTO snapshots ({_FIELDS}, body) VALUES ({', '.join('?' * len(Snapshot._fields))})"
_LABELS = f"SELECT {_FIELDS}, x'' FROM snapshots ORDER BY stream"

Using = Callable[[], AbstractContextManager[sqlite3.Connection]]


class SqliteShelf(Shelf):
    """The shelf of the store whose connection *using* lends, and with *writing* a transaction on it.

    *patience* is what the connection waits for other writers, in seconds; for a snapshot it does not wait at all.
    """

    def __init__(self, using: Using, writing: Using, patience: float) -> None:
        self._using = using
        self._writing = writing
        self._patience = patience

    def get(self, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, or None."""
        with self._using() as db:
            found = db.execute(_GET, (stream,)).fetchone() if is_text(stream) and _is_made(db) else None
            return Snapshot(*found) if found is not None else None

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these, in one transaction. StoreLocked where somebody else is writing."""
        with self._using() as db:
            db.execute("PRAGMA busy_timeout = 0")
            try:
                with self._writing() as db:
                    db.execute(_TABLE)
                    db.executemany(_PUT, snapshots)
            finally:
                db.execute(f"PRAGMA busy_timeout = {round(self._patience * 1000)}")

    def labels(self) -> list[Snapshot]:
        """All snapshots, without their bodies."""
        with self._using() as db:
            return [Snapshot(*row) for row in db.execute(_LABELS)] if _is_made(db) else []

    def clear(self) -> int:
        """Throw all snapshots away; how many there were."""
        with self._writing() as db:
            return db.execute("DELETE FROM snapshots").rowcount if _is_made(db) else 0


def _is_made(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'snapshots'").fetchone() is not None
