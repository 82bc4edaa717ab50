"""Weighing: what each match may lead to, before anything follows from it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from groupcore.deciding.breaking import Trip, trip_of
from groupcore.deciding.excusing import is_excused
from groupcore.deciding.scene import Scene
from groupcore.events.verdicts import FindingRecorded
from groupcore.policies.base import Match, Policy


@frozen
class Weighed:
    """A match and what is to be said of it. Where it ``strikes``, it may be the one that brings the strike."""

    match: Match
    policy: Policy
    excused: bool
    trip: Trip | None
    strikes: bool


def weigh(matches: Iterable[Match], scene: Scene) -> list[Weighed]:
    """What each match may lead to, in their order."""
    if scene.spared:
        return [_spared(match, scene) for match in matches]
    struck = scene.state.struck_for(scene.where, scene.fact.author, scene.fact.message)
    return [_weighed(match, scene, struck) for match in matches]


def _spared(match: Match, scene: Scene) -> Weighed:
    return Weighed(match, scene.rules.rule(match.rule), is_excused(match, scene), None, strikes=False)


def _weighed(match: Match, scene: Scene, struck: frozenset[str]) -> Weighed:
    policy, excused = scene.rules.rule(match.rule), is_excused(match, scene)
    if policy.severity == "minor" or policy.shadow or excused or match.rule in struck:
        return Weighed(match, policy, excused, None, strikes=False)
    trip = trip_of(policy, scene)
    return Weighed(match, policy, excused, trip, strikes=trip is None)


def record_findings(weighed: Iterable[Weighed], scene: Scene) -> list[FindingRecorded]:
    """The findings as they go on record."""
    fact = scene.fact
    return [
        FindingRecorded(
            at=fact.at,
            group=fact.group,
            cause=fact.id,
            message=fact.message,
            author=fact.author,
            rule=each.policy.id,
            policy=each.policy.kind,
            category=each.policy.category,
            severity=each.policy.severity,
            exempt=scene.exempt,
            spans=each.match.spans,
            evidence=each.match.evidence,
            counted=each.match.counted,
            coarse=each.match.coarse,
            late=scene.late,
            shadow=each.policy.shadow,
            capped=each.trip is not None,
            excused=each.excused,
        )
        for each in weighed
    ]
