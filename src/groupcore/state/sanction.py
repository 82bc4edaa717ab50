"""What stands against somebody: strikes, sanctions, blocks, and the appeals against them.

Nothing here expires by a job: each asks for the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import define

from groupcore.state.agenda import Agenda

SanctionKind = Literal["warn", "mute", "kick"]


@define
class Strike:
    """A strike against a member. ``id`` is that of the verdict that recorded it; ``message`` is None for a name."""

    id: str
    message: str | None
    rule: str
    category: str
    severity: str
    at: int
    expires: int | None
    voided: bool = False

    def is_live(self, at: int) -> bool:
        """Whether it counts at the time *at*: not voided, and at < expires."""
        return not self.voided and (self.expires is None or at < self.expires)


@define
class Sanction:
    """A warning, mute or kick: by the ladder (then ``strike`` is what it answers) or ordered by a person."""

    id: str
    kind: SanctionKind
    at: int
    message: str | None = None
    until: int | None = None
    strike: str | None = None
    by: str | None = None
    lifted: bool = False

    def mutes(self, at: int) -> bool:
        """Whether it is a mute in force at the time *at*."""
        return self.kind == "mute" and not self.lifted and (self.until is None or at < self.until)


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


def check_blocks(blocks: Mapping[str, Block], agenda: Agenda) -> None:
    """Assert the invariants of a blocklist, and that what is due on the agenda is the end of one of its entries."""
    assert all(person == block.person for person, block in blocks.items()), "blocks are filed by person"
    ends = {(block.until, block.person) for block in blocks.values()}
    due = {(until, who) for until, kind, who in agenda if kind == "block"}
    assert due <= ends, f"no block ends as the agenda says: {due - ends}"
