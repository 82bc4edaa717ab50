"""The fold: what the log amounts to. It has no opinion, and no observed fact makes it raise.

``evolve`` is the law (a new state), ``advance`` the work (in place). A law of the tests:
``fold(s, events) == reduce(evolve, events, s)``. What each event does is in `effects`, by subject.
"""

from __future__ import annotations

from collections.abc import Iterable

from groupcore.events.base import ORG, Event, Fact, VerdictEvent, event_types
from groupcore.events.facts import RulebookAdopted
from groupcore.state.community import State
from groupcore.state.effects import ON_GROUP, ON_ORG
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org

# Types that happen in a group, and may yet lie on the stream of the organisation, since all groups must see them.
_MAY_BE_WIDE = frozenset(
    cls for cls in event_types().values() if cls.stream not in (Event.stream, Fact.stream, VerdictEvent.stream)
)


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after *events*; *state* stays as it was."""
    state = state.fork()
    for event in events:
        advance(state, event)
    return state


def evolve(state: State, event: Event) -> State:
    """The state after *event*; *state* stays as it was. O(state): use `advance` where the state is yours."""
    return fold(state, (event,))


def advance(state: State, event: Event) -> None:
    """Fold *event* into *state*, in place. Independent of the size of the group; unknown events change nothing."""
    id = event.group
    if id is None or (event.__class__ in _MAY_BE_WIDE and event.stream == ORG):
        advance_org(state.org, event)
        if event.__class__ is RulebookAdopted:
            for group in state.groups.values():
                follow(group, state.org)
        return
    found = state.groups.get(id)
    advance_group(state.group(id) if found is None else found, event, state.org)


def advance_org(org: Org, event: Event) -> None:
    """Fold an event of the organisation's stream into it. After an adoption each group has to `follow`."""
    effect = ON_ORG.get(event.__class__)
    if effect is not None:
        effect(org, event)


def advance_group(group: Group, event: Event, terms: Terms) -> None:
    """Fold an event of the group's stream into it, under the *terms* in force then: those of the organisation."""
    effect = ON_GROUP.get(event.__class__)
    if effect is not None:
        effect(group, event, terms)
    if event.at > group.windows.clock and isinstance(event, Fact) and event.tells_time:
        group.windows.move(event.at, terms.horizon)


def follow(group: Group, terms: Terms) -> None:
    """Let the group know that other *terms* are in force: what they do not remember is forgotten."""
    group.windows.move(0, terms.horizon)
