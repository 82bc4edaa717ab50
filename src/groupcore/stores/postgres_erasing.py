"""Erasing from a log on a PostgreSQL server.

The rows lose their text at once, for everybody. Their old versions are then left to the server to overwrite; what it
wrote ahead, archived or sent to standbys, and its backups, are its operator's (see docs/privacy.md).
"""

from __future__ import annotations

from collections.abc import Collection

from groupcore.stores.postgres_pool import Connection, transaction
from groupcore.stores.postgres_rows import askable

_ERASE = """
UPDATE events SET private = NULL, salt = NULL
WHERE id = ANY(%s) AND (private IS NOT NULL OR salt IS NOT NULL)
"""
_CHUNK = 10_000


def erase_private(db: Connection, ids: Collection[str], key: int) -> int:
    """Set the private parts and salts of these events to NULL, under the advisory lock *key*; how many had one."""
    asked = askable(set(ids))
    with transaction(db):
        db.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        db.execute("SELECT pg_advisory_xact_lock(%s)", (key,))
        chunks = [asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK)]
        count = sum(db.execute(_ERASE, (chunk,)).rowcount for chunk in chunks)
        db.execute("COMMIT")
    return count


def vacuum(db: Connection) -> None:
    """Let the server reuse the place of the old rows; where the role may not, it warns and leaves them alone."""
    db.execute("VACUUM events")
