"""The index of subjects in an SQLite file. Chat is not in it, so it costs a batch of messages next to nothing."""

from __future__ import annotations

import sqlite3

from groupcore.stores.subjects import CHAT, KEYS

_TEXT = "CAST(data AS TEXT)"
_NAMED = ", ".join(f"json_extract({_TEXT}, '$.{key}')" for key in KEYS)
_CHAT = ", ".join(f"'{name}'" for name in CHAT)

SUBJECT = f"CASE WHEN json_valid({_TEXT}) THEN coalesce({_NAMED}) END"
"""The subject of a row, in SQL. The index is used where this stands, to the letter."""

NO_CHAT = f"type NOT IN ({_CHAT})"
INDEX = f"CREATE INDEX IF NOT EXISTS events_of_subjects ON events (stream, {SUBJECT}, version) WHERE {NO_CHAT}"


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether the file has the index; one that an earlier version made has not."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'events_of_subjects'").fetchone() is not None
