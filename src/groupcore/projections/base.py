"""What a projection is: tables that follow from the log, and questions to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from groupcore.errors import StoreError
from groupcore.events import ErasureOrdered, Recorded
from groupcore.projections.database import Database


class Projection:
    """Tables in *database* that are a function of the log: subclass it, and hand it to a `Projector`.

    ``name`` is a word of small letters, and every table and index of ``tables`` begins with it and an underscore.
    Raise ``version`` when `apply` makes something else of the log, and the projection is made anew. ``types`` are the
    events that it wants to see; None is all of them.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    tables: ClassVar[str]
    types: ClassVar[frozenset[str] | None] = None

    def __init__(self, database: Database) -> None:
        self.database = database
        self._recognised = False

    @property
    def settings(self) -> str:
        """What else the tables depend on, such as a time zone. Another setting makes the projection anew."""
        return ""

    @property
    def stamp(self) -> str:
        """Version and settings: what the tables were made under."""
        return f"{self.version}{f' {self.settings}' if self.settings else ''}"

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in. It depends on the event and the tables and on nothing else, and touches nothing else."""
        raise NotImplementedError

    def forget(self, db: sqlite3.Connection, ids: Collection[str]) -> None:
        """The private parts of these events were erased: let go of what was made of them."""

    def erase(self, db: sqlite3.Connection, order: ErasureOrdered) -> None:
        """Private parts are to be erased: let go of what was made of them, as if it had never been there."""
        self.forget(db, order.events)

    def rows(self, sql: str, given: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """What a SELECT on the tables gives. Raises StoreError where they were never made, or by another version."""
        if not self._recognised:
            self._recognise()
        return self.database.rows(sql, given)

    def _recognise(self) -> None:
        found = self.database.rows("SELECT stamp FROM bookmarks WHERE name = ?", (self.name,))
        where = self.database.name
        if not found:
            raise StoreError(f"{where} has no {self.name} yet; run the projections first")
        if found[0][0] != self.stamp:
            raise StoreError(f"the {self.name} in {where} is of version {found[0][0]}, not {self.stamp}; run it first")
        self._recognised = True
