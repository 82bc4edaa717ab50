"""Appeals, and what an overturned one takes back."""

from __future__ import annotations

from groupcore.events import facts, verdicts
from groupcore.state.effects.sanctions import lift
from groupcore.state.group import Group, Terms
from groupcore.state.sanction import Appeal


def _appealed(group: Group, event: facts.AppealFiled, _: Terms) -> None:
    group.appeals.setdefault(event.sanction, Appeal(event.sanction, event.member, event.at))


def _decided(group: Group, event: facts.AppealDecided, _: Terms) -> None:
    appeal = group.appeals.get(event.sanction)
    if appeal is not None and appeal.outcome is None:
        appeal.outcome = event.outcome


def _strike_voided(group: Group, event: verdicts.StrikeVoided, _: Terms) -> None:
    strike = group.member(event.member).strike(event.strike)
    if strike is not None:
        strike.voided = True


def _sanction_voided(group: Group, event: verdicts.SanctionVoided, _: Terms) -> None:
    member = group.member(event.member)
    sanction = member.sanction(event.sanction)
    if sanction is not None:
        lift(group, member, sanction)


ON_GROUP = {
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _decided,
    verdicts.StrikeVoided: _strike_voided,
    verdicts.SanctionVoided: _sanction_voided,
}
