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

    def is_in(self, log: Reader) -> bool:
        """Whether *log* is the log that it was put into. Copies of a log are the same log; erasing changes none."""
        if self.position == 0:
            return True
        first = next(iter(log.read(0)), None)
        last = next(iter(log.read(self.position - 1)), None)
        return first is not None and last is not None and (first.digest, last.digest) == (self.origin, self.anchor)

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
