"""A member of one group, and what stands against them."""

from __future__ import annotations

from attrs import Factory, define

from groupcore.state.sanction import Sanction, Strike, live

NameFinding = tuple[str, str, tuple[tuple[int, int], ...]]
"""The fact that brought a name, the rule that objected to it, and where in it."""


@define
class Member:
    """Somebody that the group knows, present or gone.

    ``derived`` says that no join was seen: they spoke, so they must be in. ``kicked`` is the verdict that removed them,
    until they join again; ``answered`` says that a blocked person was told so since. ``named`` is what rules found in
    the name they have; the name itself is not kept, for it may be erased.
    """

    id: str
    present: bool = False
    derived: bool = False
    joined_at: int | None = None
    strikes: list[Strike] = Factory(list)
    sanctions: list[Sanction] = Factory(list)
    kicked: str | None = None
    answered: bool = False
    spoke_at: int | None = None
    spoke_before: int | None = None
    named: tuple[NameFinding, ...] = ()

    def live_strikes(self, at: int) -> list[Strike]:
        """The strikes of this group that count at the time *at*, oldest first; `State.live_strikes` knows of others."""
        return live(self.strikes, at)

    def struck_for(self, message: str | None) -> frozenset[str]:
        """The rules that *message* brought a strike for, voided or not; none where it is None, for each name is new."""
        if message is None:
            return frozenset()
        return frozenset(strike.rule for strike in self.strikes if strike.message == message)

    def in_force(self, at: int) -> list[Sanction]:
        """The mutes, restrictions and other terms in force at the time *at*, oldest first."""
        return [sanction for sanction in self.sanctions if sanction.holds(at)]

    def is_muted(self, at: int) -> bool:
        """Whether a mute is in force at the time *at*."""
        return any(sanction.mutes(at) for sanction in self.sanctions)

    def sanction(self, id: str) -> Sanction | None:
        """The sanction of that id, or None."""
        return next((sanction for sanction in self.sanctions if sanction.id == id), None)

    def strike(self, id: str | None) -> Strike | None:
        """The strike of that id, or None."""
        return next((strike for strike in self.strikes if strike.id == id), None)

    def check(self) -> None:
        """Assert the invariants of a member."""
        ids = [strike.id for strike in self.strikes]
        assert len(ids) == len(set(ids)), f"{self.id}: a strike counts once"
        names = [sanction.id for sanction in self.sanctions]
        assert len(names) == len(set(names)), f"{self.id}: a sanction counts once"
        assert not (self.kicked and self.present), f"{self.id}: who was kicked is not present"
