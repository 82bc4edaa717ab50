"""Standing: the strikes, sanctions and blocks against somebody that count, at any time, in the past too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from attrs import frozen

from groupcore.events import Event, Recorded, facts, verdicts
from groupcore.projections.base import Projection
from groupcore.projections.blocklists import WORK as BLOCKLISTS
from groupcore.projections.blocklists import home_of_owner, unlist
from groupcore.projections.presence import home_of
from groupcore.state.sanction import Strike, live


@frozen(kw_only=True)
class LiveStrike:
    """A strike that counts: not voided yet, not expired, not worn off and not forgotten.

    ``weight`` is what it weighs at that time, ``group`` where it was earned, ``scope`` where it counts.
    """

    id: str
    rule: str
    category: str
    severity: str
    message: str | None  # None: for a name
    at: int
    expires: int | None
    weight: int = 1
    group: str = ""
    scope: str = "group"


@frozen(kw_only=True)
class GivenSanction:
    """A sanction that was given; ``lifted`` says whether it had been lifted by then, ``by`` who ordered it.

    ``restrictions`` are what a restriction forbids.
    """

    id: str
    kind: str
    at: int
    until: int | None
    by: str | None
    lifted: bool
    restrictions: tuple[str, ...] = ()

    def mutes(self, at: int) -> bool:
        """Whether it is a mute in force at the time *at*."""
        return self.kind == "mute" and not self.lifted and (self.until is None or at < self.until)


@frozen(kw_only=True)
class LiveBlock:
    """An entry of a blocklist, of ``home``: a group's stream, ``org``, or ``owner/`` and whose groups those are."""

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
        """Whether they were on the blocklist of the group, of its owner's groups or of the organisation."""
        return bool(self.blocks)

    @property
    def weight(self) -> int:
        """What the live strikes weighed."""
        return sum(strike.weight for strike in self.strikes)

    @property
    def restrictions(self) -> frozenset[str]:
        """What restrictions in force forbade."""
        held = (each for each in self.sanctions if not each.lifted and (each.until is None or self.at < each.until))
        return frozenset(word for each in held for word in each.restrictions)


_COUNTS = "at <= :at AND ({ended} IS NULL OR :at < {ended}) AND ({until} IS NULL OR :at < {until})"
_STRIKES = """
SELECT id, message, rule, category, severity, at, expires, weight, decay, clean, scope, owner, "group"
FROM standing_strikes WHERE member = :member AND at <= :at AND (voided_at IS NULL OR :at < voided_at)
AND (scope = 'org' OR (scope = 'group' AND "group" = :group) OR (scope = 'owner' AND owner = :owner)) ORDER BY number
"""
_OWNER = 'SELECT owner FROM standing_owners WHERE "group" = :group AND at <= :at ORDER BY number DESC LIMIT 1'
_SANCTIONS = """
SELECT id, kind, at, until, by, coalesce(lifted_at <= :at, 0), restrictions FROM standing_sanctions
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
    version = 2
    tables = """
        CREATE TABLE standing_strikes (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL,
            message TEXT, rule TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
            at INTEGER NOT NULL, expires INTEGER, voided_at INTEGER, weight INTEGER NOT NULL, decay INTEGER,
            clean INTEGER, scope TEXT NOT NULL, owner TEXT
        );
        CREATE INDEX standing_strikes_of ON standing_strikes (member);
        CREATE TABLE standing_owners (
            number INTEGER PRIMARY KEY, "group" TEXT NOT NULL, owner TEXT, at INTEGER NOT NULL
        );
        CREATE INDEX standing_owners_of ON standing_owners ("group");
        CREATE TABLE standing_sanctions (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL,
            kind TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER, by TEXT, lifted_at INTEGER,
            restrictions TEXT NOT NULL
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
        owner = self.owner(group, at)
        theirs = home_of_owner(owner) if owner is not None else None
        given = {"group": group, "member": member, "at": at, "home": home_of(group), "owner": owner, "theirs": theirs}
        strikes = live([_strike(row) for row in self.rows(_STRIKES, given)], at)
        sanctions = self.rows(_SANCTIONS, given)
        blocks = self.rows(_BLOCKS.format(which="person = :member AND home IN (:home, :theirs, 'org')"), given)
        return StandingAt(
            group=group,
            member=member,
            at=at,
            strikes=tuple(_live_strike(strike, at) for strike in strikes),
            sanctions=tuple(_given(row) for row in sanctions),
            blocks=tuple(LiveBlock(**_named(LiveBlock, row)) for row in blocks),
        )

    def owner(self, group: str, at: int) -> str | None:
        """Who owned *group* at the time *at*, or None."""
        found = list(self.rows(_OWNER, {"group": group, "at": at}))
        return found[0][0] if found else None

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


def _strike(row: Any) -> Strike:
    id, message, rule, category, severity, at, expires, weight, decay, clean, scope, owner, group = row
    made = Strike(id, message, rule, category, severity, at, expires)
    made.weight, made.decay, made.clean, made.scope, made.owner, made.group = weight, decay, clean, scope, owner, group
    return made


def _live_strike(strike: Strike, at: int) -> LiveStrike:
    plain = {name: getattr(strike, name) for name in LiveStrike.__annotations__}
    return LiveStrike(**plain | {"weight": strike.weight_at(at)})


def _given(row: Any) -> GivenSanction:
    *plain, lifted, restrictions = row
    return GivenSanction(**_named(GivenSanction, (*plain, bool(lifted), tuple(restrictions.split()))))


# --- who owns what ------------------------------------------------------------------------------------------------


def _own(db: sqlite3.Connection, event: Event, owner: str | None) -> None:
    sql = 'INSERT INTO standing_owners ("group", owner, at) VALUES (?, ?, ?)'
    db.execute(sql, (event.group, owner, event.at))


def _opened(db: sqlite3.Connection, event: facts.GroupOpened) -> None:
    if event.owner is not None:
        _own(db, event, event.owner)


def _owned(db: sqlite3.Connection, event: facts.OwnerChanged) -> None:
    _own(db, event, event.owner)


def _granted(db: sqlite3.Connection, event: facts.RoleGranted) -> None:
    if event.role == "owner" and event.group is not None:
        _own(db, event, event.member)


def _revoked(db: sqlite3.Connection, event: facts.RoleRevoked) -> None:
    if event.role == "owner" and event.group is not None:
        sql = 'SELECT owner FROM standing_owners WHERE "group" = ? ORDER BY number DESC LIMIT 1'
        if db.execute(sql, (event.group,)).fetchone() == (event.member,):
            _own(db, event, None)


# --- strikes and sanctions ----------------------------------------------------------------------------------------


def _struck(db: sqlite3.Connection, event: verdicts.StrikeRecorded) -> None:
    sql = """
        INSERT INTO standing_strikes (id, "group", member, message, rule, category, severity, at, expires,
        weight, decay, clean, scope, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    what = (event.message, event.rule, event.category, event.severity)
    wide = (event.weight, event.decay, event.clean, event.scope, event.owner)
    db.execute(sql, (event.id, event.group, event.member, *what, event.at, event.expires, *wide))


def _gives(kind: str) -> Callable[[sqlite3.Connection, Any], None]:
    """What takes in a sanction of the ladder."""
    return lambda db, event: _give(db, event, kind)


def _give(db: sqlite3.Connection, event: Any, kind: str) -> None:
    sql = """
        INSERT INTO standing_sanctions (id, "group", member, kind, at, until, by, restrictions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """
    until, by, words = (getattr(event, name, None) for name in ("until", "by", "restrictions"))
    db.execute(sql, (event.id, event.group, event.member, kind, event.at, until, by, " ".join(words or ())))


def _ordered(db: sqlite3.Connection, event: facts.SanctionOrdered) -> None:
    _give(db, event, event.sanction)


def _reduced(db: sqlite3.Connection, event: verdicts.SanctionReduced) -> None:
    """The milder one takes the place of the other, with what that forbade."""
    sql = 'SELECT restrictions FROM standing_sanctions WHERE id = ? AND "group" = ?'
    before = db.execute(sql, (event.sanction, event.group)).fetchone()
    _lift(db, event, event.sanction)
    _give(db, event, event.kind)
    db.execute("UPDATE standing_sanctions SET restrictions = ? WHERE id = ?", (before[0] if before else "", event.id))


def _lift(db: sqlite3.Connection, event: Any, sanction: str) -> None:
    sql = """
        UPDATE standing_sanctions SET lifted_at = ? WHERE id = ? AND "group" = ? AND member = ? AND lifted_at IS NULL
    """
    db.execute(sql, (event.at, sanction, event.group, event.member))


def _lifted(db: sqlite3.Connection, event: facts.SanctionLifted) -> None:
    whose, at = (event.group, event.member), event.at
    if event.sanction in ("warn", "all"):
        sql = """
            UPDATE standing_strikes SET voided_at = ? WHERE "group" = ? AND member = ? AND scope = 'group'
            AND voided_at IS NULL AND (expires IS NULL OR ? < expires)
        """
        db.execute(sql, (at, *whose, at))
    sql = """
        UPDATE standing_sanctions SET lifted_at = ? WHERE "group" = ? AND member = ?
        AND lifted_at IS NULL AND ? IN (CASE kind WHEN 'notice' THEN 'warn' WHEN 'ban' THEN 'kick' ELSE kind END, 'all')
    """
    db.execute(sql, (at, *whose, event.sanction))
    if event.sanction in ("block", "all"):
        unlist(db, home_of(event.group), event.member, at)


def _strike_voided(db: sqlite3.Connection, event: verdicts.StrikeVoided) -> None:
    sql = """
        UPDATE standing_strikes SET voided_at = ? WHERE id = ? AND member = ? AND voided_at IS NULL
        AND (scope <> 'group' OR "group" = ?)
    """
    db.execute(sql, (event.at, event.strike, event.member, event.group))


def _sanction_voided(db: sqlite3.Connection, event: verdicts.SanctionVoided) -> None:
    _lift(db, event, event.sanction)


_WORK: dict[type[Event], Callable[[sqlite3.Connection, Any], None]] = {
    facts.GroupOpened: _opened,
    facts.OwnerChanged: _owned,
    facts.RoleGranted: _granted,
    facts.RoleRevoked: _revoked,
    verdicts.StrikeRecorded: _struck,
    verdicts.MemberNotified: _gives("notice"),
    verdicts.MemberWarned: _gives("warn"),
    verdicts.MemberMuted: _gives("mute"),
    verdicts.MemberRestricted: _gives("restrict"),
    verdicts.MemberKicked: _gives("kick"),
    verdicts.MemberBanned: _gives("ban"),
    verdicts.SanctionReduced: _reduced,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.StrikeVoided: _strike_voided,
    verdicts.SanctionVoided: _sanction_voided,
    **BLOCKLISTS,
}
Standing.types = frozenset(cls.type for cls in _WORK)
