"""What each event does, by subject: one module for each, with a function for each type of event.

An event on the stream of a group changes that group and nothing else, and what it does may depend on that group and on
the ``Terms`` in force. An event on the stream of the organisation changes the organisation alone. So the state of a
group follows from its own stream and from the adoptions of rulebooks: what decisions in other groups have to see must
lie on the stream of the organisation (`Event.stream`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from groupcore.events.base import Event
from groupcore.state.effects import (
    appeals,
    blocklists,
    casework,
    circumstances,
    erasing,
    posts,
    presence,
    refusals,
    roles,
    rules,
    sanctions,
    strikes,
    timing,
)
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org

_SUBJECTS: tuple[Any, ...] = (
    presence,
    roles,
    circumstances,
    posts,
    strikes,
    sanctions,
    blocklists,
    appeals,
    casework,
    timing,
    rules,
    erasing,
    refusals,
)

ON_GROUP: Mapping[type[Event], Callable[[Group, Any, Terms], None]] = {
    cls: effect for subject in _SUBJECTS for cls, effect in getattr(subject, "ON_GROUP", {}).items()
}
"""What the events of a group do to it."""

ON_ORG: Mapping[type[Event], Callable[[Org, Any], None]] = {
    cls: effect for subject in _SUBJECTS for cls, effect in getattr(subject, "ON_ORG", {}).items()
}
"""What the events of the organisation do to it."""
