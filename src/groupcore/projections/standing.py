"""Standing: the strikes, sanctions and blocks against somebody that count, at any time, in the past too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from groupcore.events import Event, Recorded, facts, verdicts
from groupcore.events.base import ORG
from groupcore.events.sanctions import GIVEN, SanctionGiven
from groupcore.projections import blocklists, owners
from groupcore.projections.base import Projection
from groupcore.projections.blocklists import home_of_owner, unlist
from groupcore.projections.lifting import COLUMNS, Lifting
from groupcore.projections.presence import home_of
from groupcore.projections.rows import named, put
from groupcore.projections.standing_at import GivenSanction, LiveBlock, LiveStrike, StandingAt
from groupcore.state import Strike, live

_COUNTS = "at <= :at AND ({ended} IS NULL OR :at < {ended}) AND ({until} IS NULL OR :at < {until})"
_STRIKES = """
SELECT id, rule, category, severity, message, at, expires, "group", scope, owner, weight, decay, clean
FROM standing_strikes
WHERE member = :member AND at <= :at AND (voided_at IS NULL OR :at < voided_at) AND CASE scope
    WHEN 'group' THEN "group" = :group WHEN 'owner' THEN owner = :owner ELSE 1 END
ORDER BY at, number
"""
_SANCTIONS = """
SELECT id, kind, at, until, by, message, instead_of, slow, restrictions, coalesce(lifted_at <= :at, 0),
    (SELECT count(*) FROM standing_marks AS m WHERE m.sanction = s.id AND what = 'renewed' AND m.at <= :at),
    (SELECT count(*) FROM standing_marks AS m WHERE m.sanction = s.id AND what = 'violated' AND m.at <= :at)
FROM standing_sanctions AS s
WHERE "group" = :group AND member = :member AND at <= :at ORDER BY number
"""
_BLOCKS = f"""
SELECT home, person, cause, at, until FROM standing_blocks
WHERE {{which}} AND {_COUNTS.format(ended="ended_at", until="until")}
ORDER BY CASE WHEN home = 'org' THEN 2 ELSE home LIKE 'owner/%' END, number
"""
_MUTED = f"""
SELECT member, until FROM standing_sanctions
WHERE "group" = :group AND kind = 'mute' AND {_COUNTS.format(ended="lifted_at", until="until")} ORDER BY number
"""


class Standing(Projection):
    """What counts against somebody at a time. Times are those of the events: what was lifted later counted then."""

    name = "standing"
    version = 2
    tables = f"""
        CREATE TABLE standing_strikes (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL,
            message TEXT, rule TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
            at INTEGER NOT NULL, expires INTEGER, weight INTEGER NOT NULL, decay INTEGER, clean INTEGER,
            scope TEXT NOT NULL, owner TEXT, voided_at INTEGER
        );
        CREATE INDEX standing_strikes_of ON standing_strikes (member, "group");
        CREATE TABLE standing_sanctions (
            number INTEGER PRIMARY KEY, {COLUMNS}, until INTEGER, message TEXT,
            instead_of TEXT, slow INTEGER, restrictions TEXT NOT NULL
        );
        CREATE INDEX standing_sanctions_of ON standing_sanctions ("group", member);
        CREATE TABLE standing_marks (sanction TEXT NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX standing_marks_of ON standing_marks (sanction, what, at);
        CREATE TABLE standing_blocks (
            number INTEGER PRIMARY KEY, home TEXT NOT NULL, person TEXT NOT NULL, cause TEXT NOT NULL,
            at INTEGER NOT NULL, until INTEGER, ended_at INTEGER
        );
        CREATE INDEX standing_blocks_of ON standing_blocks (person, home);
        {owners.TABLE}
    """

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        _WORK[recorded.event.__class__](db, recorded.event)

    def of(self, group: str, member: str, at: int) -> StandingAt:
        """How somebody stood in *group* at the time *at*."""
        owner = self.owner(group, at)
        given = {"group": group, "member": member, "at": at, "owner": owner, "home": home_of(group)}
        given["owned"] = home_of_owner(owner) if owner is not None else None
        blocks = self.rows(_BLOCKS.format(which=f"person = :member AND home IN (:home, :owned, '{ORG}')"), given)
        return StandingAt(
            group=group,
            member=member,
            at=at,
            strikes=tuple(_live(self.rows(_STRIKES, given), at)),
            sanctions=tuple(map(_given, self.rows(_SANCTIONS, given))),
            blocks=tuple(LiveBlock(**named(LiveBlock, row)) for row in blocks),
        )

    def muted(self, group: str, at: int) -> dict[str, int | None]:
        """Who was muted in *group* at the time *at*, and until when (None: for ever)."""
        ends: dict[str, int | None] = {}
        for member, until in self.rows(_MUTED, {"group": group, "at": at}):
            other = ends.get(member, until)
            ends[member] = None if until is None or other is None else max(until, other)
        return ends

    def blocklist(self, group: str | None, at: int, *, owner: str | None = None) -> tuple[LiveBlock, ...]:
        """The blocklist of *group*, of the groups of *owner*, or (neither) of the organisation, at the time *at*."""
        home = home_of(group) if owner is None else home_of_owner(owner)
        found = self.rows(_BLOCKS.format(which="home = :home"), {"home": home, "at": at})
        return tuple(LiveBlock(**named(LiveBlock, row)) for row in found)

    def owner(self, group: str, at: int) -> str | None:
        """Who owned *group* at the time *at*, or None."""
        found = self.rows(owners.OWNER, {"group": group, "at": at})
        return found[0][0] if found else None


def _live(rows: list[Any], at: int) -> Iterator[LiveStrike]:
    """Those of all in sight that count. What counting means is the state's to say."""
    seen = {row[0]: named(LiveStrike, row) for row in rows}
    for strike in live([Strike(**plain) for plain in seen.values()], at):
        yield LiveStrike(**seen[strike.id] | {"weight": strike.weight_at(at)})


def _given(row: Any) -> GivenSanction:
    plain = named(GivenSanction, row)
    return GivenSanction(**plain | {"restrictions": tuple(plain["restrictions"].split()), "lifted": bool(row[9])})


# --- strikes ------------------------------------------------------------------------------------------------------


_STRIKE = (
    "id", "group", "member", "message", "rule", "category", "severity", "at", "expires",
    "weight", "decay", "clean", "scope", "owner",
)  # fmt: skip


def _struck(db: sqlite3.Connection, event: verdicts.StrikeRecorded) -> None:
    put(db, "standing_strikes", **{name: getattr(event, name) for name in _STRIKE})


def _strike_voided(db: sqlite3.Connection, event: verdicts.StrikeVoided) -> None:
    sql = """
        UPDATE standing_strikes SET voided_at = ? WHERE id = ? AND member = ? AND voided_at IS NULL
        AND CASE scope WHEN 'group' THEN "group" = ? ELSE 1 END
    """
    db.execute(sql, (event.at, event.strike, event.member, event.group))


# --- sanctions ----------------------------------------------------------------------------------------------------

_LIFTING = Lifting("standing_sanctions")


def _give(db: sqlite3.Connection, event: Any, kind: str, *, struck: bool, **more: Any) -> None:
    plain = {name: getattr(event, name, None) for name in ("id", "group", "member", "at", "until", "message", "slow")}
    words = " ".join(getattr(event, "restrictions", ()))
    put(db, "standing_sanctions", **plain | {"kind": kind, "struck": struck, "restrictions": words, **more})


def _by_ladder(db: sqlite3.Connection, event: SanctionGiven) -> None:
    _give(db, event, event.kind, struck=True)


def _kicked(db: sqlite3.Connection, event: verdicts.MemberKicked) -> None:
    _give(db, event, "kick", struck=event.because == "ladder")


def _ordered(db: sqlite3.Connection, event: facts.SanctionOrdered) -> None:
    _give(db, event, event.sanction, struck=False, by=event.by)


def _reduced(db: sqlite3.Connection, event: verdicts.SanctionReduced) -> None:
    """The milder one takes the place of the other, and has its particulars."""
    struck = _LIFTING.take_back(db, event)
    sql = "SELECT by, restrictions, slow FROM standing_sanctions WHERE id = ?"
    by, words, slow = db.execute(sql, (event.sanction,)).fetchone() or (None, "", None)
    more = {"by": by, "restrictions": words, "slow": slow, "instead_of": event.sanction}
    _give(db, event, event.kind, struck=struck, **more)


def _lifted(db: sqlite3.Connection, event: facts.SanctionLifted) -> None:
    whose, at = (event.group, event.member), event.at
    if event.sanction in ("warn", "all"):
        sql = """
            UPDATE standing_strikes SET voided_at = ? WHERE "group" = ? AND member = ? AND scope = 'group'
            AND voided_at IS NULL AND (expires IS NULL OR ? < expires)
        """
        db.execute(sql, (at, *whose, at))
    _LIFTING.pardon(db, event)
    if event.sanction in ("block", "all"):
        unlist(db, home_of(event.group), event.member, at)


def _mark(what: str) -> Callable[[sqlite3.Connection, Any], None]:
    sql = "INSERT INTO standing_marks VALUES (?, ?, ?)"

    def mark(db: sqlite3.Connection, event: verdicts.SanctionRenewed | verdicts.SanctionViolated) -> None:
        db.execute(sql, (event.sanction, what, event.at))

    return mark


_WORK: dict[type[Event], Callable[[sqlite3.Connection, Any], Any]] = {
    verdicts.StrikeRecorded: _struck,
    **dict.fromkeys(GIVEN.values(), _by_ladder),
    verdicts.MemberKicked: _kicked,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.StrikeVoided: _strike_voided,
    verdicts.SanctionVoided: _LIFTING.take_back,
    verdicts.SanctionReduced: _reduced,
    verdicts.SanctionRenewed: _mark("renewed"),
    verdicts.SanctionViolated: _mark("violated"),
    **blocklists.WORK,
    **owners.WORK,
}
Standing.types = frozenset(cls.type for cls in _WORK)
