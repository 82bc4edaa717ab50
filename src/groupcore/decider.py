"""The decider: the whole dispatch on one page.

``decide(command, state, rules)`` turns a wish into facts, or refuses it. ``answer(fact, state, rules)`` gives the
verdicts that follow from a fact. Both are pure: time comes in with the command or the fact, and the state stays equal
to what it was (windows may work out an index, and keep the post they were just asked about).

A replay goes through `answer`, too; who found the matches elsewhere, as verify does, goes through `answer_found`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from groupcore.commands import (
    AdvanceTime,
    BlockPerson,
    CaseCommand,
    Command,
    DecideAppeal,
    EndExemption,
    EraseText,
    FileAppeal,
    FileReport,
    GrantExemption,
    GrantLabel,
    HearReporter,
    LiftSanction,
    LinkIdentities,
    MuteReporter,
    NoteAggravation,
    OrderSanction,
    UnblockPerson,
    WithdrawAggravation,
)
from groupcore.deciding.appeals import answer_decision, answer_review, decide_appeal, file_appeal
from groupcore.deciding.casework import answer_report, file_report, hear_reporter, mute_reporter, work_on_case
from groupcore.deciding.erasing import erase_text
from groupcore.deciding.finding import NOTHING_FOUND, Findings, find
from groupcore.deciding.judging import judge
from groupcore.deciding.labelling import answer_labels, find_labels
from groupcore.deciding.naming import answer_name, find_name
from groupcore.deciding.noting import (
    end_exemption,
    grant_exemption,
    grant_label,
    link_identities,
    note_aggravation,
    withdraw_aggravation,
)
from groupcore.deciding.orders import answer_order, answer_pardon
from groupcore.deciding.staff import block_person, lift_sanction, order_sanction, unblock_person
from groupcore.deciding.timing import advance_time, answer_time
from groupcore.events.base import ORG, Event, Fact, VerdictEvent
from groupcore.events.casework import ContentLabelled, ReportFiled
from groupcore.events.facts import (
    AppealDecided,
    MemberJoined,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    SanctionLifted,
    SanctionOrdered,
    StandingReviewed,
    TimeAdvanced,
)
from groupcore.events.words import check_words
from groupcore.rulebook import Rulebook
from groupcore.state import State, Windows, advance
from groupcore.state.fold import advance_org

__all__ = [
    "NOTHING_FOUND",
    "Findings",
    "answer",
    "answer_found",
    "answer_together",
    "decide",
    "find",
    "find_in",
    "judge",
    "observe",
]

_MESSAGES = (MessagePosted, MessageEdited)


def decide(command: Command, state: State, rules: Rulebook | None = None) -> Sequence[Fact]:
    """The facts that a wish leads to. Raises DecisionRefused where the state does not allow it, and InputError for a
    word that one of its fields does not know.

    *rules* say who may do what, and how long an appeal may wait; without them the usual holds.
    """
    check_words(command, command.leads_to or type(command).__name__)
    for cls in type(command).__mro__:
        if cls in _WISHES:
            return _WISHES[cls](command, state, rules)
    raise TypeError(f"{type(command).__name__} is no command of this decider")


_WISHES: dict[type, Callable[[Any, State, Rulebook | None], Sequence[Fact]]] = {
    OrderSanction: lambda wish, state, rules: [order_sanction(wish, state, rules)],
    LiftSanction: lambda wish, state, rules: [lift_sanction(wish, state, rules)],
    BlockPerson: lambda wish, state, rules: [block_person(wish, state, rules)],
    UnblockPerson: lambda wish, state, rules: [unblock_person(wish, state, rules)],
    FileAppeal: lambda wish, state, rules: [file_appeal(wish, state, rules)],
    DecideAppeal: decide_appeal,
    FileReport: lambda wish, state, _: [file_report(wish, state)],
    CaseCommand: work_on_case,
    MuteReporter: lambda wish, state, rules: [mute_reporter(wish, state, rules)],
    HearReporter: lambda wish, state, rules: [hear_reporter(wish, state, rules)],
    EraseText: erase_text,
    LinkIdentities: lambda wish, state, rules: [link_identities(wish, state, rules)],
    NoteAggravation: lambda wish, state, rules: [note_aggravation(wish, state, rules)],
    WithdrawAggravation: lambda wish, state, rules: [withdraw_aggravation(wish, state, rules)],
    GrantExemption: lambda wish, state, rules: [grant_exemption(wish, state, rules)],
    EndExemption: lambda wish, state, rules: [end_exemption(wish, state, rules)],
    GrantLabel: lambda wish, state, rules: [grant_label(wish, state, rules)],
    AdvanceTime: lambda wish, state, _: advance_time(wish, state),
}


def find_in(fact: Fact, state: State, rules: Rulebook) -> Findings:
    """The matches of a fact; nothing where it is no message, brings no name, and says nothing of a message."""
    if not isinstance(fact, _MESSAGES):
        if isinstance(fact, ContentLabelled):
            return find_labels(fact, rules)
        return find_name(fact, rules) if isinstance(fact, MemberJoined | MemberRenamed) else NOTHING_FOUND
    group = state.groups.get(fact.group or "")
    return find(fact, group.windows if group is not None else Windows(), rules)


def answer_found(fact: Fact, findings: Findings, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*, given its matches."""
    if isinstance(fact, _MESSAGES):
        return judge(fact, findings, state, rules)
    if isinstance(fact, MemberJoined | MemberRenamed):
        return answer_name(fact, findings, state, rules)
    if isinstance(fact, ContentLabelled):
        return answer_labels(fact, findings, state, rules)
    if isinstance(fact, SanctionOrdered):
        return answer_order(fact)
    if isinstance(fact, SanctionLifted):
        return answer_pardon(fact, state)
    if isinstance(fact, AppealDecided):
        return answer_decision(fact, state, rules)
    if isinstance(fact, StandingReviewed):
        return answer_review(fact, state, rules)
    if isinstance(fact, ReportFiled):
        return answer_report(fact, state)
    if isinstance(fact, TimeAdvanced):
        return answer_time(fact, state)
    return []


def answer(fact: Fact, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*, under *rules*; *state* is what stood before it, and stays so."""
    return answer_found(fact, find_in(fact, state, rules), state, rules)


def answer_together(facts: Sequence[Fact], state: State, rules: Rulebook) -> list[list[VerdictEvent]]:
    """As `answer`, for facts of different groups that are told in one breath.

    What the earlier ones do to the organisation, the later ones see; *state* stays as it was.
    """
    assert len({fact.group for fact in facts}) == len(facts), "each happens in a group of its own"
    if len(facts) > 1:
        state = attrs.evolve(state, org=copy.deepcopy(state.org))
    answers = []
    for fact in facts:
        answers.append(answer(fact, state, rules))
        for event in (fact, *answers[-1]) if len(facts) > 1 else ():
            if event.stream == ORG:
                advance_org(state.org, event)
    return answers


def observe(fact: Fact, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """Answer *fact*, then fold it and its verdicts into *state*: one step, without a store."""
    verdicts = answer(fact, state, rules)
    event: Event
    for event in (fact, *verdicts):
        advance(state, event)
    return verdicts
