"""What falls due: mutes and blocks that ended, so that the platform can be told."""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.commands import AdvanceTime
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import Scope, TimeAdvanced
from groupcore.events.identity import new_fact
from groupcore.events.verdicts import MemberUnblocked, MemberUnmuted
from groupcore.state import Group, State


def advance_time(command: AdvanceTime, state: State) -> list[TimeAdvanced]:
    """One fact for each stream where something fell due, groups by their ids; none where nothing did."""
    streams: list[str | None] = [None] if any(state.org.agenda.due(command.at)) else []
    streams += [id for id in sorted(state.groups) if any(state.groups[id].agenda.due(command.at))]
    return [new_fact(TimeAdvanced, at=command.at, group=group, now=command.at) for group in streams]


def answer_time(fact: TimeAdvanced, state: State) -> list[VerdictEvent]:
    """The mutes and blocks that ended until then, earliest first."""
    if fact.group is None:
        return list(_unblocked(fact, state.org.agenda.due(fact.now)))
    group = state.groups.get(fact.group)
    return list(_ended(fact, group)) if group is not None else []


def _ended(fact: TimeAdvanced, group: Group) -> Iterator[VerdictEvent]:
    due = list(group.agenda.due(fact.now))
    last = {who: until for until, kind, who in due if kind == "mute"}  # of each member, as they come in order
    for entry in due:
        until, kind, who = entry
        if kind == "block":
            yield from _unblocked(fact, iter([entry]))
        elif last.get(who) == until and not group.members[who].is_muted(fact.now):
            del last[who]
            yield MemberUnmuted(at=fact.at, group=fact.group, cause=fact.id, member=who, until=until)


def _unblocked(fact: TimeAdvanced, due: Iterator[tuple[int, str, str]]) -> Iterator[VerdictEvent]:
    scope: Scope = "org" if fact.group is None else "group"
    for _, _, who in due:
        yield MemberUnblocked(at=fact.at, group=fact.group, cause=fact.id, member=who, scope=scope)
