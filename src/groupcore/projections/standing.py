"""Standing: the strikes, sanctions and blocks against somebody that count, at any time, in the past too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from attrs import frozen

from groupcore.events import Event, Recorded, facts, verdicts
from groupcore.events.base import ORG
from groupcore.projections.base import Projection
from groupcore.projections.presence import home_of


@frozen(kw_only=True)
class LiveStrike:
    """A strike that counts: not voided yet, and not expired."""

    id: str
    rule: str
    category: str
    severity: str
    message: str | None  # None: for a name
    at: int
    expires: int | None


@frozen(kw_only=True)
class GivenSanction:
    """A sanction that was given; ``lifted`` says whether it had been lifted by then, ``by`` who ordered it."""

    id: str
    kind: str
    at: int
    until: int | None
    by: str | None
    lifted: bool

    def mutes(self, at: int) -> bool:
        """Whether it is a mute in force at the time *at*."""
        return self.kind == "mute" and not self.lifted and (self.until is None or at < self.until)


@frozen(kw_only=True)
class LiveBlock:
    """An entry of a blocklist, of ``home``: a group's stream, or ``org``."""

    home: str
    person: str
    cause: str
    at: int
    until: int | None


@frozen(kw_only=True)
class StandingAt:
    """How somebody stood at ``at``: what had been given by then and counted. ``muted_until`` None: for ever, or not."""

    group: str
    member: str
    at: int
    strikes: tuple[LiveStrike, ...]
    sanctions: tuple[GivenSanction, ...]
    blocks: tuple[LiveBlock, ...]

    @property
    def muted(self) -> bool:
        """Whether a mute was in force."""
        return any(sanction.mutes(self.at) for sanction in self.sanctions)

    @property
    def muted_until(self) -> int | None:
        """When the last of the mutes in force ends."""
        ends = [sanction.until for sanction in self.sanctions if sanction.mutes(self.at)]
        return max((end for end in ends if end is not None), default=None) if None not in ends else None

    @property
    def blocked(self) -> bool:
        """Whether they were on the blocklist of the group or of the organisation."""
        return bool(self.blocks)


_COUNTS = "at <= :at AND ({ended} IS NULL OR :at < {ended}) AND ({until} IS NULL OR :at < {until})"
_STRIKES = f"""
SELECT id, rule, category, severity, message, at, expires FROM standing_strikes
WHERE "group" = :group AND member = :member AND {_COUNTS.format(ended="voided_at", until="expires")} ORDER BY number
"""
_SANCTIONS = """
SELECT id, kind, at, until, by, coalesce(lifted_at <= :at, 0) FROM standing_sanctions
WHERE "group" = :group AND member = :member AND at <= :at ORDER BY number
"""
_BLOCKS = f"""
SELECT home, person, cause, at, until FROM standing_blocks
WHERE {{which}} AND {_COUNTS.format(ended="ended_at", until="until")} ORDER BY number
"""
_MUTED = f"""
SELECT member, until FROM standing_sanctions
WHERE "group" = :group AND kind = 'mute' AND {_COUNTS.format(ended="lifted_at", until="until")} ORDER BY number
"""


class Standing(Projection):
    """What counts against somebody at a time. Times are those of the events: what was lifted later counted then."""

    name = "standing"
    tables = """
        CREATE TABLE standing_strikes (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL,
            message TEXT, rule TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
            at INTEGER NOT NULL, expires INTEGER, voided_at INTEGER
        );
        CREATE INDEX standing_strikes_of ON standing_strikes ("group", member);
        CREATE TABLE standing_sanctions (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL,
            kind TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER, by TEXT, lifted_at INTEGER
        );
        CREATE INDEX standing_sanctions_of ON standing_sanctions ("group", member);
        CREATE TABLE standing_blocks (
            number INTEGER PRIMARY KEY, home TEXT NOT NULL, person TEXT NOT NULL, cause TEXT NOT NULL,
            at INTEGER NOT NULL, until INTEGER, ended_at INTEGER
        );
        CREATE INDEX standing_blocks_of ON standing_blocks (person, home)
    """

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        _WORK[recorded.event.__class__](db, recorded.event)

    def of(self, group: str, member: str, at: int) -> StandingAt:
        """How somebody stood in *group* at the time *at*."""
        given = {"group": group, "member": member, "at": at, "home": home_of(group)}
        strikes = self.rows(_STRIKES, given)
        sanctions = self.rows(_SANCTIONS, given)
        blocks = self.rows(_BLOCKS.format(which="person = :member AND home IN (:home, 'org')"), given)
        return StandingAt(
            group=group,
            member=member,
            at=at,
            strikes=tuple(LiveStrike(**_named(LiveStrike, row)) for row in strikes),
            sanctions=tuple(GivenSanction(**_named(GivenSanction, (*row[:-1], bool(row[-1])))) for row in sanctions),
            blocks=tuple(LiveBlock(**_named(LiveBlock, row)) for row in blocks),
        )

    def muted(self, group: str, at: int) -> dict[str, int | None]:
        """Who was muted in *group* at the time *at*, and until when (None: for ever)."""
        ends: dict[str, int | None] = {}
        for member, until in self.rows(_MUTED, {"group": group, "at": at}):
            other = ends.get(member, until)
            ends[member] = None if until is None or other is None else max(until, other)
        return ends

    def blocklist(self, group: str | None, at: int) -> tuple[LiveBlock, ...]:
        """The blocklist of *group*, or (None) of the organisation, at the time *at*."""
        found = self.rows(_BLOCKS.format(which="home = :home"), {"home": home_of(group), "at": at})
        return tuple(LiveBlock(**_named(LiveBlock, row)) for row in found)


def _named(cls: type[Any], row: Any) -> dict[str, Any]:
    return dict(zip(cls.__annotations__, row, strict=True))


# --- strikes and sanctions ----------------------------------------------------------------------------------------


def _struck(db: sqlite3.Connection, event: verdicts.StrikeRecorded) -> None:
    sql = """
        INSERT INTO standing_strikes (id, "group", member, message, rule, category, severity, at, expires)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    what = (event.message, event.rule, event.category, event.severity)
    db.execute(sql, (event.id, event.group, event.member, *what, event.at, event.expires))


def _give(db: sqlite3.Connection, event: Any, kind: str, until: int | None = None, by: str | None = None) -> None:
    sql = 'INSERT INTO standing_sanctions (id, "group", member, kind, at, until, by) VALUES (?, ?, ?, ?, ?, ?, ?)'
    db.execute(sql, (event.id, event.group, event.member, kind, event.at, until, by))


def _warned(db: sqlite3.Connection, event: verdicts.MemberWarned) -> None:
    _give(db, event, "warn")


def _muted(db: sqlite3.Connection, event: verdicts.MemberMuted) -> None:
    _give(db, event, "mute", event.until)


def _kicked(db: sqlite3.Connection, event: verdicts.MemberKicked) -> None:
    _give(db, event, "kick")


def _ordered(db: sqlite3.Connection, event: facts.SanctionOrdered) -> None:
    _give(db, event, event.sanction, event.until, event.by)


def _lifted(db: sqlite3.Connection, event: facts.SanctionLifted) -> None:
    whose, at = (event.group, event.member), event.at
    if event.sanction in ("warn", "all"):
        sql = """
            UPDATE standing_strikes SET voided_at = ? WHERE "group" = ? AND member = ?
            AND voided_at IS NULL AND (expires IS NULL OR ? < expires)
        """
        db.execute(sql, (at, *whose, at))
    sql = """
        UPDATE standing_sanctions SET lifted_at = ? WHERE "group" = ? AND member = ?
        AND lifted_at IS NULL AND ? IN (kind, 'all')
    """
    db.execute(sql, (at, *whose, event.sanction))
    if event.sanction in ("block", "all"):
        _unlist(db, home_of(event.group), event.member, at)


def _strike_voided(db: sqlite3.Connection, event: verdicts.StrikeVoided) -> None:
    sql = """
        UPDATE standing_strikes SET voided_at = ? WHERE id = ? AND "group" = ? AND member = ? AND voided_at IS NULL
    """
    db.execute(sql, (event.at, event.strike, event.group, event.member))


def _sanction_voided(db: sqlite3.Connection, event: verdicts.SanctionVoided) -> None:
    sql = """
        UPDATE standing_sanctions SET lifted_at = ? WHERE id = ? AND "group" = ? AND member = ? AND lifted_at IS NULL
    """
    db.execute(sql, (event.at, event.sanction, event.group, event.member))


# --- blocklists ---------------------------------------------------------------------------------------------------


def _unlist(db: sqlite3.Connection, home: str, person: str, at: int) -> None:
    sql = "UPDATE standing_blocks SET ended_at = ? WHERE home = ? AND person = ? AND ended_at IS NULL"
    db.execute(sql, (at, home, person))


def _list(db: sqlite3.Connection, event: Event, home: str, person: str, cause: str, until: int | None) -> None:
    _unlist(db, home, person, event.at)  # an old block with an end must not end this one
    sql = "INSERT INTO standing_blocks (home, person, cause, at, until) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (home, person, cause, event.at, until))


def _blocked(db: sqlite3.Connection, event: verdicts.MemberBlocked) -> None:
    home = ORG if event.scope == "org" else home_of(event.group)
    _list(db, event, home, event.member, event.cause, None)


def _unblocked(db: sqlite3.Connection, event: verdicts.MemberUnblocked) -> None:
    _unlist(db, ORG if event.scope == "org" else home_of(event.group), event.member, event.at)


def _person_blocked(db: sqlite3.Connection, event: facts.PersonBlocked) -> None:
    _list(db, event, home_of(event.group), event.person, event.id, event.until)


def _person_unblocked(db: sqlite3.Connection, event: facts.PersonUnblocked) -> None:
    _unlist(db, home_of(event.group), event.person, event.at)


_WORK: dict[type[Event], Callable[[sqlite3.Connection, Any], None]] = {
    verdicts.StrikeRecorded: _struck,
    verdicts.MemberWarned: _warned,
    verdicts.MemberMuted: _muted,
    verdicts.MemberKicked: _kicked,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.StrikeVoided: _strike_voided,
    verdicts.SanctionVoided: _sanction_voided,
    verdicts.MemberBlocked: _blocked,
    verdicts.MemberUnblocked: _unblocked,
    facts.PersonBlocked: _person_blocked,
    facts.PersonUnblocked: _person_unblocked,
}
Standing.types = frozenset(cls.type for cls in _WORK)
