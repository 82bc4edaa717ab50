"""The casebook: each sanction with the finding and the message behind it, and what became of it on appeal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Literal

from attrs import frozen

from groupcore.events import Event, Recorded, facts, verdicts
from groupcore.projections.base import Projection


@frozen(kw_only=True)
class CaseFinding:
    """One policy's objection to the message of a case."""

    rule: str
    policy: str
    category: str
    severity: str
    spans: int


@frozen(kw_only=True)
class CaseAppeal:
    """The appeal against a sanction; ``outcome`` is None while it is open."""

    at: int
    by: str | None
    decided_at: int | None
    decided_by: str | None
    outcome: str | None


@frozen(kw_only=True)
class Case:
    """A sanction and what it stands on.

    ``origin`` says who gave it: the ladder, the blocklist or staff (``by``). ``fact`` is the id of the fact that it
    answers, ``message`` the platform's id of the message. ``rule`` is that of its strike. ``lifted_by`` is the event
    that took it back.
    """

    id: str
    kind: str
    origin: Literal["ladder", "blocklist", "staff"]
    group: str
    member: str
    at: int
    until: int | None
    message: str | None
    fact: str
    by: str | None
    rule: str | None
    lifted_at: int | None
    lifted_by: str | None
    findings: tuple[CaseFinding, ...] = ()
    appeal: CaseAppeal | None = None


@frozen(kw_only=True)
class Precision:
    """How often a rule objected, what came of it, and what was said on appeal."""

    rule: str
    findings: int
    sanctions: int
    appealed: int
    upheld: int
    overturned: int


_CASES = """
SELECT cases.id, kind, origin, cases."group", cases.member, cases.at, until, message, fact, cases.by, strikes.rule,
    lifted_at, lifted_by, appeals.at, appeals.by, decided_at, decided_by, outcome
FROM casebook_cases AS cases
LEFT JOIN casebook_strikes AS strikes ON strikes.cause = cases.fact AND strikes.member = cases.member
LEFT JOIN casebook_appeals AS appeals ON appeals.sanction = cases.id AND appeals."group" = cases."group"
WHERE {where} ORDER BY cases.position LIMIT :limit
"""
_FINDINGS = """
SELECT rule, policy, category, severity, spans FROM casebook_findings
WHERE (cause = :fact) OR (:staff AND "group" = :group AND message = :message) ORDER BY position, rule
"""
_PRECISION = """
SELECT f.rule, count(*),
    (SELECT count(*) FROM casebook_strikes AS s JOIN casebook_cases AS c ON c.fact = s.cause WHERE s.rule = f.rule),
    (SELECT count(*) FROM ({appeals})), (SELECT count(*) FROM ({appeals} AND a.outcome = 'upheld')),
    (SELECT count(*) FROM ({appeals} AND a.outcome = 'overturned'))
FROM casebook_findings AS f GROUP BY f.rule ORDER BY f.rule
""".format(
    appeals="""
    SELECT 1 FROM casebook_strikes AS s JOIN casebook_cases AS c ON c.fact = s.cause
    JOIN casebook_appeals AS a ON a.sanction = c.id AND a."group" = c."group" WHERE s.rule = f.rule
    """
)


class Casebook(Projection):
    """Sanctions, from the verdict back to the message, and forth to the outcome of the appeal."""

    name = "casebook"
    tables = """
        CREATE TABLE casebook_findings (
            cause TEXT, rule TEXT, position INTEGER NOT NULL, policy TEXT NOT NULL, category TEXT NOT NULL,
            severity TEXT NOT NULL, spans INTEGER NOT NULL, "group" TEXT NOT NULL, message TEXT,
            PRIMARY KEY (cause, rule)
        ) WITHOUT ROWID;
        CREATE INDEX casebook_findings_in ON casebook_findings ("group", message);
        CREATE INDEX casebook_findings_by ON casebook_findings (rule);
        CREATE TABLE casebook_strikes (cause TEXT PRIMARY KEY, member TEXT NOT NULL, rule TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX casebook_strikes_by ON casebook_strikes (rule);
        CREATE TABLE casebook_cases (
            position INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT NOT NULL, origin TEXT NOT NULL,
            "group" TEXT NOT NULL, member TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER, message TEXT,
            fact TEXT NOT NULL, by TEXT, lifted_at INTEGER, lifted_by TEXT
        );
        CREATE INDEX casebook_cases_of ON casebook_cases ("group", member);
        CREATE INDEX casebook_cases_after ON casebook_cases (fact);
        CREATE TABLE casebook_appeals (
            "group" TEXT, sanction TEXT, at INTEGER NOT NULL, by TEXT, decided_at INTEGER, decided_by TEXT,
            outcome TEXT, PRIMARY KEY (sanction, "group")
        ) WITHOUT ROWID
    """

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        _WORK[recorded.event.__class__](db, recorded.event, recorded.position)

    def case(self, id: str) -> Case | None:
        """The case of the sanction with that id, or None."""
        found = self._cases("cases.id = :id", {"id": id, "limit": 1})
        return found[0] if found else None

    def cases(
        self, group: str | None = None, member: str | None = None, *, after: str = "", limit: int = 100
    ) -> tuple[Case, ...]:
        """The cases of a group, of a person, or all, in the order of the log, behind the case of the id *after*."""
        where, given = ["1"], dict[str, Any](limit=limit)
        for name, value in (("group", group), ("member", member)):
            if value is not None:
                where.append(f'cases."{name}" = :{name}')
                given[name] = value
        if after:
            where.append("cases.position > (SELECT position FROM casebook_cases WHERE id = :after)")
            given["after"] = after
        return self._cases(" AND ".join(where), given)

    def open_appeals(self, limit: int = 100) -> tuple[Case, ...]:
        """The cases whose appeal nobody has decided yet."""
        return self._cases("appeals.at IS NOT NULL AND outcome IS NULL", {"limit": limit})

    def precision(self) -> tuple[Precision, ...]:
        """What became of the findings of each rule, by rule. O(findings)."""
        names = tuple(Precision.__annotations__)
        return tuple(Precision(**dict(zip(names, row, strict=True))) for row in self.rows(_PRECISION))

    def _cases(self, where: str, given: dict[str, Any]) -> tuple[Case, ...]:
        return tuple(map(self._case, self.rows(_CASES.format(where=where), given)))

    def _case(self, row: tuple[Any, ...]) -> Case:
        plain = dict(zip(Case.__annotations__, row[:13], strict=False))
        appeal = CaseAppeal(**dict(zip(CaseAppeal.__annotations__, row[13:], strict=True)))
        given = {key: plain[key] for key in ("fact", "group", "message")} | {"staff": plain["origin"] == "staff"}
        names = tuple(CaseFinding.__annotations__)
        findings = (CaseFinding(**dict(zip(names, found, strict=True))) for found in self.rows(_FINDINGS, given))
        return Case(**plain, findings=tuple(findings), appeal=appeal if row[13] is not None else None)


def _found(db: sqlite3.Connection, event: verdicts.FindingRecorded, position: int) -> None:
    what = (event.policy, event.category, event.severity, len(event.spans), event.group, event.message)
    db.execute(
        "INSERT INTO casebook_findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (event.cause, event.rule, position, *what)
    )


def _struck(db: sqlite3.Connection, event: verdicts.StrikeRecorded, _: int) -> None:
    db.execute("INSERT INTO casebook_strikes VALUES (?, ?, ?)", (event.cause, event.member, event.rule))


def _open(db: sqlite3.Connection, position: int, event: Any, kind: str, origin: str, **more: Any) -> None:
    given = {
        "position": position,
        "id": event.id,
        "kind": kind,
        "origin": origin,
        "group": event.group,
        "member": event.member,
        "at": event.at,
        "message": event.message,
        "fact": getattr(event, "cause", event.id),
        **more,
    }
    names = ", ".join(f'"{name}"' for name in given)
    db.execute(f"INSERT INTO casebook_cases ({names}) VALUES ({', '.join('?' * len(given))})", tuple(given.values()))


def _warned(db: sqlite3.Connection, event: verdicts.MemberWarned, position: int) -> None:
    _open(db, position, event, "warn", "ladder")


def _muted(db: sqlite3.Connection, event: verdicts.MemberMuted, position: int) -> None:
    _open(db, position, event, "mute", "ladder", until=event.until)


def _kicked(db: sqlite3.Connection, event: verdicts.MemberKicked, position: int) -> None:
    _open(db, position, event, "kick", event.because)


def _ordered(db: sqlite3.Connection, event: facts.SanctionOrdered, position: int) -> None:
    _open(db, position, event, event.sanction, "staff", until=event.until, by=event.by)


_LIFT = 'UPDATE casebook_cases SET lifted_at = ?, lifted_by = ? WHERE "group" = ? AND member = ? AND lifted_at IS NULL'


def _lifted(db: sqlite3.Connection, event: facts.SanctionLifted, _: int) -> None:
    db.execute(f"{_LIFT} AND ? IN (kind, 'all')", (event.at, event.id, event.group, event.member, event.sanction))


def _voided(db: sqlite3.Connection, event: verdicts.SanctionVoided, _: int) -> None:
    db.execute(f"{_LIFT} AND id = ?", (event.at, event.id, event.group, event.member, event.sanction))


def _appealed(db: sqlite3.Connection, event: facts.AppealFiled, _: int) -> None:
    sql = 'INSERT OR IGNORE INTO casebook_appeals ("group", sanction, at, by) VALUES (?, ?, ?, ?)'
    db.execute(sql, (event.group, event.sanction, event.at, event.by or event.member))


def _decided(db: sqlite3.Connection, event: facts.AppealDecided, _: int) -> None:
    sql = """
        UPDATE casebook_appeals SET decided_at = ?, decided_by = ?, outcome = ?
        WHERE "group" = ? AND sanction = ? AND outcome IS NULL
    """
    db.execute(sql, (event.at, event.by, event.outcome, event.group, event.sanction))


_WORK: dict[type[Event], Callable[[sqlite3.Connection, Any, int], None]] = {
    verdicts.FindingRecorded: _found,
    verdicts.StrikeRecorded: _struck,
    verdicts.MemberWarned: _warned,
    verdicts.MemberMuted: _muted,
    verdicts.MemberKicked: _kicked,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.SanctionVoided: _voided,
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _decided,
}
Casebook.types = frozenset(cls.type for cls in _WORK)
