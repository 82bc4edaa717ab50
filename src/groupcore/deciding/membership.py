"""Who may come back: a blocked person who joins is kicked again at once."""

from __future__ import annotations

from groupcore.events.base import VerdictEvent
from groupcore.events.facts import MemberJoined
from groupcore.events.verdicts import MemberKicked
from groupcore.state import State


def answer_join(fact: MemberJoined, state: State) -> list[VerdictEvent]:
    """A kick when the blocklist of the group or the organisation names who joined, whatever their role."""
    if fact.group is None or state.block(fact.group, fact.member, fact.at) is None or _came_late(fact, state):
        return []
    kicked = MemberKicked(
        at=fact.at, group=fact.group, cause=fact.id, member=fact.member, because="blocklist", message=None
    )
    return [kicked]


def _came_late(fact: MemberJoined, state: State) -> bool:
    place = state.groups.get(fact.group or "")
    return place is not None and place.windows.is_late(fact.at)
