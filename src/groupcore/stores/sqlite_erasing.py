"""Erasing from an SQLite file, so that no byte of the text is left in it, in its log or in its free pages.

SQLite's ``secure_delete`` alone is not enough: a row that was moved to another page, to make room or to save it, has
left its bytes in the gap between the cells of the old one. So the file is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from groupcore.errors import StoreLocked
from groupcore.stores.base import is_text

_ERASE = "UPDATE events SET private = NULL, salt = NULL WHERE id = ? AND (private IS NOT NULL OR salt IS NOT NULL)"


def erase_private(db: sqlite3.Connection, ids: Iterable[str]) -> int:
    """Set the private parts and salts of these events to NULL, in the caller's transaction; how many had one."""
    return sum(db.execute(_ERASE, (id,)).rowcount for id in set(filter(is_text, ids)))


def scrub(db: sqlite3.Connection, name: str) -> None:
    """Make the file anew, and empty the write-ahead log. Raises StoreLocked while somebody reads what was there."""
    db.execute("VACUUM")
    with closing(db.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as found:
        busy, *_ = found.fetchone()
    if busy:
        raise StoreLocked(
            f"{name}: the text is erased, and {name}-wal still holds it while another process reads; try again"
        )
