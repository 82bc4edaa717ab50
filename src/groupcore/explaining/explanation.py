"""What an explanation is: decisions with all that led to them, and what came of them later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from attrs import frozen

from groupcore.events import (
    Event,
    FindingRecorded,
    MemberJoined,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    Recorded,
    RulebookAdopted,
    StrikeRecorded,
    VerdictEvent,
    to_wire,
)
from groupcore.explaining.changes import Change
from groupcore.explaining.subject import Subject
from groupcore.ladder import Rung
from groupcore.state.standing import Standing
from groupcore.wire import unstructurer

_RUNG = unstructurer(Rung, omit_defaults=True)


@frozen(kw_only=True)
class Climb:
    """How a strike led to a sanction: ``number`` of ``rungs`` (from 1), and what that rung does."""

    number: int
    rungs: int
    rung: Rung
    severe: bool
    steps: int = 0


@frozen(kw_only=True)
class Decision:
    """One fact, how things stood when it came, and what was decided about it.

    ``adopted`` is the rulebook that judged it (None: nothing did), ``standing`` that of its author or member
    just before. ``counted`` are the messages that each window rule counted, oldest first. ``quiet`` says in a
    word why a message brought no strike, where it brought none: ``not-judged``, ``exempt``, ``late``,
    ``blocked``, ``removed``, ``muted``, ``nothing-found``, ``minor``, ``shadow``, ``capped``, ``excused`` or
    ``struck-before``. ``changes`` are the single changes that would have led elsewhere, the smallest first.
    """

    recorded: Recorded
    verdicts: tuple[VerdictEvent, ...]
    adopted: RulebookAdopted | None
    standing: Standing | None
    counted: Mapping[str, tuple[MessagePosted, ...]]
    climb: Climb | None = None
    quiet: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def fact(self) -> Event:
        """The fact itself."""
        return self.recorded.event

    @property
    def findings(self) -> tuple[FindingRecorded, ...]:
        """What the rules objected to."""
        return tuple(event for event in self.verdicts if isinstance(event, FindingRecorded))

    @property
    def strike(self) -> StrikeRecorded | None:
        """The strike that it brought, or None."""
        return next((event for event in self.verdicts if isinstance(event, StrikeRecorded)), None)

    @property
    def text(self) -> str | None:
        """The text of the message as it was recorded, or the name that was objected to; None where it was erased."""
        fact = self.fact
        if self.recorded.erased:
            return None
        if isinstance(fact, MemberJoined | MemberRenamed):
            return fact.name if self.findings else None
        return fact.text if isinstance(fact, MessagePosted | MessageEdited) else None


@frozen
class Appealable:
    """A sanction that nobody appealed yet, and until when somebody may (None: for ever)."""

    sanction: str
    kind: str
    until: int | None


@frozen
class Sequel:
    """A fact that came later and has to do with a decision, and the verdicts that answered it."""

    recorded: Recorded
    verdicts: tuple[VerdictEvent, ...]


@frozen(kw_only=True)
class Explanation:
    """Why: the decisions about a subject, in order, and what came of them later.

    ``standing`` is how a member stands at the end of the log, in the time of their group; None for other
    subjects. ``newer`` events of a newer version were passed over. ``appealable`` are the sanctions among them that
    may still be appealed then.
    """

    subject: Subject
    decisions: tuple[Decision, ...]
    later: tuple[Sequel, ...]
    standing: Standing | None = None
    newer: int = 0
    appealable: tuple[Appealable, ...] = ()

    def to_mapping(self) -> dict[str, Any]:
        """All of it as plain values, for programs."""
        return {
            "subject": {"kind": self.subject.kind, "id": self.subject.id, "group": self.subject.group},
            "standing": _standing(self.standing),
            "decisions": [_decision(decision) for decision in self.decisions],
            "appealable": [attrs.asdict(each) for each in self.appealable],
            "later": [
                {**_recorded(sequel.recorded), "verdicts": [to_wire(verdict) for verdict in sequel.verdicts]}
                for sequel in self.later
            ],
        }


def _decision(decision: Decision) -> dict[str, Any]:
    adopted, climb = decision.adopted, decision.climb
    return {
        "fact": _recorded(decision.recorded),
        "rulebook": {"name": adopted.name, "digest": adopted.digest} if adopted is not None else None,
        "before": _standing(decision.standing),
        "findings": [_finding(finding, decision) for finding in decision.findings],
        "strike": to_wire(decision.strike)["data"] if decision.strike is not None else None,
        "ladder": _climb(climb) if climb is not None else None,
        "quiet": decision.quiet,
        "changes": [attrs.asdict(change) for change in decision.changes],
        "verdicts": [{"id": verdict.id, **to_wire(verdict)} for verdict in decision.verdicts],
    }


def _recorded(recorded: Recorded) -> dict[str, Any]:
    return {"position": recorded.position, **to_wire(recorded.event), "erased": recorded.erased}


def _finding(finding: FindingRecorded, decision: Decision) -> dict[str, Any]:
    text, counted = decision.text, decision.counted.get(finding.rule, ())
    return {
        **to_wire(finding)["data"],
        "quotes": [text[start:end] for start, end in finding.spans] if text is not None else None,
        "counted": [{"message": post.message, "author": post.author, "at": post.at} for post in counted],
    }


def _climb(climb: Climb) -> dict[str, Any]:
    return {"rung": climb.number, "of": climb.rungs, "severe": climb.severe, "does": _RUNG(climb.rung)}


def _standing(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    plain: dict[str, Any] = attrs.asdict(standing)
    return plain | {name: sorted(words) for name, words in plain.items() if isinstance(words, frozenset)}
