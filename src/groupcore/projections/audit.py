"""The audit trail: every event about a person, or by one, in the order of the log.

It holds places in the log and nothing private: what was said stays in the log alone, and is gone when it is erased
there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen

from groupcore.events import (
    ActionReported,
    ErasureOrdered,
    Event,
    ExemptionEnded,
    ExemptionGranted,
    Recorded,
    TextErased,
    VerdictEvent,
    WishRefused,
    casework,
    facts,
)
from groupcore.events.people import SUBJECTS
from groupcore.projections.base import Projection

Capacity = Literal["about", "by"]


@frozen(kw_only=True)
class AuditEntry:
    """An event that concerns ``person``: about them, or ``by`` them, who did it or had a part in it.

    The log has the rest of it.
    """

    person: str
    capacity: Capacity
    position: int
    id: str
    type: str
    at: int
    group: str | None


@frozen(kw_only=True)
class RefusedWish:
    """Somebody wanted what is not for them: `wish-refused`, as in the log, without whom not to hear."""

    position: int
    id: str
    at: int
    group: str | None
    by: str
    wish: str
    why: str
    member: str | None
    other: str | None
    what: str
    request: str


_BY = ("by", "inviter", "to")
_REFERENCES = {
    facts.AppealDecided: "sanction",
    facts.ImportConflict: "fact",
    TextErased: "order",
    casework.CaseAcknowledged: "case",
    casework.CaseAssigned: "case",
    casework.CaseCommented: "case",
    casework.CaseEscalated: "case",
    casework.CaseClosed: "case",
}
"""The facts that name nobody, and the field with the id of the event that does."""

_SELECT = """
SELECT person, capacity, events.position, id, type, at, "group"
FROM audit_entries AS entries JOIN audit_events AS events ON events.position = entries.position
WHERE person = :person AND (:capacity IS NULL OR capacity = :capacity) AND entries.position > :after
ORDER BY entries.position, capacity LIMIT :limit
"""

_REFUSED = """
SELECT refusals.position, id, at, "group", "by", wish, why, member, other, what, request
FROM audit_refusals AS refusals JOIN audit_events AS events ON events.position = refusals.position
WHERE (:by IS NULL OR "by" = :by) AND (:about IS NULL OR :about IN (member, other))
AND (:group IS NULL OR "group" = :group) AND refusals.position > :after
ORDER BY refusals.position LIMIT :limit
"""


class AuditTrail(Projection):
    """What concerns each person, and what each person did.

    A verdict that names nobody (a deletion) is about whom its fact is about; a message that was taken back, about its
    author; the decision of an appeal, about who was sanctioned; work on a case, about whom the case is about; what
    became of an action, about whom it was done to. Who reported somebody is not here: that is for staff alone.
    `refusals` tells what people wanted that is not for them.
    """

    name = "audit"
    version = 3
    tables = """
        CREATE TABLE audit_events (
            position INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, "group" TEXT,
            message TEXT
        );
        CREATE INDEX audit_events_in ON audit_events (message, "group") WHERE message IS NOT NULL;
        CREATE TABLE audit_entries (
            person TEXT, position INTEGER, capacity TEXT, PRIMARY KEY (person, position, capacity)
        ) WITHOUT ROWID;
        CREATE INDEX audit_entries_at ON audit_entries (position);
        CREATE TABLE audit_refusals (
            position INTEGER PRIMARY KEY, "by" TEXT NOT NULL, wish TEXT NOT NULL, why TEXT NOT NULL, member TEXT,
            other TEXT, what TEXT NOT NULL, request TEXT NOT NULL
        );
        CREATE INDEX audit_refusals_of ON audit_refusals ("by", position)
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
        if isinstance(event, WishRefused):
            said = (event.by, event.wish, event.why, event.member, event.other, event.what, event.request)
            db.execute("INSERT INTO audit_refusals VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (position, *said))

    def of(
        self, person: str, *, capacity: Capacity | None = None, after: int = 0, limit: int = 1000
    ) -> tuple[AuditEntry, ...]:
        """What concerns *person*, behind the position *after*: all of it, or in one *capacity* only."""
        given = {"person": person, "capacity": capacity, "after": after, "limit": limit}
        names = tuple(AuditEntry.__annotations__)
        return tuple(AuditEntry(**dict(zip(names, row, strict=True))) for row in self.rows(_SELECT, given))

    def refusals(
        self,
        by: str | None = None,
        *,
        about: str | None = None,
        group: str | None = None,
        after: int = 0,
        limit: int = 1000,
    ) -> tuple[RefusedWish, ...]:
        """The refused wishes of somebody, or of all: those *about* a person, in a *group*, behind a position."""
        given = {"by": by, "about": about, "group": group, "after": after, "limit": limit}
        names = tuple(RefusedWish.__annotations__)
        return tuple(RefusedWish(**dict(zip(names, row, strict=True))) for row in self.rows(_REFUSED, given))


def _concerned(db: sqlite3.Connection, event: Event) -> Iterator[tuple[str, Capacity]]:
    """Whom *event* concerns, and how; somebody twice where they are named twice."""
    for who in _named(event) or _implied(db, event):
        yield who, "about"
    for name in _BY:
        actor = getattr(event, name, None)
        if actor is not None:
            yield actor, "by"


def _named(event: Event) -> list[str]:
    """Whom an event is about by its own word. The owner of groups is that only where it names nobody else."""
    if isinstance(event, ExemptionGranted | ExemptionEnded):
        return [event.value] if event.of == "person" else []
    fields = (getattr(event, name, None) for name in SUBJECTS)
    owner = getattr(event, "owner", None)
    return [who for who in fields if who is not None] or ([owner] if owner is not None else [])


def _implied(db: sqlite3.Connection, event: Any) -> list[str]:
    """Whom an event is about that names nobody."""
    if isinstance(event, VerdictEvent):
        return _of_event(db, "id = ?", event.cause)
    if isinstance(event, facts.MessageRevoked):
        return _of_event(db, 'message = ? AND "group" = ?', event.message, event.group)
    if isinstance(event, ActionReported):
        return _of_event(db, "id = ?", event.action) or _of_event(db, "id = ?", event.action.rpartition("/")[0])
    if isinstance(event, ErasureOrdered):
        return [who for id in event.events for who in _of_event(db, "id = ?", id)]
    reference = _REFERENCES.get(event.__class__)
    return _of_event(db, "id = ?", getattr(event, reference)) if reference is not None else []


def _of_event(db: sqlite3.Connection, which: str, *given: Any) -> list[str]:
    sql = f"""
        SELECT person FROM audit_entries WHERE capacity = 'about'
        AND position IN (SELECT position FROM audit_events WHERE {which}) ORDER BY position, person
    """
    return [person for (person,) in db.execute(sql, given)]
