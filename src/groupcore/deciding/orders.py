"""Orders: what follows from a sanction that staff ordered, or lifted, beyond the group."""

from __future__ import annotations

from groupcore.events.base import VerdictEvent
from groupcore.events.facts import SanctionLifted, SanctionOrdered
from groupcore.events.verdicts import MemberBlocked, StrikeVoided
from groupcore.sanctions import EVERYWHERE
from groupcore.state import State


def answer_order(fact: SanctionOrdered) -> list[VerdictEvent]:
    """Who is banned, say, is kept out of all groups of the organisation."""
    if fact.sanction not in EVERYWHERE:
        return []
    return [MemberBlocked(at=fact.at, group=fact.group, cause=fact.id, member=fact.member, scope="org")]


def answer_pardon(fact: SanctionLifted, state: State) -> list[VerdictEvent]:
    """A pardon of warnings voids the strikes that count beyond the group, too, as far as they count in it."""
    if fact.sanction not in ("warn", "all"):
        return []
    sight = state.strikes(fact.group or "", fact.member)
    wide = [strike for strike in sight if strike.scope != "group" and not strike.voided and not strike.is_over(fact.at)]
    return [
        StrikeVoided(
            at=fact.at, group=fact.group, cause=fact.id, scope=strike.scope, member=fact.member, strike=strike.id
        )
        for strike in wide
    ]
