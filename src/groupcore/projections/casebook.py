"""The casebook: each sanction with the finding and the message behind it, and what became of it on appeal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from groupcore.events import Event, Recorded, facts, verdicts
from groupcore.events.sanctions import GIVEN, SanctionGiven
from groupcore.projections.base import Projection
from groupcore.projections.cases import Case, CaseAppeal, CaseFinding, CaseReview, Precision
from groupcore.projections.lifting import COLUMNS, Lifting
from groupcore.projections.rows import named, put
from groupcore.sanctions import REMOVALS

_CASES = """
SELECT cases.id, kind, origin, cases."group", cases.member, cases.at, until, message, fact, cases.by, strikes.rule,
    lifted_at, lifted_by, instead_of, (SELECT count(*) FROM casebook_violations AS v WHERE v.sanction = cases.id),
    basis, appeals.at, appeals.by, decided_at, decided_by, outcome
FROM casebook_cases AS cases
LEFT JOIN casebook_strikes AS strikes ON strikes.cause = cases.basis AND strikes.member = cases.member
LEFT JOIN casebook_appeals AS appeals ON appeals.sanction = cases.id AND appeals."group" = cases."group"
WHERE {where} ORDER BY cases.position LIMIT :limit
"""
_FINDINGS = """
SELECT rule, policy, category, severity, spans FROM casebook_findings
WHERE cause = :basis OR (:basis IS NULL AND "group" = :group AND message = :message) ORDER BY position, rule
"""
_REVIEWS = "SELECT id, at, kind, until, lifted FROM casebook_reviews WHERE sanction = :id ORDER BY position"
_PRECISION = """
WITH found AS (
    SELECT rule, count(*) AS findings, sum(idle) AS idle FROM casebook_findings GROUP BY rule
),
given AS (
    SELECT s.rule, count(*) AS sanctions, count(a.sanction) AS appealed,
        sum(a.outcome IS 'upheld') AS upheld, sum(a.outcome IS 'reduced') AS reduced,
        sum(a.outcome IS 'overturned') AS overturned, sum(a.outcome IS 'superseded') AS superseded,
        sum(EXISTS (SELECT 1 FROM casebook_reviews AS r WHERE r.sanction = c.id)) AS milder
    FROM casebook_strikes AS s JOIN casebook_cases AS c ON c.fact = s.cause AND c.member = s.member
    LEFT JOIN casebook_appeals AS a ON a.sanction = c.id AND a."group" = c."group" GROUP BY s.rule
)
SELECT rule, findings, idle, coalesce(sanctions, 0), coalesce(appealed, 0), coalesce(upheld, 0),
    coalesce(reduced, 0), coalesce(overturned, 0), coalesce(superseded, 0), coalesce(milder, 0)
FROM found LEFT JOIN given USING (rule) ORDER BY rule
"""


class Casebook(Projection):
    """Sanctions, from the verdict back to the message, and forth to the outcome of the appeal."""

    name = "casebook"
    version = 2
    tables = f"""
        CREATE TABLE casebook_findings (
            cause TEXT, rule TEXT, position INTEGER NOT NULL, policy TEXT NOT NULL, category TEXT NOT NULL,
            severity TEXT NOT NULL, spans INTEGER NOT NULL, idle INTEGER NOT NULL, "group" TEXT NOT NULL,
            message TEXT, PRIMARY KEY (cause, rule)
        ) WITHOUT ROWID;
        CREATE INDEX casebook_findings_in ON casebook_findings ("group", message);
        CREATE INDEX casebook_findings_by ON casebook_findings (rule);
        CREATE TABLE casebook_strikes (cause TEXT PRIMARY KEY, member TEXT NOT NULL, rule TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX casebook_strikes_by ON casebook_strikes (rule);
        CREATE TABLE casebook_cases (
            position INTEGER PRIMARY KEY, {COLUMNS}, origin TEXT NOT NULL, until INTEGER, message TEXT,
            fact TEXT NOT NULL, basis TEXT, instead_of TEXT
        );
        CREATE INDEX casebook_cases_of ON casebook_cases ("group", member);
        CREATE INDEX casebook_cases_after ON casebook_cases (fact);
        CREATE TABLE casebook_appeals (
            "group" TEXT, sanction TEXT, at INTEGER NOT NULL, by TEXT, decided_at INTEGER, decided_by TEXT,
            outcome TEXT, PRIMARY KEY (sanction, "group")
        ) WITHOUT ROWID;
        CREATE TABLE casebook_reviews (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL, sanction TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT,
            until INTEGER, lifted INTEGER NOT NULL
        );
        CREATE INDEX casebook_reviews_of ON casebook_reviews (sanction);
        CREATE TABLE casebook_violations (position INTEGER PRIMARY KEY, sanction TEXT NOT NULL);
        CREATE INDEX casebook_violations_of ON casebook_violations (sanction)
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
        """What became of the findings of each rule, by rule. O(findings and cases)."""
        names = tuple(Precision.__annotations__)
        return tuple(Precision(**dict(zip(names, row, strict=True))) for row in self.rows(_PRECISION))

    def _cases(self, where: str, given: dict[str, Any]) -> tuple[Case, ...]:
        return tuple(map(self._case, self.rows(_CASES.format(where=where), given)))

    def _case(self, row: tuple[Any, ...]) -> Case:
        plain = dict(zip(Case.__annotations__, row[:15], strict=False))
        appeal = CaseAppeal(**named(CaseAppeal, row[16:])) if row[16] is not None else None
        given = {key: plain[key] for key in ("id", "group", "message")} | {"basis": row[15]}
        findings = tuple(CaseFinding(**named(CaseFinding, found)) for found in self.rows(_FINDINGS, given))
        return Case(**plain, findings=findings, appeal=appeal, reviews=tuple(map(_review, self.rows(_REVIEWS, given))))


def _review(row: Any) -> CaseReview:
    return CaseReview(**named(CaseReview, row) | {"lifted": bool(row[-1])})


def _found(db: sqlite3.Connection, event: verdicts.FindingRecorded, position: int) -> None:
    idle = event.shadow or event.capped or event.excused
    what = (event.policy, event.category, event.severity, len(event.spans), idle, event.group, event.message)
    sql = "INSERT INTO casebook_findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    db.execute(sql, (event.cause, event.rule, position, *what))


def _struck(db: sqlite3.Connection, event: verdicts.StrikeRecorded, _: int) -> None:
    db.execute("INSERT INTO casebook_strikes VALUES (?, ?, ?)", (event.cause, event.member, event.rule))


def _open(db: sqlite3.Connection, position: int, event: Any, kind: str, origin: str, **more: Any) -> None:
    """A new case. ``basis`` is the fact whose findings it stands on; where there is none, the message says them."""
    cause = getattr(event, "cause", None)
    given = {name: getattr(event, name, None) for name in ("id", "group", "member", "at", "until", "message")}
    given |= {"position": position, "kind": kind, "origin": origin, "struck": origin == "ladder"}
    given |= {"fact": cause or event.id, "basis": cause, **more}
    put(db, "casebook_cases", **given)


def _given(db: sqlite3.Connection, event: SanctionGiven, position: int) -> None:
    _open(db, position, event, event.kind, "ladder")


def _kicked(db: sqlite3.Connection, event: verdicts.MemberKicked, position: int) -> None:
    _open(db, position, event, "kick", event.because)


def _ordered(db: sqlite3.Connection, event: facts.SanctionOrdered, position: int) -> None:
    _open(db, position, event, event.sanction, "staff", by=event.by)
    if event.sanction in REMOVALS and event.message is not None:
        _supersede(db, event)


def _supersede(db: sqlite3.Connection, event: facts.SanctionOrdered) -> None:
    """Staff took down who appeals, for the same message: that is their answer to the appeal."""
    sql = """
        UPDATE casebook_appeals SET decided_at = ?, decided_by = ?, outcome = 'superseded'
        WHERE "group" = ? AND outcome IS NULL AND sanction IN (
            SELECT id FROM casebook_cases WHERE "group" = ? AND member = ? AND message = ?)
    """
    db.execute(sql, (event.at, event.by, event.group, event.group, event.member, event.message))


_LIFTING = Lifting("casebook_cases")


def _lifted(db: sqlite3.Connection, event: facts.SanctionLifted, _: int) -> None:
    _LIFTING.pardon(db, event)


def _voided(db: sqlite3.Connection, event: verdicts.SanctionVoided, _: int) -> None:
    _LIFTING.take_back(db, event)


def _reduced(db: sqlite3.Connection, event: verdicts.SanctionReduced, position: int) -> None:
    """The milder one stands on what the other stood on."""
    struck = _LIFTING.take_back(db, event)
    sql = "SELECT basis, by FROM casebook_cases WHERE id = ?"
    basis, by = db.execute(sql, (event.sanction,)).fetchone() or (event.cause, None)
    more = {"basis": basis, "by": by, "struck": struck, "instead_of": event.sanction}
    _open(db, position, event, event.kind, "appeal", **more)


def _recomputed(db: sqlite3.Connection, event: verdicts.SanctionRecomputed, position: int) -> None:
    given = (position, event.id, event.sanction, event.at, event.now_kind, event.now_until, event.lifted)
    db.execute("INSERT INTO casebook_reviews VALUES (?, ?, ?, ?, ?, ?, ?)", given)


def _violated(db: sqlite3.Connection, event: verdicts.SanctionViolated, position: int) -> None:
    db.execute("INSERT INTO casebook_violations VALUES (?, ?)", (position, event.sanction))


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
    **dict.fromkeys(GIVEN.values(), _given),
    verdicts.MemberKicked: _kicked,
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.SanctionVoided: _voided,
    verdicts.SanctionReduced: _reduced,
    verdicts.SanctionRecomputed: _recomputed,
    verdicts.SanctionViolated: _violated,
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _decided,
}
Casebook.types = frozenset(cls.type for cls in _WORK)
