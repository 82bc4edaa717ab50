"""Reports: the cases that members opened, where staff stands with them, and who reports falsely.

Who reported is for staff alone, and told only to who asks as staff. Comments stay in the log, where they can be erased.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from groupcore.events import Event, Recorded, casework, verdicts
from groupcore.projections.base import Projection


@frozen(kw_only=True)
class Report:
    """One report of a case. ``reporter`` is None where the question was not asked as staff."""

    id: str
    at: int
    category: str
    reporter: str | None


@frozen(kw_only=True)
class ReportedCase:
    """What was reported about a member, for a message or (None) at large, and where staff stands with it."""

    id: str
    group: str
    member: str
    message: str | None
    at: int
    status: str
    assigned: str | None
    comments: int
    outcome: str | None
    closed_at: int | None
    closed_by: str | None
    reports: tuple[Report, ...] = ()


@frozen(kw_only=True)
class ReporterRecord:
    """How somebody reported in a group: how often, how much of it changed nothing, how much was false."""

    reporter: str
    group: str
    filed: int
    ignored: int
    false: int


_CASES = """
SELECT id, "group", member, message, at, status, assigned, comments, outcome, closed_at, closed_by
FROM reports_cases WHERE {where} ORDER BY number LIMIT :limit
"""
_REPORTERS = """
SELECT reporter, filed."group", count(*), coalesce(sum(ignored), 0), coalesce(sum(outcome = 'false-report'), 0)
FROM reports_filed AS filed LEFT JOIN reports_cases AS cases ON cases.id = filed."case"
WHERE :group IS NULL OR filed."group" = :group
GROUP BY filed."group", reporter ORDER BY 5 DESC, 4 DESC, reporter LIMIT :limit
"""


class Reports(Projection):
    """Cases that reports opened, and the record of reporters."""

    name = "reports"
    tables = """
        CREATE TABLE reports_cases (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, member TEXT NOT NULL, message TEXT,
            at INTEGER NOT NULL, status TEXT NOT NULL, assigned TEXT, comments INTEGER NOT NULL, outcome TEXT,
            closed_at INTEGER, closed_by TEXT
        );
        CREATE INDEX reports_waiting ON reports_cases ("group", number) WHERE status != 'closed';
        CREATE TABLE reports_filed (
            number INTEGER PRIMARY KEY, id TEXT UNIQUE, "group" TEXT NOT NULL, at INTEGER NOT NULL,
            category TEXT NOT NULL, reporter TEXT NOT NULL, ignored INTEGER NOT NULL, "case" TEXT
        );
        CREATE INDEX reports_of ON reports_filed ("case")
    """

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Take one event in."""
        _WORK[recorded.event.__class__](db, recorded.event, recorded.position)

    def case(self, id: str, *, staff: bool = False) -> ReportedCase | None:
        """The case of that id, or None; with its reporters where *staff* asks."""
        found = self._cases("id = :id", {"id": id, "limit": 1}, staff)
        return found[0] if found else None

    def waiting(self, group: str | None = None, *, staff: bool = False, limit: int = 100) -> tuple[ReportedCase, ...]:
        """The cases that nobody closed yet, oldest first."""
        where = "status != 'closed' AND (:group IS NULL OR \"group\" = :group)"
        return self._cases(where, {"group": group, "limit": limit}, staff)

    def cases(
        self, group: str | None = None, member: str | None = None, *, staff: bool = False, limit: int = 100
    ) -> tuple[ReportedCase, ...]:
        """The cases of a group, about a member, or all, oldest first."""
        where = '(:group IS NULL OR "group" = :group) AND (:member IS NULL OR member = :member)'
        return self._cases(where, {"group": group, "member": member, "limit": limit}, staff)

    def reporters(self, group: str | None = None, *, limit: int = 100) -> tuple[ReporterRecord, ...]:
        """For staff: who reported, most false reports first."""
        found = self.rows(_REPORTERS, {"group": group, "limit": limit})
        names = tuple(ReporterRecord.__annotations__)
        return tuple(ReporterRecord(**dict(zip(names, row, strict=True))) for row in found)

    def _cases(self, where: str, given: dict[str, Any], staff: bool) -> tuple[ReportedCase, ...]:
        names = tuple(ReportedCase.__annotations__)
        found = (dict(zip(names, row, strict=False)) for row in self.rows(_CASES.format(where=where), given))
        return tuple(ReportedCase(**plain, reports=self._reports(plain["id"], staff)) for plain in found)

    def _reports(self, case: str, staff: bool) -> tuple[Report, ...]:
        sql = 'SELECT id, at, category, reporter FROM reports_filed WHERE "case" = ? ORDER BY number'
        names = tuple(Report.__annotations__)
        reports = (Report(**dict(zip(names, row, strict=True))) for row in self.rows(sql, (case,)))
        return tuple(report if staff else evolve(report, reporter=None) for report in reports)


def _filed(db: sqlite3.Connection, event: casework.ReportFiled, position: int) -> None:
    given = (position, event.id, event.group, event.at, event.category, event.reporter)
    db.execute("INSERT INTO reports_filed VALUES (?, ?, ?, ?, ?, ?, 0, NULL)", given)


def _opened(db: sqlite3.Connection, event: verdicts.CaseOpened, position: int) -> None:
    given = (position, event.case, event.group, event.member, event.message, event.at)
    db.execute("INSERT INTO reports_cases VALUES (?, ?, ?, ?, ?, ?, 'open', NULL, 0, NULL, NULL, NULL)", given)
    _joined(db, event, position)


def _joined(db: sqlite3.Connection, event: verdicts.CaseOpened | verdicts.CaseJoined, _: int) -> None:
    db.execute('UPDATE reports_filed SET "case" = ? WHERE id = ?', (event.case, event.cause))


def _ignored(db: sqlite3.Connection, event: verdicts.ReportIgnored, _: int) -> None:
    db.execute("UPDATE reports_filed SET ignored = 1 WHERE id = ?", (event.cause,))


def _acknowledged(db: sqlite3.Connection, event: casework.CaseAcknowledged, _: int) -> None:
    db.execute("UPDATE reports_cases SET status = 'acknowledged' WHERE id = ? AND status = 'open'", (event.case,))


def _assigned(db: sqlite3.Connection, event: casework.CaseAssigned, _: int) -> None:
    db.execute("UPDATE reports_cases SET assigned = ? WHERE id = ?", (event.to, event.case))


def _commented(db: sqlite3.Connection, event: casework.CaseCommented, _: int) -> None:
    db.execute("UPDATE reports_cases SET comments = comments + 1 WHERE id = ?", (event.case,))


def _escalated(db: sqlite3.Connection, event: casework.CaseEscalated, _: int) -> None:
    db.execute("UPDATE reports_cases SET status = 'escalated' WHERE id = ? AND status != 'closed'", (event.case,))


def _closed(db: sqlite3.Connection, event: casework.CaseClosed, _: int) -> None:
    sql = """
        UPDATE reports_cases SET status = 'closed', outcome = ?, closed_at = ?, closed_by = ?
        WHERE id = ? AND status != 'closed'
    """
    db.execute(sql, (event.outcome, event.at, event.by, event.case))


_WORK: dict[type[Event], Callable[[sqlite3.Connection, Any, int], None]] = {
    casework.ReportFiled: _filed,
    verdicts.CaseOpened: _opened,
    verdicts.CaseJoined: _joined,
    verdicts.ReportIgnored: _ignored,
    casework.CaseAcknowledged: _acknowledged,
    casework.CaseAssigned: _assigned,
    casework.CaseCommented: _commented,
    casework.CaseEscalated: _escalated,
    casework.CaseClosed: _closed,
}
Reports.types = frozenset(cls.type for cls in _WORK)
