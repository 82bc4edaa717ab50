"""What stands against somebody: strikes, sanctions, blocks, and the appeals against them.

Nothing here expires by a job: each asks for the time.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import pairwise
from typing import TypeAlias

from attrs import define

from groupcore.events.facts import Restriction, Scope
from groupcore.sanctions import TERMS, OrderKind
from groupcore.state.agenda import Agenda

SanctionKind: TypeAlias = OrderKind

OWNED = "block:"
"""What is due on the agenda of the organisation where a block in an owner's groups ends: this, and the owner."""


@define
class Strike:
    """A strike against a member. ``id`` is that of the verdict that recorded it; ``message`` is None for a name.

    Its ``weight`` loses one each ``decay`` microseconds. With ``clean`` it is forgotten after so long a time without
    another strike. ``scope`` is where it counts, ``owner`` whose groups that are, ``group`` where it was earned, and
    ``rulebook`` the digest of the rules that it was recorded under. ``steps`` is how far aggravation raised the rung,
    and ``strikes`` what it weighed then, with those beside it.
    """

    id: str
    message: str | None
    rule: str
    category: str
    severity: str
    at: int
    expires: int | None
    voided: bool = False
    weight: int = 1
    decay: int | None = None
    clean: int | None = None
    scope: Scope = "group"
    owner: str | None = None
    group: str = ""
    rulebook: str = ""
    steps: int = 0
    strikes: int = 0

    def weight_at(self, at: int) -> int:
        """What it weighs at the time *at*, as far as nothing else ended it."""
        if self.decay is None or at <= self.at:
            return self.weight
        return max(0, self.weight - (at - self.at) // self.decay)

    def is_over(self, at: int) -> bool:
        """Whether its time was over at *at*."""
        return self.expires is not None and at >= self.expires

    def is_live(self, at: int) -> bool:
        """Whether it counts at the time *at*, good behaviour aside: not voided, not over, and with some weight left."""
        return not self.voided and not self.is_over(at) and self.weight_at(at) > 0


def live(strikes: list[Strike], at: int) -> list[Strike]:
    """Those of *strikes*, which are all that are in sight, that count at the time *at*, in their order."""
    if any(strike.clean is not None for strike in strikes):
        strikes = _remembered(strikes, at)
    return [strike for strike in strikes if strike.is_live(at)]


def _remembered(strikes: list[Strike], at: int) -> list[Strike]:
    """Those that no good behaviour has ended: all gaps between it and *at* are shorter than its ``clean``."""
    valid = sorted((strike for strike in strikes if not strike.voided), key=lambda strike: strike.at)
    moments = [*(strike.at for strike in valid), at]
    forgotten, longest = set(), 0
    for strike, (began, ended) in zip(reversed(valid), reversed(list(pairwise(moments))), strict=True):
        longest = max(longest, ended - began)
        if strike.clean is not None and longest >= strike.clean:
            forgotten.add(strike.id)
    return [strike for strike in strikes if strike.id not in forgotten]


@define
class Sanction:
    """A sanction: by the ladder (then ``strike`` is what it answers) or ordered by a person.

    ``restrictions`` say what a restriction forbids, ``slow`` how many microseconds lie between messages in slow mode.
    """

    id: str
    kind: SanctionKind
    at: int
    message: str | None = None
    until: int | None = None
    strike: str | None = None
    by: str | None = None
    lifted: bool = False
    restrictions: tuple[Restriction, ...] = ()
    slow: int | None = None

    @property
    def answers_a_block(self) -> bool:
        """Whether it is the kick of somebody on a blocklist, for which there was no strike and nobody's order."""
        return self.kind == "kick" and self.strike is None and self.by is None

    def holds(self, at: int) -> bool:
        """Whether it is a term, such as a mute, in force at the time *at*."""
        return self.kind in TERMS and self._stands(at)

    def mutes(self, at: int) -> bool:
        """Whether it is a mute in force at the time *at*."""
        return self.kind == "mute" and self._stands(at)

    def restricts(self, at: int) -> bool:
        """Whether it is a restriction in force at the time *at*."""
        return self.kind == "restrict" and self._stands(at)

    def is_past(self, at: int) -> bool:
        """Whether it is a term whose time was over at *at*."""
        return self.kind in TERMS and self.until is not None and at >= self.until

    def _stands(self, at: int) -> bool:
        return not self.lifted and (self.until is None or at < self.until)


@define
class Block:
    """An entry of a blocklist. ``cause`` is the fact that led to it."""

    person: str
    cause: str
    at: int
    until: int | None = None

    def holds(self, at: int) -> bool:
        """Whether the person is blocked at the time *at*."""
        return self.until is None or at < self.until


@define
class Appeal:
    """An objection to a sanction, open until somebody decides it."""

    sanction: str
    member: str
    at: int
    outcome: str | None = None


def check_blocks(blocks: Mapping[str, Block], agenda: Agenda, kind: str = "block") -> None:
    """Assert the invariants of a blocklist, and that what is due on the agenda is the end of one of its entries."""
    assert all(person == block.person for person, block in blocks.items()), "blocks are filed by person"
    ends = {(block.until, block.person) for block in blocks.values()}
    due = {(until, who) for until, found, who in agenda if found == kind}
    assert due <= ends, f"no block ends as the agenda says: {due - ends}"


def check_owned(owners: Container[str], agenda: Agenda) -> None:
    """Assert that blocks in an owner's groups end only where there are some."""
    assert all(kind.removeprefix(OWNED) in owners for _, kind, _ in agenda if kind.startswith(OWNED)), (
        "whose block ends"
    )
