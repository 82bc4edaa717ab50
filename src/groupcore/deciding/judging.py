"""Judging: what follows from the matches of a message, for this author, in this group, at this time.

One cheap pass. Only here does anything look at standing: roles, strikes, mutes, removals, blocks.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from groupcore.deciding.finding import NOTHING_FOUND, TOO_COARSE, Findings
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import MessageEdited, MessagePosted
from groupcore.events.verdicts import (
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberMuted,
    MemberWarned,
    MessageDeleted,
    RuleAbstained,
    StatementPosted,
    StrikeRecorded,
)
from groupcore.ladder import Rung
from groupcore.policies.base import SEVERITY_ORDER, Match
from groupcore.rulebook import Rulebook
from groupcore.state import Group, Member, State

Message = MessagePosted | MessageEdited


@frozen
class Naming:
    """A name that was taken, in the words of a message: what findings and strikes ask of either."""

    at: int
    group: str | None
    id: str
    author: str
    message: None = None


Judged = Message | Naming


def judge(fact: Message, findings: Findings, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*, in the order of the contract; *state* is what stood before it."""
    author, group = fact.author, state.groups.get(fact.group or "")
    member = group.members.get(author) if group is not None else None
    blocked = _is_blocked(fact, group, state)
    restrained = blocked or (member is not None and _is_restrained(member, fact.at))
    if findings is NOTHING_FOUND and not restrained:
        return []
    exempt = not rules.exempt.isdisjoint(state.roles(fact.group or "", author))
    late = group is not None and group.windows.is_late(fact.at)
    verdicts = [*record_findings(fact, findings, rules, exempt, late), *_abstentions(fact, findings, group, state)]
    if late:
        return verdicts
    if restrained:  # a role exempts from the rules, not from what stands against somebody
        return verdicts + _answer_restrained(fact, member, blocked)
    if exempt:
        return verdicts
    return verdicts + answer_findings(fact, findings, member or Member(author), rules)


def _is_blocked(fact: Message, group: Group | None, state: State) -> bool:
    if not state.org.blocks and (group is None or not group.blocks):
        return False
    return state.block(fact.group or "", fact.author, fact.at) is not None


def _is_restrained(member: Member, at: int) -> bool:
    return member.kicked is not None or (bool(member.sanctions) and member.is_muted(at))


def record_findings(
    fact: Judged, findings: Findings, rules: Rulebook, exempt: bool, late: bool
) -> Iterable[FindingRecorded]:
    """The findings as they go on record."""
    for match in findings.matches:
        policy = rules.rule(match.rule)
        yield FindingRecorded(
            at=fact.at,
            group=fact.group,
            cause=fact.id,
            message=fact.message,
            author=fact.author,
            rule=policy.id,
            policy=policy.kind,
            category=policy.category,
            severity=policy.severity,
            exempt=exempt,
            spans=match.spans,
            evidence=match.evidence,
            counted=match.counted,
            coarse=match.coarse,
            late=late,
        )


def _abstentions(fact: Message, findings: Findings, group: Group | None, state: State) -> Iterable[RuleAbstained]:
    if not findings.abstained:
        return
    known = group.abstained if group is not None and group.abstained_under == state.org.changes else set()
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


def _answer_restrained(fact: Message, member: Member | None, blocked: bool) -> list[VerdictEvent]:
    """Somebody muted, removed or blocked spoke: the message goes, and no strike is added to what they have."""
    deleted = MessageDeleted(at=fact.at, group=fact.group, cause=fact.id, message=fact.message)
    if not blocked or (member is not None and member.answered):
        return [deleted]
    kicked = MemberKicked(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        member=fact.author,
        because="blocklist",
        message=fact.message,
    )
    return [kicked, deleted]


def answer_findings(fact: Judged, findings: Findings, member: Member, rules: Rulebook) -> list[VerdictEvent]:
    """One strike for the most severe finding, and what the ladder makes of it."""
    worst = _most_severe(findings.matches, rules, member.struck_for(fact.message))
    if worst is None:
        return []
    strike = _strike(fact, worst, member, rules)
    live = member.live_strikes(fact.at)
    severe = strike.severity == "severe" or any(other.severity == "severe" for other in live)
    rung = rules.ladder.rung(strike.strikes, severe)
    return [strike, *_consequences(fact, strike, rung, rules)]


def _most_severe(matches: Iterable[Match], rules: Rulebook, struck: frozenset[str]) -> Match | None:
    """The match to strike for: the most severe, then the lowest rule id; none that is minor or struck already."""
    ranked = [
        (-SEVERITY_ORDER[rules.rule(match.rule).severity], match.rule, match)
        for match in matches
        if match.rule not in struck and rules.rule(match.rule).severity != "minor"
    ]
    return min(ranked, key=lambda ranking: ranking[:2])[2] if ranked else None


def _strike(fact: Judged, match: Match, member: Member, rules: Rulebook) -> StrikeRecorded:
    policy, memory = rules.rule(match.rule), rules.ladder.memory
    return StrikeRecorded(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        member=fact.author,
        message=fact.message,
        rule=policy.id,
        category=policy.category,
        severity=policy.severity,
        expires=None if memory == "forever" else fact.at + memory,
        strikes=len(member.live_strikes(fact.at)) + 1,
    )


def _consequences(fact: Judged, strike: StrikeRecorded, rung: Rung, rules: Rulebook) -> Iterable[VerdictEvent]:
    """What *rung* says: sanction, deletion, block, statement."""
    at, group, cause, member = fact.at, fact.group, fact.id, fact.author
    yield _sanction(fact, strike, rung)
    if rung.delete and fact.message is not None:
        yield MessageDeleted(at=at, group=group, cause=cause, message=fact.message)
    if rung.block is not None:
        yield MemberBlocked(at=at, group=group, cause=cause, member=member, scope=rung.block)
    text = rules.ladder.statement(rung, member=member, rule=strike.rule, category=strike.category)
    if text is not None:
        yield StatementPosted(at=at, group=group, cause=cause, member=member, rule=strike.rule, text=text)


def _sanction(fact: Judged, strike: StrikeRecorded, rung: Rung) -> VerdictEvent:
    at, group, cause, member = fact.at, fact.group, fact.id, fact.author
    if rung.sanction == "warn":
        return MemberWarned(
            at=at, group=group, cause=cause, member=member, message=fact.message, strikes=strike.strikes
        )
    if rung.sanction == "mute":
        until = None if rung.for_ is None or rung.for_ == "forever" else at + rung.for_
        return MemberMuted(at=at, group=group, cause=cause, member=member, message=fact.message, until=until)
    return MemberKicked(at=at, group=group, cause=cause, member=member, because="ladder", message=fact.message)
