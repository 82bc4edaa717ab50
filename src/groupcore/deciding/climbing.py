"""Climbing: one strike for the most severe finding, and what the ladder of its category makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from groupcore.clock import MINUTE
from groupcore.deciding.aggravating import aggravations
from groupcore.deciding.scene import Scene
from groupcore.deciding.weighing import Weighed
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import Scope
from groupcore.events.sanctions import GIVEN, PARTICULARS
from groupcore.events.verdicts import MemberBlocked, StatementPosted, StrikeRecorded
from groupcore.ladder import Burden, Ladder, Rung, end_of
from groupcore.policies.base import SEVERITY_ORDER, Policy
from groupcore.sanctions import EVERYWHERE
from groupcore.state.pace import within


@frozen
class Climbed:
    """What a strike leads to: what stands before the deletion, whether there is one, and what stands behind it."""

    before: tuple[VerdictEvent, ...] = ()
    deletes: bool = False
    after: tuple[VerdictEvent, ...] = ()


NOT_CLIMBED = Climbed()


def climb(weighed: Iterable[Weighed], scene: Scene) -> Climbed:
    """One strike for the most severe match that may strike, and what the ladder makes of it; nothing without any."""
    policy = _most_severe(weighed)
    if policy is None:
        return NOT_CLIMBED
    ladder, burden = scene.rules.ladder_of(policy.category), _burden(policy, scene)
    raised = tuple(aggravations(scene, ladder, ladder.rung_number(burden.weight, burden.severe)))
    steps = sum(each.steps for each in raised)
    strike = _strike(policy, ladder, burden.weight, steps, scene)
    rung = ladder.rung(burden.weight, burden.severe, steps)
    return Climbed(
        (strike, *raised, *_sanction(rung, ladder, strike, scene)),
        rung.delete or rung.sanction == "delete",
        (*_block(rung, scene), *_statement(rung, ladder, strike, scene)),
    )


def _most_severe(weighed: Iterable[Weighed]) -> Policy | None:
    """The rule to strike for: that of the most severe match, then the lowest id."""
    ranked = [(-SEVERITY_ORDER[each.policy.severity], each.policy.id, each.policy) for each in weighed if each.strikes]
    return min(ranked, key=lambda ranking: ranking[:2])[2] if ranked else None


def _burden(policy: Policy, scene: Scene) -> Burden:
    """What the strike weighs beside those that are live."""
    at = scene.fact.at
    live = scene.state.live_strikes(scene.where, scene.fact.author, at)
    return scene.rules.tracks.burden(policy.category, policy.weight, policy.severity, live, at)


def _strike(policy: Policy, ladder: Ladder, count: int, steps: int, scene: Scene) -> StrikeRecorded:
    fact = scene.fact
    scope, owner = _reach(ladder.scope, scene)
    return StrikeRecorded(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        member=fact.author,
        message=fact.message,
        rule=policy.id,
        category=policy.category,
        severity=policy.severity,
        expires=end_of(ladder.memory, fact.at),
        strikes=count,
        weight=policy.weight,
        decay=ladder.decay,
        clean=ladder.good_behaviour,
        scope=scope,
        owner=owner,
        steps=steps,
    )


def _reach(scope: Scope, scene: Scene) -> tuple[Scope, str | None]:
    """A scope, and whose groups those are; a group without an owner is a group by itself."""
    if scope != "owner":
        return scope, None
    owner = scene.state.owner(scene.where)
    return ("owner", owner) if owner is not None else ("group", None)


def _sanction(rung: Rung, ladder: Ladder, strike: StrikeRecorded, scene: Scene) -> Iterator[VerdictEvent]:
    """The sanction of the rung; none where it only deletes, or where it would be one word too many."""
    fact, kind = scene.fact, rung.sanction
    if kind == "delete" or (kind == "notice" and _has_said_enough(ladder, scene)):
        return
    said: dict[str, Any] = {name: _SAID[name](rung, strike) for name in PARTICULARS[kind]}
    yield GIVEN[kind](at=fact.at, group=fact.group, cause=fact.id, member=fact.author, message=fact.message, **said)


_SAID: Mapping[str, Callable[[Rung, StrikeRecorded], Any]] = {
    "rule": lambda rung, strike: strike.rule,
    "strikes": lambda rung, strike: strike.strikes,
    "until": lambda rung, strike: end_of(rung.for_, strike.at),
    "restrictions": lambda rung, strike: rung.restrict,
    "slow": lambda rung, strike: rung.slow,
    "because": lambda rung, strike: "ladder",
}
"""What the verdicts of some kinds say beyond who it is about, and for which message."""


def _has_said_enough(ladder: Ladder, scene: Scene) -> bool:
    """Whether another word in the group would be more than it takes in a minute."""
    if ladder.statements_per_minute is None or scene.group is None:
        return False
    return within(scene.group.said, MINUTE, scene.fact.at) >= ladder.statements_per_minute


def _block(rung: Rung, scene: Scene) -> Iterator[MemberBlocked]:
    """The block that comes with the rung; with a ban, say, it is that of the organisation."""
    wanted: Scope | None = "org" if rung.sanction in EVERYWHERE else rung.block
    if wanted is None:
        return
    fact, (scope, owner) = scene.fact, _reach(wanted, scene)
    yield MemberBlocked(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        member=fact.author,
        scope=scope,
        owner=owner,
        until=end_of(rung.block_for, fact.at),
    )


def _statement(rung: Rung, ladder: Ladder, strike: StrikeRecorded, scene: Scene) -> Iterator[StatementPosted]:
    """What is said in the group at a removal, unless enough was said."""
    fact = scene.fact
    text = ladder.statement(rung, member=fact.author, rule=strike.rule, category=strike.category)
    if text is not None and not _has_said_enough(ladder, scene):
        yield StatementPosted(
            at=fact.at, group=fact.group, cause=fact.id, member=fact.author, rule=strike.rule, text=text
        )
