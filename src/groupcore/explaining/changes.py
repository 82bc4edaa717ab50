"""What would have changed a decision: the smallest changes, each tried alone by deciding again.

A strike or a sanction that had been voided, a block that had been lifted, a threshold set higher, an earlier message
that was not there: each is tried on the state that the decision was taken on, with the findings as they were recorded.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from attrs import evolve, frozen

from groupcore.decider import Findings, answer_found
from groupcore.deciding.excusing import EXCUSED
from groupcore.events import (
    Fact,
    FindingRecorded,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    StrikeRecorded,
    VerdictEvent,
)
from groupcore.events.sanctions import SanctionGiven
from groupcore.policies.base import Match
from groupcore.rulebook import Rulebook
from groupcore.state import Member, State
from groupcore.state.sanction import Block

ChangeKind = Literal["strike-voided", "sanction-lifted", "block-lifted", "threshold", "message-absent"]


@frozen(kw_only=True)
class Outcome:
    """What a decision came to: the sanction (None: none), until when, and whether the message goes."""

    sanction: str | None
    until: int | None = None
    deleted: bool = False


@frozen(kw_only=True)
class Change:
    """One change that alone would have led elsewhere.

    ``what`` names it: the id of a strike or sanction, the fact that led to a block, ``RULE.SETTING``, or a message.
    ``value`` is the least value of a threshold that would have done, and ``was`` the value it had.
    """

    kind: ChangeKind
    what: str
    outcome: Outcome
    value: float | None = None
    was: float | None = None


def outcome_of(verdicts: Iterable[VerdictEvent]) -> Outcome:
    """What *verdicts* come to."""
    sanction = next((event for event in verdicts if isinstance(event, SanctionGiven)), None)
    deleted = any(isinstance(event, MessageDeleted) for event in verdicts)
    until = getattr(sanction, "until", None)
    return Outcome(sanction=sanction.type if sanction is not None else None, until=until, deleted=deleted)


def changes_of(fact: Fact, verdicts: tuple[VerdictEvent, ...], state: State, rules: Rulebook) -> tuple[Change, ...]:
    """The single changes that would have led elsewhere, the smallest first; *state* is what stood before *fact*.

    Nothing where nothing followed but findings. O(strikes and findings), each decided once more.
    """
    came_to = outcome_of(verdicts)
    if came_to == Outcome(sanction=None):
        return ()
    trial = _Trial(fact, verdicts, state, rules)
    if trial.again() != came_to:  # it turned on more than what was read, such as the time of an earlier message
        return ()
    tried = [*trial.of_strikes(), *trial.of_sanctions(), *trial.of_blocks(), *trial.of_findings()]
    return tuple(sorted((change for change in tried if change.outcome != came_to), key=_size))


def _size(change: Change) -> tuple[int, float]:
    """How small a change is: one more word of a moderator, a step of a threshold, a message less, many steps."""
    steps = (change.value or 0) - (change.was or 0)
    order = {"strike-voided": 0, "sanction-lifted": 0, "block-lifted": 0, "threshold": 1, "message-absent": 2}
    rank = 3 if change.kind == "threshold" and steps > 1 else order[change.kind]
    return rank, steps


class _Trial:
    """A decision, ready to be taken again with one thing changed."""

    def __init__(self, fact: Fact, verdicts: tuple[VerdictEvent, ...], state: State, rules: Rulebook) -> None:
        self._fact, self._state, self._rules = fact, state, rules
        self._who = str(getattr(fact, "author", None) or getattr(fact, "member", ""))
        self._findings = tuple(event for event in verdicts if isinstance(event, FindingRecorded))
        self._strikes = any(isinstance(event, StrikeRecorded) for event in verdicts)

    def of_strikes(self) -> Iterator[Change]:
        """Each earlier strike that counted, had it been void."""
        for strike in self._standing_strikes():
            other, held = self._changed()
            for each in held:
                if each.id == strike.id:
                    each.voided = True
            yield Change(kind="strike-voided", what=strike.id, outcome=self.again(other))

    def of_sanctions(self) -> Iterator[Change]:
        """Each sanction that held the member back, had it been lifted."""
        known = self._state.standing(self._fact.group or "", self._who)
        for sanction in known.sanctions if known is not None else ():
            if not sanction.holds(self._fact.at) and (known is None or known.kicked != sanction.id):
                continue
            other, _ = self._changed()
            member = other.groups[self._fact.group or ""].members[self._who]
            for each in member.sanctions:
                each.lifted = each.lifted or each.id == sanction.id
            if member.kicked == sanction.id:
                member.kicked = None
            yield Change(kind="sanction-lifted", what=sanction.id, outcome=self.again(other))

    def of_blocks(self) -> Iterator[Change]:
        """The block that kept the member out, had it been lifted."""
        group = self._fact.group or ""
        for person in (self._who, *self._state.linked(group, self._who)):
            block = self._state.block(group, person, self._fact.at)
            if block is not None:
                other, _ = self._changed()
                place, org = other.groups[group], other.org
                place.blocks, org.blocks = _without(place.blocks, block.cause), _without(org.blocks, block.cause)
                org.owned = {owner: _without(blocks, block.cause) for owner, blocks in org.owned.items()}
                yield Change(kind="block-lifted", what=block.cause, outcome=self.again(other))

    def of_findings(self) -> Iterator[Change]:
        """Each threshold that was reached, had it been higher; each message that was counted, had it not been there."""
        if not self._strikes:
            return
        for finding in self._findings:
            without = self.again(but=finding.rule)
            policy = self._rules.policy(finding.rule)
            for each in policy.thresholds(finding.evidence) if policy is not None else ():
                what = f"{finding.rule}.{each.setting}"
                yield Change(kind="threshold", what=what, value=each.least, was=each.was, outcome=without)
            for message in finding.counted:
                if message != getattr(self._fact, "message", None):
                    yield Change(kind="message-absent", what=message, outcome=without)
        if isinstance(self._fact, MessagePosted | MessageEdited):
            yield Change(kind="message-absent", what=self._fact.message, outcome=Outcome(sanction=None))

    def _standing_strikes(self) -> Iterable[Any]:
        _, held = self._changed()
        return [strike for strike in held if not strike.voided and strike.at <= self._fact.at]

    def again(self, state: State | None = None, but: str | None = None) -> Outcome:
        """What the decision would have come to on another state, without the findings of the rule *but*."""
        state = self._state if state is None else state
        matches = tuple(_match(finding) for finding in self._findings if finding.rule != but)
        return outcome_of(answer_found(self._fact, Findings(matches), state, self._rules))

    def _changed(self) -> tuple[State, list[Any]]:
        """A state whose member can be changed and nothing else, and the strikes against them."""
        id = self._fact.group or ""
        group = copy.copy(self._state.group(id))
        member = copy.deepcopy(group.members.get(self._who) or Member(self._who))
        group.members = {**group.members, self._who: member}
        org = copy.copy(self._state.org)
        org.strikes = {**org.strikes, self._who: copy.deepcopy(org.strikes.get(self._who, []))}
        return evolve(self._state, org=org, groups={**self._state.groups, id: group}), [
            *member.strikes,
            *org.strikes[self._who],
        ]


def _without(blocks: Mapping[str, Block], cause: str) -> dict[str, Block]:
    return {person: block for person, block in blocks.items() if block.cause != cause}


def _match(finding: FindingRecorded) -> Match:
    quoted = {EXCUSED: True} if finding.excused else {}
    return Match(finding.rule, finding.spans, finding.evidence, finding.counted, finding.coarse, quoted)
