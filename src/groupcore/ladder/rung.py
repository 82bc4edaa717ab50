"""One step of a ladder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from groupcore.clock import Duration
from groupcore.events.facts import Restriction, Scope
from groupcore.ladder.statements import check_template
from groupcore.sanctions import EVERYWHERE, REMOVALS, SANCTIONS, TERMS, RungKind, terms_in_words
from groupcore.wire import Wrong

Term: TypeAlias = Duration | Literal["forever"]
"""How long: a duration, or for ever."""


def end_of(term: Term | None, at: int) -> int | None:
    """When a *term* that begins at the time *at* ends; None is never."""
    return None if term is None or term == "forever" else at + term


def _a(sanction: str) -> str:
    return f"a {sanction}"


def _needs_time(rung: Rung, _: Any, term: Term | None) -> None:
    kind = rung.sanction
    if kind != "delete" and kind in TERMS:
        if term is None:
            raise Wrong(f"a {SANCTIONS[kind].noun} needs a time", "write for = '1d', or 'forever'")
    elif term is not None:
        told = terms_in_words(one=False, joined="and")
        raise Wrong(f"{_a(kind)} takes no time", f"only {told} end; take 'for' away")


def _only_kicks_block(rung: Rung, _: Any, block: Scope | None) -> None:
    kind = rung.sanction
    if block is None or (kind != "delete" and SANCTIONS[kind].may_block):
        return
    if kind in EVERYWHERE:
        raise Wrong(f"{_a(kind)} keeps out of all groups by itself", "take 'block' away, or write sanction = 'kick'")
    raise Wrong(f"{_a(rung.sanction)} cannot block", "only somebody who is kicked can be kept out")


def _only_blocks_end(rung: Rung, _: Any, term: Term | None) -> None:
    if term is not None and rung.block is None:
        raise Wrong("there is no block that could end", "write block = 'group' as well, or take 'block_for' away")


def _template(rung: Rung, _: Any, statement: str | bool) -> None:
    if isinstance(statement, bool):
        return
    if rung.sanction not in REMOVALS:
        raise Wrong(f"{_a(rung.sanction)} posts no statement", "only a removal is announced in the group")
    check_template(statement)


def _restrictions(values: Iterable[Restriction]) -> tuple[Restriction, ...]:
    return tuple(values)


def _only_restrictions_restrict(rung: Rung, _: Any, restrict: tuple[Restriction, ...]) -> None:
    if rung.sanction != "restrict" and restrict:
        raise Wrong(f"{_a(rung.sanction)} restricts nothing", "write sanction = 'restrict', or take 'restrict' away")
    if rung.sanction == "restrict" and not restrict:
        raise Wrong("a restriction restricts something", "write restrict = ['no-links'], 'no-media', 'slow-mode'")
    if len(set(restrict)) != len(restrict):
        raise Wrong("the same restriction stands there twice", "take one of them away")


def _slow_mode_has_a_pace(rung: Rung, _: Any, slow: Duration | None) -> None:
    if "slow-mode" in rung.restrict and slow is None:
        raise Wrong("slow mode needs the time between two messages", "write slow = '30s'")
    if "slow-mode" not in rung.restrict and slow is not None:
        raise Wrong("there is no slow mode here", "write restrict = ['slow-mode'], or take 'slow' away")


@frozen
class Rung:
    """One step of a ladder: a sanction, and what goes with it.

    ``for_`` (written ``for``) is the time of a mute or a restriction. ``block`` keeps who is kicked from coming back,
    for ``block_for`` or, where that is not said, for ever. ``delete`` takes the message away. ``restrict`` says what
    a restriction forbids, and ``slow`` how much time must lie between two messages in slow mode. ``statement`` is
    posted in the group at a kick or a ban: true for the text we ship, false for none, or a text of your own with
    ``{member}``, ``{rule}`` and ``{category}``.
    """

    sanction: RungKind
    for_: Term | None = field(default=None, validator=_needs_time)
    block: Scope | None = field(default=None, validator=_only_kicks_block)
    delete: bool = False
    statement: str | bool = field(default=True, validator=_template)
    block_for: Term | None = field(default=None, validator=_only_blocks_end)
    restrict: tuple[Restriction, ...] = field(
        default=(), converter=_restrictions, validator=_only_restrictions_restrict
    )
    slow: Duration | None = field(default=None, validator=_slow_mode_has_a_pace)
