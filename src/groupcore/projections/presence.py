"""Who is in a group, and with which roles, as the fold of the log has it: what several projections stand on.

The order of appends rules: a member who joins again stays one, somebody who speaks must be in, and a late leave ends a
stay at once. Each projection that wants it has tables of its own, under its own name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Literal

from attrs import frozen

from groupcore.events import Event, facts, verdicts
from groupcore.events.base import ORG
from groupcore.events.sanctions import GIVEN, SanctionGiven
from groupcore.projections.lifting import COLUMNS, Lifting
from groupcore.sanctions import REMOVALS, OrderKind

How = Literal["opened", "joined", "spoke", "left", "removed", "kicked", "banned"]

COMING: frozenset[How] = frozenset({"opened", "joined", "spoke"})
"""The ways of becoming a member; the others are ways out."""

OUT: Mapping[OrderKind, How] = {"kick": "kicked", "ban": "banned"}
"""The way out that each removal is."""

TABLES = f"""
CREATE TABLE {{name}}_seats (
    "group" TEXT, member TEXT, present INTEGER NOT NULL, derived INTEGER NOT NULL, joined_at INTEGER, kicked TEXT,
    PRIMARY KEY ("group", member)
) WITHOUT ROWID;
CREATE TABLE {{name}}_kicks ({COLUMNS});
CREATE INDEX {{name}}_kicks_of ON {{name}}_kicks ("group", member);
CREATE TABLE {{name}}_roles (
    number INTEGER PRIMARY KEY, home TEXT NOT NULL, member TEXT NOT NULL, role TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER
);
CREATE UNIQUE INDEX {{name}}_roles_held ON {{name}}_roles (home, member, role) WHERE until IS NULL;
CREATE INDEX {{name}}_roles_had ON {{name}}_roles (member, home)
"""
"""``home`` is the stream that a role holds on: the organisation's, or a group's. Kicks are those by verdict."""


Kicked = SanctionGiven | verdicts.SanctionReduced
Pardon = facts.SanctionLifted | verdicts.SanctionVoided | verdicts.SanctionReduced


@frozen
class Move:
    """Somebody became a member of a group, or is one no longer."""

    group: str
    member: str
    how: How
    at: int


class Presence:
    """Seats and roles in the tables of the projection *name*."""

    def __init__(self, name: str) -> None:
        self.seats, self.roles, self.kicks = f"{name}_seats", f"{name}_roles", f"{name}_kicks"
        self.lifting = Lifting(self.kicks)
        self._find = f'SELECT present, kicked FROM {self.seats} WHERE "group" = ? AND member = ?'
        self._put = f"INSERT OR REPLACE INTO {self.seats} VALUES (?, ?, ?, ?, ?, ?)"

    def take(self, db: sqlite3.Connection, event: Event) -> Move | None:
        """Take an event in; the move that it is, if it is one."""
        work = _WORK.get(event.__class__)
        return work(self, db, event) if work is not None else None

    def held(self, db: sqlite3.Connection, group: str | None, member: str) -> frozenset[str]:
        """The roles that somebody has in a group by now, those of the organisation included."""
        sql = f"SELECT role FROM {self.roles} WHERE member = ? AND home IN (?, ?) AND until IS NULL"
        return frozenset(role for (role,) in db.execute(sql, (member, ORG, home_of(group))))

    # --- seats

    def enter(self, db: sqlite3.Connection, event: Event, member: str, how: How) -> Move | None:
        """They are in: a join was seen."""
        group = event.group or ""
        found = db.execute(self._find, (group, member)).fetchone()
        db.execute(self._put, (group, member, 1, 0, event.at, None))
        return Move(group, member, how, event.at) if found is None or not found[0] else None

    def speak(self, db: sqlite3.Connection, event: facts.MessagePosted) -> Move | None:
        """They spoke: they are in, unless they were kicked."""
        group, member = event.group or "", event.author
        found = db.execute(self._find, (group, member)).fetchone()
        if found is not None and (found[0] or found[1] is not None):
            return None
        sql = f'UPDATE {self.seats} SET present = 1, derived = 1 WHERE "group" = ? AND member = ?'
        if not db.execute(sql, (group, member)).rowcount:
            db.execute(self._put, (group, member, 1, 1, None, None))
        return Move(group, member, "spoke", event.at)

    def leave(
        self, db: sqlite3.Connection, event: Event, member: str, how: How, kicked: str | None = None
    ) -> Move | None:
        """They are out, and their roles in the group with them; *kicked* is the verdict that says so."""
        group = event.group or ""
        found = db.execute(self._find, (group, member)).fetchone()
        if found is None:
            db.execute(self._put, (group, member, 0, 0, None, kicked))
        else:
            sql = f'UPDATE {self.seats} SET present = 0, kicked = coalesce(?, kicked) WHERE "group" = ? AND member = ?'
            db.execute(sql, (kicked, group, member))
        self._end_roles(db, event, "member = ? AND role <> 'owner'", member)
        return Move(group, member, how, event.at) if found is not None and found[0] else None

    def kick(self, db: sqlite3.Connection, event: Kicked, kind: OrderKind, *, struck: bool) -> None:
        """A verdict removed them, or takes the place of one that did; *struck*: for a strike."""
        sql = f'INSERT INTO {self.kicks} (id, "group", member, kind, at, struck) VALUES (?, ?, ?, ?, ?, ?)'
        db.execute(sql, (event.id, event.group, event.member, kind, event.at, struck))

    def pardon(self, db: sqlite3.Connection, event: Pardon) -> None:
        """Some kicks count no more. Where the last one of somebody is among them, they are in as soon as they speak."""
        if isinstance(event, facts.SanctionLifted):
            self.lifting.pardon(db, event)
        else:
            struck = self.lifting.take_back(db, event)
            if struck and isinstance(event, verdicts.SanctionReduced) and event.kind in REMOVALS:
                self.kick(db, event, event.kind, struck=True)
        sql = f"""
            UPDATE {self.seats} SET kicked = NULL WHERE "group" = ? AND member = ?
            AND kicked IN (SELECT id FROM {self.kicks} WHERE lifted_at IS NOT NULL)
        """
        db.execute(sql, (event.group, event.member))

    # --- roles

    def grant(self, db: sqlite3.Connection, event: Event, member: str, role: str) -> None:
        """They have a role from now on; of owners, a group has one."""
        if role == "owner" and event.group is not None:
            self._end_roles(db, event, "member <> ? AND role = 'owner'", member)
        sql = f"INSERT OR IGNORE INTO {self.roles} (home, member, role, since) VALUES (?, ?, ?, ?)"
        db.execute(sql, (home_of(event.group), member, role, event.at))

    def revoke(self, db: sqlite3.Connection, event: facts.RoleRevoked) -> None:
        """They have a role no longer."""
        self._end_roles(db, event, "member = ? AND role = ?", event.member, event.role)

    def _end_roles(self, db: sqlite3.Connection, event: Event, which: str, *given: str) -> None:
        sql = f"UPDATE {self.roles} SET until = max(since, ?) WHERE home = ? AND until IS NULL AND {which}"
        db.execute(sql, (event.at, home_of(event.group), *given))


def home_of(group: str | None) -> str:
    """The stream that roles and blocks of *group* hold on; None is the organisation."""
    return ORG if group is None else f"group/{group}"


Work = Callable[[Presence, sqlite3.Connection, Any], Move | None]


def _opened(presence: Presence, db: sqlite3.Connection, event: facts.GroupOpened) -> Move | None:
    if event.owner is None:
        return None
    presence.grant(db, event, event.owner, "owner")
    return presence.enter(db, event, event.owner, "opened")


def _owned(presence: Presence, db: sqlite3.Connection, event: facts.OwnerChanged) -> None:
    presence.grant(db, event, event.owner, "owner")


def _granted(presence: Presence, db: sqlite3.Connection, event: facts.RoleGranted) -> None:
    presence.grant(db, event, event.member, event.role)


def _joined(presence: Presence, db: sqlite3.Connection, event: facts.MemberJoined) -> Move | None:
    return presence.enter(db, event, event.member, "joined")


def _left(presence: Presence, db: sqlite3.Connection, event: facts.MemberLeft) -> Move | None:
    return presence.leave(db, event, event.member, "left")


def _removed(presence: Presence, db: sqlite3.Connection, event: facts.MemberRemoved) -> Move | None:
    return presence.leave(db, event, event.member, "removed")


def _kicked(presence: Presence, db: sqlite3.Connection, event: verdicts.MemberKicked) -> Move | None:
    presence.kick(db, event, "kick", struck=event.because == "ladder")
    return presence.leave(db, event, event.member, "kicked", kicked=event.id)


def _put_out(presence: Presence, db: sqlite3.Connection, event: SanctionGiven) -> Move | None:
    presence.kick(db, event, event.kind, struck=True)
    return presence.leave(db, event, event.member, OUT[event.kind], kicked=event.id)


def _ordered(presence: Presence, db: sqlite3.Connection, event: facts.SanctionOrdered) -> Move | None:
    how = OUT.get(event.sanction)
    return presence.leave(db, event, event.member, how) if how is not None else None


_WORK: dict[type[Event], Work] = {
    facts.GroupOpened: _opened,
    facts.OwnerChanged: _owned,
    facts.RoleGranted: _granted,
    facts.RoleRevoked: Presence.revoke,
    facts.MemberJoined: _joined,
    facts.MemberLeft: _left,
    facts.MemberRemoved: _removed,
    facts.MessagePosted: Presence.speak,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: Presence.pardon,
    **{GIVEN[kind]: _put_out for kind in REMOVALS},
    verdicts.MemberKicked: _kicked,
    verdicts.SanctionVoided: Presence.pardon,
    verdicts.SanctionReduced: Presence.pardon,
}

TYPES = frozenset(cls.type for cls in _WORK)
"""The types of events that presence follows from."""
