"""Taking sanctions back, in whichever table a projection keeps them: as the fold of the log does it."""

from __future__ import annotations

import sqlite3

from groupcore.events import facts, verdicts
from groupcore.sanctions import REMOVALS, pardoned_by

COLUMNS = """
id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
by TEXT, struck INTEGER NOT NULL, lifted_at INTEGER, lifted_by TEXT
"""
"""What such a table has at least. ``struck`` says that a sanction answers a strike, ``lifted_by`` is an event."""


class Lifting:
    """The sanctions in *table*, as far as they are taken back. What was taken back once stays so."""

    def __init__(self, table: str) -> None:
        self._find = f'SELECT kind, at, struck FROM {table} WHERE id = ? AND "group" = ? AND member = ?'
        self._lift = f"""
            UPDATE {table} SET lifted_at = ?, lifted_by = ? WHERE "group" = ? AND member = ? AND lifted_at IS NULL
        """

    def pardon(self, db: sqlite3.Connection, event: facts.SanctionLifted) -> None:
        """Staff forgives: all sanctions that this word is about."""
        kinds = pardoned_by(event.sanction)
        marks = ", ".join("?" * len(kinds))
        db.execute(f"{self._lift} AND kind IN ({marks})", (event.at, event.id, event.group, event.member, *kinds))

    def take_back(self, db: sqlite3.Connection, event: verdicts.SanctionVoided | verdicts.SanctionReduced) -> bool:
        """One sanction is lifted; whether it answered a strike. With a removal go the later kicks for its block."""
        found = db.execute(self._find, (event.sanction, event.group, event.member)).fetchone()
        if found is None:
            return False
        kind, at, struck = found
        given = (event.at, event.id, event.group, event.member)
        fresh = db.execute(f"{self._lift} AND id = ?", (*given, event.sanction)).rowcount
        if fresh and kind in REMOVALS and struck:
            db.execute(f"{self._lift} AND kind = 'kick' AND NOT struck AND by IS NULL AND at >= ?", (*given, at))
        return bool(struck)
