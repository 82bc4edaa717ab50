"""Bookmarks: how far somebody has read, in which log, and under which version of what they make of it.

A bookmark is kept in the database of what was made, and moves in the same transaction. That is what makes an effect
happen exactly once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

import attrs
from attrs import frozen

from groupcore.errors import StoreError
from groupcore.events import Row, event_types
from groupcore.subscriptions import Reader


@frozen(kw_only=True)
class Bookmark:
    """Where *name* stands. ``origin`` and ``anchor`` are the digests of the first event and of the one at ``position``.

    ``skipped`` counts events that only a newer version knows, ``vocabulary`` says which ones this version knew.
    ``because`` is why it began anew, ``problem`` why it stands still.
    """

    name: str
    stamp: str
    position: int = 0
    origin: str = ""
    anchor: str = ""
    vocabulary: str = ""
    skipped: int = 0
    because: str = "new"
    problem: str | None = None

    def is_in(self, log: Digests) -> bool:
        """Whether this is the log that it was put into. Copies of a log are the same log; erasing changes none."""
        if self.position == 0:
            return True
        return (log.at(1), log.at(self.position)) == (self.origin, self.anchor)

    def moved(self, rows: Sequence[Row], skipped: int = 0) -> Bookmark:
        """The bookmark behind *rows*. Raises StoreError where they do not follow."""
        if not rows:
            return self
        for number, row in enumerate(rows, self.position + 1):
            if row.position != number:
                raise StoreError(f"{self.name} stands at event {number - 1}, and was given event {row.position} next")
        return attrs.evolve(
            self,
            position=rows[-1].position,
            origin=self.origin or rows[0].digest,
            anchor=rows[-1].digest,
            skipped=self.skipped + skipped,
            problem=None,
        )


class Digests:
    """The digests of a log, each looked up once: in a file of lines that means reading all that stands before."""

    def __init__(self, log: Reader) -> None:
        self._log = log
        self._found: dict[int, str | None] = {}

    def at(self, position: int) -> str | None:
        """The digest of the event at *position*, or None where there is none."""
        if position not in self._found:
            row = next(iter(self._log.read(position - 1)), None)
            self._found[position] = row.digest if row is not None and row.position == position else None
        return self._found[position]


_COLUMNS = tuple(attrs.fields_dict(Bookmark))
_GET = f"SELECT {', '.join(_COLUMNS)} FROM bookmarks"
_PUT = f"INSERT OR REPLACE INTO bookmarks ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def bookmark_of(db: sqlite3.Connection, name: str) -> Bookmark | None:
    """The bookmark of that name, or None."""
    found = db.execute(f"{_GET} WHERE name = ?", (name,)).fetchone()
    return Bookmark(**dict(zip(_COLUMNS, found, strict=True))) if found is not None else None


def put_bookmark(db: sqlite3.Connection, bookmark: Bookmark) -> None:
    """Put it in, in the transaction of whoever calls."""
    db.execute(_PUT, attrs.astuple(bookmark))


def vocabulary() -> str:
    """A digest of the event types and schemas that this version knows."""
    known = sorted((name, cls.schema) for name, cls in event_types().items())
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]
