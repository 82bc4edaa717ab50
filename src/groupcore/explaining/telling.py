"""Explain: from a message, a member or a verdict back to facts, rule, earlier strikes and rung.

Everything comes from the log: the text as it was recorded, the rulebook as it was adopted, the standing as
the events before give it. No clock is read, so an explanation is the same whenever it is asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping

import attrs
from attrs import Factory, define

from groupcore.events import (
    AppealDecided,
    AppealFiled,
    Event,
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
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
    SanctionVoided,
    StrikeRecorded,
    StrikeVoided,
    VerdictEvent,
    decode,
)
from groupcore.events.base import ORG
from groupcore.explaining.explanation import Climb, Decision, Explanation, Sequel
from groupcore.explaining.subject import Subject, SubjectKind, find_subject
from groupcore.explaining.trail import Trail
from groupcore.ladder import Ladder, read_ladder
from groupcore.state import State, advance
from groupcore.state.standing import standing_of
from groupcore.stores import Store

Verdicts = tuple[VerdictEvent, ...]


def explain(store: Store, id: str, *, group: str | None = None, kind: SubjectKind | None = None) -> Explanation:
    """Why things are as they are with *id*: a message, a member, a verdict, a fact, or a position (``#12``).

    *group* and *kind* tell which, where one id is used for several. Reads the streams of the group and of the
    organisation once. Raises InputError where the log has nothing of that id.
    """
    subject = find_subject(store, id, group, kind)
    teller, newer = _Teller(subject), 0
    for recorded, verdicts in _grouped(_streams(store, subject.group)):
        newer += isinstance(recorded.event, Opaque)
        teller.take(recorded, verdicts)
    return attrs.evolve(teller.explanation(), newer=newer)


def _streams(store: Store, group: str | None) -> Iterator[Recorded]:
    """The events that a group's decisions read, in log order."""
    streams = [store.read_stream(ORG)] + ([store.read_stream(f"group/{group}")] if group is not None else [])
    return map(decode, heapq.merge(*streams, key=_position))


def _position(row: Row) -> int:
    return row.position


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
    """Folds a log up to each decision that counts, and gathers them."""

    _subject: Subject
    _state: State = Factory(State)
    _adopted: dict[str, RulebookAdopted] = Factory(dict)
    _decisions: list[Decision] = Factory(list)
    _later: list[Sequel] = Factory(list)
    _trail: Trail = Factory(lambda: Trail())

    def take(self, recorded: Recorded, verdicts: Verdicts) -> None:
        """Take one fact in, with the verdicts that answer it."""
        event = recorded.event
        if isinstance(event, RulebookAdopted):
            self._adopted[event.digest] = event
        if self._counts(event, verdicts):
            self._decisions.append(_decision(recorded, verdicts, self._state, self._adopted))
            self._trail.begin(event, verdicts)
        elif self._decisions and any(map(self._trail.leads_to, (event, *verdicts))):
            self._later.append(Sequel(recorded, verdicts))
        if self._subject.kind != "event" or not self._decisions:  # an event is decided once: no more folding
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
            clock = self._state.group(subject.group).windows.clock
            standing = standing_of(self._state, subject.group, subject.id, clock)
        return Explanation(
            subject=subject, decisions=tuple(self._decisions), later=tuple(self._later), standing=standing
        )


_WEIGHTY = (
    StrikeRecorded, StrikeVoided, SanctionOrdered, SanctionLifted, SanctionVoided, MemberKicked,
    MemberRemoved, MemberBlocked, MemberUnblocked, AppealFiled,
)  # fmt: skip


def _weighs_on(member: str, event: Event) -> bool:
    """Whether *event* did something to the standing of *member*."""
    if isinstance(event, _WEIGHTY):
        return event.member == member
    return isinstance(event, PersonBlocked | PersonUnblocked) and event.person == member


# --- one decision -------------------------------------------------------------------------------------------


def _decision(recorded: Recorded, verdicts: Verdicts, state: State, adopted: Mapping[str, RulebookAdopted]) -> Decision:
    fact = recorded.event
    who = _whose(fact, state)
    judged = recorded.judged
    decision = Decision(
        recorded=recorded,
        verdicts=verdicts,
        adopted=adopted.get(judged) if judged is not None else None,
        standing=standing_of(state, fact.group, who, fact.at) if fact.group is not None and who else None,
        counted=_counted(fact, verdicts, state),
    )
    return attrs.evolve(decision, climb=_climb(decision), quiet=_quiet(decision))


def _whose(fact: Event, state: State) -> str | None:
    """Whom a fact is about."""
    if isinstance(fact, AppealDecided):
        group = state.groups.get(fact.group or "")
        appeal = group.appeals.get(fact.sanction) if group is not None else None
        return appeal.member if appeal is not None else None
    for name in ("author", "member", "person"):
        who: str | None = getattr(fact, name, None)
        if who is not None:
            return who
    return None


def _counted(fact: Event, verdicts: Verdicts, state: State) -> dict[str, tuple[MessagePosted, ...]]:
    """What each window rule counted: messages that the windows still hold, and the one that is decided."""
    findings = [event for event in verdicts if isinstance(event, FindingRecorded) and event.counted]
    place = state.groups.get(fact.group or "")
    if not findings or place is None or not isinstance(fact, MessagePosted):
        return {}
    posts = {post.id: post.fact for post in place.windows} | {fact.message: fact}
    return {
        finding.rule: tuple(sorted((posts[id] for id in finding.counted if id in posts), key=_at))
        for finding in findings
    }


def _at(event: Event) -> int:
    return event.at


def _climb(decision: Decision) -> Climb | None:
    """How the strike led to its rung; None without a strike."""
    strike, standing, adopted = decision.strike, decision.standing, decision.adopted
    if strike is None or standing is None or adopted is None:
        return None
    written = adopted.rulebook.get("ladder")
    ladder = read_ladder(written) if written is not None else Ladder()
    severe = strike.severity == "severe" or any(other.severity == "severe" for other in standing.strikes)
    number = ladder.rung_number(strike.strikes, severe)
    return Climb(number=number, rungs=len(ladder.rungs), rung=ladder.rungs[number - 1], severe=severe)


def _quiet(decision: Decision) -> str | None:
    """Why a message brought no strike, in a word; None where it did, and for what is no message."""
    if not isinstance(decision.fact, MessagePosted | MessageEdited) or decision.strike is not None:
        return None
    if decision.recorded.judged is None:
        return "not-judged"
    return _of_the_findings(decision) or _of_the_standing(decision) or _of_the_rest(decision)


def _of_the_findings(decision: Decision) -> str | None:
    for word in ("exempt", "late"):
        if any(getattr(finding, word) for finding in decision.findings):
            return word
    return None


def _of_the_standing(decision: Decision) -> str | None:
    """What held the author back, where that was acted upon."""
    standing = decision.standing
    if standing is None or not decision.verdicts:
        return None
    restraints = {"blocked": standing.blocked, "removed": standing.kicked, "muted": standing.muted}
    return next((word for word, holds in restraints.items() if holds), None)


def _of_the_rest(decision: Decision) -> str:
    if not decision.findings:
        return "nothing-found"
    return "minor" if all(finding.severity == "minor" for finding in decision.findings) else "struck-before"
