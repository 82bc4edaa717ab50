"""Who owned a group when, in the tables of `Standing`: it says which strikes and blocks of owners count there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from groupcore.events import Event, facts

TABLE = """
CREATE TABLE standing_owners (
    number INTEGER PRIMARY KEY, "group" TEXT NOT NULL, owner TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER
);
CREATE INDEX standing_owners_of ON standing_owners ("group")
"""

OWNER = """
SELECT owner FROM standing_owners
WHERE "group" = :group AND since <= :at AND (until IS NULL OR :at < until) ORDER BY number DESC LIMIT 1
"""


def _own(db: sqlite3.Connection, event: Event, owner: str | None) -> None:
    if owner is None or event.group is None:
        return
    sql = 'SELECT 1 FROM standing_owners WHERE "group" = ? AND owner = ? AND until IS NULL'
    if db.execute(sql, (event.group, owner)).fetchone() is None:
        _disown(db, event)
        sql = 'INSERT INTO standing_owners ("group", owner, since) VALUES (?, ?, ?)'
        db.execute(sql, (event.group, owner, event.at))


def _disown(db: sqlite3.Connection, event: Event, owner: str | None = None) -> None:
    sql = """
        UPDATE standing_owners SET until = max(since, ?)
        WHERE "group" = ? AND until IS NULL AND owner = coalesce(?, owner)
    """
    db.execute(sql, (event.at, event.group, owner))


def _named(db: sqlite3.Connection, event: facts.GroupOpened | facts.OwnerChanged) -> None:
    _own(db, event, event.owner)


def _granted(db: sqlite3.Connection, event: facts.RoleGranted) -> None:
    if event.role == "owner":
        _own(db, event, event.member)


def _revoked(db: sqlite3.Connection, event: facts.RoleRevoked) -> None:
    if event.role == "owner":
        _disown(db, event, event.member)


WORK: Mapping[type[Event], Callable[[sqlite3.Connection, Any], None]] = {
    facts.GroupOpened: _named,
    facts.OwnerChanged: _named,
    facts.RoleGranted: _granted,
    facts.RoleRevoked: _revoked,
}
