"""Communities: histories of facts that hang together, and press on every edge that the rules have.

A history is a list of steps, each a few small choices; what a step refers to (an earlier message, a sanction that
may have been given) is found by counting. So a failing history shrinks to a few steps of plain choices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from groupcore.clock import DAY, HOUR, MILLISECOND, MINUTE, RESOLUTIONS, SECOND
from groupcore.events import Fact, MemberJoined, MemberRenamed, MessagePosted, SanctionOrdered
from groupcore.messages import Part
from groupcore.rulebook import Rulebook
from groupcore.testing import scenes
from groupcore.testing.history import TOO_LATE
from groupcore.testing.strategies.events import parts
from groupcore.testing.strategies.texts import WORDS, sayings

MEMBERS = ("amy", "bo", "lin")
GROUPS = ("g1", "g2")


class Step(NamedTuple):
    """One thing that happens: how long after the last, what, by whom, and a few choices that it may use.

    Messages come ``times`` over, each as long after the one before.
    """

    wait: int
    lag: int
    act: str
    member: str
    group: str
    text: str
    parts: tuple[Part, ...]
    resolution: Any
    pick: int
    choice: str
    flag: bool
    times: int


def communities(
    rules: Rulebook | None = None, *, max_size: int = 30, orderly: bool = False
) -> SearchStrategy[list[Fact]]:
    """A history of facts, none of them twice, in the order of the log.

    With *rules*, times fall on the edges of its windows, mutes and memory. *orderly* histories have no late facts
    and no coarse clocks.
    """
    steps = st.lists(_steps(_edges(rules), orderly), max_size=max_size // 3)
    return st.tuples(steps, steps, steps).map(lambda three: played(chain(*three)))  # one list alone stays short


_ACTS = (
    "post", "post", "post", "post", "post", "post", "post", "join", "leave", "edit", "edit", "order", "lift",
    "block", "unblock", "contest", "contest", "advance", "grant", "take", "remove", "revoke", "open", "own", "rename",
)  # fmt: skip
_CHOICES = ("warn", "mute", "kick", "block", "all")


def _steps(waits: tuple[int, ...], orderly: bool) -> SearchStrategy[Step]:
    lags = (0,) * 9 + (1, 5 * SECOND, TOO_LATE - 1, TOO_LATE, TOO_LATE + 1, HOUR)
    ticks = ("us",) * 6 + ("ms", "s", "min")
    return st.builds(
        Step,
        wait=st.sampled_from(waits),
        lag=st.just(0) if orderly else st.sampled_from(lags),
        act=st.sampled_from(_ACTS),
        member=st.sampled_from((*MEMBERS[:1] * 3, *MEMBERS)),
        group=st.sampled_from((*GROUPS[:1] * 4, *GROUPS)),
        text=sayings(),
        parts=st.just(()) | parts().map(lambda part: (part,)),
        resolution=st.just("us") if orderly else st.sampled_from(ticks),
        pick=st.integers(0, 5),
        choice=st.sampled_from(_CHOICES),
        flag=st.booleans(),
        times=st.integers(1, 3),
    )


def _edges(rules: Rulebook | None) -> tuple[int, ...]:
    """Waits: none, the shortest, and just before, on and after each length of time that the rules know."""
    lengths = {SECOND, *_lengths(rules)} if rules is not None else {SECOND, 10 * SECOND, MINUTE}
    near = {length + shift for length in lengths for shift in (-1, 0, 1)}
    far = {TOO_LATE, TOO_LATE + 1, *(length + TOO_LATE for length in lengths), DAY}
    return (0, 0, 1, MILLISECOND, *sorted(near), *sorted(far))


def _lengths(rules: Rulebook) -> set[int]:
    terms = [rules.ladder.memory, *(rung.for_ for rung in rules.ladder.rungs)]
    return {policy.window for policy in rules.windows} | {term for term in terms if isinstance(term, int)}


def played(steps: Iterable[Step]) -> list[Fact]:
    """The facts of *steps*, repeated ones left out."""
    clock, facts = 0, dict[str, Fact]()
    for step in chain.from_iterable(map(_repeated, steps)):
        clock += step.wait
        at = max(0, clock - step.lag)
        at -= (scenes.START + at) % RESOLUTIONS[step.resolution]
        for fact in _PLAYS[step.act](step, at, list(facts.values())):
            facts.setdefault(fact.id, fact)
    return list(facts.values())


def _repeated(step: Step) -> list[Step]:
    return [step] * step.times if step.act == "post" else [step]


Play = Callable[[Step, int, list[Fact]], list[Fact]]


def _post(step: Step, at: int, before: list[Fact]) -> list[Fact]:
    return [
        scenes.posted(
            step.member,
            step.text,
            at=at,
            group=step.group,
            message=f"m{len(before)}",
            parts=step.parts,
            resolution=step.resolution,
        )
    ]


def _edit(step: Step, at: int, before: list[Fact]) -> list[Fact]:
    post = _picked(step, [fact for fact in before if isinstance(fact, MessagePosted)])
    if post is None:
        return []
    return [
        scenes.edited(post.author, step.text, message=post.message, at=at, group=post.group or "", parts=step.parts)
    ]


def _picked(step: Step, facts: list[Any]) -> Any:
    """One of *facts*, counted from the last."""
    return facts[-1 - step.pick % len(facts)] if facts else None


def _open(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.opened(owner=step.member if step.flag else None, at=at, group=step.group)]


def _own(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.granted(step.member, "owner", at=at, group=step.group)]


def _join(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.joined(step.member, at=at, group=step.group, name=_name(step))]


def _rename(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.renamed(step.member, _name(step), at=at, group=step.group)]


def _name(step: Step) -> str:
    """One of a few names, so that some are told twice, and rules object to some."""
    return (
        step.text
        if step.flag
        else ("", "Amy", WORDS[0], WORDS[1], f"x {WORDS[0]}", f"{WORDS[0]} {WORDS[1]}")[step.pick]
    )


def _leave(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.left(step.member, at=at, group=step.group)]


def _remove(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.removed(step.member, at=at, group=step.group)]


def _role(step: Step) -> Any:
    return ("admin", "staff", "bot")[step.pick % 3]


def _wide(step: Step) -> str | None:
    return None if step.flag else step.group


def _grant(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.granted(step.member, _role(step), at=at, group=_wide(step))]


def _take(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.revoked_role(step.member, _role(step), at=at, group=_wide(step))]


def _revoke(step: Step, at: int, before: list[Fact]) -> list[Fact]:
    post = _picked(step, [fact for fact in before if isinstance(fact, MessagePosted)])
    return [scenes.revoked(post.message, by=post.author, at=at, group=post.group)] if post is not None else []


def _order(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    kind: Any = step.choice if step.choice in ("warn", "kick") else "mute"
    until = at + 10 * SECOND if step.flag and kind == "mute" else None
    return [scenes.ordered(step.member, kind, at=at, until=until, group=step.group)]


def _lift(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    what: Any = step.choice
    return [scenes.lifted(step.member, what, at=at, group=step.group)]


def _block(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    until = at + MINUTE if step.pick == 1 else None
    return [scenes.blocked(step.member, at=at, until=until, group=_wide(step))]


def _unblock(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.unblocked(step.member, at=at, group=_wide(step))]


def _advance(step: Step, at: int, _: list[Fact]) -> list[Fact]:
    return [scenes.advanced(at, group=_wide(step))]


def _contest(step: Step, at: int, before: list[Fact]) -> list[Fact]:
    """An appeal against the sanction that an earlier fact may have led to, and mostly a decision."""
    fact = _picked(step, [fact for fact in before if isinstance(fact, _CONTESTABLE)])
    if fact is None:
        return []
    verdict = {"warn": "member-warned", "mute": "member-muted"}.get(step.choice, "member-kicked")
    sanction = fact.id if isinstance(fact, SanctionOrdered) else f"{fact.id}/{verdict}"
    whose = fact.author if isinstance(fact, MessagePosted) else fact.member
    filed = scenes.appealed(step.member if step.pick == 4 else whose, sanction, at=at, group=fact.group)
    outcome: Any = "upheld" if step.pick == 5 else "overturned"
    ruled = scenes.decided(sanction, outcome, at=at, group=fact.group)
    if step.pick == 2:
        return [filed]
    return [ruled] if step.pick == 3 else [filed, ruled]


_CONTESTABLE = (MessagePosted, MemberJoined, MemberRenamed, SanctionOrdered)

_PLAYS: dict[str, Play] = {
    "post": _post, "edit": _edit, "open": _open, "own": _own, "join": _join, "rename": _rename, "leave": _leave,
    "remove": _remove, "grant": _grant, "take": _take, "revoke": _revoke, "order": _order, "lift": _lift,
    "block": _block, "unblock": _unblock, "advance": _advance, "contest": _contest,
}  # fmt: skip
