"""Entries: one action each, and what has become of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen

from groupcore.actions import Action, actions_for
from groupcore.clock import MINUTE, SECOND
from groupcore.events import Event
from groupcore.projections import BOOKMARKS, DatabaseKind

EntryState = Literal["waiting", "leased", "done", "gave-up", "skipped"]

TABLES = f"""
{BOOKMARKS};
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, position INTEGER NOT NULL,
    at INTEGER NOT NULL, lane TEXT NOT NULL, do TEXT NOT NULL, "group" TEXT, member TEXT, message TEXT,
    until INTEGER, scope TEXT, text TEXT, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    handed INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, worker TEXT, token TEXT, lease_until INTEGER,
    undone_by TEXT, error TEXT, settled_at INTEGER, owner TEXT, restrictions TEXT NOT NULL DEFAULT '', slow INTEGER
);
CREATE INDEX entries_waiting ON entries (number) WHERE state = 'waiting';
CREATE INDEX entries_leased ON entries (lease_until) WHERE state = 'leased';
CREATE INDEX entries_in_lanes ON entries (lane, number);
CREATE INDEX entries_by_key ON entries (key)
"""

_SINCE_2 = """
ALTER TABLE entries ADD COLUMN owner TEXT;
ALTER TABLE entries ADD COLUMN restrictions TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN slow INTEGER
"""

OUTBOX = DatabaseKind("outbox", 0x67636F62, 2, TABLES, durable=True, upgrades=(_SINCE_2,))
"""What was acknowledged must not be forgotten: an outbox reaches the disk at every step."""


@frozen(kw_only=True)
class Entry:
    """An action and what has become of it.

    ``id`` is its idempotency key: that of the action (the id of the event that asks for it), and the deed with it where
    one event asks for several. Entries of one ``lane`` (a member) are handed out one after the other. ``token`` is the
    lease of whoever holds it. ``error`` is the last error, or why it is not handed out.
    """

    number: int
    id: str
    action: Action
    position: int
    at: int
    lane: str
    state: EntryState
    attempts: int
    due: int
    worker: str | None
    token: str | None
    lease_until: int | None
    undone_by: str | None
    error: str | None
    settled_at: int | None


@frozen(kw_only=True)
class Backoff:
    """How long to wait after a failure, in microseconds: ``first``, then twice as long each time, up to ``longest``.

    After ``attempts`` an entry is given up.

    >>> [Backoff().wait(attempt) // SECOND for attempt in (1, 2, 3, 20)]
    [1, 2, 4, 600]
    """

    first: int = SECOND
    longest: int = 10 * MINUTE
    attempts: int = 8

    def wait(self, attempts: int, jitter: float = 0.0) -> int:
        """Microseconds to wait after so many attempts; *jitter*, from 0 to 1, takes up to a half of it away."""
        whole = min(self.first * 2 ** min(attempts - 1, 40), self.longest)
        return int(whole * (1 - jitter / 2))


_ACTION = ("key", "do", "group", "member", "message", "until", "scope", "text", "owner", "restrictions", "slow")
_PLAIN = (
    "number", "id", "position", "at", "lane", "state", "attempts", "due", "worker", "token", "lease_until",
    "undone_by", "error", "settled_at",
)  # fmt: skip
_COLUMNS = '", "'.join((*_PLAIN, *_ACTION))
SELECT = f'SELECT "{_COLUMNS}" FROM entries'


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry of a row of `SELECT`."""
    given = dict(zip(_ACTION, row[len(_PLAIN) :], strict=True))
    action = Action(**given | {"restrictions": tuple(given["restrictions"].split())})
    return Entry(action=action, **dict(zip(_PLAIN, row[: len(_PLAIN)], strict=True)))


def asked_for(event: Event) -> Iterator[tuple[str, Action]]:
    """What *event* asks for, each with an id of its own."""
    for action in actions_for([event]):
        yield action.key, action


def lane_of(action: Action) -> str:
    """What must happen in order: all about a member; about a message; else about a group."""
    if action.member is not None:
        return f"member {action.member}"
    return f"message {action.group} {action.message}" if action.message is not None else f"group {action.group}"


def insert(db: sqlite3.Connection, id: str, action: Action, **more: Any) -> None:
    """Enter an action, unless it is there already."""
    given = {name: getattr(action, name) for name in _ACTION}
    given |= {"restrictions": " ".join(action.restrictions), "id": id, "lane": lane_of(action), **more}
    names = ", ".join(f'"{name}"' for name in given)
    marks = ", ".join("?" * len(given))
    db.execute(f"INSERT OR IGNORE INTO entries ({names}) VALUES ({marks})", tuple(given.values()))
