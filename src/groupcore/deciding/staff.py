"""What staff wants: sanctions ordered and lifted, people blocked and unblocked.

Refused are wishes of who has not the power, against who is not below them, and what would make no sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from groupcore.commands import BlockPerson, LiftSanction, OrderSanction, UnblockPerson
from groupcore.deciding.ends import refuse_end
from groupcore.deciding.powers import require, require_above
from groupcore.errors import DecisionRefused
from groupcore.events.facts import (
    PersonBlocked,
    PersonUnblocked,
    Restriction,
    SanctionLifted,
    SanctionOrdered,
    Scope,
)
from groupcore.events.identity import new_fact
from groupcore.rulebook import Rulebook
from groupcore.sanctions import EVERYWHERE, REMOVALS, TERMS, has_no_end, pardoned_by
from groupcore.state import Block, Member, State


def order_sanction(command: OrderSanction, state: State, rules: Rulebook | None = None) -> SanctionOrdered:
    """The order as a fact. Refused against strangers, the owner and oneself, and with an end before the beginning."""
    where = command.group
    if state.standing(where, command.member) is None:
        raise DecisionRefused(f"{where}: {command.member} is unknown here; only members can be sanctioned", "unknown")
    if command.by == command.member:
        raise DecisionRefused(f"{where}: {command.by} cannot sanction themselves", "oneself")
    require_above(command.by, command.member, where, state)
    require("sanction", command.by, where, state, rules)
    _refuse_nonsense(command, state)
    if command.sanction in EVERYWHERE:
        require("block", command.by, None, state, rules)
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
        restrictions=command.restrictions,
        slow=command.slow,
    )


def _refuse_nonsense(command: OrderSanction, state: State) -> None:
    """Refuse a sanction with an end that it cannot have, of somebody who is not there, or that says not what it is."""
    where, kind, member = command.group, command.sanction, command.member
    known = state.standing(where, member)
    if kind in REMOVALS and known is not None and not known.present:
        raise DecisionRefused(f"{where}: {member} has left; block them instead", "over")
    refuse_end(where, kind, command.at, command.until)
    if command.until is not None and kind not in TERMS:
        raise DecisionRefused(f"{where}: {has_no_end(kind)}")
    if kind == "restrict":
        _refuse_restrictions(command)
    elif command.restrictions or command.slow is not None:
        raise DecisionRefused(f"{where}: a {kind} restricts nothing; order a restriction")


def _refuse_restrictions(command: OrderSanction) -> None:
    where, given = command.group, command.restrictions
    known: tuple[str, ...] = get_args(Restriction)
    if not given or len(set(given)) != len(given) or not set(given) <= set(known):
        told = ", ".join(map(repr, known))
        raise DecisionRefused(f"{where}: a restriction names what it forbids, each once: {told}")
    if ("slow-mode" in given) != (command.slow is not None):
        raise DecisionRefused(f"{where}: slow mode, and nothing else, takes the time between two messages as 'slow'")


def lift_sanction(command: LiftSanction, state: State, rules: Rulebook | None = None) -> SanctionLifted:
    """The pardon as a fact. Refused to the sanctioned themselves, and where there is nothing to lift."""
    where, member = command.group, state.standing(command.group, command.member)
    if command.by == command.member:
        raise DecisionRefused(f"{where}: {command.by} cannot lift their own sanction", "own-sanction")
    require("lift", command.by, where, state, rules)
    if not _stands(command, member, state):
        told = f"{where}: nothing of the kind {command.sanction!r} stands against {command.member}"
        raise DecisionRefused(told, "unknown")
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
    word, at = command.sanction, command.at
    if blocked and word in ("block", "all"):
        return True
    if word in ("warn", "all") and state.live_strikes(command.group, command.member, at):
        return True  # of somebody who was never here, too: strikes of other groups may count
    if member is None:
        return False
    if word in ("kick", "all") and member.kicked is not None:
        return True
    kinds = pardoned_by(word)
    return any(each.kind in kinds and not each.lifted and not each.is_past(at) for each in member.sanctions)


def block_person(command: BlockPerson, state: State, rules: Rulebook | None = None) -> PersonBlocked:
    """The block as a fact. Refused for the owner of the group, and with an end before it begins.

    Somebody who is blocked already is blocked anew: the later word counts, its end too.
    """
    where, scope = _place(command)
    if command.group is not None and "owner" in state.roles(command.group, command.person):
        raise DecisionRefused(f"{where}: {command.person} owns the group and cannot be blocked from it", "owner")
    _require_block(command, state, rules)
    require_above(command.by, command.person, command.group, state)
    refuse_end(where, "block", command.at, command.until)
    return new_fact(
        PersonBlocked,
        at=command.at,
        group=command.group,
        person=command.person,
        scope=scope,
        by=command.by,
        until=command.until,
        reason=command.reason,
        owner=command.owner,
    )


def _place(command: BlockPerson | UnblockPerson) -> tuple[str, Scope]:
    """Where a block is to hold, in words and as a scope. Refused where a group and an owner are named."""
    if command.owner is None:
        return (command.group, "group") if command.group is not None else ("the organisation", "org")
    if command.group is not None:
        raise DecisionRefused(f"{command.group}: name a group, or the owner of the groups, not both")
    return f"the groups of {command.owner}", "owner"


def _require_block(command: BlockPerson | UnblockPerson, state: State, rules: Rulebook | None) -> None:
    """Refuse who has not the power; in all groups of theirs, owners have it."""
    if command.owner is None or command.by != command.owner:
        require("block", command.by, command.group, state, rules)


def unblock_person(command: UnblockPerson, state: State, rules: Rulebook | None = None) -> PersonUnblocked:
    """The end of a block as a fact. Refused where there is none, and to who is blocked."""
    where, scope = _place(command)
    if command.by == command.person:
        raise DecisionRefused(f"{where}: {command.by} cannot take themselves off the blocklist", "own-sanction")
    _require_block(command, state, rules)
    if command.person not in _blocklist(command, state):
        raise DecisionRefused(f"{where}: {command.person} is not on the blocklist", "unknown")
    return new_fact(
        PersonUnblocked,
        at=command.at,
        group=command.group,
        person=command.person,
        scope=scope,
        by=command.by,
        reason=command.reason,
        owner=command.owner,
    )


def _blocklist(command: UnblockPerson, state: State) -> Mapping[str, Block]:
    if command.owner is not None:
        return state.org.owned.get(command.owner, {})
    home = state.org if command.group is None else state.groups.get(command.group)
    return home.blocks if home is not None else {}
