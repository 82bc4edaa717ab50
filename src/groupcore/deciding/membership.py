"""Who may come back: a blocked person who joins is kicked again at once, and what stands against others stays."""

from __future__ import annotations

from groupcore.deciding.restraining import renewals
from groupcore.deciding.scene import blocking, is_late
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import MemberJoined
from groupcore.events.verdicts import MemberKicked
from groupcore.rulebook import Rulebook
from groupcore.state import State


def kick_of_the_blocked(fact: MemberJoined, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """A kick when a blocklist names who joined, whatever their role."""
    if fact.group is None or is_late(fact, state) or blocking(fact.group, fact.member, fact.at, state, rules) is None:
        return []
    kicked = MemberKicked(
        at=fact.at, group=fact.group, cause=fact.id, member=fact.member, because="blocklist", message=None
    )
    return [kicked]


def renewed(fact: MemberJoined, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """What still stands against who joined, for the platform to be told again."""
    return [] if is_late(fact, state) else [*renewals(fact, state, rules)]
