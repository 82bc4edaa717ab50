"""The circuit breaker: a rule that struck too often lately only records findings, and says so once."""

from __future__ import annotations

from attrs import frozen

from groupcore.clock import DAY, HOUR
from groupcore.deciding.scene import Scene
from groupcore.events.verdicts import BreakerTripped
from groupcore.policies.base import Policy
from groupcore.state.pace import within


@frozen
class Trip:
    """Why a rule is held back: it struck ``limit`` times within ``window`` microseconds."""

    rule: str
    limit: int
    window: int


def trip_of(policy: Policy, scene: Scene) -> Trip | None:
    """Whether the rule struck as often as it may in the group of the scene, and which of its limits says so."""
    if policy.max_per_hour is None and policy.max_per_day is None:
        return None
    for limit, window in ((policy.max_per_hour, HOUR), (policy.max_per_day, DAY)):
        if (
            limit is not None
            and sum(within(times, window, scene.fact.at) for times in _struck(policy.id, scene)) >= limit
        ):
            return Trip(policy.id, limit, window)
    return None


def _struck(rule: str, scene: Scene) -> list[list[int]]:
    """When the rule struck lately in the group, by strikes that count there, and by those that count beyond it."""
    own = scene.group.struck.get(rule) if scene.group is not None else None
    wide = scene.state.org.struck.get(scene.where, {}).get(rule)
    return [times for times in (own, wide) if times]


def alarm(trip: Trip, scene: Scene) -> BreakerTripped | None:
    """The alarm, unless it was raised since the rule struck last."""
    raised = scene.group.tripped.get(trip.rule) if scene.group is not None else None
    if raised is not None and raised >= max(times[-1] for times in _struck(trip.rule, scene)):
        return None
    fact = scene.fact
    return BreakerTripped(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        message=fact.message,
        rule=trip.rule,
        limit=trip.limit,
        window=trip.window,
    )
