"""The index of subjects in an SQLite file. Chat is not in it, so it costs a batch of messages next to nothing."""

from __future__ import annotations

import sqlite3

from groupcore.stores.subjects import CHAT, KEYS

_TEXT = "CAST(data AS TEXT)"
_NAMED = ", ".join(f"json_extract({_TEXT}, '$.{key}')" for key in KEYS)

SUBJECT = f"CASE WHEN json_valid({_TEXT}) THEN coalesce({_NAMED}) END"
"""The subject of a row, in SQL. The index is used where this stands, to the letter."""

# No list for NOT IN: SQLite would lay it out anew for each row that is appended, and that takes two microseconds.
NO_CHAT = " AND ".join(f"type <> '{name}'" for name in CHAT)

_NAME = "events_of_subjects"
INDEX = f"CREATE INDEX {_NAME} ON events (stream, {SUBJECT}, version) WHERE {NO_CHAT}"


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether the file has the index; one that an earlier version made has none, or another of that name."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ? AND sql = ?", (_NAME, INDEX)).fetchone() is not None


def make_index(db: sqlite3.Connection) -> None:
    """See to it that the file has the index, and no other of its name."""
    db.execute("BEGIN IMMEDIATE")
    try:
        if not is_indexed(db):
            db.execute(f"DROP INDEX IF EXISTS {_NAME}")
            db.execute(INDEX)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
