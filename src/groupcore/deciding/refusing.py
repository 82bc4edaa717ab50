"""Refused wishes on record: which of them are noted, and as what. Wishes are refused where they are decided.

Those of somebody who wanted what is not for them: without the power for it, against who is not below them, or in a
matter of their own. A wish that is malformed, late, or about nothing is a mistake and no abuse, and leaves no trace.
"""

from __future__ import annotations

from typing import Any, get_args

import attrs

from groupcore.commands import (
    CaseCommand,
    Command,
    DecideAppeal,
    EndExemption,
    EraseText,
    FileAppeal,
    GrantExemption,
    GrantLabel,
    LiftSanction,
    LinkIdentities,
    NoteAggravation,
    OrderSanction,
    WithdrawAggravation,
)
from groupcore.errors import DecisionRefused
from groupcore.events.erasure import ErasureOrdered
from groupcore.events.identity import new_fact
from groupcore.events.refusals import OutOfPlace, WishRefused
from groupcore.state import State

OUT_OF_PLACE: tuple[OutOfPlace, ...] = get_args(OutOfPlace)

MOST_REFUSALS = 20
"""How many different wishes of one person are put on record as refused, in one hour and one stream."""


def refusal_of(
    command: Command, refused: DecisionRefused, state: State, claimed: int | None = None
) -> WishRefused | None:
    """The fact that *command* was *refused*, or None where that is not put on record. *claimed* is as in `Fact`.

    It is not for wishes that are merely wrong, for those of the service itself (``by`` None), and in groups that the
    log does not know.
    """
    by = getattr(command, "by", None)
    if refused.code not in OUT_OF_PLACE or by is None:
        return None
    group = _group_of(command)
    if group is not None and group not in state.groups:
        return None
    fact = new_fact(
        WishRefused,
        at=command.at,
        group=group,
        by=by,
        wish=command.leads_to or ErasureOrdered.type,
        why=refused.code,
        request=command.id,
        **_meant(command, state),
    )
    return attrs.evolve(fact, claimed_at=claimed)


def _group_of(command: Any) -> str | None:
    """Where the wish was made. What would be erased in several groups is a matter of the organisation."""
    if not isinstance(command, EraseText):
        return str(command.group) if command.group is not None else None
    groups = {held.group for held in command.held}
    return groups.pop() if len(groups) == 1 else None


def is_enough(fact: WishRefused, state: State) -> bool:
    """Whether the log has enough refusals of whom *fact* is about, there and within the hour."""
    home = state.org if fact.group is None else state.group(fact.group)
    hour, count = home.refusals.get(fact.by, (fact.hour, 0))
    return hour >= fact.hour and count >= MOST_REFUSALS


def _meant(command: Any, state: State) -> dict[str, Any]:
    """Who and what was meant: where a wish names a case or an appeal, whom that is about."""
    match command:
        case DecideAppeal() | CaseCommand():
            return _matter(command, state)
        case FileAppeal():
            return {"member": command.member, "what": command.sanction}
        case OrderSanction() | LiftSanction():
            return {"member": command.member, "what": command.sanction}
        case LinkIdentities():
            return {"member": command.person, "other": command.other}
        case NoteAggravation() | WithdrawAggravation():
            return {"member": command.person, "what": command.factor}
        case GrantExemption() | EndExemption():
            return {"member": command.value} if command.of == "person" else {"what": command.value}
        case GrantLabel():
            return {"member": command.member, "what": command.label}
        case EraseText():
            return _text(command)
    named = {"member": getattr(command, "person", None), "reporter": getattr(command, "reporter", None)}
    return {key: who for key, who in named.items() if who is not None}


def _matter(command: DecideAppeal | CaseCommand, state: State) -> dict[str, Any]:
    group = state.groups.get(command.group)
    id = command.case if isinstance(command, CaseCommand) else command.sanction
    known = (group.cases if isinstance(command, CaseCommand) else group.appeals) if group is not None else {}
    matter = known.get(id)
    return {"member": matter.member if matter is not None else None, "what": id}


def _text(command: EraseText) -> dict[str, Any]:
    if command.member is not None:
        return {"member": command.member}
    authors = [who for held in command.held for who in held.authors]
    return {"member": min(authors, default=None), "what": command.held[0].events[0] if command.held[0].events else ""}
