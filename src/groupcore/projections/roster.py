"""The roster: who is in which group, since when, called what, with which roles; and who was, at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import Any

from attrs import frozen

from groupcore.events import ErasureOrdered, Event, Recorded, facts
from groupcore.events.base import ORG
from groupcore.projections.base import Projection
from groupcore.projections.presence import COMING, TABLES, TYPES, How, Move, Presence, home_of


@frozen(kw_only=True)
class Seat:
    """A member of a group. ``derived``: no join was seen. ``name`` is the latest, and empty where it was erased."""

    group: str
    member: str
    name: str
    since: int
    joined_at: int | None
    derived: bool
    roles: frozenset[str]


@frozen(kw_only=True)
class Stay:
    """One stay of somebody in a group, and how it began and ended; ``until`` is None while it lasts."""

    group: str
    member: str
    since: int
    until: int | None
    began: How
    ended: How | None


@frozen(kw_only=True)
class GroupInfo:
    """A group: its name, the platform's word for its kind, its owner, and how many are in it."""

    group: str
    name: str
    kind: str
    owner: str | None
    members: int


_NAMING: dict[type[Event], tuple[str, str]] = {
    facts.MemberJoined: ("roster_names", "member"),
    facts.MemberRenamed: ("roster_names", "member"),
    facts.GroupOpened: ("roster_groups", ""),
    facts.GroupRenamed: ("roster_groups", ""),
}
_RENAMING = (facts.MemberRenamed, facts.GroupRenamed)

_SEATS = """
SELECT stays."group", stays.member, coalesce(names.name, ''), stays.since, seats.joined_at, seats.derived
FROM roster_stays AS stays
JOIN roster_seats AS seats ON seats."group" = stays."group" AND seats.member = stays.member
LEFT JOIN roster_names AS names ON names."group" = stays."group" AND names.member = stays.member
WHERE stays.{who} = :who AND {when}
ORDER BY stays."group", stays.member
"""
_BY_NOW = "stays.until IS NULL"
_THEN = """stays.number = (
    SELECT max(number) FROM roster_stays AS other
    WHERE other."group" = stays."group" AND other.member = stays.member
    AND other.since <= :at AND (other.until IS NULL OR :at < other.until)
)"""


class Roster(Projection):
    """Who is in which group. By now (in the order of the log), or *at* a time (by the times of the events)."""

    name = "roster"
    version = 2
    tables = f"""
        {TABLES.format(name="roster")};
        CREATE TABLE roster_stays (
            number INTEGER PRIMARY KEY, "group" TEXT NOT NULL, member TEXT NOT NULL, since INTEGER NOT NULL,
            until INTEGER, began TEXT NOT NULL, ended TEXT
        );
        CREATE INDEX roster_stays_in ON roster_stays ("group", member);
        CREATE INDEX roster_stays_of ON roster_stays (member);
        CREATE TABLE roster_names (
            "group" TEXT, member TEXT, name TEXT NOT NULL, named_by TEXT NOT NULL, PRIMARY KEY ("group", member)
        ) WITHOUT ROWID;
        CREATE INDEX roster_names_by ON roster_names (named_by);
        CREATE TABLE roster_groups (
            "group" TEXT PRIMARY KEY, name TEXT NOT NULL, named_by TEXT NOT NULL, kind TEXT NOT NULL
        ) WITHOUT ROWID
    """
    types = TYPES | {cls.type for cls in _NAMING}
    _presence = Presence("roster")

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        event = recorded.event
        if event.group is not None:
            db.execute("""INSERT OR IGNORE INTO roster_groups VALUES (?, '', '', '')""", (event.group,))
        move = self._presence.take(db, event)
        if move is not None:
            _note(db, move)
        if isinstance(event, facts.GroupOpened) and event.group_kind:
            db.execute('UPDATE roster_groups SET kind = ? WHERE "group" = ?', (event.group_kind, event.group))
        if event.__class__ in _NAMING:
            _name(db, event, erased=recorded.erased)

    def forget(self, db: sqlite3.Connection, ids: Collection[str]) -> None:
        """Names that these events gave are empty from now on."""
        for table in ("roster_names", "roster_groups"):
            db.executemany(f"UPDATE {table} SET name = '' WHERE named_by = ?", [(id,) for id in ids])

    def erase(self, db: sqlite3.Connection, order: ErasureOrdered) -> None:
        """The person has no name there until they give another one."""
        self.forget(db, order.events)
        sql = """UPDATE roster_names SET name = '' WHERE "group" = ? AND member = ?"""
        db.execute(sql, (order.group, order.member))

    # --- questions ----------------------------------------------------------------------------------------------

    def members(self, group: str, at: int | None = None) -> tuple[Seat, ...]:
        """Who is in *group*, or was at the time *at*, by id."""
        return self._seats("group", group, at)

    def groups_of(self, member: str, at: int | None = None) -> tuple[Seat, ...]:
        """The seats that somebody has in any group, or had at the time *at*."""
        return self._seats("member", member, at)

    def stays(self, group: str, member: str) -> tuple[Stay, ...]:
        """Each stay of somebody in *group*, in the order of the log."""
        sql = """SELECT since, until, began, ended FROM roster_stays WHERE "group" = ? AND member = ? ORDER BY number"""
        found = self.rows(sql, (group, member))
        return tuple(
            Stay(group=group, member=member, since=since, until=until, began=began, ended=ended)
            for since, until, began, ended in found
        )

    def groups(self) -> tuple[GroupInfo, ...]:
        """All groups, by id."""
        sql = """
            SELECT "group", name, kind,
                (SELECT member FROM roster_roles WHERE home = 'group/' || "group" AND role = 'owner' AND until IS NULL),
                (SELECT count(*) FROM roster_stays AS s WHERE s."group" = roster_groups."group" AND until IS NULL)
            FROM roster_groups ORDER BY "group"
        """
        return tuple(
            GroupInfo(group=group, name=name, kind=kind, owner=owner, members=members)
            for group, name, kind, owner, members in self.rows(sql)
        )

    def _seats(self, who: str, id: str, at: int | None) -> tuple[Seat, ...]:
        sql = _SEATS.format(who=f'"{who}"', when=_BY_NOW if at is None else _THEN)
        given = {"who": id} if at is None else {"who": id, "at": at}
        roles = self._roles(who, id, at)
        return tuple(
            Seat(
                group=group,
                member=member,
                name=name,
                since=since,
                joined_at=joined_at,
                derived=bool(derived),
                roles=frozenset(roles.get((home_of(group), member), set()) | roles.get((ORG, member), set())),
            )
            for group, member, name, since, joined_at, derived in self.rows(sql, given)
        )

    def _roles(self, who: str, id: str, at: int | None) -> dict[tuple[str, str], set[str]]:
        """The roles by home and member: all that may concern the seats in question."""
        which = "home IN (:home, 'org')" if who == "group" else "member = :home"
        when = "until IS NULL" if at is None else "since <= :at AND (until IS NULL OR :at < until)"
        given: dict[str, Any] = {"home": home_of(id) if who == "group" else id}
        if at is not None:
            given["at"] = at
        held: dict[tuple[str, str], set[str]] = {}
        for home, member, role in self.rows(
            f"SELECT home, member, role FROM roster_roles WHERE {which} AND {when}", given
        ):
            held.setdefault((home, member), set()).add(role)
        return held


def _note(db: sqlite3.Connection, move: Move) -> None:
    """Begin a stay, or end the one that lasts; never before it began."""
    if move.how in COMING:
        sql = """INSERT INTO roster_stays ("group", member, since, began) VALUES (?, ?, ?, ?)"""
        db.execute(sql, (move.group, move.member, move.at, move.how))
    else:
        sql = """
            UPDATE roster_stays SET until = max(since, ?), ended = ? WHERE "group" = ? AND member = ? AND until IS NULL
        """
        db.execute(sql, (move.at, move.how, move.group, move.member))


def _name(db: sqlite3.Connection, event: Any, *, erased: bool) -> None:
    """The name that an event gives. One that was erased is no name, and a join without one changes nothing."""
    if not (event.name or erased or isinstance(event, _RENAMING)):
        return
    table, member = _NAMING[event.__class__]
    if member:
        sql = f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)"
        db.execute(sql, (event.group, event.member, event.name, event.id))
    else:
        sql = f'UPDATE {table} SET name = ?, named_by = ? WHERE "group" = ?'
        db.execute(sql, (event.name, event.id, event.group))
