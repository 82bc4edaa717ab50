"""The audit trail: every event about a person, or by one, in the order of the log.

It holds places in the log and nothing private: what was said stays in the log alone, and is gone when it is erased
there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen

from groupcore.events import Event, Recorded, VerdictEvent, facts
from groupcore.projections.base import Projection

Capacity = Literal["about", "by"]


@frozen(kw_only=True)
class AuditEntry:
    """An event that concerns ``person``: something about them, or done ``by`` them. The log has the rest of it."""

    person: str
    capacity: Capacity
    position: int
    id: str
    type: str
    at: int
    group: str | None


_ABOUT = ("member", "author", "person", "owner")
_BY = ("by", "inviter")

_SELECT = """
SELECT person, capacity, events.position, id, type, at, "group"
FROM audit_entries AS entries JOIN audit_events AS events ON events.position = entries.position
WHERE person = :person AND (:capacity IS NULL OR capacity = :capacity) AND entries.position > :after
ORDER BY entries.position, capacity LIMIT :limit
"""


class AuditTrail(Projection):
    """What concerns each person, and what each person did.

    A verdict that names nobody (a deletion) is about whom its fact is about; a message that was taken back, about its
    author; the decision of an appeal, about who was sanctioned.
    """

    name = "audit"
    tables = """
        CREATE TABLE audit_events (
            position INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, "group" TEXT,
            message TEXT
        );
        CREATE INDEX audit_events_in ON audit_events (message, "group") WHERE message IS NOT NULL;
        CREATE TABLE audit_entries (
            person TEXT, position INTEGER, capacity TEXT, PRIMARY KEY (person, position, capacity)
        ) WITHOUT ROWID;
        CREATE INDEX audit_entries_at ON audit_entries (position)
    """

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        event, position = recorded.event, recorded.position
        message = event.message if isinstance(event, facts.MessagePosted) else None
        db.execute(
            "INSERT INTO audit_events VALUES (?, ?, ?, ?, ?, ?)",
            (position, event.id, event.type, event.at, event.group, message),
        )
        concerned = dict.fromkeys(_concerned(db, event))
        db.executemany(
            "INSERT INTO audit_entries VALUES (?, ?, ?)", [(person, position, how) for person, how in concerned]
        )

    def of(
        self, person: str, *, capacity: Capacity | None = None, after: int = 0, limit: int = 1000
    ) -> tuple[AuditEntry, ...]:
        """What concerns *person*, behind the position *after*: all of it, or in one *capacity* only."""
        given = {"person": person, "capacity": capacity, "after": after, "limit": limit}
        names = tuple(AuditEntry.__annotations__)
        return tuple(AuditEntry(**dict(zip(names, row, strict=True))) for row in self.rows(_SELECT, given))


def _concerned(db: sqlite3.Connection, event: Event) -> Iterator[tuple[str, Capacity]]:
    """Whom *event* concerns, and how; somebody twice where they are named twice."""
    named = [who for name in _ABOUT if (who := getattr(event, name, None)) is not None]
    for who in named or _implied(db, event):
        yield who, "about"
    for name in _BY:
        who = getattr(event, name, None)
        if who is not None:
            yield who, "by"


def _implied(db: sqlite3.Connection, event: Any) -> list[str]:
    """Whom an event is about that names nobody."""
    if isinstance(event, VerdictEvent):
        return _of_event(db, "id = ?", event.cause)
    if isinstance(event, facts.MessageRevoked):
        return _of_event(db, 'message = ? AND "group" = ?', event.message, event.group)
    if isinstance(event, facts.AppealDecided):
        return _of_event(db, "id = ?", event.sanction)
    if isinstance(event, facts.ImportConflict):
        return _of_event(db, "id = ?", event.fact)
    return []


def _of_event(db: sqlite3.Connection, which: str, *given: Any) -> list[str]:
    sql = f"""
        SELECT person FROM audit_entries WHERE capacity = 'about'
        AND position IN (SELECT position FROM audit_events WHERE {which}) ORDER BY position, person
    """
    return [person for (person,) in db.execute(sql, given)]
