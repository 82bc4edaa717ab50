"""Names: what the rules object to in the name of who joins or takes another one, and what follows.

A name is judged when it is taken. A join of somebody who is in the group already tells their name again, or that they
took another one: it is judged where the rules find something else in it than they found in the name that was known.
"""

from __future__ import annotations

from groupcore.deciding.finding import NOTHING_FOUND, Findings
from groupcore.deciding.judging import answer_weighed
from groupcore.deciding.membership import kick_of_the_blocked, renewed
from groupcore.deciding.scene import Naming, blocking, scene_of
from groupcore.deciding.weighing import record_findings, weigh
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import MemberJoined, MemberRenamed
from groupcore.rulebook import Rulebook
from groupcore.state import Member, State

Named = MemberJoined | MemberRenamed


def find_name(fact: Named, rules: Rulebook) -> Findings:
    """What the policies of *rules* object to in the name that *fact* brings."""
    if not rules.names or not fact.name:
        return NOTHING_FOUND
    reading = rules.name_reader.read(fact.name)
    matches = tuple(match for policy in rules.names if (match := policy.find(reading)) is not None)
    return Findings(matches) if matches else NOTHING_FOUND


def answer_name(fact: Named, findings: Findings, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*: findings in the name, then a strike, or the kick of who is on the blocklist.

    Whoever joins before a sanction is over has it renewed.
    """
    kicked = kick_of_the_blocked(fact, state, rules) if isinstance(fact, MemberJoined) else []
    still = renewed(fact, state, rules) if isinstance(fact, MemberJoined) and not kicked else []
    member = state.standing(fact.group or "", fact.member) or Member(fact.member)
    if not findings.matches or _is_no_news(fact, findings, member):
        return kicked or still
    naming = Naming(fact.at, fact.group, fact.id, fact.member)
    scene = scene_of(naming, state, rules, restrained=bool(kicked) or _is_restrained(fact, member, state, rules))
    weighed = weigh(findings.matches, scene)
    verdicts = [*record_findings(weighed, scene)]
    return [*verdicts, *kicked] if kicked else verdicts + answer_weighed(weighed, scene, still)


def _is_no_news(fact: Named, findings: Findings, member: Member) -> bool:
    if not isinstance(fact, MemberJoined) or not member.present or member.derived:
        return False
    known = {(rule, spans) for _, rule, spans in member.named}
    return all((match.rule, match.spans) in known for match in findings.matches)


def _is_restrained(fact: Named, member: Member, state: State, rules: Rulebook) -> bool:
    """Whether a strike would add nothing: they are muted or blocked, or removed and not back."""
    if member.is_muted(fact.at) or blocking(fact.group or "", fact.member, fact.at, state, rules) is not None:
        return True
    return isinstance(fact, MemberRenamed) and member.kicked is not None
