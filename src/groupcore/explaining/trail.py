"""The trail of a decision: what of the events that came later has to do with it."""

from __future__ import annotations

from attrs import Factory, frozen

from groupcore.events import (
    AppealDecided,
    AppealFiled,
    Event,
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberLeft,
    MemberRemoved,
    MemberUnblocked,
    MessageEdited,
    MessagePosted,
    MessageRevoked,
    PersonUnblocked,
    SanctionLifted,
    SanctionOrdered,
    SanctionRecomputed,
    SanctionVoided,
    StrikeRecorded,
    StrikeVoided,
    VerdictEvent,
)
from groupcore.events.sanctions import SanctionEnded

Verdicts = tuple[VerdictEvent, ...]


@frozen
class Trail:
    """What later events may refer to: the ids of decisions, their messages, and whom they sanctioned."""

    ids: set[str] = Factory(set)
    messages: set[str] = Factory(set)
    sanctioned: set[str] = Factory(set)

    def begin(self, fact: Event, verdicts: Verdicts) -> None:
        """Follow what comes of *fact* and its *verdicts*."""
        self.ids.update(event.id for event in (fact, *verdicts))
        if isinstance(fact, MessagePosted | MessageEdited):
            self.messages.add(fact.message)
        for event in (fact, *verdicts):
            if isinstance(event, StrikeRecorded | SanctionOrdered | MemberKicked | MemberBlocked):
                self.sanctioned.add(event.member)

    def leads_to(self, event: Event) -> bool:
        """Whether *event* came of what is followed."""
        if isinstance(event, AppealFiled | AppealDecided | SanctionVoided | SanctionRecomputed):
            return event.sanction in self.ids
        if isinstance(event, StrikeVoided):
            return event.strike in self.ids
        if isinstance(event, MemberLeft | MemberRemoved):
            return event.effect_of in self.ids
        return self._concerns_message(event) or self._concerns_member(event)

    def _concerns_message(self, event: Event) -> bool:
        if isinstance(event, MessageRevoked):
            return event.message in self.messages
        return isinstance(event, FindingRecorded) and not self.messages.isdisjoint(event.counted)

    def _concerns_member(self, event: Event) -> bool:
        if isinstance(event, PersonUnblocked):
            return event.person in self.sanctioned
        if isinstance(event, MemberKicked) and event.because != "blocklist":
            return False
        ends = SanctionLifted | MemberUnblocked | SanctionEnded | MemberKicked
        return isinstance(event, ends) and event.member in self.sanctioned
