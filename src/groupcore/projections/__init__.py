"""Projections: tables that follow from the log, kept up to date with exactly-once effect, and disposable.

=============== =========================================================================
`Roster`        who is in which group, since when, called what, with which roles
`Standing`      the strikes, sanctions and blocks that count, at any time
`Casebook`      each sanction with its findings and its message, and the outcome of appeals
`Reports`       the cases that members opened, and how they report
`AuditTrail`    every event about a person, or by one, in order
`Activity`      messages, speakers, joins and leaves of each day, restated when late
`Projector`     runs them, over one `Database`, from one log
`Projection`    what to subclass for one of your own
=============== =========================================================================

>>> from groupcore.stores import MemoryStore
>>> with Database("memory:") as views:
...     roster = Roster(views)
...     read = Projector(views, [roster]).catch_up(MemoryStore())
...     read, roster.groups()
(0, ())
"""

from groupcore.projections.activity import Activity, ActivityDay, OwnerTotals, Period
from groupcore.projections.audit import AuditEntry, AuditTrail, RefusedWish
from groupcore.projections.base import Projection
from groupcore.projections.bookmarks import Bookmark, Digests, bookmark_of, put_bookmark
from groupcore.projections.casebook import Casebook
from groupcore.projections.cases import Case, CaseAppeal, CaseFinding, CaseReview, Precision
from groupcore.projections.database import BOOKMARKS, Database, DatabaseKind
from groupcore.projections.days import Calendar
from groupcore.projections.projector import Progress, Projector, progress_in
from groupcore.projections.reports import Report, ReportedCase, ReporterRecord, Reports
from groupcore.projections.roster import GroupInfo, Roster, Seat, Stay
from groupcore.projections.standing import Standing
from groupcore.projections.standing_at import GivenSanction, LiveBlock, LiveStrike, StandingAt

__all__ = [
    "BOOKMARKS",
    "Activity",
    "ActivityDay",
    "AuditEntry",
    "AuditTrail",
    "Bookmark",
    "Calendar",
    "Case",
    "CaseAppeal",
    "CaseFinding",
    "CaseReview",
    "Casebook",
    "Database",
    "DatabaseKind",
    "Digests",
    "GivenSanction",
    "GroupInfo",
    "LiveBlock",
    "LiveStrike",
    "OwnerTotals",
    "Period",
    "Precision",
    "Progress",
    "Projection",
    "Projector",
    "RefusedWish",
    "Report",
    "ReportedCase",
    "ReporterRecord",
    "Reports",
    "Roster",
    "Seat",
    "Standing",
    "StandingAt",
    "Stay",
    "bookmark_of",
    "progress_in",
    "put_bookmark",
]
