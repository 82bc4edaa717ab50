"""Answers of the projection `standing`: how somebody stood at a time, and what counted against them."""

from __future__ import annotations

from attrs import frozen

from groupcore.events import facts


@frozen(kw_only=True)
class LiveStrike:
    """A strike that counts: not voided yet, not over, not forgotten.

    ``weight`` is what it weighs then. It loses one each ``decay`` microseconds, and is forgotten after ``clean`` of
    good behaviour. It counts in its ``group``, in the groups of ``owner``, or in all, as its ``scope`` says.
    """

    id: str
    rule: str
    category: str
    severity: str
    message: str | None  # None: for a name
    at: int
    expires: int | None
    group: str
    scope: facts.Scope
    owner: str | None
    weight: int
    decay: int | None
    clean: int | None


@frozen(kw_only=True)
class GivenSanction:
    """A sanction that was given; ``lifted`` says whether it had been lifted by then, ``by`` who ordered it.

    ``instead_of`` is the sanction in whose place it came, where an appeal reduced that one. ``renewed`` counts how
    often it was in force when somebody came back, ``violations`` the messages that passed it over.
    """

    id: str
    kind: facts.OrderKind
    at: int
    until: int | None
    by: str | None
    message: str | None
    instead_of: str | None
    slow: int | None
    restrictions: tuple[facts.Restriction, ...]
    lifted: bool
    renewed: int
    violations: int

    def mutes(self, at: int) -> bool:
        """Whether it is a mute in force at the time *at*."""
        return self.kind == "mute" and self._stands(at)

    def restricts(self, at: int) -> bool:
        """Whether it is a restriction in force at the time *at*."""
        return self.kind == "restrict" and self._stands(at)

    def _stands(self, at: int) -> bool:
        return not self.lifted and (self.until is None or at < self.until)


@frozen(kw_only=True)
class LiveBlock:
    """An entry of a blocklist, of ``home``: a group's stream, ``owner/`` and whose groups, or ``org``."""

    home: str
    person: str
    cause: str
    at: int
    until: int | None


@frozen(kw_only=True)
class StandingAt:
    """How somebody stood at ``at``: what had been given by then and counted. ``muted_until`` None: for ever, or not.

    ``strikes`` are all that counted in the group, those of other groups too, oldest first; ``blocks`` come in the order
    group, owner's groups, organisation.
    """

    group: str
    member: str
    at: int
    strikes: tuple[LiveStrike, ...]
    sanctions: tuple[GivenSanction, ...]
    blocks: tuple[LiveBlock, ...]

    @property
    def weight(self) -> int:
        """What the strikes weighed together."""
        return sum(strike.weight for strike in self.strikes)

    @property
    def muted(self) -> bool:
        """Whether a mute was in force."""
        return any(sanction.mutes(self.at) for sanction in self.sanctions)

    @property
    def muted_until(self) -> int | None:
        """When the last of the mutes in force ends."""
        ends = [sanction.until for sanction in self.sanctions if sanction.mutes(self.at)]
        return max((end for end in ends if end is not None), default=None) if None not in ends else None

    @property
    def restrictions(self) -> frozenset[facts.Restriction]:
        """What was forbidden."""
        return frozenset(word for each in self.sanctions if each.restricts(self.at) for word in each.restrictions)

    @property
    def blocked(self) -> bool:
        """Whether they were on the blocklist of the group, of its owner's groups, or of the organisation."""
        return bool(self.blocks)
