"""Explain: from a message, a member or a verdict back to facts, rule, earlier strikes and rung.

Everything comes from the log: the text as it was recorded, the rulebook as it was adopted, the standing as
the events before give it. No clock is read, so an explanation is the same whenever it is asked for. Only what the log
has of the people concerned is read (`Store.concerning`), and not their messages, of which most of a log consists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import attrs
from attrs import Factory, define, field

from groupcore.commands import FileAppeal
from groupcore.decider import decide
from groupcore.errors import DecisionRefused
from groupcore.events import (
    AppealDecided,
    AppealFiled,
    Event,
    MemberBlocked,
    MemberRemoved,
    MemberUnblocked,
    MessageEdited,
    MessagePosted,
    Opaque,
    PersonBlocked,
    PersonUnblocked,
    Recorded,
    Row,
    RulebookAdopted,
    SanctionLifted,
    SanctionOrdered,
    SanctionRecomputed,
    SanctionReduced,
    SanctionVoided,
    StandingReviewed,
    StrikeRecorded,
    StrikeVoided,
    VerdictEvent,
    decode,
)
from groupcore.events.base import ORG
from groupcore.events.sanctions import SanctionGiven
from groupcore.explaining.decisions import Decisions
from groupcore.explaining.explanation import Appealable, Decision, Explanation, Sequel
from groupcore.explaining.subject import Subject, SubjectKind, find_subject
from groupcore.explaining.trail import Trail
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.state.standing import standing_of
from groupcore.stores import Store

Verdicts = tuple[VerdictEvent, ...]

_PEOPLE = ("author", "member", "person")


def explain(store: Store, id: str, *, group: str | None = None, kind: SubjectKind | None = None) -> Explanation:
    """Why things are as they are with *id*: a message, a member, a verdict, a fact, or a position (``#12``).

    *group* and *kind* tell which, where one id is used for several. An id of an event is looked up, and so is a
    member or a message of a *group* that is named; otherwise the log is read through once to find it. Raises InputError
    where the log has nothing of that id.
    """
    subject = find_subject(store, id, group, kind)
    teller, newer = _Teller(subject, Decisions(store.get, store.read_stream), _end(store, subject.group)), 0
    for recorded, verdicts in _grouped(map(decode, _rows(store, subject))):
        newer += isinstance(recorded.event, Opaque)
        teller.take(recorded, verdicts)
    return attrs.evolve(teller.explanation(), newer=newer)


def _rows(store: Store, subject: Subject) -> list[Row]:
    """What the log has of the people concerned, in its order: in the group, and in the organisation."""
    home = f"group/{subject.group}"
    streams = [ORG] if subject.group is None else [ORG, home]
    facts = store.about(subject.fact) if subject.fact is not None else []
    people = _people(store, subject, facts)
    found = [row for stream in streams for row in store.concerning(stream, people)]
    for cause in {row.cause for row in found if row.cause is not None}:
        facts += store.about(cause)
    rows = {row.position: row for row in (*found, *facts) if row.stream in streams}
    return [rows[position] for position in sorted(rows)]


def _end(store: Store, group: str | None) -> int:
    """The time of the last event of a group."""
    stream = f"group/{group}"
    head = store.heads().get(stream) if group is not None else None
    return max((row.at for row in store.read_stream(stream, head.version - 1)), default=0) if head is not None else 0


def _people(store: Store, subject: Subject, facts: Iterable[Row]) -> Collection[str]:
    """Who is concerned, and the message that is asked about."""
    if subject.kind == "member":
        return {subject.id}
    found = {subject.id} if subject.kind == "message" else set[str]()
    for event in (decode(row).event for row in facts):
        if isinstance(event, AppealDecided):
            contested = store.get(event.sanction)
            found |= _named_by(decode(contested).event) if contested is not None else set()
        found |= _named_by(event)
    return found


def _named_by(event: Event) -> set[str]:
    return {who for name in _PEOPLE if isinstance(who := getattr(event, name, None), str)}


def _grouped(events: Iterable[Recorded]) -> Iterator[tuple[Recorded, Verdicts]]:
    """Each fact with the verdicts that answer it. A block that came of another group's fact stands alone."""
    fact: Recorded | None = None
    verdicts: list[VerdictEvent] = []
    for recorded in events:
        event = recorded.event
        if fact is not None and isinstance(event, VerdictEvent) and event.cause == fact.event.id:
            verdicts.append(event)
            continue
        if fact is not None:
            yield fact, tuple(verdicts)
        fact, verdicts = recorded, []
    if fact is not None:
        yield fact, tuple(verdicts)


@define
class _Teller:
    """Folds what concerns a subject up to each decision that counts, and gathers them."""

    _subject: Subject
    _made: Decisions
    _clock: int
    _state: State = Factory(State)
    _decisions: list[Decision] = Factory(list)
    _later: list[Sequel] = Factory(list)
    _trail: Trail = field(factory=Trail)

    def take(self, recorded: Recorded, verdicts: Verdicts) -> None:
        """Take one fact in, with the verdicts that answer it."""
        event = recorded.event
        if event.group == self._subject.group:
            self._clock = max(self._clock, event.at)
        if isinstance(event, RulebookAdopted):
            self._made.adopt(event)
        if self._counts(event, verdicts):
            self._decisions.append(self._made.decision(recorded, verdicts, self._state))
            self._trail.begin(event, verdicts)
        elif self._decisions and any(map(self._trail.leads_to, (event, *verdicts))):
            self._later.append(Sequel(recorded, verdicts))
        for each in (event, *verdicts):
            advance(self._state, each)

    def _counts(self, event: Event, verdicts: Verdicts) -> bool:
        """Whether this is one of the decisions that are asked for."""
        kind, id = self._subject.kind, self._subject.id
        if kind == "event":
            return event.id == id
        if kind == "message":
            return isinstance(event, MessagePosted | MessageEdited) and event.message == id
        return any(_weighs_on(id, each) for each in (event, *verdicts))

    def explanation(self) -> Explanation:
        """What was gathered."""
        subject, standing = self._subject, None
        if subject.kind == "member" and subject.group is not None:
            standing = standing_of(self._state, subject.group, subject.id, self._clock)
        return Explanation(
            subject=subject,
            decisions=tuple(self._decisions),
            later=tuple(self._later),
            standing=standing,
            appealable=tuple(self._appealable()),
        )

    def _appealable(self) -> Iterator[Appealable]:
        """The sanctions among the decisions that may still be appealed, as things stand at the end."""
        place = self._state.groups.get(self._subject.group or "")
        rules = self._made.rules(self._state.org.digest)
        window = rules.appeal_window if rules is not None else "forever"
        ids = {event.id for decision in self._decisions for event in (decision.fact, *decision.verdicts)}
        for member in place.members.values() if place is not None else ():
            for sanction in member.sanctions:
                if sanction.id in ids and not sanction.lifted and self._may_appeal(member.id, sanction.id, rules):
                    yield Appealable(sanction.id, sanction.kind, None if window == "forever" else sanction.at + window)

    def _may_appeal(self, member: str, sanction: str, rules: Rulebook | None) -> bool:
        """Whether an appeal would be taken at the end of the log: that is for the decider to say."""
        appeal = FileAppeal(at=self._clock, group=self._subject.group or "", member=member, sanction=sanction)
        try:
            decide(appeal, self._state, rules)
        except DecisionRefused:
            return False
        return True


_WEIGHTY = (
    StrikeRecorded, StrikeVoided, SanctionGiven, SanctionOrdered, SanctionLifted, SanctionVoided, SanctionReduced,
    SanctionRecomputed, StandingReviewed, MemberRemoved, MemberBlocked, MemberUnblocked, AppealFiled,
)  # fmt: skip


def _weighs_on(member: str, event: Event) -> bool:
    """Whether *event* did something to the standing of *member*."""
    if isinstance(event, _WEIGHTY):
        return event.member == member
    return isinstance(event, PersonBlocked | PersonUnblocked) and event.person == member
