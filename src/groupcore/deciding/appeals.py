"""Appeals: an overturned one voids the strike, lifts the sanction, and the block that came with it."""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.commands import DecideAppeal, FileAppeal
from groupcore.errors import DecisionRefused
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import AppealDecided, AppealFiled
from groupcore.events.identity import new_fact
from groupcore.events.verdicts import MemberUnblocked, SanctionVoided, StrikeVoided
from groupcore.rulebook import Rulebook
from groupcore.state import Group, Member, State
from groupcore.state.sanction import Sanction


def file_appeal(command: FileAppeal, state: State, rules: Rulebook | None = None) -> AppealFiled:
    """The appeal as a fact. Refused where there is no such sanction, or it was appealed before."""
    group = state.groups.get(command.group)
    found = _sanction(group, command.member, command.sanction)
    if found is None:
        raise DecisionRefused(f"{command.group}: {command.member} has no sanction {command.sanction}")
    if group is not None and command.sanction in group.appeals:
        raise DecisionRefused(f"{command.group}: the sanction {command.sanction} was appealed before")
    return new_fact(
        AppealFiled,
        at=command.at,
        group=command.group,
        member=command.member,
        sanction=command.sanction,
        by=command.by,
        reason=command.reason,
    )


def decide_appeal(command: DecideAppeal, state: State, rules: Rulebook | None = None) -> AppealDecided:
    """The decision as a fact. Refused without an open appeal, and to whoever ordered the sanction or is under it."""
    group = state.groups.get(command.group)
    appeal = group.appeals.get(command.sanction) if group is not None else None
    if group is None or appeal is None:
        raise DecisionRefused(f"{command.group}: nobody appealed against {command.sanction}; file an appeal first")
    if appeal.outcome is not None:
        raise DecisionRefused(f"{command.group}: the appeal against {command.sanction} was {appeal.outcome} before")
    sanction = _sanction(group, appeal.member, command.sanction)
    if command.by == appeal.member or (sanction is not None and sanction.by == command.by):
        raise DecisionRefused(f"{command.group}: {command.by} has a part in it; somebody else must decide the appeal")
    return new_fact(
        AppealDecided,
        at=command.at,
        group=command.group,
        sanction=command.sanction,
        by=command.by,
        outcome=command.outcome,
        reason=command.reason,
    )


def answer_decision(fact: AppealDecided, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """What an overturned appeal takes back. A decision about a sanction that is not there is moot."""
    group = state.groups.get(fact.group or "")
    appeal = group.appeals.get(fact.sanction) if group is not None else None
    if group is None or appeal is None or appeal.outcome is not None or fact.outcome != "overturned":
        return []
    sanction = _sanction(group, appeal.member, fact.sanction)
    if sanction is None:
        return []
    return list(_taken_back(fact, group.members[appeal.member], sanction, state))


def _taken_back(fact: AppealDecided, member: Member, sanction: Sanction, state: State) -> Iterator[VerdictEvent]:
    at, group, cause = fact.at, fact.group, fact.id
    if sanction.strike is not None:
        yield StrikeVoided(at=at, group=group, cause=cause, member=member.id, strike=sanction.strike)
    yield SanctionVoided(at=at, group=group, cause=cause, member=member.id, sanction=sanction.id, kind=sanction.kind)
    own = state.groups[group or ""].blocks.get(member.id)
    if own is not None and sanction.id.startswith(f"{own.cause}/"):
        yield MemberUnblocked(at=at, group=group, cause=cause, member=member.id, scope="group")
    wide = state.org.blocks.get(member.id)
    if wide is not None and sanction.id.startswith(f"{wide.cause}/"):
        yield MemberUnblocked(at=at, group=group, cause=cause, member=member.id, scope="org")


def _sanction(group: Group | None, member: str, id: str) -> Sanction | None:
    known = group.members.get(member) if group is not None else None
    return known.sanction(id) if known is not None else None
