"""Casework: members report, staff sees to it. Each wish may be refused, which is DecisionRefused."""

from __future__ import annotations

from abc import ABC, abstractmethod

from groupcore.commands import (
    AcknowledgeCase,
    AssignCase,
    CloseCase,
    Command,
    CommentCase,
    EscalateCase,
    FileReport,
    HearReporter,
    MuteReporter,
)
from groupcore.engine.witness import At
from groupcore.events.casework import CaseOutcome
from groupcore.verdict import Verdict


class Casework(ABC):
    """Takes in reports and carries out what staff wants done with a case. Without ``at`` it is now.

    A case is named by the id of the fact that opened it: ``verdict.fact.id`` of that report.
    """

    @abstractmethod
    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it."""

    @abstractmethod
    def _moment(self, at: At) -> int:
        """The instant that *at* names; None is now."""

    def report(
        self,
        group: str,
        member: str,
        *,
        reporter: str,
        message: str | None = None,
        category: str = "",
        reason: str = "",
        report: str = "",
        at: At = None,
    ) -> Verdict:
        """A member reports somebody, for a message or at large: a case opens or is joined, or nothing follows.

        *report* is the platform's id of the report; the same one again gives the same verdict.
        """
        command = FileReport(
            at=self._moment(at),
            group=group,
            member=member,
            reporter=reporter,
            message=message,
            category=category,
            reason=reason,
            report=report,
        )
        return self.execute(command)[0]

    def acknowledge_case(self, group: str, case: str, *, by: str, at: At = None) -> Verdict:
        """Staff has seen a case. It clears no appeal."""
        return self.execute(AcknowledgeCase(at=self._moment(at), group=group, case=case, by=by))[0]

    def assign_case(self, group: str, case: str, to: str | None, *, by: str, at: At = None) -> Verdict:
        """Somebody is to deal with a case, or (None) nobody in particular any more."""
        return self.execute(AssignCase(at=self._moment(at), group=group, case=case, by=by, to=to))[0]

    def comment_case(self, group: str, case: str, text: str, *, by: str, at: At = None) -> Verdict:
        """Staff writes something about a case, for staff to read."""
        return self.execute(CommentCase(at=self._moment(at), group=group, case=case, by=by, text=text))[0]

    def escalate_case(self, group: str, case: str, *, by: str, reason: str = "", at: At = None) -> Verdict:
        """A case is too grave for whoever has it: it stays escalated until it is closed."""
        return self.execute(EscalateCase(at=self._moment(at), group=group, case=case, by=by, reason=reason))[0]

    def close_case(
        self, group: str, case: str, outcome: CaseOutcome, *, by: str, reason: str = "", at: At = None
    ) -> Verdict:
        """Staff is done with a case; ``false-report`` counts against who reported."""
        command = CloseCase(at=self._moment(at), group=group, case=case, by=by, outcome=outcome, reason=reason)
        return self.execute(command)[0]

    def mute_reporter(self, group: str | None, reporter: str, *, by: str, until: At = None, at: At = None) -> Verdict:
        """Reports of somebody change nothing, in a group or (None) anywhere, until a time or for ever."""
        command = MuteReporter(at=self._moment(at), group=group, reporter=reporter, by=by, until=until)
        return self.execute(command)[0]

    def hear_reporter(self, group: str | None, reporter: str, *, by: str, at: At = None) -> Verdict:
        """Reports of somebody are heard again."""
        return self.execute(HearReporter(at=self._moment(at), group=group, reporter=reporter, by=by))[0]
