"""Shadow rules beside the live ones: what each found, what the others found too, and what it would have led to.

The log is decided anew in one pass: once under the rules as they are, and once for each shadow rule with that rule
live. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import attrs
from attrs import Factory, define, field, frozen

from groupcore.errors import InputError
from groupcore.events.base import Fact, VerdictEvent
from groupcore.events.codec import decode
from groupcore.events.facts import RulebookAdopted
from groupcore.events.row import Row
from groupcore.events.sanctions import SanctionGiven
from groupcore.events.verdicts import (
    FindingRecorded,
    StrikeRecorded,
)
from groupcore.replay.run import Run
from groupcore.rulebook import Rulebook
from groupcore.sanctions import REMOVALS, SANCTIONS
from groupcore.stores import Store


@frozen(kw_only=True)
class Shadow:
    """What a shadow rule would be, were it live.

    ``findings`` of it, by ``members`` people; ``also_found`` of them a live rule objected to as well, and
    ``led_nowhere`` are those of the exempt and the excused, and those that came late. Live, it would bring ``strikes``,
    of which ``replaced`` in place of one of another rule. ``sanctions`` are how many more of each kind there would be
    in the whole log (less than 0: fewer), ``removed`` the members who would be removed and are not.
    """

    rule: str
    policy: str
    category: str
    findings: int
    members: int
    also_found: int
    led_nowhere: int
    strikes: int
    replaced: int
    sanctions: Mapping[str, int]
    removed: tuple[tuple[str, str], ...]


@define
class _Rehearsal:
    """One shadow rule under way: a run in which it is live, and what was counted."""

    rule: str
    run: Run
    findings: int = 0
    also: int = 0
    nowhere: int = 0
    strikes: int = 0
    replaced: int = 0
    members: set[tuple[str | None, str]] = Factory(set)
    sanctions: Counter[str] = field(factory=Counter)
    removed: set[tuple[str, str]] = Factory(set)


def shadow(store: Store, rules: Rulebook | None = None) -> list[Shadow]:
    """What each shadow rule of *rules* found in a log, and what it would have led to; in the order of the rulebook.

    Without *rules*, those that the log adopted last judge all of it. Raises InputError where there are none, and
    where none of them is a shadow rule. O(facts) for each shadow rule, and once more.
    """
    judging = rules or _last_rulebook(store)
    if judging is None:
        raise InputError("the log holds no rulebook; name one")
    hidden = [policy.id for policy in judging.policies if policy.shadow]
    if not hidden:
        raise InputError(f"the rulebook {judging.name} has no shadow rule; write shadow = true in a policy")
    return _tried(judging, hidden, store.read())


def _last_rulebook(store: Store) -> Rulebook | None:
    adopted = None
    for row in store.read_stream("org"):
        if row.type == RulebookAdopted.type:
            adopted = decode(row).event
    if not isinstance(adopted, RulebookAdopted):
        return None
    return Rulebook.from_mapping(adopted.rulebook, where="the rulebook in the log")


def _tried(rules: Rulebook, hidden: Iterable[str], rows: Iterable[Row]) -> list[Shadow]:
    plain = Run(rules, fixed=True)
    trials = [_Rehearsal(rule, Run(_unveiled(rules, rule), fixed=True)) for rule in hidden]
    sanctions: Counter[str] = Counter()
    removed: set[tuple[str, str]] = set()
    for fact in _facts(rows):
        verdicts = plain.feed(fact) or []
        _count(verdicts, sanctions, removed)
        for trial in trials:
            _note(trial, verdicts, trial.run.feed(fact) or [])
    return [_told(trial, rules, sanctions, removed) for trial in trials]


def _unveiled(rules: Rulebook, rule: str) -> Rulebook:
    policies = [attrs.evolve(policy, shadow=policy.shadow and policy.id != rule) for policy in rules.policies]
    return attrs.evolve(rules, policies=policies)


def _facts(rows: Iterable[Row]) -> Iterator[Fact]:
    for row in rows:
        event = decode(row).event if row.cause is None else None
        if isinstance(event, Fact):
            yield event


def _count(verdicts: Iterable[VerdictEvent], sanctions: Counter[str], removed: set[tuple[str, str]]) -> None:
    for verdict in verdicts:
        if isinstance(verdict, SanctionGiven):
            sanctions[verdict.kind] += 1
            if verdict.kind in REMOVALS:
                removed.add((verdict.group or "", verdict.member))


def _note(trial: _Rehearsal, plain: list[VerdictEvent], live: list[VerdictEvent]) -> None:
    """Count what the rule found beside the live ones, and what came of it where it was live."""
    found = [verdict for verdict in plain if isinstance(verdict, FindingRecorded)]
    for finding in found:
        if finding.rule == trial.rule:
            trial.findings += 1
            trial.members.add((finding.group, finding.author))
            trial.also += any(not other.shadow for other in found)
            trial.nowhere += finding.exempt or finding.excused or finding.late
    _count(live, trial.sanctions, trial.removed)
    if any(isinstance(verdict, StrikeRecorded) and verdict.rule == trial.rule for verdict in live):
        trial.strikes += 1
        trial.replaced += any(isinstance(verdict, StrikeRecorded) for verdict in plain)


def _told(trial: _Rehearsal, rules: Rulebook, sanctions: Counter[str], removed: set[tuple[str, str]]) -> Shadow:
    policy = rules.rule(trial.rule)
    more = {kind: trial.sanctions[kind] - sanctions[kind] for kind in SANCTIONS}
    return Shadow(
        rule=policy.id,
        policy=policy.kind,
        category=policy.category,
        findings=trial.findings,
        members=len(trial.members),
        also_found=trial.also,
        led_nowhere=trial.nowhere,
        strikes=trial.strikes,
        replaced=trial.replaced,
        sanctions={kind: count for kind, count in more.items() if count},
        removed=tuple(sorted(trial.removed - removed)),
    )
