"""What staff wants: sanctions ordered and lifted, people blocked and unblocked.

Refused are wishes of who has not the power, against who is not below them, and what would make no sense.
"""

from __future__ import annotations

from groupcore.commands import BlockPerson, LiftSanction, OrderSanction, UnblockPerson
from groupcore.deciding.powers import require, require_above
from groupcore.errors import DecisionRefused
from groupcore.events.facts import PersonBlocked, PersonUnblocked, SanctionLifted, SanctionOrdered
from groupcore.events.identity import new_fact
from groupcore.rulebook import Rulebook
from groupcore.state import Member, State


def order_sanction(command: OrderSanction, state: State, rules: Rulebook | None = None) -> SanctionOrdered:
    """The order as a fact. Refused against strangers, the owner and oneself, and with an end before the beginning."""
    where = command.group
    if state.standing(where, command.member) is None:
        raise DecisionRefused(f"{where}: {command.member} is unknown here; only members can be sanctioned")
    if command.by == command.member:
        raise DecisionRefused(f"{where}: {command.by} cannot sanction themselves")
    require_above(command.by, command.member, where, state)
    require("sanction", command.by, where, state, rules)
    if command.until is not None and command.until <= command.at:
        raise DecisionRefused(f"{where}: the {command.sanction} would end before it begins; choose a later time")
    if command.until is not None and command.sanction != "mute":
        raise DecisionRefused(f"{where}: a {command.sanction} has no end; only a mute takes 'until'")
    return new_fact(
        SanctionOrdered,
        at=command.at,
        group=where,
        member=command.member,
        sanction=command.sanction,
        by=command.by,
        until=command.until,
        message=command.message,
        reason=command.reason,
    )


def lift_sanction(command: LiftSanction, state: State, rules: Rulebook | None = None) -> SanctionLifted:
    """The pardon as a fact. Refused to the sanctioned themselves, and where there is nothing to lift."""
    where, member = command.group, state.standing(command.group, command.member)
    if command.by == command.member:
        raise DecisionRefused(f"{where}: {command.by} cannot lift their own sanction")
    require("lift", command.by, where, state, rules)
    if not _stands(command, member, state):
        raise DecisionRefused(f"{where}: nothing of the kind {command.sanction!r} stands against {command.member}")
    return new_fact(
        SanctionLifted,
        at=command.at,
        group=where,
        member=command.member,
        sanction=command.sanction,
        by=command.by,
        reason=command.reason,
    )


def _stands(command: LiftSanction, member: Member | None, state: State) -> bool:
    group = state.groups.get(command.group)
    blocked = group is not None and command.member in group.blocks
    if member is None:
        return blocked and command.sanction in ("block", "all")
    standing = {
        "warn": bool(member.live_strikes(command.at)) or _has(member, "warn"),
        "mute": member.is_muted(command.at),
        "kick": member.kicked is not None or _has(member, "kick"),
        "block": blocked,
    }
    return any(standing.values()) if command.sanction == "all" else standing[command.sanction]


def _has(member: Member, kind: str) -> bool:
    return any(sanction.kind == kind and not sanction.lifted for sanction in member.sanctions)


def block_person(command: BlockPerson, state: State, rules: Rulebook | None = None) -> PersonBlocked:
    """The block as a fact. Refused for the owner of the group, and with an end before it begins.

    Somebody who is blocked already is blocked anew: the later word counts, its end too.
    """
    where = command.group or "the organisation"
    if command.group is not None and "owner" in state.roles(command.group, command.person):
        raise DecisionRefused(f"{where}: {command.person} owns the group and cannot be blocked from it")
    require("block", command.by, command.group, state, rules)
    require_above(command.by, command.person, command.group, state)
    if command.until is not None and command.until <= command.at:
        raise DecisionRefused(f"{where}: the block would end before it begins; choose a later time")
    return new_fact(
        PersonBlocked,
        at=command.at,
        group=command.group,
        person=command.person,
        scope="org" if command.group is None else "group",
        by=command.by,
        until=command.until,
        reason=command.reason,
    )


def unblock_person(command: UnblockPerson, state: State, rules: Rulebook | None = None) -> PersonUnblocked:
    """The end of a block as a fact. Refused where there is none, and to who is blocked."""
    where = command.group or "the organisation"
    if command.by == command.person:
        raise DecisionRefused(f"{where}: {command.by} cannot take themselves off the blocklist")
    require("block", command.by, command.group, state, rules)
    home = state.org if command.group is None else state.groups.get(command.group)
    if home is None or command.person not in home.blocks:
        raise DecisionRefused(f"{where}: {command.person} is not on the blocklist")
    return new_fact(
        PersonUnblocked,
        at=command.at,
        group=command.group,
        person=command.person,
        scope="org" if command.group is None else "group",
        by=command.by,
        reason=command.reason,
    )
