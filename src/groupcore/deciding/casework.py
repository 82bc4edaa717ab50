"""Casework: reports and the cases they open, and what staff does with a case."""

from __future__ import annotations

from collections.abc import Sequence

from groupcore.commands import (
    AcknowledgeCase,
    AssignCase,
    CaseCommand,
    CloseCase,
    CommentCase,
    EscalateCase,
    FileReport,
    HearReporter,
    MuteReporter,
)
from groupcore.deciding.powers import require
from groupcore.errors import DecisionRefused
from groupcore.events.base import Fact, VerdictEvent
from groupcore.events.casework import (
    CaseAcknowledged,
    CaseAssigned,
    CaseClosed,
    CaseCommented,
    CaseEscalated,
    ReporterMuted,
    ReporterUnmuted,
    ReportFiled,
)
from groupcore.events.identity import fact_id, new_fact
from groupcore.events.verdicts import CaseJoined, CaseOpened, ReportIgnored
from groupcore.rulebook import Rulebook
from groupcore.state import Group, State
from groupcore.state.case import Case


def file_report(command: FileReport, state: State) -> ReportFiled:
    """The report as a fact. Refused about strangers, and about oneself."""
    if command.reporter == command.member:
        raise DecisionRefused(f"{command.group}: {command.reporter} cannot report themselves", "oneself")
    if state.standing(command.group, command.member) is None:
        told = f"{command.group}: {command.member} is unknown here; only members can be reported"
        raise DecisionRefused(told, "unknown")
    return new_fact(
        ReportFiled,
        at=command.at,
        group=command.group,
        report=command.report or _named(command),
        member=command.member,
        reporter=command.reporter,
        message=command.message,
        category=command.category,
        reason=command.reason,
    )


def _named(command: FileReport) -> str:
    """A name for a report that the platform gave none; it does not tell who reported."""
    who, whom, what = command.reporter, command.member, command.message or ""
    return fact_id("", command.group, ReportFiled.type, who, whom, what, str(command.at))


def answer_report(fact: ReportFiled, state: State) -> list[VerdictEvent]:
    """What a report does: open a case, or join an open one. That of a muted reporter, or a second one, does nothing."""
    at, group, cause, member = fact.at, fact.group, fact.id, fact.member
    place = state.groups.get(group or "")
    if is_unheard(fact.reporter, place, state, at):
        return [ReportIgnored(at=at, group=group, cause=cause, member=member, because="muted")]
    case = open_case(place, member, fact.message)
    if place is None or case is None:
        return [CaseOpened(at=at, group=group, cause=cause, case=cause, member=member, message=fact.message)]
    if fact.reporter in {place.reports.get(report) for report in case.reports}:
        return [ReportIgnored(at=at, group=group, cause=cause, member=member, because="reported-before")]
    reports = len(case.reports) + 1
    return [CaseJoined(at=at, group=group, cause=cause, case=case.id, member=member, reports=reports)]


def is_unheard(reporter: str, group: Group | None, state: State, at: int) -> bool:
    """Whether reports of this person change nothing at the time *at*, here or in the whole organisation."""
    homes = [state.org.unheard] if group is None else [state.org.unheard, group.unheard]
    ends = [home[reporter] for home in homes if reporter in home]
    return any(end is None or at < end for end in ends)


def open_case(group: Group | None, member: str, message: str | None) -> Case | None:
    """The open case about a member, for this message or (None) at large; None where there is none."""
    cases = group.cases.values() if group is not None else ()
    return next((case for case in cases if case.is_open and (case.member, case.message) == (member, message)), None)


def work_on_case(command: CaseCommand, state: State, rules: Rulebook | None) -> Sequence[Fact]:
    """What staff does with a case, as a fact. Refused without the power, to whom it is about, and once it is closed."""
    require("cases", command.by, command.group, state, rules)
    group = state.groups.get(command.group)
    case = group.cases.get(command.case) if group is not None else None
    if group is None or case is None:
        raise DecisionRefused(f"{command.group}: there is no case {command.case}{_hint(group)}", "unknown")
    if command.by == case.member:
        raise DecisionRefused(
            f"{command.group}: the case {command.case} is about {command.by}; somebody else must see to it",
            "own-case",
        )
    if not case.is_open and not isinstance(command, CommentCase):
        raise DecisionRefused(
            f"{command.group}: the case {command.case} is closed as {case.outcome}; a new report opens another", "over"
        )
    return [_work(command, case)]


def _hint(group: Group | None) -> str:
    waiting = [case.id for case in group.cases.values() if case.is_open] if group is not None else []
    return f"; open are: {', '.join(waiting[:5])}" if waiting else "; none is open"


def _work(command: CaseCommand, case: Case) -> Fact:
    at, group, id, by = command.at, command.group, command.case, command.by
    if isinstance(command, AcknowledgeCase):
        return new_fact(CaseAcknowledged, at=at, group=group, case=id, by=by)
    if isinstance(command, AssignCase):
        if command.to == case.member:
            raise DecisionRefused(f"{group}: the case {id} is about {command.to}, who cannot have it assigned")
        return new_fact(CaseAssigned, at=at, group=group, case=id, by=by, to=command.to)
    if isinstance(command, CommentCase):
        return new_fact(CaseCommented, at=at, group=group, case=id, by=by, text=command.text)
    if isinstance(command, EscalateCase):
        if case.status == "escalated":
            told = f"{group}: the case {id} is escalated already; the only way out is to close it"
            raise DecisionRefused(told, "over")
        return new_fact(CaseEscalated, at=at, group=group, case=id, by=by, reason=command.reason)
    assert isinstance(command, CloseCase), f"{type(command).__name__} is no work on a case"
    return new_fact(CaseClosed, at=at, group=group, case=id, by=by, outcome=command.outcome, reason=command.reason)


def mute_reporter(command: MuteReporter, state: State, rules: Rulebook | None) -> ReporterMuted:
    """That reports of somebody change nothing from now on. Refused without the power, and with no time to it."""
    require("cases", command.by, command.group, state, rules)
    if command.until is not None and command.until <= command.at:
        raise DecisionRefused(f"{command.reporter} would be heard again before the mute begins; choose a later time")
    if command.reporter == command.by:
        raise DecisionRefused(f"{command.by} cannot mute their own reports", "oneself")
    return new_fact(
        ReporterMuted,
        at=command.at,
        group=command.group,
        reporter=command.reporter,
        by=command.by,
        until=command.until,
    )


def hear_reporter(command: HearReporter, state: State, rules: Rulebook | None) -> ReporterUnmuted:
    """That reports of somebody are heard again. Refused without the power, and where they are heard anyway."""
    require("cases", command.by, command.group, state, rules)
    home = state.org if command.group is None else state.groups.get(command.group)
    if home is None or command.reporter not in home.unheard:
        told = f"{command.group or 'the organisation'}: reports of {command.reporter} are heard already"
        raise DecisionRefused(told, "unknown")
    return new_fact(ReporterUnmuted, at=command.at, group=command.group, reporter=command.reporter, by=command.by)
