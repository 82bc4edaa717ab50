"""Judging: what follows from the matches of a message, for this author, in this group, at this time.

One cheap pass. Only here and below does anything look at standing: roles, strikes, mutes, removals, blocks.
"""

from __future__ import annotations

from collections.abc import Iterable

from groupcore.deciding.breaking import alarm
from groupcore.deciding.climbing import climb
from groupcore.deciding.finding import NOTHING_FOUND, TOO_COARSE, Findings
from groupcore.deciding.restraining import answer_restrained, is_restrained, violations
from groupcore.deciding.scene import Message, Scene, blocking, scene_of
from groupcore.deciding.weighing import Weighed, record_findings, weigh
from groupcore.events.base import VerdictEvent
from groupcore.events.verdicts import MessageDeleted, RuleAbstained
from groupcore.rulebook import Rulebook
from groupcore.state import Group, State


def judge(fact: Message, findings: Findings, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*, in the order of the contract; *state* is what stood before it."""
    group = state.groups.get(fact.group or "")
    member = group.members.get(fact.author) if group is not None else None
    blocked = _is_blocked(fact, group, state, rules)
    held = member is not None and (bool(member.sanctions) or member.kicked is not None)
    if findings is NOTHING_FOUND and not blocked and not held:
        return []
    restrained = blocked or (member is not None and is_restrained(member, fact.at))
    scene = scene_of(fact, state, rules, restrained=restrained)
    weighed = weigh(findings.matches, scene)
    verdicts = [*record_findings(weighed, scene), *_abstentions(scene, findings)]
    if scene.late:
        return verdicts
    if restrained:  # a role exempts from the rules, not from what stands against somebody
        return verdicts + answer_restrained(scene, blocked)
    return verdicts + answer_weighed(weighed, scene, [*violations(scene, findings)])


def _is_blocked(fact: Message, group: Group | None, state: State, rules: Rulebook) -> bool:
    if not state.org.blocks and not state.org.owned and (group is None or not group.blocks):
        return False
    return blocking(fact.group or "", fact.author, fact.at, state, rules) is not None


def answer_weighed(
    weighed: Iterable[Weighed], scene: Scene, broken: list[VerdictEvent] | None = None
) -> list[VerdictEvent]:
    """What follows from the matches, and from the sanctions that were *broken*: the message is deleted once."""
    weighed, fact = list(weighed), scene.fact
    alarms = [raised for each in weighed if each.trip is not None and (raised := alarm(each.trip, scene))]
    climbed = climb(weighed, scene)
    deletions = []
    if fact.message is not None and (climbed.deletes or broken):
        deletions = [MessageDeleted(at=fact.at, group=fact.group, cause=fact.id, message=fact.message)]
    return [*alarms, *climbed.before, *(broken or ()), *deletions, *climbed.after]


def _abstentions(scene: Scene, findings: Findings) -> Iterable[RuleAbstained]:
    if not findings.abstained:
        return
    fact, group = scene.fact, scene.group
    assert fact.message is not None, "only messages are counted in windows"
    known = group.abstained if group is not None and group.abstained_under == scene.state.org.changes else set()
    for rule in findings.abstained:
        if (rule, TOO_COARSE, fact.resolution) not in known:
            yield RuleAbstained(
                at=fact.at,
                group=fact.group,
                cause=fact.id,
                message=fact.message,
                rule=rule,
                reason=TOO_COARSE,
                resolution=fact.resolution,
            )
