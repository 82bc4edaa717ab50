"""What falls due: mutes, restrictions and blocks that ended, so that the platform can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groupcore.commands import AdvanceTime
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import Restriction, Scope, TimeAdvanced
from groupcore.events.identity import new_fact
from groupcore.events.sanctions import ENDED, RestrictionEnded
from groupcore.events.verdicts import MemberUnblocked
from groupcore.state import Group, Member, State
from groupcore.state.sanction import OWNED


def advance_time(command: AdvanceTime, state: State) -> list[TimeAdvanced]:
    """One fact for each stream where something fell due, groups by their ids; none where nothing did."""
    streams: list[str | None] = [None] if any(state.org.agenda.due(command.at)) else []
    streams += [id for id in sorted(state.groups) if any(state.groups[id].agenda.due(command.at))]
    return [new_fact(TimeAdvanced, at=command.at, group=group, now=command.at) for group in streams]


def answer_time(fact: TimeAdvanced, state: State) -> list[VerdictEvent]:
    """The mutes, restrictions and blocks that ended until then, earliest first."""
    if fact.group is None:
        return [_unblocked(fact, kind, who) for _, kind, who in state.org.agenda.due(fact.now)]
    group = state.groups.get(fact.group)
    return list(_ended(fact, group)) if group is not None else []


def _ended(fact: TimeAdvanced, group: Group) -> Iterator[VerdictEvent]:
    due: dict[tuple[str, str], list[int]] = {}  # when what of whom ended
    entries = list(group.agenda.due(fact.now))
    for until, kind, who in entries:
        due.setdefault((kind, who), []).append(until)
    for until, kind, who in entries:
        if kind == "block":
            yield _unblocked(fact, kind, who)
        elif until == due.get((kind, who), [-1])[-1]:
            yield from _over(fact, kind, group.members[who], due.pop((kind, who)))


def _over(fact: TimeAdvanced, kind: str, member: Member, ends: list[int]) -> Iterator[VerdictEvent]:
    """The word that somebody may speak again, or do again what no other restriction forbids."""
    told: Any = {"at": fact.at, "group": fact.group, "cause": fact.id, "member": member.id, "until": ends[-1]}
    if kind == "restrict":
        allowed = _allowed_again(member, ends, fact.now)
        if allowed:
            yield RestrictionEnded(**told, restrictions=allowed)
    elif kind in ENDED and not any(each.kind == kind for each in member.in_force(fact.now)):
        yield ENDED[kind](**told)


def _allowed_again(member: Member, ends: list[int], now: int) -> tuple[Restriction, ...]:
    """What the restrictions with these ends forbade, and none in force forbids; in the order of the words."""
    over = [each for each in member.sanctions if each.kind == "restrict" and not each.lifted and each.until in ends]
    held = [each for each in member.sanctions if each.restricts(now)]
    ended, forbidden = (frozenset(word for each in some for word in each.restrictions) for some in (over, held))
    return tuple(sorted(ended - forbidden))


def _unblocked(fact: TimeAdvanced, kind: str, who: str) -> MemberUnblocked:
    owner = kind.removeprefix(OWNED) if kind.startswith(OWNED) else None
    scope: Scope = "group" if fact.group is not None else "org" if owner is None else "owner"
    return MemberUnblocked(at=fact.at, group=fact.group, cause=fact.id, member=who, scope=scope, owner=owner)
