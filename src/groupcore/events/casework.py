"""Facts of casework: what members report, what staff does with it, what a classifier says of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

from groupcore.events.base import Fact, event

CaseOutcome = Literal["actioned", "dismissed", "false-report"]


@event("report-filed", private=("reason",), natural=("report",))
@frozen(kw_only=True)
class ReportFiled(Fact):
    """A member reported somebody, for a message or (None) at large. Only staff may learn who did: views hide it.

    ``report`` is the platform's id of the report, or one that the engine gave. ``category`` is what they chose.
    """

    report: str
    member: str
    reporter: str
    message: str | None = None
    category: str = ""
    reason: str = ""


@event("reporter-muted", natural=("reporter", "at"), wide=True)
@frozen(kw_only=True)
class ReporterMuted(Fact):
    """Reports of this person change nothing while at < ``until`` (None: until they are heard again)."""

    reporter: str
    by: str
    until: int | None = None


@event("reporter-unmuted", natural=("reporter", "at"), wide=True)
@frozen(kw_only=True)
class ReporterUnmuted(Fact):
    """Reports of this person are heard again."""

    reporter: str
    by: str


@event("case-acknowledged", natural=("case", "by", "at"))
@frozen(kw_only=True)
class CaseAcknowledged(Fact):
    """Staff has seen a case. It clears no appeal, and an escalated case stays escalated."""

    case: str
    by: str


@event("case-assigned", natural=("case", "to", "at"))
@frozen(kw_only=True)
class CaseAssigned(Fact):
    """Somebody is to deal with a case; ``to`` None takes it from whoever had it."""

    case: str
    by: str
    to: str | None = None


@event("case-commented", private=("text",), natural=("case", "by", "at"))
@frozen(kw_only=True)
class CaseCommented(Fact):
    """Staff wrote something about a case, for staff to read."""

    case: str
    by: str
    text: str = ""


@event("case-escalated", private=("reason",), natural=("case", "at"))
@frozen(kw_only=True)
class CaseEscalated(Fact):
    """A case is too grave for whoever has it. The only way out is to close it."""

    case: str
    by: str
    reason: str = ""


@event("case-closed", private=("reason",), natural=("case", "at"))
@frozen(kw_only=True)
class CaseClosed(Fact):
    """Staff is done with a case: something was done, nothing needed to be, or the report was false."""

    case: str
    by: str
    outcome: CaseOutcome
    reason: str = ""


@event("content-labelled", natural=("message", "model", "at"))
@frozen(kw_only=True)
class ContentLabelled(Fact):
    """A classifier outside the engine looked at a message: scores by label, most often from 0 to 1.

    ``model`` names it with its version. Policies of the kind ``labels`` turn scores into findings.
    """

    message: str
    author: str
    labels: Mapping[str, float]
    model: str = ""
