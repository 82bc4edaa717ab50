"""Finding: what the policies object to in a message. It never looks at sanctions or roles.

So matches can be found for many messages at once, group by group, kept, and judged again later.
"""

from __future__ import annotations

from attrs import frozen

from groupcore.clock import RESOLUTIONS
from groupcore.events.facts import MessageEdited, MessagePosted, Restriction
from groupcore.policies.base import Match, WindowPolicy
from groupcore.rulebook import Rulebook
from groupcore.state.window import Post, Windows

TOO_COARSE = "clock-too-coarse"
COARSE_BELOW = 4
"""A finding is coarse when its window is at most this many times the resolution of the clock."""


@frozen
class Findings:
    """The matches of one message, in the order of the rulebook, and the rules that cannot judge it.

    ``shows`` are the restrictions that its content would break, where that was found out before; None where the message
    itself can still tell.
    """

    matches: tuple[Match, ...] = ()
    abstained: tuple[str, ...] = ()  # rule ids; the reason is always the clock
    shows: frozenset[Restriction] | None = None


NOTHING_FOUND = Findings()


def find(fact: MessagePosted | MessageEdited, windows: Windows, rules: Rulebook) -> Findings:
    """What the policies of *rules* object to in *fact*; *windows* holds what was posted before it.

    An edited message is shown to content policies only.
    """
    reading = rules.reader.read(fact.text, fact.parts)
    policies = rules.for_bare if reading.is_bare else rules.content
    matches: list[Match] = []
    for policy in policies:  # until Python 3.12, a comprehension is a call of its own
        if (match := policy.find(reading)) is not None:
            matches.append(match)  # noqa: PERF401
    if not rules.windows or not isinstance(fact, MessagePosted):
        return Findings(tuple(matches)) if matches else NOTHING_FOUND
    post = windows.candidate(fact, reading)
    if rules.finest <= COARSE_BELOW * RESOLUTIONS[fact.resolution]:
        return _with_a_coarse_clock(fact, post, windows, rules, matches)
    for other in rules.windows:
        if (match := other.find(post, windows)) is not None:
            matches.append(match)  # noqa: PERF401
    return Findings(_in_order(matches, rules)) if matches else NOTHING_FOUND


def _with_a_coarse_clock(
    fact: MessagePosted, post: Post, windows: Windows, rules: Rulebook, matches: list[Match]
) -> Findings:
    tick = RESOLUTIONS[fact.resolution]
    abstained = tuple(policy.id for policy in rules.windows if policy.window < tick)
    for policy in rules.windows:
        match = policy.find(post, windows) if policy.window >= tick else None
        if match is not None:
            matches.append(_marked(match, policy, tick))
    return Findings(_in_order(matches, rules), abstained) if matches or abstained else NOTHING_FOUND


def _marked(match: Match, policy: WindowPolicy, tick: int) -> Match:
    if policy.window > COARSE_BELOW * tick:
        return match
    return Match(match.rule, match.spans, match.evidence, match.counted, True, match.quoted)


def _in_order(matches: list[Match], rules: Rulebook) -> tuple[Match, ...]:
    if len(matches) < 2:
        return tuple(matches)
    return tuple(sorted(matches, key=lambda match: rules.rank(match.rule)))
