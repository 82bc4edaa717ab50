"""The whole state: the organisation and its groups, as the log says them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from heapq import merge

from attrs import Factory, define

from groupcore.state.circumstances import Circumstances
from groupcore.state.group import Group
from groupcore.state.member import Member
from groupcore.state.org import Org
from groupcore.state.sanction import Block, Strike, live


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

    def owner(self, group: str) -> str | None:
        """Who owns a group, or None."""
        place = self.groups.get(group)
        return place.owner if place is not None else None

    def block(self, group: str, person: str, at: int) -> Block | None:
        """The block that keeps *person* out of *group* at the time *at*, or None.

        That of the group comes first, then that of its owner's groups, then that of the organisation.
        """
        for blocks in self._blocklists(group):
            block = blocks.get(person)
            if block is not None and block.holds(at):
                return block
        return None

    def _blocklists(self, group: str) -> Iterator[Mapping[str, Block]]:
        place = self.groups.get(group)
        if place is not None:
            yield place.blocks
            if place.owner is not None and place.owner in self.org.owned:
                yield self.org.owned[place.owner]
        yield self.org.blocks

    def strikes(self, group: str, member: str) -> list[Strike]:
        """All strikes of somebody that a decision in *group* sees, live or not, oldest first.

        They are those of the group, those that count in the groups of its owner, and those of the organisation.
        """
        owner = self.owner(group)
        found = self.strikes_anywhere(group, member)
        return [strike for strike in found if strike.scope != "owner" or (owner is not None and strike.owner == owner)]

    def strikes_anywhere(self, group: str, member: str) -> list[Strike]:
        """All strikes of somebody that were earned in *group*, or count beyond a group: those of any owner, too.

        They are in the order of the log where they count alike, and otherwise in that of time.
        """
        known = self.standing(group, member)
        own = known.strikes if known is not None else []
        wide = self.org.strikes.get(member)
        return list(merge(own, wide, key=lambda strike: strike.at)) if wide else own

    def live_strikes(self, group: str, member: str, at: int) -> list[Strike]:
        """Those of `strikes` that count at the time *at*. O(strikes of that member)."""
        return live(self.strikes(group, member), at)

    def struck_for(self, group: str, member: str, message: str | None) -> frozenset[str]:
        """The rules that a message of *group* brought a strike for, wherever it counts, voided or not."""
        known = self.standing(group, member)
        own = known.struck_for(message) if known is not None else frozenset[str]()
        wide = self.org.strikes.get(member)
        if message is None or not wide:
            return own
        return own | {strike.rule for strike in wide if (strike.group, strike.message) == (group, message)}

    def linked(self, group: str, person: str) -> list[str]:
        """The other accounts of a person, as far as *group* and the organisation know of links; sorted."""
        place = self.groups.get(group)
        homes = [self.org.circumstances.links, *([place.circumstances.links] if place is not None else [])]
        found, waiting = {person}, [person]
        while waiting:
            near = waiting.pop()
            new = {far for links in homes for far in links.get(near, ())} - found
            found |= new
            waiting += new
        return sorted(found - {person})

    def circumstances(self, group: str) -> tuple[Circumstances, ...]:
        """What was noted in *group*, and in the organisation."""
        place = self.groups.get(group)
        return (place.circumstances, self.org.circumstances) if place is not None else (self.org.circumstances,)

    def exempts(self, group: str, kind: str, value: str, at: int) -> bool:
        """Whether a person, a domain or a mini-program is let through in *group* at the time *at*."""
        return any(noted.exempts(kind, value, at) for noted in self.circumstances(group))

    def labels(self, group: str, member: str) -> frozenset[str]:
        """The labels that somebody has in *group*, those of the organisation included."""
        return frozenset(label for noted in self.circumstances(group) for label in noted.labels.get(member, ()))

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
