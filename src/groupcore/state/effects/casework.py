"""Reports and cases, and whose reports are not heard."""

from __future__ import annotations

from groupcore.events import casework as facts
from groupcore.events import verdicts
from groupcore.state.case import Case
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org


def _reported(group: Group, event: facts.ReportFiled, _: Terms) -> None:
    group.reports[event.id] = event.reporter


def _opened(group: Group, event: verdicts.CaseOpened, _: Terms) -> None:
    group.cases[event.case] = Case(event.case, event.member, event.message, event.at, reports=[event.cause])


def _joined(group: Group, event: verdicts.CaseJoined, _: Terms) -> None:
    case = group.cases.get(event.case)
    if case is not None and case.is_open:
        case.reports.append(event.cause)


def _acknowledged(group: Group, event: facts.CaseAcknowledged, _: Terms) -> None:
    case = group.cases.get(event.case)
    if case is not None:
        case.acknowledge()


def _assigned(group: Group, event: facts.CaseAssigned, _: Terms) -> None:
    case = group.cases.get(event.case)
    if case is not None:
        case.assigned = event.to


def _escalated(group: Group, event: facts.CaseEscalated, _: Terms) -> None:
    case = group.cases.get(event.case)
    if case is not None:
        case.escalate()


def _closed(group: Group, event: facts.CaseClosed, _: Terms) -> None:
    case = group.cases.get(event.case)
    if case is None or not case.is_open:
        return
    case.close(event.outcome)
    for report in case.reports if event.outcome == "false-report" else ():
        reporter = group.reports[report]
        group.false_reports[reporter] = group.false_reports.get(reporter, 0) + 1


def _muted(home: Group | Org, event: facts.ReporterMuted, _: object = None) -> None:
    home.unheard[event.reporter] = event.until


def _unmuted(home: Group | Org, event: facts.ReporterUnmuted, _: object = None) -> None:
    home.unheard.pop(event.reporter, None)


ON_GROUP = {
    facts.ReportFiled: _reported,
    facts.CaseAcknowledged: _acknowledged,
    facts.CaseAssigned: _assigned,
    facts.CaseEscalated: _escalated,
    facts.CaseClosed: _closed,
    facts.ReporterMuted: _muted,
    facts.ReporterUnmuted: _unmuted,
    verdicts.CaseOpened: _opened,
    verdicts.CaseJoined: _joined,
}

ON_ORG = {
    facts.ReporterMuted: _muted,
    facts.ReporterUnmuted: _unmuted,
}
