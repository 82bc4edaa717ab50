"""The whole state: the organisation and its groups, as the log says them."""

from __future__ import annotations

import copy

from attrs import Factory, define

from groupcore.state.group import Group
from groupcore.state.member import Member
from groupcore.state.org import Org
from groupcore.state.sanction import Block


@define
class State:
    """The organisation and its groups. It has one owner, who advances it; everybody else looks."""

    org: Org = Factory(Org)
    groups: dict[str, Group] = Factory(dict)

    def group(self, id: str) -> Group:
        """The group of that id; one that was never opened becomes known."""
        found = self.groups.get(id)
        if found is None:
            found = self.groups[id] = Group(id)
        return found

    def roles(self, group: str, member: str) -> frozenset[str]:
        """The roles that somebody has in a group, those of the organisation and ``owner`` included."""
        held = self.org.roles.get(member, frozenset[str]())
        place = self.groups.get(group)
        if place is None:
            return frozenset(held)
        own = place.roles.get(member, frozenset[str]())
        return frozenset({*held, *own, *(("owner",) if place.owner == member else ())})

    def block(self, group: str, person: str, at: int) -> Block | None:
        """The block that keeps *person* out of *group* at the time *at*, the group's own first, or None."""
        place = self.groups.get(group)
        for blocks in (place.blocks if place is not None else {}, self.org.blocks):
            block = blocks.get(person)
            if block is not None and block.holds(at):
                return block
        return None

    def standing(self, group: str, member: str) -> Member | None:
        """What a group knows of somebody, or None."""
        place = self.groups.get(group)
        return place.members.get(member) if place is not None else None

    def fork(self) -> State:
        """A copy that shares nothing that changes. O(everything): once per fold, never per event."""
        return copy.deepcopy(self)

    def check(self) -> None:
        """Assert all invariants, of the organisation and of every group. For tests: O(everything)."""
        self.org.check()
        for id, group in self.groups.items():
            assert id == group.id, "groups are filed under their id"
            group.check()
