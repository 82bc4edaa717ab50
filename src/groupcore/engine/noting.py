"""Noting: what staff says of persons and things. Each wish may be refused, which is DecisionRefused."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from groupcore.commands import (
    Command,
    EndExemption,
    GrantExemption,
    GrantLabel,
    LinkIdentities,
    NoteAggravation,
    RemoveLabel,
    UnlinkIdentities,
    WithdrawAggravation,
)
from groupcore.engine.witness import At
from groupcore.events.circumstances import ExemptKind
from groupcore.verdict import Verdict


class Noting(ABC):
    """Takes in what staff knows of people, in a group or (None) in all of them. Without ``at`` it is now."""

    @abstractmethod
    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it."""

    @abstractmethod
    def _moment(self, at: At) -> int:
        """The instant that *at* names; None is now."""

    def _note(self, cls: type[Command], at: At, **fields: Any) -> Verdict:
        return self.execute(cls(at=self._moment(at), **fields))[0]

    def link_identities(
        self, person: str, other: str, *, group: str | None = None, by: str | None = None, at: At = None
    ) -> Verdict:
        """Staff notes that two accounts are one person."""
        return self._note(LinkIdentities, at, group=group, person=person, other=other, by=by)

    def unlink_identities(
        self, person: str, other: str, *, group: str | None = None, by: str | None = None, at: At = None
    ) -> Verdict:
        """Staff notes that two accounts are not one person after all."""
        return self._note(UnlinkIdentities, at, group=group, person=person, other=other, by=by)

    def note_aggravation(
        self,
        group: str | None,
        person: str,
        factor: str,
        *,
        message: str | None = None,
        by: str | None = None,
        until: At = None,
        at: At = None,
        reason: str = "",
    ) -> Verdict:
        """Staff notes what makes graver what a person does, or what one message of theirs brings.

        *factor* is a name that a ladder has under ``aggravators``, such as ``minor-victim``.
        """
        given = {"message": message, "by": by, "until": until, "reason": reason}
        return self._note(NoteAggravation, at, group=group, person=person, factor=factor, **given)

    def withdraw_aggravation(
        self,
        group: str | None,
        person: str,
        factor: str,
        *,
        message: str | None = None,
        by: str | None = None,
        at: At = None,
        reason: str = "",
    ) -> Verdict:
        """Staff takes back what was noted of a person, or of a message."""
        given = {"message": message, "by": by, "reason": reason}
        return self._note(WithdrawAggravation, at, group=group, person=person, factor=factor, **given)

    def exempt(
        self,
        group: str | None,
        of: ExemptKind,
        value: str,
        *,
        by: str | None = None,
        until: At = None,
        at: At = None,
        reason: str = "",
    ) -> Verdict:
        """Staff lets a person, a domain with all below it, or a mini-program through, for a time or for ever."""
        return self._note(GrantExemption, at, group=group, of=of, value=value, by=by, until=until, reason=reason)

    def end_exemption(
        self,
        group: str | None,
        of: ExemptKind,
        value: str,
        *,
        by: str | None = None,
        at: At = None,
        reason: str = "",
    ) -> Verdict:
        """Staff lets a person, a domain or a mini-program through no longer."""
        return self._note(EndExemption, at, group=group, of=of, value=value, by=by, reason=reason)

    def label(self, group: str | None, member: str, label: str, *, by: str | None = None, at: At = None) -> Verdict:
        """Staff gives a member a label, which tells people apart and gives no power."""
        return self._note(GrantLabel, at, group=group, member=member, label=label, by=by)

    def remove_label(
        self, group: str | None, member: str, label: str, *, by: str | None = None, at: At = None
    ) -> Verdict:
        """Staff takes a label from a member."""
        return self._note(RemoveLabel, at, group=group, member=member, label=label, by=by)
