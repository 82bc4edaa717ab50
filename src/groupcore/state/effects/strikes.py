"""Strikes: recorded, voided, and counted for the alarm of their rule."""

from __future__ import annotations

from groupcore.events import verdicts
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org
from groupcore.state.pace import KEPT_STRIKES, note
from groupcore.state.sanction import Strike


def _strike(event: verdicts.StrikeRecorded, rulebook: str) -> Strike:
    return Strike(
        id=event.id,
        message=event.message,
        rule=event.rule,
        category=event.category,
        severity=event.severity,
        at=event.at,
        expires=event.expires,
        weight=event.weight,
        decay=event.decay,
        clean=event.clean,
        scope=event.scope,
        owner=event.owner,
        group=event.group or "",
        rulebook=rulebook,
        steps=event.steps,
        strikes=event.strikes,
    )


def _struck(group: Group, event: verdicts.StrikeRecorded, terms: Terms) -> None:
    group.member(event.member).strikes.append(_strike(event, terms.rules))
    note(group.struck.setdefault(event.rule, []), event.at, KEPT_STRIKES)


def _org_struck(org: Org, event: verdicts.StrikeRecorded) -> None:
    org.strikes.setdefault(event.member, []).append(_strike(event, org.rules))
    note(org.struck.setdefault(event.group or "", {}).setdefault(event.rule, []), event.at, KEPT_STRIKES)


def _voided(group: Group, event: verdicts.StrikeVoided, _: Terms) -> None:
    strike = group.member(event.member).strike(event.strike)
    if strike is not None:
        strike.voided = True


def _org_voided(org: Org, event: verdicts.StrikeVoided) -> None:
    for strike in org.strikes.get(event.member, ()):
        if strike.id == event.strike:
            strike.voided = True


def _tripped(group: Group, event: verdicts.BreakerTripped, _: Terms) -> None:
    group.tripped[event.rule] = max(event.at, group.tripped.get(event.rule, event.at))


ON_GROUP = {
    verdicts.StrikeRecorded: _struck,
    verdicts.StrikeVoided: _voided,
    verdicts.BreakerTripped: _tripped,
}
ON_ORG = {
    verdicts.StrikeRecorded: _org_struck,
    verdicts.StrikeVoided: _org_voided,
}
