"""Scenes: what is judged, where, and how whoever did it stands there."""

from __future__ import annotations

from attrs import field, frozen

from groupcore.events.base import Fact
from groupcore.events.casework import ContentLabelled
from groupcore.events.facts import MessageEdited, MessagePosted
from groupcore.rulebook import Rulebook
from groupcore.state import Group, Member, State
from groupcore.state.sanction import Block

Message = MessagePosted | MessageEdited | ContentLabelled
"""What is judged as a message is; a classifier speaks of one that was posted before."""


@frozen
class Naming:
    """A name that was taken, in the words of a message: what findings and strikes ask of either."""

    at: int
    group: str | None
    id: str
    author: str
    message: None = None


Judged = Message | Naming


@frozen
class Scene:
    """A message or a name before the rules, in the state that stood before it.

    ``spared`` says that no strike can come of it: the author is exempt, it came late, or what stands against them is
    more than a strike.
    """

    fact: Judged
    state: State
    rules: Rulebook
    group: Group | None
    member: Member
    exempt: bool
    late: bool
    spared: bool

    where: str = field(init=False)

    @where.default
    def _id_of_the_group(self) -> str:
        return self.fact.group or ""


def scene_of(fact: Judged, state: State, rules: Rulebook, *, restrained: bool) -> Scene:
    """The scene of *fact*; ``restrained`` says that its author is muted, removed or blocked."""
    where = fact.group or ""
    group = state.groups.get(where)
    member = (group.members.get(fact.author) if group is not None else None) or Member(fact.author)
    exempt = is_exempt(where, fact.author, fact.at, state, rules)
    late = group is not None and group.windows.is_late(fact.at)
    return Scene(fact, state, rules, group, member, exempt, late, exempt or late or restrained)


def is_exempt(group: str, person: str, at: int, state: State, rules: Rulebook) -> bool:
    """Whether findings of somebody lead to nothing: by a role of theirs, or since staff lets them through."""
    return not rules.exempt.isdisjoint(state.roles(group, person)) or state.exempts(group, "person", person, at)


def blocking(group: str, person: str, at: int, state: State, rules: Rulebook) -> Block | None:
    """The block that keeps somebody out of *group*: their own or, where the rules say so, that of a linked account."""
    block = state.block(group, person, at)
    if block is not None or not rules.blocks_follow_links:
        return block
    others = (state.block(group, other, at) for other in state.linked(group, person))
    return next((found for found in others if found is not None), None)


def is_late(fact: Fact, state: State) -> bool:
    """Whether *fact* lies so far behind its group that it leads to nothing."""
    group = state.groups.get(fact.group or "")
    return group is not None and group.windows.is_late(fact.at)
