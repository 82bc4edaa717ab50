"""Wishes of casework: reports, and what staff does with a case."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import field, frozen

from groupcore.commands.base import Command, instant_or_never


@frozen(kw_only=True)
class FileReport(Command):
    """A member reports somebody, for a message or (None) at large. ``report`` is the platform's id of it, if any."""

    leads_to: ClassVar[str] = "report-filed"
    filled: ClassVar[frozenset[str]] = frozenset({"report"})

    group: str
    member: str
    reporter: str
    message: str | None = None
    category: str = ""
    reason: str = ""
    report: str = ""


@frozen(kw_only=True)
class CaseCommand(Command):
    """Staff works on a case."""

    group: str
    case: str
    by: str


@frozen(kw_only=True)
class AcknowledgeCase(CaseCommand):
    """Staff has seen a case."""

    leads_to: ClassVar[str] = "case-acknowledged"


@frozen(kw_only=True)
class AssignCase(CaseCommand):
    """Somebody is to deal with a case, or (None) nobody in particular any more."""

    leads_to: ClassVar[str] = "case-assigned"

    to: str | None = None


@frozen(kw_only=True)
class CommentCase(CaseCommand):
    """Staff writes something about a case, closed ones too."""

    leads_to: ClassVar[str] = "case-commented"

    text: str


@frozen(kw_only=True)
class EscalateCase(CaseCommand):
    """A case is too grave for whoever has it."""

    leads_to: ClassVar[str] = "case-escalated"

    reason: str = ""


@frozen(kw_only=True)
class CloseCase(CaseCommand):
    """Staff is done with a case."""

    leads_to: ClassVar[str] = "case-closed"

    outcome: Literal["actioned", "dismissed", "false-report"]
    reason: str = ""


@frozen(kw_only=True)
class MuteReporter(Command):
    """Staff wants reports of somebody to change nothing, here or (``group`` None) anywhere, for a time or for ever."""

    leads_to: ClassVar[str] = "reporter-muted"

    group: str | None
    reporter: str
    by: str
    until: int | None = field(default=None, converter=instant_or_never)


@frozen(kw_only=True)
class HearReporter(Command):
    """Staff wants reports of somebody to be heard again."""

    leads_to: ClassVar[str] = "reporter-unmuted"

    group: str | None
    reporter: str
    by: str
